"""A template that is rendered once and filled in often says what it would have said rendered each time."""

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment
from jinja2.meta import find_undeclared_variables
from markupsafe import Markup

from autoleads.web.catalogue.render import filled, fragment

SHAPE = {"sold", "booked", "indexed"}
MARKUP = {"photo", "trail", "slides", "thumbs", "place", "similar", "plans", "tenors", "json_ld"}
ODD = [
    "",
    "%",
    "%s",
    "%(title)s",
    "%%",
    "{title}",
    "{{ title }}",
    "\\1",
    "</script>",
    "\"'&<b>",
    "&amp;",
    "😀",
    "title",
]
WORDS = st.sampled_from(ODD) | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


@pytest.mark.parametrize("name", ["car.html", "card.html", "meta.html"])
@settings(max_examples=30)
@given(data=st.data())
def test_filled_in_is_what_rendering_would_say(name: str, data: st.DataObject) -> None:
    source = (files("autoleads.web") / "templates" / "catalogue" / name).read_text()
    names = find_undeclared_variables(Environment().parse(source))
    told = {one: data.draw(WORDS, label=one) for one in sorted(names - SHAPE - MARKUP)}
    markup = {one: Markup(data.draw(WORDS, label=one)) for one in sorted(names & MARKUP)}
    shape = {one: data.draw(st.booleans(), label=one) for one in sorted(names & SHAPE)}

    assert filled(f"catalogue/{name}", told, markup, **shape) == fragment(
        f"catalogue/{name}", **told, **markup, **shape
    )
