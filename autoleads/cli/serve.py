"""`run`, `demo` and `migrate`."""

import argparse
import asyncio
import errno
import os
import time
from argparse import ArgumentTypeError
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from autoleads import daemon, logs
from autoleads.cli.common import Commands, add_command, settings
from autoleads.config import Config, load_config
from autoleads.demo import install, showrooms
from autoleads.demo.showrooms import DemoShowroom
from autoleads.errors import ConfigError
from autoleads.formats import phone_digits, phone_display
from autoleads.sql import migrate
from autoleads.sql.opening import server_of
from autoleads.web import keys

_DEMO_DATA = Path("data/demo")
# A picture that is not there yet is a poor welcome; one that takes longer than this must not delay it more.
_FIRST_PHOTOS_S = 6.0


def add_commands(commands: Commands) -> None:
    add_command(commands, "run", run, "run the daemon until SIGTERM or Ctrl-C")
    about = "run everything on this machine, with two showrooms and a chat simulator"
    parser = commands.add_parser("demo", help=about, description=about)
    parser.set_defaults(run=demo)
    parser.add_argument("--port", type=_port, default=3000, help="on this machine (default: 3000)")
    parser.add_argument(
        "--data-dir", type=Path, metavar="DIR", help=f"default: $AUTOLEADS_DATA_DIR, or {_DEMO_DATA}; empty or a demo's"
    )
    parser.add_argument("--fresh", action="store_true", help="delete the data of an earlier demo in that directory")
    add_command(commands, "migrate", migrate_database, "bring the database to this program's schema")


def run(arguments: argparse.Namespace) -> int:
    config = load_config(arguments.config, os.environ)
    logs.setup(config.log.level, config.log.format, config.secrets())
    return _serve(config)


def migrate_database(arguments: argparse.Namespace) -> int:
    async def work() -> tuple[int, int]:
        async with server_of(config) as dsn:
            return await migrate.migrate(dsn)

    config = settings(arguments)
    before, after = asyncio.run(work())
    print(f"schema {before} -> {after}" if before != after else f"schema {after} is current")
    return 0


def demo(arguments: argparse.Namespace) -> int:
    started = time.monotonic()
    folder = arguments.data_dir or Path(os.environ.get("AUTOLEADS_DATA_DIR") or _DEMO_DATA)
    config = _demo_config(arguments.port, folder)
    logs.setup(config.log.level, config.log.format, config.secrets())
    install.claim(folder, fresh=arguments.fresh)
    rooms = showrooms.load()
    with install.drawing(config.app.upload_path / "cars") as drawing:

        async def prepare(app: web.Application) -> None:
            for room in rooms:
                await install.seed(app[keys.DATABASE], room)
            await drawing.first_photos(_FIRST_PHOTOS_S)

        def announce() -> None:
            print(_welcome(config, rooms, folder, time.monotonic() - started), flush=True)

        return _serve(config, prepare=prepare, announce=announce)


def _demo_config(port: int, folder: Path) -> Config:
    """The environment counts, except for what would lead out of the demo: to a real database or gateway."""
    alone = dict.fromkeys(("DATABASE_URL", "UPLOAD_DIR", "FONNTE_API_TOKEN", "FONNTE_WEBHOOK_SECRET", "REDIS_URL"), "")
    demo = {
        "APP_PORT": str(port),
        "APP_URL": f"http://localhost:{port}",
        "AUTOLEADS_DATA_DIR": str(folder.expanduser().resolve()),
        "AUTOLEADS_APP_SIMULATOR": "true",
        "AUTOLEADS_MEDIA_ALLOW_PRIVATE": "true",  # the simulator's photos come from this very process
    }
    return load_config(None, {"AUTOLEADS_LOG_FORMAT": "text", **os.environ, **alone, **demo})


def _serve(
    config: Config,
    *,
    prepare: Callable[[web.Application], Awaitable[None]] | None = None,
    announce: Callable[[], None] | None = None,
) -> int:
    try:
        daemon.run(config, prepare=prepare, announce=announce)
    except OSError as exc:
        if exc.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL) or exc.filename is not None:
            raise
        field = "app.host" if exc.errno == errno.EADDRNOTAVAIL else "app.port"
        where = f"{config.app.host}:{config.app.port}"
        raise ConfigError(f"{field}: cannot listen on {where}: {os.strerror(exc.errno)}") from None
    return 0


def _port(value: str) -> int:
    if not (value.isascii() and value.isdecimal() and 1 <= int(value) <= 65535):
        raise ArgumentTypeError("must be a number from 1 to 65535")
    return int(value)


def _welcome(config: Config, rooms: tuple[DemoShowroom, ...], folder: Path, seconds: float) -> str:
    url = config.app.url
    lines = [
        f"\nAutoLeads demo is ready after {seconds:.1f} s. Ctrl-C ends it; the data stays in {folder}.\n",
        f"  Simulator  {url}/simulator",
        f"  Webhook    {url}/webhook/fonnte  (takes what Fonnte posts)",
        f"  Health     {url}/health",
        f"  Metrics    {url}/metrics",
    ]
    for room in rooms:
        lines.append(f"\n{room.name}, {len(room.cars)} cars, WhatsApp {phone_display(room.device)}")
        lines.append(f"  {config.app.site_url(room.slug)}")
        for user in room.users:
            phone = phone_display(phone_digits(user.phone) or user.phone)
            lines.append(f"  {user.role.value:<6} {phone:<15} {user.name}{f', {user.branch}' if user.branch else ''}")
    lines.append(
        f'\nOn this data:  AUTOLEADS_DATA_DIR={folder} autoleads explain --tenant {rooms[0].slug} "ada avanza?"'
    )
    return "\n".join(lines)
