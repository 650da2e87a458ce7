"""`user add`, `user list`, `user set`, `branch add`, `branch list`."""

import argparse
import sys
from dataclasses import asdict
from typing import Any

from argon2 import PasswordHasher

from autoleads.cli import values
from autoleads.cli.common import Columns, Commands, add_command, add_group, add_json, changes, show, with_database
from autoleads.cli.values import Parse
from autoleads.config import Config
from autoleads.errors import InvalidField, NotFound
from autoleads.formats import phone_display
from autoleads.sql import branches, tenants, users
from autoleads.sql.pool import Database, Db
from autoleads.types import BranchId, Role, TenantId

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
    parser = add_command(group, "add", with_database(add_user), "add a person; commands come from that phone")
    parser.add_argument("--tenant", required=True, metavar="SLUG")
    parser.add_argument("--name", type=_NAME, required=True)
    parser.add_argument("--phone", type=values.phone, required=True)
    parser.add_argument("--role", type=_ROLE, required=True, help=", ".join(Role))
    parser.add_argument("--email", type=values.email)
    parser.add_argument("--branch", type=_BRANCH, metavar="NAME")
    _add_password(parser)
    parser = add_command(group, "list", with_database(list_users), "list the people of a showroom")
    parser.add_argument("--tenant", required=True, metavar="SLUG")
    add_json(parser)
    parser = add_command(group, "set", with_database(set_user), "change a person")
    parser.add_argument("--tenant", required=True, metavar="SLUG")
    parser.add_argument("phone", type=values.phone, metavar="PHONE", help="whose")
    parser.add_argument("fields", nargs="*", metavar="FIELD=VALUE", help=", ".join(_FIELDS))
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


async def add_user(arguments: argparse.Namespace, _: Config, database: Database) -> int:
    password_hash = _password_hash() if arguments.password_stdin else None
    tenant_id = await tenants.need_id_all_tenants(database, arguments.tenant)
    async with database.tenant(tenant_id) as db:
        branch_id = await _branch_id(db, tenant_id, arguments.branch)
        await users.add(
            db,
            tenant_id,
            name=arguments.name,
            phone=arguments.phone,
            role=Role(arguments.role),
            email=arguments.email,
            branch_id=branch_id,
            password_hash=password_hash,
        )
    return await _say_user(arguments, database, tenant_id, arguments.phone, "added")


async def set_user(arguments: argparse.Namespace, _: Config, database: Database) -> int:
    given = changes(arguments.fields, _FIELDS)
    if not given and not arguments.password_stdin:
        raise InvalidField("fields", f"nothing to change; known: {', '.join(_FIELDS)}, or --password-stdin")
    if arguments.password_stdin:
        given["password_hash"] = _password_hash()
    if "role" in given:
        given["role"] = Role(given["role"])
    tenant_id = await tenants.need_id_all_tenants(database, arguments.tenant)
    async with database.tenant(tenant_id) as db:
        if "branch" in given:
            given["branch_id"] = await _branch_id(db, tenant_id, given.pop("branch"))
        user = await users.find(db, tenant_id, phone=arguments.phone)
        if user is None:
            raise NotFound(f"no user has the number {phone_display(arguments.phone)}", field="phone")
        await users.set_fields(db, tenant_id, user.id, **given)
    return await _say_user(arguments, database, tenant_id, given.get("phone", arguments.phone), "changed")


async def list_users(arguments: argparse.Namespace, _: Config, database: Database) -> int:
    tenant_id = await tenants.need_id_all_tenants(database, arguments.tenant)
    async with database.tenant(tenant_id) as db:
        found = await users.all_of(db, tenant_id)
        places = await branches.all_of(db, tenant_id)
    columns: Columns = {
        "name": str,
        "role": str,
        "phone": values.shown_phone,
        "email": _text,
        "branch": _text,
        "status": str,
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


async def _say_user(
    arguments: argparse.Namespace, database: Database, tenant_id: TenantId, phone: str, done: str
) -> int:
    async with database.tenant(tenant_id) as db:
        user = await users.find(db, tenant_id, phone=phone)
        places = await branches.all_of(db, tenant_id)
    assert user is not None
    if arguments.json:
        show([_user_row(user, places)], as_json=True, columns={})
    else:
        print(f"{user.role} {user.name} ({phone_display(user.phone)}) {done}")
    return 0


def _user_row(user: users.User, places: list[branches.BranchRow]) -> dict[str, Any]:
    branch = next((place.name for place in places if place.id == user.branch_id), None)
    return {**asdict(user), "branch": branch}


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
