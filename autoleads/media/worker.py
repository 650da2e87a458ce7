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
from autoleads.media.photos import Photo
from autoleads.media.wire import ANSWER, QUESTION, SHEET, Task

_NICE = 5  # replies come first


def main(most_memory: int, most_pixels: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))
    os.nice(_NICE)
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(QUESTION.size):
        task, name_length, length = QUESTION.unpack(head)
        name, data = source.read(name_length).decode(), source.read(length)
        if len(data) < length:
            return  # whoever asked is gone
        _answer(target, Task(task), Photo(name=name, data=data), most_pixels)


def _answer(target: BinaryIO, task: Task, file: Photo, most_pixels: int) -> None:
    files: Mapping[str, bytes] = {}
    said: dict[str, object]
    try:
        files = _made(task, file, most_pixels)
    except MediaRefused as exc:
        said = {"refused": exc.reason, "detail": str(exc)}
    else:
        said = {"files": [[name, len(blob)] for name, blob in files.items()]}
    head = orjson.dumps(said)
    target.write(ANSWER.pack(len(head)) + head)
    for blob in files.values():
        target.write(blob)
    target.flush()


def _made(task: Task, file: Photo, most_pixels: int) -> Mapping[str, bytes]:
    if task is Task.SHEET:
        return {SHEET: sheets.text_of(file.data).encode()}
    if task is Task.VARIANTS:
        return photos.variants(file)
    photo = photos.process(file.data, most_pixels=most_pixels)
    return {photo.name: photo.data}


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
