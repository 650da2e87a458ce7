"""The process in which photos and spreadsheets are taken apart: `python -m autoleads.media.worker MEMORY PIXELS`.

Decoders of strangers' files run here, so that what is wrong with one of them costs a photo at most: memory is
limited, a crash ends this process only, and the daemon's loop shares no lock with the work. Frames on standard
input and output are as in `workshop`; the process ends when its input does.
"""

import os
import resource
import sys
from collections.abc import Mapping
from typing import BinaryIO

import orjson

from autoleads.errors import MediaRefused
from autoleads.media import photos, sheets
from autoleads.media.wire import ANSWER, QUESTION, SHEET, Task

_NICE = 5  # replies come first


def main(most_memory: int, most_pixels: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
    os.nice(_NICE)
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(QUESTION.size):
        length, task = QUESTION.unpack(head)
        data = source.read(length)
        if len(data) < length:
            return  # whoever asked is gone
        _answer(target, data, Task(task), most_pixels=most_pixels)


def _answer(target: BinaryIO, data: bytes, task: Task, *, most_pixels: int) -> None:
    blobs: list[bytes] = []
    said: dict[str, object]
    try:
        said, files = _made(data, task, most_pixels)
    except MediaRefused as exc:
        said = {"refused": exc.reason, "detail": str(exc)}
    else:
        blobs = list(files.values())
        said["files"] = [[name, len(blob)] for name, blob in files.items()]
    head = orjson.dumps(said)
    target.write(ANSWER.pack(len(head)) + head)
    for blob in blobs:
        target.write(blob)
    target.flush()


def _made(data: bytes, task: Task, most_pixels: int) -> tuple[dict[str, object], Mapping[str, bytes]]:
    if task is Task.SHEET:
        return {}, {SHEET: sheets.text_of(data).encode()}
    photo = photos.process(data, public=task is Task.PUBLIC_PHOTO, most_pixels=most_pixels)
    return {"stem": photo.stem, "width": photo.width, "height": photo.height}, photo.files


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
