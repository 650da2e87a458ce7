# ruff: noqa: E501 -- a pattern stays on one line
"""What a customer asks about one unit (km, tax, papers, ...) and what its row says about it."""

import re

from autoleads.bot import texts
from autoleads.bot.answers import cars as write
from autoleads.bot.answers.base import Scene
from autoleads.formats import kilometers
from autoleads.stock import Car

_MOST_ASKED = 3

# Columns: pattern of the question -> key of texts.ASKED
_COLUMNS: tuple[tuple[str, str], ...] = (
    (r"\bkm\b|kilometer|odo(meter)?\b", "km"),
    (
        r"\bmatic\b.*\bmanual\b|\bmanual\b.*\bmatic\b|transmisi|matic ato|\bmatic (?:kan|ya|ga|gak|bukan)\b",
        "transmission",
    ),
    (r"\bwarna(nya)?\b|\bcolou?r\b", "color"),
    (r"\bbbm\b|bahan bakar|\bbensin\b|\bsolar\b|\bdiesel\b", "fuel"),
    (r"\btahun (?:berapa|brp)\b|\bthn (?:berapa|brp)\b|\bkeluaran\b", "year"),
    (r"\btip?e\b|\btype\b|\bvarian\b", "trim"),
    (r"\bposisi|\bcabang\b|unit(nya)? (?:di ?mana|dmn)", "branch"),
)
# Notes and features: pattern of the question, words that answer it in a row, how the topic is called
_TOPICS: tuple[tuple[str, str, str], ...] = (
    (r"\bpajak|\bpjk\b|\btax\b", r"pajak|\btax\b", "pajak"),
    (r"banjir|\bflood", r"banjir", "riwayat banjir"),
    (r"tabrak|\blaka\b|accident", r"tabrak|laka\b", "riwayat tabrakan"),
    (r"\bserv[iy]s|\bservice|perawatan|bengkel resmi", r"serv[iy]s|service|auto2000", "riwayat servis"),
    (r"\bbekas (?:apa|siapa|pakai)|\btangan (?:ke|pertama|kedua|brp|berapa)|\btgn\b|pemilik|\bowner\b", r"tangan|pemilik|bekas", "riwayat pemilik"),
    (r"\bbpkb|\bstnk|\bsurat|faktur|dokumen", r"bpkb|stnk|surat|faktur", "surat-surat"),
    (r"\bmesin|\bengine", r"mesin|garansi", "kondisi mesin"),
    (r"\bban\b|\btires?\b", r"\bban\b", "kondisi ban"),
    (r"\bac\b", r"\bac\b|blower", "kondisi AC"),
    (r"kaki[ -]?kaki|\bkaki2", r"kaki", "kaki-kaki"),
    (r"\bcat\b|\bpaint\b|\bbody|\bbodi|baret|lecet|original|orisinil|\bori\b", r"\bcat\b|body|baret|origin|orisin", "kondisi bodi dan cat"),
    (r"interior|\bjok\b|dalemnya", r"interior|\bjok\b|seat", "interior"),
    (r"garansi|warranty", r"garansi", "garansi"),
    (r"kunci|\bkey", r"kunci|keyless", "kunci"),
    (r"\bvelg|\bpelek", r"velg", "velg"),
    (r"audio|head ?unit|android|\btape\b", r"audio|android", "audio"),
    (r"kamera|sensor parkir|\bcamera", r"kamera|sensor", "kamera parkir"),
    (r"airbag", r"airbag", "airbag"),
    (r"sunroof", r"sunroof", "sunroof"),
    (r"\birit\b|konsumsi", r"\birit\b", "konsumsi BBM"),
    (r"\bissue\b|minus|penyakit|kekurangan|kondisi", r".", "kondisi"),
)  # fmt: skip
PLATE = r"\bplat\b|\bnopol\b|\bnomor polisi\b"


def asked(scene: Scene, car: Car) -> list[str]:
    """The answers to what was asked, most pointed first; empty when no property was named."""
    lines: list[str] = []
    if scene.has(PLATE):
        lines.append(texts.ASKED_PLATE)
    for pattern, key in _COLUMNS:
        value = _column(car, key)
        if value and scene.has(pattern):
            lines.append(texts.ASKED[key].format(value=value))
    noted: list[str] = []
    unknown: list[str] = []
    for pattern, answer, topic in _TOPICS:
        if scene.has(pattern):
            parts = _noted(car, answer)
            noted += parts
            unknown += [] if parts else [topic]
    if noted:
        lines.append(texts.ASKED_NOTE.format(value=write.sentence(list(dict.fromkeys(noted))[:_MOST_ASKED])))
    if unknown:
        lines.append(scene.say(texts.ASKED_UNKNOWN, topic=_and(unknown[:_MOST_ASKED])))
    return lines


def _and(topics: list[str]) -> str:
    return " dan ".join([", ".join(topics[:-1]), topics[-1]]) if len(topics) > 1 else topics[0]


def _column(car: Car, key: str) -> str:
    match key:
        case "km":
            return kilometers(car.km)
        case "transmission":
            return car.transmission.lower()
        case "color":
            return write.tidy(car.color).lower()
        case "fuel":
            return (car.fuel or "").lower()
        case "year":
            return str(car.year)
        case "trim":
            return write.full_model(car)
        case _:
            return write.tidy(car.branch or "")


def _noted(car: Car, pattern: str) -> list[str]:
    """The parts of the row's notes and features that speak of it."""
    parts = [*write.tidy(car.condition_notes).split(", "), *write.features(car)]
    return [part.strip() for part in parts if part and re.search(pattern, part.lower())]
