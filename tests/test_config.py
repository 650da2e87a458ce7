"""Where a setting comes from, and how a wrong one is refused."""

import stat
import threading
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import pytest

from autoleads.config import Config, ensure_secret, load_config, variable
from autoleads.errors import ConfigError

ROOT = Path(__file__).parent.parent
SECRET = "s3cret-value-that-is-long-enough"


def _write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text)
    return path


def _refusal(path: Path | None, environ: dict[str, str]) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(path, environ)
    return str(caught.value)


def test_the_file_at_the_top_is_the_one_that_is_shipped() -> None:
    assert (ROOT / "autoleads" / "config.toml").resolve() == ROOT / "config.toml"
    assert load_config(None, {}) == load_config(ROOT / "config.toml", {})


def test_config_toml_has_every_setting_once_with_its_variable_in_the_comment() -> None:
    text = (ROOT / "config.toml").read_text()
    written = tomllib.loads(text)

    for table, cls in get_type_hints(Config).items():
        assert list(written[table]) == [setting.name for setting in fields(cls)]
        for setting in fields(cls):
            assert f"# [{variable(table, setting.name)}] " in text
    assert set(written) == {table.name for table in fields(Config)}


def test_a_file_changes_only_what_it_names(tmp_path: Path) -> None:
    config = load_config(_write(tmp_path, "[bot]\nquiet_window_s = 0\n"), {})

    assert config.bot.quiet_window_s == 0.0
    assert isinstance(config.bot.quiet_window_s, float)
    assert config.bot.history_lines == load_config(None, {}).bot.history_lines


def test_every_setting_has_an_environment_variable_that_wins_over_the_file(tmp_path: Path) -> None:
    path = _write(tmp_path, '[app]\nport = 4000\nhost = "10.0.0.1"\n')

    config = load_config(
        path,
        {
            "APP_PORT": "5000",
            "AUTOLEADS_APP_SIMULATOR": "true",
            "AUTOLEADS_APP_TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.1/32",
            "AUTOLEADS_MODEL_DEADLINE_S": "1.5",
            "AUTOLEADS_DATA_DIR": "/srv/autoleads",
            "AUTOLEADS_LOG_LEVEL": "debug",
            "AUTOLEADS_SHARED": "/anywhere",
            "PATH": "/bin",
        },
    )

    assert (config.app.port, config.app.host, config.app.simulator) == (5000, "10.0.0.1", True)
    assert config.app.trusted_proxies == ("10.0.0.0/8", "127.0.0.1/32")
    assert (config.model.deadline_s, config.log.level) == (1.5, "DEBUG")
    assert config.app.upload_path == Path("/srv/autoleads/uploads")


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load_config(None, {"GEMINI_MODEL": "", "APP_PORT": ""}) == load_config(None, {})


@pytest.mark.parametrize("suffix", ["", "/", "/v1", "/v1/", "/v1beta"])
def test_the_version_in_the_models_address_is_dropped(suffix: str) -> None:
    config = load_config(None, {"GEMINI_API_URL": f"https://models.example{suffix}"})

    assert config.model.api_url == "https://models.example"


def test_upload_dir_may_be_anywhere() -> None:
    assert load_config(None, {"UPLOAD_DIR": "/srv/photos"}).app.upload_path == Path("/srv/photos")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[model]\ndeadline_s = 0", "model.deadline_s: must be > 0"),
        ("[model]\ndeadline_s = inf", "model.deadline_s: must be a number"),
        ("[model]\ndeadline_s = true", "model.deadline_s: must be a number"),
        ("[model]\ntemperature = 2.5", "model.temperature: must be <= 2"),
        ("[bot]\ninbox_keep_days = 6", "bot.inbox_keep_days: must be >= 7"),
        ("[model]\ncompose = 'often'", "model.compose: must be one of auto, always, never"),
        ("[model]\nname = ' '", "model.name: must not be empty"),
        ("[app]\nport = 70000", "app.port: must be <= 65535"),
        ("[app]\nport = '3000'", "app.port: must be a whole number"),
        ("[app]\nport = true", "app.port: must be a whole number"),
        ("[app]\nsimulator = 1", "app.simulator: must be true or false"),
        ("[app]\nhost = 1", "app.host: must be a text"),
        ("[app]\ntrusted_proxies = '10.0.0.0/8'", "app.trusted_proxies: must be a list of texts"),
        ("[app]\nurl = 'localhost'", "app.url: must be an address that starts with http:// or https://"),
        ("[app]\nurl = 'http://'", "app.url: must be an address that starts with http:// or https://"),
        ("[app]\nurl = 'http://a:b'", "app.url: must be an address that starts with http:// or https://"),
        ("[app]\nprot = 1", "app.prot: unknown setting"),
        ("[apps]\nport = 1", "apps: unknown table"),
        ("app = 1", "app: must be a table"),
        ("[database]\npool_min = 11", "database.pool_min: must be <= database.pool_max"),
        ("[sender]\nsend_window_s = 8", "sender.send_window_s: must be > fonnte.timeout_s"),
        ("[sender]\nbackoff_base_s = 301", "sender.backoff_base_s: must be <= sender.backoff_cap_s"),
        ("[bot]\nslots = 0", "bot.slots: must be >= 1"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_path(tmp_path: Path, text: str, message: str) -> None:
    assert _refusal(_write(tmp_path, text), {}) == message


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("AUTOLEADS_MODEL_DEADLINE_S", "0", "must be > 0"),
        ("AUTOLEADS_MODEL_DEADLINE_S", "soon", "must be a number"),
        ("AUTOLEADS_MODEL_DEADLINE_S", "nan", "must be a number"),
        ("APP_PORT", "http", "must be a whole number"),
        ("AUTOLEADS_APP_SIMULATOR", "maybe", "must be true or false"),
        ("AUTOLEADS_APP_PORT", "3000", "unknown setting"),
        ("AUTOLEADS_BOT_SPEED", "1", "unknown setting"),
    ],
)
def test_a_wrong_variable_is_refused_by_its_name(name: str, value: str, problem: str) -> None:
    assert _refusal(None, {name: value}) == f"{name}: {problem}"


def test_a_network_must_be_one() -> None:
    assert _refusal(None, {"AUTOLEADS_APP_TRUSTED_PROXIES": "10.0.0.1/8"}).startswith(
        "AUTOLEADS_APP_TRUSTED_PROXIES: must hold networks like 10.0.0.0/8"
    )


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    missing, broken = tmp_path / "none.toml", _write(tmp_path, "[app\n")

    assert _refusal(missing, {}) == f"{missing}: No such file or directory"
    assert _refusal(broken, {}).startswith(f"{broken}: not valid TOML: ")


def test_secrets_are_neither_shown_nor_repeated_in_a_refusal(tmp_path: Path) -> None:
    environ = {
        "DATABASE_URL": "postgresql://app:p%40ss-word@db/autoleads",
        "REDIS_URL": "redis://:redis-word@cache",
        "JWT_SECRET": SECRET,
        "FONNTE_API_TOKEN": "token-word",
        "FONNTE_WEBHOOK_SECRET": "webhook-word",
        "GEMINI_API_KEY": "model-word",
    }
    config = load_config(None, environ)

    assert set(config.secrets()) == {*environ.values(), "p%40ss-word", "p@ss-word", "redis-word"}
    assert not [secret for secret in config.secrets() if secret in repr(config)]
    assert "swordfish" not in _refusal(None, {"DATABASE_URL": "mysql://app:swordfish@db/x"})
    assert _refusal(None, {"JWT_SECRET": "swordfish"}) == "JWT_SECRET: must have at least 16 characters"
    assert "1234567" not in _refusal(_write(tmp_path, "[fonnte]\napi_token = 1234567\n"), {})


def test_the_session_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    data_dir = tmp_path / "new" / "data"

    first, second = ensure_secret(data_dir), ensure_secret(data_dir)

    assert first == second
    assert len(first) >= 32
    assert stat.S_IMODE((data_dir / "jwt_secret").stat().st_mode) == 0o600
    assert [path.name for path in data_dir.iterdir()] == ["jwt_secret"]


def test_many_that_start_at_once_end_with_the_same_secret(tmp_path: Path) -> None:
    barrier = threading.Barrier(8)

    def start(_: int) -> str:
        barrier.wait()
        return ensure_secret(tmp_path)

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(start, range(8)))

    assert found == {(tmp_path / "jwt_secret").read_text()}
