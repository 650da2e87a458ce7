"""The data of a new car as its owner writes them: what was read, and what was written but cannot be taken."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from autoleads.bot.understanding.carline import car_in, distances, plate_alone, prices, read_car
from autoleads.bot.understanding.command_base import Problem, command_words
from autoleads.bot.understanding.details import VALUES
from autoleads.bot.understanding.measures import MILLION
from autoleads.bot.understanding.normalize import lexicon, number
from autoleads.bot.understanding.plates import Written
from autoleads.bot.understanding.reading import read
from autoleads.bot.understanding.remainders import LEAST_PRICE
from autoleads.bot.understanding.scene import Scene
from autoleads.bot.understanding.speech import spoken
from autoleads.bot.understanding.stockwords import stock_words
from autoleads.stock import Stock
from autoleads.stock_csv import FIRST_YEAR, KM_RANGE, LEAST_IN_THOUSANDS, PRICE_RANGE_IDR

_ORDER = ("plate", "model", "year", "price", "km", "transmission", "color", "fuel")  # as the bot asks for them
_BARS = re.compile(r"[|\t]|\s/\s")
_COMMA = re.compile(r"\s*;\s*|,\s+|,(?!\d)|(?<!\d),")
_LEAST_FIELDS = 5
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_UNIT = re.compile(r"^\W*(?:rp\W*)?|,?-*\W*(?:\b(?:rupiah|nego|nett?)\W*)*$", re.IGNORECASE)  # "Rp 185.500,- nego"
_OH = re.compile(r"(?<![\w#])(?:\d+[oO][\doO]*|[oO]\d+)[a-z]*(?!\w)")
_NOTHING = re.compile(r"\W*|.*\b(?:tanpa|belum|blm|ga|gak|tidak|no)\b.*", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d.,])(19[89]\d|20[0-4]\d)(?![\d.,]*\d|\s*(?:rb|ribu|km|k|jt|cc)\b)")
_PICK_UP = re.compile(r"\bpick ?up\b")
_SHORT_TRIM, _LONGEST_TRIM = 3, 12
_MILLIARDS = re.compile(r"\d+(?:[.,]\d+)?\s*m", re.IGNORECASE)
# "185 nego", "185,5 net pas", "185.500 masih bisa kurang": what can be bargained about is the price.
_BARGAINED = re.compile(
    r"(?<![\w#.,/:-])([1-9]\d{1,2}(?:[.,]\d{1,3})?)"
    r"(?=\W*+(?:(?:masih|bisa|bs|harga|hrg)\W++)*+(?:nego|net|nett|pas|fix|fixed|kurang)\b)",
    re.IGNORECASE,
)
_WORD_BEFORE = re.compile(r"([^\W\d_]++)\W*+\Z")
_NEAR = 20  # characters before a number, of which the last word tells what it is of
_IN_MILLIONS = re.compile(r"\d\s*(?:jt|juta)\b", re.IGNORECASE)
_LEAST_BARGAINED = 100  # millions; fewer may be a year of two digits, unless the year is told in four
_FEW_THOUSANDS = re.compile(r"(?:rp\W*)?\d{1,3}(?:[.,]\d{1,2})?\s*(?:rb|ribu|k)(?:an)?", re.IGNORECASE)
_MILLIONS = re.compile(r"\d\s*(?:jt|juta|m)", re.IGNORECASE)
_UP_TO = "< "
_SAID_IN_RB = 1000


def split_fields(text: str) -> list[str]:
    """The fields of a line with bars, of several lines, or with commas; one field when it is a sentence."""
    for split in (_BARS.split, lambda line: line.split("\n"), _COMMA.split):
        fields = [field.strip() for field in split(text)]
        if sum(bool(field) for field in fields) >= _LEAST_FIELDS:
            return fields
    return [text]


def read_upload(
    text: str, plate: Written | None, stock: Stock, now_year: int
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """`text` is cleaned, `plate` stands in it. Every field that was understood is kept, whatever the others are."""
    if plate:
        text = text[: plate.start] + text[plate.end :]
    problems: dict[str, Problem] = {}
    text = _without_ohs(text, problems)
    typed = split_fields(_bargained(text))
    places = _places(typed, plate) if len(typed) > 1 else {}
    few = _few_for_price(typed, places)
    fields = ["" if i == few else spoken(marked(places.get(i), field)) for i, field in enumerate(typed)]
    said = _read_fields(_figures_first(fields, places), stock, problems)
    if "year" not in said and "year" not in problems and (year := _YEAR.search(" ".join(fields))):
        said["year"] = int(year[1])
    if plate:
        said["plate"] = plate.clean
    for at, name in places.items():
        if name not in said and name not in problems and not _NOTHING.fullmatch(typed[at]):
            problems[name] = _problem(name, typed[at])
    for wrong in out_of_range(said, now_year):
        problems[wrong.field] = wrong
        del said[wrong.field]
    return said, tuple(problems[name] for name in _ORDER if name in problems)


def out_of_range(values: Mapping[str, Any], now_year: int) -> list[Problem]:
    """What of year, price and km no car can have."""
    bounds = {"year": (FIRST_YEAR, now_year + 1), "price": PRICE_RANGE_IDR, "km": KM_RANGE}
    found = []
    for name, (low, high) in bounds.items():
        value = values.get(name)
        if value is not None and not low <= value <= high:
            said = str(value) if name == "year" else f"{value:,}".replace(",", ".")
            found.append(_problem(name, said, name, low=low, high=high))
    return found


def _bargained(text: str) -> str:
    """A bare number of a price's size that can be bargained about is marked as the price, where no sum is told."""
    if _IN_MILLIONS.search(text):
        return text
    dated = _YEAR.search(text) is not None

    def mark(match: re.Match[str]) -> str:
        before = _WORD_BEFORE.search(text[max(0, match.start() - _NEAR) : match.start()])
        if before and before[1].lower() in command_words().groups["no_price"]:
            return match[0]
        value = number(match[1])
        least = LEAST_PRICE if dated else _LEAST_BARGAINED
        return marked("price", match[1]) + " juta" * (value < 1000) if value >= least else match[0]

    return _BARGAINED.sub(mark, text)


def _few_for_price(typed: list[str], places: Mapping[int, str]) -> int | None:
    """Where "185rb" stands at the price's place, which is no distance unless the two were swapped."""
    at = {name: place for place, name in places.items()}
    if "price" not in at or "km" not in at or _MILLIONS.search(typed[at["km"]]):
        return None
    return at["price"] if _FEW_THOUSANDS.fullmatch(typed[at["price"]]) else None


def _figures_first(fields: list[str], places: Mapping[int, str]) -> list[str]:
    """What stands at the place of a sum or a year comes before what a car's name may look like: "VOXY20" is of
    no year beside one."""
    figures = [at for at, name in places.items() if name in ("year", "price", "km")]
    return [*(fields[at] for at in figures), *(field for at, field in enumerate(fields) if at not in figures)]


def _without_ohs(text: str, problems: dict[str, Problem]) -> str:
    """ "2O18", "1O5jt": a number with the letter in it is not guessed at."""
    for match in reversed(list(_OH.finditer(text))):
        if name := _meant_by(match[0].lower()):
            problems[name] = _problem(name, match[0])
            text = text[: match.start()] + text[match.end() :]
    return text


def _read_fields(fields: list[str], stock: Stock, problems: dict[str, Problem]) -> dict[str, Any]:
    words = stock_words(stock)
    scenes = [read(field, words) for field in fields]
    line = car_in(scenes[0]) if len(fields) == 1 else read_car(" | ".join(fields), stock)
    said = {key: value for key, value in line.said().items() if key != "base_model"}
    figures = [seen for field, seen in zip(fields, scenes, strict=True) if not plate_alone(field)]
    for name, told in (("price", _prices(figures)), ("km", _distances(figures))):
        if len(told) > 1 or any(one.startswith(_UP_TO) for one in told):
            problems[name] = _problem(name, " / ".join(told))
            said.pop(name, None)
    if "model" in said:
        said["model"] = " ".join([said["model"], *_more_trims(scenes, said["model"], alone=len(fields) > 1)])
    return said


def _prices(scenes: Iterable[Scene]) -> list[str]:
    sums = dict.fromkeys(sum_ for seen in scenes for sum_ in prices(seen))
    return [f"{sum_ / MILLION:.10g}jt".replace(".", ",") for sum_ in sums]


def _distances(scenes: Iterable[Scene]) -> list[str]:
    driven = [amount for seen in scenes for amount in distances(seen)]
    ends = dict.fromkeys((one.limit == "max", end) for one in driven for end in (one.low, one.high))
    return [f"{_UP_TO * bounded}{_driven(end)}" for bounded, end in ends]


def _driven(km: int) -> str:
    return f"{km / 1000:g}rb".replace(".", ",") if km >= _SAID_IN_RB else f"{km} km"


def _more_trims(scenes: Iterable[Scene], model: str, *, alone: bool) -> Iterator[str]:
    """Words in the row behind the name that no table has as trims ("panther lv", "xenia x", "xl7 beta").

    `alone`: the name has a field of its own, where any word that is none of the language counts; in a
    sentence only short or listed ones do.
    """
    longest = _LONGEST_TRIM if alone else _SHORT_TRIM
    for seen in scenes:
        if not seen.models:
            continue
        if _PICK_UP.search(seen.models[0].token.text) and not _PICK_UP.search(model.lower()):
            yield "Pick Up"  # a spelling of the name that swallows it
        for token in seen.tokens[seen.models[0].at + 1 :]:
            if token.role in ("trim", "engine", "part"):
                continue
            listed = token.text in command_words().groups["more_trims"]
            strange = token.word == token.text and token.text not in lexicon().known and len(token.text) <= longest
            if token.kind != "word" or token.role or token.word in VALUES or not (listed or strange):
                return
            if token.text.upper() not in model.upper().split():
                yield token.text.upper() if len(token.text) <= _SHORT_TRIM else token.text.capitalize()
        return


def _places(fields: list[str], plate: Written | None) -> dict[int, str]:
    """Which field each place holds, when the line keeps to the order that the bot asks for."""
    order = list(_ORDER)
    led = plate is not None and plate.start == 0
    if not led and re.search(r"[a-z]{3}", fields[0], re.IGNORECASE) and not _NOTHING.fullmatch(fields[0]):
        order = order[1:]  # it begins with the car's name
    year = order.index("year")
    if not 0 <= len(order) - len(fields) <= 2 or not re.fullmatch(r"[\w']{0,5}", fields[year]):
        return {}
    return dict(enumerate(order[: len(fields)]))


def marked(name: str | None, field: str) -> str:
    """A bare number gets the word of its field, so that "45.000" is read as what stands at that place.

    A price is never told in single rupiahs: "215.000" at its place counts thousands of them.
    """
    if name == "price" and _MILLIARDS.fullmatch(field):
        return f"harga {field}"  # no trim, as in "Ayla 1.0 M"
    bare = _UNIT.sub("", field)
    if not _NUMBER.fullmatch(bare):
        return field
    field = bare
    if name == "km":
        return f"km {field}"
    if name == "year":
        return field if len(field) in (2, 4) else ""
    if name != "price":
        return field
    value = number(field)
    if LEAST_IN_THOUSANDS <= value < MILLION:
        return f"harga {value / 1000:g} juta"
    return f"harga {field}" if value < 1000 or value >= 10 * MILLION else ""


def _meant_by(word: str) -> str:
    """The field that a number with the letter O in it was to fill."""
    if word.endswith(("jt", "juta", "m")):
        return "price"
    if word.endswith(("rb", "ribu", "km", "k", "rban")):
        return "km"
    return "year" if re.fullmatch(r"[12o][\do]{3}", word) else ""


def _problem(name: str, said: str, kind: str = "unread", **limits: int) -> Problem:
    words = command_words()
    label, example = words.fields[name]
    return Problem(name, said, words.problems[kind].format(name=label, said=said, example=example, **limits))
