"""Builders: the smallest showroom, car, user, message that a test can start from."""

import itertools
from collections.abc import Mapping
from typing import Any

from autoleads.bot import inventory
from autoleads.bot.staff.base import ListRules
from autoleads.config import Config, load_config
from autoleads.sql import branches, devices, tenants, users
from autoleads.sql.pool import Database
from autoleads.stock_csv import CarRow
from autoleads.types import BranchId, CarStatus, Channel, DeviceId, Role, TenantId, Transmission, UserId
from tests.patience import PATIENCE_S

LISTS = ListRules(most_cars=200, known_days=14)
_numbers = itertools.count(1)

DEFAULTS = {
    "FONNTE_API_TOKEN": "token-of-the-tests",
    "GEMINI_API_KEY": "key-of-the-tests",
    "AUTOLEADS_BOT_QUIET_WINDOW_S": "0.05",
    "AUTOLEADS_BOT_SWEEP_S": "0.2",
    # A machine that is busy must not change what is answered, and by whom.
    "AUTOLEADS_BOT_ANSWER_WITHIN_S": str(PATIENCE_S),
    "AUTOLEADS_BOT_LEASE_S": str(PATIENCE_S),
    "AUTOLEADS_FONNTE_TIMEOUT_S": str(PATIENCE_S),
    "AUTOLEADS_MEDIA_FETCH_TIMEOUT_S": str(PATIENCE_S),
    "AUTOLEADS_MEDIA_PHOTO_TIMEOUT_S": str(PATIENCE_S),
    "AUTOLEADS_MODEL_DEADLINE_S": str(PATIENCE_S),
    "AUTOLEADS_SENDER_SEND_WINDOW_S": str(3 * PATIENCE_S),
    "RATE_LIMIT_MAX_REQUESTS": "100000",  # tests ask until they see what they wait for
    "AUTOLEADS_APP_GRACE_S": "5",
}


def config(**environ: str) -> Config:
    """Settings by the names of their environment variables."""
    return load_config(None, {**DEFAULTS, **environ})


def device_number() -> str:
    return f"62811{next(_numbers):08d}"


def phone() -> str:
    return f"62812{next(_numbers):08d}"


async def tenant(database: Database, *, device: str | None = None, name: str = "", **fields: Any) -> TenantId:
    """A showroom with one device; its number is that of `device_of`."""
    n = next(_numbers)
    tenant_id = await tenants.next_id(database)
    async with database.tenant(tenant_id) as db:
        await tenants.add(
            db, tenant_id, name=name or f"Showroom {n}", **{"slug": f"showroom-{n}", "status": "active", **fields}
        )
        await devices.add(db, tenant_id, number=device or device_number(), channel=Channel.FONNTE)
    return tenant_id


async def slug_of(database: Database, tenant_id: TenantId) -> str:
    async with database.tenant(tenant_id) as db:
        return str(await db.fetchval("SELECT slug FROM tenant"))


async def host_of(database: Database, tenant_id: TenantId) -> str:
    """Of its site, as the Host header has it."""
    return f"{await slug_of(database, tenant_id)}.localhost"


async def device_of(database: Database, tenant_id: TenantId) -> str:
    async with database.tenant(tenant_id) as db:
        return (await devices.tokens(db, tenant_id))[0][0]


async def device_id_of(database: Database, tenant_id: TenantId) -> DeviceId:
    address = await devices.find_all_tenants(database, await device_of(database, tenant_id))
    assert address is not None
    return address.id


async def branch(database: Database, tenant_id: TenantId, name: str = "Pusat") -> BranchId:
    async with database.tenant(tenant_id) as db:
        return await branches.add(db, tenant_id, name=name)


async def user(
    database: Database, tenant_id: TenantId, *, role: Role = Role.OWNER, number: str | None = None, name: str = "Bu Ani"
) -> UserId:
    async with database.tenant(tenant_id) as db:
        return await users.add(db, tenant_id, name=name, phone=number or phone(), role=role)


def car_row(**fields: Any) -> CarRow:
    line = next(_numbers)
    known: dict[str, Any] = {
        "line": line,
        "plate": f"L {line % 9000 + 1000} QX",
        "plate_clean": f"L{line % 9000 + 1000}QX",
        "brand": "Toyota",
        "model": "Avanza 1.3 G",
        "year": 2020,
        "color": "Hitam",
        "transmission": Transmission.MANUAL,
        "km": 45_000,
        "price_idr": 185_000_000,
        "fuel": "Bensin",
        "features": (),
        "notes": "",
        "status": CarStatus.AVAILABLE,
        "branch": None,
        "display_code": None,
    }
    return CarRow(**{**known, **fields})


async def cars(database: Database, tenant_id: TenantId, *rows: CarRow) -> list[str]:
    """Display codes, in the order of the rows."""
    async with database.tenant(tenant_id) as db:
        done = await inventory.add(db, tenant_id, rows, {})
    assert not done.errors, done.errors
    return [done.codes[row.line] for row in rows]


SAMPLE_DEVICE = "628123456789"


def sample_rows() -> list[CarRow]:
    """Three black Avanzas of 2020 that differ in trim, extras, distance and price."""
    same = {"brand": "Toyota", "year": 2020}
    return [
        car_row(
            **same, model="Avanza 1.3 G", color="Hitam Metalik", km=45_000, price_idr=185_000_000, display_code="#A01",
            features=("Velg racing 16 inch", "Spoiler belakang"), notes="Service record lengkap",
        ),
        car_row(
            **same, model="Avanza 1.3 G", color="Hitam", km=50_000, price_idr=180_000_000, display_code="#A02",
            features=("Ban baru",), notes="Siap pakai",
        ),
        car_row(
            **same, model="Avanza 1.5 Veloz", color="Hitam Metalik", km=40_000, price_idr=215_000_000,
            display_code="#V01", transmission=Transmission.MATIC, features=("Kamera parkir",), notes="Full original",
        ),
    ]  # fmt: skip


async def sample(database: Database) -> TenantId:
    """A showroom with those three cars, an owner and two sales."""
    tenant_id = await tenant(
        database,
        device=SAMPLE_DEVICE,
        name="Showroom Mobil Surabaya",
        address="Jl. Raya Darmo No. 123, Surabaya",
        phone="6231234567",
        business_hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), "09:00-18:00") | {"sun": "closed"},
    )
    await cars(database, tenant_id, *sample_rows())
    await user(database, tenant_id, role=Role.OWNER, name="Pak Hadi")
    await user(database, tenant_id, role=Role.SALES, name="Budi")
    return tenant_id


def fonnte_text(device: str, sender: str, text: str, **more: Any) -> Mapping[str, Any]:
    """A chat message as Fonnte posts it."""
    body = {
        "quick": False, "device": device, "pesan": text, "pengirim": sender, "member": "", "message": text,
        "text": "non-button message", "sender": sender, "name": "Budi", "location": "", "url": "", "type": "text",
        "extension": "", "filename": "", "pollname": "", "choices": [], "inboxid": next(_numbers), "isgroup": False,
        "isforwarded": False, "timestamp": 1_795_140_900,
    }  # fmt: skip
    return {**body, **more}
