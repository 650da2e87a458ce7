"""Public names, display codes and slugs of cars."""

import pytest

from autoleads import naming


@pytest.mark.parametrize(
    ("brand", "model", "common", "letter"),
    [
        ("Toyota", "Avanza 1.3 G", "Avanza", "A"),
        ("Toyota", "Avanza 1.5 Veloz", "Avanza Veloz", "V"),
        ("Toyota", "Veloz 1.5 Q TSS", "Veloz", "V"),
        ("Toyota", "Grand New Avanza 1.3 G", "Avanza", "A"),
        ("Toyota", "All New Kijang Innova 2.4 V", "Innova", "I"),
        ("Toyota", "Innova Reborn 2.4 V", "Innova Reborn", "I"),
        ("Toyota", "Innova 2.4 Venturer", "Innova Venturer", "I"),
        ("Toyota", "Innova Zenix 2.0 V Hybrid", "Innova Zenix", "Z"),
        ("Toyota", "Toyota Rush S TRD", "Rush", "R"),
        ("Toyota", "Kijang LGX", "Kijang LGX", "K"),
        ("Mitsubishi", "Xpander 1.5 Ultimate", "Xpander", "X"),
        ("Mitsubishi", "Xpander 1.5 Cross", "Xpander Cross", "X"),
        ("Mitsubishi", "Pajero Sport 2.4 Dakar", "Pajero Sport", "P"),
        ("Honda", "Brio Satya 1.2 E", "Brio Satya", "B"),
        ("Honda", "Brio RS 1.2", "Brio", "B"),
        ("Honda", "HR-V 1.5 E", "HR-V", "H"),
        ("Honda", "City Hatchback RS", "City Hatchback", "C"),
        ("Nissan", "Grand Livina 1.5 XV", "Grand Livina", "G"),
        ("Suzuki", "Karimun Wagon R 1.0 GL", "Karimun Wagon R", "K"),
        ("Suzuki", "Carry 1.5 Pick Up", "Carry", "C"),
        ("Wuling", "Air EV Long Range", "Air EV", "A"),
        ("Hyundai", "Ioniq 5 Signature Long Range", "Ioniq 5", "I"),
        ("Mazda", "2 1.5 GT", "Mazda 2", "M"),
        ("BMW", "320i", "BMW 320i", "B"),
        ("Datsun", "Go+ Panca T", "Go+", "G"),
        ("", "電", "電", "M"),
    ],
)
def test_the_common_name_and_its_letter(brand: str, model: str, common: str, letter: str) -> None:
    assert naming.common_name(model, brand) == common
    assert naming.display_letter(model, brand) == letter


@pytest.mark.parametrize(
    ("color", "basic"),
    [
        ("Hitam Metalik", "Hitam"),
        ("putih mutiara", "Putih"),
        ("Abu abu tua", "Abu-abu"),
        ("Dark Grey", "Abu-abu"),
        ("Cokelat", "Coklat"),
        ("Putih/Hitam", "Putih"),
        ("Bronze Metallic", "Bronze"),
        ("", ""),
    ],
)
def test_the_basic_colour(color: str, basic: str) -> None:
    assert naming.basic_color(color) == basic


def test_public_names_and_slugs_are_those_of_the_sample_data() -> None:
    assert naming.public_name("Avanza", 2020, "Hitam", "#A01") == "Avanza 2020 Hitam #A01"
    assert naming.slug("Avanza", 2020, "Hitam", "#A01") == "avanza-2020-hitam-a01"
    assert naming.slug("Avanza Veloz", 2020, "Hitam", "#V01") == "avanza-veloz-2020-hitam-v01"
    assert naming.slug("HR-V", 2019, "Abu-abu", "#H12") == "hr-v-2019-abu-abu-h12"
    assert naming.public_name("Avanza", 2020, "", "#A01") == "Avanza 2020 #A01"


def test_a_display_code_has_two_digits_at_least() -> None:
    assert [naming.display_code("A", number) for number in (1, 12, 123)] == ["#A01", "#A12", "#A123"]
