"""`misses`: what customers wrote that the bot did not understand well, or did not answer."""

import argparse
from collections.abc import AsyncIterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from autoleads.bot.directory import Directory
from autoleads.bot.miss_report import Group, Report, report_on
from autoleads.bot.misses import Miss
from autoleads.cli import values
from autoleads.cli.common import Commands, add_command, add_json, print_json, with_database
from autoleads.config import Config
from autoleads.sql import messages, tenants
from autoleads.sql.messages import Said
from autoleads.sql.pool import Database
from autoleads.types import TenantId

_PAGE = 500
_SILENT = frozenset({"suspended", "expired"})  # showrooms whose bot says nothing
_HELP = f"""\
Reasons: {Miss.OTHER} (no intent and no answer that fits), {Miss.LOW_CONFIDENCE} (guessed from what is named, beside
unknown words), {Miss.UNKNOWN_WORDS} (about cars, names none that is known, beside unknown words), {Miss.UNANSWERED}
(no reply, although the bot was not silenced). The messages are read with the rules of today: what was taught since is
gone. Phone numbers and plates are masked. Every night, in a crontab:
15 2 * * *  autoleads misses --since 1d --json >> /var/log/autoleads-misses.jsonl"""


def add_commands(commands: Commands) -> None:
    about = "list what customers wrote that the bot did not understand well or did not answer"
    parser = add_command(commands, "misses", with_database(misses), about)
    parser.epilog, parser.formatter_class = _HELP, argparse.RawDescriptionHelpFormatter
    parser.add_argument("--tenant", metavar="SLUG", help="without it every showroom")
    parser.add_argument(
        "--since", type=values.since, default=timedelta(days=1), metavar="AGE|DATE",
        help="30m, 12h, 7d, or a day of the showroom's calendar such as 2026-11-01; default 1d",
    )  # fmt: skip
    parser.add_argument("--limit", type=values.count, default=20, metavar="N", help="lines a showroom; default 20")
    add_json(parser)


async def misses(arguments: argparse.Namespace, config: Config, database: Database) -> int:
    known = await tenants.list_all_tenants(database)
    if arguments.tenant is not None:
        await tenants.need_id_all_tenants(database, arguments.tenant)  # says so when there is none
        known = [tenant for tenant in known if tenant.slug == arguments.tenant]
    write = _write_json if arguments.json else _write_text
    # One showroom at a time, and none is remembered: the directory keeps a single one.
    directory = Directory(database, site_url=config.app.site_url, size=1)
    for tenant in known:
        write(tenant.slug, await _report(database, directory, tenant.id, arguments.since), arguments.limit)
    return 0


async def _report(database: Database, directory: Directory, tenant_id: TenantId, since: timedelta | date) -> Report:
    async with database.tenant(tenant_id) as db:
        tenant = await tenants.need(db, tenant_id)
    report = report_on(
        await directory.showroom(tenant_id, version=0),
        await directory.stock(tenant_id, version=0),
        speaks=tenant.bot_enabled and tenant.status not in _SILENT,
    )
    async for line in _lines(database, tenant_id, _start(since, ZoneInfo(tenant.timezone))):
        await report.add(line)
    return report


async def _lines(database: Database, tenant_id: TenantId, since: datetime) -> AsyncIterator[Said]:
    """Page by page, no transaction held while a page is read."""
    after = (0, 0)
    while True:
        async with database.tenant(tenant_id) as db:
            page = await messages.said_by_customers(db, tenant_id, since=since, after=after, limit=_PAGE)
        for line in page:
            yield line
        if len(page) < _PAGE:
            return
        after = (page[-1].conversation_id, page[-1].id)


def _start(since: timedelta | date, zone: ZoneInfo) -> datetime:
    return datetime.now(zone) - since if isinstance(since, timedelta) else datetime.combine(since, time(), zone)


def _write_json(slug: str, report: Report, limit: int) -> None:
    """The misses, then the words, then the sums, each a line that says what it is."""
    for group in report.groups()[:limit]:
        print_json({"tenant": slug, "kind": "miss", **_row(group)})
    for word, times in report.words.most_common(limit):
        print_json({"tenant": slug, "kind": "word", "word": word, "count": times})
    sums = {reason.value: report.missed[reason] for reason in Miss}
    print_json({"tenant": slug, "kind": "summary", "messages": report.messages, **sums})


def _row(group: Group) -> dict[str, Any]:
    return {
        "reason": group.reason.value,
        "count": group.count,
        "text": group.text,
        "intent": group.intent,
        "confidence": group.confidence,
        "unknown": list(group.unknown),
        "reply": group.reply,
        "last_at": group.last_at.isoformat(timespec="seconds"),
    }


def _write_text(slug: str, report: Report, limit: int) -> None:
    sums = ", ".join(f"{report.missed[reason]} {reason}" for reason in Miss if report.missed[reason])
    print(f"{slug}: {report.messages} messages, {sums or 'all understood and answered'}")
    groups = report.groups()
    for group in groups[:limit]:
        print(f"  {group.count:>4}x  {group.reason:<14}  {group.intent:<12}  {group.text}")
    if len(groups) > limit:
        print(f"         and {len(groups) - limit} more (--limit)")
    if report.words:
        words = ", ".join(f"{word} {times}" for word, times in report.words.most_common(limit))
        print(f"  unknown words: {words}")
