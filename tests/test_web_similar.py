"""Looking outward from the price finds what comparing with every car would find."""

import random
from datetime import UTC, datetime

from autoleads.sql.catalogue import Catalogue, Profile, Shown
from autoleads.types import CarId, CarStatus, TenantId, Transmission
from autoleads.web.catalogue.similar import similar

NOW = datetime(2026, 11, 25, tzinfo=UTC)
NAMES = (("Toyota", "Avanza"), ("Toyota", "Innova"), ("Honda", "Brio"), ("Daihatsu", "Xenia"))


def shown(id: int, rng: random.Random) -> Shown:
    (brand, name), year = rng.choice(NAMES), rng.randint(2012, 2024)
    return Shown(
        id=CarId(id),
        branch_id=None,
        display_code=f"#A{id}",
        public_name=f"{name} {year} Hitam #A{id}",
        slug=f"car-{id}",
        brand=brand,
        model=name,
        year=year,
        color="Hitam",
        transmission=rng.choice(list(Transmission)),
        km=rng.randint(0, 100_000),
        price_idr=rng.choice((90, 100, 150, 150, 200, 320, 900)) * 1_000_000,
        fuel=None,
        features=(),
        condition_notes="",
        photos=(),
        status=rng.choice((CarStatus.AVAILABLE, CarStatus.AVAILABLE, CarStatus.BOOKING)),
        created_at=NOW,
        updated_at=NOW,
        sold_at=None,
    )


def catalogue(cars: list[Shown]) -> Catalogue:
    profile = Profile(
        id=TenantId(1),
        name="Jaya",
        slug="jaya",
        phone="",
        email="",
        address="",
        city="",
        maps_url="",
        business_hours={},
        timezone="Asia/Jakarta",
        logo_url=None,
        primary_color="#000000",
        secondary_color="#000000",
        settings={},
        whatsapp="",
    )
    return Catalogue(profile=profile, places=(), cars=tuple(cars), gone=frozenset(), sold_days=30)


def apart(one: Shown, other: Shown) -> float:
    return (
        abs(other.price_idr - one.price_idr) / one.price_idr
        + abs(other.year - one.year) * 0.03
        + (other.model != one.model) * 0.25
        + (other.brand != one.brand) * 0.1
        + (other.transmission is not one.transmission) * 0.05
    )


def test_the_three_nearest_for_sale_the_newer_first_of_equals() -> None:
    rng = random.Random(1)
    for size in (1, 2, 4, 30, 100):
        cars = [shown(id, rng) for id in range(size)]
        stock = catalogue(cars)

        for car in cars:
            others = [one for one in cars if one is not car and one.status is CarStatus.AVAILABLE]
            near = sorted((one for one in others if apart(car, one) < 1), key=lambda one: apart(car, one))
            assert [one.id for one in similar(stock, car)] == [one.id for one in near[:3]]
