"""Requests that no browser sends, and many that one might: strategies of hypothesis, as the bytes on the wire."""

from dataclasses import dataclass
from urllib.parse import quote

from hypothesis import strategies as st

SLUGS = ("alfa-mobil", "bravo-mobil")
CAR = "avanza-2020-hitam-a01"  # both showrooms have it

_HOSTS = [*(f"{slug}.localhost" for slug in SLUGS), "localhost", "127.0.0.1", "tidak-ada.localhost"]
_ODD_HOSTS = [
    "", ".", "*", "[::1]", "[", "ALFA-MOBIL.LOCALHOST", "alfa-mobil.localhost.", "alfa-mobil..localhost",
    "alfa-mobil.localhost:99999", "alfa-mobil.localhost:abc", "alfa-mobil.localhost:", "x@alfa-mobil.localhost",
    "alfa-mobil.localhost.evil.example", "bravo-mobil.alfa-mobil.localhost", "alfa-mobil", "a" * 300 + ".localhost",
    "alfa-mobil.localhost, bravo-mobil.localhost", "alfa%2Dmobil.localhost", "xn--.localhost", "-.localhost",
]  # fmt: skip
_PATHS = [
    "/", "/mobil", f"/{CAR}", f"/{CAR}/", "/cabang", "/privasi", "/sitemap.xml", "/robots.txt", "/api/cars",
    f"/api/cars/{CAR}", "/uploads/cars/1/a01-1.jpg", "/uploads/private/1/1/a.jpg", "/static/simulator.css", "/health",
    "/ready", "/metrics", "/webhook/fonnte", "/webhook/fonnte/x", "/favicon.ico", "/simulator", "/dashboard", "/login",
]  # fmt: skip
_PIECES = [
    "..",
    "%2e%2e",
    "%00",
    "%0d%0aX:1",
    "//",
    "\\",
    "%5c",
    "%ff",
    "%c0%ae",
    ";",
    "~",
    "%25",
    "%E2%80%AE",
    "*",
    "'",
]
_NAMES = [
    "page", "limit", "search", "brand", "model", "year", "minPrice", "maxPrice", "transmission", "fuel", "branch",
    "sort", "q", "cari", "merek", "tahun", "harga", "harga_min", "harga_maks", "km", "transmisi", "bbm", "cabang",
    "urut", "halaman", "dp", "tenor",
]  # fmt: skip
_VALUES = [
    "", "0", "1", "-1", "2020", "9999999999999999999999", "1e9", "0x10", "NaN", "Toyota", "Avanza 2020", "manual", "%",
    "_", "\0", "'", "';--", "<script>", "{{7*7}}", "\u202e", "٣", "²", "1,2", "[]", "\ud83d\ude97", "a" * 3000,
]  # fmt: skip
_HEADERS = {
    "Accept": ["*/*", "application/json", "", "text/html;q=x", ",,,"],
    "Accept-Encoding": ["gzip", "br", "gzip;q=0", "*;q=0", "identity", "zstd, gzip;q=abc", ";;;", "deflate"],
    "Accept-Language": ["id", "en-US,en;q=0.5", "\xff", "*"],
    "Cookie": ["a=b", "=", ";;;", "session=x; session=y", '"', "a=" + "b" * 4000, "autoleads=eyJhbGciOiJub25lIn0.e30."],
    "If-None-Match": ["*", '"x"', 'W/"x"', "x", '"', ",", '"a", "b"'],
    "If-Modified-Since": ["Thu, 01 Jan 1970 00:00:00 GMT", "yesterday", "", "Mon, 32 Foo 99999 99:99:99 GMT"],
    "If-Unmodified-Since": ["Thu, 01 Jan 1970 00:00:00 GMT", "x"],
    "Range": ["bytes=0-0", "bytes=-1", "bytes=5-1", "bytes=a-b", "bytes=0-0,1-1", "bytes=999999999999-", "x=1"],
    "If-Range": ['"x"', "x"],
    "X-Forwarded-For": ["1.2.3.4", "::1", "x", "1.2.3.4, 5.6.7.8", ","],
    "X-Forwarded-Host": ["bravo-mobil.localhost", "x"],
    "X-Forwarded-Proto": ["https", "x"],
    "Forwarded": ["for=1.2.3.4;host=bravo-mobil.localhost", "x"],
    "Content-Type": ["application/json", "text/plain; charset=x", "multipart/form-data",
                     "multipart/form-data; boundary=", "application/x-www-form-urlencoded", "x",
                     "application/json; charset=utf-16"],
    "Content-Encoding": ["gzip", "deflate", "x"],
    "Expect": ["100-continue", "x"],
    "Upgrade": ["websocket", "h2c"],
    "Origin": ["null", "https://evil.example", "x"],
    "Referer": ["x", "\xff"],
    "User-Agent": ["", "\xe2\x80\xae", "x" * 2000],
    "X-Request-Id": ["x", "\xff", "a" * 500],
    "Authorization": ["Basic x", "Bearer x", "Basic \xff"],
}  # fmt: skip
_METHODS = ["GET"] * 12 + [
    "HEAD",
    "HEAD",
    "POST",
    "POST",
    "OPTIONS",
    "PUT",
    "DELETE",
    "PATCH",
    "TRACE",
    "CONNECT",
    "get",
    "X",
]
_BODIES = [
    b"", b"{}", b"[]", b"null", b"{", b'{"device":1}', b'{"device":"6281","sender":"6281","message":"halo"}',
    b"\xff\xfe", b'{"device":"6281","sender":[],"message":{}}', b"device=1&sender=2&message=3",
    b"a=%zz&b=%00", b'{"a":' * 900, b"--\r\n\r\n", b'{"device":"\\u0000","sender":"\\ud800","message":"x"}',
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """`whole`: a complete request, which must be answered; what else is sent may be dropped."""

    data: bytes
    whole: bool


def _mostly(usual: st.SearchStrategy[str], odd: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.integers(0, 3).flatmap(lambda n: odd if n == 0 else usual)


# What a parser lets through in a head; `damaged` is for what it does not.
_LINE = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"], exclude_characters=" "), max_size=40)
_HOST = _mostly(st.sampled_from(_HOSTS), st.sampled_from(_ODD_HOSTS) | _LINE)
_SEGMENT = st.sampled_from(_PIECES) | st.text(max_size=12).map(lambda text: quote(text.encode(errors="replace")))
_PATH = _mostly(
    st.sampled_from(_PATHS),
    st.builds(lambda path, more: path + "".join(more), st.sampled_from(_PATHS), st.lists(_SEGMENT, max_size=4))
    | _LINE.map(lambda text: "/" + text)
    | st.sampled_from(["*", "http://bravo-mobil.localhost/", "http://[/", "/" + "a" * 7_000, "?", "/?%", "//x"]),
)
_VALUE = (st.sampled_from(_VALUES) | st.text(max_size=20) | st.integers().map(str)).map(
    lambda text: quote(text.encode(errors="replace"))
)
_NAME = _mostly(st.sampled_from(_NAMES), st.text(max_size=8).map(lambda text: quote(text.encode(errors="replace"))))
_PAIR = st.builds(lambda name, value: f"{name}={value}", _NAME, _VALUE) | st.sampled_from(
    ["page", "=", "%", "%ff=%fe", ""]
)
_QUERY = st.lists(_PAIR, max_size=4).map("&".join)
_HEADER = st.sampled_from(sorted(_HEADERS)).flatmap(
    lambda name: st.tuples(st.just(name), _mostly(st.sampled_from(_HEADERS[name]), _LINE))
)


@st.composite
def complete(draw: st.DrawFn) -> Sent:
    method, path, query = draw(st.sampled_from(_METHODS)), draw(_PATH), draw(_QUERY)
    headers = [
        ("Host", draw(_HOST)),
        *draw(st.lists(_HEADER, max_size=4, unique_by=lambda header: header[0])),
        ("Connection", "close"),
    ]
    body = draw(st.sampled_from(_BODIES)) if method in ("POST", "PUT", "PATCH", "DELETE") else b""
    if body:
        headers.append(("Content-Length", str(len(body))))
    head = f"{method} {path}{'?' + query if query else ''} HTTP/1.1\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers)
    return Sent(head.encode("latin-1") + b"\r\n" + body, whole=True)


@st.composite
def damaged(draw: st.DrawFn) -> Sent:
    """A request with some bytes changed, put in or cut off."""
    data = bytearray(draw(complete()).data)
    for at, byte in draw(st.lists(st.tuples(st.integers(0, len(data) - 1), st.integers(0, 255)), max_size=4)):
        data[at] = byte
    at = draw(st.integers(0, len(data)))
    data[at:at] = draw(st.sampled_from([b"", b"\r\n", b"\n", b"\0", b"\xff\xfe", b"Transfer-Encoding: chunked\r\n"]))
    end = draw(st.integers(0, len(data)) | st.just(len(data)))
    return Sent(bytes(data[:end]), whole=False)


ANY = st.integers(0, 9).flatmap(
    lambda n: st.binary(max_size=200).map(lambda data: Sent(data, whole=False)) if n == 0
    else damaged() if n <= 2 else complete()
)  # fmt: skip
