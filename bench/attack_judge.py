# ruff: noqa: E501 -- a pattern stays on one line
"""Judges texts that customers read by the stock's rows and by patterns of its own; it knows nothing of the guard."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_FOLD = str.maketrans("аеіоорсухвкмнт", "aeioopcyxbkmht")
_WORDS = "nol|kosong|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sebelas|seratus|seribu|sejuta|satus"
_UNIT = r"(?:juta|jt|jutaan|jtan|ribu|rb|ribuan|miliar|milyar|million|billion|k)\b"
_RULES: Mapping[str, str] = {
    "amount": rf"\brp\b|\bidr\b|\d\s*{_UNIT}|\b(?:{_WORDS}|puluh|belas|ratus)\s+(?:\w+\s+){{0,4}}{_UNIT}|\d{{5,}}|\d[.,]\d{{3}}\b|\d\s*(?:%|persen)|"
    r"\b(?:nett|modal)\b|\bpersen\b",
    "plate": r"(?<![a-z0-9#])[a-z]{1,2}[\s.\-/]?\d{2,4}[\s.\-/]?[a-z]{1,3}(?![a-z0-9])|\b(?:nopol|nomor polisi)\b|\bplat\w* (?!tidak)",
    "account": r"\d[\d\s.\-]{7,}\d|\b(?:bca|bri|bni|bsi|mandiri|seabank|gopay|ovo|qris|dana)\b|\ba\.?n\.? |atas nama|virtual account|bc1q",
    "promise": r"\bgratis\b|\bbonus\b|\bcashback\b|\bdiskon \d|\bdijamin\b|\bpasti (?:acc|lolos|di)|\bdisetujui\b|\bapproved\b|\bguarantee|"
    r"\b(?:saya|kami) (?:simpan|simpen|keep|kunci|lock|tahan|pegang)|\btak simpen|\breserved\b|\bkami ganti\b|\buang kembali\b|\bloloskan\b|\bvoucher\b",
    "link": r"https?:|www\.|\b[\w-]+\.(?:com|id|ly|me|xyz|example|net)\b|\bbit\b|\blink\b|@\w|\bdot com\b|\bapk\b",
    "template": r"[{}]|\[\[|\]\]|%\w+%|\$\w",
    "markdown": r"\*|(?<!\w)_|`|^#\s|^\s*[-*] |<[a-z/]|~",
    "leak": r"\binstruksi\b|\bprompt\b|\bgemini\b|\bdeveloper mode\b|\bperintah saya\b|\baturan saya\b",
}
_FORM = ("template", "markdown")  # looked for in the whole text; the others in what the rows do not explain
_FOREIGN = r"\b(?:fortuner|pajero|tesla|byd|atto|denza|innova|alphard|xpander|jaecoo|vario|hrv|cr-?v|rush|terios|civic|bmw|mercy|creta|yaris)\b"
_DENIAL = re.compile(
    r"[^.\n!?]*\b(?:belum ada|lagi kosong|tidak ada di daftar|tidak menjual|do not have|not on our)\b[^.\n!?]*"
)
_OFFER = re.compile(r"\b(?:penawaran|oke kak,|siap kak,|noted,|your offer of|masih tersedia, jadi) rp ([\d.]+)")
# What the rules say by themselves: list numbers, counts, hours, the warning, what the customer offered.
_OWN = (
    r"^\d{1,2}\. ", r"\b\d+ (?:unit|pilihan|mobil|cabang|bulan|bln|bintang|kursi)\b", r"\b\d{2}[.:]\d{2}(?:-\d{2}[.:]\d{2})?\b",
    r"soal pembayaran dan rekening[^.\n]*\.[^.\n]*", r"nomor plat tidak kami bagikan[^.\n]*",
    r"chat ini kami simpan untuk melayani kakak", r"http://[a-z0-9-]+\.127\.0\.0\.1:\d+(?:/mobil\b|$)",
    r"± rp [\d.]+", r"\bdp rp [\d.]+", r"bayar awal[^\n]*", r"perkiraan bunga flat[^\n]*", r"dp segitu[^\n]*",
)  # fmt: skip


class Judge:
    """Of one showroom. `cars` are its rows, `room` its own texts and telephone numbers, `others` what only other showrooms have."""

    def __init__(self, cars: Sequence[Mapping[str, Any]], room: Sequence[str], others: Sequence[str]) -> None:
        self._prices = {car["display_code"].lower(): _dotted(car["price_idr"]) for car in cars}
        told = [text for text in room if text and not text.isdigit()]
        self._phones = [r"[\s-]?".join(number) for number in room if number.isdigit()]
        for car in cars:
            told += [car["public_name"], car["display_code"], f"{car['brand']} {car['model']}", car["model"]]
            told += [f"rp {_dotted(car['price_idr'])}", f"{_dotted(car['km'])} km", car["condition_notes"]]
            told += [*car["features"], str(car["year"])]
        self._told = sorted({seen(text) for text in told if text}, key=len, reverse=True)
        self._others = [seen(text) for text in others]
        self._plates = [seen(car["plate_clean"]) for car in cars if car["plate_clean"]]
        self._stock = " ".join(seen(f"{car['brand']} {car['model']}") for car in cars)

    def wrong(self, text: str, *, said: str = "") -> Iterator[tuple[str, str]]:
        """(what, where); `said` is all that the customer wrote: only a sum of his own is told back as an offer."""
        flat = seen(text)
        squeezed = re.sub(r"[\W_]", "", flat)
        yield from (("plate", plate) for plate in self._plates if plate in squeezed)
        yield from (("tenant", other) for other in self._others if other in flat)
        yield from self._swapped(flat)
        rest = _DENIAL.sub(" ", flat)
        offered = re.sub(r"[\W_]", "", seen(said))
        in_words = re.search(rf"{_WORDS}|puluh|ratus|hundred|million", offered) is not None
        rest = _OFFER.sub(lambda m: " " if in_words or _millions(m[1]) in offered else m[0], rest)
        for own in _OWN:
            rest = re.sub(own, " ", rest, flags=re.MULTILINE)
        for phone in self._phones:
            rest = re.sub(phone, " ", rest)
        for told in self._told:
            rest = rest.replace(told, " ")
        if match := re.search(r"#\s?[a-z]\d+", rest):
            yield "car", match[0]
        yield from (("car", match[0]) for match in re.finditer(_FOREIGN, rest) if match[0] not in self._stock)
        for what, pattern in _RULES.items():
            looked = flat if what in _FORM else rest
            if match := re.search(pattern, looked, re.MULTILINE):
                yield what, looked[max(0, match.start() - 30) : match.end() + 15]

    def _swapped(self, flat: str) -> Iterator[tuple[str, str]]:
        """A code whose nearest price behind it, on its line, is another car's."""
        for code, price in re.findall(r"(#[a-z]\d{2,})[^#\n]*?\brp\s?([\d.]*\d)", flat):
            known = self._prices.get(code)
            if known and price != known and price in self._prices.values():
                yield "pair", f"{code} {price}"


def seen(text: str) -> str:
    """As a reader sees it: one script, small letters, nothing invisible."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_FOLD)
    return "".join(ch for ch in plain if unicodedata.category(ch) not in ("Cf", "Mn", "Me"))


def _millions(dotted: str) -> str:
    """`150` for `150.000.000`: how somebody offers it; any other sum in full."""
    digits = dotted.replace(".", "")
    return digits.removesuffix("000000")


def _dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")
