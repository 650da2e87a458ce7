"""An owner's words about a car that is being uploaded, put into values."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from autoleads import plates
from autoleads.bot import texts_upload as texts
from autoleads.bot.staff.draft import MOST_FEATURE, MOST_FEATURES
from autoleads.bot.understanding.command_base import Problem
from autoleads.bot.understanding.commands import read_command
from autoleads.bot.understanding.measures import MILLION
from autoleads.bot.understanding.normalize import clean, lexicon, number, pieces
from autoleads.bot.understanding.numerals import spelled
from autoleads.bot.understanding.remainders import LEAST_PRICE
from autoleads.bot.understanding.uploads import marked
from autoleads.formats import legible, rupiah
from autoleads.stock import Stock

_LEADS = {"price": "harga", "km": "km", "year": "tahun"}
_FIGURES = frozenset({"price", "km"})
_BEGINS_BARE = re.compile(r"\W*(?:rp\W*)?[\d.,]++(?!\s*\d)", re.IGNORECASE)
_BARE = re.compile(r"\W*(?:rp\W*)?[\d.,]+\W*", re.IGNORECASE)
# Thousands where a price is told: "185 rb", "Rp 185k".
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,2})?)\s*(?:rb|ribu|k)(?:an)?\b", re.IGNORECASE)
_OF_KM = re.compile(r"km\b|\b(?:kilo|odo)", re.IGNORECASE)
_OF_PRICE = re.compile(r"\b(?:harga|hrg)", re.IGNORECASE)
_BEFORE_FIGURE = re.compile(r"^\D+(?=\d)")
_SAID_LOW = re.compile(r"[^\d]*\b(?:dikit|sedikit|rendah|low|kecil|minim|antik|irit)\b[^\d]*", re.IGNORECASE)
_PLATE_PART = re.compile(r"\W*(?:(?:plat|pelat|nopol)(?:nya)?\W+)?(?:genap|ganjil|[a-z]{1,2})\W*", re.IGNORECASE)
_SPACED_DIGITS = re.compile(r"\W*(?:\d(?: \d){1,8}|\d{1,3}(?: 000)+)(?: ?(?:jt|juta|rb|ribu))?\W*", re.IGNORECASE)
_SHOWN = 40  # characters of an answer that is told back
_NO_PLATE = re.compile(
    r"\W*|.*\b(?:tanpa|belum|blm|tidak|gak?|nggak|skip|kosong|nanti|ntar|nyusul|menyusul)\b.*",
    re.IGNORECASE | re.DOTALL,
)
# What stands at a plate's place and is none: "B12345XYZ |", but not "OTR 76,5".
_PLATE_LIKE = re.compile(r"\s*(?:/upload\s+)?(([a-z]{1,3})[ .-]?\d{1,6}[ .-]?[a-z]{0,4})\s*[|,;\n]", re.IGNORECASE)
_PLATE_LATER = re.compile(
    r"\W*(?:(?:tanpa|belum|blm|tidak|gak?|nggak) (?:ada )?)?(?:plat|pelat|nopol)(?:nya)?\b"
    r"(?:.{0,20}\b(?:nyusul|menyusul|nanti|ntar|belum|blm|tidak|gak?|nggak|kosong)\b.{0,20})?\W*",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_][\w '/-]{1,48}")
_CAR = re.compile(r"([^\W\d_][\w-]+)\s+(\S.{0,90})")
_CORRECTION = re.compile(
    r"\W*(?:(?:eh|oh|maaf|sori|sorry|ralat|koreksi|revisi|salah|ganti|ubah|edit|yang|ternyata)\W+)*"
    r"(?:harga|hrg|km|kilometer|odo|tahun|thn|warna|plat|nopol|transmisi|merek|merk|model|bbm)(?:nya)?\b",
    re.IGNORECASE,
)


def read_data(text: str, stock: Stock, now_year: int) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """A line of data in any of its forms, with or without the command before it."""
    text = re.sub(r"^\s*/\s*upload\b", "", text, flags=re.IGNORECASE).strip()
    like = _PLATE_LIKE.match(text)
    plate = plates.clean(like[1]) if like else None
    if like is None or (plate is None and like[2].lower() in lexicon().known):  # "OTR 76," is a price
        return _read(text, stock, now_year)
    said, problems = _read(text[like.end() :], stock, now_year)
    if plate is None:
        return said, (Problem("plate", like[1], texts.PLATE_BAD.format(said=like[1])), *problems)
    if plate[-1].isdigit() and "model" in said:  # "B 12 | Avanza"; "L 300 | 2015" begins with the car
        return {**said, "plate": plate}, problems
    return _read(text, stock, now_year)


def _read(text: str, stock: Stock, now_year: int) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    given = read_command(f"/upload {text}", stock, {}, now_year)
    return dict(given.entities), given.problems


def read_field(name: str, text: str, stock: Stock, now_year: int) -> tuple[dict[str, Any], tuple[Problem, ...], bool]:
    """The answer to a question for one field, which may bring others along; True when the car has no plate."""
    lead = _LEADS.get(name)
    text = _in_digits(text) if lead else text
    if lead and _BARE.fullmatch(text):
        return *_led(name, text, stock, now_year), False
    if name == "plate" and (plate := plates.clean(text)):
        return {"plate": plate}, (), False
    text = legible(text)
    said, problems = read_data(text, stock, now_year)
    known = _fields(said, problems)
    if lead and name not in known and known <= _FIGURES and _BEGINS_BARE.match(text):
        meant, unclear = _led(name, text, stock, now_year)  # "185 nego", "45-50"
        if meant or unclear:
            return meant, unclear, False
    if doubt := _in_other_unit(name, text, said, problems) or _in_words(name, text, known):
        return {}, (doubt,), False
    if name == "plate" and "plate" not in said and _NO_PLATE.fullmatch(text):
        return {}, (), True
    if name == "color" and not said and _WORDS.fullmatch(text):
        return {"color": " ".join(text.split()).title()}, (), False
    if name == "model" and "model" not in said and (car := _CAR.fullmatch(" ".join(text.split()))):
        return {"brand": car[1].title(), "model": car[2]}, (), False
    return said, problems, False


def _in_digits(text: str) -> str:
    """A number alone as dictation has it: "1 8 5", "185 000 000", "seratus delapan puluh lima"."""
    if _SPACED_DIGITS.fullmatch(text):
        return text.replace(" ", "")
    if any(letter.isdigit() for letter in text):
        return text
    tokens = spelled(list(pieces(clean(text))))
    alone = len(tokens) == 1 and tokens[0].value is not None
    return f"{tokens[0].value:.10g}".replace(".", ",") if alone else text


def _fields(said: Mapping[str, Any], problems: Iterable[Problem]) -> set[str]:
    return {*said, *(problem.field for problem in problems)}


def _in_other_unit(name: str, text: str, said: Mapping[str, Any], problems: Iterable[Problem]) -> Problem | None:
    """A price in thousands, or a distance in millions: rather another unit was meant than another field."""
    known, shown = _fields(said, problems), _BEFORE_FIGURE.sub("", " ".join(text.split()))[:_SHOWN]
    if name == "price" and known <= {"km"} and not _OF_KM.search(text):
        few = _THOUSANDS.search(text)
        meant = number(few[1]) if few else said.get("km", 0) / 1000  # "seratus delapan puluh lima ribu"
        guess = texts.PRICE_MEANT.format(price=rupiah(round(meant * MILLION)), typed=f"{meant:g}".replace(".", ","))
        told = texts.PRICE_IN_THOUSANDS.format(said=shown)
        return Problem(name, shown, told + guess if meant >= LEAST_PRICE else told) if meant else None
    if name == "km" and known == {"price"} and not _OF_PRICE.search(text):
        return Problem(name, shown, texts.KM_IN_MILLIONS.format(said=shown))
    return None


def _in_words(name: str, text: str, known: set[str]) -> Problem | None:
    """Words where the figure or the whole plate is needed."""
    said = " ".join(text.split())[:_SHOWN]
    if name == "km" and not known and _SAID_LOW.fullmatch(text):
        return Problem(name, said, texts.KM_IN_WORDS)
    if name == "plate" and not known and _PLATE_PART.fullmatch(text):
        return Problem(name, said, texts.PLATE_IN_PART)
    return None


def _led(name: str, text: str, stock: Stock, now_year: int) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """A figure without a word for it, as the value of the field that was asked for."""
    said, problems = read_data(f"{_LEADS[name]} {marked(name, text)}", stock, now_year)
    mine = {key: value for key, value in said.items() if key == name}
    return mine, tuple(problem for problem in problems if problem.field == name)


def read_correction(text: str, stock: Stock, now_year: int) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """ "harga salah harusnya 180jt" at a step that asks for something else; nothing when it is no such thing."""
    if not _CORRECTION.match(text):
        return {}, ()
    said, problems = read_data(text, stock, now_year)
    name = "price" if _OF_PRICE.search(text) else "km" if _OF_KM.search(text) else ""
    if doubt := _in_other_unit(name, text, said, problems):
        return {}, (doubt,)
    return said, problems


def plate_later(text: str) -> bool:
    """ "plat nyusul" at a step that asks for something else."""
    return _PLATE_LATER.fullmatch(text) is not None


def read_features(text: str) -> tuple[str, ...] | None:
    """None when there are too many or one is too long."""
    parts = (" ".join(part.strip(" \t-•*.").split()) for part in re.split(r"[,;\n|]", legible(text)))
    features = tuple(dict.fromkeys(part for part in parts if part))
    fits = len(features) <= MOST_FEATURES and all(len(one) <= MOST_FEATURE for one in features)
    return features if fits else None
