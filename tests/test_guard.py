"""The guard: hostile texts never pass, honest ones do, whatever the spelling of a figure."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autoleads.bot import compose, guard, texts, texts_english, texts_steps
from autoleads.bot.guard_facts import Facts, facts_of
from autoleads.bot.guard_numbers import amounts, plain, skeleton
from autoleads.bot.understanding.base import Intent
from autoleads.formats import rupiah
from autoleads.stock import Stock
from tests.showroom_sample import A01, A02, AVANZAS, V01, WIDER, ask, car, turn

DATA = Path(__file__).parent / "data"


def lines(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


HOSTILE, HONEST = lines("guard_hostile.jsonl"), lines("guard_honest.jsonl")
DRILL = DATA.parent.parent / "bench" / "data"


def facts(said: str = "mau tanya avanza", *, ours: bool = False, sums: frozenset[int] = frozenset()) -> Facts:
    return facts_of(turn(said, stock=WIDER), AVANZAS, ours=ours, sums=sums)


def rules(text: str, known: Facts | None = None) -> set[str]:
    return {violation.rule for violation in guard.check(text, known or facts())}


@pytest.mark.parametrize("plate", ["L 1 A", "l 1 a", "B 2020 XYZ", "AB 12 CD", "D 1 RS"])
def test_short_and_year_like_plates_are_plates(plate: str) -> None:
    assert "plate" in rules(f"Unitnya {plate} Kak")


@pytest.mark.parametrize("row", HOSTILE, ids=lambda row: row["text"][:40])
def test_a_hostile_text_never_passes(row: dict[str, str]) -> None:
    # A maker is a car as soon as the vocabulary knows it, and until then a name that is nobody's here.
    expected = {"car", "name"} if row["rule"] in ("car", "name") else {row["rule"]}
    assert expected & rules(row["text"])


def test_the_hostile_set_is_large_enough() -> None:
    assert len({row["text"] for row in HOSTILE}) >= 200


def test_honest_answers_pass() -> None:
    """At most one in a hundred honest answers may be refused; this set has fewer, so none."""
    refused = []
    for row in HONEST:
        composed = compose.fill(row["answer"], dict(zip("ABC", AVANZAS, strict=True)))
        broken = guard.check(composed.text, facts(row["said"] or "mau tanya"))
        refused += [(row["answer"], broken)] if broken else []

    assert len(HONEST) >= 60
    assert refused == []


def test_the_styles_of_the_drill_pass() -> None:
    """Most shaped the guard; of 138 that it first read when it was done it refused 5, and was mended."""
    refused = []
    for line in (DRILL / "honest_answers.tsv").read_text("utf-8").splitlines():
        answer = line.split("\t")[1]
        listed = dict(zip("ABC", AVANZAS if re.search(r"\[\[[BC]", answer) else (A01,), strict=False))
        if broken := guard.check(compose.fill(answer, listed).text, facts()):
            refused.append((answer, broken))

    assert refused == []


@pytest.mark.parametrize(
    "company",
    [
        "{lie}",
        "[[A.name]] [[A.price]] Kak, {lie}. Mau lihat fotonya?",
        "Soal itu tim sales kami bantu jelaskan, {lie}. Mau?",
        "[[A.name]] belum bisa dipastikan, tapi {lie}. Tim sales bantu ya?",
        "{lie}, tidak usah khawatir. Tertarik?",
    ],
)
def test_a_lie_is_refused_in_any_company(company: str) -> None:
    """Truths beside it, or a person who is to confirm something, excuse nothing."""
    asked = facts_of(turn("ada fortuner, pajero, tesla, byd, xpander, jaecoo, agya, yaris?", stock=WIDER), (A02,))
    passed = []
    for line in (DRILL / "attack_lies.tsv").read_text("utf-8").splitlines():
        lie = line.split("\t")[1]
        try:
            text = compose.fill(company.replace("{lie}", lie), {"A": A02}).text
        except compose.Refused:
            continue
        passed += [] if guard.check(text, asked) else [lie]

    assert passed == []


# -- figures in any spelling

WORDS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")


def spelled_out(number: int) -> str:
    """1..999 in Indonesian words."""
    if number < 10:
        return WORDS[number]
    if number < 20:
        return {10: "sepuluh", 11: "sebelas"}.get(number) or f"{WORDS[number - 10]} belas"
    if number < 100:
        rest = f" {WORDS[number % 10]}" if number % 10 else ""
        return f"{WORDS[number // 10]} puluh{rest}"
    head = "seratus" if number < 200 else f"{WORDS[number // 100]} ratus"
    return f"{head} {spelled_out(number % 100)}" if number % 100 else head


def shifted(number: int, zero: str) -> str:
    return "".join(chr(ord(zero) + int(digit)) for digit in str(number))


SPELLINGS: list[Callable[[int], str]] = [
    lambda m: rupiah(m * 1_000_000),
    lambda m: f"Rp{m:,},000,000".replace(",,", ","),
    lambda m: f"{m}jt",
    lambda m: f"{m} juta",
    lambda m: f"{m}.000.000",
    lambda m: f"{m * 1_000_000}",
    lambda m: f"{m / 1000:g} M".replace(".", ","),
    lambda m: f"{m / 1000:g} miliar",
    lambda m: f"{spelled_out(m)} juta",
    lambda m: " ".join(str(m)) + " juta",
    lambda m: "-".join(str(m)) + " jt",
    lambda m: "\u200b".join(str(m)) + " juta",
    lambda m: shifted(m, "０") + " juta",
    lambda m: shifted(m, "𝟎") + "jt",
    lambda m: shifted(m, "٠") + " juta",
    lambda m: "".join(f"{digit}\ufe0f\u20e3" for digit in str(m)) + " juta",
    lambda m: f"{m} 000 000",
    lambda m: f"IDR {m},000,000.00",
]


@given(st.integers(100, 999), st.sampled_from(SPELLINGS))
def test_a_sum_is_read_in_any_spelling(millions: int, spell: Callable[[int], str]) -> None:
    text = f"Harganya {spell(millions)} saja Kak"

    assert [found.value for found in amounts(text)] == [millions * 1_000_000], plain(text)


@given(st.integers(100, 999), st.sampled_from(SPELLINGS))
@example(185, SPELLINGS[1])
def test_only_the_sums_of_this_answer_pass(millions: int, spell: Callable[[int], str]) -> None:
    known = millions * 1_000_000 in {car.price_idr for car in AVANZAS}
    broken = rules(f"Harganya {spell(millions)} Kak")

    assert broken == set() if known else "amount" in broken


@given(
    st.sampled_from(["B", "L", "W", "AB", "DK"]),
    st.integers(100, 9999),
    st.text("ABCDEFGHJKLMNPRSUVWXYZ", min_size=2, max_size=3),
    st.sampled_from(["{0} {1} {2}", "{0}{1}{2}", "{0}-{1}-{2}", "{0} {1}{2}", "{0}{1} {2}"]),
    st.booleans(),
)
def test_a_plate_never_passes(head: str, number: int, tail: str, form: str, lower: bool) -> None:
    plate = form.format(head, number, tail)
    text = f"Unitnya {plate.lower() if lower else plate} ya Kak"

    if not 1980 <= number <= 2039:  # "Avanza G 2020 dan" is no plate
        assert "plate" in rules(text)
        assert "plate" in rules(text, facts(ours=True))


@given(st.text(max_size=300))
def test_any_text_is_judged_without_an_error(text: str) -> None:
    assert isinstance(guard.check(text, facts()), list)
    assert isinstance(guard.check(text, facts(ours=True)), list)


# -- what a row says may be said


def test_the_showrooms_own_numbers_and_addresses_pass() -> None:
    text = "Jl. Raya Darmo No. 123, Surabaya. Telepon 031-1234567 atau 0812-3456-789, buka 09.00-18.00 ya?"

    assert rules(text) == set()
    assert rules("https://showroom-surabaya.autoleads.id/mobil dan owner@showroom-surabaya.com") == set()


def test_an_instalment_of_this_turn_passes_and_another_does_not() -> None:
    known = facts(sums=frozenset({4_568_000}))

    assert rules("Hitungannya Rp 4.568.000 per bulan Kak", known) == set()
    assert rules("Hitungannya Rp 4.500.000 per bulan Kak", known) == {"amount"}


def test_the_customers_own_sum_passes_only_when_it_is_quoted() -> None:
    asked = turn("155 jt boleh?", stock=WIDER)

    assert rules("Penawaran Rp 155.000.000 ya", facts_of(asked, AVANZAS, quote=True, ours=True)) == set()
    assert rules("Oke, Rp 155.000.000 ya", facts_of(asked, AVANZAS)) == {"amount"}


def test_a_feature_with_figures_explains_itself_only_for_its_car() -> None:
    special = car(
        9,
        "#S09",
        features=("Garansi mesin 3 tahun", "Ban baru 18 inch"),
        condition_notes="Pajak s/d 2027, bebas banjir",
    )
    known = facts_of(turn("x", stock=Stock(cars=(special,))), (special,))

    assert rules("Garansi mesin 3 tahun, ban baru 18 inch, bebas banjir", known) == set()
    assert rules("Garansi mesin 3 tahun, ban baru 18 inch, bebas banjir") >= {"promise", "claim"}


def test_a_car_that_was_asked_for_may_be_denied_but_not_offered() -> None:
    asked = facts("ada fortuner 2019?")

    assert rules("Maaf Kak, Fortuner belum ada. Mau lihat yang lain?", asked) == set()
    assert rules("Fortuner ready Kak", asked) == {"car"}
    assert rules("Maaf Kak, Pajero belum ada", asked) == {"car"}


def test_the_rules_own_texts_may_speak_of_bookings() -> None:
    text = f"Avanza 2020 Hitam #A01 {rupiah(A01.price_idr)} sedang dibooking, diskon kami bicarakan"

    assert rules(text, facts(ours=True)) == set()
    assert "promise" in rules(text)


SENTENCES = [
    sentence
    for module in (texts, texts_steps, texts_english)
    for name, value in vars(module).items()
    if name.isupper()
    for sentence in ([value] if isinstance(value, str) else value.values() if isinstance(value, dict) else value)
]


def test_no_sentence_of_ours_has_marks_or_variables() -> None:
    """WhatsApp would show `*` and `_` as bold and italic; codes such as #A01 stay."""
    filled = [re.sub(r"\{\w+\}", "#A01", sentence) for sentence in SENTENCES if isinstance(sentence, str)]

    assert len(filled) > 200
    assert [text for text in filled if {"markdown", "braces"} & rules(text, facts(ours=True))] == []


@pytest.mark.parametrize(
    "marked",
    ["*tebal*", "Ini _miring_ ya", "~coret~", "`kode`", "```x```", "# Judul", "- poin", "* poin", "> kutipan", "**x**"],
)
def test_marks_leave_in_nobodys_words(marked: str) -> None:
    assert "markdown" in rules(marked)
    assert "markdown" in rules(marked, facts(ours=True))


@pytest.mark.parametrize("live", ["{name}", "{{x}}", "${harga}", "%name%", "%(x)s", "[[A.price]]", "A.price"])
def test_template_variables_leave_in_nobodys_words(live: str) -> None:
    assert "braces" in rules(f"Halo {live} Kak")
    assert "braces" in rules(f"Halo {live} Kak", facts(ours=True))


@pytest.mark.parametrize(
    "text",
    ["#A01 dan #V01", "3 * 4", "budi_s@x.id", "a*b", "harga - 185", "http://x.id/a_b_c", "snake_case_word", "• poin"],
)
def test_what_only_looks_like_a_mark_stays(text: str) -> None:
    assert "markdown" not in rules(text, facts(ours=True))


async def test_a_name_from_the_profile_brings_no_marks_and_no_variables() -> None:
    for name in ("{var1}", "*Budi*", "_x_", "${a}", "Budi {x}", "[[A.price]]", "<b>"):
        outcome = await ask("halo", Intent.GREETING, customer_name=name, first_contact=True)
        assert outcome.fallback is None
        assert not set("{}[]*_$<") & set("".join(reply.text for reply in outcome.replies))


@pytest.mark.parametrize(
    ("said", "answer", "refused"),
    [
        ("ada fortuner?", "Fortuner tidak ada tandingannya Kak", True),
        ("ada fortuner?", "Fortuner ready, tidak usah ragu", True),
        ("ada denza?", "Ada Denza D9 Kak", True),
        ("", "Kak, Denza juga bagus", True),
        ("nama saya Rina", "Siap Mbak Rina, mau lihat yang mana?", False),
        ("", "Siap Mbak Wati, mau lihat yang mana?", True),
        ("mau ke Malang", "Untuk perjalanan ke Malang, kabin lega itu penting Kak", False),
        ("ada di Malang?", "Showroom kami ada di Malang Kak", True),
        ("", "Ada Brio juga Kak di stok kami", False),
        ("", "Ada Rio juga Kak di stok kami", True),
    ],
)
def test_names_that_are_nobodys_here(said: str, answer: str, refused: bool) -> None:
    known = facts_of(turn(said, stock=WIDER, customer_name="Rina"), AVANZAS)

    assert bool({"car", "name", "claim"} & rules(answer, known)) is refused


def test_a_price_beside_the_code_of_another_car_is_refused_line_by_line() -> None:
    right = f"#A01 {rupiah(A01.price_idr)}\n#A02 {rupiah(A02.price_idr)}\n#V01 {rupiah(V01.price_idr)}"
    swapped = f"#A01 {rupiah(A02.price_idr)}\n#A02 {rupiah(A01.price_idr)}"

    assert rules(right, facts(ours=True)) == set()
    assert rules(swapped, facts(ours=True)) == {"pair"}


def test_the_skeleton_is_what_a_reader_sees() -> None:
    assert skeleton("А01 ｊｔ 1️⃣\u200b5") == "a01 jt 15"
    assert plain("seratus delapan puluh lima juta lima ratus ribu") == "185 juta 500 ribu"
    assert [found.value for found in amounts("185 juta 500 ribu")] == [185_500_000]
    assert plain("kosong delapan satu dua") == "0812"
    assert amounts("mobil sejuta umat, pilih 1 2 3") == ()
