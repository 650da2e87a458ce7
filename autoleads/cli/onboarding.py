"""`tenant add`, `tenant list`, `tenant set`."""

import argparse
from dataclasses import asdict
from typing import Any

from autoleads.cli import values
from autoleads.cli.common import (
    Columns,
    Commands,
    Parser,
    add_command,
    add_group,
    add_json,
    changes,
    show,
    with_database,
)
from autoleads.cli.values import Parse
from autoleads.config import Config
from autoleads.errors import UserError
from autoleads.formats import phone_display
from autoleads.sql import devices, tenants
from autoleads.sql.pool import Database
from autoleads.sql.tenants import Summary
from autoleads.types import Channel

_NAME = values.text(1, 200)
_LINE = values.text(0, 500)
_HOURS_HELP = 'as in "mon-sat 09:00-18:00; sun closed"'

_DOMAIN_HELP = """domain: the showroom's own. Visitors are led to it from this moment on, so set it when its DNS leads
to the proxy in front and the proxy has its certificate; empty takes it away."""

# What `tenant set` takes; the gateway's two live with the device, the rest with the showroom.
_GATEWAY: dict[str, Parse] = {"token": values.secret, "webhook_secret": values.secret}
_FIELDS: dict[str, Parse] = {
    "name": _NAME,
    "phone": values.or_empty(values.phone),
    "email": values.or_empty(values.email),
    "address": _LINE,
    "city": _LINE,
    "maps_url": values.or_empty(values.web_address),
    "hours": values.hours,
    "timezone": values.timezone,
    "bot_enabled": values.yes_no,
    "primary_color": values.color,
    "secondary_color": values.color,
    "logo_url": values.or_empty(values.web_address),
    "plan": values.one_of("free", "starter", "growth", "pro"),
    "status": values.one_of("active", "suspended", "trial", "expired"),
    "domain": values.or_empty(values.domain),
    **_GATEWAY,
}


def add_commands(commands: Commands) -> None:
    group = add_group(commands, "tenant", "showrooms")
    _add_arguments(add_command(group, "add", with_database(add), "add a showroom and its WhatsApp number"))
    add_json(add_command(group, "list", with_database(list_all), "list the showrooms"))
    parser = add_command(group, "set", with_database(set_fields), "change a showroom")
    parser.epilog = _DOMAIN_HELP
    parser.add_argument("slug", metavar="SLUG")
    parser.add_argument("fields", nargs="+", metavar="FIELD=VALUE", help=", ".join(_FIELDS))
    add_json(parser)


def _add_arguments(parser: Parser) -> None:
    parser.add_argument("--name", type=_NAME, required=True)
    parser.add_argument("--slug", type=values.slug, required=True, help="names its site: SLUG.platform")
    parser.add_argument("--device", type=values.phone, required=True, metavar="NUMBER", help="its WhatsApp number")
    parser.add_argument("--phone", type=values.phone, help="shown to customers")
    parser.add_argument("--email", type=values.email)
    parser.add_argument("--address", type=_LINE)
    parser.add_argument("--city", type=_LINE)
    parser.add_argument("--maps-url", type=values.web_address)
    parser.add_argument("--timezone", type=values.timezone, help="default: Asia/Jakarta")
    parser.add_argument("--hours", type=values.hours, help=_HOURS_HELP)
    parser.add_argument("--token", type=values.secret, default="", help="of the device at the gateway")
    parser.add_argument("--webhook-secret", type=values.secret, default="", help="expected in its webhook calls")
    add_json(parser)


async def add(arguments: argparse.Namespace, config: Config, database: Database) -> int:
    optional = ("phone", "email", "address", "city", "maps_url", "timezone", "hours")
    given = {name: value for name in optional if (value := getattr(arguments, name)) is not None}
    tenant_id = await tenants.next_id(database)
    async with database.tenant(tenant_id) as db:
        await tenants.add(db, tenant_id, name=arguments.name, slug=arguments.slug, status="active", **_columns(given))
        await devices.add(
            db,
            tenant_id,
            number=arguments.device,
            channel=Channel.FONNTE,
            token=arguments.token,
            webhook_secret=arguments.webhook_secret,
        )
    if arguments.json:
        summary = Summary(id=tenant_id, slug=arguments.slug, name=arguments.name, status="active")
        show([await _row(database, summary)], as_json=True, columns={})
        return 0
    print(f"{arguments.slug} added with WhatsApp number {phone_display(arguments.device)}")
    needs_secret = arguments.webhook_secret or config.fonnte.webhook_secret
    print(f"webhook address for the gateway: {config.app.url}/webhook/fonnte{'/{secret}' if needs_secret else ''}")
    return 0


async def list_all(arguments: argparse.Namespace, _: Config, database: Database) -> int:
    rows = [await _row(database, tenant) for tenant in await tenants.list_all_tenants(database)]
    columns: Columns = {
        "slug": str,
        "name": str,
        "status": str,
        "device": values.shown_phone,
        "phone": values.shown_phone,
    }
    show(rows, as_json=arguments.json, columns={**columns, "city": str, "token": _set_or_not})
    return 0


async def set_fields(arguments: argparse.Namespace, config: Config, database: Database) -> int:
    given = changes(arguments.fields, _FIELDS)
    tenant = await _need(database, arguments.slug)
    gateway = {name: given.pop(name) for name in _GATEWAY if name in given}
    domain = {"domain": given.pop("domain")} if "domain" in given else {}
    if config.app.is_platform(domain.get("domain", "")):
        raise UserError("is the platform's own", field="domain")
    async with database.tenant(tenant.id) as db:
        if given:
            await tenants.set_fields(db, tenant.id, **_columns(given))
        if domain:
            await tenants.set_domain(db, tenant.id, **domain)
        if gateway and not await devices.set_gateway(db, tenant.id, **gateway):
            raise UserError("this showroom has no device", field=next(iter(gateway)))
    if arguments.json:
        show([await _row(database, await _need(database, arguments.slug))], as_json=True, columns={})
    else:
        print(f"{arguments.slug} changed: {', '.join([*given, *domain, *gateway])}")
    return 0


async def _need(database: Database, slug: str) -> Summary:
    tenant_id = await tenants.need_id_all_tenants(database, slug)
    return next(tenant for tenant in await tenants.list_all_tenants(database) if tenant.id == tenant_id)


async def _row(database: Database, tenant: Summary) -> dict[str, Any]:
    """Of the secrets only whether they are set."""
    async with database.tenant(tenant.id) as db:
        stored = await tenants.need(db, tenant.id)
        numbers = await devices.tokens(db, tenant.id)
    number, token = numbers[0] if numbers else ("", "")
    row = asdict(stored)
    del row["settings"], row["profile_version"], row["stock_version"]
    row["hours"] = row.pop("business_hours")
    return {**row, "device": number, "token": bool(token)}


def _columns(given: dict[str, Any]) -> dict[str, Any]:
    """`hours` is a column of a longer name."""
    return {{"hours": "business_hours"}.get(name, name): value for name, value in given.items()}


def _set_or_not(value: bool) -> str:
    return "set" if value else "not set"
