"""The view over a dashboard: the picture of a car's inside, the same for all but its gear lever."""

from functools import lru_cache

from PIL import Image, ImageDraw

from autoleads.demo.paint import SIZE, rounded
from autoleads.types import Transmission

_FINE = 2
_PILLAR, _DASH_TOP, _DASH, _TRIM = (30, 33, 38), (52, 56, 62), (38, 41, 47), (142, 148, 156)
_LEATHER, _DARK = (70, 74, 81), (22, 24, 28)
_SKY = ((176, 199, 219), (226, 234, 240))

# Where the caller may write, in pixels of the finished picture: the screen in the middle of the dashboard.
SCREEN = (470, 480, 770, 640)


@lru_cache(maxsize=2)
def interior(transmission: Transmission) -> Image.Image:
    pen = _Pen()
    _windscreen(pen)
    _dashboard(pen)
    _console(pen, transmission)
    _steering_wheel(pen)
    return pen.image.reduce(_FINE)


class _Pen:
    """Draws in the pixels of the finished picture."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (SIZE[0] * _FINE, SIZE[1] * _FINE), _DARK)
        self.draw = ImageDraw.Draw(self.image)

    def fill(self, points: tuple[tuple[float, float, float], ...], color: tuple[int, int, int]) -> None:
        self.draw.polygon([(x * _FINE, y * _FINE) for x, y in rounded(points)], color)

    def box(self, box: tuple[float, float, float, float], radius: float, color: tuple[int, int, int]) -> None:
        self.draw.rounded_rectangle([side * _FINE for side in box], radius * _FINE, color)

    def ring(self, x: float, y: float, radius: float, width: int, color: tuple[int, int, int]) -> None:
        box = [(x - radius) * _FINE, (y - radius) * _FINE, (x + radius) * _FINE, (y + radius) * _FINE]
        self.draw.ellipse(box, None, color, width * _FINE)

    def disc(self, x: float, y: float, radius: float, color: tuple[int, int, int]) -> None:
        box = [(x - radius) * _FINE, (y - radius) * _FINE, (x + radius) * _FINE, (y + radius) * _FINE]
        self.draw.ellipse(box, color)


def _windscreen(pen: _Pen) -> None:
    sky = Image.new("RGB", (1, 2))
    sky.putpixel((0, 0), _SKY[0])
    sky.putpixel((0, 1), _SKY[1])
    width, height = pen.image.size
    pen.image.paste(sky.resize((width, height // 2), Image.Resampling.BILINEAR), (0, 0))
    pen.fill(
        ((0, 380, 0), (300, 330, 90), (700, 352, 90), (1280, 320, 0), (1280, 460, 0), (0, 460, 0)),
        (150, 172, 160),
    )
    pen.fill(((0, 0, 0), (1280, 0, 0), (1280, 66, 0), (640, 40, 300), (0, 66, 0)), _PILLAR)
    pen.fill(((0, 0, 0), (150, 0, 0), (46, 440, 20), (0, 470, 0)), _PILLAR)
    pen.fill(((1280, 0, 0), (1130, 0, 0), (1234, 440, 20), (1280, 470, 0)), _PILLAR)
    pen.box((960, 70, 1150, 134), 26, _DARK)
    pen.box((970, 79, 1140, 125), 20, (120, 140, 156))
    pen.box((1044, 30, 1066, 76), 8, _DARK)


def _dashboard(pen: _Pen) -> None:
    pen.fill(
        ((0, 420, 0), (300, 396, 160), (980, 396, 160), (1280, 420, 0), (1280, 960, 0), (0, 960, 0)),
        _DASH_TOP,
    )
    pen.fill(((0, 480, 0), (420, 462, 80), (1280, 470, 0), (1280, 960, 0), (0, 960, 0)), _DASH)
    pen.box((830, 400, 1130, 500), 44, _DARK)
    for x in (905, 1055):
        pen.ring(x, 470, 56, 5, _TRIM)
    pen.box((0, 560, 420, 572), 6, _TRIM)
    for left in (40, 320, 470, 640, 1180):
        width = 130 if left in (470, 640) else 84
        top = 664 if left in (470, 640) else 488
        pen.box((left, top, left + width, top + 46), 12, _DARK)
        for index in range(1, 4):
            pen.box((left + 8, top + index * 11, left + width - 8, top + index * 11 + 3), 1, _LEATHER)
    left, top, right, bottom = SCREEN
    pen.box((left - 14, top - 14, right + 14, bottom + 14), 18, _DARK)


def _console(pen: _Pen, transmission: Transmission) -> None:
    pen.fill(((430, 740, 30), (810, 740, 30), (880, 960, 0), (360, 960, 0)), _LEATHER)
    for x in (500, 560, 620, 680, 740):
        pen.disc(x, 728, 13, _TRIM)
        pen.disc(x, 728, 9, _DARK)
    pen.fill(((520, 790, 30), (720, 790, 30), (740, 960, 0), (500, 960, 0)), _DARK)
    if transmission is Transmission.MANUAL:
        pen.fill(((560, 930, 30), (680, 930, 30), (650, 860, 20), (590, 860, 20)), _DASH_TOP)
        pen.box((611, 800, 629, 880), 8, _TRIM)
        pen.disc(620, 800, 36, _LEATHER)
        pen.ring(620, 800, 36, 3, _TRIM)
    else:
        pen.box((610, 830, 630, 930), 8, _TRIM)
        pen.box((582, 786, 658, 850), 26, _LEATHER)
        pen.box((582, 838, 658, 848), 5, _TRIM)
    pen.fill(((0, 800, 60), (250, 770, 120), (330, 960, 0), (0, 960, 0)), _LEATHER)
    pen.fill(((1280, 800, 60), (1010, 770, 120), (920, 960, 0), (1280, 960, 0)), _LEATHER)


def _steering_wheel(pen: _Pen) -> None:
    """On the right: Indonesia drives on the left."""
    x, y = 980, 640
    pen.fill(((x - 190, y - 20, 10), (x + 190, y - 20, 10), (x + 170, y + 40, 30), (x - 170, y + 40, 30)), _DARK)
    pen.fill(((x - 46, y, 10), (x + 46, y, 10), (x + 30, y + 200, 10), (x - 30, y + 200, 10)), _DARK)
    pen.ring(x, y, 214, 36, _DARK)
    pen.ring(x, y, 210, 6, _LEATHER)
    pen.disc(x, y + 10, 76, _LEATHER)
    pen.disc(x, y + 10, 70, _DASH)
    pen.ring(x, y + 10, 26, 5, _TRIM)
    for side in (-1, 1):
        pen.box((x + side * 128 - 32, y - 6, x + side * 128 + 32, y + 18), 10, _TRIM)
