"""After an opt-out nothing reaches the contact, whoever would have sent it; MULAI brings the bot back."""

from autoleads.bot.answerer import Answerer
from autoleads.bot.sender import Retry
from autoleads.sql.pool import Database
from autoleads.types import ConversationId, ConversationKey, TenantId
from tests import make
from tests.engine import Engine, engine
from tests.standins import Fault
from tests.standins.fonnte import FonnteStandin

_REFUSING, _TAKING = Fault(name="http", status=503), Fault(name="ok")
_HOUR = Retry(max_attempts=20, base_s=3600, cap_s=3600)


def _answerer() -> Answerer:
    return Answerer(None, compose="never", messages_per_minute=100)


async def _says(one: Engine, sender: str, *texts: str) -> None:
    for text in texts:
        await one.write(make.SAMPLE_DEVICE, sender, text)
        await one.dispatcher.idle()


async def _pictured(database: Database) -> TenantId:
    tenant_id = await make.sample(database)
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE car SET photos = '{/uploads/1.jpg,/uploads/2.jpg,/uploads/3.jpg}'")
    return tenant_id


async def _states(database: Database, tenant_id: TenantId) -> set[str]:
    async with database.tenant(tenant_id) as db:
        return {row["state"] for row in await db.fetch("SELECT state FROM outbox")}


async def test_photos_and_retries_that_wait_are_never_sent(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id, sender = await _pictured(database), make.phone()
    async with engine(database, fonnte.url, _answerer().answer, retry=_HOUR) as one:
        fonnte.fault = _REFUSING
        await _says(one, sender, "minta foto #A01 kak")
        async with database.tenant(tenant_id) as db:
            waiting = await db.fetchval("SELECT count(*) FROM outbox WHERE state = 'queued'")
        fonnte.fault = _TAKING
        await _says(one, sender, "stop kirim pesan")
        key = await _due_now(database, tenant_id, sender)
        one.dispatcher.submit(key)
        await one.dispatcher.idle()

    assert waiting >= 3
    assert [_confirms(sent.message) for sent in fonnte.sent] == [True]
    assert "queued" not in await _states(database, tenant_id)


async def test_a_late_sender_is_silenced_too(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id, sender = await _pictured(database), make.phone()
    async with engine(database, fonnte.url, _answerer().answer) as one:
        await _says(one, sender, "hapus data saya")
        key = await _due_now(database, tenant_id, sender)
        async with database.tenant(tenant_id) as db:
            late = "INSERT INTO outbox (tenant_id, conversation_id, kind, body) VALUES ($1, $2, $3, 'minat Kak?')"
            for kind in ("reply", "notice"):
                await db.execute(late, *key, kind)
        one.dispatcher.submit(key)
        await one.dispatcher.idle()
        async with one.sweeping():
            await _says(one, sender, "halo?", "ada avanza 2020?", "minta foto", "1", "siapa ini", "stop")

    assert [sent.target for sent in fonnte.sent if "minat" in sent.message] == []
    assert len([sent for sent in fonnte.sent if sent.target == sender]) == 1
    assert "queued" not in await _states(database, tenant_id)


async def test_the_confirmation_is_tried_again_and_nothing_else(database: Database, fonnte: FonnteStandin) -> None:
    tenant_id, sender = await _pictured(database), make.phone()
    async with engine(database, fonnte.url, _answerer().answer, retry=_HOUR) as one:
        fonnte.fault = _REFUSING
        await _says(one, sender, "ada avanza?", "berhenti kirim pesan", "halo?")
        fonnte.fault = _TAKING
        key = await _due_now(database, tenant_id, sender)
        one.dispatcher.submit(key)
        await one.dispatcher.idle()

    assert [_confirms(sent.message) for sent in fonnte.sent] == [True]


async def test_mulai_brings_the_bot_back(database: Database, fonnte: FonnteStandin) -> None:
    await _pictured(database)
    sender = make.phone()
    async with engine(database, fonnte.url, _answerer().answer) as one:
        await _says(one, sender, "ada avanza 2020?", "jangan hubungi saya lagi", "ada avanza 2020?")
        silent = len(fonnte.sent)
        await _says(one, sender, "MULAI", "ada avanza 2020?")

    assert silent == 2
    assert len(fonnte.sent) == 4
    assert "#A01" in fonnte.sent[-1].message


async def test_who_left_one_showroom_is_still_welcome_at_another(database: Database, fonnte: FonnteStandin) -> None:
    await _pictured(database)
    other = await make.tenant(database)
    await make.cars(database, other, make.car_row(display_code="#A01"))
    sender = make.phone()
    async with engine(database, fonnte.url, _answerer().answer) as one:
        await _says(one, sender, "stop")
        await one.write(await make.device_of(database, other), sender, "ada avanza?")
        await one.dispatcher.idle()

    assert len(fonnte.sent) == 2
    assert "#A01" in fonnte.sent[-1].message


async def _due_now(database: Database, tenant_id: TenantId, sender: str) -> ConversationKey:
    """As if the back-off were over."""
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE outbox SET due_at = now() WHERE state = 'queued'")
        conversation = await db.fetchval("SELECT id FROM conversation WHERE external_id = $1", sender)
    return ConversationKey(tenant_id, ConversationId(conversation))


def _confirms(text: str) -> bool:
    return "tidak akan kirim pesan lagi" in text
