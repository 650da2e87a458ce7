"""The fields of a car that a user may change: from what was written to what is stored, and how both are shown."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz, process

from autoleads import naming, plates
from autoleads.bot import texts_stock as texts
from autoleads.bot import texts_upload
from autoleads.bot.staff.draft import MOST_FEATURE, MOST_FEATURES, MOST_NOTES
from autoleads.bot.turn import Showroom
from autoleads.bot.understanding.carline import read_car
from autoleads.bot.understanding.plates import holds_plate, name_holds_plate, spaced
from autoleads.formats import kilometers, legible, rupiah
from autoleads.sql.cars import StaffCar
from autoleads.types import CarStatus

# In the order in which they are shown. What follows from them (names, when it was sold) is in `stored`.
COLUMNS = (
    "status", "price_idr", "km", "year", "color", "transmission", "fuel", "brand", "model", "features",
    "condition_notes", "branch_id", "plate_clean",
)  # fmt: skip
_PLAIN = {
    "status": "status",
    "price": "price_idr",
    "km": "km",
    "year": "year",
    "color": "color",
    "transmission": "transmission",
    "fuel": "fuel",
    "brand": "brand",
    "model": "model",
}
_NAMING = frozenset({"brand", "model", "year", "color"})
_NAME_LIMIT = 60
_ALIKE = 75


def editable(car: StaffCar) -> dict[str, Any]:
    """What a user was shown of it, to be compared later."""
    known = asdict(car)
    return {column: known[column] for column in COLUMNS}


def planned(car: StaffCar, changes: Mapping[str, Any], showroom: Showroom) -> tuple[dict[str, Any], list[str]]:
    """(new values by column, without those that the car has already; what cannot be taken, in words)."""
    troubles: list[str] = []
    wanted: dict[str, Any] = {_PLAIN[key]: value for key, value in changes.items() if key in _PLAIN}
    if "price_by" in changes:
        wanted["price_idr"] = max(car.price_idr + changes["price_by"], 1)
    features = _features(car.features, changes, troubles)
    if features is not None:
        wanted["features"] = features
    if "notes" in changes:
        wanted["condition_notes"] = _text(changes["notes"])
    if "notes_added" in changes:
        notes = [car.condition_notes, _text(changes["notes_added"])]
        wanted["condition_notes"] = "; ".join(note for note in notes if note)
    if len(wanted.get("condition_notes", "")) > MOST_NOTES:
        troubles.append(texts_upload.TOO_LONG_NOTES.format(most=MOST_NOTES))
        del wanted["condition_notes"]
    if "branch" in changes and (branch := _branch(changes["branch"], showroom, troubles)) is not None:
        wanted["branch_id"] = branch
    if "plate" in changes:
        plate = plates.clean(changes["plate"])
        if plate:
            wanted["plate_clean"] = plate
        else:
            troubles.append(texts.PLATE_UNREAD.format(said=changes["plate"]))
    if holding := _holding_plate(wanted, wanted.get("plate_clean", car.plate_clean)):
        labels = ", ".join(texts.LABELS[column] for column in holding)
        troubles.append(texts.PLATE_INSIDE.format(labels=labels))
        # A plate that stands in such a text is not what the car's is to be.
        wanted = {column: value for column, value in wanted.items() if column not in (*holding, "plate_clean")}
    now = editable(car)
    return {
        column: wanted[column] for column in COLUMNS if column in wanted and wanted[column] != now[column]
    }, troubles


def _holding_plate(wanted: Mapping[str, Any], own: str | None) -> list[str]:
    """The columns in which customers would read a plate."""
    texts_of = {column: wanted.get(column) or "" for column in ("brand", "color", "condition_notes")}
    texts_of["features"] = " ".join(wanted.get("features", ()))
    found = [column for column, text in texts_of.items() if holds_plate(text, own)]
    return [*found, *(["model"] if name_holds_plate(wanted.get("model", ""), own) else [])]


def stored(car: StaffCar, values: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """With the columns that follow: its names, how the plate is written, when it was sold. Codes stay for ever."""
    more: dict[str, Any] = dict(values)
    if _NAMING & values.keys():
        known = {**asdict(car), **values}
        common = naming.common_name(known["model"], known["brand"])
        names = (common, known["year"], naming.basic_color(known["color"]), car.display_code)
        more |= {"public_name": naming.public_name(*names), "slug": naming.slug(*names)}
    if "plate_clean" in values:
        more["plate_number"] = spaced(values["plate_clean"])
    if "status" in values:
        more["sold_at"] = now.isoformat() if values["status"] == CarStatus.SOLD else None
    return more


def _features(has: list[str], changes: Mapping[str, Any], troubles: list[str]) -> list[str] | None:
    """None: the message is not about them. `features` come on top, `features_set` instead."""
    if "features_removed" in changes:
        said = _text(changes["features_removed"])
        found = process.extractOne(said.lower(), [one.lower() for one in has], scorer=fuzz.WRatio, score_cutoff=_ALIKE)
        if found is None:
            troubles.append(texts.FEATURE_NOT_THERE.format(said=said, known=", ".join(has) or texts.NOTHING))
            return None
        return [one for number, one in enumerate(has) if number != found[2]]
    if "features_set" not in changes and "features" not in changes:
        return None
    kept = [] if "features_set" in changes else list(has)
    known = {one.lower() for one in kept}
    for one in re.split(r"[,;\n]+", changes.get("features_set", changes.get("features", ""))):
        feature = _text(one)
        if feature and feature.lower() not in known:
            known.add(feature.lower())
            kept.append(feature[:1].upper() + feature[1:])
    if len(kept) > MOST_FEATURES or any(len(one) > MOST_FEATURE for one in kept):
        troubles.append(texts_upload.TOO_MANY_FEATURES.format(most=MOST_FEATURES, length=MOST_FEATURE))
        return None
    return kept


def _branch(said: str, showroom: Showroom, troubles: list[str]) -> int | None:
    names = {branch.name.lower(): branch.id for branch in showroom.branches}
    wanted = re.sub(r"^\s*cabang\s+", "", _text(said), flags=re.IGNORECASE).lower()
    found = process.extractOne(wanted, list(names), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    if found:
        return names[found[0]]
    known = ", ".join(branch.name for branch in showroom.branches)
    troubles.append(texts.BRANCH_UNKNOWN.format(said=said, known=known) if known else texts.BRANCH_NONE)
    return None


def _text(said: str) -> str:
    return " ".join(legible(said).split()).strip(" .,;:-")


# What the understanding leaves to the command -----------------------------------------------------------------------

_RENAME = re.compile(
    r"(?<!\S)(model|tipe|merek|merk|brand)(?:nya)?\s*[:=]?\s*(?:(?:jadi|ke|diganti|ganti)\s+)?(.+?)\s*$",
    re.IGNORECASE | re.DOTALL,
)
_FIELD_BEHIND = re.compile(
    r"[,;\n]\s*(?:km|tahun|warna|harga|transmisi|bbm|fitur|catatan|cabang|plat|merek|model)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_NEW_PLATE = re.compile(
    r"(?<!\S)(?:plat|nopol|pelat)(?:nya)?\s*[:=]?\s*(?:(?:jadi|ke|baru|diganti|ganti)\s+)*"
    r"([a-z]{1,2}[ .-]?\d{1,4}[ .-]?[a-z]{0,3})\s*$",
    re.IGNORECASE,
)
_IN_BRANCH = re.compile(r"\bcabang(?:nya)?\s*[:=]?\s*(?:(?:jadi|ke)\s+)?([^,;\n]+)", re.IGNORECASE)
_NO_NOTES = re.compile(
    r"\b(?:hapus|kosong|buang|hilang)\w*\s+(?:semua\s+)?(?:catatan|keterangan|deskripsi)", re.IGNORECASE
)
_ON_TOP = re.compile(r"\b(?:tambah|nambah)\w*\s+(?:di\s+)?(?:catatan|keterangan|ket|deskripsi)", re.IGNORECASE)
_INSTEAD = re.compile(r"\b(?:ganti|diganti|ubah|diubah|jadi|menjadi|set)\b", re.IGNORECASE)
_TEXT_OF = re.compile(
    r"^\W*(?:(fitur|kelengkapan)|catatan|keterangan|ket|deskripsi)\b.*?\s(?:(?:di)?(?:tambah|nambah)\w*|((?:di)?hapus\w*))"
    r"\s+(?:yang\s+|yg\s+|dengan\s+)?(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_FEATURE_WORD = re.compile(r"\b(?:fitur|kelengkapan)", re.IGNORECASE)


def without_name(text: str) -> tuple[str, dict[str, Any]]:
    """The text up to the new name of the model or the brand, and that name: its words select no car."""
    match = _RENAME.search(text)
    if match is None:
        return text, {}
    behind = _FIELD_BEHIND.search(match[2])
    said = match[2][: behind.start()] if behind else match[2]
    rest = text[: match.start()] + (behind[0] if behind else "")
    name = _text(said)[:_NAME_LIMIT]
    if not name:
        return rest, {}
    read = read_car(name)
    if match[1].lower() in ("merek", "merk", "brand") and read.model is None:
        return rest, {"brand": read.brand or name.title()}
    if read.model is None:
        return rest, {"model": name if name != name.lower() else name.title()}
    return rest, {"model": read.model} | ({"brand": read.brand} if read.brand else {})


def more_changes(text: str, changes: Mapping[str, Any], *, referred: str) -> dict[str, Any]:
    """`changes` as the command means them; `referred` is the plate that only says which car."""
    result = dict(changes)
    if not result and (match := _TEXT_OF.search(text)) and (match[1] or not match[2]):
        # "fitur xpander cross tambah kamera 360"
        result["features_removed" if match[2] else "features" if match[1] else "notes_added"] = match[3]
        return result
    if _NO_NOTES.search(text):
        result["notes"] = ""
    elif "notes" in result and _ON_TOP.search(text):
        result["notes_added"] = result.pop("notes")
    if "features" in result and (word := _FEATURE_WORD.search(text)) and _INSTEAD.search(text[: word.end() + 12]):
        result["features_set"] = result.pop("features")
    if (match := _NEW_PLATE.search(text)) and (plate := plates.clean(match[1])) and plate != referred:
        result["plate"] = plate
    elif result.get("plate") == referred:
        del result["plate"]
    if "color" in result and (color := read_car(text).color) and color.startswith(f"{result['color']} "):
        result["color"] = color  # with its finish
    if "branch" not in result and (match := _IN_BRANCH.search(text)):
        result["branch"] = match[1].strip()
    return result


# Shown --------------------------------------------------------------------------------------------------------------


def plate(car: StaffCar) -> str:
    return plate_shown(car.plate_clean)


def plate_shown(clean: str | None) -> str:
    if not clean:
        return texts.NO_PLATE
    return clean if clean.startswith("TEMP") else spaced(clean)


def reference(car: StaffCar) -> str:
    """How a user names it in the next command."""
    return car.plate_clean or car.display_code


def card(car: StaffCar) -> str:
    """As in the confirmations of the founding document."""
    return texts.CAR.format(
        brand=car.brand,
        model=car.model,
        year=car.year,
        color=car.color,
        plate=plate(car),
        code=car.display_code,
        price=rupiah(car.price_idr),
    )


def value_shown(column: str, value: Any, showroom: Showroom) -> str:
    if value in (None, "", []):
        return texts.NOTHING
    if column == "branch_id":
        return next((branch.name for branch in showroom.branches if branch.id == value), texts.NOTHING)
    return _SHOWN.get(column, str)(value)


_SHOWN: Mapping[str, Callable[[Any], str]] = {
    "status": lambda value: texts.STATUSES[value],
    "price_idr": rupiah,
    "km": kilometers,
    "features": ", ".join,
    "plate_clean": plate_shown,
}


def lines(before: Mapping[str, Any], after: Mapping[str, Any], showroom: Showroom) -> str:
    """Before and after of every column of `after` that users know."""
    shown = [
        texts.CHANGED_LINE.format(
            label=texts.LABELS[column],
            before=value_shown(column, before.get(column), showroom),
            after=value_shown(column, after[column], showroom),
        )
        for column in COLUMNS
        if column in after
    ]
    if "photos" in after:
        counts = {"before": len(before["photos"]), "after": len(after["photos"])}
        template = texts.PHOTOS_ORDER if counts["before"] == counts["after"] else texts.PHOTOS_LINE
        shown.append(template.format(**counts))
    return "\n".join(shown)
