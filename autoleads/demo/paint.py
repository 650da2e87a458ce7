"""Draws a body as two layers that suit every colour: a mask of what is painted, and what lies over it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, pi, sin

from PIL import Image, ImageDraw

from autoleads.demo.bodies import Body, Shape
from autoleads.demo.showrooms import PHOTO_SIZE

Rgb = tuple[int, int, int]
Rgba = tuple[int, int, int, int]

SIZE = PHOTO_SIZE
_FINE = 2  # drawn so many times larger, then reduced: soft edges
_CURVE_STEPS = 8

_GLASS, _GLASS_LIGHT, _SEAL = (44, 54, 66, 255), (70, 84, 99, 255), (18, 21, 25, 255)
_TYRE, _RIM, _RIM_DARK, _SHADE = (24, 25, 27, 255), (198, 203, 209, 255), (58, 62, 68, 255), (14, 15, 17, 255)
_CLADDING = (44, 46, 50, 255)
_LINE, _GLEAM = (0, 0, 0, 95), (255, 255, 255, 70)
_LAMP, _LAMP_EDGE, _RED = (236, 242, 248, 255), (120, 132, 145, 255), (186, 32, 36, 255)

# Light on the side of a car by height (0 sill, 1 roof): below 1 towards black, above towards white.
_LIGHT = (
    (0.0, 0.60),
    (0.10, 0.70),
    (0.34, 0.92),
    (0.50, 1.02),
    (0.565, 1.22),
    (0.60, 1.06),
    (0.80, 1.05),
    (1.0, 1.30),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a body stands in the picture: pixels per metre, pixel of its tail, pixel of the ground.
    `turn`: how much larger the front end is than the rear, as when it is turned towards the viewer."""

    scale: float
    left: float
    ground: float
    turn: float = 0.0


@dataclass(frozen=True, slots=True)
class Layers:
    mask: Image.Image
    over: Image.Image
    roof: int
    sill: int


@lru_cache(maxsize=3)
def layers(body: Body, frame: Frame) -> Layers:
    pen = _Pen(frame)
    _paint_mask(pen, body)
    _paint_over(pen, body)
    mask, over = pen.mask, pen.over
    if frame.turn:
        quad = _turned(body, frame)
        size = mask.size
        mask = mask.transform(size, Image.Transform.QUAD, quad, Image.Resampling.BILINEAR)
        over = over.convert("RGBa").transform(size, Image.Transform.QUAD, quad, Image.Resampling.BILINEAR)
        over = over.convert("RGBA")
    roof = max(point[1] for point in body.outline)
    return Layers(
        mask.reduce(_FINE),
        over.reduce(_FINE),
        round(frame.ground - roof * frame.scale),
        round(frame.ground - body.sill * frame.scale),
    )


def colored(parts: Layers, color: Rgb) -> Image.Image:
    """The car alone, in this colour, on nothing."""
    paint = Image.new("RGB", (1, SIZE[1]))
    span = max(1, parts.sill - parts.roof)
    for y in range(SIZE[1]):
        paint.putpixel((0, y), _lit(color, (parts.sill - y) / span))
    car = paint.resize(SIZE).convert("RGBA")
    car.putalpha(parts.mask)
    return Image.alpha_composite(car, parts.over)


class _Pen:
    """Draws in metres on both layers."""

    def __init__(self, frame: Frame) -> None:
        self.scale = frame.scale * _FINE
        self._left, self._ground = frame.left * _FINE, frame.ground * _FINE
        size = (SIZE[0] * _FINE, SIZE[1] * _FINE)
        self.mask = Image.new("L", size)
        self.over = Image.new("RGBA", size)
        self.on_mask = ImageDraw.Draw(self.mask)
        self.on_over = ImageDraw.Draw(self.over)

    def points(self, shape: Shape) -> list[tuple[float, float]]:
        return [self.point(x, y) for x, y in rounded(shape)]

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self._left + x * self.scale, self._ground - y * self.scale

    def fill(self, shape: Shape, color: Rgba) -> None:
        self.on_over.polygon(self.points(shape), color)

    def line(self, points: Sequence[tuple[float, float]], width: float, color: Rgba) -> None:
        pixels = max(2, round(width * self.scale))
        self.on_over.line([self.point(x, y) for x, y in points], color, pixels, joint="curve")

    def disc(self, x: float, y: float, radius: float, color: Rgba) -> None:
        self.on_over.ellipse(self.box(x, y, radius), color)

    def box(self, x: float, y: float, radius: float) -> tuple[float, float, float, float]:
        left, top = self.point(x - radius, y + radius)
        return left, top, left + 2 * radius * self.scale, top + 2 * radius * self.scale


def rounded(shape: Shape) -> list[tuple[float, float]]:
    """The corners replaced by curves of their radius, as far as the neighbours leave room."""
    result = []
    for index, corner in enumerate(shape):
        x, y = corner[0], corner[1]
        radius = corner[2] if len(corner) == 3 else 0.03
        before, after = shape[index - 1], shape[(index + 1) % len(shape)]
        ends = []
        for other in (before, after):
            dx, dy = other[0] - x, other[1] - y
            share = min(radius / max(hypot(dx, dy), 1e-9), 0.5)
            ends.append((x + dx * share, y + dy * share))
        for step in range(_CURVE_STEPS + 1):
            t = step / _CURVE_STEPS
            a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
            result.append((a * ends[0][0] + b * x + c * ends[1][0], a * ends[0][1] + b * y + c * ends[1][1]))
    return result


def _paint_mask(pen: _Pen, body: Body) -> None:
    pen.on_mask.polygon(pen.points(body.outline), 255)
    for axle in body.axles:
        pen.on_mask.ellipse(pen.box(axle, body.wheel, body.wheel * 1.17), 0)
    x, y = body.mirror
    mirror = ((x - 0.10, y), (x - 0.08, y + 0.14, 0.05), (x + 0.06, y + 0.13, 0.06), (x + 0.07, y, 0.03))
    pen.on_mask.polygon(pen.points(mirror), 255)


def _paint_over(pen: _Pen, body: Body) -> None:
    # Drawing replaces what lies below, so whatever is translucent comes first.
    _lines(pen, body)
    _underbody(pen, body)
    if body.tall:
        _cladding(pen, body)
    for window in body.windows:
        _window(pen, window)
    _lamps(pen, body)
    if body.rail:
        start, end, y = body.rail
        pen.line(
            ((start, y - 0.03), (start + 0.08, y + 0.03), (end - 0.08, y + 0.03), (end, y - 0.04)),
            0.03,
            _RIM_DARK,
        )
    for axle in body.axles:
        _wheel(pen, axle, body.wheel)


def _underbody(pen: _Pen, body: Body) -> None:
    """What shows in the wheel arches and under the sill."""
    rear, front = body.axles
    for axle in (rear, front):
        left, top, right, bottom = pen.box(axle, body.wheel, body.wheel * 1.175)
        pen.on_over.pieslice((left, top, right, bottom), 180, 360, _SHADE)
        reach, low = body.wheel * 1.19, body.sill - 0.06
        sides = (axle - reach, axle + reach)
        top = body.wheel + 0.05
        pen.fill(((sides[0], top), (sides[1], top), (sides[1], low), (sides[0], low)), _SHADE)
    low, high = body.sill - 0.09, body.sill + 0.01
    pen.fill(((rear, high), (front, high), (front, low), (rear, low)), _SHADE)


def _cladding(pen: _Pen, body: Body) -> None:
    reach = body.wheel * 1.17
    rear, front = body.axles
    top, low = body.sill + 0.13, body.sill - 0.02
    pen.fill(((rear + reach, low), (rear + reach, top), (front - reach, top), (front - reach, low)), _CLADDING)
    for axle in (rear, front):
        outer = pen.box(axle, body.wheel, body.wheel * 1.34)
        pen.on_over.arc(outer, 180, 360, _CLADDING, round(body.wheel * 0.18 * pen.scale))


def _window(pen: _Pen, window: Shape) -> None:
    pen.fill(window, _GLASS)
    left = min(point[0] for point in window)
    right = max(point[0] for point in window)
    low = min(point[1] for point in window)
    high = max(point[1] for point in window)
    # A streak of sky, cut to the pane by drawing it on a mask of its own.
    pane = Image.new("L", pen.over.size)
    ImageDraw.Draw(pane).polygon(pen.points(window), 255)
    streak = Image.new("L", pen.over.size)
    middle, wide = left + 0.34 * (right - left), 0.28 * (right - left)
    slant = 0.5 * (high - low)
    band = [
        (middle - slant, low),
        (middle + slant, high),
        (middle + slant + wide, high),
        (middle - slant + wide, low),
    ]
    ImageDraw.Draw(streak).polygon([pen.point(x, y) for x, y in band], 255)
    pen.over.paste(_GLASS_LIGHT, mask=Image.composite(streak, pane, pane))
    pen.on_over.line(
        [*pen.points(window), pen.points(window)[0]], _SEAL, max(2, round(0.025 * pen.scale)), joint="curve"
    )


def _lines(pen: _Pen, body: Body) -> None:
    """Outline, door gaps, handles, the shoulder line and its gleam."""
    outline = rounded(body.outline)
    pen.line([*outline, outline[0]], 0.014, _LINE)
    low, high = body.sill + 0.06, body.belt - 0.02
    for door in body.doors:
        pen.line(((door, high), (door + 0.02, (low + high) / 2), (door - 0.02, low)), 0.012, _LINE)
    for door in body.doors[:-1]:
        pen.line(((door + 0.10, high - 0.11), (door + 0.27, high - 0.105)), 0.032, (0, 0, 0, 120))
    shoulder = high - 0.17
    pen.line(((0.34, shoulder + 0.02), (body.length - 0.75, shoulder - 0.03)), 0.012, _LINE)
    pen.line(((0.34, shoulder + 0.034), (body.length - 0.75, shoulder - 0.016)), 0.012, _GLEAM)
    pen.line(((0.8, low + 0.12), (body.length - 1.1, low + 0.10)), 0.012, _LINE)
    if body.bed:
        start, end, top = body.bed
        pen.line(((start, top - 0.03), (end, top - 0.03)), 0.03, _SEAL)
        count = 5
        for index in range(1, count):
            x = start + (end - start) * index / count
            pen.line(((x, top - 0.08), (x, body.sill + 0.24)), 0.012, _LINE)


def _lamps(pen: _Pen, body: Body) -> None:
    for lamp, color in ((body.headlight, _LAMP), (body.taillight, _RED)):
        pen.fill(lamp, color)
        points = pen.points(lamp)
        pen.on_over.line([*points, points[0]], _LAMP_EDGE, max(2, round(0.012 * pen.scale)))
    nose = body.length
    bottom = body.sill + 0.06
    pen.fill(
        (
            (nose - 0.30, bottom + 0.13, 0.03),
            (nose - 0.06, bottom + 0.15),
            (nose - 0.06, bottom),
            (nose - 0.34, bottom),
        ),
        _SEAL,
    )
    pen.disc(nose - 0.24, bottom + 0.075, 0.035, _LAMP)


def _wheel(pen: _Pen, x: float, radius: float) -> None:
    pen.disc(x, radius, radius, _TYRE)
    pen.disc(x, radius, radius * 0.72, _RIM_DARK)
    pen.disc(x, radius, radius * 0.68, _SHADE)
    for index in range(5):
        angle = 2 * pi * index / 5 + pi / 2
        for side in (-0.16, 0.16):
            pen.line(
                (
                    (x + radius * 0.12 * cos(angle), radius + radius * 0.12 * sin(angle)),
                    (x + radius * 0.67 * cos(angle + side), radius + radius * 0.67 * sin(angle + side)),
                ),
                radius * 0.12,
                _RIM,
            )
    left, top, right, bottom = pen.box(x, radius, radius * 0.72)
    pen.on_over.ellipse((left, top, right, bottom), None, _RIM, max(2, round(radius * 0.06 * pen.scale)))
    pen.disc(x, radius, radius * 0.17, _RIM)
    pen.disc(x, radius, radius * 0.09, _RIM_DARK)


def _turned(body: Body, frame: Frame) -> tuple[float, ...]:
    """The quad of the flat drawing that fills the picture: the rear shrinks towards the ground line."""
    width, height = (side * _FINE for side in SIZE)
    ground = frame.ground * _FINE
    rear, front = 1 + frame.turn, 1 - frame.turn
    return (
        0, ground - ground * rear, 0, ground + (height - ground) * rear,
        width, ground + (height - ground) * front, width, ground - ground * front,
    )  # fmt: skip


def _lit(color: Rgb, height: float) -> Rgb:
    height = min(1.0, max(0.0, height))
    light = _LIGHT[-1][1]
    for (low, dark), (high, bright) in pairwise(_LIGHT):
        if height <= high:
            light = dark + (bright - dark) * (height - low) / (high - low)
            break
    if light <= 1:
        return (round(color[0] * light), round(color[1] * light), round(color[2] * light))
    to_white = (light - 1) * 0.8
    red, green, blue = (round(part + (255 - part) * to_white) for part in color)
    return red, green, blue
