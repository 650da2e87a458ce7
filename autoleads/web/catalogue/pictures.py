"""Markup of photos. A page may have dozens, so it is worked out once per size of photo, with a gap for the name."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from markupsafe import Markup, escape

from autoleads.web.catalogue.photos import picture
from autoleads.web.catalogue.stencil import GAP

# Less than it is on phones: their screens have two and three points where one and a half already look sharp, and what
# their visitors wait for is the weak signal.
CARD = "(min-width:1160px) 360px,(min-width:640px) 46vw,66vw"
FRONT = "(min-width:900px) 600px,66vw"
_SLIDE = "(min-width:1160px) 760px,(min-width:1000px) 62vw,70vw"
_LEAST_SLIDE = 640  # no phone's screen has fewer pixels

LATE, FIRST = ' loading="lazy"', ' fetchpriority="high"'


def markup(address: str, sizes: str, alt: str, *, first: bool = False) -> Markup:
    """`sizes` as in HTML; `first`: it is what the visitor waits for."""
    ((name, shape),) = _split((address,))
    before, after = _parts(shape, sizes, first)
    return Markup(f"{before.replace(GAP, name)}{escape(alt)}{after}")


def gallery(photos: Sequence[str], alt: str) -> tuple[Markup, Markup]:
    """All photos of a car, each as wide as the page, and small ones that lead to them. `alt` says what they show."""
    what, count = escape(alt), len(photos)
    slides: list[str] = []
    thumbs: list[str] = []
    for number, (name, shape) in enumerate(_split(photos), 1):
        before, after, thumb = _slide(shape, number, count)
        slides += (name.join(before), what, after)
        thumbs.append(name.join(thumb))
    return Markup("".join(slides)), Markup(f'<ul class="thumbs">{"".join(thumbs)}</ul>' if count > 1 else "")


def _split(photos: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What fills the gap, and what stands in its place as long as it is a gap: the end of the name tells the size."""
    for address in str(escape(GAP.join(photos))).split(GAP) if photos else ():
        name, dash, end = address.rpartition("-")
        yield name, f"{GAP}{dash}{end}"


@lru_cache(maxsize=5_000)
def _slide(shape: str, number: int, count: int) -> tuple[list[str], str, list[str]]:
    """What stands before and after the text of a slide, and the small one; the name of the photo joins the pieces."""
    before, after = _parts(shape, _SLIDE, number == 1, least=_LEAST_SLIDE)
    place = f"<figcaption>{number}/{count}</figcaption>" if count > 1 else ""
    slide = f'<figure id="foto-{number}">{before}Foto {number} '
    return slide.split(GAP), f"{after}{place}</figure>", _thumb(shape, number).split(GAP)


@lru_cache(maxsize=5_000)
def _parts(shape: str, sizes: str, first: bool, least: int = 0) -> tuple[str, str]:
    """What stands before and after the text for those who do not see it. Of its widths only those from `least` on."""
    photo = picture(shape)
    sources = "".join(
        f'<source type="{kind}" srcset="{_from(srcset, least)}" sizes="{sizes}">' for kind, srcset in photo.sources
    )
    size = f'width="{photo.width}" height="{photo.height}"'
    return (
        f'<picture>{sources}<img src="{photo.src}" alt="',
        f'" {size}{FIRST if first else LATE} decoding="async"></picture>',
    )


def _from(srcset: str, least: int) -> str:
    """Its last one, the widest, in any case."""
    *others, last = srcset.split(", ")
    return ", ".join((*(one for one in others if int(one.rpartition(" ")[2][:-1]) >= least), last))


def _thumb(shape: str, number: int) -> str:
    """The smallest of the best kind and of the one that every browser reads."""
    photo = picture(shape)
    least = [(kind, srcset.partition(" ")[0]) for kind, srcset in photo.sources]
    source = "".join(f'<source type="{kind}" srcset="{one}">' for kind, one in least[:1])
    src = least[-1][1] if least else photo.src
    image = f'<img src="{src}" alt="" width="88" height="66"{LATE} decoding="async">'
    return f'<li><a href="#foto-{number}" aria-label="Foto {number}"><picture>{source}{image}</picture></a></li>'
