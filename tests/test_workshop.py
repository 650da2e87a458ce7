"""Photos beside the loop, in real processes: what a file does to one of them, and that nothing is left behind."""

import asyncio
import errno
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import zipfile
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import orjson
import psutil
import pytest
from openpyxl import Workbook
from PIL import Image

from autoleads.errors import MediaRefused, MediaUnavailable
from autoleads.media import photos
from autoleads.media.wire import ANSWER, QUESTION, Task
from autoleads.media.workshop import Workshop, open_workshop
from tests import photo_samples as samples
from tests.patience import PATIENCE_S

JPEG = samples.turned(6)


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    async with open_workshop(workers=2, timeout_s=PATIENCE_S, most_pixels=50_000_000) as workshop:
        yield workshop


def workers() -> list[psutil.Process]:
    """Those that run; one that has just been killed is a zombie for a moment."""
    return [child for child in psutil.Process().children() if "autoleads.media.worker" in _command_line(child)]


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


async def test_the_same_comes_out_as_without_it(workshop: Workshop) -> None:
    photo = photos.process(JPEG)

    assert await workshop.process(JPEG) == photo
    assert await workshop.variants(photo) == photos.variants(photo)


async def test_refusals_keep_their_reason_and_the_process_goes_on(workshop: Workshop) -> None:
    for data, reason in list(samples.refused().values())[:8]:
        with pytest.raises(MediaRefused) as caught:
            await workshop.process(data)
        assert caught.value.reason == reason

    assert len(workers()) == 1
    assert (await workshop.process(JPEG)).name.endswith("-480x320.jpg")


async def test_no_more_processes_than_allowed_and_none_before_they_are_needed(workshop: Workshop) -> None:
    assert workers() == []

    done = await asyncio.gather(*(workshop.process(JPEG) for _ in range(12)))

    assert len({photo.name for photo in done}) == 1
    assert len(workers()) <= 2


async def test_photos_that_somebody_waits_for_come_before_variants(workshop: Workshop) -> None:
    photo, done = photos.process(JPEG), []

    async def one(name: str, work: Awaitable[object]) -> None:
        await work
        done.append(name)

    first = [asyncio.create_task(one("photo", workshop.process(JPEG))) for _ in range(3)]
    await asyncio.sleep(0)
    later = [asyncio.create_task(one("variants", workshop.variants(photo))) for _ in range(3)]
    await asyncio.sleep(0)
    last = [asyncio.create_task(one("photo", workshop.process(JPEG))) for _ in range(3)]
    await asyncio.gather(*first, *later, *last)

    assert done == ["photo"] * 6 + ["variants"] * 3


async def test_a_killed_process_costs_no_photo(workshop: Workshop) -> None:
    await workshop.process(JPEG)
    (worker,) = workers()
    os.kill(worker.pid, signal.SIGSTOP)
    asking = asyncio.create_task(workshop.process(JPEG))
    await asyncio.sleep(0)  # it has been handed over
    worker.kill()

    assert (await asking).name.endswith("-480x320.jpg")
    assert worker not in workers()


async def test_a_photo_that_takes_too_long_is_refused_and_its_process_ended() -> None:
    async with open_workshop(workers=1, timeout_s=0.001, most_pixels=50_000_000) as workshop:
        with pytest.raises(MediaRefused, match="too_heavy"):
            await workshop.process(JPEG)

    assert workers() == []


async def test_who_no_longer_waits_leaves_a_clean_place(workshop: Workshop) -> None:
    asking = asyncio.create_task(workshop.process(samples.encoded(samples.corners((4_000, 3_000)))))
    await workshop.process(JPEG)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)

    names = {(await workshop.process(JPEG)).name for _ in range(3)}

    assert names == {photos.process(JPEG).name}


async def test_who_leaves_while_a_process_starts_hands_it_nobody_elses_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, made = threading.Event(), threading.Event(), threading.Event()

    class Slow(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            begun.set()
            go_on.wait(PATIENCE_S)
            super().__init__(*arguments, **options)
            made.set()

    monkeypatch.setattr(subprocess, "Popen", Slow)
    async with open_workshop(workers=1, timeout_s=PATIENCE_S, most_pixels=50_000_000) as workshop:
        asking = asyncio.create_task(workshop.process(JPEG))
        await asyncio.to_thread(begun.wait, PATIENCE_S)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        ours, theirs = socket.socketpair()  # their numbers are those that were free last
        go_on.set()
        await asyncio.to_thread(made.wait, PATIENCE_S)

    assert workers() == []
    with ours, theirs:
        theirs.close()
        ours.settimeout(PATIENCE_S)
        assert ours.recv(1) == b""


async def test_where_no_more_files_can_be_opened_a_photo_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: Any) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(socket, "socketpair", exhausted)
    async with open_workshop(workers=1, timeout_s=PATIENCE_S, most_pixels=50_000_000) as workshop:
        with pytest.raises(MediaUnavailable):
            await workshop.process(JPEG)


async def test_idle_processes_go() -> None:
    workshop = Workshop(workers=1, timeout_s=PATIENCE_S, most_pixels=50_000_000, idle_s=0.01)
    await workshop.process(JPEG)
    (worker,) = workers()
    await asyncio.to_thread(worker.wait, PATIENCE_S)
    await workshop.aclose()

    assert not worker.is_running()


async def test_a_process_may_not_take_all_memory() -> None:
    data = samples.encoded(Image.new("P", (6_000, 4_000)), "PNG")
    process = await asyncio.create_subprocess_exec(
        sys.executable, *("-m", "autoleads.media.worker", str(150 * 2**20), "50000000"), stdin=PIPE, stdout=PIPE
    )  # fmt: skip
    question = QUESTION.pack(Task.PHOTO, 0, len(data)) + data

    said, _ = await process.communicate(question + QUESTION.pack(Task.PHOTO, 0, len(JPEG)) + JPEG)

    (length,) = ANSWER.unpack(said[: ANSWER.size])
    assert orjson.loads(said[ANSWER.size : ANSWER.size + length])["refused"] == "too_heavy"
    assert b"-480x320.jpg" in said  # and the next photo is done


async def test_half_a_question_is_nobodys() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, *("-m", "autoleads.media.worker", str(2**30), "50000000"), stdin=PIPE, stdout=PIPE
    )  # fmt: skip

    said, _ = await process.communicate(QUESTION.pack(Task.PHOTO, 0, len(JPEG)) + JPEG[:100])

    assert (said, process.returncode) == (b"", 0)


def _workbook(cell: str, before: str = "") -> bytes:
    """A small workbook whose only cell is this XML."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    row = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{cell}</t></is></c></row>'
    page = f"{before}<worksheet {space}><sheetData>{row}</sheetData></worksheet>"
    buffer, changed = io.BytesIO(), io.BytesIO()
    Workbook().save(buffer)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, page if name == "xl/worksheets/sheet1.xml" else source.read(name))
    return changed.getvalue()


async def test_a_workbook_becomes_text_and_a_hostile_one_is_refused(workshop: Workshop) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    laughs = _workbook("&e11;", f'<!DOCTYPE worksheet [<!ENTITY e0 "ha">{entities}]>')

    assert await workshop.sheet(_workbook("Plat\nnomor")) == "Plat nomor\n"
    for data in (laughs, _workbook("<t>"), b"PK\x03\x04 no workbook"):
        with pytest.raises(MediaRefused) as caught:
            await workshop.sheet(data)
        assert caught.value.reason == "broken"
    assert await workshop.sheet(_workbook("Plat")) == "Plat\n"


async def test_a_workbook_that_unpacks_to_a_huge_one_brings_little_into_the_daemon(workshop: Workshop) -> None:
    book, buffer = Workbook(write_only=True), io.BytesIO()
    page = book.create_sheet()
    for _ in range(1_500):
        page.append(["a" * 2_000])
    book.save(buffer)

    assert len(await workshop.sheet(_workbook("a" * 50_000_000))) < 6_000
    with pytest.raises(MediaRefused) as caught:
        await workshop.sheet(buffer.getvalue())
    assert caught.value.reason == "long_list"
