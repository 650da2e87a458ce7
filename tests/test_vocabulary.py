"""The tables of names, slips in names, and cars that only one stock has."""

import random
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoleads.bot.understanding.carline import read_car
from autoleads.bot.understanding.names import Name, market
from autoleads.bot.understanding.normalize import lexicon
from autoleads.bot.understanding.retrieval import retrieve
from autoleads.bot.understanding.understand import understand
from autoleads.bot.understanding.vocabulary import flat, vocabulary
from autoleads.stock import Car, Stock
from autoleads.types import CarId, CarStatus, Transmission

BODIES = {"mpv", "suv", "sedan", "hatchback", "pickup", "van", "truck", "sport", "ev"}
COMMON = list({name.model: name for name, _ in market() if name.common and name.model}.values())


def car(number: int, brand: str, model: str, **other: object) -> Car:
    plain = Car(
        id=CarId(number),
        display_code=f"#A{number:02}",
        public_name=f"{brand} {model}",
        slug=f"a{number}",
        brand=brand,
        model=model,
        year=2019,
        color="Hitam",
        transmission=Transmission.MANUAL,
        km=50_000,
        price_idr=150_000_000,
        fuel="Bensin",
    )
    return replace(plain, **other)  # type: ignore[arg-type]


def found(text: str, *cars: Car) -> list[str]:
    stock = Stock(cars)
    return [one.display_code for one in retrieve(understand(text, stock), stock, now_year=2025).cars or ()]


def nearest(text: str, *cars: Car) -> list[str]:
    stock = Stock(cars)
    return [one.display_code for one in retrieve(understand(text, stock), stock, now_year=2025).alternatives]


def test_every_row_is_whole_and_no_spelling_leads_to_two_makers() -> None:
    names = vocabulary().names
    for name, spellings in market():
        assert name.model is None or name.body in BODIES, name
        for spelling in spellings:
            assert spelling == spelling.lower().strip(), spelling
            assert names[flat(spelling)].brand == name.brand, (spelling, name)


def test_the_market_is_covered() -> None:
    models = {(name.brand, name.model) for name, _ in market() if name.model}
    assert len(models) > 1000
    assert len({brand for brand, _ in models}) > 70


@pytest.mark.parametrize(
    ("written", "model"),
    [
        ("Peugoet 408 hitam", "408"),
        ("yunday tucson", "Tucson"),
        ("merci gl 500", "GL500"),
        ("mercy c63", "C63"),
        ("bmw 840i", "840i"),
        ("GLE53 AMG", "GLE53"),
        ("hr. v prestige", "HR-V"),
        ("cx - 5 elite", "CX-5"),
        ("X -Pander sport", "Xpander"),
        ("Rolls Royce Ghost", "Ghost"),
        ("VW ID. Buzz", "ID. Buzz"),
        ("Xpander 1.5 Cross", "Xpander Cross"),
        ("avanza 1.5 new veloz", "Veloz"),
        ("mini cooper contryman", "Countryman"),
        ("morris garage 5 gt", "5 GT"),
        ("kijang innova 2.0 venturer", "Innova"),
        ("opel blazer", "Blazer"),
        ("chery j6", "J6"),
        ("suzuki r3 gx", "Ertiga"),
    ],
)
def test_names_as_people_write_them(written: str, model: str) -> None:
    assert read_car(f"{written} 2015").base_model == model
    assert understand(f"ada {written} 2015?", Stock()).entities.model == model


@pytest.mark.parametrize(
    "text",
    [
        "terooss gimana dong",
        "call center kok ga nyambung",
        "ada cover mobil ga",
        "mau dandan dulu ya",
        "apartemen kalibata city masih ada?",
        "suka lagu jazz",
        "velg ring 17x7 ada?",
        "motor honda beat dijual?",
        "suzuki satria fu brp",
        "go go go",
        "bisanya kapan",
    ],
)
def test_everyday_words_are_no_cars(text: str) -> None:
    said = understand(text, Stock((car(1, "Honda", "Brio"),))).entities
    assert (said.brand, said.model) == (None, None)


def test_a_sum_behind_a_brand_is_no_model() -> None:
    said = understand("ada bmw 320 juta?", Stock()).entities
    assert (said.model, said.price_min) == (None, 288_000_000)


def _slips(model: str) -> list[str]:
    """One letter doubled, or two neighbours swapped, or a sound written otherwise."""
    low = model.lower()
    places = [i for i in range(1, len(low)) if low[i].isalpha()]
    slips = [low[:i] + low[i] + low[i:] for i in places]
    slips += [low[: i - 1] + low[i] + low[i - 1] + low[i + 1 :] for i in places[1:] if low[i - 1].isalpha()]
    for sound, written in (("x", "ks"), ("z", "s"), ("v", "f"), ("f", "p"), ("c", "k"), ("y", "i"), ("ph", "f")):
        slips += [low.replace(sound, written, 1)] if sound in low[1:] else []
    return slips


def test_slips_in_common_names_are_read() -> None:
    """A slip may also be a word of its own ("corolla" none, "biro" one): then it stays that word."""
    slips = [(slip, name) for name in COMMON for slip in _slips(str(name.model))]
    read = [(understand(f"ada {slip} 2018 kak?", Stock()).entities.model, slip, name) for slip, name in slips]
    right = [model for model, _, name in read if model and model.startswith(str(name.model))]
    other = [line for line in read if line[0] and not str(line[0]).startswith(str(line[2].model))]
    assert len(right) / len(read) >= 0.95
    assert len(other) / len(read) <= 0.01, other


def test_listed_everyday_words_are_never_guessed() -> None:
    """Unless a table says that the word is a name."""
    words = vocabulary()
    for word in random.Random(3).sample(sorted(lexicon().known), 1500):
        if word.isalpha() and word not in words.names:
            assert understand(f"{word} 2018", Stock()).entities.model is None, word


_SYLLABLES = [
    start + vowel for start in ("b", "d", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z") for vowel in "aeiou"
]
_INVENTED = (
    st.lists(st.sampled_from(_SYLLABLES), min_size=3, max_size=5)
    .map("".join)
    .filter(
        lambda word: (
            word not in lexicon().known
            and not understand(f"{word} 2018", Stock()).entities.brand
            and understand(f"ada {word} ga kak", Stock()).normal == f"ada {word} tidak"
        )
    )
)


@settings(max_examples=60)
@given(brand=_INVENTED, model=_INVENTED)
def test_a_model_that_only_this_stock_has_is_found(brand: str, model: str) -> None:
    own = car(1, brand.capitalize(), f"{model.capitalize()} 1.5 G")
    for text in (f"ada {model} ga kak", f"{brand} {model} berapa harganya", f"{model} 2019 masih ada?"):
        assert found(text, own, car(2, "Toyota", "Avanza 1.3 G")) == ["#A01"]


@pytest.mark.parametrize(
    ("brand", "model", "text"),
    [
        ("VW", "Tiguan 1.4 TSI", "ada volkswagen tiguan?"),
        ("Mercy", "C 200 Avantgarde", "ada mercy c200?"),
        ("Mercedes Benz", "C200 CGI", "ada c class ga"),
        ("BMW", "320i Sport", "bmw seri 3 ada?"),
        ("Mitsubishi", "Pajero Dakar 4x2", "pajero sport ada kak?"),
        ("Daihatsu", "Grandmax PU", "gran max ada?"),
        ("Mazda", "2 R Skyactiv", "mazda 2 ada?"),
        ("Toyota", "Inova Reborn V", "kijang innova ada?"),
        ("Range Rover", "Evoque 2.0", "ada range rover evoque?"),
        ("Timor", "DOHC", "timor ada?"),
        ("SsangYong", "Rexton", "ada rexon ga kak"),
    ],
)
def test_a_stock_may_write_its_cars_in_its_own_way(brand: str, model: str, text: str) -> None:
    assert found(text, car(1, brand, model), car(2, "Toyota", "Calya G"), car(3, "BMW", "X1")) == ["#A01"]


@pytest.mark.parametrize("text", ["ada 3 unit?", "2019 ada?", "500 juta ada apa aja", "x berapa", "yang manual ada?"])
def test_a_short_name_in_the_stock_makes_no_number_or_word_a_car(text: str) -> None:
    cars = (car(1, "MG", "3"), car(2, "Fiat", "500"), car(3, "Zeekr", "X"), car(4, "Foton", "Manual"))
    assert understand(text, Stock(cars)).entities.brand is None


def test_alternatives_come_same_model_then_same_body_then_same_budget() -> None:
    wanted = "ada avanza 2021 matic?"
    cars = (
        car(1, "Suzuki", "Baleno", price_idr=150_000_000, year=2021, transmission=Transmission.MATIC),
        car(2, "Daihatsu", "Xenia", price_idr=170_000_000),
        car(3, "Toyota", "Avanza 1.3 G", price_idr=150_000_000, year=2015),
        car(4, "Toyota", "Alphard", price_idr=900_000_000, year=2021),
        car(5, "Toyota", "Avanza 1.3 G", status=CarStatus.SOLD),
    )
    assert found(wanted, *cars) == []
    assert nearest(wanted, *cars) == ["#A03", "#A02", "#A01"]


def test_the_nearer_year_is_the_first_alternative() -> None:
    cars = tuple(car(n, "Honda", "Brio", year=year) for n, year in enumerate((2013, 2018, 2016), 1))
    assert nearest("brio 2019 ada?", *cars) == ["#A02", "#A03", "#A01"]


_NAMES = st.sampled_from([name for name in COMMON if name.sure == 2])


def _car_of(number: int, name: Name, year: int, price: int, status: CarStatus) -> Car:
    model = re.sub(r"^Mazda ", "", str(name.model))
    return car(number, name.brand, model, year=year, price_idr=price * 1_000_000, status=status)


@settings(max_examples=80)
@given(
    st.lists(
        st.tuples(_NAMES, st.integers(2008, 2025), st.integers(50, 600), st.sampled_from(list(CarStatus))), max_size=12
    ),
    _NAMES,
    st.integers(2008, 2025),
)
def test_what_is_found_fits_and_the_rest_is_ranked_by_tier(
    rows: list[tuple[Name, int, int, CarStatus]], wanted: Name, year: int
) -> None:
    stock = Stock(tuple(_car_of(n, *row) for n, row in enumerate(rows, 1) if row[3] is not CarStatus.DRAFT))
    seen = understand(f"ada {wanted.model} {year}?", stock)
    answer = retrieve(seen, stock, now_year=2025)

    def same(one: Car) -> bool:
        return one.brand == wanted.brand and flat(str(wanted.model)) in flat(one.brand + one.model)

    fitting = {one.id for one in stock.available if same(one) and one.year == year}
    assert {one.id for one in answer.cars or ()} == fitting
    assert not fitting & {one.id for one in answer.alternatives}
    assert all(one.status is CarStatus.AVAILABLE for one in answer.alternatives)
    order = [same(one) for one in answer.alternatives]
    assert order == sorted(order, reverse=True)
    left = [one for one in stock.available if same(one) and one.id not in fitting]
    assert sum(order) == min(len(left), 3)
