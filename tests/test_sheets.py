"""Workbooks that are damaged, hostile or none: each is refused by name, and no other exception leaves."""

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from openpyxl import Workbook

from autoleads.errors import MediaRefused
from autoleads.media.sheets import text_of

SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
pytestmark = pytest.mark.filterwarnings("ignore")  # what openpyxl leaves out of a workbook is no news


def workbook() -> bytes:
    book, buffer = Workbook(), io.BytesIO()
    page = book.active
    assert page is not None
    page.append(["Plat", "Merek", "Model", "Tahun", "Harga", "KM", "Transmisi", "Warna", "Tanggal"])
    for number in range(20):
        page.append([f"B {number} XX", "Toyota", "Avanza", 2020, 185e6, 45_000.5, "MT", "Hitam", date(2026, 1, 2)])
    book.save(buffer)
    return buffer.getvalue()


GOOD = workbook()


def parts(data: bytes = GOOD) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return {name: source.read(name) for name in source.namelist()}


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as target:
        for name, data in files.items():
            target.writestr(name, data)
    return buffer.getvalue()


def with_part(name: str, data: str | bytes) -> bytes:
    return packed({**parts(), name: data.encode() if isinstance(data, str) else data})


def without(name: str) -> bytes:
    return packed({other: data for other, data in parts().items() if other != name})


def page(cells: str) -> bytes:
    return with_part(SHEET, f'<worksheet {SPACE}><sheetData><row r="1">{cells}</row></sheetData></worksheet>')


def patched(old: bytes, new: bytes, data: bytes = GOOD) -> bytes:
    """Every place where the archive's own bookkeeping has these bytes."""
    assert old in data
    return data.replace(old, new)


def encrypted() -> bytes:
    """The flag that a part needs a password, in its header and in the directory."""
    data = bytearray(GOOD)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


def checksum(name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as source:
        return source.getinfo(name).CRC.to_bytes(4, "little")


REFUSED = {
    "nothing": b"",
    "no archive": b"Plat;Merek;Model",
    "an empty archive": packed({}),
    "a head alone": GOOD[:40],
    "cut in the middle": GOOD[: len(GOOD) // 2],
    "cut before its directory": GOOD[: GOOD.rindex(b"PK\x05\x06")],
    "cut at the last byte": GOOD[:-1],
    "a directory elsewhere": GOOD[:-6] + b"\xff\xff\xff\x7f" + GOOD[-2:],
    "a later version of zip": patched(b"PK\x01\x02\x14\x03\x14\x00", b"PK\x01\x02\x14\x03\xff\x00"),
    "an unknown compression": patched(b"\x14\x00\x00\x00\x08\x00", b"\x14\x00\x00\x00\x63\x00"),
    "a password": encrypted(),
    "a wrong checksum": GOOD.replace(checksum(SHEET), b"abcd"),
    "Excel before 2007, or a password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000),
    "a document": packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}),
    "a program": b"MZ" + bytes(500),
    "no list of its parts": without("[Content_Types].xml"),
    "no book": without(BOOK),
    "no relations": without("xl/_rels/workbook.xml.rels"),
    "a book that is no XML": with_part(BOOK, b"\0\1\2"),
    "a page that breaks off": with_part(SHEET, parts()[SHEET][:-200]),
    "a page in no encoding": with_part(SHEET, b'<?xml version="1.0" encoding="latin-99"?><worksheet/>'),
    "styles that break off": with_part("xl/styles.xml", parts()["xl/styles.xml"][:300]),
    "a string that is not there": page('<c r="A1" t="s"><v>999999</v></c>'),
    "a string without a number": page('<c r="A1" t="s"><v>x</v></c>'),
    "a number that is none": page('<c r="A1"><v>185jt</v></c>'),
    "a cell without a place": page('<c r="?"><v>1</v></c>'),
    "a page under another name": with_part("xl/_rels/workbook.xml.rels", b"<Relationships/>"),
}  # fmt: skip


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(MediaRefused) as caught:
        text_of(data)

    assert caught.value.reason == "broken"


@pytest.mark.parametrize(
    ("data", "first"),
    [
        (GOOD, "Plat\tMerek\tModel"),
        (with_part("xl/vbaProject.bin", bytes(100)), "Plat\tMerek\tModel"),  # a macro is not looked at
        (packed(parts(), zipfile.ZIP_STORED), "Plat\tMerek\tModel"),
        (page('<c r="A1" t="inlineStr"><is><t>Plat</t></is></c><c r="XFD1"><v>1</v></c>'), "Plat"),
        (page('<c r="A1"><v>1e400</v></c>'), "inf"),
        (page('<c r="A1" t="e"><v>#REF!</v></c>'), "#REF!"),
        (page('<c r="A1" t="b"><v>1</v></c>'), "True"),
    ],
)
def test_what_is_odd_and_can_be_read_is(data: bytes, first: str) -> None:
    assert text_of(data).startswith(first)


@pytest.mark.parametrize("name", [SHEET, "xl/sharedStrings.xml", "xl/media/image1.png"])
def test_what_unpacks_to_far_more_is_refused_before_it_is(name: str) -> None:
    bomb = with_part(name, bytes(70_000_000))

    with pytest.raises(MediaRefused) as caught:
        text_of(bomb)

    assert len(bomb) < 100_000
    assert caught.value.reason == "too_heavy"


def test_a_part_that_is_longer_than_it_says_is_refused() -> None:
    sheet = parts()[SHEET]
    data = with_part(SHEET, sheet + bytes(1_000_000))
    lie = data.replace((len(sheet) + 1_000_000).to_bytes(4, "little"), len(sheet).to_bytes(4, "little"))

    with pytest.raises(MediaRefused) as caught:
        text_of(lie)

    assert lie != data
    assert caught.value.reason == "broken"


def flipped(data: bytearray, random: random.Random) -> None:
    for _ in range(random.choice((1, 1, 2, 5, 20, 100))):
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)


def cut(data: bytearray, random: random.Random) -> None:
    del data[random.randrange(len(data)) :]


def torn(data: bytearray, random: random.Random) -> None:
    at = random.randrange(len(data))
    del data[at : at + random.randrange(1, 200)]


def doubled(data: bytearray, random: random.Random) -> None:
    at = random.randrange(len(data))
    data[at:at] = data[at : at + random.randrange(1, 200)]


def strewn(data: bytearray, random: random.Random) -> None:
    at = random.randrange(len(data))
    data[at:at] = random.randbytes(random.randrange(1, 50))


def damaged(seed: int, count: int) -> Iterator[bytes]:
    """The archive itself, and parts in an archive that is whole."""
    chance = random.Random(seed)
    harms: tuple[Callable[[bytearray, random.Random], None], ...] = (flipped, cut, torn, doubled, strewn)
    plain = packed(parts(), zipfile.ZIP_STORED)
    for number in range(count):
        if number % 2:
            data = bytearray(chance.choice((GOOD, plain)))
            chance.choice(harms)(data, chance)
            yield bytes(data)
        else:
            files = parts(plain)
            name = chance.choice((SHEET, BOOK, *files))
            part = bytearray(files[name])
            chance.choice(harms)(part, chance)
            yield packed({**files, name: bytes(part)}, zipfile.ZIP_STORED)


@pytest.mark.parametrize("seed", range(4))
def test_no_damage_lets_another_exception_out(seed: int) -> None:
    reasons = set()
    for data in damaged(seed, 100):
        try:
            reasons.add(type(text_of(data)).__name__)
        except MediaRefused as refused:
            reasons.add(refused.reason)

    assert reasons <= {"str", "broken", "long_list"}
    assert {"str", "broken"} <= reasons
