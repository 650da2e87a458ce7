"""Instructions of users: what the labels do not cover - new values, notes, suggestions, problems - and any text."""

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoleads.bot.understanding.command_base import Command, Instruction
from autoleads.bot.understanding.commands import read_command
from autoleads.bot.understanding.plates import owner_of
from tests.command_score import load_staff_stock
from tests.understanding_score import NOW_YEAR, load_lines

DATA = Path(__file__).parent / "data"
STOCK, PLATES = load_staff_stock(DATA / "stock_owner.csv")


def read(text: str) -> Instruction:
    return read_command(text, STOCK, PLATES, NOW_YEAR)


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("brio rs turun 3jt jadi 160jt", {"price": 160_000_000}),
        ("turunin avanza putih 5 juta", {}),
        ("avanza putih dari 189 turun ke 182", {"price": 182_000_000}),
        ("ayla naik dari 89 ke 95", {"price": 95_000_000}),
        ("harga ayla 95jt ke 89jt", {"price": 89_000_000}),
        ("warna brio kuning ganti jadi oranye", {"color": "Oranye"}),
        ("/edit #A01 km 33rb", {"km": 33_000}),
        ("/edit #A01 harga 185jt", {"price": 185_000_000}),
        ("/edit #A01 harga 185jt500 km 45rb500", {"price": 185_500_000, "km": 45_500}),
        ("/edit #A01 harga 185jt dp 30jt500", {"price": 185_000_000}),
        ("/edit #A01 harga 185jt atau 190jt", {}),
        ("/edit #A01 km di bawah 50rb", {}),
        ("/harga #A01 185,5", {"price": 185_500_000}),
        ("/harga #A01 95jt nego 90", {"price": 95_000_000}),
        ("/harga #A01 cash 185jt kredit 195jt", {}),
        ("/harga #A01 185jt harusnya 180jt", {"price": 180_000_000}),
        ("ubah tahun avanza 2018 jadi 2019", {"year": 2019}),
        ("tahun fortuner harusnya 2020 bukan 2019", {"year": 2020}),
        ("warna ertiga bukan merah tapi marun", {"color": "Marun"}),
        ("/edit hrv warna hitam", {"color": "Hitam"}),
        ("/edit hrv putih km 70rb", {"km": 70_000}),
        ("A01 laku, A02 booking", {}),
        ("pindahin calya ke cabang dago", {"branch": "Dago"}),
        ("tambahin fitur kamera mundur di #X01", {"features": "kamera mundur"}),
        ("hapus fitur roof rail dari #X01", {"features_removed": "roof rail"}),
        ("/edit #A01 fitur: sunroof, keyless", {"features": "sunroof, keyless"}),
        ("/edit #A01 catatan ban baru", {"notes": "ban baru"}),
        ("/edit #A01 cabang cimahi", {"branch": "Cimahi"}),
        ("/edit #A01 plat D 1234 XX", {"plate": "D1234XX"}),
        ("/edit D1201ABC tahun 2020 km 50rb warna merah", {"year": 2020, "km": 50_000, "color": "Merah"}),
        ("edit catatan pajero: ban baru, laku keras", {"notes": "ban baru, laku keras"}),
        ("brio abu abu batal dp", {"status": "available"}),
        ("xenia yg dibooking udah lunas, jadikan terjual", {"status": "sold"}),
        ("/status-lead Ahmad warm", {"status": "warm"}),
        ("lead hot siapa aja", {}),
    ],
)
def test_changes_are_what_is_to_be_stored(text: str, changes: dict[str, Any]) -> None:
    assert read(text).changes == changes


def test_the_first_value_is_the_entity_and_the_new_one_the_change() -> None:
    given = read("warna brio kuning ganti jadi oranye")
    assert (given.cars, given.entities["color"], given.changes["color"]) == (("#B01",), "Kuning", "Oranye")


@pytest.mark.parametrize(
    ("text", "person", "note"),
    [
        ("/catat Ahmad minta dihubungi habis GAJIAN", "Ahmad", "minta dihubungi habis GAJIAN"),
        ("/catat bu Rina: cari avanza D 1201 ABC", "Rina", "cari avanza D 1201 ABC"),
        ("/catat Ahmad Fauzi mau DP 30", "Ahmad Fauzi", "mau DP 30"),
        ("/catat 0812-3456-7890 minta foto", "081234567890", "minta foto"),
        ("/catat 2 minta ditelepon", "2", "minta ditelepon"),
        ("/catat no 2, minta ditelepon", "2", "minta ditelepon"),
        ("/catat Ahmad baris satu\nbaris dua", "Ahmad", "baris satu\nbaris dua"),
        ("/catat", "", ""),
    ],
)
def test_notes_are_kept_as_written(text: str, person: str, note: str) -> None:
    given = read(text)
    assert (given.command, given.person, given.note, given.cars) == (Command.NOTE, person, note, None)


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("/selesai +62 812-3456-7890", "6281234567890"),
        ("/selesai #3", "3"),
        ("/selesai Budi Santoso", "Budi Santoso"),
        ("/selesai pak BUDI", "Budi"),
        ("lead bu Sinta udah kelar, balikin ke bot", "Sinta"),
        ("/selesai", ""),
        ("/selesai semua", ""),
    ],
)
def test_a_lead_is_named_by_name_number_or_place(text: str, person: str) -> None:
    given = read(text)
    assert (given.command, given.person) == (Command.DONE, person)


def test_a_plate_mistyped_is_suggested_and_the_right_one_is_not() -> None:
    assert read("/status D 1302 BDC laku").suggestion == "D 1302 BCD"
    assert read("/status D1302BCD laku").suggestion == ""
    assert read("/status Z 9 Z laku").suggestion == ""


def test_two_plates_equally_near_are_no_answer() -> None:
    plates = {"#A01": "L1234AB", "#A02": "L1235AB"}
    assert owner_of("L1236AB", plates) == (None, False)
    assert owner_of("L1234AB", plates) == ("#A01", True)
    assert owner_of("L1243AB", {"#A01": "L1234AB"}) == ("#A01", False)


@pytest.mark.parametrize(
    ("text", "field", "shown"),
    [
        ("D 1 QA | Honda Jazz RS | 2O18 | 215jt | 60rb | Matic | Putih", "year", "2020"),
        ("D 1 QA | Honda Jazz RS | 1975 | 215jt | 60rb | Matic | Putih", "year", "1980 sampai 2026"),
        ("D 1 QA | Honda Jazz RS | 2018 | 2.150.000 | 60rb | Matic | Putih", "price", "185jt"),
        ("D 1 QA | Honda Jazz RS | 2018 | dua | 60rb | Matic | Putih", "price", "185jt"),
        ("D 1 QA | Honda Jazz RS | 2018 | 215jt | jauh | Matic | Putih", "km", "45rb"),
        ("D 1 QA | Honda Jazz RS | 2018 | 215jt | 60rb | robotik | Putih", "transmission", "Manual atau Matic"),
        ("D 1 QA | Honda Jazz RS | 2018 | 215jt | 60rb | Matic | polkadot", "color", "Hitam"),
        ("harrier 2008 hitam matic 80 jt 135jt", "price", "80jt / 135jt"),
        ("avanza g 2020 hitam manual 25 miliar km 40rb", "price", "20 miliar"),
    ],
)
def test_what_cannot_be_taken_is_named_with_an_example(text: str, field: str, shown: str) -> None:
    given = read(text)
    (problem,) = given.problems
    assert given.command is Command.CAR_DATA
    assert problem.field == field
    assert shown in problem.text
    assert field not in given.entities
    assert given.entities["model"]


def test_a_new_value_that_no_car_can_have_is_told() -> None:
    for text, field in (
        ("/edit #A01 km 2.000.000 km", "km"),
        ("/harga #A01 35 miliar", "price"),
        ("/edit #A01 tahun 2031", "year"),
    ):
        given = read(text)
        assert [problem.field for problem in given.problems] == [field]
        assert (given.entities, given.changes, given.cars) == ({"display_code": "#A01"}, {}, ("#A01",))


def test_fields_at_their_place_are_read_as_what_belongs_there() -> None:
    said = read("D 1 QA | Honda Jazz RS | 2018 | 215.000 | 60.000 | Matic | Putih").entities
    assert (said["price"], said["km"]) == (215_000_000, 60_000)
    assert "price" not in read("D 1 QA | Honda Jazz RS | 2018 | - | 60rb | Matic | Putih").entities


def test_what_was_left_out_is_no_problem() -> None:
    for text in ("Honda Jazz RS 2018 putih", "- | Honda Jazz RS | 2018 | - | ? | Matic | belum tau"):
        assert read(text).problems == ()


@pytest.mark.parametrize(
    "text", ["", " ", "/", "//", "/ /", "#", "/\n", "/xyz", "/status-", "\x00", "👍" * 50, "|" * 50]
)
def test_next_to_nothing(text: str) -> None:
    given = read(text)
    assert given.cars is None
    assert given.entities == {}


_PIECES = st.sampled_from(
    ["/status", "/edit", "/catat", "/harga", "#A01", "#Z9", "D 1201 ABC", "d1201abd", "avanza", "brio", "putih", "2020",
     "185jt", "45rb", "laku", "jadi", "ke", "harga", "km", "foto", "hapus", "lead", "pak", "Joko", "|", "\n", ",", "?",
     "catatan", "fitur", ":", "batal", "booking", "matic", "dua ribu", "dua puluh", "1.0 M", "e", "wis", "x"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=14).map(" ".join) | st.text(max_size=200))
def test_any_text_gives_an_instruction_that_holds_together(text: str) -> None:
    given = read(text)
    assert set(given.cars or ()) <= {car.display_code for car in STOCK.cars}
    assert len(set(given.cars or ())) == len(given.cars or ())
    assert given.note in text or given.note in text.replace("\r", "\n") or not text.isascii()
    assert 1980 <= given.entities.get("year", 2000) <= NOW_YEAR + 1
    if given.command in (Command.NONE, Command.HELP, Command.REPORT):
        assert (given.entities, given.cars, given.changes) == ({}, None, {})
    if given.suggestion:
        assert given.suggestion.replace(" ", "") in PLATES.values()
    if given.command is Command.STATUS and "status" in given.changes:
        states = {car.display_code: car.status for car in STOCK.cars}
        assert all(states[code] != given.changes["status"] for code in given.cars or ())


def test_a_line_is_understood_within_a_millisecond_or_two() -> None:
    """The median with room for a slow machine; a wait or a search over the stock would show."""
    lines = [line["text"] for line in load_lines(DATA / "owner_own.jsonl")]
    spent = []
    for text in lines * 2:
        begun = time.process_time()
        read(text)
        spent.append(time.process_time() - begun)
    assert sorted(spent)[len(spent) // 2] < 0.002
