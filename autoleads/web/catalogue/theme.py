"""The colours of a showroom, made readable: whatever brand colours it has, text keeps WCAG's contrast of 4.5."""

from functools import lru_cache

_ENOUGH = 4.5
_WHITE, _INK, _BLACK = "#ffffff", "#14181f", "#000000"
_STEPS = 40

Rgb = tuple[float, float, float]


@lru_cache(maxsize=2_000)
def variables(primary: str, secondary: str) -> str:
    """CSS custom properties. `--brand` is the colour as it is and `--on-brand` what can be read on it; `--link` can
    be read on white and on the tint; `--deep` is a ground for white text."""
    tint = _mixed(primary, _WHITE, 0.93)
    deep = _darkened(secondary, _WHITE, enough=7)
    named = {
        "brand": primary.lower(),
        "on-brand": text_on(primary),
        "link": _darkened(primary, tint),
        "tint": tint,
        "deep": deep,
    }
    return "".join(f"--{name}:{value};" for name, value in named.items())


def text_on(ground: str) -> str:
    """White where it can be read, as most buttons have it; else nearly black."""
    if contrast(_WHITE, ground) >= _ENOUGH:
        return _WHITE
    return _INK if contrast(_INK, ground) >= _ENOUGH else _BLACK  # white or black always is


def contrast(one: str, other: str) -> float:
    """From 1 to 21, as WCAG 2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _darkened(color: str, ground: str, enough: float = _ENOUGH) -> str:
    """As little as it takes."""
    mixes = (_mixed(color, _BLACK, step / _STEPS) for step in range(_STEPS + 1))
    return next((mixed for mixed in mixes if contrast(mixed, ground) >= enough), _BLACK)


def _mixed(color: str, other: str, share: float) -> str:
    parts = zip(_rgb(color), _rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _rgb(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _rgb(color: str) -> Rgb:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
