"""What the rules say to each intent, text by text."""

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoleads.bot import credit, lead_score, texts
from autoleads.bot.answers import cars as write
from autoleads.bot.customer import answer
from autoleads.bot.gateway.base import Kind
from autoleads.bot.turn import Branch, Outcome, Showroom
from autoleads.bot.understanding.base import Found, Intent
from autoleads.stock import Stock
from autoleads.types import BranchId, CarStatus, LeadStatus
from tests.showroom_sample import (
    A01,
    A02,
    AVANZAS,
    B01,
    BOOKED,
    HOURS,
    SAMPLE,
    SHOWROOM,
    SOLD,
    SUNDAY,
    V01,
    WIDER,
    car,
    turn,
    understood,
)  # fmt: skip

EAST = Branch(
    id=BranchId(1), name="Cabang Rungkut", address="Jl. Rungkut Madya 45", phone="62318700001", hours=HOURS
)
WEST = Branch(
    id=BranchId(2), name="Cabang Wiyung", address="Jl. Wiyung 8", maps_url="https://maps.google.com/?q=1,2"
)
TWO_BRANCHES = dataclasses.replace(SHOWROOM, branches=(EAST, WEST))
CREDIT = {
    "credit": {
        "dp_percent": 25,
        "tenors": [24],
        "flat_rate_percent_year": 6,
        "insurance_percent_year": 0,
        "admin_idr": 0,
    }
}


async def ask(
    text: str, intent: Intent, found: Found | None = None, *, says: dict[str, Any] | None = None, **given: Any
) -> Outcome:
    given.setdefault("stock", WIDER)
    return await answer(turn(text, **given), understood(text, intent, **(says or {})), found or Found(), None)


def said(outcome: Outcome) -> str:
    return "\n".join(reply.text for reply in outcome.replies)


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
    outcome = await ask(
        "kalau brio?", Intent.PRICE, Found(cars=(B01,)), memory={"car": "#A01"}, says={"model": "Brio"}
    )

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
    assert "6. *Avanza 2020 Hitam #A06*" in said(second)

    third = await ask("7", Intent.SELECTION, stock=stock, memory=second.memory, says={"selection": 7})
    assert third.memory["car"] == "#A07"


async def test_a_number_that_is_not_listed_is_asked_again() -> None:
    outcome = await ask("9", Intent.SELECTION, memory={"listed": ["#A01", "#A02"]}, says={"selection": 9})

    assert "tidak ada di daftar" in said(outcome)
    assert "1. *Avanza 2020 Hitam #A01*" in said(outcome)


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
    outcome = await ask(
        f"{code} masih?", Intent.AVAILABILITY, Found(cars=(gone,)), says={"display_code": code}
    )

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

    outcome = await ask(
        "#A01", Intent.SELECTION, Found(cars=(hidden,)), stock=stock, says={"display_code": "#A01"}
    )

    assert "Rp 185.000.000" not in said(outcome)


@pytest.mark.parametrize(
    "intent", [Intent.CAR_SEARCH, Intent.PRICE, Intent.PHOTOS, Intent.AVAILABILITY, Intent.CREDIT]
)
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


# -- next steps


@pytest.mark.parametrize(
    "intent", [Intent.NEGOTIATION, Intent.CREDIT, Intent.VISIT, Intent.TRADE_IN, Intent.HUMAN]
)
async def test_a_hot_wish_brings_a_person_and_a_hot_lead(intent: Intent) -> None:
    outcome = await ask("tolong ya", intent, memory={"car": "#A01"})

    assert "sales kami" in said(outcome)
    assert outcome.lead is not None
    assert outcome.lead.status is LeadStatus.HOT
    assert outcome.lead.car_id == A01.id
    assert outcome.lead.score is not None
    assert outcome.lead.score >= 5


async def test_a_lead_that_is_hot_is_not_cooled_down() -> None:
    hot = await ask("bisa nego?", Intent.NEGOTIATION, memory={"car": "#A01"})
    after = await ask("km berapa", Intent.CAR_DETAIL, memory=hot.memory)

    assert after.lead is not None
    assert hot.lead is not None
    assert after.lead.status is None
    assert (after.lead.score or 0) >= (hot.lead.score or 0)


async def test_an_offer_is_passed_on_not_accepted() -> None:
    outcome = await ask(
        "155 angkut", Intent.NEGOTIATION, memory={"car": "#A02"}, says={"budget": 155_000_000}
    )

    assert "Penawaran Rp 155.000.000" in said(outcome)
    assert outcome.lead is not None
    assert outcome.lead.budget_idr == 155_000_000


async def test_a_booking_is_not_promised() -> None:
    outcome = await ask("booking #A01 dulu ya", Intent.NEGOTIATION, memory={"car": "#A01"})

    assert "tim sales kami yang urus" in said(outcome)


async def test_a_visit_names_the_hours_of_that_day_and_the_place() -> None:
    open_day = await ask("besok mau liat unit", Intent.VISIT, memory={"car": "#A01"})
    closed_day = await ask("minggu mau liat unit", Intent.VISIT, memory={"car": "#A01"})

    assert "Besok (Jumat) kami buka 09.00-18.00" in said(open_day)
    assert "Jl. Raya Darmo No. 123" in said(open_day)
    assert "Minggu kami tutup" in said(closed_day)
    assert "Senin jam 09.00" in said(closed_day)


async def test_a_simulation_is_labelled_and_follows_the_settings() -> None:
    showroom = dataclasses.replace(SHOWROOM, settings=CREDIT)

    outcome = await ask("kredit?", Intent.CREDIT, memory={"car": "#A02"}, showroom=showroom)

    text = said(outcome)
    assert "Simulasi" in text
    assert "DP Rp 45.000.000" in text  # a quarter of 180
    assert "24 bulan: ± Rp 6.300.000" in text  # 135 million x 1.12 / 24
    assert "perkiraan" in text


async def test_down_payment_and_tenor_are_remembered() -> None:
    first = await ask("dp 30 tenor 4 th", Intent.CREDIT, says={"dp": 30_000_000, "tenor_months": 48})
    assert "pending" in first.memory

    second = await ask(
        "#A01", Intent.SELECTION, Found(cars=(A01,)), memory=first.memory, says={"display_code": "#A01"}
    )

    assert "DP Rp 30.000.000" in said(second)
    assert "48 bulan" in said(second)
    assert "60 bulan" not in said(second)


@pytest.mark.parametrize(
    ("text", "says", "expected"),
    [
        ("dp 200 juta", {"dp": 200_000_000}, "bisa cash"),
        ("tanpa dp bisa?", {"dp": 0}, "Tanpa DP belum bisa"),
        ("dp 10% bisa?", {}, "DP Rp 18.500.000"),
        ("tenor 100 tahun", {"tenor_months": 1200}, "60 bulan"),
    ],
)
async def test_odd_wishes_for_credit(text: str, says: dict[str, Any], expected: str) -> None:
    outcome = await ask(text, Intent.CREDIT, memory={"car": "#A01"}, says=says)

    assert expected in said(outcome)
    assert outcome.fallback is None


async def test_a_monthly_sum_finds_cars() -> None:
    fits = await ask("dp 30 cicilan 4 jutaan dapet apa", Intent.CREDIT, says={"dp": 30_000_000})
    none_fits = await ask("dp 10 cicilan 1 jutaan dapet apa", Intent.CREDIT, says={"dp": 10_000_000})

    assert "yang masuk" in said(fits)
    assert "belum ada yang masuk" in said(none_fits)
    assert "#B01" in said(none_fits)


async def test_own_cars_are_taken_in_and_their_photos_thanked_for() -> None:
    first = await ask("mau jual mobil", Intent.SELL_CAR)
    photo = await ask("", Intent.OTHER, memory=first.memory, kind=Kind.IMAGE)

    assert "tahun" in said(first)
    assert first.lead is not None
    assert first.lead.status is LeadStatus.WARM
    assert "Fotonya sudah masuk" in said(photo)


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

    assert outcome.memory["delete_data"] is True
    assert "hapus data" in said(outcome)


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


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda s: st.lists(s, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(
    ["listed", "car", "more", "offer", "pending", "asked", "heat", "reasons", "dp", "tenor", "name", "intake"]
)


@given(st.dictionaries(KEYS, JSON, max_size=6), st.sampled_from(list(Intent)), st.text(max_size=60))
async def test_any_memory_and_any_text_are_survived(
    memory: dict[str, Any], intent: Intent, text: str
) -> None:
    outcome = await ask(text, intent, memory=memory)

    assert said(outcome)
    json.dumps(dict(outcome.memory))


async def test_the_same_turn_says_the_same_and_others_vary() -> None:
    once = [said(await ask("makasih", Intent.THANKS, number=number)) for number in range(20)]
    twice = [said(await ask("makasih", Intent.THANKS, number=number)) for number in range(20)]

    assert once == twice
    assert len(set(once)) == len(texts.THANKS)


# -- parts


def test_settings_that_make_no_sense_leave_the_defaults() -> None:
    assert (
        credit.terms(
            {
                "credit": {
                    "tenors": ["x", -1],
                    "dp_percent": "20",
                    "admin_idr": -5,
                    "flat_rate_percent_year": True,
                }
            }
        )
        == credit.Terms()
    )
    assert credit.terms({"credit": "nonsense"}) == credit.Terms()
    assert credit.terms(CREDIT).tenors == (24,)


@given(st.integers(50_000_000, 2_000_000_000), st.integers(6, 84))
def test_an_instalment_pays_the_debt_back_and_shrinks_with_the_down_payment(price: int, months: int) -> None:
    small = credit.simulate(price, credit.Terms(), dp=price // 10, months=months).plans[0].instalment
    large = credit.simulate(price, credit.Terms(), dp=price // 2, months=months).plans[0].instalment

    assert small * months > price - price // 10
    assert large < small


def test_scores_add_up_and_stop_at_ten() -> None:
    assert lead_score.score([]) == 1
    assert lead_score.score(["stock", "car", "negotiation"]) == 8
    assert lead_score.score(lead_score.REASONS) == 10
    assert lead_score.labels(["negotiation", "unknown"]) == ("mau nego",)


def test_an_alternative_and_an_entry_name_price_and_difference() -> None:
    assert "Rp 215.000.000" in write.brief(V01)
    assert "Veloz type" in write.entry(3, V01, SAMPLE.cars)
    assert "(sedang dibooking)" in write.entry(1, BOOKED, ())
