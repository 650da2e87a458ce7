"""PostgreSQL out of a wheel, for one machine without a database server.

Life of the server. It listens on a socket in a private directory and on no port. Every process that uses
it holds a shared lock on `postgres.users`; the last one to leave stops it, and starting and stopping exclude
each other through `postgres.lock`. So a daemon and commands beside it share one server, and a leaving one
never takes it from the others. A process that is killed cannot say goodbye, but its end of a pipe closes:
a shell waiting on that pipe then runs `python -m autoleads.embedded DIR`, which stops the server when no user
is left. Should the shell be killed too, the server runs on until the next start adopts it. A postmaster that
was killed leaves its files behind; the next start recovers from them.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import quote

from autoleads import embedded_programs as programs
from autoleads.embedded_programs import Account
from autoleads.errors import ConfigError

log = logging.getLogger(__name__)

_SUPERUSER = "postgres"
_SOCKET_NAME = ".s.PGSQL.5432"
_SOCKET_PATH_MAX = 103  # Linux allows 107 bytes, macOS 103
_START_TIMEOUT_S = 60.0  # recovery after a crash reads the log of up to max_wal_size
# Fast; then at once, with recovery at the next start; then by force.
_STOP_SIGNALS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
_POLL_S = 0.01
_LOG_MAX_BYTES = 1_000_000

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    # Small: the daemon and the idle server together stay below 200 MB.
    "shared_buffers": "32MB",
    "max_connections": "60",
    "max_worker_processes": "2",
    "max_parallel_workers_per_gather": "0",
    "autovacuum": "on",
    "autovacuum_max_workers": "2",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "huge_pages": "off",
    "jit": "off",
    "io_method": "sync",
    # Nothing accepted is ever lost.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "min_wal_size": "32MB",
    "max_wal_size": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # DETAIL lines repeat column values: phone numbers, names.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


# A cut of the power may ruin the data, and nothing waits for a disk.
_HASTY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class EmbeddedPostgres:
    """The server of one data directory; blocking, see `running` for asyncio.

    Files: `postgres/` the database, `postgres.log`, and the two locks, all in `data_dir`. PostgreSQL refuses
    to run as root, so for root it runs under an existing unprivileged account, which needs no right to reach
    `data_dir`: it is handed an open directory and works below /proc/self/fd.
    `durable=False` is for data that nobody needs after the process, as in tests.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self._settings = _SETTINGS if durable else _SETTINGS | _HASTY
        self._home = data_dir.expanduser().resolve()
        self._data = self._home / "postgres"
        digest = hashlib.sha256(os.fsencode(self._data)).hexdigest()
        self._name = f"autoleads-{digest[:16]}"
        self._log = self._home / "postgres.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: subprocess.Popen[bytes] | None = None
        self._use: int | None = None
        self._guard = threading.Lock()

    def start(self) -> str:
        """Returns the superuser's DSN. Called again, it brings back a server that died meanwhile."""
        install = programs.find()
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            with self._guard, self._transition():
                if self._use is None:
                    self._use = _open_lock(self._home / "postgres.users", fcntl.LOCK_SH)
                try:
                    self._ensure_running(install)
                    self._ensure_watch()
                except BaseException:
                    self._leave()
                    self._stop_unused()
                    raise
        except OSError as exc:
            raise ConfigError(f"embedded PostgreSQL in {self._home}: {exc}") from exc
        return self.dsn(_SUPERUSER, _SUPERUSER)

    def dsn(self, database: str, user: str) -> str:
        """For asyncpg. No password: who may enter the socket's directory may enter the database."""
        host = quote(str(self._socket_dir), safe="/")
        return f"postgresql://{quote(user, safe='')}@/{quote(database, safe='')}?host={host}&port=5432"

    def stop(self) -> None:
        """Leaves the server, and stops it unless another process still uses it."""
        with self._guard:
            if self._use is None:
                return
            with self._transition():
                self._leave()
                self._stop_unused()
            self._dismiss_watch()

    def stop_abandoned(self) -> bool:
        """What `stop` would have done, for a process that was killed. False: the server runs on."""
        with self._transition():
            return self._stop_unused()

    def _stop_unused(self) -> bool:
        """Inside a transition only. False: the server runs on, as a rule because another process uses it."""
        try:
            os.close(_open_lock(self._home / "postgres.users", fcntl.LOCK_EX | fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        pid = self._postmaster()
        if pid is None and self._process is not None and self._process.poll() is None:
            pid = self._process.pid  # so young that it has not written its file
        if pid is None:
            return True
        for signal_number, patience_s in _STOP_SIGNALS:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal_number)
            if self._gone(pid, patience_s):
                log.info("embedded PostgreSQL stopped: %s", self._home)
                return True
        return False

    # Starting

    def _ensure_running(self, install: Path) -> None:
        account = programs.account_for(self._data)
        log_from = self._log.stat().st_size if self._log.exists() else 0
        deadline = time.monotonic() + _START_TIMEOUT_S
        launched: subprocess.Popen[bytes] | None = None
        while not self._ready():
            if time.monotonic() > deadline:
                raise ConfigError(f"embedded PostgreSQL in {self._home} is not ready: {self._said(log_from)}")
            running = self._postmaster() is not None
            if launched is not None and launched.poll() is not None and not running:
                raise ConfigError(f"embedded PostgreSQL in {self._home} did not start: {self._said(log_from)}")
            if launched is None and not running and not self._end_orphans():
                usable = programs.usable(install, account)
                self._create(usable, account)
                self._clear_stale_files()
                log_from = self._rotate_log()
                launched = self._process = self._launch(usable, account)
                deadline = time.monotonic() + _START_TIMEOUT_S  # what was made before it took time of its own
            time.sleep(_POLL_S)
        log.info("embedded PostgreSQL %s: %s", "started" if launched else "already running", self._home)

    def _create(self, install: Path, account: Account | None) -> None:
        if self._data.exists():
            if account is not None and self._data.stat().st_uid == 0:
                programs.give(self._data, account)  # a copy that root made
            return
        # Under another name first: a half made directory is never taken for a database.
        draft = self._home / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if account is not None:
            os.chown(draft, *account)
        with programs.seen_by(draft, account) as (path, options):
            done = subprocess.run(
                [
                    *(str(install / "bin" / "initdb"), "-D", path, "-U", _SUPERUSER),
                    *(
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                    ),
                    *("--text-search-config=simple", "--data-checksums", "--no-instructions"),
                    *("--auth-local=trust", "--auth-host=reject"),
                ],
                capture_output=True,
                **options,
            )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).decode(errors="replace").strip()
            raise ConfigError(f"embedded PostgreSQL in {self._home} was not created: {said}")
        draft.rename(self._data)

    def _launch(self, install: Path, account: Account | None) -> subprocess.Popen[bytes]:
        if self._socket_dir != self._data:
            programs.make_private(self._socket_dir, account)
        descriptor = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            with programs.seen_by(self._data, account) as (path, options):
                sockets = path if self._socket_dir == self._data else str(self._socket_dir)
                quoted = '"' + sockets.replace('"', '""') + '"'
                settings = {**self._settings, "cluster_name": self._name, "unix_socket_directories": quoted}
                return subprocess.Popen(
                    [
                        *(str(install / "bin" / "postgres"), "-D", path),
                        *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
                    ],
                    stdout=descriptor,
                    stderr=descriptor,
                    # A terminal's Ctrl-C is for the daemon, which stops the server when it has finished.
                    start_new_session=True,
                    **options,
                )
        finally:
            os.close(descriptor)

    def _ensure_watch(self) -> None:
        if self._watch is not None and self._watch.poll() is None:
            return
        self._watch = subprocess.Popen(
            [
                *("/bin/sh", "-c", 'read -r done || exec "$@"', "sh"),
                *(sys.executable, "-m", "autoleads.embedded", str(self._home)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
            start_new_session=True,
        )

    def _dismiss_watch(self) -> None:
        if self._watch is not None and self._watch.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self._watch.stdin.write(b"done\n")
                self._watch.stdin.close()
            self._watch.wait()
            self._watch = None

    def _end_orphans(self) -> bool:
        """Whether children of a killed postmaster were left; a new one beside them would ruin the data."""
        if self._process is not None:
            self._process.poll()
        owner = self._data.stat().st_uid if self._data.exists() else None
        marks = (f"postgres: {self._name}", f"cluster_name={self._name}")
        found = False
        for path in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                line = _command_line(int(path.name))
                if path.stat().st_uid == owner and any(mark in line for mark in marks):
                    found = True
                    os.kill(int(path.name), signal.SIGKILL)
        return found

    def _clear_stale_files(self) -> None:
        """PostgreSQL refuses to start while the number in such a file is that of any living process, and
        after a restart of the machine or the container it often is."""
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(str(self._socket_dir / _SOCKET_NAME)) == 0:
                raise ConfigError(f"{self._data} is in use by a PostgreSQL out of sight, in another container?")
        for path in (self._data / "postmaster.pid", self._socket_dir / f"{_SOCKET_NAME}.lock"):
            pid = _written_pid(path)
            # Of a dead process PostgreSQL itself checks more: whether its shared memory is still in use.
            if path.exists() and (pid is None or _living(pid)):
                path.unlink()

    # Looking

    @property
    def _socket_dir(self) -> Path:
        short = len(os.fsencode(self._data / _SOCKET_NAME)) <= _SOCKET_PATH_MAX
        # Not the temporary directory of the environment: a command must find what the daemon made.
        return self._data if short else Path("/tmp") / self._name

    def _postmaster(self) -> int | None:
        """The running postmaster of this directory. Its number alone proves nothing, see above."""
        pid = _written_pid(self._data / "postmaster.pid")
        return pid if pid is not None and self._is_postmaster(pid) else None

    def _is_postmaster(self, pid: int) -> bool:
        return f"cluster_name={self._name}" in _command_line(pid)

    def _ready(self) -> bool:
        if self._postmaster() is None:
            return False
        try:
            lines = (self._data / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    def _gone(self, pid: int, patience_s: float) -> bool:
        deadline = time.monotonic() + patience_s
        while self._is_postmaster(pid):
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_S)
        if self._process is not None and self._process.pid == pid:
            self._process.wait()
        return True

    def _said(self, log_from: int) -> str:
        with self._log.open("rb") as file:
            file.seek(log_from)
            lines = file.read().decode(errors="replace").strip().splitlines()
        return " / ".join(lines[-4:]) or "it said nothing"

    def _rotate_log(self) -> int:
        """Returns where the log of the next start begins."""
        size = self._log.stat().st_size if self._log.exists() else 0
        if size <= _LOG_MAX_BYTES:
            return size
        self._log.replace(self._log.with_suffix(".log.1"))
        return 0

    # Sharing

    @contextmanager
    def _transition(self) -> Iterator[None]:
        descriptor = _open_lock(self._home / "postgres.lock", fcntl.LOCK_EX)
        try:
            yield
        finally:
            os.close(descriptor)

    def _leave(self) -> None:
        if self._use is not None:
            os.close(self._use)
            self._use = None


@asynccontextmanager
async def running(data_dir: Path, *, durable: bool = True) -> AsyncIterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(data_dir, durable=durable)
    starting = asyncio.create_task(asyncio.to_thread(server.start))
    try:
        await asyncio.shield(starting)
        yield server
    finally:
        # The thread of a cancelled start goes on, and a stop beside it could come before anything had begun.
        await asyncio.wait([starting])
        await asyncio.to_thread(server.stop)


def _open_lock(path: Path, operation: int) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, operation)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _written_pid(path: Path) -> int | None:
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _living(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _command_line(pid: int) -> str:
    """Empty for a process that is gone, or dead and not yet collected."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        if Path("/proc/self/cmdline").exists():
            return ""
    return subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True).stdout


if __name__ == "__main__":
    EmbeddedPostgres(Path(sys.argv[1])).stop_abandoned()
