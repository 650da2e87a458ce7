"""Frames between the daemon and its photo processes. No pickle: the far side has just read a stranger's file.

A question is QUESTION and the file. An answer is ANSWER (the length of the JSON that follows), that JSON, and then
the files it lists, one after the other.
"""

import struct

QUESTION = struct.Struct(">I?")  # bytes of the file; whether the photo is public
ANSWER = struct.Struct(">I")
