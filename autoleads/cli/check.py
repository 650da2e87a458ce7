"""`check`: whether everything that the daemon needs is there. A line each; exit 1 when one fails."""

import argparse
import asyncio
import shutil
import tempfile
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import asyncpg

from autoleads.bot.assistant.base import Prompt
from autoleads.bot.gateway.fonnte import FonnteGateway
from autoleads.cli.common import Commands, add_command, settings
from autoleads.config import Config
from autoleads.errors import AssistantError, AutoleadsError, GatewayError
from autoleads.formats import phone_display
from autoleads.sql import checks, devices, migrate, tenants
from autoleads.sql.checks import Facts
from autoleads.sql.devices import Device
from autoleads.sql.opening import dsn_of
from autoleads.sql.pool import open_database
from autoleads.types import Channel

_OK, _WARN, _FAIL = "ok", "warn", "FAIL"

_PATIENCE_S = 10.0
_START_PATIENCE_S = 70.0  # an embedded database may have to recover first
_SERVERS = range(15, 19)
_LITTLE_SPACE, _NO_SPACE = 2_000_000_000, 200_000_000  # bytes
# Quiet window and reply deadline compare the database's time with ours.
_OFFSET_WARN_S, _OFFSET_FAIL_S = 0.2, 1.0
_CALLS_AT_ONCE = 5
_NO_DATABASE = (asyncpg.PostgresError, asyncpg.InterfaceError, AutoleadsError, OSError, TimeoutError)


class _Verdict(NamedTuple):
    state: str
    name: str
    what: str


def add_commands(commands: Commands) -> None:
    add_command(commands, "check", check, "examine database, gateway, model, disk and clock")


def check(arguments: argparse.Namespace) -> int:
    return asyncio.run(_check(settings(arguments)))


async def _check(config: Config) -> int:
    failed = False

    def say(*verdicts: _Verdict) -> None:
        nonlocal failed
        for verdict in verdicts:
            failed = failed or verdict.state == _FAIL
            print(f"{verdict.state:<4}  {verdict.name:<14}  {verdict.what}", flush=True)

    async with AsyncExitStack() as stack:
        numbers: list[Device] | None = None
        try:
            async with asyncio.timeout(_START_PATIENCE_S if not config.database.url else _PATIENCE_S):
                dsn = await stack.enter_async_context(dsn_of(config))
                facts = await checks.facts(dsn)
            say(*_database(facts))
            if facts.version == migrate.latest():
                async with asyncio.timeout(_PATIENCE_S):
                    numbers = await _numbers(config, dsn)
        except _NO_DATABASE as exc:
            say(_Verdict(_FAIL, "database", _problem(exc)))
        for verdict in await _gateway(config, numbers or []):
            say(verdict)
        say(_webhook_secret(config, numbers or []))
        say(await _limited("model key", _model(config)))
        say(await _limited("upload folder", asyncio.to_thread(_upload_folder, config.app.upload_path)))
        say(await _limited("disk space", asyncio.to_thread(_disk_space, config.app.upload_path)))
    return 1 if failed else 0


async def _limited(name: str, work: Awaitable[_Verdict]) -> _Verdict:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return await work
    except TimeoutError:
        return _Verdict(_FAIL, name, f"no answer within {_PATIENCE_S:g} s")
    except OSError as exc:
        return _Verdict(_FAIL, name, _problem(exc))


def _problem(exc: BaseException) -> str:
    if isinstance(exc, TimeoutError):
        return f"no answer within {_PATIENCE_S:g} s"
    return " ".join((str(exc) or type(exc).__name__).split())


def _database(facts: Facts) -> list[_Verdict]:
    major = int(facts.server.partition(".")[0])
    known = major in _SERVERS
    found = [
        _Verdict(
            _OK if known else _WARN,
            "database",
            f"PostgreSQL {facts.server}, {facts.round_trip_s * 1000:.1f} ms{'' if known else '; tested are 15 to 18'}",
        ),
        _schema(facts.version),
    ]
    if facts.version:
        problems = [f"the working role {what}" for what in facts.bypasses]
        problems += [f"table {name} does not force row-level security" for name in facts.open_tables]
        what = "; ".join(problems) or "bound by row-level security"
        found.append(_Verdict(_FAIL if problems else _OK, "working role", what))
    offset = facts.clock_offset_s
    state = _FAIL if abs(offset) > _OFFSET_FAIL_S else _WARN if abs(offset) > _OFFSET_WARN_S else _OK
    found.append(_Verdict(state, "clock", f"{offset:+.3f} s, the database's against this machine's"))
    return found


def _schema(version: int) -> _Verdict:
    latest = migrate.latest()
    if version == latest:
        return _Verdict(_OK, "schema", f"{version}, current")
    advice = "run `autoleads migrate`" if version < latest else "update the program"
    return _Verdict(_FAIL, "schema", f"{version}, this program needs {latest}: {advice}")


async def _numbers(config: Config, dsn: str) -> list[Device]:
    found: list[Device] = []
    slow_query_s = config.database.slow_query_s
    async with open_database(dsn, size_min=1, size_max=1, slow_query_s=slow_query_s) as database:
        for tenant in await tenants.list_all_tenants(database):
            async with database.tenant(tenant.id) as db:
                found += await devices.all_of(db, tenant.id)
    return [device for device in found if device.channel is Channel.FONNTE]


async def _gateway(config: Config, numbers: list[Device]) -> list[_Verdict]:
    """A line per token: the installation's, and those of showrooms that have their own."""
    tokens = {device.token: phone_display(device.number) for device in numbers if device.token}
    if config.fonnte.api_token:
        tokens.setdefault(config.fonnte.api_token, "installation")
    if not tokens:
        return [_Verdict(_WARN, "gateway token", "not set: messages go to the simulator")]
    found: list[_Verdict] = []
    lacking = [device for device in numbers if not device.token and not config.fonnte.api_token]
    if lacking:
        names = ", ".join(phone_display(device.number) for device in lacking)
        found.append(_Verdict(_WARN, "gateway token", f"{names}: not set, messages go to the simulator"))
    limit = asyncio.Semaphore(_CALLS_AT_ONCE)
    async with FonnteGateway.session() as http:
        gateway = FonnteGateway(http, config.fonnte.api_url, config.fonnte.timeout_s)

        async def ask(token: str, whose: str) -> _Verdict:
            async with limit:
                return await _limited("gateway token", _token(gateway, token, whose))

        return found + list(await asyncio.gather(*(ask(token, whose) for token, whose in tokens.items())))


async def _token(gateway: FonnteGateway, token: str, whose: str) -> _Verdict:
    try:
        report = await gateway.device_report(token)
    except GatewayError as exc:
        return _Verdict(_FAIL, "gateway token", f"{whose}: {_problem(exc)}")
    about = f"package {report.package or '?'}, quota {report.quota or '?'}, expires {report.expires or '?'}"
    if not report.connected:
        return _Verdict(_FAIL, "gateway token", f"{whose}: device is not connected, scan its QR code; {about}")
    return _Verdict(_OK, "gateway token", f"{whose}: connected; {about}")


def _webhook_secret(config: Config, numbers: list[Device]) -> _Verdict:
    open_numbers = [phone_display(device.number) for device in numbers if not device.webhook_secret]
    if config.fonnte.webhook_secret or (numbers and not open_numbers):
        return _Verdict(_OK, "webhook secret", "set")
    whose = f" for {', '.join(open_numbers)}" if open_numbers else ""
    return _Verdict(_WARN, "webhook secret", f"not set{whose}: whoever knows the address can post messages")


async def _model(config: Config) -> _Verdict:
    """Asks the model as the bot does, with the least there is to ask."""
    model = config.model
    if not model.api_key:
        return _Verdict(_WARN, "model key", "not set: the bot answers from its own rules")
    from autoleads.bot.assistant.gemini import GeminiAssistant  # half a second that no other command needs

    assistant = GeminiAssistant(
        api_key=model.api_key,
        model=model.name,
        base_url=model.api_url,
        thinking_level=model.thinking_level,
        deadline_s=_PATIENCE_S - 1,
        max_output_tokens=model.max_output_tokens,
        temperature=model.temperature,
        max_concurrent=1,
    )
    started = asyncio.get_running_loop().time()
    try:
        await assistant.complete(Prompt(instruction="Answer with one word.", conversation="Halo"))
    except AssistantError as exc:
        # A refused key stays refused; anything else may pass, and the rules answer meanwhile.
        refused = exc.reason == "http_4xx"
        what = "the key or the model's name was refused" if refused else f"no answer ({exc.reason})"
        return _Verdict(_FAIL if refused else _WARN, "model key", f"{model.name}: {what}")
    finally:
        await assistant.aclose()
    seconds = asyncio.get_running_loop().time() - started
    if seconds > model.deadline_s:
        slow = f"{model.name}: answered in {seconds:.1f} s, later than the deadline of {model.deadline_s:g} s"
        return _Verdict(_WARN, "model key", slow)
    return _Verdict(_OK, "model key", f"{model.name}: answered in {seconds:.1f} s")


def _upload_folder(folder: Path) -> _Verdict:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"x")
    return _Verdict(_OK, "upload folder", f"{folder} is writable")


def _disk_space(folder: Path) -> _Verdict:
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(existing).free
    state = _FAIL if free < _NO_SPACE else _WARN if free < _LITTLE_SPACE else _OK
    return _Verdict(state, "disk space", f"{free / 1e9:.1f} GB free for {folder}")
