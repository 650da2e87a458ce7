"""A number becomes a user's by a code: once, here, and for nobody who guesses."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest

from autoleads import enrol_code
from autoleads.bot import texts_staff as texts
from autoleads.bot.handover import Handover
from autoleads.bot.staff.desk import Desk
from autoleads.bot.turn import Outcome, Turn
from autoleads.sql import users
from autoleads.sql.pool import Database
from autoleads.types import Role, TenantId, UserId
from tests import make
from tests.engine import ROUND, Answer, engine
from tests.owner_shop import BUDI, HADI, RINA, owner_shop, tells
from tests.patience import PATIENCE_S, patience
from tests.standins.fonnte import FonnteStandin
from tests.test_handover import Shop, bargain

ANI = "Ani"


async def _waiting(shop: Shop, *, role: Role = Role.SALES, name: str = ANI, ends_in: timedelta | None = None) -> str:
    """The code of somebody who was added without a number."""
    async with shop.database.tenant(shop.tenant_id) as db:
        user_id = await users.add(db, shop.tenant_id, name=name, phone=None, role=role)
    return await _code(shop, user_id, ends_in=ends_in)


async def _code(shop: Shop, user_id: UserId, *, ends_in: timedelta | None = None) -> str:
    code = enrol_code.new()
    until = datetime.now(UTC) + (ends_in or timedelta(days=7))
    async with shop.database.tenant(shop.tenant_id) as db:
        code_hash = enrol_code.hashed(code, shop.tenant_id)
        assert await users.set_code(db, shop.tenant_id, user_id, code_hash=code_hash, until=until)
    return code


async def _phone_of(shop: Shop, name: str) -> str | None:
    async with shop.database.tenant(shop.tenant_id) as db:
        phone: str | None = await db.fetchval("SELECT phone FROM app_user WHERE name = $1", name)
        return phone


# Enrolled ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "can"), [(Role.OWNER, "/upload"), (Role.ADMIN, "/upload"), (Role.SALES, "balas 1 untuk ambil")]
)
async def test_the_message_with_the_code_is_greeted_and_the_next_one_is_a_users(
    database: Database, fonnte: FonnteStandin, role: Role, can: str
) -> None:
    async with owner_shop(database, fonnte) as shop:
        code, phone = await _waiting(shop, role=role), make.phone()
        greeting = await tells(shop, phone, f"DAFTAR {code}")
        listed = await tells(shop, phone, "/help")

    assert greeting.startswith("✅ Nomor Anda sudah terdaftar!\n\nHalo Ani 👋")
    assert f"sebagai {role}" in greeting
    assert can in greeting
    assert "/help" in greeting
    assert listed.startswith(f"Perintah untuk {role}:")


@pytest.mark.parametrize(
    "written", ["daftar {lower}", "Daftar: {bare}", "*DAFTAR {code}*", "/daftar {code}", "{said}\nini Ani ya pak"]
)
async def test_the_code_may_be_written_as_people_write(database: Database, fonnte: FonnteStandin, written: str) -> None:
    async with owner_shop(database, fonnte) as shop:
        code, phone = await _waiting(shop), make.phone()
        forms = {"lower": code.lower(), "bare": code.replace("-", ""), "said": enrol_code.sentence(code)}
        await tells(shop, phone, written.format(code=code, **forms))

        assert await _phone_of(shop, ANI) == phone


async def test_owners_and_admins_are_told_whose_number_is_new(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        code = await _waiting(shop, role=Role.ADMIN)
        phone = make.phone()
        await tells(shop, phone, f"DAFTAR {code}")

    told = f"📱 Ani (admin) sekarang terdaftar dengan nomor 0{phone[2:5]}-{phone[5:9]}-{phone[9:]}."
    for who in (HADI, RINA):
        assert [text.startswith(told) for text in shop.read(who)] == [True]
    assert shop.read(BUDI) == []
    assert len(shop.read(phone)) == 1


async def test_who_was_a_customer_is_none_any_more(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte, answer=bargain) as shop:
        code, phone = await _waiting(shop), make.phone()
        await shop.says(phone, "bisa nego?")
        await shop.says(BUDI, "1")  # the bot is silent for who Budi writes to; a code counts all the same
        await tells(shop, phone, f"DAFTAR {code}")
        async with database.tenant(shop.tenant_id) as db:
            lead = await db.fetchrow("SELECT status, notes FROM lead")
            chat = await db.fetchrow("SELECT memory, human_user_id FROM conversation WHERE phone = $1", phone)
            timers = await db.fetchval("SELECT count(*) FROM timer")
        listed = await tells(shop, phone, "/list")

    assert tuple(lead) == ("lost", "Nomor ini sekarang dipakai Ani dari tim.")
    assert tuple(chat) == ({}, None)
    assert timers == 0
    assert listed.startswith("📋 Stok")


async def test_a_code_alone_makes_no_lead(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        code = await _waiting(shop)
        await tells(shop, make.phone(), f"DAFTAR {code}")
        await tells(shop, make.phone(), "DAFTAR K7QM-3XWP")

        assert await shop.status() == []


async def test_what_comes_behind_the_code_in_the_same_breath_is_a_users(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with (
        owner_shop(database, fonnte) as shop,
        engine(database, fonnte.url) as receives,
        engine(database, fonnte.url, command=_desk(shop)) as one,
    ):
        await receives.dispatcher.aclose(1)
        code, phone = await _waiting(shop), make.phone()
        for text in ("halo pak", f"DAFTAR {code}", "/list"):
            await receives.write(shop.device, phone, text)
        await one.sweep.once(0.0)
        await one.dispatcher.idle()

    first, second = shop.read(phone)
    assert first.startswith("✅ Nomor Anda sudah terdaftar!")
    assert second.startswith("📋 Stok")


async def test_a_showroom_whose_bot_is_off_enrols_and_one_that_is_suspended_does_not(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with owner_shop(database, fonnte) as shop:
        code, phone = await _waiting(shop), make.phone()
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("UPDATE tenant SET status = 'suspended', bot_enabled = false")
        await shop.says(phone, f"DAFTAR {code}")
        suspended = (shop.read(phone), await _phone_of(shop, ANI))
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("UPDATE tenant SET status = 'active'")
        await shop.says(phone, "DAFTAR K7QM-3XWP")
        wrong = shop.read(phone)
        right = await tells(shop, phone, f"DAFTAR {code}")

    assert suspended == ([], None)
    assert wrong == []
    assert right.startswith("✅")


async def test_a_lost_phone_stops_working_when_the_new_one_is_enrolled(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with owner_shop(database, fonnte) as shop:
        code, new = await _code(shop, shop.ids[HADI]), make.phone()
        await tells(shop, HADI, "/harga #A01 175jt")
        before = await tells(shop, HADI, "/list")
        await tells(shop, HADI, "/harga #A01 175jt")
        await tells(shop, new, f"DAFTAR {code}")
        old = await tells(shop, HADI, "YA")
        now = await tells(shop, new, "/list")
        async with database.tenant(shop.tenant_id) as db:
            price = await db.fetchval("SELECT price_idr FROM car WHERE display_code = '#A01'")

    assert before.startswith("📋 Stok")  # until then
    assert old == "ok"  # a customer's
    assert now.startswith("📋 Stok")
    assert price == 185_000_000


async def test_the_number_of_somebody_who_left_may_be_enrolled_again(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        async with database.tenant(shop.tenant_id) as db:
            await users.set_fields(db, shop.tenant_id, shop.ids[BUDI], status="inactive")
        code = await _waiting(shop)
        greeting = await tells(shop, BUDI, f"DAFTAR {code}")

        assert greeting.startswith("✅")
        assert await _phone_of(shop, BUDI) is None
        assert await _phone_of(shop, ANI) == shop.phones[BUDI]


async def test_who_has_no_number_yet_is_asked_for_nothing(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte, answer=bargain) as shop:
        await _waiting(shop, name="Ani")
        await _waiting(shop, name="Bos", role=Role.OWNER)
        async with database.tenant(shop.tenant_id) as db:
            await users.set_fields(db, shop.tenant_id, shop.ids[HADI], status="inactive")
            await users.set_fields(db, shop.tenant_id, shop.ids[BUDI], status="inactive")
        customer = make.phone()
        await shop.says(customer, "bisa nego?")
        offered = shop.read(RINA)
        await shop.passes(1000)

    assert "LEAD BARU" in offered[0]
    assert "Rina" in shop.read(customer)[0]


# Refused -------------------------------------------------------------------------------------------------------------


async def test_wrong_expired_and_used_codes_are_refused_alike(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        used, expired = await _waiting(shop), await _waiting(shop, name="Tono", ends_in=timedelta(seconds=-1))
        inactive = await _waiting(shop, name="Wati")
        async with database.tenant(shop.tenant_id) as db:
            wati = await db.fetchval("SELECT id FROM app_user WHERE name = 'Wati'")
            await users.set_fields(db, shop.tenant_id, wati, status="inactive")
            await users.set_fields(db, shop.tenant_id, wati, status="active")
        await tells(shop, make.phone(), f"DAFTAR {used}")
        said = {
            code: await tells(shop, make.phone(), f"DAFTAR {code}") for code in (used, expired, inactive, "K7QM-3XWP")
        }

        assert set(said.values()) == {texts.ENROL_REFUSED}
        assert await _phone_of(shop, "Tono") is None
        assert await _phone_of(shop, "Wati") is None


async def test_a_new_code_makes_the_one_before_void(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        first = await _waiting(shop)
        async with database.tenant(shop.tenant_id) as db:
            ani = UserId(await db.fetchval("SELECT id FROM app_user WHERE name = 'Ani'"))
        second, phone = await _code(shop, ani), make.phone()
        old = await tells(shop, phone, f"DAFTAR {first}")
        new = await tells(shop, phone, f"DAFTAR {second}")

    assert old == texts.ENROL_REFUSED
    assert new.startswith("✅")


async def test_another_showrooms_code_does_nothing(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop, owner_shop(database, fonnte) as other:
        code, phone = await _waiting(other), make.phone()
        here = await tells(shop, phone, f"DAFTAR {code}")
        there = await tells(other, phone, f"DAFTAR {code}")

        assert here == texts.ENROL_REFUSED
        assert there.startswith("✅")
        assert await _phone_of(other, ANI) == phone


async def test_a_user_keeps_the_own_number_and_the_question_that_is_open(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with owner_shop(database, fonnte) as shop:
        code = await _waiting(shop)
        await tells(shop, HADI, "/harga #A01 175jt")
        said = await tells(shop, HADI, f"DAFTAR {code}")
        done = await tells(shop, HADI, "YA")

        assert said == texts.ENROL_ALREADY.format(name=HADI)
        assert await _phone_of(shop, ANI) is None
    assert "Harga diupdate" in done


async def test_who_guesses_is_stopped_even_with_the_right_code(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        code, guesser = await _waiting(shop), make.phone()
        for _ in range(enrol_code.MOST_TRIES):
            await tells(shop, guesser, f"DAFTAR {enrol_code.new()}")
        stopped = await tells(shop, guesser, f"DAFTAR {code}")
        customer = await tells(shop, guesser, "halo")
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("UPDATE inbox SET received_at = received_at - interval '61 minutes'")
        later = await tells(shop, guesser, f"DAFTAR {code}")

    assert stopped == texts.ENROL_TOO_OFTEN
    assert customer == "ok"
    assert later.startswith("✅")


# Faults --------------------------------------------------------------------------------------------------------------


async def test_two_phones_send_one_code_and_one_wins(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        code, phones = await _waiting(shop), [make.phone() for _ in range(6)]
        await asyncio.gather(*(shop.one.write(shop.device, phone, f"DAFTAR {code}") for phone in phones))
        await shop.one.dispatcher.idle()
        winner = await _phone_of(shop, ANI)

    said = {phone: shop.read(phone) for phone in phones}
    assert winner in phones
    for phone, (text,) in said.items():
        assert text.startswith("✅") == (phone == winner)
        assert phone == winner or text == texts.ENROL_REFUSED


async def test_a_process_that_dies_behind_the_enrolment_greets_once(database: Database, fonnte: FonnteStandin) -> None:
    died = []

    async with owner_shop(database, fonnte) as shop:
        desk = _desk(shop)

        async def dies(turn: Turn) -> Outcome:
            outcome = await desk(turn)
            if not died:
                died.append(outcome.joined)
                raise ConnectionError
            return outcome

        async with engine(database, fonnte.url, command=dies) as one:
            code, phone = await _waiting(shop), make.phone()
            await one.write(shop.device, phone, f"DAFTAR {code}")
            await one.dispatcher.idle()
            between = shop.read(phone)
            await one.sweep.once(0.0)
            await one.dispatcher.idle()

    assert died == [True]
    assert between == []
    assert [text.partition("\n")[0] for text in shop.read(phone)] == ["✅ Nomor Anda sudah terdaftar!"]


async def test_an_enrolment_that_is_interrupted_is_made_again(database: Database, fonnte: FonnteStandin) -> None:
    async with owner_shop(database, fonnte) as shop:
        code, phone = await _waiting(shop), make.phone()
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("SELECT id FROM app_user FOR UPDATE")
            await shop.one.write(shop.device, phone, f"DAFTAR {code}")
            async with patience():
                while not await _somebody_waits(database):  # noqa: ASYNC110 - the waiting is in PostgreSQL
                    await asyncio.sleep(0.01)
            await shop.one.write(shop.device, phone, "halo?")  # which interrupts a customer's turn
        await shop.one.dispatcher.idle()

    said = shop.read(phone)
    assert said[0].startswith("✅")
    assert len(said) == 2  # the second message was a user's
    assert texts.HELLO.partition("{")[0] in said[1]


async def _somebody_waits(database: Database) -> bool:
    return bool(await database.pool.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"))


def _desk(shop: Shop) -> Answer:
    desk = Desk(
        shop.database,
        Handover(ROUND),
        takeover_idle=timedelta(1),
        settle_s=PATIENCE_S,
        undo=timedelta(minutes=10),
        lists=make.LISTS,
    )
    return desk.answer


# Codes ---------------------------------------------------------------------------------------------------------------


def test_every_code_is_recognised_in_its_sentence() -> None:
    codes = [enrol_code.new() for _ in range(500)]

    assert len(set(codes)) == 500
    for code in codes:
        assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", code)
        assert enrol_code.sent(enrol_code.sentence(code)) == code


@pytest.mark.parametrize(
    "text",
    [
        "daftar harga", "daftar brio 2020", "daftar l300 2019", "daftar yang baru", "daftar jazz 2022",
        "daftar unit ready", "mau daftar test drive", "daftar", "K7QM-3XWP",
        "cara daftar K7QM-3XWP gimana", "daftar K7QM-3XWPA",
    ],
)  # fmt: skip
def test_what_customers_write_is_no_enrolment(text: str) -> None:
    assert enrol_code.sent(text) is None


def test_only_a_hash_that_differs_between_showrooms_is_stored() -> None:
    code = enrol_code.new()

    one, two = enrol_code.hashed(code, TenantId(1)), enrol_code.hashed(code, TenantId(2))

    assert one != two
    assert code not in one
