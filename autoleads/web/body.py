"""A form-like request body, recognised by its content: what the header says is often wrong."""

import json
import re
from email.message import Message
from typing import Any, Never
from urllib.parse import parse_qsl

import orjson

from autoleads.errors import InvalidField

_MAX_FIELDS = 200
_LIST_FIELD = re.compile(r"(?P<name>[^\[\]]+)\[\d*\]")
_DISPOSITION = re.compile(rb"^content-disposition:[ \t]*form-data[ \t]*;(.*)$", re.IGNORECASE | re.MULTILINE)
_NAME = re.compile(rb'(?:^|[;\s])name="?([^";\r\n]+)"?', re.IGNORECASE)
_FILENAME = re.compile(rb"(?:^|[;\s])filename\*?=", re.IGNORECASE)
# orjson keeps to the letter of UTF-8; half an emoji, cut by someone's length limit, does not.
_ESCAPED_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def read(raw: bytes, content_type: str = "") -> dict[str, Any]:
    """JSON object, urlencoded or multipart fields (files are left out). `name[]` becomes a list under `name`.

    Raises InvalidField("body", ...), and nothing else, whatever the bytes are.
    """
    raw = raw.removeprefix(b"\xef\xbb\xbf").strip(b" \t\r\n")
    if not raw:
        raise InvalidField("body", "is empty")
    if raw[:1] in b'{["':
        return _json(raw)
    if boundary := _boundary(raw, content_type):
        return _fields(_multipart(raw[raw.index(boundary) :], boundary))
    if b"=" not in raw:
        raise InvalidField("body", "is neither a JSON object nor form data")
    return _fields(_urlencoded(raw))


def _json(raw: bytes) -> dict[str, Any]:
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as exc:
        if not _ESCAPED_SURROGATE.search(raw):
            raise InvalidField("body", f"is not JSON: line {exc.lineno} column {exc.colno}") from None
        body = _lenient_json(raw)
    if not isinstance(body, dict):
        raise InvalidField("body", "must be a JSON object")
    return body


def _lenient_json(raw: bytes) -> Any:
    def refuse(constant: str) -> Never:
        raise ValueError(constant)

    try:
        return json.loads(raw, parse_constant=refuse)
    except (ValueError, RecursionError):  # ValueError: also bad UTF-8 and a number of thousands of digits
        raise InvalidField("body", "is not JSON") from None


def _urlencoded(raw: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise InvalidField("body", "has too many fields") from None


def _boundary(raw: bytes, content_type: str) -> bytes:
    """With its leading dashes: the body's first line, or what the header names if the body has it."""
    if raw.startswith(b"--") and b"\n" in raw:  # a form's field may be called that, but has no line breaks
        return raw.split(b"\n", 1)[0].rstrip()
    header = Message()
    header["content-type"] = content_type.replace("\r", "").replace("\n", "")
    named = f"--{header.get_boundary()}".encode("utf-8", "replace")
    return named if named in raw else b""


def _multipart(raw: bytes, boundary: bytes) -> list[tuple[str, str]]:
    line_end = b"\r\n" if raw.startswith(boundary + b"\r\n") else b"\n"
    opening, closing = boundary + line_end, line_end + boundary + b"--"
    if not (raw.startswith(opening) and raw.endswith(closing)):
        raise InvalidField("body", "is multipart and cut off")
    parts = raw[len(opening) : -len(closing)].split(line_end + opening)
    if len(parts) > _MAX_FIELDS:
        raise InvalidField("body", "has too many fields")
    fields: list[tuple[str, str]] = []
    for part in parts:
        head, _, value = part.partition(line_end * 2)
        disposition = _DISPOSITION.search(head)
        name = disposition and _NAME.search(disposition[1])
        if not (disposition and name):
            raise InvalidField("body", "has a part without a name")
        if not _FILENAME.search(disposition[1]):
            fields.append((name[1].decode("utf-8", "replace"), value.decode("utf-8", "replace")))
    return fields


def _fields(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """The last of several values of one name counts, as in the PHP that Fonnte's users write for."""
    body: dict[str, Any] = {}
    for name, value in pairs:
        if match := _LIST_FIELD.fullmatch(name):
            values = body.setdefault(match["name"], [])
            if isinstance(values, list):
                values.append(value)
        else:
            body[name] = value
    return body
