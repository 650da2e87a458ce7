"""Phone numbers as people in Indonesia write them, and sums."""

from urllib.parse import parse_qs, urlsplit

import pytest

from autoleads.formats import phone_digits, phone_display, whatsapp_link


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("6281234567890", "0812-3456-7890"),
        ("628123456789", "0812-3456-789"),
        ("6281200000201", "0812-0000-0201"),
        ("6288101234567", "0881-0123-4567"),
        ("62311234567", "031-1234567"),  # Surabaya
        ("62318700001", "031-8700001"),
        ("622176543210", "021-76543210"),  # Jakarta
        ("62341567890", "0341-567890"),  # Malang
        ("62271712345", "0271-712345"),  # Solo
        ("6561234567", "+65 6123 4567"),
        ("12", "+12"),
    ],
)
def test_a_number_as_it_is_shown(digits: str, shown: str) -> None:
    assert phone_display(digits) == shown


@pytest.mark.parametrize("digits", ["6281234567890", "62311234567", "62341567890", "622176543210"])
def test_a_shown_number_can_be_stored_again(digits: str) -> None:
    assert phone_digits(phone_display(digits)) == digits


@pytest.mark.parametrize("text", ["Halo, 100% + 'ya' & <b>?", "a=b#c/d\\", "Café ☕ 😀", "baris\nbaru", "a~b_c.d-e"])
def test_a_link_carries_any_text(text: str) -> None:
    link = whatsapp_link("62811", text)

    assert link.isascii()
    assert urlsplit(link)._replace(query="").geturl() == "https://wa.me/62811"
    assert parse_qs(urlsplit(link).query) == {"text": [text]}
