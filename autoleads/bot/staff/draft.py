"""A car that is being uploaded, as far as it is known."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from autoleads.bot import texts_upload as texts
from autoleads.bot.understanding.plates import spaced
from autoleads.formats import kilometers, rupiah

NEEDED = ("model", "year", "price", "km", "transmission", "color")  # in the order they are asked for
FIELDS = ("plate", *NEEDED, "fuel")
_KEPT = ("brand", *FIELDS)
WHOLE = 5  # values that are a whole car rather than a word about one
MOST_FEATURES, MOST_FEATURE, MOST_NOTES = 20, 100, 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`photos`: the messages that brought them, in order; of the first `told` the owner has heard. `said` by the keys
    of the label guide. None is what was not asked yet. `asked`: the field whose value is awaited, "edit" for which
    field, or "" where what is missing tells. Codes are given once the data are complete."""

    photos: tuple[int, ...] = ()
    told: int = 0
    said: Mapping[str, Any] = field(default_factory=dict)
    features: tuple[str, ...] | None = None
    notes: str | None = None
    branch_id: int | None = None
    asked: str = ""
    display_code: str = ""
    stock_code: str = ""
    temporary: str = ""

    @classmethod
    def recalled(cls, given: Mapping[str, Any]) -> Self:
        features = given.get("features")
        return cls(
            **{
                **given,
                "photos": tuple(given["photos"]),
                "features": None if features is None else tuple(features),
            }
        )

    def stored(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(name for name in NEEDED if name not in self.said)

    @property
    def begun(self) -> bool:
        return bool(self.said or self.photos)

    @property
    def car(self) -> str:
        return show("model", self.said)

    @property
    def what(self) -> str:
        """The car, or else the photos, which are all there is of it."""
        return self.car or texts.RUNNING_PHOTOS.format(count=len(self.photos))

    @property
    def plate(self) -> str:
        """As shown to the showroom."""
        return spaced(self.said["plate"]) if "plate" in self.said else self.temporary

    @property
    def ref(self) -> str:
        """As typed behind a command."""
        return str(self.said.get("plate") or self.temporary)

    def with_said(self, said: Mapping[str, Any]) -> "Draft":
        kept = {name: value for name, value in said.items() if name in _KEPT}
        return replace(self, said={**self.said, **kept})

    def without(self, *names: str) -> "Draft":
        return replace(self, said={name: value for name, value in self.said.items() if name not in names})

    def other(self, values: Mapping[str, Any]) -> bool:
        """Whether they are all of another car; while data are missing, the plate alone may be what was missing."""
        named = self.said.get("model", values.get("model")) if self.missing else None
        return whole_other(values, self.ref) and named != values["model"]


def show(name: str, said: Mapping[str, Any]) -> str:
    """A value as the recap writes it."""
    match name:
        case "model":
            known = (said.get("brand", ""), said.get("model", ""), said.get("year", ""))
            return " ".join(str(part) for part in known if part)
        case "price":
            return rupiah(said["price"])
        case "km":
            return kilometers(said["km"])
        case "plate":
            return spaced(said["plate"])
    return str(said[name])


def whole_other(values: Mapping[str, Any], plate: str) -> bool:
    """Whether they are all of a car that is not the one with this plate."""
    return "model" in values and len(values) >= WHOLE and values.get("plate", plate) != plate
