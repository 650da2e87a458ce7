"""The one place where a template and what it tells become a page: markup, styles and what a browser may load."""

import base64
import hashlib
import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup, escape

from autoleads import formats
from autoleads.sql.catalogue import Profile
from autoleads.web.catalogue import theme, wording
from autoleads.web.catalogue.seo import Head
from autoleads.web.catalogue.serve import Shop
from autoleads.web.catalogue.stencil import GAP, Stencil, gap
from autoleads.web.packing import Shared
from autoleads.web.pages import Page

_HOST = re.compile(r"[a-zA-Z0-9.-]+(?::\d{1,5})?").fullmatch

_HTML = "text/html; charset=utf-8"
_STYLES = {
    "plain": ("catalogue.css",),
    "browse": ("catalogue.css", "catalogue-cards.css", "catalogue-browse.css"),
    "car": ("catalogue.css", "catalogue-cards.css", "catalogue-car.css"),
}
PLATFORM_COLORS = ("#0b5d57", "#12312e")
_POLICY = (
    "default-src 'none'; img-src 'self'{logo}; style-src {styles}; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)

_environment = jinja2.Environment(
    loader=jinja2.PackageLoader("autoleads.web"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_environment.filters.update(
    rupiah=formats.rupiah,
    phone=formats.phone_display,
    dots=lambda number: f"{number:,}".replace(",", "."),
    digits=lambda written: formats.phone_digits(written) or "",
    web=lambda address: address.startswith(("https://", "http://")),
)


@dataclass(frozen=True, slots=True)
class Style:
    """`text` stands in <style>, `source` allows it in the page's policy."""

    text: Markup
    source: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What all pages of one moment of a showroom have in common. What stands around the content, by the part of the
    site; policies by style."""

    profile: Profile | None
    whatsapp: str | None
    brand: Style
    colors: Shared
    around: dict[str, tuple[Shared, Shared]] = field(default_factory=dict)
    policies: dict[str, dict[str, str]] = field(default_factory=dict)


def fragment(template: str, **told: Any) -> Markup:
    """A part of a page."""
    return Markup(_template(template).render(told))


def filled(template: str, texts: Mapping[str, str], markup: Mapping[str, str], **shape: Hashable) -> str:
    """The same as `fragment` would make, for what is made often: the template is only rendered once for all that have
    the same `shape` and lack the same texts and markup (""), and filled in for each. So it may ask of these no more
    than whether there are any."""
    values = [*str(escape(GAP.join(texts.values()))).split(GAP), *markup.values()]  # escaped all at once
    stencil = _stencil(template, (*texts, *markup), tuple(map(bool, values)), tuple(shape.items()))
    return stencil.filled(values)


@lru_cache(maxsize=1_000)
def _stencil(
    template: str, names: tuple[str, ...], there: tuple[bool, ...], shape: tuple[tuple[str, Hashable], ...]
) -> Stencil:
    gaps = {name: Markup(gap(name)) if is_there else "" for name, is_there in zip(names, there, strict=True)}
    return Stencil(str(fragment(template, **gaps, **dict(shape))), names)


def page(
    shop: Shop,
    template: str,
    head: Head,
    *,
    style: str,
    here: str = "",
    status: int = 200,
    until: datetime | None = None,
    **told: Any,
) -> Page:
    """As `framed`, around what the template makes of what it is told."""
    frame = frame_of(shop)
    main = _main(frame, template, here=here, status=status, **told)
    return _framed(frame, main, head, style=style, here=here, status=status, until=until)


def framed(shop: Shop, main: str, head: Head, *, style: str, here: str = "", until: datetime | None = None) -> Page:
    """`main` is markup; `style` is one of _STYLES, `here` the part of the site; `until` as in Page."""
    return _framed(frame_of(shop), main, head, style=style, here=here, until=until)


def platform_page(template: str, head: Head, *, status: int = 200, **told: Any) -> Page:
    """One that belongs to no showroom."""
    frame = _platform()
    return _framed(frame, _main(frame, template, here="", status=status, **told), head, style="plain", status=status)


def problem(
    shop: Shop | None, *, status: int, title: str, text: str, cards: Markup | None = None, request_id: str = ""
) -> Page:
    """An answer that is no page: in the showroom's look, or in the platform's. `title` and `text` are for visitors."""
    head = Head(title=title, description=text, canonical="", indexed=False)
    told: dict[str, Any] = {"title": title, "text": text, "cards": cards, "request_id": request_id}
    if shop is None:
        return platform_page("catalogue/problem.html", head, status=status, **told)
    return page(shop, "catalogue/problem.html", head, style="browse" if cards else "plain", status=status, **told)


def frame_of(shop: Shop) -> Frame:
    return shop.catalogue.kept("frame", lambda: _frame(shop.catalogue.profile))


def script() -> tuple[str, bytes]:
    """Its address, which changes with it, and its text."""
    return _script()


def _main(frame: Frame, template: str, **told: Any) -> str:
    return fragment(template, profile=frame.profile, whatsapp=frame.whatsapp, **told)


def _framed(
    frame: Frame, main: str, head: Head, *, style: str, here: str = "", status: int = 200, until: datetime | None = None
) -> Page:
    opening, styled, headed = _shell(style)
    above, below = _around(frame, here)
    meta = _bytes(_meta(frame.profile, head))
    body = (opening, meta, styled, frame.colors, headed, above, _bytes(main), below)
    return Page(body, _HTML, status=status, until=until, headers=_policy(frame, style))


def _meta(profile: Profile | None, head: Head) -> str:
    texts = {
        "title": head.title,
        "description": head.description,
        "canonical": head.canonical,
        "kind": head.kind,
        "image": head.image or "",
        "site_name": profile.name if profile else "",
        "theme_color": profile.primary_color if profile else "",
    }
    return filled("catalogue/meta.html", texts, {"json_ld": head.json_ld}, indexed=head.indexed)


def _frame(profile: Profile) -> Frame:
    whatsapp = wording.whatsapp(profile, wording.question(profile))
    return _framing(profile, whatsapp, profile.primary_color, profile.secondary_color)


@cache
def _platform() -> Frame:
    return _framing(None, None, *PLATFORM_COLORS)


def _framing(profile: Profile | None, whatsapp: str | None, primary: str, secondary: str) -> Frame:
    brand = _styled(f":root{{{theme.variables(primary, secondary)}}}")
    return Frame(profile=profile, whatsapp=whatsapp, brand=brand, colors=Shared(brand.text.encode()))


@cache
def _shell(style: str) -> list[Shared]:
    """What stands before what is told to machines, before the colours, and after them."""
    return [Shared(piece) for piece in _pieces(style)[:3]]


def _around(frame: Frame, here: str) -> tuple[Shared, Shared]:
    """The content's surroundings: the header with what leads to the content, and all that follows it."""
    found = frame.around.get(here)
    if found is None:
        told = {"profile": frame.profile, "whatsapp": frame.whatsapp, "here": here}
        header, footer = (_bytes(fragment(f"catalogue/{name}.html", **told)) for name in ("header", "footer"))
        *_, begun, ended, end = _pieces("plain")
        found = frame.around[here] = Shared(header + begun), Shared(ended + footer + end)
    return found


@cache
def _pieces(style: str) -> list[bytes]:
    """What no showroom changes: between the pieces stand what is told to machines, the colours, the header, the
    content and the footer. Those after the colours are the same in all styles."""
    slot = Markup(GAP)
    markup = fragment("catalogue/shell.html", style=_style(style).text, script=_script()[0], slot=slot)
    return markup.encode().split(slot.encode())


def _bytes(markup: str) -> bytes:
    return markup.encode("utf-8", "replace")


def _policy(frame: Frame, style: str) -> dict[str, str]:
    found = frame.policies.get(style)
    if found is None:
        told = {"styles": f"{_style(style).source} {frame.brand.source}", "logo": _logo_source(frame.profile)}
        found = frame.policies[style] = {"Content-Security-Policy": _POLICY.format(**told)}
    return found


def _logo_source(profile: Profile | None) -> str:
    """The site that the logo lies on, unless that is the showroom's own."""
    logo = urlsplit(profile.logo_url or "") if profile else None
    return f" {logo.scheme}://{logo.netloc}" if logo and logo.scheme in ("http", "https") and _HOST(logo.netloc) else ""


@cache
def _template(name: str) -> jinja2.Template:
    return _environment.get_template(name)


@cache
def _style(name: str) -> Style:
    return _styled(_minified("".join(map(_static, _STYLES[name]))))


def _styled(css: str) -> Style:
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return Style(Markup(css), f"'sha256-{digest}'")


def _minified(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,>]) ?|(:) ", r"\1\2", css).replace(";}", "}").strip()


@cache
def _script() -> tuple[str, bytes]:
    text = _static("catalogue.js").encode()
    return f"/static/catalogue.{hashlib.sha256(text).hexdigest()[:12]}.js", text


def _static(name: str) -> str:
    return (files("autoleads.web") / "static" / name).read_text()
