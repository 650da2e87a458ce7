"""A list of cars that comes as a file: named when it cannot be read, and reviewed once it is here."""

import time
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from autoleads.bot import texts_bulk as texts
from autoleads.bot.bell import Bell
from autoleads.bot.gateway.base import Kind
from autoleads.bot.staff import bulk_review
from autoleads.bot.staff.base import Errand, ListRules
from autoleads.bot.staff.bulk_reading import Sheet, read_sheet
from autoleads.bot.staff.fetching import AGAIN_S, LATE_S, pause_s
from autoleads.bot.turn import Incoming
from autoleads.media.kinds import FileType
from autoleads.sql import attachments, outbox, timers
from autoleads.sql.attachments import AttachmentState
from autoleads.sql.pool import Db
from autoleads.sql.timers import Timer, TimerKind
from autoleads.types import BranchId, ConversationKey, InboxId, TenantId

_LISTS = frozenset({"csv", "tsv", "txt", "xlsx"})
_SPREADSHEETS = frozenset({"xls", "xlsm", "xlsb", "ods", "numbers"})
_KINDS = frozenset(FileType)  # problem of a file that is something else than its name says
_SOON_S = 2.0  # after which the sender hears that the file came


def refused(message: Incoming) -> str | None:
    """Why a file is no list that we read, "" when it may be one; None when it is not about lists."""
    kind = _suffix(message)
    if message.kind not in (Kind.DOCUMENT, Kind.UNSUPPORTED) or kind not in _LISTS | _SPREADSHEETS:
        return None
    if kind in _SPREADSHEETS:
        return texts.FILE_KIND.format(kind=f".{kind}")
    return texts.FILE_DROPPED if message.media_dropped or not message.media_url else ""


def not_for_us(message: Incoming) -> str | None:
    """Said to a document that neither an upload nor a list can use."""
    if message.kind is not Kind.DOCUMENT:
        return None
    kind = _suffix(message)
    return texts.FILE_NO_LIST.format(kind=f".{kind}" if kind else texts.THAT_FILE)


def _suffix(message: Incoming) -> str:
    names = (message.media_filename or "", urlsplit(message.media_url or "").path)
    found = (PurePosixPath(name).suffix.lstrip(".").lower() for name in names)
    return next((suffix for suffix in found if suffix), "")


def home(errand: Errand) -> BranchId | None:
    """Where this user's cars stand when nobody says it."""
    places = errand.turn.showroom.branches
    return errand.user.branch_id or (places[0].id if len(places) == 1 else None)


async def expect(errand: Errand) -> None:
    """The file is on its way; what it says is told when it is here."""
    key = errand.turn.key
    data = {"id": errand.turn.messages[-1].id, "branch": home(errand), "since": time.time(), "told": False}
    await timers.save_in(errand.db, key.tenant_id, key.conversation_id, TimerKind.LIST, seconds=AGAIN_S, data=data)
    errand.ring_in(AGAIN_S)


async def forget(errand: Errand) -> None:
    await timers.remove(errand.db, errand.tenant_id, errand.turn.key.conversation_id, TimerKind.LIST)


async def sheet(db: Db, tenant_id: TenantId, inbox_id: int, now_year: int, *, most: int) -> Sheet | str:
    """What the file says; or why that is not known."""
    file = await attachments.text_of(db, tenant_id, InboxId(inbox_id))
    if file is not None and file.state is AttachmentState.PENDING:
        return texts.FILE_WAITS
    if file is None:
        return texts.FILE_LOST
    if file.content is None:
        if said := texts.FILE_FAILED.get(file.problem or ""):
            return said.format(most=most)
        other = file.state is AttachmentState.STORED or file.problem in _KINDS
        return texts.FILE_KIND.format(kind=texts.THAT_FILE) if other else texts.FILE_LOST
    found = await read_sheet(file.content, now_year, most=most)
    return bulk_review.unusable(found, most) or found


class Arrivals:
    """What happens when the timer comes due."""

    def __init__(self, bell: Bell, rules: ListRules) -> None:
        self._bell = bell
        self._rules = rules

    async def look(self, db: Db, tenant_id: TenantId, timer: Timer) -> list[ConversationKey]:
        data, year = timer.data, datetime.now(UTC).year
        age_s = time.time() - float(data["since"])
        found = await sheet(db, tenant_id, data["id"], year, most=self._rules.most_cars)
        if found == texts.FILE_WAITS and age_s < LATE_S:
            soon = age_s > _SOON_S and not data["told"]
            again_s = pause_s(age_s)
            data = {**data, "told": data["told"] or soon}
            await timers.save_in(db, tenant_id, timer.conversation_id, timer.kind, seconds=again_s, data=data)
            self._bell.ring_in(again_s)
            return await outbox.tell(db, tenant_id, timer.conversation_id, texts.FILE_SOON) if soon else []
        if isinstance(found, str):
            text = texts.FILE_LOST if found == texts.FILE_WAITS else found
        else:
            days = self._rules.known_days
            seen = await bulk_review.review(db, tenant_id, found, data["branch"], year, known_days=days)
            text = bulk_review.told(seen)
        return await outbox.tell(db, tenant_id, timer.conversation_id, text)
