"""Where files are kept, behind a protocol that a folder serves now and an object store can serve later.

A key is the file's place and its public address below /uploads/: `cars/{tenant}/{name}` may be shown to
everybody, `private/{tenant}/{conversation}/{name}` to the tenant's people only. Names come from the content, so a
key never changes its meaning, and nothing about the car or the customer can be read from it.
"""

import asyncio
import contextlib
import os
import re
import tempfile
import time
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from autoleads.types import ConversationId, TenantId

_PUBLIC = "cars"
_DRAFT = ".part"
_KEY = re.compile(r"(?:cars/\d+|private/\d+/\d+)/[a-z0-9][a-z0-9-]*\.[a-z0-9]{2,5}", re.ASCII)


class Storage(Protocol):
    async def put(self, files: Mapping[str, bytes]) -> None:
        """Keeps all files by their keys; each is there whole or not at all. What is there already stays."""
        ...

    async def read(self, key: str) -> bytes:
        """Raises FileNotFoundError."""
        ...

    async def exists(self, key: str) -> bool: ...

    async def delete(self, key: str) -> bool:
        """False when there was none."""
        ...

    async def older(self, folder: str, *, hours: float) -> list[str]:
        """Keys below a folder that were put so long ago, the last time."""
        ...

    async def delete_older(self, keys: Collection[str], *, hours: float) -> int:
        """Those that were not put again meanwhile; how many."""
        ...

    async def delete_drafts(self, folder: str, *, hours: float) -> int:
        """What a process that was killed left half written below a folder; how many."""
        ...


class LocalStorage:
    """Below one folder, on a file system that several processes may share."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path(self, key: str) -> Path:
        """Raises ValueError for what is no key, so that none leads out of the folder."""
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a key: {key!r}")
        return self._root / key

    async def put(self, files: Mapping[str, bytes]) -> None:
        await asyncio.to_thread(_write_all, {self.path(key): data for key, data in files.items()})

    async def read(self, key: str) -> bytes:
        return await asyncio.to_thread(self.path(key).read_bytes)

    async def exists(self, key: str) -> bool:
        return await asyncio.to_thread(self.path(key).is_file)

    async def delete(self, key: str) -> bool:
        try:
            await asyncio.to_thread(self.path(key).unlink)
        except FileNotFoundError:
            return False
        return True

    async def older(self, folder: str, *, hours: float) -> list[str]:
        paths = await asyncio.to_thread(_older, self._root / folder, hours)
        keys = [path.relative_to(self._root).as_posix() for path in paths]
        return [key for key in keys if _KEY.fullmatch(key)]

    async def delete_older(self, keys: Collection[str], *, hours: float) -> int:
        return await asyncio.to_thread(_delete_older, [self.path(key) for key in keys], hours)

    async def delete_drafts(self, folder: str, *, hours: float) -> int:
        drafts = [path for path in await asyncio.to_thread(_older, self._root / folder, hours) if _is_draft(path)]
        return await asyncio.to_thread(_delete_older, drafts, hours)


def folders(tenant_id: TenantId) -> tuple[str, str]:
    """What a tenant has, below either."""
    return f"{_PUBLIC}/{tenant_id}", f"private/{tenant_id}"


def public_key(tenant_id: TenantId, name: str) -> str:
    """Served to everybody as /uploads/{key}."""
    return f"{_PUBLIC}/{tenant_id}/{name}"


def private_key(tenant_id: TenantId, conversation_id: ConversationId, name: str) -> str:
    return f"private/{tenant_id}/{conversation_id}/{name}"


def _write_all(files: Mapping[Path, bytes]) -> None:
    folders = {path.parent for path in files}
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    for path, data in files.items():
        try:
            os.utime(path)  # in use again
        except FileNotFoundError:
            _write(path, data)
    for folder in folders:
        _sync(folder)  # a row will say that the files are there, so their names must outlive a power cut too


def _write(path: Path, data: bytes) -> None:
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=_DRAFT)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.parents[1].name == _PUBLIC:
            os.chmod(draft, 0o644)  # a web server in front may hand them out; the others stay at 0600
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(draft)
        raise


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _older(folder: Path, hours: float) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and _is_older(path, hours)]


def _is_older(path: Path, hours: float) -> bool:
    try:
        return path.stat().st_mtime < time.time() - hours * 3600
    except FileNotFoundError:
        return False


def _is_draft(path: Path) -> bool:
    return path.name.startswith(".") and path.suffix == _DRAFT


def _delete_older(paths: Iterable[Path], hours: float) -> int:
    deleted = 0
    for path in paths:
        if _is_older(path, hours):
            path.unlink(missing_ok=True)
            deleted += 1
    return deleted
