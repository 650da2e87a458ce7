"""`user add`, `user list`, `user set`, `branch add`, `branch list`."""

import argparse
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from argon2 import PasswordHasher

from autoleads import enrol_code
from autoleads.cli import values
from autoleads.cli.common import Columns, Commands, add_command, add_group, add_json, changes, show, with_database
from autoleads.cli.values import Parse
from autoleads.config import Config
from autoleads.errors import Conflict, InvalidField, NotFound
from autoleads.formats import phone_digits, phone_display, whatsapp_link
from autoleads.sql import branches, devices, tenants, users
from autoleads.sql.pool import Database, Db
from autoleads.types import BranchId, Role, TenantId, UserId

_NAME = values.text(1, 200)
_BRANCH = values.text(1, 100)
_LINE = values.text(0, 500)
_ROLE = values.one_of(*Role)
_PASSWORD_LENGTH = (8, 200)
_FIELDS: dict[str, Parse] = {
    "name": _NAME,
    "phone": values.phone,
    "email": values.email,
    "role": _ROLE,
    "status": values.one_of("active", "inactive"),
    "branch": _BRANCH,
}


def add_commands(commands: Commands) -> None:
    group = add_group(commands, "user", "owners, admins and sales of a showroom")
    about = "add a person; commands come from that phone, or from the one that sends the code which is printed"
    parser = add_command(group, "add", with_database(add_user), about)
    parser.add_argument("--tenant", required=True, metavar="SLUG")
    parser.add_argument("--name", type=_NAME, required=True)
    parser.add_argument("--phone", type=values.phone, help="without it a one-time code is made")
    parser.add_argument("--role", type=_ROLE, required=True, help=", ".join(Role))
    parser.add_argument("--email", type=values.email)
    parser.add_argument("--branch", type=_BRANCH, metavar="NAME")
    _add_password(parser)
    parser = add_command(group, "list", with_database(list_users), "list the people of a showroom")
    parser.add_argument("--tenant", required=True, metavar="SLUG")
    add_json(parser)
    parser = add_command(group, "set", with_database(set_user), "change a person")
    parser.add_argument("--tenant", required=True, metavar="SLUG")
    parser.add_argument("who", metavar="WHO", help="the phone, the e-mail address or the name")
    parser.add_argument("fields", nargs="*", metavar="FIELD=VALUE", help=", ".join(_FIELDS))
    parser.add_argument("--new-code", action="store_true", help="a code for the person's first or new phone")
    _add_password(parser)

    group = add_group(commands, "branch", "places of a showroom")
    parser = add_command(group, "add", with_database(add_branch), "add a branch")
    parser.add_argument("--tenant", required=True, metavar="SLUG")
    parser.add_argument("--name", type=_BRANCH, required=True)
    parser.add_argument("--address", type=_LINE)
    parser.add_argument("--city", type=_LINE)
    parser.add_argument("--phone", type=values.phone)
    parser.add_argument("--maps-url", type=values.web_address)
    parser.add_argument("--hours", type=values.hours, help='as in "mon-sat 09:00-18:00; sun closed"')
    add_json(parser)
    parser = add_command(group, "list", with_database(list_branches), "list the branches of a showroom")
    parser.add_argument("--tenant", required=True, metavar="SLUG")
    add_json(parser)


def _add_password(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--password-stdin", action="store_true", help="read the password from the first line of stdin")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


async def add_user(arguments: argparse.Namespace, config: Config, database: Database) -> int:
    password_hash = _password_hash() if arguments.password_stdin else None
    tenant_id = await tenants.need_id_all_tenants(database, arguments.tenant)
    async with database.tenant(tenant_id) as db:
        branch_id = await _branch_id(db, tenant_id, arguments.branch)
        user_id = await users.add(
            db,
            tenant_id,
            name=arguments.name,
            phone=arguments.phone,
            role=Role(arguments.role),
            email=arguments.email,
            branch_id=branch_id,
            password_hash=password_hash,
        )
        code = None if arguments.phone else await _new_code(db, tenant_id, user_id, config)
    return await _say_user(arguments, database, tenant_id, user_id, "added", code)


async def set_user(arguments: argparse.Namespace, config: Config, database: Database) -> int:
    given = changes(arguments.fields, _FIELDS)
    if not given and not arguments.password_stdin and not arguments.new_code:
        known = ", ".join(_FIELDS)
        raise InvalidField("fields", f"nothing to change; known: {known}, or --password-stdin, --new-code")
    if "phone" in given and arguments.new_code:
        raise InvalidField("phone", "a code is for a number that is not known yet; leave one of both out")
    if arguments.password_stdin:
        given["password_hash"] = _password_hash()
    if "role" in given:
        given["role"] = Role(given["role"])
    tenant_id = await tenants.need_id_all_tenants(database, arguments.tenant)
    async with database.tenant(tenant_id) as db:
        if "branch" in given:
            given["branch_id"] = await _branch_id(db, tenant_id, given.pop("branch"))
        user = await _named(db, tenant_id, arguments.who)
        await users.set_fields(db, tenant_id, user.id, **given)
        code = await _new_code(db, tenant_id, user.id, config) if arguments.new_code else None
    return await _say_user(arguments, database, tenant_id, user.id, "changed", code)


async def list_users(arguments: argparse.Namespace, _: Config, database: Database) -> int:
    tenant_id = await tenants.need_id_all_tenants(database, arguments.tenant)
    async with database.tenant(tenant_id) as db:
        found = await users.all_of(db, tenant_id)
        places = await branches.all_of(db, tenant_id)
    columns: Columns = {
        "name": str,
        "role": str,
        "phone": lambda digits: values.shown_phone(digits or ""),
        "email": _text,
        "branch": _text,
        "status": str,
        "enrolment": str,
    }
    show([_user_row(user, places) for user in found], as_json=arguments.json, columns=columns)
    return 0


async def add_branch(arguments: argparse.Namespace, _: Config, database: Database) -> int:
    tenant_id = await tenants.need_id_all_tenants(database, arguments.tenant)
    given = {name: getattr(arguments, name) or "" for name in ("name", "address", "city", "phone", "maps_url")}
    hours = arguments.hours or {}
    async with database.tenant(tenant_id) as db:
        branch_id = await branches.add(db, tenant_id, **given, business_hours=hours)
    if arguments.json:
        show([{"id": branch_id, **given, "hours": hours}], as_json=True, columns={})
    else:
        print(f"branch {arguments.name} added")
    return 0


async def list_branches(arguments: argparse.Namespace, _: Config, database: Database) -> int:
    tenant_id = await tenants.need_id_all_tenants(database, arguments.tenant)
    async with database.tenant(tenant_id) as db:
        rows = [asdict(branch) for branch in await branches.all_of(db, tenant_id)]
    for row in rows:
        row["hours"] = row.pop("business_hours")
    columns: Columns = {"name": str, "phone": values.shown_phone, "city": str, "address": str}
    show(rows, as_json=arguments.json, columns=columns)
    return 0


async def _named(db: Db, tenant_id: TenantId, who: str) -> users.User:
    """By phone, e-mail address or name; the phone may be lost, or not be there yet."""
    everybody = await users.all_of(db, tenant_id)
    digits = phone_digits(who)
    if digits is not None and (found := [user for user in everybody if user.phone == digits]):
        return found[0]
    if not any(character.isalpha() for character in who):
        raise NotFound(f"no user has the number {phone_display(digits) if digits else who}", field="phone")
    wanted = " ".join(who.split()).casefold()
    found = [user for user in everybody if wanted in (user.name.casefold(), user.email)]
    if len(found) > 1:
        raise Conflict(f"several users are called {who!r}; name one by phone or e-mail address", field="who")
    if not found:
        raise NotFound(f"no user has the name or e-mail address {who!r}", field="who")
    return found[0]


async def _new_code(db: Db, tenant_id: TenantId, user_id: UserId, config: Config) -> dict[str, str]:
    """The code and what to do with it, as it is shown once: only its hash is kept."""
    code = enrol_code.new()
    until = datetime.now(UTC) + timedelta(days=config.bot.code_days)
    if not await users.set_code(db, tenant_id, user_id, code_hash=enrol_code.hashed(code, tenant_id), until=until):
        raise Conflict("an inactive user gets no code; set status=active first", field="status")
    to = (await devices.tokens(db, tenant_id))[0][0]
    send = enrol_code.sentence(code)
    return {"code": code, "send": send, "to": to, "link": whatsapp_link(to, send)}


async def _say_user(
    arguments: argparse.Namespace,
    database: Database,
    tenant_id: TenantId,
    user_id: UserId,
    done: str,
    code: dict[str, str] | None,
) -> int:
    async with database.tenant(tenant_id) as db:
        user = await users.need(db, tenant_id, user_id)
        places = await branches.all_of(db, tenant_id)
    if arguments.json:
        show([_user_row(user, places) | (code or {})], as_json=True, columns={})
        return 0
    print(f"{user.role} {user.name} ({phone_display(user.phone) if user.phone else 'no number yet'}) {done}")
    if code is not None and user.code_until is not None:
        print(
            f"{user.name} sends this from the phone to be used, once, before {user.code_until:%Y-%m-%d %H:%M} UTC,"
            f" to {phone_display(code['to'])}:\n\n{code['send']}\n\nOr opens {code['link']}"
        )
    return 0


def _user_row(user: users.User, places: list[branches.BranchRow]) -> dict[str, Any]:
    branch = next((place.name for place in places if place.id == user.branch_id), None)
    return {**asdict(user), "branch": branch, "enrolment": _enrolment(user)}


def _enrolment(user: users.User) -> str:
    """Who is still to send a code, or cannot any more."""
    if user.code_until is None:
        return "" if user.phone else "no code"
    ended = user.code_until <= datetime.now(UTC)
    return f"code {'ended' if ended else 'open until'} {user.code_until:%Y-%m-%d}"


async def _branch_id(db: Db, tenant_id: TenantId, name: str | None) -> BranchId | None:
    if name is None:
        return None
    places = await branches.all_of(db, tenant_id)
    for place in places:
        if place.name.casefold() == name.casefold():
            return place.id
    known = ", ".join(place.name for place in places) or "none"
    raise NotFound(f"the showroom has no branch {name!r} (known: {known})", field="branch")


def _password_hash() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    least, most = _PASSWORD_LENGTH
    if not least <= len(password) <= most:
        raise InvalidField("password", f"must have {least} to {most} characters")
    return PasswordHasher().hash(password)


def _text(value: str | None) -> str:
    return value or ""
