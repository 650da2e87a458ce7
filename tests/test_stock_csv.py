import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoleads import plates, stock_csv
from autoleads.stock_csv import CarRow, RowError
from autoleads.types import CarStatus, Transmission

HEADER = "plate,brand,model,year,color,transmission,km,price,fuel,features,notes,status,branch,display_code"
GOOD = (
    "L 1234 AB,Toyota,Avanza 1.3 G,2020,Hitam Metalik,Manual,45000,185000000,Bensin,"
    "Velg;Spoiler,Rapi,available,Rungkut,#A01"
)
YEAR = 2026


def read(*lines: str) -> tuple[list[CarRow], list[RowError]]:
    return stock_csv.read("\n".join(lines), this_year=YEAR)


def line(**changes: str) -> str:
    """A good line with some of its cells changed."""
    cells = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | changes
    return ",".join(cells[name] for name in HEADER.split(","))


def error_of(**changes: str) -> RowError:
    rows, errors = read(HEADER, line(**changes))
    assert rows == []
    (error,) = errors
    assert error.line == 2
    return error


def row_of(**changes: str) -> CarRow:
    rows, errors = read(HEADER, line(**changes))
    assert errors == []
    (row,) = rows
    return row


def test_a_whole_row() -> None:
    assert row_of() == CarRow(
        line=2,
        plate="L 1234 AB",
        plate_clean="L1234AB",
        brand="Toyota",
        model="Avanza 1.3 G",
        year=2020,
        color="Hitam Metalik",
        transmission=Transmission.MANUAL,
        km=45_000,
        price_idr=185_000_000,
        fuel="Bensin",
        features=("Velg", "Spoiler"),
        notes="Rapi",
        status=CarStatus.AVAILABLE,
        branch="Rungkut",
        display_code="#A01",
    )


def test_what_may_be_left_empty() -> None:
    row = row_of(plate="", fuel="", features="", notes="", status="", branch="", display_code="")
    assert (row.plate, row.plate_clean, row.fuel, row.features, row.notes) == ("", None, None, (), "")
    assert (row.status, row.branch, row.display_code) == (CarStatus.AVAILABLE, None, None)


@pytest.mark.parametrize(
    ("written", "idr"),
    [
        ("185jt", 185_000_000),
        ("185 juta", 185_000_000),
        ("187.5jt", 187_500_000),
        ("185.000.000", 185_000_000),
        ("Rp 185.000.000", 185_000_000),
        ("Rp185.000.000.00", 185_000_000),
        ("Rp. 185.000.000", 185_000_000),
        ('"1,2 M"', 1_200_000_000),
        ("1.250 M", 1_250_000_000),
        ("1.250jt", 1_250_000_000),
        ('"185,000,000"', 185_000_000),
        ('"Rp 185.000.000,-"', 185_000_000),
        ('"185.000.000,00"', 185_000_000),
        ("185", 185_000_000),
        ('"97,5"', 97_500_000),
    ],
)
def test_prices_as_people_write_them(written: str, idr: int) -> None:
    assert row_of(price=written).price_idr == idr


def test_what_nobody_sees_is_no_part_of_a_cell() -> None:
    row = row_of(model="\u202eAvan\u200bza", price="18\u200b5jt", color="Hitam\ufeff")

    assert (row.model, row.price_idr, row.color) == ("Avanza", 185_000_000, "Hitam")


@pytest.mark.parametrize(
    ("written", "km"),
    [
        ("45rb", 45_000),
        ("45 ribu km", 45_000),
        ("45k", 45_000),
        ("45.000", 45_000),
        ('"45,5rb"', 45_500),
        ("0", 0),
    ],
)
def test_distances_as_people_write_them(written: str, km: int) -> None:
    assert row_of(km=written).km == km


@pytest.mark.parametrize(
    ("field", "written", "reason"),
    [
        ("plate", "1234 AB", "is not a plate such as B 1234 XYZ"),
        ("plate", "L 0123 AB", "is not a plate such as B 1234 XYZ"),
        ("plate", "L 12345 AB", "is not a plate such as B 1234 XYZ"),
        ("brand", "", "is missing"),
        ("model", "x" * 101, "has more than 100 characters"),
        ("year", "20", "must be a year from 1980 to 2027"),
        ("year", "1979", "must be a year from 1980 to 2027"),
        ("year", "2028", "must be a year from 1980 to 2027"),
        ("color", " ", "is missing"),
        ("transmission", "", "is missing"),
        ("transmission", "robot", "must be one of Manual, Matic"),
        ("km", "", "must be a number such as 45000, 45.000 or 45rb"),
        ("km", "-5", "must be a number such as 45000, 45.000 or 45rb"),
        ("km", "1000001", "must be from 0 to 1000000"),
        ("price", "murah", "must be a number such as 185000000, 185.000.000 or 185jt"),
        ("price", "1.2.3", "must be a number such as 185000000, 185.000.000 or 185jt"),
        ("price", "9jt", "must be from 10000000 to 20000000000"),
        ("price", "21M", "must be from 10000000 to 20000000000"),
        ("price", "9" * 400, "must be from 10000000 to 20000000000"),
        ("fuel", "kayu", "must be one of Bensin, Diesel, Hybrid, Listrik"),
        ("features", ";".join("abcdefghijklmnopqrstu"), "at most 20 features"),
        ("features", "x" * 101, "a feature has at most 100 characters"),
        ("status", "hilang", "must be one of available, booking, sold, draft"),
        ("display_code", "#A00", "is not a code such as #A01"),
        ("display_code", "A-1", "is not a code such as #A01"),
    ],
)
def test_a_bad_value_names_its_line_field_and_reason(field: str, written: str, reason: str) -> None:
    assert error_of(**{field: written}) == RowError(2, field, reason)


def test_all_errors_of_a_line_are_reported_and_good_lines_stay() -> None:
    rows, errors = read(HEADER, line(year="dua ribu", km="?"), "", line(plate="N 1 A", display_code="a2"))
    assert [(error.line, error.field) for error in errors] == [(2, "year"), (2, "km")]
    assert [(row.line, row.plate, row.plate_clean, row.display_code) for row in rows] == [(4, "N 1 A", "N1A", "#A02")]


def test_a_plate_or_a_code_that_comes_again_names_the_first_line() -> None:
    again, other = line(plate="l-1234-ab", display_code=""), line(plate="", display_code="a1")
    rows, errors = read(HEADER, line(), again, other)
    assert [row.line for row in rows] == [2]
    assert errors == [
        RowError(3, "plate", "already on line 2"),
        RowError(4, "display_code", "already on line 2"),
    ]


def test_a_bad_line_does_not_keep_its_plate_from_a_good_one() -> None:
    rows, errors = read(HEADER, line(year="x"), line())
    assert [row.line for row in rows] == [3]
    assert [error.field for error in errors] == ["year"]


def test_a_spreadsheet_from_indonesia() -> None:
    text = (
        "\ufeffsep=;\r\n"
        "No;Plat Nomor;Merek;Model;Tipe;Tahun;Warna;Transmisi;"
        "KM;Harga (Rp);Bahan Bakar;Fitur;Catatan;Cabang;Status\r\n"
        "1;l 1234 ab;Toyota;Avanza;1.3 G;2020;Hitam;A/T;"
        "45rb;185.000.000;solar;Velg racing, Spoiler;Rapi;Rungkut;Laku\r\n"
    )
    rows, errors = stock_csv.read(text, this_year=YEAR)
    assert errors == []
    (row,) = rows
    assert (row.line, row.plate, row.model, row.branch) == (3, "L 1234 AB", "Avanza 1.3 G", "Rungkut")
    assert (row.transmission, row.km, row.price_idr) == (Transmission.MATIC, 45_000, 185_000_000)
    assert (row.fuel, row.features, row.status) == ("Diesel", ("Velg racing", "Spoiler"), CarStatus.SOLD)


def test_tabs_and_a_type_that_is_the_model() -> None:
    rows, errors = read(
        "plat\tmerek\ttipe\ttahun\twarna\ttransmisi\tkm\tharga",
        "TEMP-001\tHonda\tBrio E\t2019\tPutih\tmt\t38rb\t134",
    )
    assert errors == []
    assert (rows[0].model, rows[0].plate, rows[0].price_idr) == ("Brio E", "", 134_000_000)


def test_quoted_cells_may_span_lines() -> None:
    rows, errors = read(HEADER, line(notes='"Satu, dua\ntiga"'), line(plate="", display_code=""))
    assert errors == []
    assert [(row.line, row.notes) for row in rows] == [(2, "Satu, dua\ntiga"), (4, "Rapi")]


def test_a_quotation_mark_that_is_never_closed_costs_one_line() -> None:
    rows, errors = read(HEADER, line(notes='"Rapi'), line(), line(plate="", display_code=""))
    assert [row.line for row in rows] == [3, 4]
    assert [(error.line, error.field) for error in errors] == [(2, "row")]


def test_an_unclosed_mark_does_not_end_at_the_next_cars_mark() -> None:
    rows, errors = read(HEADER, line(notes='"Rapi'), line(notes='"Velg, ban"'))
    assert [row.notes for row in rows] == ["Velg, ban"]
    assert [error.line for error in errors] == [2]


def test_a_separator_inside_a_value_is_explained() -> None:
    _, errors = read(HEADER, GOOD + ",lebih")
    assert [(error.line, error.field) for error in errors] == [(2, "row")]
    assert "15 values where the header has 14" in errors[0].reason


def test_control_characters_are_dropped() -> None:
    assert row_of(notes="Ra\x00pi\x07 sekali").notes == "Ra pi sekali"


@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff"])
def test_an_empty_file(text: str) -> None:
    assert stock_csv.read(text) == ([], [RowError(1, "header", "the file is empty")])


def test_missing_columns_are_one_error() -> None:
    rows, errors = read("plat,merek,model,tahun", "L 1 A,Toyota,Avanza,2020")
    assert rows == []
    assert errors == [
        RowError(
            1,
            "header",
            "missing columns: color, transmission, km, price"
            " (needed: brand, model, year, color, transmission, km, price)",
        )
    ]


def test_a_column_given_twice_is_refused() -> None:
    rows, errors = read(HEADER + ",harga", GOOD + ",1")
    assert (rows, errors) == ([], [RowError(1, "header", "columns given twice: price")])


def test_the_year_runs_to_the_next_one_of_the_clock() -> None:
    rows, _ = stock_csv.read("\n".join((HEADER, line(year="2027"))), this_year=2027)
    assert rows[0].year == 2027
    assert stock_csv.read("\n".join((HEADER, GOOD)))[1] == []


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("b 1234 xyz", ("B", "1234", "XYZ")),
        ("L-1-A", ("L", "1", "A")),
        ("AD 1 ", ("AD", "1", "")),
        ("ABC 1 D", None),
        ("", None),
        ("L 1 ABCD", None),
    ],
)
def test_the_shape_of_a_plate(written: str, parts: tuple[str, ...] | None) -> None:
    assert plates.parts(written) == parts


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    rows, errors = stock_csv.read(text)
    assert rows == []  # no random text has all seven columns
    assert errors


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["2020", "185jt", "45rb", "Manual", "Toyota", "L 1 A", "", '"', '"a', 'b"', "1e9", "1,2 M", "\x00"]
    ),
)


LINES = st.lists(st.one_of(st.just(GOOD), st.lists(CELL, max_size=16).map(",".join)), max_size=8)


@given(LINES)
def test_every_line_is_a_row_or_an_error(lines: list[str]) -> None:
    text = "\n".join((HEADER, *lines)).replace('"', "")  # a quoted cell may span lines: see the next test
    rows, errors = stock_csv.read(text, this_year=YEAR)
    physical = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[1:]
    filled = {number for number, content in enumerate(physical, 2) if content.replace(",", "").strip()}
    good = [row.line for row in rows]
    bad = {error.line for error in errors}
    assert set(good) | bad == filled
    assert not set(good) & bad
    assert len(set(good)) == len(good)


@given(LINES)
def test_no_quotation_mark_makes_a_line_count_twice(lines: list[str]) -> None:
    rows, errors = stock_csv.read("\n".join((HEADER, *lines)), this_year=YEAR)
    good = [row.line for row in rows]
    assert len(set(good)) == len(good)
    assert not set(good) & {error.line for error in errors}


SHARED = Path(os.environ.get("AUTOLEADS_SHARED", Path(__file__).parents[2] / "shared"))
STOCK_DEV = SHARED / "data" / "chat" / "stock_dev.csv"


@pytest.mark.skipif(not STOCK_DEV.exists(), reason="the shared data is not here")
def test_the_shared_stock_is_readable() -> None:
    rows, errors = stock_csv.read(STOCK_DEV.read_text(encoding="utf-8"), this_year=YEAR)
    assert errors == []
    assert len(rows) == 24
    assert all(row.display_code and row.plate_clean and row.branch for row in rows)


@pytest.mark.parametrize(
    ("field", "written", "kept"),
    [
        ("brand", "TOYOTA", "Toyota"),
        ("brand", "BMW", "BMW"),
        ("model", "AVANZA 1.3 G", "Avanza 1.3 G"),
        ("model", "RUSH TRD", "Rush TRD"),
        ("model", "CR-V Turbo", "CR-V Turbo"),
        ("color", "ABU ABU METALIK", "Abu Abu Metalik"),
    ],
)
def test_a_sheet_in_capitals_does_not_shout(field: str, written: str, kept: str) -> None:
    assert getattr(row_of(**{field: written}), field) == kept


@pytest.mark.parametrize("written", ["95", "7"])
def test_a_bare_distance_that_may_be_thousands_is_no_distance(written: str) -> None:
    assert error_of(km=written).field == "km"
    assert row_of(km=f"{written} km").km == int(written)
    assert row_of(km=f"{written}rb").km == int(written) * 1_000


def test_the_heading_may_stand_below_a_title() -> None:
    rows, errors = read("STOK NOVEMBER,,,", "", HEADER, GOOD)

    assert errors == []
    assert [row.line for row in rows] == [4]
