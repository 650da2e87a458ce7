"""What is wrong with the HTML of a page: the parser's own complaints, and the rules of the HTML standard that a parser
does not look at, for the elements that a shop's pages use."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import html5lib


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GLOBAL = _words(
    "class dir hidden id inert itemid itemprop itemref itemscope itemtype lang nonce popover role spellcheck "
    "tabindex title translate accesskey autofocus contenteditable draggable enterkeyhint inputmode slot"
)
# Attributes beside the global ones. Elements that are missing here are not for a page of ours: obsolete, or unknown.
_ATTRIBUTES = {
    name: _words(attributes)
    for name, attributes in {
        "html": "",
        "head": "",
        "title": "",
        "base": "href target",
        "link": "href rel type media sizes as crossorigin integrity hreflang referrerpolicy imagesrcset imagesizes"
        " fetchpriority color",
        "meta": "name content charset property http-equiv media",
        "style": "media",
        "script": "src type async defer crossorigin integrity nomodule referrerpolicy fetchpriority",
        "noscript": "",
        "template": "",
        "body": "",
        "a": "href target rel download hreflang type ping referrerpolicy",
        "img": "src alt srcset sizes width height loading decoding fetchpriority crossorigin referrerpolicy",
        "picture": "",
        "source": "src srcset sizes media type width height",
        "video": "src poster width height controls autoplay loop muted playsinline preload crossorigin",
        "form": "action method enctype name autocomplete novalidate target rel accept-charset",
        "input": "type name value placeholder required disabled readonly checked min max step maxlength minlength size"
        " pattern list autocomplete form formaction formmethod accept multiple alt src width height dirname capture",
        "button": "type name value disabled form formaction formmethod formnovalidate popovertarget"
        " popovertargetaction command commandfor",
        "select": "name required disabled multiple size autocomplete form",
        "option": "value selected disabled label",
        "optgroup": "label disabled",
        "datalist": "",
        "textarea": "name rows cols placeholder required disabled readonly maxlength minlength wrap autocomplete form",
        "label": "for",
        "fieldset": "disabled name form",
        "output": "for name form",
        "progress": "value max",
        "meter": "value min max low high optimum",
        "details": "open name",
        "dialog": "open",
        "table": "",
        "col": "span",
        "colgroup": "span",
        "th": "scope colspan rowspan headers abbr",
        "td": "colspan rowspan headers",
        "ol": "start reversed type",
        "li": "value",
        "time": "datetime",
        "data": "value",
        "blockquote": "cite",
        "iframe": "src title width height loading allow sandbox referrerpolicy",
    }.items()
}
_PLAIN = _words(
    "main header footer nav section article aside search h1 h2 h3 h4 h5 h6 hgroup div p span ul dl dt dd menu "
    "figure figcaption address hr br wbr strong em b i u s small mark abbr code kbd samp var sub sup q cite dfn "
    "bdi bdo del ins summary legend caption thead tbody tfoot tr"
)
_PHRASING = _words(
    "a abbr b bdi bdo br button cite code data datalist del dfn em i iframe img input ins kbd label map mark "
    "meter noscript output picture progress q s samp script select small span strong sub sup template textarea "
    "time u var video wbr svg link meta"
)
_ONLY_PHRASING = _words(
    "h1 h2 h3 h4 h5 h6 p span button label strong em b i u s small mark abbr code kbd samp var sub sup q cite "
    "time data legend output"
)
_INTERACTIVE = _words("a button select textarea input label details iframe")
_PARENTS = {
    "li": {"ul", "ol", "menu"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "source": {"picture", "video"},
    "option": {"select", "datalist", "optgroup"},
    "optgroup": {"select"},
    "figcaption": {"figure"},
    "summary": {"details"},
    "legend": {"fieldset"},
    "caption": {"table"},
    "title": {"head", "svg"},
    "style": {"head", "noscript"},
}
_CHILDREN = {
    "ul": {"li"},
    "ol": {"li"},
    "menu": {"li"},
    "dl": {"dt", "dd", "div"},
    "select": {"option", "optgroup", "hr"},
    "picture": {"source", "img"},
    "tr": {"td", "th"},
}
_ANYWHERE = {"script", "template"}
_VALUES = {
    ("img", "loading"): {"lazy", "eager"},
    ("iframe", "loading"): {"lazy", "eager"},
    ("img", "decoding"): {"async", "sync", "auto"},
    ("*", "fetchpriority"): {"high", "low", "auto"},
    ("button", "type"): {"submit", "button", "reset"},
    ("form", "method"): {"get", "post", "dialog"},
    ("th", "scope"): {"row", "col", "rowgroup", "colgroup"},
    ("*", "dir"): {"ltr", "rtl", "auto"},
    ("*", "inputmode"): {"none", "text", "decimal", "numeric", "tel", "search", "email", "url"},
    ("*", "enterkeyhint"): {"enter", "done", "go", "next", "previous", "search", "send"},
    ("input", "type"): _words(
        "text search tel url email password date month week time datetime-local number range color checkbox radio "
        "file submit image reset button hidden"
    ),
    ("*", "target"): {"_blank", "_self", "_parent", "_top"},
}
_WHOLE = {"width", "height", "colspan", "rowspan", "maxlength", "minlength", "rows", "cols", "start"}
_REFERENCES = ("for", "list", "form", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "headers",
               "popovertarget", "commandfor", "aria-activedescendant", "aria-details", "aria-errormessage")  # fmt: skip
_ADDRESSES = ("href", "src", "action", "formaction", "poster")
_ARIA = _words(
    "activedescendant atomic autocomplete busy checked colcount colindex colspan controls current describedby "
    "description details disabled errormessage expanded flowto haspopup hidden invalid keyshortcuts label "
    "labelledby level live modal multiline multiselectable orientation owns placeholder posinset pressed readonly "
    "relevant required roledescription rowcount rowindex rowspan selected setsize sort valuemax valuemin valuenow "
    "valuetext"
)
_ROLES = _words(
    "alert alertdialog application article banner button cell checkbox columnheader combobox complementary "
    "contentinfo definition dialog document feed figure form grid gridcell group heading img link list listbox "
    "listitem log main marquee math menu menubar menuitem menuitemcheckbox menuitemradio meter navigation none "
    "note option presentation progressbar radio radiogroup region row rowgroup rowheader scrollbar search "
    "searchbox separator slider spinbutton status switch tab table tablist tabpanel term textbox timer toolbar "
    "tooltip tree treegrid treeitem"
)
_NOT_IN_ADDRESS = re.compile(r"[\s<>\"`{}|\\^]")
_CANDIDATE = re.compile(r"(\S+)\s+(\d+)w|(\S+)(?:\s+(\d+(?:\.\d+)?)x)?", re.ASCII)
_HTML = "{http://www.w3.org/1999/xhtml}"


def html_problems(text: str) -> list[str]:
    """Of a whole page, each with the element it is about."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=True)
    root = parser.parse(text)
    problems = [f"line {place[0]}: {code} {_said(facts)}".rstrip() for place, code, facts in parser.errors]
    page = _Page(root)
    problems += page.head()
    problems += page.ids()
    for place in page.places:
        problems += (f"{place}: {problem}" for problem in _element(place, page))
    return problems


def _said(facts: dict[str, object]) -> str:
    return " ".join(str(value) for value in facts.values())


@dataclass(frozen=True)
class _Place:
    """An element of HTML with all it stands in, the outermost first."""

    element: ET.Element
    above: tuple[ET.Element, ...]

    @property
    def tag(self) -> str:
        return _name(self.element)

    @property
    def parent(self) -> str:
        return _name(self.above[-1]) if self.above else ""

    def __str__(self) -> str:
        ident = self.element.get("id") or self.element.get("class") or self.element.get("name") or ""
        return f"<{self.tag}{f' {ident}' if ident else ''}> in <{self.parent}>"


def _name(element: ET.Element) -> str:
    return str(element.tag).removeprefix(_HTML)


class _Page:
    def __init__(self, root: ET.Element) -> None:
        self.root = root
        self.places = list(_walk(root, ()))

    @cached_property
    def known_ids(self) -> Counter[str]:
        return Counter(ident for element in self.root.iter() if (ident := element.get("id")) is not None)

    def named(self, tag: str) -> list[_Place]:
        return [place for place in self.places if place.tag == tag]

    def head(self) -> Iterator[str]:
        if not self.root.get("lang"):
            yield "<html>: no lang"
        titles = [p for p in self.named("title") if p.parent == "head"]
        if len(titles) != 1 or not (titles[0].element.text or "").strip():
            yield "<head>: not one title with a text"
        metas = [p.element for p in self.named("meta")]
        if sum(e.get("charset", "").lower() == "utf-8" for e in metas) != 1:
            yield "<head>: no <meta charset=utf-8>"
        for name, count in Counter(e.get("name") for e in metas if e.get("name")).items():
            if name in ("description", "viewport") and count > 1:
                yield f"<head>: {count} times meta {name}"
        if sum(p.element.get("hidden") is None for p in self.named("main")) != 1:
            yield "<body>: not one <main>"
        if sum(p.element.get("rel") == "canonical" for p in self.named("link")) > 1:
            yield "<head>: more than one canonical"

    def ids(self) -> Iterator[str]:
        for ident, count in self.known_ids.items():
            if count > 1:
                yield f"id {ident!r} is given {count} times"
            if not ident or re.search(r"\s", ident):
                yield f"id {ident!r} is empty or has a space"


def _walk(element: ET.Element, above: tuple[ET.Element, ...]) -> Iterator[_Place]:
    """Of HTML only: what stands in an SVG has rules of its own."""
    if isinstance(element.tag, str) and element.tag.startswith(_HTML):
        yield _Place(element, above)
        for child in element:
            yield from _walk(child, (*above, element))


def _element(place: _Place, page: _Page) -> Iterator[str]:
    if place.tag not in _ATTRIBUTES and place.tag not in _PLAIN:
        yield "no such element for a page"
        return
    yield from _nesting(place)
    for name, value in place.element.items():
        yield from _attribute(place, name, value, page)
    if place.tag == "img":
        yield from _image(place)
    if place.tag in ("div", "span", "p") and place.element.get("aria-label") and not place.element.get("role"):
        yield "aria-label without a role, which is not read out"
    if place.tag == "script" and place.element.get("src") is None and _runs(place.element):
        yield "script in the page, which its policy refuses"
    if place.tag in ("button", "a", "summary", "label", "h1", "h2", "h3") and not _has_name(place.element):
        yield "nothing to read or to hear in it"


def _runs(script: ET.Element) -> bool:
    return script.get("type", "") in ("", "module", "text/javascript", "importmap", "speculationrules")


def _has_name(element: ET.Element) -> bool:
    if element.get("aria-label") or element.get("aria-labelledby") or element.get("title"):
        return True
    if "".join(element.itertext()).strip():
        return True
    return any(inner.get("alt") or inner.get("aria-label") or _name(inner) == "input" for inner in element.iter())


def _nesting(place: _Place) -> Iterator[str]:
    tag, above = place.tag, [_name(one) for one in place.above]
    if tag in _PARENTS and place.parent not in _PARENTS[tag]:
        yield "stands in a wrong element"
    if place.parent in _CHILDREN and tag not in _CHILDREN[place.parent] | _ANYWHERE:
        yield "stands in a wrong element"
    if place.parent in _ONLY_PHRASING and tag not in _PHRASING:
        yield "a block inside of running text"
    if tag in _INTERACTIVE and not (tag == "input" and place.element.get("type") == "hidden"):
        for outer in {"a", "button"}.intersection(above):
            yield f"a control inside of <{outer}>"
        if tag == "label" and "label" in above:
            yield "a label inside of a label"
    if tag == "form" and "form" in above:
        yield "a form inside of a form"
    if tag in ("main", "header", "footer") and {"header", "footer", "address"}.intersection(above):
        yield "a landmark inside of a header, footer or address"
    if tag == "main" and {"article", "aside", "nav", "section"}.intersection(above):
        yield "main inside of a part"
    if tag in ("picture", "dl", "figure") and not len(place.element):
        yield "is empty"
    if tag == "picture" and (not len(place.element) or _name(place.element[-1]) != "img"):
        yield "does not end with an <img>"


def _attribute(place: _Place, name: str, value: str, page: _Page) -> Iterator[str]:
    if name == "style":
        yield "style attribute, which the page's policy refuses"
    elif name.startswith("on"):
        yield f"script attribute {name}, which the page's policy refuses"
    elif name.startswith("aria-"):
        if name.removeprefix("aria-") not in _ARIA:
            yield f"no such attribute {name}"
    elif not name.startswith("data-") and name not in _GLOBAL | _ATTRIBUTES.get(place.tag, frozenset()):
        yield f"no such attribute {name}"
    allowed = _VALUES.get((place.tag, name)) or _VALUES.get(("*", name))
    if allowed and value.lower() not in allowed:
        yield f"{name}={value!r} is none of {', '.join(sorted(allowed))}"
    if name == "role" and not _ROLES.issuperset(value.split()):
        yield f"no such role {value!r}"
    if name in _WHOLE and not (value.isascii() and value.isdecimal()):
        yield f"{name}={value!r} is no whole number"
    if name == "tabindex" and value not in ("0", "-1"):
        yield f"tabindex={value} takes the order of the page away"
    if name in _REFERENCES:
        yield from (
            f"{name} names {ident!r}, which is not there" for ident in value.split() if not page.known_ids[ident]
        )
    if name in _ADDRESSES:
        yield from _address(place, name, value, page)
    if name in ("srcset", "imagesrcset"):
        yield from _candidates(place, name, value)


def _address(place: _Place, name: str, value: str, page: _Page) -> Iterator[str]:
    if not value:
        yield f"{name} is empty"
    elif _NOT_IN_ADDRESS.search(value):
        yield f"{name}={value!r} has characters that addresses do not have"
    elif value.startswith("#") and len(value) > 1 and value != "#top" and not page.known_ids[value[1:]]:
        yield f"{name}={value} leads to nothing"
    elif value.lower().startswith("javascript:"):
        yield f"{name} is a script"


def _candidates(place: _Place, name: str, value: str) -> Iterator[str]:
    found = [_CANDIDATE.fullmatch(part.strip()) for part in re.split(r",\s+|(?<=[wx]),", value)]
    if not value.strip() or not all(found):
        yield f"{name}={value!r} cannot be read"
        return
    widths = [one[2] for one in found if one is not None]
    if len(set(widths)) < len(widths) and any(widths):
        yield f"{name} has a width twice, or mixes widths and densities"
    if any(widths) and not place.element.get("sizes" if name == "srcset" else "imagesizes"):
        yield f"{name} with widths but without sizes"


def _image(place: _Place) -> Iterator[str]:
    missing: Iterable[str] = (name for name in ("src", "alt", "width", "height") if place.element.get(name) is None)
    yield from (f"no {name}" for name in missing)
