"""Headers that every answer carries unless it brings its own: what a browser may do with it, and who may read it."""

from aiohttp import web

from autoleads.config import Config

_YEAR_S = 31_536_000
_ALWAYS = {
    "Server": "autoleads",  # the library would name itself and its version
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",  # pages say what they need
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# A showroom's stock is public: any page of anybody may ask for it, without cookies, which there are none of.
_OPEN = {
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "X-Total-Count, X-Page, X-Request-Id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After"
    ),
}
# Previews of links, the simulator, and a showroom's second host show them as well.
_PHOTO = {"Cross-Origin-Resource-Policy": "cross-origin"}


class Safety:
    def __init__(self, config: Config) -> None:
        behind_tls = config.app.url.startswith("https://")
        always = _ALWAYS | ({"Strict-Transport-Security": f"max-age={_YEAR_S}"} if behind_tls else {})
        self._usual, self._open, self._photo = (tuple((always | own).items()) for own in ({}, _OPEN, _PHOTO))

    def add(self, response: web.StreamResponse, path: str) -> None:
        headers = response.headers
        for name, value in self._of(path):
            headers.setdefault(name, value)

    def _of(self, path: str) -> tuple[tuple[str, str], ...]:
        if is_public_api(path):
            return self._open
        return self._photo if path.startswith("/uploads/") else self._usual


async def preflight(_: web.Request) -> web.Response:
    """Of browsers, before a page of another site asks with headers of its own."""
    allowed = {"Allow": "GET, HEAD, OPTIONS", "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS"}
    return web.Response(
        status=204, headers={**allowed, "Access-Control-Allow-Headers": "*", "Access-Control-Max-Age": "86400"}
    )


def is_public_api(path: str) -> bool:
    return path == "/api/cars" or path.startswith("/api/cars/")
