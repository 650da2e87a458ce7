"""Settings: config.toml for the defaults, a file over it, the environment over both."""

import contextlib
import ipaddress
import os
import secrets
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from urllib.parse import unquote, urlsplit

from autoleads.errors import ConfigError

_PREFIX = "AUTOLEADS_"

# Promised names. Every other setting answers to AUTOLEADS_<TABLE>_<KEY>.
_FIXED_NAMES = {
    ("database", "url"): "DATABASE_URL",
    ("app", "url"): "APP_URL",
    ("app", "port"): "APP_PORT",
    ("app", "data_dir"): "AUTOLEADS_DATA_DIR",
    ("app", "upload_dir"): "UPLOAD_DIR",
    ("app", "max_file_size"): "MAX_FILE_SIZE",
    ("app", "redis_url"): "REDIS_URL",
    ("security", "jwt_secret"): "JWT_SECRET",
    ("security", "session_hours"): "SESSION_DURATION_HOURS",
    ("rate_limit", "window_ms"): "RATE_LIMIT_WINDOW_MS",
    ("rate_limit", "max_requests"): "RATE_LIMIT_MAX_REQUESTS",
    ("fonnte", "api_url"): "FONNTE_API_URL",
    ("fonnte", "api_token"): "FONNTE_API_TOKEN",
    ("fonnte", "webhook_secret"): "FONNTE_WEBHOOK_SECRET",
    ("model", "api_key"): "GEMINI_API_KEY",
    ("model", "api_url"): "GEMINI_API_URL",
    ("model", "name"): "GEMINI_MODEL",
}

# Read by the tests and the benchmarks, never by the program.
_NOT_SETTINGS = frozenset({"AUTOLEADS_SHARED"})


@dataclass(frozen=True, slots=True)
class _Limit:
    """What a value must satisfy beyond its type."""

    above: float | None = None
    least: float | None = None
    most: float | None = None
    one_of: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    filled: bool = False
    min_length: int = 0
    cidr: bool = False
    clean: Callable[[str], str] | None = None

    def problem(self, value: Any) -> str | None:
        """The sentence after the setting's path; never repeats the value, which may be a secret."""
        if self.above is not None and not value > self.above:
            return f"must be > {self.above:g}"
        if self.least is not None and not value >= self.least:
            return f"must be >= {self.least:g}"
        if self.most is not None and not value <= self.most:
            return f"must be <= {self.most:g}"
        if self.one_of and value not in self.one_of:
            return f"must be one of {', '.join(self.one_of)}"
        if self.filled and not value.strip():
            return "must not be empty"
        if value and len(str(value)) < self.min_length:
            return f"must have at least {self.min_length} characters"
        if self.schemes and value:
            return _address_problem(value, self.schemes)
        return next((p for item in value if (p := _network_problem(item))), None) if self.cidr else None


def _without_slash(address: str) -> str:
    return address.rstrip("/")


def _without_version(address: str) -> str:
    """The client library adds the version itself, and the documents give the address with it."""
    return _without_slash(address).removesuffix("/v1").removesuffix("/v1beta")


_Seconds = Annotated[float, _Limit(above=0, most=86_400)]
_Count = Annotated[int, _Limit(least=1)]
_Price = Annotated[float, _Limit(least=0)]
_WebAddress = Annotated[str, _Limit(schemes=("http", "https"), filled=True, clean=_without_slash)]
_ModelAddress = Annotated[str, _Limit(schemes=("http", "https"), filled=True, clean=_without_version)]


@dataclass(frozen=True, slots=True)
class Database:
    url: Annotated[str, _Limit(schemes=("postgresql", "postgres"))] = field(repr=False)
    pool_min: _Count
    pool_max: _Count
    slow_query_s: _Seconds


@dataclass(frozen=True, slots=True)
class App:
    url: _WebAddress
    host: Annotated[str, _Limit(filled=True)]
    port: Annotated[int, _Limit(least=0, most=65535)]
    data_dir: Annotated[str, _Limit(filled=True)]
    upload_dir: str
    max_file_size: _Count
    max_body_size: _Count
    simulator: bool
    trusted_proxies: Annotated[tuple[str, ...], _Limit(cidr=True)]
    grace_s: _Seconds
    redis_url: Annotated[str, _Limit(schemes=("redis", "rediss", "unix"))] = field(repr=False)

    @property
    def data_path(self) -> Path:
        return Path(self.data_dir).expanduser()

    @property
    def upload_path(self) -> Path:
        return Path(self.upload_dir).expanduser() if self.upload_dir else self.data_path / "uploads"

    def is_platform(self, host: str) -> bool:
        """Whether that name, without port, is the platform's or below it."""
        return f".{host}".endswith(f".{urlsplit(self.url).hostname}")

    def site_url(self, slug: str, domain: str | None = None) -> str:
        """A showroom's address: its own domain, or below the platform's, https://slug.host."""
        platform = urlsplit(self.url)
        return f"{platform.scheme}://{domain or f'{slug}.{platform.netloc}'}"


@dataclass(frozen=True, slots=True)
class Security:
    jwt_secret: Annotated[str, _Limit(min_length=16)] = field(repr=False)
    session_hours: _Count


@dataclass(frozen=True, slots=True)
class RateLimit:
    window_ms: _Count
    max_requests: _Count
    pages_factor: _Count
    visitors: _Count


@dataclass(frozen=True, slots=True)
class Catalogue:
    host_ttl_s: _Seconds
    stock_cache_cars: _Count
    page_cache_bytes: Annotated[int, _Limit(least=0)]
    sold_days: _Count


@dataclass(frozen=True, slots=True)
class Fonnte:
    api_url: _WebAddress
    api_token: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    timeout_s: _Seconds


@dataclass(frozen=True, slots=True)
class Model:
    api_key: str = field(repr=False)
    api_url: _ModelAddress
    name: Annotated[str, _Limit(filled=True)]
    thinking_level: Annotated[str, _Limit(one_of=("minimal", "low", "medium", "high"))]
    deadline_s: _Seconds
    max_output_tokens: _Count
    temperature: Annotated[float, _Limit(least=0, most=2)]
    compose: Annotated[str, _Limit(one_of=("auto", "always", "never"))]
    max_concurrent: _Count
    input_usd_per_million: _Price
    output_usd_per_million: _Price


@dataclass(frozen=True, slots=True)
class Bot:
    quiet_window_s: Annotated[float, _Limit(least=0, most=60)]
    history_lines: Annotated[int, _Limit(least=0, most=100)]
    lease_s: _Seconds
    answer_within_s: _Seconds
    max_attempts: _Count
    slots: _Count
    sweep_s: _Seconds
    reply_cap: _Count
    staff_reply_cap: _Count
    reply_cap_window_s: _Count
    customer_messages_per_minute: _Count
    takeover_idle_minutes: _Count
    undo_minutes: _Count
    list_cars: _Count
    list_bytes: _Count
    list_known_days: Annotated[int, _Limit(least=1, most=365)]
    late_photo_s: _Seconds
    code_days: Annotated[int, _Limit(least=1, most=90)]
    inbox_keep_days: Annotated[int, _Limit(least=7)]  # a duplicate delivery is recognised for as long


@dataclass(frozen=True, slots=True)
class Sales:
    next_after_s: _Seconds
    owner_after_s: _Seconds


@dataclass(frozen=True, slots=True)
class Sender:
    device_rate_per_s: Annotated[float, _Limit(above=0)]
    device_burst: _Count
    max_attempts: _Count
    backoff_base_s: _Seconds
    backoff_cap_s: _Seconds
    send_window_s: _Seconds


@dataclass(frozen=True, slots=True)
class Media:
    workers: Annotated[int, _Limit(least=1, most=64)]
    photo_timeout_s: _Seconds
    max_pixels: _Count
    fetch_timeout_s: _Seconds
    fetch_slots: _Count
    give_up_s: _Seconds
    poll_s: _Seconds
    allow_private: bool


@dataclass(frozen=True, slots=True)
class Log:
    level: Annotated[str, _Limit(one_of=("DEBUG", "INFO", "WARNING", "ERROR"), clean=str.upper)]
    format: Annotated[str, _Limit(one_of=("json", "text"))]


@dataclass(frozen=True, slots=True)
class Config:
    """Fields have no defaults: config.toml is the only place that knows them."""

    database: Database
    app: App
    security: Security
    rate_limit: RateLimit
    catalogue: Catalogue
    fonnte: Fonnte
    model: Model
    bot: Bot
    sales: Sales
    sender: Sender
    media: Media
    log: Log

    def secrets(self) -> tuple[str, ...]:
        """Values no log line may contain; of an address also the password alone."""
        found: set[str] = set()
        for table in fields(self):
            settings = getattr(self, table.name)
            for setting in fields(settings):
                value = getattr(settings, setting.name)
                if setting.repr or not value:
                    continue
                password = urlsplit(value).password if "://" in value else None
                found.update({value, password, unquote(password)} if password else {value})
        return tuple(sorted(found, key=len, reverse=True))


def load_config(path: Path | None, environ: Mapping[str, str]) -> Config:
    """Raises ConfigError with the path of the setting, or the name of the variable, that is wrong."""
    defaults = tomllib.loads((resources.files("autoleads") / "config.toml").read_text("utf-8"))
    given = _read(path) if path else {}
    tables = get_type_hints(Config)
    for name, content in given.items():
        if name not in tables:
            raise ConfigError(f"{name}: unknown table")
        if not isinstance(content, dict):
            raise ConfigError(f"{name}: must be a table")
    _refuse_unknown_variables(tables, environ)
    config = Config(
        **{name: _table(name, cls, {**defaults[name], **given.get(name, {})}, environ) for name, cls in tables.items()}
    )
    _check_together(config)
    return config


def variable(table: str, key: str) -> str:
    """Name of the environment variable that overrides a setting."""
    return _FIXED_NAMES.get((table, key), f"{_PREFIX}{table}_{key}".upper())


def ensure_secret(data_dir: Path) -> str:
    """The session secret of this data directory: generated on first use, the same ever after."""
    path = data_dir / "jwt_secret"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=data_dir, prefix=".jwt_secret-")  # mode 0600
        try:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(48))
                file.flush()
                os.fsync(file.fileno())
            # link() never replaces: of two processes starting at once, both end with the first one's secret.
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
        finally:
            os.unlink(draft)
    return path.read_text().strip()


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as exc:
        raise ConfigError(f"{path}: {exc.strerror}") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ConfigError(f"{path}: not valid TOML: {exc}") from exc


def _refuse_unknown_variables(tables: Mapping[str, Any], environ: Mapping[str, str]) -> None:
    known = {variable(name, setting.name) for name, cls in tables.items() for setting in fields(cls)}
    for name in sorted(environ):
        if name.startswith(_PREFIX) and name not in known | _NOT_SETTINGS:
            raise ConfigError(f"{name}: unknown setting")


def _table(name: str, cls: type[Any], given: dict[str, Any], environ: Mapping[str, str]) -> Any:
    hints = get_type_hints(cls, include_extras=True)
    for key in given:
        if key not in hints:
            raise ConfigError(f"{name}.{key}: unknown setting")
    values = {}
    for key, hint in hints.items():
        kind, limit = _kind(hint)
        label, written = f"{name}.{key}", given[key]
        if overriding := environ.get(variable(name, key)):
            label, written = variable(name, key), _parse(kind, overriding)
        values[key] = _checked(label, kind, limit, written)
    return cls(**values)


def _kind(hint: Any) -> tuple[Any, _Limit]:
    if get_origin(hint) is Annotated:
        base, limit = get_args(hint)
        return get_origin(base) or base, limit
    return hint, _Limit()


def _parse(kind: Any, text: str) -> Any:
    """A variable's text as TOML would have given it; what cannot be read stays text and fails later."""
    text = text.strip()
    if kind is bool:
        return {"true": True, "1": True, "false": False, "0": False}.get(text.casefold(), text)
    if kind is int or kind is float:
        with contextlib.suppress(ValueError):
            return kind(text)
        return text
    if kind is str:
        return text
    return [item.strip() for item in text.split(",") if item.strip()]


def _checked(label: str, kind: Any, limit: _Limit, value: Any) -> Any:
    problem = _type_problem(kind, value)
    if problem is None:
        # A whole number is a fine duration, a TOML list becomes immutable.
        value = kind(value)
        value = limit.clean(value) if limit.clean else value
        problem = limit.problem(value)
    if problem:
        raise ConfigError(f"{label}: {problem}")
    return value


def _type_problem(kind: Any, value: Any) -> str | None:
    if kind is bool:
        return None if isinstance(value, bool) else "must be true or false"
    if kind is int:
        return None if type(value) is int else "must be a whole number"
    if kind is float:
        # `inf` and `nan` are valid TOML, and no limit would be left.
        finite = type(value) in (int, float) and abs(value) < float("inf")
        return None if finite else "must be a number"
    if kind is str:
        return None if isinstance(value, str) and "\0" not in value else "must be a text"
    return None if isinstance(value, list) and all(isinstance(v, str) for v in value) else "must be a list of texts"


def _address_problem(value: str, schemes: tuple[str, ...]) -> str | None:
    problem = f"must be an address that starts with {' or '.join(f'{s}://' for s in schemes)}"
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises when it is no number
    except ValueError:
        return problem
    # A socket has no host: postgresql:///name?host=/directory, unix:///path
    complete = parts.hostname or parts.scheme not in ("http", "https")
    return None if parts.scheme in schemes and "://" in value and complete else problem


def _network_problem(item: str) -> str | None:
    try:
        ipaddress.ip_network(item)
    except ValueError as exc:
        return f"must hold networks like 10.0.0.0/8: {exc}"
    return None


def _check_together(config: Config) -> None:
    if config.database.pool_min > config.database.pool_max:
        raise ConfigError("database.pool_min: must be <= database.pool_max")
    if config.sender.send_window_s <= config.fonnte.timeout_s:
        # Otherwise a second process claims a message while the first is still sending it.
        raise ConfigError("sender.send_window_s: must be > fonnte.timeout_s")
    if config.sender.backoff_base_s > config.sender.backoff_cap_s:
        raise ConfigError("sender.backoff_base_s: must be <= sender.backoff_cap_s")
