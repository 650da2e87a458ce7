"""`check`, `migrate` and the edges of the command line: a database that is away, a reader that leaves."""

import asyncio
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import asyncpg
import pytest

from autoleads.cli import check
from autoleads.sql import checks, migrate
from autoleads.sql.pool import Database
from tests import make
from tests.command import Command, process_environ
from tests.daemon_process import daemons
from tests.patience import PATIENCE_S, patience
from tests.standins.base import Fault
from tests.standins.fonnte import FonnteStandin
from tests.standins.gemini import GeminiStandin

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "_PATIENCE_S", PATIENCE_S)


@pytest.fixture
def autoleads(dsn: str, fonnte: FonnteStandin, gemini: GeminiStandin, tmp_path: Path) -> Command:
    return Command(
        DATABASE_URL=dsn,
        AUTOLEADS_DATA_DIR=str(tmp_path),
        FONNTE_API_URL=fonnte.url,
        FONNTE_API_TOKEN="token-geheim",
        FONNTE_WEBHOOK_SECRET="hook-geheim",
        GEMINI_API_URL=gemini.url,
        GEMINI_API_KEY="key-geheim",
        AUTOLEADS_MODEL_DEADLINE_S=str(PATIENCE_S),
        AUTOLEADS_FONNTE_TIMEOUT_S=str(PATIENCE_S),
        AUTOLEADS_SENDER_SEND_WINDOW_S=str(3 * PATIENCE_S),
    )


def lines(out: str) -> dict[str, str]:
    """State by name of the check."""
    return {line[6:20].strip(): line[:4].strip() for line in out.splitlines()}


async def test_all_is_well(autoleads: Command, tmp_path: Path) -> None:
    done = await autoleads("check")

    assert done.code == 0, done.out
    assert lines(done.out) == dict.fromkeys(
        ["database", "schema", "working role", "clock", "gateway token", "webhook secret", "model key",
         "upload folder", "disk space"], "ok",
    )  # fmt: skip
    assert "geheim" not in done.out + done.err
    assert list((tmp_path / "uploads").iterdir()) == []


@pytest.mark.parametrize(
    ("database", "offset_s"),
    [(1_000.0, 0), (1_001.5, 0), (1_002.0, 0), (1_002.5, 0.5), (999.5, -0.5), (5_000.0, 3_998)],
)
def test_the_clocks_differ_by_what_is_certain_whenever_the_question_took_long(database: float, offset_s: float) -> None:
    assert checks.clock_offset_s(database, 1_000.0, 1_002.0) == offset_s


async def test_what_is_not_set_is_a_warning_and_no_failure(dsn: str, tmp_path: Path) -> None:
    done = await Command(DATABASE_URL=dsn, AUTOLEADS_DATA_DIR=str(tmp_path))("check")

    assert done.code == 0, done.out
    warned = {name for name, state in lines(done.out).items() if state == "warn"}
    assert warned == {"gateway token", "webhook secret", "model key"}


async def test_gateway_and_model_that_say_no(
    autoleads: Command, fonnte: FonnteStandin, gemini: GeminiStandin, database: Database
) -> None:
    await make.tenant(database)
    fonnte.connected = False
    gemini.fault = Fault(name="http", status=403)

    done = await autoleads("check")

    assert done.code == 1
    found = lines(done.out)
    assert (found["gateway token"], found["model key"], found["database"]) == ("FAIL", "FAIL", "ok")
    assert "installation: device is not connected, scan its QR code" in done.out


async def test_a_model_that_is_merely_ill_is_a_warning(autoleads: Command, gemini: GeminiStandin) -> None:
    gemini.fault = Fault(name="http", status=503)

    done = await autoleads("check")

    assert (done.code, lines(done.out)["model key"]) == (0, "warn")


async def test_every_showroom_with_a_token_of_its_own_is_asked(
    autoleads: Command, fonnte: FonnteStandin, database: Database
) -> None:
    fonnte.tokens = {"token-geheim": "6281290000001", "eigen-geheim": "6281311112222"}
    add = ("tenant", "add", "--name", "A")
    await autoleads(*add, "--slug", "a", "--device", "081311112222", "--token", "eigen-geheim")
    await autoleads(*add, "--slug", "b", "--device", "081311112223", "--token", "falsch-geheim")

    done = await autoleads("check")

    assert done.code == 1
    asked = sorted(line for line in done.out.splitlines() if "gateway token" in line)
    assert [line.split(":")[0] for line in asked] == [
        "FAIL  gateway token   0813-1111-2223",
        "ok    gateway token   0813-1111-2222",
        "ok    gateway token   installation",
    ]
    assert "geheim" not in done.out + done.err


async def test_a_database_without_schema(autoleads: Command, empty_dsn: str) -> None:
    autoleads.environ["DATABASE_URL"] = empty_dsn

    checked = await autoleads("check")
    listed = await autoleads("tenant", "list")

    assert checked.code == 1
    assert lines(checked.out)["schema"] == "FAIL"
    assert "run `autoleads migrate`" in checked.out
    assert (listed.code, listed.out) == (1, "")
    assert "run `autoleads migrate`" in listed.err


async def test_a_working_role_that_escapes_row_security_is_found(autoleads: Command, dsn: str) -> None:
    db = await asyncpg.connect(dsn)
    await db.execute("ALTER TABLE lead NO FORCE ROW LEVEL SECURITY")
    await db.execute("CREATE POLICY hole ON tenant FOR SELECT USING (true)")
    await db.close()
    await autoleads("tenant", "add", "--name", "A", "--slug", "a", "--device", "081311112222")

    done = await autoleads("check")

    assert (done.code, lines(done.out)["working role"]) == (1, "FAIL")
    assert "table lead does not force row-level security" in done.out
    assert "sees showrooms without naming one" in done.out


async def test_a_folder_that_cannot_be_written(autoleads: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    autoleads.environ["UPLOAD_DIR"] = str(tmp_path / "file" / "uploads")

    done = await autoleads("check")

    assert (done.code, lines(done.out)["upload folder"]) == (1, "FAIL")


async def test_a_database_that_is_away_is_one_line(tmp_path: Path) -> None:
    away = Command(DATABASE_URL="postgresql://u:geheim@127.0.0.1:1/x", AUTOLEADS_DATA_DIR=str(tmp_path))

    listed, migrated, checked = await away("tenant", "list"), await away("migrate"), await away("check")

    for done in (listed, migrated):
        assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
        assert done.err.startswith("autoleads: database: ")
    assert (checked.code, lines(checked.out)["database"]) == (1, "FAIL")
    assert "geheim" not in listed.err + migrated.err + checked.out


async def test_migrate_twice_and_by_several_at_once() -> None:
    """From nothing: the embedded server, its database and the schema are each made by one of them."""
    with tempfile.TemporaryDirectory(prefix="al-cli-") as folder:
        command = [sys.executable, "-m", "autoleads", "migrate"]
        environ = process_environ(AUTOLEADS_DATA_DIR=f"{folder}/data")
        several = [
            await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            for _ in range(3)
        ]
        said = [await process.communicate() for process in several]
        later = await Command(AUTOLEADS_DATA_DIR=f"{folder}/data")("migrate")

    current = f"schema {migrate.latest()} is current\n"
    assert [process.returncode for process in several] == [0, 0, 0], said
    assert sorted(out.decode() for out, _ in said) == sorted([f"schema 0 -> {migrate.latest()}\n", current, current])
    assert (later.code, later.out) == (0, current)


async def test_wrong_settings_and_wrong_usage(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[app]\nprot = 1\n")

    unknown = await Command()("check", "--config", str(file))
    missing = await Command()("check", "--config", str(tmp_path / "none.toml"))
    bare = await Command()()
    extra = await Command()("migrate", "geheim")
    helped = await Command()("tenant", "add", "--help")

    assert (unknown.code, missing.code) == (1, 1)
    assert "app.prot" in unknown.err
    assert "none.toml" in missing.err
    assert (bare.code, extra.code) == (2, 2)
    assert extra.err == "autoleads: too many arguments (see --help)\n"
    assert helped.code == 0
    assert "--device NUMBER" in helped.out


async def test_a_port_that_is_taken_is_one_line(dsn: str, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "autoleads", "run"),
            cwd=ROOT,
            env=process_environ(DATABASE_URL=dsn, APP_PORT=str(port), AUTOLEADS_DATA_DIR=str(tmp_path)),
            stderr=subprocess.PIPE,
        )
        _, err = await process.communicate()

    said = [line for line in err.decode().splitlines() if not line.startswith("{")]
    assert process.returncode == 1
    assert said == [f"autoleads: app.port: cannot listen on 127.0.0.1:{port}: Address already in use"]


async def test_the_daemon_runs_until_it_is_told_to_stop(dsn: str, tmp_path: Path) -> None:
    async with daemons(DATABASE_URL=dsn, AUTOLEADS_DATA_DIR=str(tmp_path)) as [one]:
        async with patience():
            while (await one.http.get("/ready")).status != 200:
                pass  # a machine that takes longer than two seconds for a question is not ready

        assert await one.stop() == 0


async def test_a_reader_that_leaves_early_sees_no_traceback(dsn: str, database: Database) -> None:
    await make.tenant(database)
    process = await asyncio.create_subprocess_shell(
        f"{sys.executable} -m autoleads tenant list --json | true",
        cwd=ROOT,
        env=process_environ(DATABASE_URL=dsn),
        stderr=subprocess.PIPE,
    )

    _, err = await process.communicate()

    assert err == b""
