"""How a photo of a car stands in a page, worked out from its address alone."""

import re
from dataclasses import dataclass
from functools import lru_cache

from autoleads.media.photos import widths

# As media/photos.py names what it makes: the size in pixels is part of the name.
_SIZED = re.compile(r"(?P<stem>.+-(?P<width>\d{1,5})x(?P<height>\d{1,5}))\.jpg")
_KINDS = (("image/avif", "avif"), ("image/webp", "webp"), ("image/jpeg", "jpg"))
_ASSUMED = (1280, 960)  # of a photo that says nothing about its size


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """`sources`: media type and srcset, the best first; empty for a photo that is only one file. `link` is the
    1200x630 picture that previews of links show."""

    src: str
    width: int
    height: int
    sources: tuple[tuple[str, str], ...] = ()
    link: str | None = None


@lru_cache(maxsize=50_000)
def picture(address: str) -> Picture:
    """Of an address as a car's `photos` have it."""
    sized = _SIZED.fullmatch(address)
    if sized is None:
        return Picture(src=address, width=_ASSUMED[0], height=_ASSUMED[1])
    stem, width, height = sized["stem"], int(sized["width"]), int(sized["height"])
    sources = tuple(
        (kind, ", ".join(f"{stem}-{one}.{extension} {one}w" for one in widths(width))) for kind, extension in _KINDS
    )
    return Picture(src=address, width=width, height=height, sources=sources, link=f"{stem}-link.jpg")
