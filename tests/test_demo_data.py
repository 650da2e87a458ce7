"""The demo showrooms: their stock, their branches and the photos that are drawn for them."""

import io
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from autoleads import formats, naming
from autoleads.demo import photos, showrooms
from autoleads.demo.bodies import CITY, MPV, PICKUP, SEDAN, SUV, VAN, body_of
from autoleads.demo.showrooms import DemoShowroom, load
from autoleads.media.photos import file_names
from autoleads.stock_csv import CarRow
from autoleads.types import CarStatus, Role
from autoleads.web.catalogue.photos import picture

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@pytest.fixture(scope="module")
def sample() -> DemoShowroom:
    return load()[0]


@pytest.fixture(scope="module")
def large() -> DemoShowroom:
    return load()[1]


def names(car: CarRow) -> tuple[str, str]:
    assert car.display_code
    parts = (
        naming.common_name(car.model, car.brand),
        car.year,
        naming.basic_color(car.color),
        car.display_code,
    )
    return naming.public_name(*parts), naming.slug(*parts)


def test_the_sample_showroom_is_that_of_the_specification(sample: DemoShowroom) -> None:
    assert (sample.name, sample.slug, sample.device) == (
        "Showroom Mobil Surabaya",
        "showroom-surabaya",
        "628123456789",
    )
    assert sample.hours["sun"] == "closed"
    assert (sample.users[0].role, sample.users[0].phone) == (Role.OWNER, "081234567890")
    assert Counter(user.role for user in sample.users) == {Role.OWNER: 1, Role.ADMIN: 1, Role.SALES: 2}
    shown = [(*names(car), car.plate_clean, car.km, car.price_idr) for car in sample.cars]
    assert shown == [
        ("Avanza 2020 Hitam #A01", "avanza-2020-hitam-a01", "B1234XYZ", 45_000, 185_000_000),
        ("Avanza 2020 Hitam #A02", "avanza-2020-hitam-a02", "B5678ABC", 50_000, 180_000_000),
        ("Avanza Veloz 2020 Hitam #V01", "avanza-veloz-2020-hitam-v01", "L9012DEF", 40_000, 215_000_000),
    ]
    assert sample.cars[0].features == ("Velg racing 16 inch", "Spoiler belakang", "Interior rapi")


def test_the_large_showroom_has_three_branches_and_their_sales(large: DemoShowroom) -> None:
    branches = {branch.name for branch in large.branches}
    assert branches == {"Surabaya", "Malang", "Solo"}
    assert {car.branch for car in large.cars} == branches
    assert {user.branch for user in large.users if user.role is Role.SALES} == branches
    assert Counter(user.role for user in large.users) == {Role.OWNER: 1, Role.ADMIN: 1, Role.SALES: 6}


def test_the_large_showroom_is_stocked_like_a_real_one(large: DemoShowroom) -> None:
    assert len(large.cars) == 76
    statuses = Counter(car.status for car in large.cars)
    assert set(statuses) == set(CarStatus)
    assert statuses[CarStatus.AVAILABLE] > 60
    fuels = Counter(car.fuel for car in large.cars)
    assert fuels["Listrik"] >= 2
    assert fuels["Hybrid"] >= 2
    alike = Counter(names(car)[0].rsplit(" ", 1)[0] for car in large.cars)
    assert alike["Avanza 2020 Hitam"] == 3
    assert alike["HR-V 2019 Putih"] == 3
    assert (min(car.year for car in large.cars), max(car.year for car in large.cars)) == (2011, 2024)
    assert all(2 <= len(car.features) <= 4 and car.notes for car in large.cars)


@pytest.mark.parametrize("index", [0, 1])
def test_a_showroom_is_consistent(index: int) -> None:
    showroom = load()[index]
    for hours in (showroom.hours, *(branch.hours for branch in showroom.branches)):
        assert list(hours) == DAYS
        assert all(re.fullmatch(r"\d\d:\d\d-\d\d:\d\d|closed", span) for span in hours.values())
    phones = [formats.phone_digits(user.phone) for user in showroom.users]
    assert None not in phones
    assert len({*phones, showroom.device}) == len(phones) + 1  # the bot never takes itself for a user
    assert all(user.branch in {None, *(branch.name for branch in showroom.branches)} for user in showroom.users)
    slugs = [names(car)[1] for car in showroom.cars]
    assert len(set(slugs)) == len(slugs)
    for car in showroom.cars:
        assert car.display_code
        assert car.display_code[1] == naming.display_letter(car.model, car.brand)


def test_a_photo_is_small_has_no_metadata_and_all_that_pages_show_of_one(sample: DemoShowroom, tmp_path: Path) -> None:
    red = replace(sample.cars[0], color="Merah")
    room = replace(sample, cars=(red,))
    photos.draw_all(room, tmp_path)
    photos.finish_all(room, tmp_path)

    originals = [showrooms.file_name(red, variant) for variant in range(1, photos.VARIANTS + 1)]
    expected = {name for original in originals for name in file_names(original)}
    assert {path.name for path in tmp_path.iterdir()} == expected
    for path in tmp_path.iterdir():
        with Image.open(path) as image:
            assert path.stat().st_size < 120_000
            assert not image.getexif()
            assert "comment" not in image.info
            if path.name in originals:
                shown = picture(f"/uploads/cars/x/{path.name}")
                assert (image.format, image.size) == ("JPEG", (shown.width, shown.height))


@pytest.mark.parametrize("model", ["Avanza", "Fortuner", "Jazz", "Brio", "Vios", "Alphard", "Hilux", "Carry Pick Up"])
def test_every_body_is_drawn_in_the_cars_colour(sample: DemoShowroom, model: str) -> None:
    blue = replace(sample.cars[0], model=model, color="Biru Metalik")
    data = photos.draw(blue, showroom=sample.name, accent="#808080", variant=1)
    drawn = Image.open(io.BytesIO(data)).convert("RGB").crop((0, 300, 1280, 800))
    red, _, blue_part = drawn.split()
    painted = ImageChops.subtract(blue_part, red).point(lambda difference: 255 if difference > 60 else 0)
    assert painted.histogram()[255] > 40_000  # about a tenth of a square side view


def test_all_photos_are_drawn_once_under_names_without_a_plate(sample: DemoShowroom, tmp_path: Path) -> None:
    kept = tmp_path / "a01-1-1280x960.jpg"
    kept.write_bytes(b"a photo somebody put here")
    assert photos.draw_all(sample, tmp_path) == 3 * photos.VARIANTS - 1
    assert kept.read_bytes() == b"a photo somebody put here"
    expected = {f"{code}-{n}-1280x960.jpg" for code in ("a01", "a02", "v01") for n in range(1, photos.VARIANTS + 1)}
    assert {path.name for path in tmp_path.iterdir()} == expected
    assert photos.draw_all(sample, tmp_path) == 0


@pytest.mark.parametrize(
    ("brand", "model", "body"),
    [
        ("Toyota", "Avanza 1.3 G", MPV),
        ("Mitsubishi", "Xpander 1.5 Ultimate", MPV),
        ("Mitsubishi", "Xpander Cross 1.5 Premium", SUV),
        ("Honda", "Brio Satya 1.2 E", CITY),
        ("Honda", "Civic 1.5 Turbo ES", SEDAN),
        ("Daihatsu", "Gran Max 1.3 Minibus D", VAN),
        ("Daihatsu", "Gran Max 1.5 Pick Up", PICKUP),
    ],
)
def test_the_body_of_a_model(brand: str, model: str, body: object) -> None:
    assert body_of(brand, model) is body
