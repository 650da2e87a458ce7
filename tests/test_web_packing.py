"""Bodies that are compressed part by part are one stream to whoever reads them."""

import gzip
import random

import pytest

from autoleads.web import packing
from autoleads.web.packing import Body, Shared
from autoleads.web.pages import Page

NOISE = random.Random(1).randbytes(200_000)
BODIES: list[Body] = [
    [b"own"],
    [b""],
    [Shared(b"")],
    [Shared(b"shared " * 100)],
    [Shared(b"shared " * 100), b"own " * 100, Shared(b"shared " * 100), b"own " * 100],
    [b"own " * 100, Shared(NOISE), b"own " * 100],
    [NOISE, Shared(b"shared")],
]


@pytest.mark.parametrize("body", BODIES)
def test_unpacked_it_is_what_was_packed(body: Body) -> None:
    whole = packing.plain(body)

    unpacked = gzip.decompress(packing.gzipped(body, whole))

    assert unpacked == whole


def test_another_content_has_another_tag() -> None:
    bodies: list[Body] = [[Shared(b"a"), b"b"], [Shared(b"a"), b"c"], [Shared(b"b"), b"b"], [b"b", Shared(b"a")]]

    tags = [Page(body, "text/plain").sealed(packed=True).tag for body in bodies]

    assert len(set(tags)) == len(bodies)
    assert Page([Shared(b"a"), b"b"], "text/plain").sealed(packed=False).tag == tags[0]
