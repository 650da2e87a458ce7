"""What of a sentence is to be stored, told apart from what only says which car is meant."""

import re
from typing import Any

from autoleads.bot.understanding.amounts import LEAST_PRICE, Amount
from autoleads.bot.understanding.command_base import Command
from autoleads.bot.understanding.measures import MILLION
from autoleads.bot.understanding.orders import Line, is_price
from autoleads.bot.understanding.scene import Scene
from autoleads.types import CarStatus

_FIELD_OF = {"year": "tahun", "color": "warna", "transmission": "transmisi", "fuel": "bbm"}


def take_changes(line: Line, command: Command) -> dict[str, Any]:
    """The new values by entity key; what they stood for leaves the scene, so that it selects no car."""
    if command is Command.STATUS:
        state = car_state(line)
        return {"status": state.value} if state else {}
    if command is Command.PRICE:
        price = new_price(line)
        _drop_amounts(line.scene)
        return {"price": price} if price else {}
    if command is Command.EDIT:
        return _edited(line)
    return {}


def car_state(line: Line) -> CarStatus | None:
    """The state a car is to have: what is called off frees the car; else the word said last."""
    states = line.states or line.weak_states
    if len(line.scene.codes) > 1 and len({state for _, state in states}) > 1:
        return None  # "A01 laku, A02 booking": each has to be asked about
    if line.has("cancel") and (not states or states[-1][1] in (CarStatus.SOLD, CarStatus.BOOKING)):
        return CarStatus.AVAILABLE
    return states[-1][1] if states else None


def new_price(line: Line) -> int | None:
    """The sum behind "jadi" or "ke", else the last one that can be a price; "turun 3jt" is none, nor is one of which
    nobody knows how much it is: "170-185jt", "185jt50"."""
    sums = [amount for amount in line.scene.amounts if is_price(amount)]
    if not sums:
        return None
    leads = line.at.get("sum_to", [])
    behind = [amount for amount in sums if leads and amount.at > leads[-1]]
    meant = (behind or sums)[-1]
    value = _meant(meant, line.scene)
    return value * MILLION if value and meant.kind == "bare" else value


def _meant(amount: Amount, seen: Scene) -> int | None:
    """Of "195 ke 190", which is read as a range, the end said last; None for what is a range."""
    tokens = seen.tokens[amount.at : amount.end]
    if amount.low != amount.high and all(token.word != "ke" for token in tokens):
        return None
    said = [token.value or 0 for token in tokens if token.kind == "num"]
    return amount.high if said[-1] >= said[0] else amount.low


def _drop_amounts(scene: Scene) -> None:
    scene.amounts = [amount for amount in scene.amounts if amount.kind == "year"]


def _edited(line: Line) -> dict[str, Any]:
    seen = line.scene
    changes: dict[str, Any] = {}
    if line.has("text_field") and not line.has("field"):
        _drop_text(line)
    _drop_denied(line)
    for amount in seen.amounts:
        if (value := _meant(amount, seen)) is None:
            continue
        if amount.kind == "km" or (amount.kind == "bare" and amount.field == "km"):
            changes["km"] = value
        elif amount.kind == "money" and amount.high >= LEAST_PRICE * MILLION and line.has("price"):
            changes["price"] = value
    kept = []
    for amount in seen.amounts:
        if amount.kind != "year":
            continue
        if _is_new(line, "year", amount.at):
            changes["year"] = amount.low
        else:
            kept.append(amount)
    seen.amounts = kept
    fresh = [value for value in seen.values if _is_new(line, value.key, value.at)]
    changes |= {value.key: value.value for value in fresh}
    seen.values = [value for value in seen.values if value not in fresh]
    if line.plate and seen.codes:
        changes["plate"] = line.plate.clean  # "/edit #A01 plat L 1234 XX"
    if seen.branches and (seen.codes or line.plate or line.has("swap", "towards", "change")):
        changes["branch"] = seen.branches[-1][1]
        seen.branches = []
    seen.features = []
    return changes


def _drop_denied(line: Line) -> None:
    """ "harusnya 2020 bukan 2019", "bukan merah tapi marun": what is denied neither selects nor is stored."""
    seen = line.scene
    denied = {i + 1 for i, token in enumerate(seen.tokens) if token.word == "bukan"}
    seen.amounts = [amount for amount in seen.amounts if amount.at not in denied]
    seen.values = [value for value in seen.values if value.at not in denied]


def _drop_text(line: Line) -> None:
    """What stands behind "diganti" or "jadi" is a note's text: nothing in it is a value."""
    seen = line.scene
    named = [mention.at for mention in seen.mentions] + [at for at, _ in seen.codes]
    leads = sorted(at for group in ("swap", "towards") for at in line.at.get(group, []) if at > min(named, default=0))
    if leads:
        seen.amounts = [amount for amount in seen.amounts if amount.at < leads[0]]
        seen.values = [value for value in seen.values if value.at < leads[0]]


def _is_new(line: Line, key: str, at: int) -> bool:
    """Behind a word that leads to the new value, or right behind its field's name; of a car named by code or
    plate every value is new."""
    towards = [place for place in line.at.get("towards", []) if line.named]
    if towards:
        return towards[-1] < at
    if line.scene.codes or line.plate or (at and line.scene.tokens[at - 1].word == _FIELD_OF[key]):
        return True
    fields = [i for i, t in enumerate(line.scene.tokens) if t.word == _FIELD_OF[key]]
    swaps = [place for place in line.at.get("swap", []) if place < at and (not fields or place > fields[0])]
    return bool(fields and swaps)


_NOTES = r"\b(?:catatan|deskripsi|keterangan|ket|kondisi)(?:nya)?\b"
_FEATURES = r"\b(?:fitur|kelengkapan)(?:nya)?\b"
_NOTE_FIELD = re.compile(rf"{_NOTES}[^:=\n]*?(?:[:=]|\b(?:jadi|diganti|ganti)\b)\s*(.+)", re.IGNORECASE | re.DOTALL)
_NOTE_BEHIND = re.compile(rf"(?<=\s){_NOTES}\s+(.+)", re.IGNORECASE | re.DOTALL)
_FEATURE_FIELD = re.compile(rf"{_FEATURES}[^:=\n]*[:=]\s*(.+)", re.IGNORECASE | re.DOTALL)
_FEATURE_OF = re.compile(
    rf"(?<=\w)\s+{_FEATURES}\s+(.+?)\s+(?:di|dari|buat|untuk|ke|pada|utk|bt)\s+\S.*$", re.IGNORECASE | re.DOTALL
)
_FEATURE_BEHIND = re.compile(rf"(?<=\s){_FEATURES}\s+(.+)", re.IGNORECASE | re.DOTALL)
_REMOVED = re.compile(r"\b(?:di)?(?:hapus|buang|hilang|copot)\w*\b", re.IGNORECASE)


def written_text(text: str, *, behind: bool) -> dict[str, str]:
    """Notes, features or features to take away, as written: "tambahin fitur kamera mundur di #S01" gives
    `kamera mundur`; nothing where it is not plain which words those are. `behind`: a car named by code or
    plate ends before the text begins ("#A01 catatan ban baru").
    """
    for key, sentences, last in (
        ("notes", (_NOTE_FIELD,), _NOTE_BEHIND),
        ("features", (_FEATURE_FIELD, _FEATURE_OF), _FEATURE_BEHIND),
    ):
        for pattern in (*sentences, last) if behind else sentences:
            if match := pattern.search(text):
                removed = key == "features" and _REMOVED.search(text[: match.start(1)])
                return {"features_removed" if removed else key: match[1].strip()}
    return {}


def without_text(text: str) -> str:
    """The part of an edit that names the car: what stands behind a colon is the text to store."""
    match = re.search(r"\b(?:catatan|deskripsi|keterangan|kondisi|fitur|kelengkapan)\b[^:\n]*:", text, re.IGNORECASE)
    return text[: match.end()] if match else text
