"""A demo's directory: its marker, the showrooms in the database, the photos beside it."""

import asyncio
import logging
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autoleads.bot import inventory
from autoleads.demo.showrooms import VARIANTS, DemoShowroom, file_name
from autoleads.embedded import EmbeddedPostgres
from autoleads.errors import AutoleadsError, ConfigError, Conflict
from autoleads.formats import phone_digits
from autoleads.sql import branches, devices, tenants, users
from autoleads.sql.pool import Database, Db
from autoleads.stock_csv import CarRow
from autoleads.types import BranchId, Channel, TenantId

log = logging.getLogger(__name__)

_MARKER = ".autoleads-demo"
_SAID = "AutoLeads demo data: `autoleads demo --fresh` deletes this directory's content.\n"


def claim(folder: Path, *, fresh: bool) -> Path:
    """The directory, made and marked. One that holds anything else is neither used nor emptied: ConfigError."""
    folder = folder.expanduser().resolve()
    marker = folder / _MARKER
    try:
        if fresh and marker.is_file():
            _empty(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if not marker.is_file():
            if any(folder.iterdir()):
                raise ConfigError(f"data directory {folder} holds other data than a demo's; choose another --data-dir")
            marker.write_text(_SAID)
    except OSError as exc:
        raise ConfigError(f"data directory {folder}: {exc.strerror}") from exc
    return folder


def _empty(folder: Path) -> None:
    if not EmbeddedPostgres(folder).stop_abandoned():
        raise ConfigError(f"data directory {folder} is in use by a running demo; stop it first")
    # The marker goes last, so that this can be repeated when it was cut off.
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name == _MARKER):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


async def seed(database: Database, showroom: DemoShowroom) -> bool:
    """All of a showroom in one transaction; False when it is there already, whatever became of it since."""
    if any(tenant.slug == showroom.slug for tenant in await tenants.list_all_tenants(database)):
        return False
    tenant_id = await tenants.next_id(database)
    try:
        async with database.tenant(tenant_id) as db:
            await _add(db, tenant_id, showroom)
    except Conflict as exc:
        if exc.field != "slug":
            raise
        return False  # a second demo on the same directory was faster
    log.info("demo showroom added: slug=%s cars=%s", showroom.slug, len(showroom.cars))
    return True


async def _add(db: Db, tenant_id: TenantId, showroom: DemoShowroom) -> None:
    await tenants.add(
        db,
        tenant_id,
        name=showroom.name,
        slug=showroom.slug,
        phone=_digits(showroom.phone),
        email=showroom.email,
        address=showroom.address,
        city=showroom.city,
        maps_url=showroom.maps_url,
        business_hours=dict(showroom.hours),
        timezone=showroom.timezone,
        primary_color=showroom.primary_color,
        secondary_color=showroom.secondary_color,
        status="active",
    )
    await devices.add(db, tenant_id, number=showroom.device, channel=Channel.SIMULATOR)
    places = await _add_branches(db, tenant_id, showroom)
    for user in showroom.users:
        await users.add(
            db,
            tenant_id,
            name=user.name,
            phone=_digits(user.phone),
            role=user.role,
            email=user.email,
            branch_id=places[user.branch.lower()] if user.branch else None,
        )
    photos = {car.line: _photos(showroom.slug, car) for car in showroom.cars}
    added = await inventory.add(db, tenant_id, showroom.cars, places, photos)
    if added.errors:
        raise AutoleadsError(f"demo showroom {showroom.slug}: {added.errors[0]}")


async def _add_branches(db: Db, tenant_id: TenantId, showroom: DemoShowroom) -> dict[str, BranchId]:
    """Ids by lower-case name."""
    return {
        branch.name.lower(): await branches.add(
            db,
            tenant_id,
            name=branch.name,
            address=branch.address,
            city=branch.city,
            phone=_digits(branch.phone),
            maps_url=branch.maps_url,
            business_hours=dict(branch.hours),
        )
        for branch in showroom.branches
    }


def _photos(slug: str, car: CarRow) -> list[str]:
    """Addresses of files that the drawing process is making meanwhile."""
    return [f"/uploads/cars/{slug}/{file_name(car, variant)}" for variant in range(1, VARIANTS + 1)]


def _digits(phone: str) -> str:
    digits = phone_digits(phone)
    if digits is None:
        raise AutoleadsError(f"demo data: {phone} is no phone number")
    return digits


class Drawing:
    """The process that draws the photos; see demo/draw.py."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    async def first_photos(self, patience_s: float) -> bool:
        """Waits until every car has a photo. False: it takes longer, or the process failed and has said why."""
        assert self._process.stdout is not None
        read = asyncio.get_running_loop().run_in_executor(None, self._process.stdout.readline)
        try:
            async with asyncio.timeout(patience_s):
                return bool(await asyncio.shield(read))
        except TimeoutError:
            return False


@contextmanager
def drawing(folder: Path) -> Iterator[Drawing]:
    """Draws what is missing below `folder`, in a process of its own that ends with the block."""
    command = [sys.executable, "-m", "autoleads.demo.draw", str(folder)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,  # ends with this process, however that ends
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        start_new_session=True,  # a terminal's Ctrl-C is for the daemon, which ends this process
    ) as process:
        try:
            yield Drawing(process)
        finally:
            process.terminate()
