"""Frames between the daemon and its photo processes. No pickle: the far side has just read a stranger's file.

A question is QUESTION, a name and a file. Without a name it is a photo to be made fit; with one it is the original of
that name, of which the variants are to be made. An answer is ANSWER (the length of the JSON that follows), that JSON,
and then the files it lists, one after the other.
"""

import struct

QUESTION = struct.Struct(">HI")  # bytes of the name, bytes of the file
ANSWER = struct.Struct(">I")
