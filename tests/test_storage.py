"""Files below a folder: whole or not at all, under names that lead nowhere else."""

import asyncio
import os
import stat
from pathlib import Path

import pytest

from autoleads.media.storage import LocalStorage, Storage, folders, private_key, public_key
from autoleads.types import ConversationId, TenantId

TENANT, TALK = TenantId(7), ConversationId(3)


async def test_a_file_is_kept_read_and_deleted(tmp_path: Path) -> None:
    storage: Storage = LocalStorage(tmp_path)
    key = private_key(TENANT, TALK, "3fa9-2000x1500.jpg")

    await storage.put({key: b"one"})

    assert (await storage.exists(key), await storage.read(key)) == (True, b"one")
    assert await storage.delete(key)
    assert not await storage.delete(key)
    assert not await storage.exists(key)
    with pytest.raises(FileNotFoundError):
        await storage.read(key)


async def test_what_is_there_stays_and_no_draft_is_left(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    keys = [public_key(TENANT, f"{number}.jpg") for number in range(5)]

    await asyncio.gather(*(storage.put(dict.fromkeys(keys, b"same")) for _ in range(8)))
    before = storage.path(keys[0]).stat().st_ino
    await storage.put({keys[0]: b"same"})

    assert storage.path(keys[0]).stat().st_ino == before
    assert sorted(path.name for path in storage.path(keys[0]).parent.iterdir()) == [f"{n}.jpg" for n in range(5)]


async def test_only_public_files_may_be_read_by_other_users_of_the_machine(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    public, private = public_key(TENANT, "a.jpg"), private_key(TENANT, TALK, "a.jpg")

    await storage.put({public: b"x", private: b"x"})

    assert stat.S_IMODE(storage.path(public).stat().st_mode) == 0o644
    assert stat.S_IMODE(storage.path(private).stat().st_mode) == 0o600


async def test_a_failing_write_leaves_nothing(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    key = public_key(TENANT, "a.jpg")
    (tmp_path / "cars").mkdir()
    (tmp_path / "cars" / "7").write_text("in the way")

    with pytest.raises(FileExistsError):
        await storage.put({key: b"x"})
    assert [name for _, _, names in os.walk(tmp_path) for name in names] == ["7"]


async def test_old_files_are_found_and_deleted_unless_they_were_put_again(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    old, again, fresh, other = (
        public_key(TenantId(n), f"{name}.jpg") for n, name in ((7, "a"), (7, "b"), (7, "c"), (8, "a"))
    )
    await storage.put(dict.fromkeys((old, again, fresh, other), b"x"))
    for key in (old, again, other):
        os.utime(storage.path(key), (0, 0))

    found = await storage.older(folders(TENANT)[0], hours=24)
    await storage.put({again: b"x"})
    deleted = await storage.delete_older(found, hours=24)

    assert (sorted(found), deleted) == ([old, again], 1)
    assert [await storage.exists(key) for key in (old, again, fresh, other)] == [False, True, True, True]


@pytest.mark.parametrize(
    "key",
    ["", "a.jpg", "cars/a.jpg", "cars/7/../8/a.jpg", "cars/7/.part", "cars/x/a.jpg", "/etc/passwd", "private/7/a.jpg",
     "private/7/3/../../../x.jpg", "cars/7/a.jpg\n", "cars/7/B 1234 XY.jpg", "cars/7/a", "simulator/7/a.jpg"],
)  # fmt: skip
async def test_what_is_no_key_is_refused(tmp_path: Path, key: str) -> None:
    storage = LocalStorage(tmp_path / "uploads")

    for call in (storage.read(key), storage.delete(key), storage.exists(key), storage.put({key: b"x"})):
        with pytest.raises(ValueError, match="not a key"):
            await call
    assert not os.listdir(tmp_path)
