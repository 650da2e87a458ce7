"""What a request body says, in whichever form it comes."""

import contextlib
import json
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st

from autoleads.errors import InvalidField
from autoleads.web import body

NAMES = st.text(st.characters(codec="utf-8", exclude_characters='[]";\r\n\\'), min_size=1, max_size=20).filter(
    lambda name: name.strip() == name and "\0" not in name
)
VALUES = st.text(st.characters(codec="utf-8"), max_size=80)


def test_a_json_object_is_read_whatever_the_header_says() -> None:
    raw = b'\xef\xbb\xbf \r\n{"device": "6281290000001", "inboxid": 0, "choices": ["a"]}\n'

    for header in (
        "application/json",
        "text/plain",
        "application/x-www-form-urlencoded",
        "",
        "multipart/form-data",
    ):
        assert body.read(raw, header) == {"device": "6281290000001", "inboxid": 0, "choices": ["a"]}


def test_urlencoded_fields_with_a_list() -> None:
    raw = b"message=halo+kak%0Aapa+kabar&choices%5B%5D=Sabtu&choices[]=Minggu&list[0]=a&list[1]=b&empty=&a[b]=1"

    assert body.read(raw, "application/json") == {
        "message": "halo kak\napa kabar",
        "choices": ["Sabtu", "Minggu"],
        "list": ["a", "b"],
        "empty": "",
        "a[b]": "1",
    }


def test_the_last_value_of_a_repeated_name_counts() -> None:
    assert body.read(b"a=1&a=2&b=x&b[]=y") == {"a": "2", "b": "x"}


@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
def test_multipart_fields_without_files(line_end: str) -> None:
    lines = [
        "--xyz",
        'Content-Disposition: form-data; name="message"',
        "",
        "baris satu",
        "--xy bukan batas",
        "--xyz",
        "Content-Type: image/png",
        'content-disposition: form-data; name="file"; filename="a.png"',
        "",
        "PNG",
        "--xyz",
        'Content-Disposition: form-data; name="choices[]"',
        "",
        "Sabtu",
        "--xyz--",
        "",
    ]

    read = body.read(line_end.join(lines).encode(), "text/plain")

    assert read == {"message": f"baris satu{line_end}--xy bukan batas", "choices": ["Sabtu"]}


def test_a_preamble_before_the_boundary_that_the_header_names() -> None:
    raw = b"hello\r\n--q\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--q--\r\n"

    assert body.read(raw, 'multipart/form-data; boundary="q"') == {"a": "1"}


def test_half_an_emoji_in_json_does_not_cost_the_message() -> None:
    assert body.read(rb'{"message": "siap \ud83d"}') == {"message": "siap \ud83d"}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" \r\n",
        b"{",
        b'{"a": 1,}',
        b"[]",
        b'[{"a": 1}]',
        b'"text"',
        b"12",
        b"null",
        b"halo",
        b'{"a": ' + b"9" * 5000 + b"x}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"x":"\\ud800", "a":' + b"[" * 100_000,
        b'{"x":"\\ud800", "a": NaN}',
        b'{"x":"\\ud800", "a": ' + b"9" * 5000 + b"}",
        b'{"a": "\xff"}',
        b"&".join(b"a%d=1" % n for n in range(201)),
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n',
        b"--b\r\nContent-Type: text/plain\r\n\r\n1\r\n--b--\r\n",
        b"--b--\r\n",
        b"--b\r\n--b--",
        b"--b\r\n" + b'Content-Disposition: form-data; name="a"\r\n\r\n1\r\n--b\r\n' * 201 + b"\r\n--b--",
    ],
)
def test_what_cannot_be_read_names_the_body(raw: bytes) -> None:
    with pytest.raises(InvalidField) as caught:
        body.read(raw, "application/json")

    assert caught.value.field == "body"
    assert len(str(caught.value)) < 100


def test_a_json_error_says_where() -> None:
    with pytest.raises(InvalidField, match="line 2 column 7"):
        body.read(b'{"a": 1,\n "b": tru}')


@given(raw=st.binary(max_size=300), header=st.text(max_size=60))
def test_nothing_but_invalid_field_is_raised(raw: bytes, header: str) -> None:
    for prefix in (b"", b"{", b"--b\r\n", b"a="):
        with contextlib.suppress(InvalidField):
            assert isinstance(body.read(prefix + raw, header), dict)


@given(fields=st.dictionaries(NAMES, VALUES, min_size=1, max_size=6))
def test_json_and_urlencoded_give_back_what_was_sent(fields: dict[str, str]) -> None:
    assert body.read(json.dumps(fields).encode()) == fields
    assert body.read(urlencode(fields).encode()) == fields


async def test_what_a_real_client_sends_as_multipart_and_urlencoded() -> None:
    seen: list[dict[str, Any]] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(body.read(await request.read(), request.headers.get("Content-Type", "")))
        return web.Response()

    app = web.Application()
    app.router.add_post("/", handler)
    fields = {"device": "6281290000001", "message": "Halo kak,\nmasih ada? 😀", "choices": ""}
    async with TestClient(TestServer(app)) as client:
        multipart = aiohttp.FormData(fields, default_to_multipart=True)
        multipart.add_field("file", b"\x89PNG", filename="a.png")
        await client.post("/", data=multipart)
        await client.post("/", data=fields)
        await client.post("/", json=fields)

    assert seen == [fields, fields, fields]
