"""Every exception the project raises on purpose."""

from collections.abc import Mapping


class AutoleadsError(Exception):
    """Base of the tree; catching it never hides a bug of another library."""


class ConfigError(AutoleadsError):
    """The start is refused. The message names the setting's path, never a secret's value."""


class UserError(AutoleadsError):
    """The caller can fix it: str(exc) is safe to show; status, code and headers go on the wire."""

    status = 400
    code = "bad_request"
    headers: Mapping[str, str] = {}

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class InvalidField(UserError):
    """A value that cannot be used; names the field."""

    code = "invalid_field"

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}", field=field)


class Unauthorized(UserError):
    status = 401
    code = "unauthorized"


class Forbidden(UserError):
    status = 403
    code = "forbidden"


class NotFound(UserError):
    status = 404
    code = "not_found"


class Conflict(UserError):
    status = 409
    code = "conflict"


class TooLarge(UserError):
    status = 413
    code = "too_large"


class TooManyRequests(UserError):
    status = 429
    code = "too_many_requests"

    def __init__(self, message: str, *, headers: Mapping[str, str]) -> None:
        super().__init__(message)
        self.headers = headers


class Closed(UserError):
    """The showroom's site is switched off, for the time being."""

    status = 503
    code = "closed"
    headers: Mapping[str, str] = {"Retry-After": "86400"}


class GatewayError(AutoleadsError):
    """Base of what a gateway's send may raise."""


class GatewayUnavailable(GatewayError):
    """Nothing was delivered and a later try may work."""

    def __init__(self, reason: str, *, alert: bool = False, retry_after_s: float | None = None) -> None:
        super().__init__(reason)
        self.alert = alert
        self.retry_after_s = retry_after_s


class GatewayRefused(GatewayError):
    """The gateway said no for good. `alert`: the device or its plan needs a person."""

    def __init__(self, reason: str, *, alert: bool = False) -> None:
        super().__init__(reason)
        self.alert = alert


class GatewayMediaRefused(GatewayRefused):
    """Only the attachment was refused: the text with a link may still go."""


class GatewayAmbiguous(GatewayError):
    """The request was written and no verdict came back: it may or may not have been delivered."""


class AssistantError(AutoleadsError):
    """The model gave nothing usable; `reason` is one of a closed set, for the metric. The tokens are those of an
    answer that came and cannot be used: it is billed like any other."""

    def __init__(self, reason: str, *, prompt_tokens: int = 0, answer_tokens: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.prompt_tokens = prompt_tokens
        self.answer_tokens = answer_tokens


class MediaError(AutoleadsError):
    """Base of what fetching and reading a file may raise. `reason` is one word, for rows, metrics and replies."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class MediaUnavailable(MediaError):
    """Not this time; a later try may work. Reasons: timeout, connection, http, busy."""


class MediaRefused(MediaError):
    """Never. Reasons: address (not a public one, or no web address), too_large, empty, broken, too_many_pixels,
    too_heavy, or what the file is instead of what was wanted: a name of kinds.FileType."""


class ShuttingDown(AutoleadsError):
    """The dispatcher takes no more work; the row is safe and found again."""
