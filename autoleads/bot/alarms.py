"""What each kind of timer does when it comes due."""

from collections.abc import Mapping

from autoleads.bot import takeover
from autoleads.bot.bell import Bell
from autoleads.bot.handover import Handover
from autoleads.bot.privacy import Eraser
from autoleads.bot.staff.album import Receipts
from autoleads.bot.staff.base import ListRules
from autoleads.bot.staff.bulk_file import Arrivals
from autoleads.bot.staff.joining import Joins
from autoleads.bot.sweep import Alarm
from autoleads.media.storage import Storage
from autoleads.sql.timers import TimerKind


def alarms(handover: Handover, storage: Storage, bell: Bell, lists: ListRules) -> Mapping[TimerKind, Alarm]:
    return {
        TimerKind.BOT_RESUME: takeover.resume,
        TimerKind.LEAD_NEXT: handover.ask_next,
        TimerKind.LEAD_OWNER: handover.ask_owner,
        TimerKind.ERASE: Eraser(storage).erase,
        TimerKind.LIST: Arrivals(bell, lists).look,
        TimerKind.PHOTOS: Receipts(bell).received,
        TimerKind.PHOTOS_JOIN: Joins(bell).arrived,
    }
