"""What a search that found nothing may have meant: a word that the showroom does have."""

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from autoleads.sql.catalogue import Catalogue, Shown
from autoleads.web.catalogue import filters

_LEAST_ALIKE = 70  # of 100
_SHORTEST = 3  # letters of a word that may be misspelt


def meant(catalogue: Catalogue, cars: Sequence[Shown], search: str) -> str | None:
    """The search with each unknown word replaced by the one it looks like; None when there is none for some."""
    texts = [filters.words_of(car) for car in cars]
    known = catalogue.kept("words", lambda: _words(filters.for_sale(catalogue.cars)))
    mended = []
    for word in search.lower().split():
        found = word if any(word in text for text in texts) else _like(word, known)
        if found is None:
            return None
        mended.append(found)
    text = " ".join(mended)
    return text if text != search.lower() else None


def _like(word: str, known: Sequence[str]) -> str | None:
    if len(word) < _SHORTEST or word.isdecimal():
        return None
    best = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_LEAST_ALIKE)
    return best[0] if best else None


def _words(cars: Sequence[Shown]) -> list[str]:
    """Those of the names, the most frequent first."""
    counts: dict[str, int] = {}
    for car in cars:
        for word in f"{car.brand} {car.model} {car.color}".lower().split():
            if len(word) >= _SHORTEST:
                counts[word] = counts.get(word, 0) + 1
    return sorted(counts, key=lambda word: -counts[word])
