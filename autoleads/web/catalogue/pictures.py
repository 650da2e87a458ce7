"""Markup of photos. It is worked out once per photo and place in a page, as a page may have dozens of them."""

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup, escape

from autoleads.web.catalogue.photos import picture

CARD = "(min-width:1160px) 360px,(min-width:640px) 46vw,94vw"
FRONT = "(min-width:900px) 600px,92vw"
_SLIDE = "(min-width:1160px) 760px,(min-width:1000px) 62vw,100vw"
_LEAST_SLIDE = 640  # no phone's screen has fewer pixels

LATE, FIRST = ' loading="lazy"', ' fetchpriority="high"'


def markup(address: str, sizes: str, alt: str, *, first: bool = False) -> Markup:
    """`sizes` as in HTML; `first`: it is what the visitor waits for."""
    before, after = _parts(address, sizes, first)
    return Markup(f"{before}{escape(alt)}{after}")


def slides(photos: Sequence[str], alt: str) -> Markup:
    """All photos of a car, each as wide as the page. `alt` says what they show."""
    what, count = escape(alt), len(photos)
    made: list[str] = []
    for number, address in enumerate(photos, 1):
        before, after = _slide(address, number, count)
        made += (before, what, after)
    return Markup("".join(made))


def thumbs(photos: Sequence[str]) -> Markup:
    """Links to the slides."""
    if len(photos) < 2:
        return Markup()
    made = (
        f'<li><a href="#foto-{number}" aria-label="Foto {number}">{_thumb(address)}</a></li>'
        for number, address in enumerate(photos, 1)
    )
    return Markup(f'<ul class="thumbs">{"".join(made)}</ul>')


@lru_cache(maxsize=20_000)
def _slide(address: str, number: int, count: int) -> tuple[str, str]:
    before, after = _parts(address, _SLIDE, number == 1, least=_LEAST_SLIDE)
    place = f"<figcaption>{number}/{count}</figcaption>" if count > 1 else ""
    return f'<figure id="foto-{number}">{before}Foto {number} ', f"{after}{place}</figure>"


def _parts(address: str, sizes: str, first: bool, least: int = 0) -> tuple[str, str]:
    """What stands before and after the text for those who do not see it. Of its widths only those from `least` on."""
    photo = picture(address)
    sources = "".join(
        f'<source type="{kind}" srcset="{escape(_from(srcset, least))}" sizes="{sizes}">'
        for kind, srcset in photo.sources
    )
    size = f'width="{photo.width}" height="{photo.height}"'
    return (
        f'<picture>{sources}<img src="{escape(photo.src)}" alt="',
        f'" {size}{FIRST if first else LATE} decoding="async"></picture>',
    )


def _from(srcset: str, least: int) -> str:
    """Its last one, the widest, in any case."""
    *others, last = srcset.split(", ")
    return ", ".join((*(one for one in others if int(one.rpartition(" ")[2][:-1]) >= least), last))


@lru_cache(maxsize=20_000)
def _thumb(address: str) -> str:
    """The smallest of each kind."""
    photo = picture(address)
    least = [(kind, srcset.partition(" ")[0]) for kind, srcset in photo.sources]
    sources = "".join(f'<source type="{kind}" srcset="{escape(one)}">' for kind, one in least[:1])
    src = least[-1][1] if least else photo.src
    return f'<picture>{sources}<img src="{escape(src)}" alt="" width="88" height="66"{LATE} decoding="async"></picture>'
