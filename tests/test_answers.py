"""What the rules say about stock and the showroom."""

import dataclasses
from typing import Any

import pytest

from autoleads.bot.turn import Showroom
from autoleads.bot.understanding.base import Found, Intent
from autoleads.stock import Stock
from autoleads.types import CarStatus
from tests.showroom_sample import (
    A01,
    A02,
    AVANZAS,
    B01,
    BOOKED,
    SOLD,
    SUNDAY,
    TWO_BRANCHES,
    V01,
    WEST,
    ask,
    car,
    said,
)  # fmt: skip

# -- stock


@pytest.mark.parametrize(
    "intent", [Intent.CAR_SEARCH, Intent.CAR_DETAIL, Intent.AVAILABILITY, Intent.PRICE, Intent.SELECTION]
)
async def test_one_car_is_told_whole(intent: Intent) -> None:
    outcome = await ask("veloz", intent, Found(cars=(V01,), alternatives=(A01, A02, B01)))

    text = said(outcome)
    for fact in (
        "#V01",
        "Rp 215.000.000",
        "masih tersedia",
        "matic",
        "40.000 km",
        "amera parkir",
        "#A01",
        "#A02",
    ):
        assert fact in text
    assert "#B01" not in text  # two alternatives at most
    assert text.rstrip().endswith("?")
    assert outcome.memory["car"] == "#V01"


async def test_a_car_is_not_introduced_twice() -> None:
    outcome = await ask("itu berapa?", Intent.PRICE, memory={"car": "#A01"})

    assert "Rp 185.000.000" in said(outcome)
    assert "#A02" not in said(outcome)
    assert "spoiler" not in said(outcome)


async def test_another_car_takes_over_when_it_is_named() -> None:
    outcome = await ask("kalau brio?", Intent.PRICE, Found(cars=(B01,)), memory={"car": "#A01"}, says={"model": "Brio"})

    assert outcome.memory["car"] == "#B01"
    assert "#A01" not in said(outcome).split("Pilihan mirip")[0]


async def test_the_same_model_named_again_stays_with_the_chosen_car() -> None:
    outcome = await ask(
        "avanza nya km berapa?",
        Intent.CAR_DETAIL,
        Found(cars=AVANZAS),
        memory={"car": "#A02"},
        says={"model": "Avanza"},
    )

    assert "50.000 km" in said(outcome)
    assert "#A01" not in said(outcome)


async def test_the_rest_of_a_list_is_fetched_and_its_numbers_go_on() -> None:
    many = tuple(car(number, f"#A{number:02d}", km=10_000 + number) for number in range(1, 13))
    stock = Stock(cars=many)
    first = await ask("avanza ada?", Intent.CAR_SEARCH, Found(cars=many), stock=stock)
    assert "12 unit" in said(first)
    assert "5. " in said(first)
    assert "#A06" not in said(first)

    second = await ask("lanjut", Intent.OTHER, stock=stock, memory=first.memory)
    assert "6. Avanza 2020 Hitam #A06" in said(second)

    third = await ask("7", Intent.SELECTION, stock=stock, memory=second.memory, says={"selection": 7})
    assert third.memory["car"] == "#A07"


async def test_a_number_that_is_not_listed_is_asked_again() -> None:
    outcome = await ask("9", Intent.SELECTION, memory={"listed": ["#A01", "#A02"]}, says={"selection": 9})

    assert "tidak ada di daftar" in said(outcome)
    assert "1. Avanza 2020 Hitam #A01" in said(outcome)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("yang paling murah", "#A02"),
        ("yg termahal aja kak", "#V01"),
        ("km nya paling rendah yg mana", "#V01"),
    ],
)
async def test_one_of_the_list_is_picked_by_a_word(text: str, code: str) -> None:
    listed = [one.display_code for one in AVANZAS]

    outcome = await ask(text, Intent.CAR_DETAIL, memory={"listed": listed})

    assert outcome.memory["car"] == code


async def test_a_list_is_narrowed_by_a_property() -> None:
    listed = [one.display_code for one in AVANZAS]

    outcome = await ask("yg matic ada?", Intent.CAR_SEARCH, Found(cars=(V01,)), memory={"listed": listed})

    assert outcome.memory["car"] == "#V01"


@pytest.mark.parametrize(("gone", "word"), [(SOLD, "terjual|laku"), (BOOKED, "dibooking")])
async def test_a_car_that_is_gone_is_named_as_such_with_others(gone: Any, word: str) -> None:
    code = gone.display_code
    outcome = await ask(f"{code} masih?", Intent.AVAILABILITY, Found(cars=(gone,)), says={"display_code": code})

    text = said(outcome)
    assert any(one in text for one in word.split("|"))
    assert code in text
    assert "1. " in text
    assert "masih tersedia" not in text.split("\n")[0]


async def test_a_description_that_only_a_booked_car_fits_names_it() -> None:
    says = {"brand": "Daihatsu", "model": "Terios", "color": "Silver"}

    outcome = await ask("terios silver udah laku blm", Intent.AVAILABILITY, Found(cars=()), says=says)

    assert "#T01" in said(outcome)
    assert "dibooking" in said(outcome)


async def test_nothing_fits_is_said_and_never_a_dead_end() -> None:
    says = {"brand": "Mitsubishi", "model": "Pajero Sport", "year_min": 2018, "year_max": 2018}
    with_near = await ask("pajero 2018?", Intent.CAR_SEARCH, Found(cars=(), alternatives=(V01,)), says=says)
    without = await ask("pajero 2018?", Intent.CAR_SEARCH, Found(cars=()), says=says)

    assert "Pajero Sport 2018" in said(with_near)
    assert "#V01" in said(with_near)
    assert "1. " in said(without)


async def test_an_unknown_code_is_denied() -> None:
    outcome = await ask("Z99 ada?", Intent.AVAILABILITY, Found(cars=()), says={"display_code": "#Z99"})

    assert "#Z99 tidak ada" in said(outcome)
    assert outcome.fallback is None


async def test_a_draft_is_never_shown() -> None:
    hidden = dataclasses.replace(A01, status=CarStatus.DRAFT)
    stock = Stock(cars=(hidden, A02))

    outcome = await ask("#A01", Intent.SELECTION, Found(cars=(hidden,)), stock=stock, says={"display_code": "#A01"})

    assert "Rp 185.000.000" not in said(outcome)


@pytest.mark.parametrize("intent", [Intent.CAR_SEARCH, Intent.PRICE, Intent.PHOTOS, Intent.AVAILABILITY, Intent.CREDIT])
async def test_an_empty_stock_is_answered_too(intent: Intent) -> None:
    outcome = await ask("ada mobil apa?", intent, stock=Stock())

    assert said(outcome)
    assert outcome.fallback is None


async def test_a_question_without_a_car_is_kept_until_the_car_is_named() -> None:
    first = await ask("minta foto dong", Intent.PHOTOS, memory={"listed": ["#A01", "#A02"]})
    assert first.memory["pending"] == "photos"

    second = await ask("2", Intent.SELECTION, memory=first.memory, says={"selection": 2})
    assert [reply.photo for reply in second.replies if reply.photo] == list(A02.photos)
    assert "pending" not in second.memory


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("km nya brp", "45.000 km"),
        ("matic apa manual?", "Transmisinya manual"),
        ("pajaknya gimana", "pajak panjang"),
        ("pernah banjir ga", "riwayat banjir"),
        ("plat apa gan", "Nomor plat tidak"),
        ("velg racing ya?", "Velg racing 16 inch"),
    ],
)
async def test_a_property_is_answered_from_the_row_or_not_at_all(text: str, expected: str) -> None:
    outcome = await ask(text, Intent.CAR_DETAIL, memory={"car": "#A01"})

    assert expected in said(outcome)


async def test_an_outdated_price_of_the_page_is_put_right() -> None:
    text = "Halo, saya tertarik dengan Toyota Avanza 2020 kode #A01 seharga Rp 190.000.000"

    outcome = await ask(text, Intent.CAR_DETAIL, Found(cars=(A01,)), says={"display_code": "#A01"})

    assert "Harga terbarunya Rp 185.000.000" in said(outcome)


async def test_yes_does_what_was_offered() -> None:
    offered = await ask("#A01", Intent.SELECTION, Found(cars=(A01,)), says={"display_code": "#A01"})
    assert offered.memory["offer"] == "photos"

    outcome = await ask("boleh kak", Intent.OTHER, memory=offered.memory)

    assert [reply.photo for reply in outcome.replies if reply.photo] == list(A01.photos)


async def test_at_most_five_photos_with_the_facts_on_the_first() -> None:
    album = dataclasses.replace(A01, photos=tuple(f"/uploads/{n}.jpg" for n in range(9)))

    outcome = await ask("foto", Intent.PHOTOS, stock=Stock(cars=(album,)), memory={"car": "#A01"})

    assert len([reply for reply in outcome.replies if reply.photo]) == 5
    assert "Rp 185.000.000" in outcome.replies[0].text


async def test_a_car_without_photos_says_so() -> None:
    outcome = await ask("foto brio", Intent.PHOTOS, Found(cars=(B01,)))

    assert "belum ada" in said(outcome)
    assert all(reply.photo is None for reply in outcome.replies)


# -- showroom


async def test_every_branch_is_told_or_the_one_that_was_named() -> None:
    every = await ask("lokasi dmn", Intent.LOCATION, showroom=TWO_BRANCHES)
    one = await ask("alamat cabang wiyung", Intent.LOCATION, showroom=TWO_BRANCHES)

    assert "Jl. Rungkut Madya 45" in said(every)
    assert "Jl. Wiyung 8" in said(every)
    assert "Jl. Rungkut Madya 45" not in said(one)
    assert (every.source, one.source) == ("canned", "canned")


async def test_where_a_unit_stands_comes_from_its_branch() -> None:
    unit = dataclasses.replace(B01, branch_id=WEST.id, branch="Wiyung")

    outcome = await ask(
        "brio posisi dimana",
        Intent.LOCATION,
        Found(cars=(unit,)),
        showroom=TWO_BRANCHES,
        stock=Stock(cars=(unit,)),
    )

    assert "Jl. Wiyung 8" in said(outcome)
    assert "Jl. Rungkut" not in said(outcome)


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("skrg buka?", {}, "18.00 WIB"),
        ("sekarang buka?", {"now": SUNDAY}, "besok (Senin) jam 09.00"),
        ("minggu buka?", {}, "Minggu kami tutup"),
        ("besok buka?", {}, "Besok (Jumat) buka"),
        ("tgl merah buka?", {}, "tanggal merah"),
        ("jam buka?", {}, "Senin-Sabtu 09.00-18.00"),
        ("jam buka?", {"showroom": Showroom(name="X", slug="x")}, "konfirmasikan"),
    ],
)
async def test_hours(text: str, given: dict[str, Any], expected: str) -> None:
    outcome = await ask(text, Intent.HOURS, **given)

    assert expected in said(outcome)
    assert outcome.source == "canned"


async def test_contact_gives_only_what_is_known() -> None:
    full = await ask("nomor telepon?", Intent.CONTACT)
    bare = await ask("nomor telepon?", Intent.CONTACT, showroom=Showroom(name="X", slug="x"))
    branch = await ask("telepon cabang rungkut", Intent.CONTACT, showroom=TWO_BRANCHES)

    assert "https://showroom-surabaya.autoleads.id" in said(full)
    assert "Lewat chat ini" in said(bare)
    assert "Cabang Rungkut" in said(branch)


async def test_what_sets_cars_apart_names_fuel_trim_and_branch() -> None:
    diesel = dataclasses.replace(
        A01, fuel="Diesel", branch="Rungkut", features=(), condition_notes="Pajak panjang, siap"
    )
    upper = dataclasses.replace(A02, model="Avanza 1.5 S", branch="Wiyung")

    outcome = await ask("avanza", Intent.CAR_SEARCH, Found(cars=(diesel, upper)), stock=Stock(cars=(diesel, upper)))

    for fact in ("iesel", "pajak panjang", "di Rungkut", "ipe 1.5 S", "di Wiyung"):
        assert fact in said(outcome)


async def test_where_a_car_stands_is_part_of_its_card_and_the_price_knows_about_papers() -> None:
    unit = dataclasses.replace(B01, branch="Wiyung")

    outcome = await ask("brio otr brp", Intent.PRICE, Found(cars=(unit,)), stock=Stock(cars=(unit,)))

    assert "Wiyung" in said(outcome)
    assert "biaya surat" in said(outcome)
