"""Photos for the demo's cars: nobody owns these pictures, and no plate is in them or in their names."""

import io
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFilter, ImageFont

from autoleads import naming
from autoleads.demo.bodies import Body, body_of
from autoleads.demo.interior import SCREEN, interior
from autoleads.demo.paint import SIZE, Frame, Rgb, colored, layers
from autoleads.demo.showrooms import VARIANTS, DemoShowroom, file_name
from autoleads.formats import kilometers
from autoleads.media.photos import Photo, file_names, variants
from autoleads.stock_csv import CarRow

_QUALITY = 82
_THREADS = 2

_PAINTS: dict[str, Rgb] = {
    "Hitam": (40, 42, 46),
    "Putih": (242, 243, 244),
    "Silver": (192, 197, 203),
    "Abu-abu": (112, 118, 126),
    "Merah": (180, 30, 38),
    "Biru": (36, 88, 164),
    "Hijau": (58, 96, 74),
    "Coklat": (104, 74, 54),
    "Marun": (110, 26, 38),
    "Kuning": (238, 184, 36),
    "Oranye": (226, 106, 34),
    "Emas": (188, 158, 98),
    "Ungu": (98, 66, 136),
    "Krem": (222, 208, 182),
}
_UNKNOWN_PAINT = (140, 146, 152)
_WALL, _WALL_LOW, _FLOOR, _FLOOR_LOW = (178, 192, 206), (230, 236, 241), (198, 205, 212), (150, 160, 171)
_INK, _INK_SOFT = (24, 32, 42), (62, 74, 88)
_WHITE, _WHITE_SOFT, _CARD = (255, 255, 255), (214, 220, 228), (24, 30, 38)


def draw(car: CarRow, *, showroom: str, accent: str, variant: int) -> bytes:
    """A JPEG without metadata. `variant` from 1 to VARIANTS; `accent` is the showroom's #RRGGBB."""
    tint = ImageColor.getrgb(accent)[:3]
    if variant == VARIANTS:
        picture = interior(car.transmission).copy()
        _write_screen(picture, car, tint)
    else:
        picture = _outside(body_of(car.brand, car.model), _paint(car), variant, tint).copy()
    _write_name(picture, _name(car), showroom, tint, on_card=variant >= 3)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()


def draw_all(showroom: DemoShowroom, folder: Path, numbers: Iterable[int] = range(1, VARIANTS + 1)) -> int:
    """Every car's photos that are not there yet; returns how many were drawn."""
    folder.mkdir(parents=True, exist_ok=True)
    # One thread draws all cars of a body from one side, colour by colour: the shapes are made once.
    # Every car's first photo comes before any second one, as pages may be looked at meanwhile.
    groups: dict[tuple[int, Body], list[CarRow]] = {}
    for variant in numbers:
        for car in sorted(showroom.cars, key=_paint):
            if not (folder / file_name(car, variant)).exists():
                groups.setdefault((variant, body_of(car.brand, car.model)), []).append(car)

    def draw_group(variant: int, cars: list[CarRow]) -> None:
        for car in cars:
            data = draw(car, showroom=showroom.name, accent=showroom.primary_color, variant=variant)
            _write(folder / file_name(car, variant), data)

    with _threads() as pool:
        list(pool.map(lambda group: draw_group(group[0][0], group[1]), groups.items()))
    for cache in (layers, interior, _background, _outside):
        cache.cache_clear()  # tens of megabytes that nobody needs again
    return sum(len(cars) for cars in groups.values())


def finish_all(showroom: DemoShowroom, folder: Path, numbers: Iterable[int] = range(1, VARIANTS + 1)) -> None:
    """What pages and previews of links show of the photos that are there. It takes twenty times as long as drawing."""
    originals = [folder / file_name(car, number) for number in numbers for car in showroom.cars]
    with _threads() as pool:
        list(pool.map(_finish, originals))


def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="demo-photos")


def _finish(original: Path) -> None:
    if all(original.with_name(name).exists() for name in file_names(original.name)):
        return
    try:
        made = variants(Photo(name=original.name, data=original.read_bytes()))
    except OSError:
        return  # somebody's own file: pages show it as it is
    for name, data in made.items():
        _write(original.with_name(name), data)


def _write(path: Path, data: bytes) -> None:
    # Under its name only when whole: what exists is never made again.
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.write_bytes(data)
    os.replace(unfinished, path)


def _name(car: CarRow) -> str:
    common, color = naming.common_name(car.model, car.brand), naming.basic_color(car.color)
    return naming.public_name(common, car.year, color, car.display_code or "")


def _paint(car: CarRow) -> Rgb:
    return _PAINTS.get(naming.basic_color(car.color), _UNKNOWN_PAINT)


@lru_cache(maxsize=3)
def _outside(body: Body, paint: Rgb, variant: int, tint: Rgb) -> Image.Image:
    frame = _frame(body, variant)
    vehicle = colored(layers(body, frame), paint)
    picture = _background(tint, variant, frame, body.length).copy()
    if variant == 2:
        vehicle = vehicle.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    picture.paste(vehicle, (0, 0), vehicle)
    return picture


def _frame(body: Body, variant: int) -> Frame:
    if variant == 1:
        scale = 1080 / max(body.length, 4.2)
        return Frame(scale, (SIZE[0] - body.length * scale) / 2, 760)
    if variant == 2:
        scale = 1130 / max(body.length, 4.2)
        return Frame(scale, (SIZE[0] - body.length * scale) / 2, 780, turn=0.16)
    scale = 470.0
    return Frame(scale, 1130 - body.length * scale, 850)


@lru_cache(maxsize=3)
def _background(tint: Rgb, variant: int, frame: Frame, length: float) -> Image.Image:
    """A studio wall with a breath of the showroom's colour, a floor, and the car's soft shadow."""
    horizon = round(frame.ground) - 120
    picture = Image.new("RGB", SIZE)
    wall = _gradient(_mixed(_WALL, tint, 0.10), _mixed(_WALL_LOW, tint, 0.04), (SIZE[0], horizon))
    floor = _gradient(_mixed(_FLOOR, tint, 0.05), _mixed(_FLOOR_LOW, tint, 0.10), (SIZE[0], SIZE[1] - horizon))
    picture.paste(wall, (0, 0))
    picture.paste(floor, (0, horizon))
    shrink = 8
    shade = Image.new("L", (SIZE[0] // shrink, SIZE[1] // shrink))
    left, right = frame.left, frame.left + length * frame.scale
    if variant == 2:
        left, right = SIZE[0] - right, SIZE[0] - left
    ground, depth = frame.ground - 0.06 * frame.scale, 0.10 * frame.scale
    pen = ImageDraw.Draw(shade)
    for grow, dark in ((40, 90), (0, 170)):
        box = (left - grow, ground - depth - grow / 3, right + grow, ground + depth + grow / 3)
        pen.ellipse([side / shrink for side in box], dark)
    shade = shade.filter(ImageFilter.GaussianBlur(2.2)).resize(SIZE, Image.Resampling.BICUBIC)
    picture.paste((18, 24, 32), mask=shade)
    return picture


def _gradient(top: Rgb, bottom: Rgb, size: tuple[int, int]) -> Image.Image:
    column = Image.new("RGB", (1, size[1]))
    for y in range(size[1]):
        column.putpixel((0, y), _mixed(top, bottom, y / max(1, size[1] - 1)))
    return column.resize(size)


def _mixed(color: Rgb, other: Iterable[int], share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(color, other, strict=True))
    return red, green, blue


def _write_name(picture: Image.Image, name: str, showroom: str, tint: Rgb, *, on_card: bool) -> None:
    """Top left; on a dark card where the picture below is too busy to read on."""
    pen = ImageDraw.Draw(picture)
    ink, soft, left, top = _INK, _INK_SOFT, 64, 56
    if on_card:
        ink, soft, left, top = _WHITE, _WHITE_SOFT, 60, 56
        width = max(pen.textlength(name, _font(58)), pen.textlength(showroom, _font(36)))
        pen.rounded_rectangle((left - 20, top - 16, left + width + 60, top + 140), 20, _CARD)
    pen.rectangle((left, top + 8, left + 8, top + 124), tint)
    pen.text((left + 28, top), name, ink, _font(58), stroke_width=1)
    pen.text((left + 28, top + 80), showroom, soft, _font(36))


def _write_screen(picture: Image.Image, car: CarRow, tint: Rgb) -> None:
    pen = ImageDraw.Draw(picture)
    left, top, right, bottom = SCREEN
    pen.rounded_rectangle((left, top, right, bottom), 10, (236, 241, 246))
    pen.rounded_rectangle((left, top, right, top + 50), 10, tint)
    pen.text((left + 18, top + 6), str(car.year), _WHITE, _font(34), stroke_width=1)
    for index, line in enumerate((kilometers(car.km), car.transmission.value)):
        pen.text((left + 18, top + 60 + index * 46), line, _INK, _font(36))


@lru_cache(maxsize=4)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
