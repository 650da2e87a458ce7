"""One uploaded photo made fit to be kept and shown: turned upright, in sRGB, small, and without a word about
who took it, where, or with what. Whoever sent it waits for `process` only; what pages need besides is made of its
result. Everything here works on the calling thread; see workshop.py."""

import io
import math
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageOps

from autoleads.errors import MediaRefused
from autoleads.media.kinds import PHOTOS, FileType, digest, sniff

WIDTHS = (320, 640, 960, 1280)  # of the variants, in pixels; what the pages ask for
LINK_SIZE = (1200, 630)
MOST_ORIGINAL_BYTES = 500_000
MOST_LINK_BYTES = 200_000
MOST_PIXELS = 50_000_000  # the largest a phone takes today; JPEG is read at a fraction of it

# Between these the longer side of what is kept: twelve megapixels come out at half their size by the decoder's own
# scaling, which costs nothing, rather than at an odd fraction, which costs more than the rest.
_LEAST_SIDE, _MOST_SIDE = 1_600, 2_048
# The other formats are read whole, several copies of it: a quarter of a gigabyte for this many.
_MOST_PIXELS_WHOLE = 25_000_000
# Each scan of a progressive JPEG walks over the whole picture; ten are usual, sixteen may be of the largest photo.
_MOST_SCANS = 64
_MOST_PIXELS_SCANNED = 16 * MOST_PIXELS
_RECIPE = b"2"  # to be raised with any change of the pictures: under one address there is one picture for ever
_ORIGINAL_QUALITIES = (85, 80, 74, 66, 56)
_LINK_QUALITIES = (82, 74, 64, 50)
# A step better costs AVIF three times as long for a twentieth of the bytes; WebP and JPEG are for the few browsers
# that do not read AVIF.
_FORMATS: Mapping[str, tuple[str, Mapping[str, int]]] = {
    "avif": ("AVIF", {"quality": 50, "speed": 9, "max_threads": 1}),
    "webp": ("WEBP", {"quality": 75, "method": 1}),
    "jpg": ("JPEG", {"quality": 78}),
}
_STEM = re.compile(r"[0-9a-z-]+?-\d+x\d+(?=[-.])")
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_WHITE = (255, 255, 255)


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """The original. Its name ends in its size ("-2000x1500.jpg"), so a page can reserve the room from the address
    alone. Equal photos have equal names."""

    name: str
    data: bytes


def widths(width: int) -> list[int]:
    """Of the variants of a photo so wide: none is larger than the photo."""
    return [*(one for one in WIDTHS[:-1] if one < width), min(width, WIDTHS[-1])]


def file_names(original: str) -> list[str]:
    """Of everything that is made of a public photo, itself included."""
    stem = original.removesuffix(".jpg")
    width = int(stem.rpartition("-")[2].partition("x")[0])
    made = [f"{stem}-{one}.{extension}" for one in widths(width) for extension in _FORMATS]
    return [original, *made, f"{stem}-link.jpg"]


def original_of(name: str) -> str:
    """The other way round."""
    found = _STEM.match(name)
    return f"{found[0]}.jpg" if found else name


def process(data: bytes, *, most_pixels: int = MOST_PIXELS) -> Photo:
    """Raises MediaRefused: empty, broken, too_many_pixels, too_heavy, or the name of another FileType."""
    found = sniff(data)
    if not data:
        raise MediaRefused("empty")
    if found not in PHOTOS:
        raise MediaRefused(found)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the libraries' remarks on broken files help nobody
            return _original(_upright(data, found, most_pixels))
    except MediaRefused:
        raise
    except Image.DecompressionBombError as exc:
        raise MediaRefused("too_many_pixels") from exc
    except MemoryError as exc:
        raise MediaRefused("too_heavy") from exc
    except Exception as exc:  # what decoders raise on nonsense: OSError, SyntaxError, ValueError, struct.error, ...
        raise MediaRefused("broken", type(exc).__name__) from exc


def variants(original: Photo) -> dict[str, bytes]:
    """By their names: `{stem}-{width}.avif|webp|jpg` for each of `widths`, and `{stem}-link.jpg`."""
    stem = original.name.removesuffix(".jpg")
    with Image.open(io.BytesIO(original.data), formats=["JPEG"]) as opened:
        picture = opened.convert("RGB")
    picture.info = {}
    files = {f"{stem}-link.jpg": _link(picture)}
    # Each from the next larger one: a quarter of the work, and no difference to be seen.
    for width in reversed(widths(picture.width)):
        if width < picture.width:
            size = (width, max(1, round(picture.height * width / picture.width)))
            picture = picture.resize(size, Image.Resampling.BICUBIC)
        for extension, (name, options) in _FORMATS.items():
            files[f"{stem}-{width}.{extension}"] = _encoded(picture, name, options)
    return files


def _upright(data: bytes, found: FileType, most_pixels: int) -> Image.Image:
    """The picture in sRGB at the size that is kept, without any metadata."""
    scans = data.count(b"\xff\xda") if found is FileType.JPEG else 1
    with Image.open(io.BytesIO(data), formats=[found.upper()]) as opened:
        width, height = opened.size
        most = most_pixels if found is FileType.JPEG else min(most_pixels, _MOST_PIXELS_WHOLE)
        if width * height > most:
            raise MediaRefused("too_many_pixels", f"{width}x{height}")
        if scans > _MOST_SCANS or scans * width * height > _MOST_PIXELS_SCANNED:
            raise MediaRefused("too_heavy", "scans")
        longest = max(width, height)
        opened.draft(None, (max(1, width * _LEAST_SIDE // longest), max(1, height * _LEAST_SIDE // longest)))
        opened.load()
        profile = opened.info.get("icc_profile")
        turn = _TURNS.get(_orientation(opened))
        picture = _in_srgb(_shrunk(_plain(opened), _MOST_SIDE), profile)
    picture = picture if turn is None else picture.transpose(turn)
    picture.info = {}  # comments, profiles and the like, which some encoders write out again
    return picture


def _orientation(opened: Image.Image) -> int:
    try:
        value = opened.getexif().get(_ORIENTATION)
    except Exception:  # a block that cannot be read says nothing about the way up
        return 1
    return value if isinstance(value, int) else 1


def _plain(opened: Image.Image) -> Image.Image:
    """Mode RGB, L or CMYK: palettes and depths spelled out, what shines through shines on white."""
    if opened.mode.startswith("I"):  # 16 bits of grey, which a plain conversion would cut off at 255
        return opened.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if opened.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in opened.info:
        layer = opened.convert("RGBA")
        picture = Image.new("RGB", layer.size, _WHITE)
        picture.paste(layer, mask=layer.getchannel("A"))
        return picture
    return opened if opened.mode in ("RGB", "L", "CMYK") else opened.convert("RGB")


def _shrunk(picture: Image.Image, most_side: int) -> Image.Image:
    longest = max(picture.size)
    if longest <= most_side:
        return picture
    size = tuple(max(1, round(side * most_side / longest)) for side in picture.size)
    return picture.resize((size[0], size[1]), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _in_srgb(picture: Image.Image, profile: object) -> Image.Image:
    if isinstance(profile, bytes) and profile:
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            space, name = given.profile.xcolor_space.strip(), given.profile.profile_description or ""
            if space == picture.mode and "srgb" not in name.lower():
                target = ImageCms.createProfile("sRGB")
                converted = ImageCms.profileToProfile(picture, given, target, outputMode="RGB")
                if converted is not None:
                    return converted
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a profile that cannot be read: the numbers are taken as they are, as browsers do
    return picture.convert("RGB")


def _original(picture: Image.Image) -> Photo:
    """The best quality that fits; a picture full of noise becomes smaller until it does."""
    while True:
        data = _fitting(picture, _ORIGINAL_QUALITIES, MOST_ORIGINAL_BYTES)
        if len(data) <= MOST_ORIGINAL_BYTES:
            return Photo(name=f"{digest(_RECIPE + data)}-{picture.width}x{picture.height}.jpg", data=data)
        share = min(0.9, math.sqrt(MOST_ORIGINAL_BYTES / len(data)))
        picture = _shrunk(picture, round(max(picture.size) * share))


def _link(picture: Image.Image) -> bytes:
    """The middle of the photo, as large as previews of links are."""
    return _fitting(ImageOps.fit(picture, LINK_SIZE, Image.Resampling.BICUBIC), _LINK_QUALITIES, MOST_LINK_BYTES)


def _fitting(picture: Image.Image, qualities: tuple[int, ...], most_bytes: int) -> bytes:
    """The first that fits, or the last."""
    data = b""
    for quality in qualities:
        data = _encoded(picture, "JPEG", {"quality": quality})
        if len(data) <= most_bytes:
            break
    return data


def _encoded(picture: Image.Image, name: str, options: Mapping[str, int]) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, name, **options)
    return buffer.getvalue()
