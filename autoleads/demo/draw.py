"""`python -m autoleads.demo.draw FOLDER`: draws the demo's photos into FOLDER/<showroom>/.

A process of its own, for it keeps two threads busy for half a minute and needs 240 MB that a daemon would never give
back. It writes a line once every car has its first photo, and ends early when its standard input ends, which is
when the demo that started it is no more.
"""

import fcntl
import os
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from autoleads.demo import photos, showrooms
from autoleads.demo.showrooms import VARIANTS, DemoShowroom


def main(folder: Path) -> None:
    os.nice(10)  # the demo is starting meanwhile
    threading.Thread(target=_end_with_demo, daemon=True).start()
    folder.mkdir(parents=True, exist_ok=True)
    # Two at once, of two demos on one directory, would take each other's unfinished files.
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    rooms, others = showrooms.load(), range(2, VARIANTS + 1)
    _each(photos.draw_all, rooms, folder, (1,))
    os.write(1, b"first photos drawn\n")
    _each(photos.finish_all, rooms, folder, (1,))
    _each(photos.draw_all, rooms, folder, others)
    _each(photos.finish_all, rooms, folder, others)


def _end_with_demo() -> None:
    os.read(0, 1)
    os._exit(1)  # what is half drawn lies under another name, so it is drawn again


def _each(
    make: Callable[[DemoShowroom, Path, Iterable[int]], object],
    rooms: Sequence[DemoShowroom],
    folder: Path,
    numbers: Iterable[int],
) -> None:
    for room in rooms:
        make(room, folder / room.slug, numbers)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
