"""Several wishes in one message, trade-ins, places and hours, languages, what is no text, the lead."""

import dataclasses

import pytest

from autoleads.bot.gateway.base import Kind
from autoleads.bot.understanding.base import Found, Intent
from autoleads.stock import Stock
from autoleads.types import LeadStatus, Transmission
from tests.showroom_sample import (
    A01,
    A02,
    AVANZAS,
    BUDI,
    C01,
    EAST,
    MIXED,
    R01,
    R02,
    SUNDAY,
    TWO_BRANCHES,
    V01,
    WEST,
    ask,
    said,
    talk,
)

# -- several wishes


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("#A01 km berapa? bisa kredit?", ("45.000 km", "Simulasi kredit")),
        ("#A01 pajaknya hidup? bisa tukar tambah?", ("ajak panjang", "tukar tambah")),
        ("#A01 bisa nego? lokasinya dimana?", ("nego", "Jl. Raya Darmo")),
        ("harga #A01 berapa? alamatnya dimana?", ("Rp 185.000.000", "Jl. Raya Darmo")),
        ("#A01 masih ada? buka jam berapa?", ("masih tersedia", "09.00-18.00")),
        ("#A01 bisa tukar tambah sama kredit?", ("tukar tambah", "Simulasi kredit")),
        ("#A01 bisa kredit? bisa nego juga?", ("Simulasi kredit", "nego")),
        ("#A01 bisa kredit? besok bisa test drive?", ("Simulasi kredit", "test drive")),
        ("lokasi dimana? hari ini buka?", ("Jl. Raya Darmo", "buka")),
        ("#A01 pernah banjir? servis rutin? bisa nego?", ("riwayat banjir", "ervice record", "nego")),
    ],
)
async def test_every_wish_of_a_message_is_answered(text: str, facts: tuple[str, ...]) -> None:
    (outcome,) = await talk(text, sales=(BUDI,))

    for fact in facts:
        assert fact.lower() in said(outcome).lower(), fact
    assert outcome.fallback is None
    assert said(outcome).count("?") <= 2  # one next step, which may offer two things


async def test_photos_asked_for_beside_a_price_talk_are_sent() -> None:
    _, outcome = await talk("#A01", "bisa nego? sama minta fotonya", sales=(BUDI,))

    assert [reply.photo for reply in outcome.replies if reply.photo] == list(A01.photos)
    assert "nego" in outcome.replies[-1].text
    assert outcome.hand_over == BUDI


async def test_a_down_payment_alone_is_no_bargaining() -> None:
    (outcome,) = await talk("#A01 dp 30 juta bisa?")

    assert "Simulasi" in said(outcome)
    assert "nego" not in said(outcome)


async def test_a_property_of_each_car_stands_beside_the_credit_of_several() -> None:
    _, outcome = await talk("ada avanza?", "km nya brp, bisa kredit 3 tahun?")

    for one in AVANZAS:
        assert one.display_code in said(outcome)
    assert "45.000 km" in said(outcome)
    assert "36 bulan" in said(outcome)


# -- trade-in


async def test_a_wished_model_of_which_several_are_there_is_listed() -> None:
    first, second, third = await talk(
        "mau tukar tambah xenia 2013 saya ke avanza", "2", "xenia 1.3 2013 manual km 140rb pajak mati"
    )

    for one in AVANZAS:
        assert one.display_code in said(first)
    assert "#A02" in said(second)
    assert "#A01" not in said(second)
    assert "sudah masuk" in said(third)
    assert third.lead is not None
    assert third.lead.car_id == A02.id


async def test_data_told_with_the_wish_are_not_asked_for() -> None:
    (outcome,) = await talk("tukar tambah brio 2017 matic km 60rb saya ke rush 2020", stock=MIXED)

    assert "#R01" in said(outcome)
    assert "merek dan tipe" not in said(outcome)


async def test_what_is_missing_is_asked_for_once() -> None:
    _, some, rest = await talk("mau jual mobil", "avanza 2015", "manual km 100rb pajak hidup")

    assert "transmisi" in said(some)
    assert "km" in said(some)
    assert "Boleh dilengkapi" not in said(rest)


# -- where and when


async def test_the_place_of_the_car_talked_about_comes_first() -> None:
    unit = dataclasses.replace(A01, branch_id=WEST.id, branch="Wiyung")
    *_, where = await talk("#A01", "lokasi dmn", stock=Stock(cars=(unit,)), showroom=TWO_BRANCHES)

    assert "Jl. Wiyung 8" in said(where)
    assert "Jl. Rungkut" not in said(where)


async def test_branches_with_other_hours_are_told_one_by_one() -> None:
    open_on_sunday = dataclasses.replace(WEST, hours={"sun": "10:00-15:00"})
    room = dataclasses.replace(TWO_BRANCHES, branches=(EAST, open_on_sunday), derived={})
    (outcome,) = await talk("hari minggu buka?", showroom=room, now=SUNDAY)

    assert "Rungkut: tutup" in said(outcome)
    assert "Wiyung: 10.00-15.00" in said(outcome)


async def test_a_question_for_hours_is_no_visit() -> None:
    _, hours = await talk("lokasi dimana?", "sabtu buka?")
    assert hours.intent is Intent.HOURS

    _, visit = await talk("lokasi dimana?", "sabtu siang")
    assert visit.intent is Intent.VISIT


# -- languages


async def test_an_english_customer_reads_english_around_the_facts() -> None:
    first, price, nego = await talk(
        "Hi, do you have any Avanza?", "how much is the first one?", "can I get a discount?", sales=(BUDI,)
    )

    assert "available" in said(first)
    assert "Rp 185.000.000" in said(price)
    assert "Our salesperson Budi" in said(nego)
    (indonesian,) = await talk("test drive besok bisa? price list ada?")
    assert "available" not in said(indonesian)


@pytest.mark.parametrize("text", ["你好，有丰田吗？", "سيارة", "машина есть?"])
async def test_other_scripts_get_a_line_in_two_languages(text: str) -> None:
    (outcome,) = await talk(text)

    assert "English" in said(outcome)


# -- no words


@pytest.mark.parametrize("kind", [Kind.LOCATION, Kind.STICKER, Kind.CONTACT, Kind.DOCUMENT, Kind.UNSUPPORTED])
async def test_what_is_not_text_does_not_end_the_question_asked(kind: Kind) -> None:
    asked = await ask("mau jual mobil", Intent.SELL_CAR)
    between = await ask("", Intent.OTHER, kind=kind, memory=asked.memory)

    assert between.memory["asked"] == "own_car"


async def test_the_place_of_the_customer_is_answered_with_every_branch() -> None:
    outcome = await ask("", Intent.OTHER, kind=Kind.LOCATION, showroom=TWO_BRANCHES)

    assert "Jl. Rungkut Madya 45" in said(outcome)
    assert "Jl. Wiyung 8" in said(outcome)


async def test_ten_thousand_characters_get_a_short_answer() -> None:
    (outcome,) = await talk("lorem ipsum dolor " * 600)

    assert 0 < len(said(outcome)) < 500


# -- the lead


async def test_repeated_interest_warms_a_lead() -> None:
    *first, third = await talk("ada avanza?", "ada rush?", "ada calya?", stock=MIXED)

    assert [outcome.lead.status for outcome in first if outcome.lead] == [None, None]
    assert third.lead is not None
    assert third.lead.status is LeadStatus.WARM
    assert "tanya berkali-kali" in third.lead.reasons


async def test_the_most_a_car_may_cost_is_a_budget() -> None:
    (below,) = await talk("cari mobil di bawah 200 juta", stock=MIXED)
    (about,) = await talk("cari mobil 180an juta", stock=MIXED)

    assert below.lead is not None
    assert below.lead.budget_idr == 200_000_000
    assert about.lead is not None
    assert about.lead.budget_idr is None


async def test_near_the_budget_comes_before_far_below_it() -> None:
    cheap = tuple(
        dataclasses.replace(C01, id=200 + n, display_code=f"#C{n + 10}", price_idr=90_000_000 + n, year=2024)
        for n in range(6)
    )
    stock = Stock(cars=(*cheap, *AVANZAS))
    (outcome,) = await talk("punya dana 220 juta dapat mobil apa", stock=stock)

    assert set(outcome.memory["listed"][:3]) == {"#A01", "#A02", "#V01"}


async def test_only_the_body_asked_for_is_listed() -> None:
    matic = dataclasses.replace(R01, id=50, display_code="#R05", transmission=Transmission.MATIC)
    outcome = await ask(
        "suv matic", Intent.CAR_SEARCH, Found(cars=(matic, R02, V01)), stock=Stock(cars=(matic, R02, V01))
    )

    assert "#V01" not in said(outcome).split("Pilihan mirip")[0]
