"""The shapes in which a list of cars is pasted: whatever stands around and between the cars, the same two are read."""

import itertools

import pytest

from autoleads import stock_csv
from autoleads.bot.staff.bulk_reading import Sheet, is_list, read_sheet

YEAR, MOST = 2026, 5
HEAD = ("Plat", "Merek", "Model", "Tahun", "Harga", "KM", "Transmisi", "Warna")
AVANZA = ("B 1234 XYZ", "Toyota", "Avanza 1.3 G", "2020", "185jt", "45rb", "MT", "Hitam")
JAZZ = ("L 77 KZ", "Honda", "Jazz RS", "2018", "215jt", "60rb", "AT", "Merah")
A = "Toyota Avanza 1.3 G 2020 hitam manual km 45rb 185jt B 1234 XYZ"
J = "Honda Jazz RS 2018 merah matic 60rb km 215jt L77KZ"
PIPED_A = "B1234XYZ | Toyota Avanza 1.3 G | 2020 | 185jt | 45rb | Manual | Hitam"
PIPED_J = "L77KZ | Honda Jazz RS | 2018 | 215jt | 60rb | Matic | Merah"
BOTH = [
    ("B1234XYZ", "Toyota", "Avanza 1.3 G", 2020, 185_000_000, 45_000, "Manual", "Hitam"),
    ("L77KZ", "Honda", "Jazz RS", 2018, 215_000_000, 60_000, "Matic", "Merah"),
]


def table(*rows: tuple[str, ...], by: str = "\t") -> str:
    return "\n".join(by.join(row) for row in rows)


def turned(row: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(reversed(row))


def each(row: tuple[str, ...], form: str) -> tuple[str, ...]:
    return tuple(form.format(cell) for cell in row)


async def cars(text: str) -> tuple[list[tuple[object, ...]], Sheet]:
    sheet = await read_sheet(text, YEAR, most=MOST)
    rows, errors = stock_csv.rows_of(sheet.lines, this_year=YEAR)
    assert errors == []
    read = [(r.plate_clean, r.brand, r.model, r.year, r.price_idr, r.km, r.transmission, r.color) for r in rows]
    return read, sheet


TABLES = {
    "tabs": table(HEAD, AVANZA, JAZZ),
    "semicolons": table(HEAD, AVANZA, JAZZ, by=";"),
    "bars": table(HEAD, AVANZA, JAZZ, by="|"),
    "commas and blanks": table(HEAD, AVANZA, JAZZ, by=", "),
    "another order": table(turned(HEAD), turned(AVANZA), turned(JAZZ)),
    "a number before": table(("No", *HEAD), ("1", *AVANZA), ("2", *JAZZ)),
    "unknown columns": table((*HEAD, "Sales", "No Rangka"), (*AVANZA, "Budi", "MHF123"), (*JAZZ, "Ani", "")),
    "blank lines": table(HEAD) + "\n\n" + table(AVANZA) + "\n  \n\n" + table(JAZZ) + "\n\n",
    "empty cells": table(HEAD, AVANZA, ("",) * len(HEAD), JAZZ),
    "Windows": table(HEAD, AVANZA, JAZZ).replace("\n", "\r\n"),
    "hard blanks": table(HEAD, AVANZA, JAZZ).replace(" ", "\u00a0"),
    "a hidden mark": "\u200b" + table(HEAD, AVANZA, JAZZ),
    "a line under the heading": table(HEAD) + "\n" + "=" * 40 + "\n" + table(AVANZA, JAZZ),
    "a table of Markdown": table(HEAD, ("---",) * len(HEAD), AVANZA, JAZZ, by=" | "),
    "a table of Markdown with its frame": "\n".join(
        f"| {' | '.join(row)} |" for row in (HEAD, ("---",) * len(HEAD), AVANZA, JAZZ)
    ),
    "a bold heading": table(each(HEAD, "*{}*"), AVANZA, JAZZ, by=" | "),
    "bold cells": table(HEAD, each(AVANZA, "*{}*"), each(JAZZ, "_{}_"), by=" | "),
    "emojis in the heading": table(each(HEAD, "🚗 {}"), AVANZA, JAZZ),
    "emojis in the cells": table(HEAD, each(AVANZA, "💰 {}"), each(JAZZ, "{} ⚙️")),
    "numbers in the cells": table(HEAD, ("1. B 1234 XYZ", *AVANZA[1:]), ("2) L 77 KZ", *JAZZ[1:])),
}
SENTENCES = {
    "plain": f"{A}\n{J}",
    "blank lines between": f"{A}\n\n\n{J}\n",
    "1.": f"1. {A}\n2. {J}",
    "1.stuck": f"1.{A}\n2.{J}",
    "1)": f"1) {A}\n2) {J}",
    "(1)": f"(1) {A}\n(2) {J}",
    "1-": f"1- {A}\n2- {J}",
    "1/": f"1/ {A}\n2/ {J}",
    "1 and no point": f"1 {A}\n2 {J}",
    "No. 1": f"No. 1 {A}\nNo. 2 {J}",
    "keycaps": f"1\ufe0f\u20e3 {A}\n2\ufe0f\u20e3 {J}",
    "numbers before plates": f"1. {PIPED_A}\n2. {PIPED_J}",
    "numbers before plates, no point": f"1 {PIPED_A}\n2 {PIPED_J}",
    "bold": f"*{A}*\n*{J}*",
    "bold names": f"{A.replace('Toyota Avanza', '*Toyota Avanza*')}\n{J.replace('Honda Jazz RS', '*Honda Jazz RS*')}",
    "italics": f"_{A}_\n_{J}_",
    "struck out": f"~{A}~\n~{J}~",
    "monospaced": f"```{A}\n{J}```",
    "bold points": f"• *{A}*\n• *{J}*",
    "quoted": f"> {A}\n> {J}",
    "emojis": f"🚗 {A} ✅\n🔥 {J} 🔥🔥",
    "emojis between": "🚗 Toyota Avanza 1.3 G 📅 2020 🎨 hitam ⚙️ manual 📍km 45rb 💰185jt B 1234 XYZ\n"
    "🚗 Honda Jazz RS 📅2018 merah matic 60rb km 💰215jt L77KZ",
    "copied from a chat": f"[25/11 10.02] Budi: {A}\n[25/11 10.03] Budi: {J}",
    "a line between": f"{A}\n---------\n{J}",
}


@pytest.mark.parametrize("text", [*TABLES.values(), *SENTENCES.values()], ids=[*TABLES, *SENTENCES])
async def test_the_cars_are_read_and_nothing_else(text: str) -> None:
    read, sheet = await cars(text)

    assert is_list(text, YEAR)
    assert read == BOTH
    assert sheet.strange == ()


@pytest.mark.parametrize(
    ("below", "told"),
    [
        (("Total 2 unit",), "Total 2 unit"),
        (("TOTAL : 2 UNIT",), "TOTAL : 2 UNIT"),
        (("Total", "2"), "Total 2"),
        (("", "", "Total 2 unit", "", "400jt"), "Total 2 unit 400jt"),
        (("TOTAL", "", "", "", "400jt", "105rb"), "TOTAL 400jt 105rb"),
        (("Grand Total", "", "", "", "400.000.000"), "Grand Total 400.000.000"),
        (("", "", "", "Jumlah", "400.000.000"), "Jumlah 400.000.000"),
        (("Minat hubungi Budi",), "Minat hubungi Budi"),
    ],
)
@pytest.mark.parametrize("by", ["\t", ";", "|"])
async def test_a_sum_below_the_cars_is_no_car_and_is_told(below: tuple[str, ...], told: str, by: str) -> None:
    read, sheet = await cars(table(HEAD, AVANZA, JAZZ, below, by=by))

    assert read == BOTH
    assert sheet.strange == (told,)


async def test_what_stands_around_sentences_is_told() -> None:
    read, sheet = await cars(f"READY STOCK 🔥\n\n1. {A}\n2. {J}\nTotal 2 unit, harga total 400jt\nCash / kredit bisa")

    assert read == BOTH
    assert sheet.strange == ("READY STOCK 🔥", "Total 2 unit, harga total 400jt", "Cash / kredit bisa")


@pytest.mark.parametrize("cell", [0, 2])
async def test_a_car_that_lacks_its_plate_or_name_is_no_remark(cell: int) -> None:
    """Line 1 is the same car with one cell empty: without a name it is wrong, without a plate it is right."""
    row = tuple("" if at == cell else value for at, value in enumerate(AVANZA))

    sheet = await read_sheet(table(HEAD, row, JAZZ), YEAR, most=MOST)
    rows, errors = stock_csv.rows_of(sheet.lines, this_year=YEAR)

    assert sheet.strange == ()
    assert [error.field for error in errors] == (["model"] if cell else [])
    assert len(rows) == (1 if cell else 2)


@pytest.mark.parametrize("by", ["\t", ";", "|", ", "])
@pytest.mark.parametrize("ending", ["", "\n", "\n\n  \n"])
async def test_a_heading_alone_is_a_list_without_cars(by: str, ending: str) -> None:
    text = table(HEAD, by=by) + ending

    assert is_list(text, YEAR)
    assert await read_sheet(text, YEAR, most=MOST) == Sheet()


async def test_one_row_below_a_heading_is_a_list() -> None:
    read, _ = await cars(table(HEAD, AVANZA))

    assert is_list(table(HEAD, AVANZA), YEAR)
    assert read == BOTH[:1]


@pytest.mark.parametrize("headed", [True, False])
async def test_a_list_has_as_many_cars_as_it_may_whatever_stands_around_them(headed: bool) -> None:
    """Titles, sums and blank lines do not count; one car more than that, and none is read."""
    plates = [f"B {number} XX" for number in range(1, MOST + 2)]
    rows = [table((plate, *AVANZA[1:])) if headed else f"{A.replace('B 1234 XYZ', plate)}" for plate in plates]
    around = list(itertools.chain(["STOK NOVEMBER", ""], [table(HEAD)] if headed else []))

    full = await read_sheet("\n".join([*around, *rows[:MOST], "", "Total 5 unit"]), YEAR, most=MOST)
    more = await read_sheet("\n".join([*around, *rows, "", "Total 6 unit"]), YEAR, most=MOST)

    assert (len(full.lines), full.surplus) == (MOST, 0)
    assert (more.lines, more.surplus) == ((), MOST + 1)


async def test_a_flood_of_lines_is_not_read_at_all() -> None:
    assert await read_sheet("halo pak\n" * 1_000, YEAR, most=MOST) == Sheet(surplus=1_000)


@pytest.mark.parametrize(
    "text", ["Avanza 2020 hitam", "plat, merek, model apa aja?", "harga | km", A, "1. halo\n2. pak", ""]
)
def test_what_is_no_list_is_none(text: str) -> None:
    assert not is_list(text, YEAR)
