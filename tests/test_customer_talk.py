"""Talk, opting out, messages without words, rows with bad text, odd memories."""

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoleads.bot import texts
from autoleads.bot.customer import answer
from autoleads.bot.gateway.base import Kind
from autoleads.bot.understanding.base import Found, Intent
from autoleads.stock import Stock
from autoleads.types import LeadStatus
from tests.showroom_sample import (
    A01,
    A02,
    AVANZAS,
    B01,
    SOLD,
    SUNDAY,
    V01,
    ask,
    said,
    turn,
    understood,
)  # fmt: skip

# -- talk


async def test_first_contact_is_greeted_by_name_with_one_privacy_line() -> None:
    outcome = await ask("halo", Intent.GREETING, first_contact=True, customer_name="ahmad fauzi")

    assert "Kak Ahmad" in said(outcome)
    assert "Showroom Mobil Surabaya" in said(outcome)
    assert said(outcome).count("HAPUS DATA SAYA") == 1


@pytest.mark.parametrize("name", ["", "🔥", "B 1234 XYZ", "0812", "Admin", "x" * 40])
async def test_a_profile_name_that_is_none_is_not_used(name: str) -> None:
    outcome = await ask("halo", Intent.GREETING, first_contact=True, customer_name=name)

    assert "Kak" in said(outcome)
    assert not name or name not in said(outcome)


async def test_a_name_that_was_asked_for_is_kept() -> None:
    asked = await ask("bisa nego?", Intent.NEGOTIATION, memory={"car": "#A01"})
    assert asked.memory["asked"] == "name"

    outcome = await ask("saya Ahmad", Intent.OTHER, memory=asked.memory)

    assert outcome.lead is not None
    assert outcome.lead.name == "Ahmad"
    assert "Kak Ahmad" in said(outcome)


async def test_opting_out_is_confirmed_once_and_then_silent_until_asked_back() -> None:
    first = await ask("stop", Intent.OPT_OUT)
    assert len(first.replies) == 1
    assert first.memory["opt_out"] is True

    again = await ask("stop", Intent.OPT_OUT, memory=first.memory)
    other = await ask("ada avanza?", Intent.CAR_SEARCH, Found(cars=AVANZAS), memory=first.memory)
    assert (again.replies, other.replies) == ((), ())

    back = await ask("MULAI", Intent.OTHER, memory=first.memory)
    assert back.replies
    assert "opt_out" not in back.memory


async def test_a_wish_to_be_deleted_is_marked() -> None:
    outcome = await ask("tolong hapus data saya", Intent.OPT_OUT)

    assert outcome.erase
    assert outcome.opt_out is False  # the answerer reads it off the memory
    assert outcome.memory["opt_out"] is True
    assert "24 jam" in said(outcome)
    assert outcome.alert is not None
    assert "hapus data" in outcome.alert

    back = await ask("MULAI", Intent.OTHER, memory=outcome.memory)
    assert "opt_out" not in back.memory
    assert not back.erase
    later = await ask("ada avanza?", Intent.CAR_SEARCH, Found(cars=AVANZAS), memory=back.memory)
    assert "#A01" in said(later)


@pytest.mark.parametrize("kind", list(Kind))
async def test_what_is_not_text_gets_a_fitting_line(kind: Kind) -> None:
    outcome = await ask("", Intent.OTHER, kind=kind)

    assert len(outcome.replies) == 1
    assert said(outcome)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ini bot apa orang?", "asisten otomatis"),
        ("wkwkwk", "😄"),
        ("😀", "😄"),
        ("bisa kirim ke banjarmasin?", "luar kota"),
        ("gak jadi", "Kak"),
        ("asdf qwer", "sales"),
    ],
)
async def test_other_talk(text: str, expected: str) -> None:
    assert expected in said(await ask(text, Intent.OTHER))


async def test_a_complaint_is_apologised_for_and_flagged() -> None:
    outcome = await ask("sales nya judes", Intent.COMPLAINT)

    assert "aaf" in said(outcome)
    assert outcome.memory["complaint"] is True


@pytest.mark.parametrize("text", ["yaudah", "mahal amat", "ok", "nanti dulu", "Ahmad beli rumah besar sekali", "123"])
async def test_what_is_no_name_is_not_taken_for_one(text: str) -> None:
    outcome = await ask(text, Intent.OTHER, memory={"asked": "name"})

    assert outcome.lead is not None
    assert outcome.lead.name is None


async def test_a_time_answers_when_and_a_tenor_answers_how_long() -> None:
    when = await ask("mau liat unit", Intent.VISIT, memory={"car": "#A01"})
    assert when.memory["asked"] == "visit"
    time = await ask("besok jam 10 ya", Intent.OTHER, memory=when.memory)
    assert time.intent == "visit"
    assert "Besok (Jumat) kami buka" in said(time)

    plan = await ask("kredit?", Intent.CREDIT, memory={"car": "#A01"})
    assert plan.memory["asked"] == "credit"
    longer = await ask("2 tahun aja", Intent.OTHER, memory=plan.memory)
    assert "24 bulan" in said(longer)
    assert "36 bulan" not in said(longer)


async def test_a_comparison_goes_back_to_the_list() -> None:
    memory = {"listed": ["#A01", "#A02"], "car": "#A01"}

    outcome = await ask("bedanya sama yang 2 apa", Intent.CAR_DETAIL, memory=memory)

    assert "#A01" in said(outcome)
    assert "#A02" in said(outcome)
    assert "Selisih harganya Rp 5.000.000" in said(outcome)


async def test_photos_of_the_own_car_are_not_answered_with_ours() -> None:
    outcome = await ask("ini fotonya kak", Intent.PHOTOS, memory={"intake": "trade_in", "car": "#A01"})

    assert all(reply.photo is None for reply in outcome.replies)


@pytest.mark.parametrize("intent", [Intent.NEGOTIATION, Intent.VISIT, Intent.CREDIT, Intent.PHOTOS])
async def test_a_wish_for_a_car_that_is_gone_names_it_and_others(intent: Intent) -> None:
    outcome = await ask("#J02 ya", intent, Found(cars=(SOLD,)), says={"display_code": "#J02"})

    assert "#J02" in said(outcome)
    assert "1. " in said(outcome)


@pytest.mark.parametrize("intent", [Intent.NEGOTIATION, Intent.VISIT, Intent.CREDIT, Intent.PHOTOS])
async def test_a_wish_for_a_car_we_have_not_is_no_dead_end(intent: Intent) -> None:
    outcome = await ask("pajero ya", intent, Found(cars=(), alternatives=(V01,)), says={"model": "Pajero Sport"})

    assert "Pajero Sport" in said(outcome)
    assert "#V01" in said(outcome)


@pytest.mark.parametrize("intent", [Intent.NEGOTIATION, Intent.VISIT, Intent.CREDIT])
async def test_a_wish_for_several_cars_lists_them(intent: Intent) -> None:
    outcome = await ask("avanza ya", intent, Found(cars=AVANZAS), says={"model": "Avanza"})

    for one in AVANZAS:
        assert one.display_code in said(outcome)
    assert outcome.lead is not None
    assert outcome.lead.status is LeadStatus.HOT


@pytest.mark.parametrize(("hour", "word"), [(3, "malam"), (5, "pagi"), (12, "siang"), (16, "sore"), (20, "malam")])
async def test_a_greeting_knows_the_time_of_day(hour: int, word: str) -> None:
    said_any = [
        said(await ask("halo", Intent.GREETING, now=SUNDAY.replace(hour=hour), number=number)) for number in range(9)
    ]

    assert any(f"selamat {word}" in text for text in said_any)
    assert not any(
        f"selamat {other}" in text for text in said_any for other in {"pagi", "siang", "sore", "malam"} - {word}
    )


async def test_greetings_go_on_with_the_talk() -> None:
    salam = await ask("assalamualaikum", Intent.GREETING)
    again = await ask("halo", Intent.GREETING, memory={"car": "#A01"})

    assert said(salam).startswith("Waalaikumsalam")
    assert "lagi" in said(again) or "lanjut" in said(again)


async def test_a_late_complaint_is_told_when_a_person_looks() -> None:
    outcome = await ask("mobil mogok terus, kecewa", Intent.COMPLAINT, now=SUNDAY)

    assert "Senin" in said(outcome)


async def test_a_photo_the_gateway_withheld_is_asked_for_in_words() -> None:
    base = turn("", kind=Kind.IMAGE)
    withheld = dataclasses.replace(base, messages=(dataclasses.replace(base.messages[0], media_dropped=True),))

    outcome = await answer(withheld, understood("", Intent.OTHER), Found(), None)

    assert "tidak terbuka" in said(outcome)


async def test_data_of_the_own_car_are_not_taken_for_a_search() -> None:
    first = await ask("mau jual mobil", Intent.SELL_CAR)
    says = {
        "brand": "Toyota",
        "model": "Avanza",
        "year_min": 2015,
        "year_max": 2015,
        "transmission": "Manual",
    }

    told = await ask("avanza 2015 km 80rb manual", Intent.CAR_SEARCH, Found(cars=()), memory=first.memory, says=says)
    asked = await ask("ada avanza manual?", Intent.CAR_SEARCH, Found(cars=(A01,)), memory=first.memory, says=says)

    assert "Data mobilnya sudah masuk" in said(told)
    assert "#A01" in said(asked)


async def test_a_second_question_is_answered_with_the_first() -> None:
    outcome = await ask("harga veloz brp? lokasinya dimana, buka jam brp?", Intent.PRICE, Found(cars=(V01,)))

    text = said(outcome)
    for fact in ("Rp 215.000.000", "Jl. Raya Darmo No. 123", "Senin-Sabtu 09.00-18.00"):
        assert fact in text
    assert text.rstrip().endswith("?")


async def test_a_first_knock_is_a_greeting() -> None:
    outcome = await ask("kak", Intent.OTHER, first_contact=True)

    assert "Showroom Mobil Surabaya" in said(outcome)
    assert said(outcome).count("Halo") + said(outcome).count("Hai") == 1


# -- rows with bad text, odd memories


async def test_a_plate_or_a_number_in_a_row_never_leaves() -> None:
    dirty = dataclasses.replace(
        A01,
        condition_notes="Nopol B 1234 XYZ, hub 0812-9999-8888, *promo* {x}",
        features=("Plat L9012DEF", "Velg [racing]"),
    )

    outcome = await ask(
        "#A01",
        Intent.SELECTION,
        Found(cars=(dirty,)),
        stock=Stock(cars=(dirty,)),
        says={"display_code": "#A01"},
    )

    text = said(outcome)
    for secret in ("1234", "9012", "0812", "{", "["):
        assert secret not in text
    assert "Rp 185.000.000" in text


async def test_a_name_that_holds_a_plate_is_answered_safely() -> None:
    dirty = dataclasses.replace(A01, public_name="Avanza B 1234 XYZ")

    outcome = await ask(
        "#A01",
        Intent.SELECTION,
        Found(cars=(dirty,)),
        stock=Stock(cars=(dirty,)),
        says={"display_code": "#A01"},
    )

    assert outcome.fallback == "guard:plate"
    assert "1234" not in said(outcome)
    assert said(outcome)


@pytest.mark.parametrize(
    ("brand", "model", "features"),
    [
        ("Mercedes-Benz", "A 200 AMG", ("Velg 18 inch", "Garansi 1 tahun / 20.000 km")),
        ("Mercedes-Benz", "C200 CGI", ("Sunroof", "Kamera 360")),
        ("BMW", "X1 sDrive18i", ("Head unit 10.25 inch",)),
        ("Suzuki", "Karimun Wagon R 1.0 GL", ("Audio bluetooth",)),
        ("BMW", "320i M Sport", ("Ban Michelin 225/45 R18",)),
        ("Mitsubishi", "L300 Pick Up Flat Deck", ("Power steering", "KIR hidup s/d 2026")),
        ("Suzuki", "Carry 1.5 FD PS AC", ("Bak 2.5 x 1.7 m",)),
        ("Mazda", "CX-5 2.5 Elite", ("Bose 10 speaker", "Pajak bln 9")),
        ("Hyundai", "H-1 2.5 CRDi XG", ("12 seat", "Bonus toolkit")),
        ("Toyota", "Corolla Altis 1.8 V", ("Diskon servis 10%", "DP mulai 20jt")),
        ("Wuling", "Air EV Long Range", ("Baterai 26,7 kWh, jarak 300 km",)),
        ("Datsun", "GO+ Panca 1.2 T", ("TDP ringan",)),
        ("Daihatsu", "Xenia 1.3 R DLX", ("STNK dan BPKB lengkap", "Tangan 1")),
    ],
)
async def test_rows_as_people_write_them_get_through_the_guard(
    brand: str, model: str, features: tuple[str, ...]
) -> None:
    name = f"{model} 2018 Putih #D01"
    row = {"display_code": "#D01", "public_name": name, "brand": brand, "model": model, "year": 2018}
    unit = dataclasses.replace(B01, **row, features=features, price_idr=1_250_000_000, km=0)
    stock = Stock(cars=(unit, A01, A02))
    for intent in (
        Intent.CAR_DETAIL,
        Intent.PRICE,
        Intent.NEGOTIATION,
        Intent.CREDIT,
        Intent.VISIT,
        Intent.PHOTOS,
    ):
        outcome = await ask("detail dong", intent, Found(cars=(unit,)), stock=stock)

        assert outcome.fallback is None
        assert "Rp 1.250.000.000" in said(outcome)

    both = await ask("ada apa", Intent.CAR_SEARCH, Found(cars=(unit, A01)), stock=stock)
    assert both.fallback is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda s: st.lists(s, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(
    ["listed", "car", "more", "offer", "pending", "asked", "heat", "reasons", "dp", "tenor", "name", "intake"]
)


@given(st.dictionaries(KEYS, JSON, max_size=6), st.sampled_from(list(Intent)), st.text(max_size=60))
async def test_any_memory_and_any_text_are_survived(memory: dict[str, Any], intent: Intent, text: str) -> None:
    outcome = await ask(text, intent, memory=memory)

    assert said(outcome)
    json.dumps(dict(outcome.memory))


async def test_the_same_turn_says_the_same_and_others_vary() -> None:
    once = [said(await ask("makasih", Intent.THANKS, number=number)) for number in range(20)]
    twice = [said(await ask("makasih", Intent.THANKS, number=number)) for number in range(20)]

    assert once == twice
    assert len(set(once)) == len(texts.THANKS)
