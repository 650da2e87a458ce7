"""Frames between the daemon and its processes for strangers' files. No pickle: the far side has just read such a file.

A question is QUESTION, a name and a file; only the original of which variants are to be made has a name. An answer
is ANSWER (the length of the JSON that follows), that JSON, and then the files it lists, one after the other.
"""

import struct
from enum import IntEnum

QUESTION = struct.Struct(">BHI")  # the task, bytes of the name, bytes of the file
ANSWER = struct.Struct(">I")
SHEET = "sheet"  # the name of the only file that a sheet becomes


class Task(IntEnum):
    """What is made of the file."""

    PHOTO = 0
    VARIANTS = 1
    SHEET = 2
