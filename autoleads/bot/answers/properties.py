# ruff: noqa: E501 -- a pattern stays on one line
"""What a customer asks about one unit (km, tax, papers, ...) and what its row says about it."""

import re
from dataclasses import dataclass

from autoleads.bot import texts
from autoleads.bot.answers import cars as write
from autoleads.bot.answers.base import Scene
from autoleads.formats import kilometers
from autoleads.stock import Car

_MOST_ASKED = 3
UNKNOWN = "belum tercatat"
_ELECTRIC = "Listrik"

# Columns: pattern of the question -> key of texts.ASKED
_COLUMNS: tuple[tuple[str, str], ...] = (
    (r"\bkm(?:nya|ne)?\b|kilometer|odo(meter)?\b|\bmileage\b", "km"),
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
    (r"\bpaj[ae]k|\bpjk\b|\btax\b", r"pajak|\btax\b", "pajak"),
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
    (r"jarak tempuh|sekali (?:cas|charge)|\brange\b", r"jarak tempuh|\d km", "jarak tempuh baterai"),
    (r"\bcharger|\bcas(?:an)?\b|wall ?charge", r"charger|wall charge", "charger"),
    (r"\bbaterai|\bbatre|\bbattery", r"baterai", "baterai"),
    (r"kondisi", r".", "kondisi"),
)  # fmt: skip
_FLAWS = r"\bissue\b|\bminus|penyakit|kekurangan"
_FLAW = (
    r"baret|lecet|cat ulang|pernah cat|penyok|rembes|retak|\bpr\b|keropos|diperbarui|bekas (?:proyek|angkutan|dinas)"
)
_ASKING = re.compile(
    r"\?|\b(?:brp|berapa|brapa|piro|pinten|gimana|gmn|bagaimana|apa|kapan|kpn|masih|msh|pernah|ada|gak|ga|nggak|ngga|"
    r"mboten|ta|how|what|when|mana|dimana|dmn|info|hidup|aman|lengkap)\b"
)
_CLAUSES = re.compile(r"[,.;\n]| (?:dan|sama|terus|trus|and) |(?<=\?)")
_DISTANCE = r"jarak tempuh|sekali (?:cas|charge)"
PLATE = r"\bplat(?:nya|e)?\b|\bnopol(?:nya)?\b|\bnomor polisi\b|\bganjil\b|\bgenap\b"


@dataclass(frozen=True, slots=True)
class Told:
    """`unknown`: topics that the row says nothing about, so that a person has to be asked."""

    lines: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lines)


def asks_any(text: str) -> bool:
    """Whether a property is named at all."""
    return any(re.search(pattern, text) for pattern, *_ in (*_COLUMNS, *_TOPICS)) or bool(re.search(_FLAWS, text))


def asked(scene: Scene, car: Car) -> Told:
    """The answers to what was asked, most pointed first; empty when no property was named."""
    return _answered(scene, car, scene.text)


def asked_beside(scene: Scene, car: Car) -> Told:
    """The same for a message whose main wish is another: only what stands in a clause that asks."""
    return _answered(scene, car, "\n".join(one for one in _CLAUSES.split(scene.text) if one and _ASKING.search(one)))


def _answered(scene: Scene, car: Car, text: str) -> Told:
    lines = [texts.ASKED_PLATE] if re.search(PLATE, text) else []
    columns, noted, unknown = _looked_up(car, text)
    lines += [texts.ASKED[key].format(value=value) for key, value in columns]
    if noted:
        lines.append(texts.ASKED_NOTE.format(value=write.sentence(noted)))
    if re.search(_FLAWS, text):
        flaws = _noted(car, _FLAW)
        lines.append(texts.ASKED_FLAWS.format(value=write.sentence(flaws)) if flaws else texts.ASKED_NO_FLAWS)
    if unknown:
        lines.append(scene.say(texts.ASKED_UNKNOWN, topic=_and(unknown)))
    return Told(tuple(lines), tuple(unknown))


def row(car: Car, text: str) -> str:
    """The same in a few words, for one line of a list: `41.000 km, pajak Maret`."""
    columns, noted, unknown = _looked_up(car, text)
    told = [value for _, value in columns] + noted + ([f"{_and(unknown)} {UNKNOWN}"] if unknown else [])
    if re.search(_FLAWS, text):
        told += _noted(car, _FLAW) or ["minus tidak tercatat"]
    said = write.sentence(told)
    return said[:1].upper() + said[1:]


def _looked_up(car: Car, text: str) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """Columns (key, value), notes, and topics that nothing is known of."""
    distance = car.fuel == _ELECTRIC and re.search(_DISTANCE, text)
    columns = [(key, _column(car, key)) for pattern, key in _COLUMNS if re.search(pattern, text)]
    columns = [(key, value) for key, value in columns if value and not (key == "km" and distance)]
    noted: list[str] = []
    unknown: list[str] = []
    for pattern, answer, topic in _TOPICS:
        if re.search(pattern, text):
            parts = _noted(car, answer)
            noted += parts
            unknown += [] if parts else [topic]
    return columns, list(dict.fromkeys(noted))[:_MOST_ASKED], unknown[:_MOST_ASKED]


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
