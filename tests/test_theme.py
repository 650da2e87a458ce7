"""Whatever colours a showroom has, what stands on them and what is written in them can be read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoleads.web.catalogue import theme

COLORS = st.integers(0, 0xFFFFFF).map("#{:06X}".format)


def told(primary: str, secondary: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6});", theme.variables(primary, secondary)))


@given(COLORS, COLORS)
def test_every_pair_can_be_read(primary: str, secondary: str) -> None:
    colors = told(primary, secondary)

    assert colors["brand"] == primary.lower()
    assert theme.contrast(colors["on-brand"], colors["brand"]) >= 4.5
    assert theme.contrast(colors["link"], "#ffffff") >= 4.5
    assert theme.contrast(colors["link"], colors["tint"]) >= 4.5
    assert theme.contrast("#ffffff", colors["deep"]) >= 4.5


@pytest.mark.parametrize(
    ("color", "text", "link"),
    [("#0B6E4F", "#ffffff", "#0b6e4f"), ("#FFEB3B", "#14181f", "#80761e"), ("#000000", "#ffffff", "#000000")],
)
def test_a_color_that_can_be_read_stays_as_it_is(color: str, text: str, link: str) -> None:
    colors = told(color, "#1F2A37")

    assert (colors["on-brand"], colors["link"]) == (text, link)


def test_contrast_is_that_of_wcag() -> None:
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert theme.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
