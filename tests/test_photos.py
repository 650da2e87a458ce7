"""What becomes of every kind of photo: the picture stays, all that is said about it goes, and bombs do not go off."""

import io
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from autoleads.errors import MediaRefused
from autoleads.media.photos import LINK_SIZE, MOST_LINK_BYTES, MOST_ORIGINAL_BYTES, Photo, process, widths
from tests import photo_samples as samples

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("AUTOLEADS_SHARED", ROOT.parent / "shared")) / "data/photos"
ACCEPTED, GREY, REFUSED = samples.accepted(), samples.accepted_grey(), samples.refused()
FORMATS = {"jpg": "JPEG", "webp": "WEBP", "avif": "AVIF"}


def pictures(photo: Photo) -> dict[str, Image.Image]:
    found = {}
    for name, data in photo.files.items():
        picture = Image.open(io.BytesIO(data))
        assert picture.format == FORMATS[name.rpartition(".")[2]], name
        picture.load()
        found[name] = picture
    return found


def metadata(data: bytes) -> list[str]:
    """What a file says beside the picture."""
    if data[:2] == b"\xff\xd8":
        return _segments(data)
    if data[:4] == b"RIFF":
        chunks, at = [], 12
        while at < len(data):
            chunks.append(data[at : at + 4].decode())
            size = struct.unpack("<I", data[at + 4 : at + 8])[0]
            at += 8 + size + size % 2
        return [chunk for chunk in chunks if chunk not in ("VP8 ", "VP8X")]
    assert data[4:12] == b"ftypavif"
    return [word.decode() for word in (b"Exif", b"mime", b"prof", b"rICC", b"irot", b"imir") if word in data]


def _segments(data: bytes) -> list[str]:
    found, at = [], 2
    while data[at : at + 2] != b"\xff\xda":
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        if (0xE0 <= marker <= 0xEF and data[at + 4 : at + 9] != b"JFIF\0") or marker == 0xFE:
            found.append(f"{marker:x}")
        at += 2 + length
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
    photo = process(ACCEPTED[name], public=True)

    shown = pictures(photo)
    assert (photo.width, photo.height) == samples.SIZE
    assert set(shown) == {
        f"{photo.stem}.jpg", f"{photo.stem}-link.jpg",
        *(f"{photo.stem}-{width}.{extension}" for width in (320, 480) for extension in FORMATS),
    }  # fmt: skip
    for file, picture in shown.items():
        data = photo.files[file]
        if not file.endswith("-link.jpg"):
            assert all(map(alike, at_corners(picture), samples.CORNERS)), (file, at_corners(picture))
        assert picture.mode == "RGB"
        assert metadata(data) == [], file
        assert samples.SECRET not in data, file
        assert b"script" not in data
        assert not picture.getexif()


@pytest.mark.parametrize("name", GREY)
def test_grey_stays_as_light_as_it_was(name: str) -> None:
    photo = process(GREY[name], public=False)

    left, right = at_corners(pictures(photo)[photo.original])[:2]
    expected = (0, 255) if name.startswith("black") else (64, 192)
    assert alike(left, (expected[0],) * 3, 4)
    assert alike(right, (expected[1],) * 3, 4)


def test_what_shines_through_shines_on_white() -> None:
    keyed = samples.encoded(samples.corners(), "PNG", transparency=samples.RED)
    for data, place in ((ACCEPTED["see-through.png"], (240, 160)), (keyed, (60, 60))):
        photo = process(data, public=False)

        assert alike(pictures(photo)[photo.original].getpixel(place), (255, 255, 255))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_refused_by_name(name: str) -> None:
    data, reason = REFUSED[name]

    with pytest.raises(MediaRefused) as caught:
        process(data, public=True)

    assert caught.value.reason == reason


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_bombs_are_refused_within_a_second_and_two_hundred_megabytes(tmp_path: Path) -> None:
    expected = {}
    for name, data, reason in samples.bombs():
        assert len(data) < 10 * 2**20
        (tmp_path / name).write_bytes(data)
        expected[name] = reason
    script = """
import re, sys, time
from pathlib import Path
from autoleads.errors import MediaRefused
from autoleads.media.photos import process
for path in sorted(Path(sys.argv[1]).iterdir()):
    data = path.read_bytes()
    started = time.process_time()
    try:
        process(data, public=True)
        said = "accepted"
    except MediaRefused as exc:
        said = exc.reason
    most = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
    print(path.name, said, time.process_time() - started, most, sep="|")
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    rows = [line.split("|") for line in done.stdout.splitlines()]

    assert {name: said for name, said, _, _ in rows} == expected
    for name, _, seconds, megabytes in rows:
        assert float(seconds) < 1, name
        assert int(megabytes) < 200, name


def test_noise_fits_as_well() -> None:
    noise = Image.merge("RGB", [Image.effect_noise((2_400, 1_800), 90) for _ in range(3)])

    photo = process(samples.encoded(noise, quality=90), public=True)

    assert len(photo.files[photo.original]) <= MOST_ORIGINAL_BYTES
    link = pictures(photo)[f"{photo.stem}-link.jpg"]
    assert link.size == LINK_SIZE
    assert len(photo.files[f"{photo.stem}-link.jpg"]) <= MOST_LINK_BYTES
    assert photo.stem.endswith(f"-{photo.width}x{photo.height}")
    assert pictures(photo)[photo.original].size == (photo.width, photo.height)


@pytest.mark.parametrize(
    ("size", "kept"),
    [((4_000, 3_000), (2_000, 1_500)), ((3_000, 4_000), (1_500, 2_000)), ((4_080, 3_060), (2_040, 1_530)),
     ((3_000, 2_000), (2_048, 1_365)), ((2_000, 1_000), (2_000, 1_000)), ((5_000, 40), (2_048, 16)), ((1, 1), (1, 1))],
)  # fmt: skip
def test_what_is_kept_is_neither_larger_than_needed_nor_larger_than_sent(
    size: tuple[int, int], kept: tuple[int, int]
) -> None:
    photo = process(samples.encoded(samples.corners(size)), public=False)

    assert abs(photo.width - kept[0]) <= 1
    assert abs(photo.height - kept[1]) <= 1


def test_a_large_photo_has_every_width() -> None:
    photo = process(samples.encoded(samples.corners((4_000, 3_000))), public=True)

    assert {picture.width for name, picture in pictures(photo).items() if "link" not in name} == {
        320, 640, 960, 1280, 2000,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("width", "expected"),
    [(200, [200]), (320, [320]), (500, [320, 500]), (1280, [320, 640, 960, 1280]), (2048, [320, 640, 960, 1280])],
)
def test_no_variant_is_larger_than_the_photo(width: int, expected: list[int]) -> None:
    assert widths(width) == expected


def test_equal_photos_have_equal_names_whatever_is_said_about_them() -> None:
    plain, spoken, other = (
        process(data, public=False).stem
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

    photo = process(data, public=True)

    assert len(photo.files[photo.original]) <= MOST_ORIGINAL_BYTES
    assert len(photo.files[f"{photo.stem}-link.jpg"]) <= MOST_LINK_BYTES
    for name, picture in pictures(photo).items():
        assert metadata(photo.files[name]) == []
        if not name.endswith("-link.jpg"):
            small = [one.convert("RGB").resize((64, 48), Image.Resampling.BOX) for one in (before, picture)]
            difference = ImageChops.difference(*small).convert("L").tobytes()
            assert sum(difference) / len(difference) < 5, name


DAMAGED = ("orientation 6.jpg", "progressive.jpg", "lossy.webp", "palette.png", "two pictures.mpo.jpg")


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(DAMAGED), st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), min_size=1))
def test_damage_is_refused_or_survived(name: str, damage: list[tuple[int, int]]) -> None:
    """Never another error: whoever calls knows two outcomes."""
    data = bytearray(ACCEPTED[name])
    for at, value in damage:
        data[at % len(data)] = value
    try:
        photo = process(bytes(data), public=False)
    except MediaRefused:
        return
    assert metadata(photo.files[photo.original]) == []
