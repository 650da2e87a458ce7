"""How a car is written: title, card, one line of a list, what sets it apart."""

import re
from functools import lru_cache

from autoleads.bot import texts
from autoleads.bot.answers.focus import plain
from autoleads.formats import kilometers, rupiah
from autoleads.stock import Car
from autoleads.types import CarStatus

_MARKS = re.compile(r"[*_~`{}\[\]<>|#]")
_PLATE = re.compile(r"\b[A-Z]{1,2}[\s.-]*\d{1,4}[\s.-]+[A-Z]{1,3}\b|\b[A-Z]{1,2}\d{1,4}[A-Z]{1,3}\b")
_CONTACT = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|\+?\d[\d\s.-]{7,}\d")
_LONGEST = 160
_MOST_FEATURES = 3


@lru_cache(maxsize=4096)
def tidy(text: str) -> str:
    """A row's free text as it may be shown: no marks, no plate, no address or number to write to."""
    return bare(_CONTACT.sub("", _PLATE.sub("", text)))[:_LONGEST].strip(" ,;.-")


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """Without what the chat would read as marks."""
    return " ".join(_MARKS.sub("", text).split())


def title(car: Car) -> str:
    """`Avanza 2020 Hitam #A01`."""
    return f"{bare(car.public_name.replace(car.display_code, ''))} {car.display_code}"


def full_model(car: Car) -> str:
    return bare(f"{car.brand} {car.model}")


def state(car: Car) -> str:
    return texts.STATE[car.status]


def features(car: Car) -> list[str]:
    """Without those that only repeat the gearbox."""
    return [f for f in (tidy(raw) for raw in car.features) if f and f.lower() not in ("matic", "manual")]


def specs(car: Car) -> str:
    parts = [car.transmission.lower(), kilometers(car.km), (car.fuel or "").lower()]
    return ", ".join(part for part in parts if part)


def sentence(parts: list[str]) -> str:
    """`Velg racing 16 inch, spoiler belakang`: only the first keeps its capital, unless it is a name."""
    return ", ".join([parts[0], *(_lowered(part) for part in parts[1:])]) if parts else ""


def _lowered(part: str) -> str:
    first, rest = part[:1], part[1:]
    second = part.split()[1:2]
    a_name = bool(second) and second[0].istitle()  # "Honda Sensing", not "Velg racing"
    return part if rest[:1].isupper() or a_name else first.lower() + rest


def card(car: Car, *, with_notes: bool = True) -> str:
    """Title, price, state, what it is, its strong points and notes: everything of a first reply."""
    lines = [
        f"{title(car)} - {state(car)}",
        rupiah(car.price_idr),
        f"{full_model(car)}, {specs(car)}",
        sentence(features(car)),
    ]
    notes = tidy(car.condition_notes)
    if with_notes and notes:
        lines.append(notes)
    if car.branch:
        lines.append(f"📍 {tidy(car.branch)}")
    return "\n".join(line for line in lines if line)


def entry(number: int, car: Car, among: tuple[Car, ...]) -> str:
    """One numbered car of a list with what sets it apart from the others."""
    head = short_entry(number, car)
    apart = apart_from(car, among)
    return f"{head}\n{car.transmission}, {kilometers(car.km)}" + (f". {apart}" if apart else "")


def short_entry(number: int, car: Car) -> str:
    """One numbered car of a list that was just shown in full."""
    head = f"{number}. {title(car)} - {rupiah(car.price_idr)}"
    return head if car.status is CarStatus.AVAILABLE else f"{head} ({state(car)})"


def apart_from(car: Car, among: tuple[Car, ...]) -> str:
    """What this car has and the others do not: trim, fuel, features, notes, branch."""
    others = [other for other in among if other != car]
    shared = {plain(f) for other in others for f in features(other)}
    trim = _trim(car, others)
    parts = [trim] if trim else []
    if any(other.fuel != car.fuel for other in others) and car.fuel and plain(car.fuel) not in plain(trim):
        parts.append(car.fuel)
    own = [f for f in features(car) if plain(f) not in shared] or features(car)
    parts += own[: _MOST_FEATURES if len(among) <= _MOST_FEATURES else 2]
    if not own and (notes := tidy(car.condition_notes)):
        parts.append(notes.split(",")[0])
    if car.branch and any(other.branch != car.branch for other in others):
        parts.append(f"di {tidy(car.branch)}")
    return sentence(parts)


def _trim(car: Car, others: list[Car]) -> str:
    """The words of the model that not all of the same model share: `1.5 Veloz` beside `1.3 G`."""
    words = car.model.split()
    rivals = [other for other in others if other.model.split()[:1] == words[:1]]
    if len(words) < 2 or all(other.model == car.model for other in rivals):
        return ""
    named = {plain(word) for word in car.public_name.split()}
    told = [word for word in words[1:] if plain(word) not in named]
    rest = bare(" ".join(told if any(word.isalpha() for word in told) else words[1:]))
    name = plain(words[-1])
    repeated = len(name) > 2 and any(name in plain(feature) for feature in car.features)
    return f"Tipe {rest}" if rest and not repeated else ""


def brief(car: Car) -> str:
    """An alternative in half a line."""
    strong = features(car)[:1]
    told = [car.transmission.lower(), kilometers(car.km), *(_lowered(part) for part in strong)]
    return f"• {title(car)} - {rupiah(car.price_idr)} ({', '.join(told)})"


def wish(brand: str | None, model: str | None, year: str, color: str | None, gearbox: str | None) -> str:
    """`Avanza 2020 hitam matic` from what the customer named."""
    parts = [model or brand or "", year, (color or "").lower(), (gearbox or "").lower()]
    return " ".join(part for part in parts if part)
