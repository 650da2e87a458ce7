"""Several wishes in one message, references over several turns, data told once, languages."""

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
    EAST,
    SUNDAY,
    TWO_BRANCHES,
    V01,
    WEST,
    ask,
    car,
    said,
    talk,
)

R01 = car(31, "#R01", public_name="Rush 2020 Putih #R01", brand="Toyota", model="Rush 1.5 TRD", color="Putih")
R02 = dataclasses.replace(R01, id=32, display_code="#R02", public_name="Rush 2022 Merah #R02", color="Merah", year=2022)
H01 = car(33, "#H01", public_name="HR-V 2019 Putih #H01", brand="Honda", model="HR-V 1.5 E", color="Putih", year=2019)
C01 = car(
    34, "#C01", public_name="Calya 2021 Merah #C01", brand="Toyota", model="Calya 1.2 G", color="Merah", year=2021
)
WIDE = Stock(cars=(*AVANZAS, R01, R02, H01, C01))


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
    (outcome,) = await talk("tukar tambah brio 2017 matic km 60rb saya ke rush 2020", stock=WIDE)

    assert "#R01" in said(outcome)
    assert "merek dan tipe" not in said(outcome)


async def test_what_is_missing_is_asked_for_once() -> None:
    _, some, rest = await talk("mau jual mobil", "avanza 2015", "manual km 100rb pajak hidup")

    assert "transmisi" in said(some)
    assert "km" in said(some)
    assert "Boleh dilengkapi" not in said(rest)


# -- what goes on from before


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (("ada avanza?", "yang termahal", "yang tadi bisa nego?"), "#V01"),
        (("rush putih ada?", "eh yg merah brp"), "#R02"),
        (("ada rush?", "sing kapisan regane piro"), "#R02"),
        (("ada rush?", "the second one please"), "#R01"),
        (("ada avanza?", "yang lebih murah"), "#A02"),
        (("ada avanza?", "sing murah wae"), "#A02"),
        (("ada avanza?", "yg plg murah"), "#A02"),
        (("ada avanza?", "bedanya 1 sama 3 apa?", "yang 3 deh"), "#V01"),
        (("ada avanza?", "yg matic ada?"), "#V01"),
        (("ada rush?", "yang putih", "itu berapa?"), "#R01"),
        (("rush ada?", "yang tahun muda"), "#R02"),
        (("ada avanza?", "bisa nego?", "yang 2"), "#A02"),
        (("ada avanza?", "mau lihat besok", "nomor 3"), "#V01"),
    ],
)
async def test_a_reference_is_followed(texts: tuple[str, ...], code: str) -> None:
    *_, outcome = await talk(*texts, stock=WIDE)

    assert outcome.memory["car"] == code


async def test_the_question_that_asked_back_goes_on() -> None:
    *_, nego = await talk("ada avanza?", "bisa nego?", "yang 2")
    assert nego.intent is Intent.NEGOTIATION

    *_, visit = await talk("ada avanza?", "mau lihat besok jam 10", "nomor 3")
    assert visit.intent is Intent.VISIT
    assert "jam berapa" not in said(visit)


async def test_others_beside_the_car_talked_about() -> None:
    *_, others = await talk("#R01", "selain itu ada yang mirip?", stock=WIDE)

    assert "1. Rush 2022 Merah #R02" in said(others)
    assert "#R01" not in said(others)


async def test_a_body_is_searched_within_the_budget_told_before() -> None:
    dear = dataclasses.replace(H01, id=40, display_code="#H02", price_idr=900_000_000)
    stock = Stock(cars=(*AVANZAS, R01, R02, H01, dear))
    *_, suvs = await talk("budget maksimal 200 juta", "lebih suka suv", stock=stock)

    assert {"#R01", "#R02", "#H01"} == set(suvs.memory["listed"])


async def test_a_wish_among_nearest_cars_means_the_model_asked_for() -> None:
    sold = dataclasses.replace(R01, id=41, display_code="#R09", year=2017, status="sold")
    near = dataclasses.replace(H01, year=2020)
    stock = Stock(cars=(R01, near, sold))
    *_, photos = await talk("rush 2017 masih ada?", "yang 2020 berapa harganya", stock=stock)

    assert photos.memory["car"] == "#R01"


async def test_the_next_step_is_not_the_same_again_and_again() -> None:
    outcomes = await talk("#A01", "km berapa?", "pajak hidup?", "matic apa manual?")

    closings = [said(outcome).rstrip().rsplit("\n", 1)[-1] for outcome in outcomes]
    assert len({outcome.memory.get("offer") for outcome in outcomes}) == len(outcomes)
    assert len(set(closings)) == len(closings)


async def test_an_answer_on_a_known_car_does_not_repeat_its_card() -> None:
    _, km = await talk("#A01", "km berapa?")

    assert said(km).count("45.000 km") == 1
    assert "Spoiler" not in said(km)


async def test_a_person_is_offered_for_what_no_row_knows() -> None:
    _, unknown, yes = await talk("#A01", "pernah banjir ga?", "ya", sales=(BUDI,))

    assert "Budi" in said(unknown)
    assert unknown.hand_over is None
    assert yes.intent is Intent.HUMAN
    assert yes.hand_over == BUDI


async def test_terms_told_once_are_kept() -> None:
    _, dp, car_named = await talk("bisa kredit?", "dp 30 juta", "#A01")

    assert "DP-nya kira-kira" not in said(dp)
    assert "DP Rp 30.000.000" in said(car_named)


async def test_an_application_is_passed_on_not_calculated_again() -> None:
    *_, applied = await talk("#A01", "dp 30 juta 4 tahun", "oke ajukan kreditnya", sales=(BUDI,))

    assert "Budi" in said(applied)
    assert "bulan" not in said(applied)


async def test_an_offer_above_the_price_is_enough() -> None:
    *_, outcome = await talk("#A01", "bisa nego?", "190 juta ya")

    assert "Rp 185.000.000" in said(outcome)
    assert "sudah masuk" in said(outcome)


async def test_what_others_ask_is_no_budget_of_this_lead() -> None:
    *_, outcome = await talk("#A01", "mahal banget dibanding sebelah 150")

    assert outcome.lead is not None
    assert outcome.lead.budget_idr is None


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
    *first, third = await talk("ada avanza?", "ada rush?", "ada calya?", stock=WIDE)

    assert [outcome.lead.status for outcome in first if outcome.lead] == [None, None]
    assert third.lead is not None
    assert third.lead.status is LeadStatus.WARM
    assert "tanya berkali-kali" in third.lead.reasons


async def test_the_most_a_car_may_cost_is_a_budget() -> None:
    (below,) = await talk("cari mobil di bawah 200 juta", stock=WIDE)
    (about,) = await talk("cari mobil 180an juta", stock=WIDE)

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
