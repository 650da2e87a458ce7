"""What machines read of a page: search engines and previews of links."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """`canonical` and `image` are whole addresses; `structured` are JSON-LD objects; `kind` is Open Graph's."""

    title: str
    description: str
    canonical: str
    image: str | None = None
    kind: str = "website"
    indexed: bool = True
    structured: Sequence[Mapping[str, Any]] = ()
