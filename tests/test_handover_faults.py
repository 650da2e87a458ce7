"""The hand-over in the wrong order, at the wrong moment and with hostile words."""

import asyncio
import itertools
from datetime import timedelta
from pathlib import Path

import pytest

from autoleads.bot import takeover
from autoleads.bot.handover import Handover
from autoleads.bot.staff.desk import Desk
from autoleads.bot.turn import Outcome, Reply, Turn
from autoleads.media.storage import LocalStorage, private_key
from autoleads.sql import tenants, users
from autoleads.sql.pool import Database
from autoleads.types import ConversationId, ConversationKey, Role
from tests import make
from tests.engine import ROUND, engine
from tests.patience import PATIENCE_S
from tests.standins.fonnte import FonnteStandin
from tests.test_handover import BUDI, HADI, RINA, SARI, Shop, _shop, bargain, forgets, quiet


async def conversation_of(shop: Shop, phone: str) -> ConversationKey:
    async with shop.database.tenant(shop.tenant_id) as db:
        id_ = await db.fetchval("SELECT id FROM conversation WHERE external_id = $1", phone)
    return ConversationKey(shop.tenant_id, ConversationId(id_))


# Wrong order ----------------------------------------------------------------------------------------------------


async def test_what_a_customer_writes_at_the_moment_of_the_taking_reaches_the_taker(
    database: Database, fonnte: FonnteStandin
) -> None:
    thinking, taken = asyncio.Event(), asyncio.Event()

    async def slow(turn: Turn) -> Outcome:
        if "jemput" in turn.text:
            thinking.set()
            await taken.wait()
        return await bargain(turn)

    async with _shop(database, fonnte, BUDI, answer=slow) as shop:
        customer = make.phone()
        await shop.says(customer, "bisa nego?")
        await shop.one.write(shop.device, customer, "bisa jemput jam 5?", name="Ahmad")
        await thinking.wait()
        await shop.one.write(shop.device, shop.phones["Budi"], "1")
        await fonnte.wait_for(lambda: len(shop.read("Budi")) == 2)
        taken.set()
        await shop.one.dispatcher.idle()

    assert "sekarang milik Anda" in shop.read("Budi")[1]
    assert "bisa jemput jam 5?" in shop.read("Budi")[2]
    assert shop.read(customer) == ["Budi akan chat"]


@pytest.mark.parametrize("command", ["/status-lead 1 lost", "/selesai 1"])
async def test_a_lead_that_is_over_leaves_the_customers_next_one_alone(
    database: Database, fonnte: FonnteStandin, command: str
) -> None:
    async with _shop(database, fonnte, BUDI, SARI) as shop:
        customer = make.phone()
        await shop.says(customer, "bisa nego?")
        await shop.says("Budi", "1")
        await shop.says("Budi", "/lead")
        async with database.tenant(shop.tenant_id) as db:  # the owner closes it from the dashboard
            await db.execute("UPDATE lead SET status = 'closed', closed_at = now()")
            await takeover.release(db, *await conversation_of(shop, customer))
        await shop.says(customer, "ada yang lain? bisa nego?")  # a new lead, offered to Sari
        await shop.says("Sari", "1")
        await shop.says("Budi", command)
        await shop.says(customer, "halo?")

    assert "menulis di nomor showroom:\n\n> halo?" in shop.read("Sari")[-1]


async def test_a_lead_that_is_over_does_not_end_the_next_ones_round(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI, SARI) as shop:
        customer = make.phone()
        await shop.says(customer, "bisa nego?")
        await shop.says("Budi", "1")
        await shop.says("Budi", "/lead")
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("UPDATE lead SET status = 'closed', closed_at = now()")
            await takeover.release(db, *await conversation_of(shop, customer))
        await shop.says(customer, "bisa nego?")
        await shop.says("Budi", "/status-lead 1 lost")
        await shop.passes(300)

        assert [status for status, _ in await shop.status()] == ["lost", "hot"]
    assert len(shop.read("Sari")) == 1
    assert len([text for text in shop.read("Budi") if "LEAD BARU" in text]) == 2


async def test_who_skips_is_not_asked_again(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, HADI) as shop:
        await shop.says(make.phone(), "bisa nego?")
        await shop.says("Pak Hadi", "2")
        await shop.passes(3600)

    assert shop.read("Pak Hadi")[1:] == ["Oke, lead Ahmad tetap tercatat di /lead."]


async def test_an_owner_who_skips_leaves_it_to_the_other_owner(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, HADI, ("Bu Hadi", Role.OWNER)) as shop:
        await shop.says(make.phone(), "bisa nego?")
        await shop.says("Pak Hadi", "2")
        await shop.says("Bu Hadi", "2")
        await shop.says("Pak Hadi", "/lead")

    assert [len(shop.read(name)) for name in ("Pak Hadi", "Bu Hadi")] == [3, 2]


async def test_skipping_what_one_has_says_that_one_has_it(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        await shop.says(make.phone(), "bisa nego?")
        await shop.says("Budi", "1")
        await shop.says("Budi", "2")

    assert "sudah milik Anda" in shop.read("Budi")[2]
    assert "/selesai Ahmad" in shop.read("Budi")[2]


async def test_a_third_offer_does_not_turn_the_choice_of_a_lead_into_a_skip(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        for name in ("Ahmad", "Dewi"):
            await shop.says(make.phone(), "bisa nego?", name=name)
        await shop.says("Budi", "1")
        await shop.says(make.phone(), "bisa nego?", name="Joko")
        await shop.says("Budi", "2")

    assert "Mau ambil yang mana" in shop.read("Budi")[-1]


@pytest.mark.parametrize(
    ("text", "took"),
    [("1️⃣", True), ("１", True), (" 1.", True), ("ambil", True), ("AMBIL", True), ("1 ambil", True), ("satu", True),
     ("2 - skip", False), ("skip", False), ("SKIP!", False), ("dua", False)],
)  # fmt: skip
async def test_an_offer_is_answered_as_people_write(
    database: Database, fonnte: FonnteStandin, text: str, took: bool
) -> None:
    async with _shop(database, fonnte, BUDI, SARI) as shop:
        await shop.says(make.phone(), "bisa nego?")
        await shop.says("Budi", text)

        assert await shop.status() == [("hot", shop.ids["Budi"] if took else None)]
    assert len(shop.read("Sari")) == (0 if took else 1)


# Lists ----------------------------------------------------------------------------------------------------------


async def test_a_list_keeps_its_numbers_when_a_lead_goes(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, HADI, answer=quiet) as shop:
        for n in range(8, 0, -1):
            await shop.says(make.phone(), "halo", name=f"Tamu{n}")
        await shop.says("Pak Hadi", "/lead")
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("DELETE FROM lead WHERE customer_name = 'Tamu2'")
        await shop.says("Pak Hadi", "lanjut")
        await shop.says("Pak Hadi", "4")

    _, second, shown = shop.read("Pak Hadi")
    assert "6. Tamu6" in second
    assert "👤 Tamu4" in shown


async def test_a_status_is_looked_for_behind_many_others(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, HADI, answer=quiet) as shop:
        await shop.says(make.phone(), "halo", name="Dewi")
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("UPDATE lead SET status = 'cold'")
            await db.execute(
                """WITH c AS (
                       INSERT INTO conversation (tenant_id, device_id, channel, external_id)
                       SELECT $1, d.id, d.channel, 'x' || n FROM device d, generate_series(1, 60) n RETURNING id)
                   INSERT INTO lead (tenant_id, conversation_id, customer_name, status)
                   SELECT $1, id, 'Ramai', 'hot' FROM c""",
                shop.tenant_id,
            )
        await shop.says("Pak Hadi", "/lead cold")

    assert "1. Dewi" in shop.read("Pak Hadi")[0]


async def test_a_lead_that_is_over_is_not_offered_to_be_taken(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, HADI, answer=quiet) as shop:
        await shop.says(make.phone(), "halo", name="Dewi")
        await shop.says("Pak Hadi", "/status-lead Dewi lost")
        await shop.says("Pak Hadi", "/lead Dewi")

    assert "👤 Dewi" in shop.read("Pak Hadi")[1]
    assert "AMBIL" not in shop.read("Pak Hadi")[1]


async def leaves(turn: Turn) -> Outcome:
    if "stop" in turn.text:
        return Outcome(replies=(Reply(text="baik"),), memory={"opt_out": True}, opt_out=True)
    return await bargain(turn)


async def test_who_wants_no_messages_is_marked(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI, answer=leaves) as shop:
        customer = make.phone()
        await shop.says(customer, "bisa nego?")
        await shop.says(customer, "stop")
        await shop.says("Budi", "/lead")
        await shop.says("Budi", "/lead Ahmad")

    for text in shop.read("Budi")[1:]:
        assert "minta tidak dihubungi lagi" in text


# People come and go ---------------------------------------------------------------------------------------------


async def test_the_leads_of_who_left_can_be_taken(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI, SARI) as shop:
        await shop.says(make.phone(), "bisa nego?")
        await shop.says("Budi", "1")
        async with database.tenant(shop.tenant_id) as db:
            await users.set_fields(db, shop.tenant_id, shop.ids["Budi"], status="inactive")
        await shop.says("Sari", "/lead Ahmad")
        await shop.says("Sari", "1")

        assert await shop.status() == [("hot", shop.ids["Sari"])]


async def test_who_was_a_customer_in_the_hands_of_a_person_is_obeyed_as_a_user(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        tono = make.phone()
        await shop.says(tono, "bisa nego?", name="Tono")
        await shop.says("Budi", "1")
        await make.user(database, shop.tenant_id, role=Role.SALES, number=tono, name="Tono")
        await shop.says(tono, "/help")

    assert "Perintah untuk sales" in shop.read(tono)[-1]


async def test_users_are_obeyed_while_the_bot_is_off(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        customer = make.phone()
        await shop.says(customer, "bisa nego?")
        async with database.tenant(shop.tenant_id) as db:
            await tenants.set_fields(db, shop.tenant_id, bot_enabled=False)
        await shop.says(customer, "halo?")
        await shop.says("Budi", "1")

    assert "sekarang milik Anda" in shop.read("Budi")[1]
    assert shop.read(customer) == ["Budi akan chat"]


async def test_an_admin_is_called_where_there_is_no_owner(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI, RINA) as shop:
        await shop.says(make.phone(), "bisa nego?")
        await shop.passes(900)

    assert "LEAD BELUM DIAMBIL" in shop.read("Rina")[0]


async def test_a_new_salesperson_who_once_wanted_no_messages_gets_offers(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with _shop(database, fonnte, answer=leaves) as shop:
        tono = make.phone()
        await shop.says(tono, "stop", name="Tono")
        await make.user(database, shop.tenant_id, role=Role.SALES, number=tono, name="Tono")
        await shop.says(make.phone(), "bisa nego?")

    assert "LEAD BARU" in shop.read(tono)[-1]


# Hostile words --------------------------------------------------------------------------------------------------

FORGED = "Ahmad\n\n✅ Lead Dewi sekarang milik Anda.\nhttps://evil.example"


async def test_a_name_stays_on_its_line(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        await shop.says(make.phone(), "bisa nego?", name=FORGED)
        await shop.says("Budi", "1")

    for text in shop.read("Budi"):
        assert not [line for line in text.splitlines() if line.startswith(("✅ Lead Dewi", "https://evil"))]


async def test_what_a_customer_writes_cannot_be_taken_for_the_bots_words(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        customer = make.phone()
        await shop.says(customer, "bisa nego?")
        await shop.says("Budi", "1")
        await shop.says(customer, "halo\n\n🔥 LEAD BARU!\n\n1 = AMBIL")
        await shop.says(customer, "x" * 60_000)

    forged, long = shop.read("Budi")[2:]
    assert not [line for line in forged.splitlines() if line.startswith(("🔥", "1 = AMBIL"))]
    assert len(long) < 5_000


NAMES = ("Pak Ahmad", "Ibu Sari", "🔥", "1 2 3", "/selesai", "Hot Wheels", "{name}", "PT. Maju")


@pytest.mark.parametrize("name", NAMES)
async def test_what_the_bot_says_to_type_finds_the_lead(database: Database, fonnte: FonnteStandin, name: str) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        await shop.says(make.phone(), "bisa nego?", name="Lainnya")
        await shop.says(make.phone(), "bisa nego?", name=name)
        typed = shop.read("Budi")[1].partition("ketik ")[2].partition("\n")[0]
        await shop.says("Budi", typed)

    assert f"👤 {name.translate(str.maketrans('{}', '()'))} (" in shop.read("Budi")[2]


async def test_a_flood_is_not_passed_on_to_who_has_the_conversation(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        customer = make.phone()
        await shop.says(customer, "bisa nego?")
        await shop.says("Budi", "1")
        for n in range(30):
            await shop.says(customer, f"spam {n}")

        async with database.tenant(shop.tenant_id) as db:
            assert await db.fetchval("SELECT count(*) FROM message WHERE body LIKE 'spam %'") == 30
    assert "spam 0" in shop.read("Budi")[2]
    assert len(shop.read("Budi")) < 25


async def test_many_long_notes_leave_the_lead_readable(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        await shop.says(make.phone(), "bisa nego?")
        await shop.says("Budi", "1")
        for n in range(4):
            await shop.says("Budi", f"/catat Ahmad catatan {n} {'x' * 10_000}")
        await shop.says("Budi", "/catat Ahmad yang terakhir")
        await shop.says("Budi", "/lead Ahmad")

    assert max(len(text) for text in shop.read("Budi")) < 5_000
    assert "yang terakhir" in shop.read("Budi")[-1]


async def test_an_unknown_lead_is_not_read_back_at_length(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        await shop.says("Budi", "/lead " + "x" * 10_000)

    assert len(shop.read("Budi")[0]) < 1_000


# Deletion -------------------------------------------------------------------------------------------------------


async def test_asking_again_does_not_put_the_deletion_off(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, answer=forgets) as shop:
        customer = make.phone()
        await shop.says(customer, "hapus data saya")
        await shop.passes(20 * 3600)
        await shop.says(customer, "hapus data saya dong")
        await shop.passes(4 * 3600)

        async with database.tenant(shop.tenant_id) as db:
            assert await db.fetchval("SELECT count(*) FROM message") == 0


async def test_what_is_being_answered_when_the_deletion_falls_due_is_answered(
    database: Database, fonnte: FonnteStandin
) -> None:
    thinking, erased = asyncio.Event(), asyncio.Event()
    heard = []

    async def slow(turn: Turn) -> Outcome:
        heard.append(turn.text)
        if turn.text == "halo lagi" and not thinking.is_set():
            thinking.set()
            await erased.wait()
        return await forgets(turn)

    async with _shop(database, fonnte, answer=slow) as shop:
        customer = make.phone()
        await shop.says(customer, "nama saya Ahmad, bisa nego?")
        await shop.says(customer, "hapus data saya")
        await shop.one.write(shop.device, customer, "halo lagi", name="Ahmad")
        await thinking.wait()
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("UPDATE timer SET due_at = now()")
        await shop.one.sweep.once(0.0)
        erased.set()
        await shop.one.dispatcher.idle()
        await shop.one.sweep.once(0.0)
        await shop.one.dispatcher.idle()

        async with database.tenant(shop.tenant_id) as db:
            said = await db.fetch("SELECT body FROM message WHERE sender = 'customer'")
    assert [line["body"] for line in said] == ["halo lagi"]


async def _attach(shop: Shop, key: ConversationKey, path: str, age: timedelta, inbox_id: int) -> None:
    async with shop.database.tenant(shop.tenant_id) as db:
        await db.execute(
            """INSERT INTO attachment (tenant_id, conversation_id, inbox_id, kind, source_url, state, path, created_at)
               VALUES ($1, $2, $3, 'image', 'http://x', 'stored', $4, now() - $5::interval)""",
            *key, inbox_id, path, age,
        )  # fmt: skip


async def test_the_files_of_who_wants_to_be_forgotten_go(
    database: Database, fonnte: FonnteStandin, tmp_path: Path
) -> None:
    storage = LocalStorage(tmp_path)
    async with _shop(database, fonnte, answer=forgets, uploads=tmp_path) as shop:
        customer, other = make.phone(), make.phone()
        await shop.says(customer, "halo")
        await shop.says(other, "halo")
        mine, theirs = await conversation_of(shop, customer), await conversation_of(shop, other)
        paths = [private_key(shop.tenant_id, key.conversation_id, "a1.jpg") for key in (mine, theirs)]
        await storage.put(dict.fromkeys(paths, b"photo"))
        for n, (key, path) in enumerate(((mine, paths[0]), (mine, paths[0]), (theirs, paths[1])), 1):
            await _attach(shop, key, path, timedelta(0), n)
        await shop.says(customer, "hapus data saya")
        await shop.passes(24 * 3600)

        async with database.tenant(shop.tenant_id) as db:
            left = await db.fetch("SELECT path FROM attachment")
    assert [await storage.exists(path) for path in paths] == [False, True]
    assert [row["path"] for row in left] == paths[1:]


async def test_who_came_back_keeps_the_files_sent_since(
    database: Database, fonnte: FonnteStandin, tmp_path: Path
) -> None:
    storage = LocalStorage(tmp_path)
    async with _shop(database, fonnte, answer=forgets, uploads=tmp_path) as shop:
        customer = make.phone()
        await shop.says(customer, "halo")
        key = await conversation_of(shop, customer)
        before, both, since = paths = [private_key(*key, f"{name}.jpg") for name in ("a1", "b2", "c3")]
        await storage.put(dict.fromkeys(paths, b"photo"))
        await _attach(shop, key, before, timedelta(minutes=1), 1)
        await _attach(shop, key, both, timedelta(minutes=1), 2)
        await shop.says(customer, "hapus data saya")
        await shop.says(customer, "halo lagi")
        await _attach(shop, key, both, timedelta(0), 3)
        await _attach(shop, key, since, timedelta(0), 4)
        await shop.passes(24 * 3600)

    assert [await storage.exists(path) for path in (before, both, since)] == [False, True, True]


# Two showrooms --------------------------------------------------------------------------------------------------


async def test_who_sells_for_two_showrooms_takes_the_lead_of_the_one_that_is_written_to(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with _shop(database, fonnte, BUDI) as one, _shop(database, fonnte) as other:
        await make.user(database, other.tenant_id, role=Role.SALES, number=one.phones["Budi"], name="Budi")
        await one.says(make.phone(), "bisa nego?", name="Ahmad")
        await other.says(make.phone(), "bisa nego?", name="Dewi")
        await other.says(one.phones["Budi"], "1")

        assert [user for _, user in await one.status()] == [None]
        assert [user is not None for _, user in await other.status()] == [True]


# Everything at once ---------------------------------------------------------------------------------------------


async def test_processes_customers_users_and_timers_at_once_wait_for_nobody_in_a_circle(
    database: Database, fonnte: FonnteStandin, caplog: pytest.LogCaptureFixture
) -> None:
    people = [(f"Sales{n}", Role.SALES) for n in range(6)]
    command = Desk(
        database,
        Handover(ROUND),
        takeover_idle=timedelta(hours=4),
        settle_s=PATIENCE_S,
        undo=timedelta(minutes=10),
        lists=make.LISTS,
    ).answer
    async with (
        _shop(database, fonnte, *people, HADI) as shop,
        engine(database, fonnte.url, bargain, command=command, cap=1000) as other,
    ):
        either = itertools.cycle((shop.one, other))
        customers = [make.phone() for _ in range(8)]
        for customer in customers:
            await shop.says(customer, "bisa nego?", name=f"Tamu{customer[-3:]}")

        async def customer(phone: str) -> None:
            for _ in range(4):
                await next(either).write(shop.device, phone, "nego dong", name="Tamu")
                await asyncio.sleep(0.02)

        async def seller(name: str) -> None:
            for text in ("1", "1", "2", "1", "/selesai", "/lead", "2", "/status-lead 1 lost", "/catat 1 x"):
                await next(either).write(shop.device, shop.phones[name], text)
                await asyncio.sleep(0.01)

        async def clock() -> None:
            for _ in range(8):
                async with database.tenant(shop.tenant_id) as db:
                    await db.execute("UPDATE timer SET due_at = clock_timestamp()")
                await next(either).sweep.once(0.0)

        await asyncio.gather(
            *(customer(phone) for phone in customers), *(seller(name) for name, _ in people), clock(), clock()
        )
        for one in (shop.one, other, shop.one):  # each takes up what the other had to leave
            await one.dispatcher.idle()
            await one.sweep.once(0.0)
            await one.dispatcher.idle()

        async with database.tenant(shop.tenant_id) as db:
            open_ = await db.fetchval("SELECT count(*) FROM conversation WHERE last_inbox_id > done_inbox_id")
            twice = await db.fetchval(
                "SELECT count(*) FROM (SELECT 1 FROM lead WHERE status NOT IN ('closed', 'lost') "
                "GROUP BY conversation_id HAVING count(*) > 1) d"
            )
    assert (open_, twice) == (0, 0)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
