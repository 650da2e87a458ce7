"""What becomes of every kind of photo: the picture stays, all that is said about it goes, and bombs do not go off."""

import io
import os
import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import orjson
import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from autoleads.errors import MediaRefused
from autoleads.media.photos import (
    LINK_SIZE,
    MOST_LINK_BYTES,
    MOST_ORIGINAL_BYTES,
    Photo,
    file_names,
    original_of,
    process,
    variants,
    widths,
)
from autoleads.media.wire import ANSWER, QUESTION, Task
from tests import photo_samples as samples

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("AUTOLEADS_SHARED", ROOT.parent / "shared")) / "data/photos"
ACCEPTED, GREY, REFUSED = samples.accepted(), samples.accepted_grey(), samples.refused()
FORMATS = {"jpg": "JPEG", "webp": "WEBP", "avif": "AVIF"}


def all_files(photo: Photo) -> dict[str, bytes]:
    """What is kept of a photo of a car."""
    return {photo.name: photo.data, **variants(photo)}


def opened(name: str, data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    assert picture.format == FORMATS[name.rpartition(".")[2]], name
    picture.load()
    return picture


def kept(data: bytes) -> Image.Image:
    photo = process(data)
    return opened(photo.name, photo.data)


# What a decoder needs. Whatever else a file has in it was said about the picture.
JPEG_SEGMENTS = {0xC0, 0xC2, 0xC4, 0xDB, 0xDD, 0xDA}  # frame, tables, restart interval, scan
JFIF = b"\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"  # version, no unit, 1:1, no thumbnail
AVIF_BOXES = ["ftyp", "meta", "mdat"]
AVIF_META = ["hdlr", "pitm", "iloc", "iinf", "iprp"]
AVIF_PROPERTIES = {"ispe", "pixi", "av1C", "colr"}


def beside_the_picture(data: bytes) -> list[str]:
    if data[:2] == b"\xff\xd8":
        return _of_jpeg(data)
    if data[:4] == b"RIFF":
        assert struct.unpack("<I", data[4:8])[0] == len(data) - 8, "bytes behind the picture"
        return [name for name, _ in _chunks(data[12:]) if name != "VP8 "]
    return _of_avif(data)


def _of_jpeg(data: bytes) -> list[str]:
    found, at = [], 2
    if data[at:].startswith(JFIF):
        at += len(JFIF)
    while (marker := data[at + 1]) != 0xD9:
        assert data[at] == 0xFF
        length = struct.unpack(">H", data[at + 2 : at + 4])[0]
        if marker not in JPEG_SEGMENTS:
            found.append(f"{marker:x}")
        at += 2 + length
        if marker == 0xDA:  # the picture's own bits run to the next marker that is none of theirs
            while data[at] != 0xFF or data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
                at += 1
    assert at + 2 == len(data), "bytes behind the picture"
    return found


def _chunks(data: bytes) -> Iterator[tuple[str, bytes]]:
    at = 0
    while at < len(data):
        size = struct.unpack("<I", data[at + 4 : at + 8])[0]
        yield data[at : at + 4].decode(), data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _boxes(data: bytes) -> list[tuple[str, bytes]]:
    found, at = [], 0
    while at < len(data):
        size = struct.unpack(">I", data[at : at + 4])[0]
        found.append((data[at + 4 : at + 8].decode(), data[at + 8 : at + size]))
        at += size
    assert at == len(data)
    return found


def _of_avif(data: bytes) -> list[str]:
    boxes = _boxes(data)
    assert [name for name, _ in boxes] == AVIF_BOXES
    meta = _boxes(dict(boxes)["meta"][4:])
    found = [name for name, _ in meta if name not in AVIF_META]
    inside = dict(meta)
    items = [entry[8:12].decode() for name, entry in _boxes(inside["iinf"][6:]) if name == "infe"]
    found += [item for item in items if item != "av01"]  # Exif and mime (XMP) are items of their own
    properties = _boxes(dict(_boxes(inside["iprp"]))["ipco"])
    found += [name for name, _ in properties if name not in AVIF_PROPERTIES]
    found += [body[:4].decode() for name, body in properties if name == "colr" and body[:4] != b"nclx"]
    return found


def at_corners(picture: Image.Image) -> list[tuple[int, int, int]]:
    picture = picture.convert("RGB")
    width, height = picture.size
    places = [(x, y) for y in (height // 6, height * 5 // 6) for x in (width // 6, width * 5 // 6)]
    return [picture.getpixel(place) for place in places]  # type: ignore[misc]


def alike(one: tuple[int, ...], other: tuple[int, ...], tolerance: int = 12) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(one, other, strict=True))


def test_the_corpus_is_large_enough() -> None:
    assert len(ACCEPTED) + len(GREY) + len(REFUSED) >= 50


@pytest.mark.parametrize("name", ACCEPTED)
def test_the_picture_stays_and_all_that_is_said_about_it_goes(name: str) -> None:
    photo = process(ACCEPTED[name])
    files = all_files(photo)

    stem = photo.name.removesuffix(".jpg")
    assert stem.endswith("-480x320")
    assert set(files) == {
        f"{stem}.jpg", f"{stem}-link.jpg",
        *(f"{stem}-{width}.{extension}" for width in (320, 480) for extension in FORMATS),
    }  # fmt: skip
    for file, data in files.items():
        picture = opened(file, data)
        if not file.endswith("-link.jpg"):
            assert all(map(alike, at_corners(picture), samples.CORNERS)), (file, at_corners(picture))
        assert picture.mode == "RGB"
        assert beside_the_picture(data) == [], file
        assert samples.SECRET not in data, file
        assert b"script" not in data
        assert not picture.getexif()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("JPEG", {"exif": samples.exif()}), ("JPEG", {"icc_profile": samples.profile("x")}), ("JPEG", {"xmp": b"x"}),
        ("JPEG", {"comment": b"x"}), ("WEBP", {"exif": samples.exif()}), ("WEBP", {"xmp": b"x"}),
        ("WEBP", {"icc_profile": samples.profile("x")}), ("AVIF", {"exif": samples.exif()}), ("AVIF", {"xmp": b"x"}),
        ("AVIF", {"icc_profile": samples.profile("x")}),
    ],
)  # fmt: skip
def test_metadata_would_be_found(name: str, options: dict[str, object]) -> None:
    assert beside_the_picture(samples.encoded(samples.corners(), name)) == []
    assert beside_the_picture(samples.encoded(samples.corners(), name, **options)) != []


@pytest.mark.parametrize("name", GREY)
def test_grey_stays_as_light_as_it_was(name: str) -> None:
    left, right = at_corners(kept(GREY[name]))[:2]

    expected = (0, 255) if name.startswith("black") else (64, 192)
    assert alike(left, (expected[0],) * 3, 4)
    assert alike(right, (expected[1],) * 3, 4)


def test_what_shines_through_shines_on_white() -> None:
    keyed = samples.encoded(samples.corners(), "PNG", transparency=samples.RED)
    for data, place in ((ACCEPTED["see-through.png"], (240, 160)), (keyed, (60, 60))):
        assert alike(kept(data).getpixel(place), (255, 255, 255))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_refused_by_name(name: str) -> None:
    data, reason = REFUSED[name]

    with pytest.raises(MediaRefused) as caught:
        process(data)

    assert caught.value.reason == reason


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_bombs_are_refused_within_a_second_and_two_hundred_megabytes() -> None:
    """By the process that works on photos, one after the other; its memory is the most it ever had."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "autoleads.media.worker", str(700 * 2**20), "50000000"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert worker.stdin is not None
    assert worker.stdout is not None
    with worker:
        for name, data, reason in samples.bombs():
            assert len(data) < 10 * 2**20
            before = psutil.Process(worker.pid).cpu_times()
            worker.stdin.write(QUESTION.pack(Task.PHOTO, 0, len(data)) + data)
            worker.stdin.flush()
            (length,) = ANSWER.unpack(worker.stdout.read(ANSWER.size))
            said = orjson.loads(worker.stdout.read(length))
            after = psutil.Process(worker.pid).cpu_times()

            assert said["refused"] == reason, name
            assert after.user + after.system - before.user - before.system < 1, name
            assert _most_memory(worker.pid) < 200 * 2**20, name
        worker.stdin.close()


def _most_memory(pid: int) -> int:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) * 1024


def test_noise_fits_as_well() -> None:
    noise = Image.merge("RGB", [Image.effect_noise((2_400, 1_800), 90) for _ in range(3)])

    photo = process(samples.encoded(noise, quality=90))

    assert len(photo.data) <= MOST_ORIGINAL_BYTES
    name, link = next(item for item in variants(photo).items() if "link" in item[0])
    assert opened(name, link).size == LINK_SIZE
    assert len(link) <= MOST_LINK_BYTES
    width, height = opened(photo.name, photo.data).size
    assert photo.name.endswith(f"-{width}x{height}.jpg")


@pytest.mark.parametrize(
    ("size", "expected"),
    [((4_000, 3_000), (2_000, 1_500)), ((3_000, 4_000), (1_500, 2_000)), ((4_080, 3_060), (2_040, 1_530)),
     ((3_000, 2_000), (2_048, 1_365)), ((2_000, 1_000), (2_000, 1_000)), ((5_000, 40), (2_048, 16)), ((1, 1), (1, 1))],
)  # fmt: skip
def test_what_is_kept_is_neither_larger_than_needed_nor_larger_than_sent(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    width, height = kept(samples.encoded(samples.corners(size))).size

    assert abs(width - expected[0]) <= 1
    assert abs(height - expected[1]) <= 1


def test_a_large_photo_has_every_width() -> None:
    photo = process(samples.encoded(samples.corners((4_000, 3_000))))
    made = variants(photo)

    assert {opened(name, data).width for name, data in made.items() if "link" not in name} == {320, 640, 960, 1280}
    assert {photo.name, *made} == set(file_names(photo.name))
    assert {original_of(name) for name in made} == {photo.name}
    assert original_of(photo.name) == photo.name


@pytest.mark.parametrize(
    ("width", "expected"),
    [(200, [200]), (320, [320]), (500, [320, 500]), (1280, [320, 640, 960, 1280]), (2048, [320, 640, 960, 1280])],
)
def test_no_variant_is_larger_than_the_photo(width: int, expected: list[int]) -> None:
    assert widths(width) == expected


def test_equal_photos_have_equal_names_whatever_is_said_about_them() -> None:
    plain, spoken, other = (
        process(data).name
        for data in (
            samples.encoded(samples.corners()),
            samples.encoded(samples.corners(), exif=samples.exif(), comment=b"sent again"),
            samples.encoded(samples.corners().transpose(Image.Transpose.ROTATE_180)),
        )
    )

    assert plain == spoken != other


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared photos are not here")
@pytest.mark.parametrize("path", sorted(SHARED.glob("*.jpg")) if SHARED.is_dir() else (), ids=lambda path: path.stem)
def test_real_photos_look_the_same(path: Path) -> None:
    data = path.read_bytes()
    before = Image.open(io.BytesIO(data)).convert("RGB")

    photo = process(data)

    assert len(photo.data) <= MOST_ORIGINAL_BYTES
    for name, made in all_files(photo).items():
        assert beside_the_picture(made) == []
        if name.endswith("-link.jpg"):
            assert len(made) <= MOST_LINK_BYTES
        else:
            picture = opened(name, made)
            small = [one.convert("RGB").resize((64, 48), Image.Resampling.BOX) for one in (before, picture)]
            difference = ImageChops.difference(*small).convert("L").tobytes()
            assert sum(difference) / len(difference) < 5, name


DAMAGED = ("orientation 6.jpg", "progressive.jpg", "lossy.webp", "palette.png", "two pictures.mpo.jpg")


@settings(max_examples=150)
@given(st.sampled_from(DAMAGED), st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), min_size=1))
def test_damage_is_refused_or_survived(name: str, damage: list[tuple[int, int]]) -> None:
    """Never another error: whoever calls knows two outcomes."""
    data = bytearray(ACCEPTED[name])
    for at, value in damage:
        data[at % len(data)] = value
    try:
        photo = process(bytes(data))
    except MediaRefused:
        return
    assert beside_the_picture(photo.data) == []
