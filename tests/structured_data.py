"""What is wrong with the JSON-LD of a page, by the vocabulary of schema.org and by what search engines need of it."""

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import html5lib
from schema_org import registry

_CONTEXTS = ("https://schema.org", "https://schema.org/", "http://schema.org", "http://schema.org/")
# Without these a result is shown as plain text, or not understood at all; the vocabulary itself requires nothing.
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "Product": ("name", "offers"),  # of a picture more would be shown; a car without photos has none to tell of
    "Offer": ("price", "priceCurrency", "availability"),
    "ItemList": ("itemListElement",),
    "ListItem": ("position",),
    "LocalBusiness": ("name", "address"),
    "QuantitativeValue": ("value",),
    "OpeningHoursSpecification": ("dayOfWeek",),
}
_URL_CHARACTERS = re.compile(r"[\x21-\x3B\x3D\x3F-\x5B\x5D\x5F\x61-\x7A\x7E]+", re.ASCII)
_DURATION = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_MONTH = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?", re.ASCII)
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)


def structured_data_problems(text: str) -> list[str]:
    """Of a whole page. A page without any has the problem that it has none."""
    document = html5lib.parse(text, namespaceHTMLElements=False)
    blocks = [e.text or "" for e in document.iter("script") if e.get("type") == "application/ld+json"]
    if not blocks:
        return ["no structured data"]
    problems: list[str] = []
    items: list[tuple[str, dict[str, Any]]] = []
    for n, block in enumerate(blocks):
        try:
            items += _items(json.loads(block), f"block {n}", problems)
        except ValueError as exc:
            problems.append(f"block {n}: no JSON: {exc}")
    known = {item["@id"]: item for _, top in items for _, item in _nested("", top) if "@id" in item and "@type" in item}
    for path, item in items:
        problems += _item(path, item, known)
    return problems


def _items(block: Any, path: str, problems: list[str]) -> list[tuple[str, dict[str, Any]]]:
    listed = block if isinstance(block, list) else [block]
    found: list[tuple[str, dict[str, Any]]] = []
    for top in listed:
        if not isinstance(top, dict) or top.get("@context") not in _CONTEXTS:
            problems.append(f"{path}: @context is not https://schema.org")
            continue
        parts = top["@graph"] if "@graph" in top else [{k: v for k, v in top.items() if k != "@context"}]
        found += [(path, part) for part in parts]
    return found


def _nested(path: str, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from _nested(f"{path}.{key}", inner)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _nested(f"{path}[{n}]", inner)


def _item(path: str, item: Any, known: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    if not isinstance(item, dict):
        yield f"{path}: {item!r} is no object"
        return
    types = _types(item)
    if not types:
        yield f"{path}: no @type"
    for name in types:
        if name not in registry.CLASS_METADATA:
            yield f"{path}: schema.org has no type {name}"
            return
        if registry.CLASS_METADATA[name].superseded_by:
            yield f"{path}: type {name} is superseded by {registry.CLASS_METADATA[name].superseded_by}"
    path = f"{path} {'+'.join(types)}"
    lineage = _lineage(types)
    for name, value in item.items():
        if name == "@id":
            yield from _url(f"{path}.@id", value)
        elif name.startswith("@"):
            if name != "@type":
                yield f"{path}: keyword {name} is not for here"
        else:
            yield from _property(path, lineage, name, value, known)
    for of, names in _NEEDED.items():
        if of in lineage:
            yield from (f"{path}: {of} needs {name}" for name in names if item.get(name) in (None, "", []))
    yield from _special(path, lineage, item)


def _types(item: Mapping[str, Any]) -> list[str]:
    written = item.get("@type", [])
    return [str(name) for name in (written if isinstance(written, list) else [written])]


def _lineage(types: Iterable[str]) -> set[str]:
    """The types and all they descend from."""
    return {name for one in types for name in (one, *registry.ancestry(one))}


def _property(
    path: str, lineage: set[str], name: str, value: Any, known: Mapping[str, dict[str, Any]]
) -> Iterator[str]:
    # Of an action that is yet to be done, `query-input` tells what its `query` will take: schema.org/docs/actions.html
    facts = registry.PROPERTY_BY_SCHEMA.get(name.removesuffix("-input") if "Action" in lineage else name)
    if facts is None:
        yield f"{path}: schema.org has no property {name}"
        return
    if not lineage.intersection(facts.domains):
        yield f"{path}: property {name} is not for this type, but for {', '.join(facts.domains)}"
    if facts.superseded_by:
        yield f"{path}: property {name} is superseded by {facts.superseded_by}"
    values = value if isinstance(value, list) else [value]
    if not values:
        yield f"{path}.{name}: an empty list"
    for one in values:
        yield from _value(f"{path}.{name}", one, facts.ranges, known)


def _value(path: str, value: Any, ranges: tuple[str, ...], known: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _object(path, value, ranges, known)
    elif not _fits(value, ranges):
        yield f"{path}: {value!r} is no {' or '.join(ranges)}"
    elif isinstance(value, str) and "URL" in ranges and "Text" not in ranges:
        yield from _url(path, value)


def _object(
    path: str, value: dict[str, Any], ranges: tuple[str, ...], known: Mapping[str, dict[str, Any]]
) -> Iterator[str]:
    target = value
    if "@type" not in value and "@id" in value:  # only a reference
        if value["@id"] not in known:
            yield from _value(path, value["@id"], ranges, known)
            return
        target = known[value["@id"]]
    else:
        yield from _item(path, value, known)
    if (types := _types(target)) and not _lineage(types).intersection(ranges):
        yield f"{path}: {'+'.join(types)} is no {' or '.join(ranges)}"


def _fits(value: Any, ranges: tuple[str, ...]) -> bool:
    if isinstance(value, bool):
        return "Boolean" in ranges
    if isinstance(value, int | float):
        return bool({"Number", "Float"}.intersection(ranges)) or ("Integer" in ranges and isinstance(value, int))
    if not isinstance(value, str) or not value.strip():
        return False
    return any(_text_fits(value, kind) for kind in ranges)


def _text_fits(value: str, kind: str) -> bool:
    if registry.ENUM_MEMBERS.get(kind):
        scheme, found, name = value.partition("://schema.org/")
        return bool(found) and scheme in ("http", "https") and name in registry.ENUM_MEMBERS[kind]
    if kind in ("Date", "DateTime"):
        return _is_date(value) if kind == "Date" else _is_moment(value)
    if kind in ("Duration", "Time"):
        return bool((_DURATION if kind == "Duration" else _TIME).fullmatch(value))
    # In place of a thing may stand the address of a page that is about it.
    return kind in ("Text", "URL") or (kind in registry.CLASS_METADATA and not list(_url("", value)))


def _is_date(value: str) -> bool:
    if _MONTH.fullmatch(value):
        return True
    try:
        return datetime.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_moment(value: str) -> bool:
    try:
        return "T" in value and bool(datetime.datetime.fromisoformat(value))
    except ValueError:
        return False


def _url(path: str, value: Any) -> Iterator[str]:
    parts = urlsplit(value) if isinstance(value, str) else None
    if (
        parts is None
        or parts.scheme not in ("http", "https")
        or not parts.netloc
        or not _URL_CHARACTERS.fullmatch(value)
    ):
        yield f"{path}: {value!r} is no absolute web address"


def _special(path: str, lineage: set[str], item: Mapping[str, Any]) -> Iterator[str]:
    if "Offer" in lineage:
        price = item.get("price")
        if price is not None and not (_NUMBER.fullmatch(str(price)) and float(price) > 0):
            yield f"{path}.price: {price!r} is no plain number above 0"
        if not re.fullmatch("[A-Z]{3}", str(item.get("priceCurrency", "IDR"))):
            yield f"{path}.priceCurrency: {item['priceCurrency']!r} is no ISO 4217 code"
    if "ItemList" in lineage:
        elements = item.get("itemListElement", [])
        listed = elements if isinstance(elements, list) else [elements]
        places = [one.get("position") for one in listed if isinstance(one, dict)]
        # schema.org/numberOfItems: it counts the entire list, of which a page may describe a part. Trails are whole.
        total = item.get("numberOfItems", len(listed))
        first = 1 if "BreadcrumbList" in lineage or total == len(listed) else next(iter(places), 1)
        right = isinstance(first, int) and 1 <= first <= total - len(listed) + 1
        if not right or places != list(range(first, first + len(listed))):
            yield f"{path}: positions are {places}, not {len(listed)} in a row of {total}"
    if "BreadcrumbList" in lineage:
        steps = [one for one in item.get("itemListElement", []) if isinstance(one, dict)]
        for n, one in enumerate(steps, 1):
            named = one.get("name") or (isinstance(one.get("item"), dict) and one["item"].get("name"))
            if not named:
                yield f"{path}: step {n} has no name"
            if n < len(steps) and not one.get("item"):
                yield f"{path}: step {n} leads nowhere"
    country = item.get("addressCountry")
    if isinstance(country, str) and not re.fullmatch("[A-Z]{2}", country):
        yield f"{path}.addressCountry: {country!r} is no ISO 3166 code"
