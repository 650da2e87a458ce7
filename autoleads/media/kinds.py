"""What a file is, by its first bytes, and the name it gets, by all of them. Names and declared types are what the
sender says, and say nothing."""

import hashlib
import re
from enum import StrEnum


class FileType(StrEnum):
    """Every type that is told apart; a refusal names it."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    HEIC = "heic"
    AVIF = "avif"
    TIFF = "tiff"
    BMP = "bmp"
    SVG = "svg"
    HTML = "html"
    OGG = "ogg"
    MP3 = "mp3"
    AAC = "aac"
    AMR = "amr"
    WAV = "wav"
    M4A = "m4a"
    MP4 = "mp4"
    WEBM = "webm"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    OFFICE = "office"  # Word and Excel before 2007
    TEXT = "text"
    ARCHIVE = "archive"
    PROGRAM = "program"
    UNKNOWN = "unknown"


PHOTOS = frozenset({FileType.JPEG, FileType.PNG, FileType.WEBP})
# Kept as they are, by the extension they are stored under. None of them runs by being opened in a browser.
KEPT = {
    FileType.OGG: "ogg",
    FileType.MP3: "mp3",
    FileType.AAC: "aac",
    FileType.AMR: "amr",
    FileType.WAV: "wav",
    FileType.M4A: "m4a",
    FileType.MP4: "mp4",
    FileType.WEBM: "webm",
    FileType.PDF: "pdf",
    FileType.DOCX: "docx",
    FileType.XLSX: "xlsx",
    FileType.OFFICE: "doc",
    FileType.TEXT: "txt",
}
# What the model is told a voice note is.
AUDIO_MIME = {
    FileType.OGG: "audio/ogg",
    FileType.MP3: "audio/mp3",
    FileType.AAC: "audio/aac",
    FileType.WAV: "audio/wav",
    FileType.M4A: "audio/m4a",
    FileType.MP4: "audio/mp4",
    FileType.WEBM: "audio/webm",
}

_STARTS = (
    (b"\xff\xd8\xff", FileType.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileType.PNG),
    (b"GIF87a", FileType.GIF),
    (b"GIF89a", FileType.GIF),
    (b"II*\0", FileType.TIFF),
    (b"MM\0*", FileType.TIFF),
    (b"OggS", FileType.OGG),
    (b"ID3", FileType.MP3),
    (b"#!AMR", FileType.AMR),
    (b"\x1aE\xdf\xa3", FileType.WEBM),
    (b"%PDF-", FileType.PDF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileType.OFFICE),
    (b"\x7fELF", FileType.PROGRAM),
    (b"\xca\xfe\xba\xbe", FileType.PROGRAM),
    (b"\xcf\xfa\xed\xfe", FileType.PROGRAM),
    (b"dex\n", FileType.PROGRAM),
    (b"#!", FileType.PROGRAM),
    (b"<?php", FileType.PROGRAM),
    (b"Rar!", FileType.ARCHIVE),
    (b"7z\xbc\xaf", FileType.ARCHIVE),
    (b"\x1f\x8b", FileType.ARCHIVE),
)
# Two letters that a text may begin with as well ("BMW 320i"): a file of these types has zeros close behind.
_SHORT_STARTS = ((b"BM", FileType.BMP), (b"MZ", FileType.PROGRAM))
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_RIFF = {b"WEBP": FileType.WEBP, b"WAVE": FileType.WAV}
_HEIC = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_LOOKED_AT = 4_096
_MARKUP = ((b"<svg", FileType.SVG), (b"<html", FileType.HTML), (b"<!doctype html", FileType.HTML))
_MARKUP_PARTS = (*_MARKUP, (b"<script", FileType.HTML))


def digest(data: bytes) -> str:
    """80 bits in hex: equal files are one file."""
    return hashlib.sha256(data).hexdigest()[:20]


def sniff(data: bytes) -> FileType:
    """UNKNOWN for no bytes at all as well."""
    for start, found in _STARTS:
        if data.startswith(start):
            return found
    for start, found in _SHORT_STARTS:
        if data.startswith(start) and b"\0" in data[:64]:
            return found
    if data[:2] in _UTF16:
        return _of_utf16(data)
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12], FileType.UNKNOWN)
    if data[4:8] == b"ftyp":
        return _of_brand(data[8:12])
    if data[:4] == b"PK\x03\x04":
        return _of_archive(data)
    if len(data) > 2 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:
        return _of_frame(data[1])
    return _of_text(data)


def _of_brand(brand: bytes) -> FileType:
    """ISO media: photos of newer phones, voice and video share one container."""
    if brand in _HEIC:
        return FileType.HEIC
    if brand in (b"avif", b"avis"):
        return FileType.AVIF
    return FileType.M4A if brand in (b"M4A ", b"M4B ") else FileType.MP4


def _of_archive(data: bytes) -> FileType:
    """A document is an archive of known parts; one with a macro counts as what it is."""
    if b"vbaProject.bin" in data:
        return FileType.PROGRAM
    if b"[Content_Types].xml" in data:
        if b"word/" in data:
            return FileType.DOCX
        if b"xl/" in data:
            return FileType.XLSX
    programs = (b"classes.dex", b"AndroidManifest.xml", b"META-INF/MANIFEST.MF")
    return FileType.PROGRAM if any(part in data for part in programs) else FileType.ARCHIVE


def _of_frame(second: int) -> FileType:
    """Sound without a container: the layer bits are 0 in AAC, 01 in MP3."""
    layer = second >> 1 & 0b11
    if layer == 0 and second & 0xF0 == 0xF0:
        return FileType.AAC
    return FileType.MP3 if layer == 0b01 else FileType.UNKNOWN


def _of_text(data: bytes) -> FileType:
    head = data[:_LOOKED_AT].lower()
    for part, found in _MARKUP_PARTS:
        if part in head:
            return found
    if not data or b"\0" in data:
        return FileType.UNKNOWN
    try:
        data.decode()
    except UnicodeDecodeError:
        return _of_windows(data)
    return FileType.TEXT


def _of_windows(data: bytes) -> FileType:
    """A spreadsheet's plain CSV; of the control characters it has those that end a line or a cell."""
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return FileType.UNKNOWN
    return FileType.UNKNOWN if _CONTROLS.search(data) else FileType.TEXT


def _of_utf16(data: bytes) -> FileType:
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError:
        return FileType.UNKNOWN
    return FileType.UNKNOWN if _CONTROLS.search(text.encode()) else _of_text(text.encode())
