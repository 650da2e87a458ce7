"""Hot leads reach people: offered, taken by one, passed on, escalated; and what users then do with them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from autoleads.bot.handover import Handover
from autoleads.bot.staff.desk import Desk
from autoleads.bot.turn import LeadNews, Outcome, Reply, Turn
from autoleads.formats import phone_display
from autoleads.sql import leads, users
from autoleads.sql.conversations import Round
from autoleads.sql.pool import Database
from autoleads.types import LeadStatus, Role, TenantId, UserId
from tests import make
from tests.engine import ROUND, Engine, engine
from tests.patience import PATIENCE_S
from tests.standins.fonnte import FonnteStandin


async def bargain(turn: Turn) -> Outcome:
    """Hot whatever is written, about #A01; says who was promised."""
    car = turn.stock.by_code("#A01")
    person = turn.handler or (turn.sales[0] if turn.sales else None)
    return Outcome(
        replies=(Reply(text=f"{person.name if person else 'tim'} akan chat"),),
        memory={**turn.memory, "car": "#A01", "reasons": ["car", "negotiation"]},
        lead=LeadNews(
            car_id=car.id if car else None, status=LeadStatus.HOT, score=7, reasons=("minat mobil tertentu", "mau nego")
        ),
        hand_over=person,
    )


async def quiet(turn: Turn) -> Outcome:
    return Outcome(replies=(Reply(text="ok"),), memory=turn.memory)


@dataclass
class Shop:
    """A showroom at work: who sells there, and what each of them has read."""

    database: Database
    fonnte: FonnteStandin
    tenant_id: TenantId
    device: str
    phones: dict[str, str]
    ids: dict[str, UserId]
    one: Engine

    async def says(self, who: str, text: str, *, name: str = "Ahmad") -> None:
        await self.one.write(self.device, self.phones.get(who, who), text, name=name)
        await self.one.dispatcher.idle()

    async def passes(self, seconds: float) -> None:
        """Time goes by for the timers and for what was asked."""
        async with self.database.tenant(self.tenant_id) as db:
            await db.execute("UPDATE timer SET due_at = due_at - make_interval(secs => $1)", seconds)
        await self.one.sweep.once(0.0)
        await self.one.dispatcher.idle()

    def read(self, who: str) -> list[str]:
        return [sent.message for sent in self.fonnte.sent if sent.target == self.phones.get(who, who)]

    async def status(self) -> list[tuple[str, UserId | None]]:
        async with self.database.tenant(self.tenant_id) as db:
            rows = await db.fetch("SELECT status, assigned_to FROM lead ORDER BY id")
        return [(row["status"], row["assigned_to"]) for row in rows]


@asynccontextmanager
async def _shop(
    database: Database,
    fonnte: FonnteStandin,
    *people: tuple[str, Role],
    answer: Callable[[Turn], Awaitable[Outcome]] = bargain,
    round_: Round = ROUND,
    uploads: Path = Path("no-uploads"),
) -> AsyncIterator[Shop]:
    tenant_id = await make.tenant(database)
    await make.cars(database, tenant_id, *make.sample_rows())
    phones = {name: make.phone() for name, _ in people}
    ids = {
        name: await make.user(database, tenant_id, role=role, number=phones[name], name=name) for name, role in people
    }
    desk = Desk(
        database,
        Handover(round_),
        takeover_idle=timedelta(hours=4),
        settle_s=PATIENCE_S,
        undo=timedelta(minutes=10),
        lists=make.LISTS,
    )
    async with engine(
        database, fonnte.url, answer, command=desk.answer, round_=round_, cap=1000, uploads=uploads
    ) as one:
        device = await make.device_of(database, tenant_id)
        yield Shop(database, fonnte, tenant_id, device, phones, ids, one)


BUDI, SARI, RINA = ("Budi", Role.SALES), ("Sari", Role.SALES), ("Rina", Role.ADMIN)
HADI = ("Pak Hadi", Role.OWNER)


# Offered --------------------------------------------------------------------------------------------------------


async def test_a_hot_lead_reaches_the_person_that_the_customer_was_promised(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with _shop(database, fonnte, BUDI, SARI, HADI) as shop:
        customer = make.phone()
        await shop.says(customer, "Yang #A01, bisa nego?")

    assert shop.read(customer) == ["Budi akan chat"]
    [notice] = shop.read("Budi")
    for part in (
        "LEAD BARU",
        f"Ahmad ({phone_display(customer)})",
        "Toyota Avanza 2020 Hitam #A01",
        "Nego dari Rp 185.000.000",
        "HOT - mau nego",
        "Yang #A01, bisa nego?",
        "1 = AMBIL",
        "2 = SKIP",
    ):
        assert part in notice
    assert shop.read("Sari") == shop.read("Pak Hadi") == []


async def test_a_lead_is_offered_once_while_it_waits(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI, SARI) as shop:
        customer = make.phone()
        for text in ("bisa nego?", "halo, nego dong", "kapan dihubungi?"):
            await shop.says(customer, text)

    assert len(shop.read("Budi")) == 1
    assert shop.read("Sari") == []


async def test_customers_go_round_among_the_sales(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI, SARI) as shop:
        for _ in range(4):
            await shop.says(make.phone(), "bisa nego?")

    assert (len(shop.read("Budi")), len(shop.read("Sari"))) == (2, 2)


async def test_without_sales_the_owner_is_asked(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, HADI) as shop:
        await shop.says(make.phone(), "bisa nego?")

    assert len(shop.read("Pak Hadi")) == 1


async def test_without_anybody_the_customer_is_answered_all_the_same(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte) as shop:
        customer = make.phone()
        await shop.says(customer, "bisa nego?")

    assert shop.read(customer) == ["tim akan chat"]


# Taken ----------------------------------------------------------------------------------------------------------


async def test_taking_a_lead_mutes_the_bot_and_hands_over_the_context(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with _shop(database, fonnte, BUDI, SARI) as shop:
        customer = make.phone()
        await shop.says(customer, "Yang #A01, bisa nego?")
        await shop.says("Budi", "1")
        await shop.says(customer, "halo, masih ada?")

        assert await shop.status() == [("hot", shop.ids["Budi"])]
    taken, relayed = shop.read("Budi")[1:]
    for part in (
        "✅ Lead Ahmad sekarang milik Anda",
        phone_display(customer),
        f"https://wa.me/{customer}",
        "Minat: Toyota Avanza 2020 Hitam #A01",
        "Budget: Nego dari Rp 185.000.000",
        "HOT (7/10)",
        "[Customer] Yang #A01, bisa nego?",
        "[Bot] Budi akan chat",
        "Good luck closing",
    ):
        assert part in taken
    assert shop.read(customer) == ["Budi akan chat"]  # the bot is silent, and the promise was kept
    assert "halo, masih ada?" in relayed


async def test_fifty_press_at_once_and_one_wins(database: Database, fonnte: FonnteStandin) -> None:
    people = [(f"Sales {n:02d}", Role.SALES) for n in range(50)]
    async with _shop(database, fonnte, *people) as shop:
        await shop.says(make.phone(), "bisa nego?")
        for _ in range(49):
            await shop.passes(300)
        assert all(len(shop.read(name)) == 1 for name, _ in people)
        await asyncio.gather(*(shop.one.write(shop.device, shop.phones[name], "1") for name, _ in people))
        await shop.one.dispatcher.idle()

        [(_, winner)] = await shop.status()
    name = next(name for name, id_ in shop.ids.items() if id_ == winner)
    answers = {name: shop.read(name)[1] for name, _ in people}
    assert "sekarang milik Anda" in answers.pop(name)
    assert set(answers.values()) == {f"Lead Ahmad sudah diambil {name}."}
    assert len(answers) == 49


async def test_who_takes_it_instead_is_introduced(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI, SARI) as shop:
        customer = make.phone()
        await shop.says(customer, "bisa nego?")
        await shop.says("Budi", "2")
        await shop.says("Sari", "1")

    assert shop.read("Budi")[1] == "Oke, lead Ahmad saya tawarkan ke Sari ya."
    assert shop.read(customer)[1] == (
        "Kak, yang bantu Kakak selanjutnya Sari dari tim sales kami ya, sebentar lagi dihubungi 😊"
    )


async def test_taking_twice_is_taking_once(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        await shop.says(make.phone(), "bisa nego?")
        await shop.says("Budi", "1")
        await shop.says("Budi", "1")

    assert shop.read("Budi")[2] == "Lead Ahmad sudah milik Anda 👍"


async def test_with_two_offers_the_number_asks_which(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        await shop.says(make.phone(), "bisa nego?", name="Ahmad")
        await shop.says(make.phone(), "bisa nego?", name="Dewi")
        await shop.says("Budi", "1")
        await shop.says("Budi", "2")

        held = await shop.status()
    asked, taken = shop.read("Budi")[2:]
    assert "Ada 2 lead yang menunggu" in asked
    assert "1. Dewi" in asked
    assert "2. Ahmad" in asked
    assert "Lead Ahmad sekarang milik Anda" in taken
    assert [user for _, user in held] == [shop.ids["Budi"], None]


async def test_a_number_that_nobody_asked_for_takes_nothing(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI, SARI) as shop:
        await shop.says(make.phone(), "bisa nego?")
        await shop.says("Sari", "1")

        assert await shop.status() == [("hot", None)]
    assert "Tidak ada yang menunggu jawaban 1" in shop.read("Sari")[0]


# Passed on ------------------------------------------------------------------------------------------------------


async def test_after_five_minutes_the_next_is_asked_and_after_fifteen_the_owner(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with _shop(database, fonnte, BUDI, SARI, RINA, HADI) as shop:
        await shop.says(make.phone(), "bisa nego?")
        await shop.passes(299)
        assert shop.read("Sari") == []
        await shop.passes(1)
        assert "LEAD BARU" in shop.read("Sari")[0]
        await shop.passes(299)
        await shop.passes(1)  # nobody is left to ask
        await shop.passes(299)
        assert shop.read("Pak Hadi") == []
        await shop.passes(1)
        await shop.passes(3600)

        [alert] = shop.read("Pak Hadi")
        assert "LEAD BELUM DIAMBIL" in alert
        await shop.says("Pak Hadi", "1")
        assert await shop.status() == [("hot", shop.ids["Pak Hadi"])]
    assert (len(shop.read("Budi")), len(shop.read("Sari")), shop.read("Rina")) == (1, 1, [])


async def test_timers_outlive_the_process(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI, SARI, HADI) as shop:
        await shop.says(make.phone(), "bisa nego?")
    async with database.tenant(shop.tenant_id) as db:
        await db.execute("UPDATE timer SET due_at = due_at - interval '16 minutes'")

    async with engine(database, fonnte.url, bargain) as other:
        await other.sweep.once(0.0)
        await other.dispatcher.idle()

    assert len(shop.read("Sari")) == 1
    assert "LEAD BELUM DIAMBIL" in shop.read("Pak Hadi")[0]


async def test_when_all_skip_the_owner_hears_at_once(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI, SARI, HADI) as shop:
        await shop.says(make.phone(), "bisa nego?")
        await shop.says("Budi", "2")
        await shop.says("Sari", "2")
        await shop.passes(3600)

    assert "tawarkan ke Sari" in shop.read("Budi")[1]
    assert "teruskan ke owner" in shop.read("Sari")[1]
    assert len(shop.read("Pak Hadi")) == 1


async def test_a_late_skip_asks_nobody_twice(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI, SARI, ("Tono", Role.SALES)) as shop:
        await shop.says(make.phone(), "bisa nego?")
        await shop.passes(300)
        await shop.says("Budi", "2")

    assert len(shop.read("Sari")) == 1
    assert shop.read("Tono") == []


async def test_who_took_it_is_asked_first_the_next_time(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI, SARI, ("Tono", Role.SALES)) as shop:
        customer = make.phone()
        await shop.says(customer, "bisa nego?")
        await shop.says("Budi", "2")
        await shop.says("Sari", "1")
        await shop.says("Sari", "/selesai Ahmad")
        await shop.says(customer, "mau nego lagi")

    assert shop.read(customer)[-1] == "Sari akan chat"
    assert "LEAD BARU" in shop.read("Sari")[-1]


async def test_the_branch_of_the_car_comes_first(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI, SARI, ("Tono", Role.SALES), answer=bargain) as shop:
        branch = await make.branch(database, shop.tenant_id, "Malang")
        async with database.tenant(shop.tenant_id) as db:
            await db.execute("UPDATE app_user SET branch_id = $1 WHERE name = 'Tono'", branch)
            await db.execute("UPDATE car SET branch_id = $1 WHERE display_code = '#A01'", branch)
        await shop.says(make.phone(), "bisa nego?")  # the answer promised Budi
        await shop.passes(300)

    assert len(shop.read("Tono")) == 1
    assert shop.read("Sari") == []


async def test_who_wants_no_messages_is_not_offered_any_more(database: Database, fonnte: FonnteStandin) -> None:
    async def leaves(turn: Turn) -> Outcome:
        if "stop" in turn.text:
            return Outcome(replies=(Reply(text="baik"),), memory={"opt_out": True}, opt_out=True)
        return await bargain(turn)

    async with _shop(database, fonnte, BUDI, SARI, HADI, answer=leaves) as shop:
        customer = make.phone()
        await shop.says(customer, "bisa nego?")
        await shop.says(customer, "stop")
        await shop.passes(3600)
        await shop.says("Budi", "1")

    assert shop.read("Sari") == shop.read("Pak Hadi") == []
    assert shop.read(customer) == ["Budi akan chat", "baik"]


# Worked on ------------------------------------------------------------------------------------------------------


async def test_done_gives_the_conversation_back(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        customer = make.phone()
        await shop.says(customer, "bisa nego?")
        await shop.says("Budi", "1")
        await shop.says("Budi", "/selesai")
        await shop.says(customer, "halo")

    assert "Chat Ahmad saya kembalikan ke bot" in shop.read("Budi")[2]
    assert len(shop.read(customer)) == 2


async def test_the_bot_comes_back_by_itself(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        customer = make.phone()
        await shop.says(customer, "bisa nego?")
        await shop.says("Budi", "1")
        await shop.passes(4 * 3600)
        await shop.says(customer, "halo")

    assert len(shop.read(customer)) == 2


async def test_who_leaves_the_showroom_leaves_the_conversations_to_the_bot(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with _shop(database, fonnte, BUDI, SARI) as shop:
        customer = make.phone()
        await shop.says(customer, "bisa nego?")
        await shop.says("Budi", "1")
        async with database.tenant(shop.tenant_id) as db:
            await users.set_fields(db, shop.tenant_id, shop.ids["Budi"], status="inactive")
        await shop.says(customer, "halo?")

    assert shop.read(customer)[-1] == "Sari akan chat"


@pytest.mark.parametrize("text", ["/upload", "avanza hitam yang kemarin udah laku"])
async def test_sales_do_not_change_the_stock(database: Database, fonnte: FonnteStandin, text: str) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        await shop.says("Budi", text)

    assert "hanya untuk owner dan admin" in shop.read("Budi")[0]


async def test_leads_are_listed_and_shown(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI, SARI) as shop:
        await shop.says(make.phone(), "bisa nego?", name="Ahmad")
        await shop.says(make.phone(), "bisa nego?", name="Dewi")
        await shop.says("Sari", "1")
        await shop.says("Budi", "/lead")
        await shop.says("Budi", "1")
        await shop.says("Budi", "1")
        await shop.says("Sari", "/lead Ahmad")

        assert await shop.status() == [("hot", shop.ids["Budi"]), ("hot", shop.ids["Sari"])]
    listed, shown, taken = shop.read("Budi")[1:]
    assert "Lead terbuka: 1" in listed
    assert "Ahmad" in listed
    assert "Dewi" not in listed
    assert "[Customer] bisa nego?" in shown
    assert "Balas 1 untuk AMBIL" in shown
    assert "sekarang milik Anda" in taken
    assert shop.read("Sari")[-1] == "Lead Ahmad dipegang Budi, jadi hanya Budi atau owner yang bisa mengubahnya."


async def test_five_leads_a_page(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, HADI, answer=quiet) as shop:
        for n in range(12):
            await shop.says(make.phone(), "halo", name=f"Tamu{n}")
        for text in ("/lead", "lanjut", "lanjut", "lanjut", "7"):
            await shop.says("Pak Hadi", text)

    first, second, third, none, shown = shop.read("Pak Hadi")
    assert "Lead terbuka: 12" in first
    assert [sum(f"\n{n}. Tamu" in page for n in range(1, 13)) for page in (first, second, third)] == [5, 5, 2]
    assert "tidak ada lead lagi" in none
    assert "Tidak ada yang menunggu" in shown


async def test_a_status_is_moved_and_a_closed_lead_goes_back_to_the_bot(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        customer = make.phone()
        await shop.says(customer, "bisa nego?")
        await shop.says("Budi", "1")
        await shop.says("Budi", "/status-lead Ahmad warm")
        await shop.says("Budi", "/status-lead Ahmad closed")
        await shop.says(customer, "terima kasih")

        assert (await shop.status())[0] == ("closed", shop.ids["Budi"])
    assert shop.read("Budi")[2:4] == [
        "✅ Lead Ahmad: HOT → WARM.",
        "✅ Lead Ahmad: WARM → CLOSED. Chat-nya saya kembalikan ke bot.",
    ]


async def test_a_note_is_kept_with_its_writer(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        await shop.says(make.phone(), "bisa nego?")
        await shop.says("Budi", "1")
        await shop.says("Budi", "/catat Ahmad minta dihubungi habis gajian")
        await shop.says("Budi", "/lead Ahmad")

    assert shop.read("Budi")[2] == "📝 Dicatat untuk Ahmad: minta dihubungi habis gajian"
    assert "Budi: minta dihubungi habis gajian" in shop.read("Budi")[3]


@pytest.mark.parametrize("ref", ["Ahmad", "ahmat", "Ahmad Fauzi", "{digits}"])
async def test_a_lead_is_found_by_name_or_number(database: Database, fonnte: FonnteStandin, ref: str) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        customer = make.phone()
        await shop.says(customer, "bisa nego?", name="Ahmad Fauzi")
        await shop.says("Budi", "1")
        await shop.says("Budi", f"/lead {ref.format(digits=customer[-4:])}")

    assert "👤 Ahmad Fauzi" in shop.read("Budi")[2]


async def test_a_lead_is_named_by_its_number_in_the_list(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, HADI, answer=quiet) as shop:
        await shop.says(make.phone(), "halo", name="Ahmad")
        await shop.says(make.phone(), "halo", name="Dewi")
        await shop.says("Pak Hadi", "/lead")
        await shop.says("Pak Hadi", "/status-lead 2 warm")

    assert shop.read("Pak Hadi")[1] == "✅ Lead Ahmad: NEW → WARM."


async def test_two_of_one_name_are_asked_about(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, HADI) as shop:
        for _ in range(2):
            await shop.says(make.phone(), "bisa nego?", name="Ahmad")
        await shop.says("Pak Hadi", "/status-lead Ahmad cold")
        await shop.says("Pak Hadi", "2")

        assert sorted(status for status, _ in await shop.status()) == ["cold", "hot"]
    assert "Lead yang mana?" in shop.read("Pak Hadi")[2]


async def test_a_question_left_open_says_that_it_is_too_old(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, HADI, answer=quiet) as shop:
        await shop.says(make.phone(), "halo")
        await shop.says("Pak Hadi", "/lead")
        async with database.tenant(shop.tenant_id) as db:
            await db.execute(
                "UPDATE conversation SET memory = jsonb_set(memory, '{ask,at}', "
                "to_jsonb((memory #>> '{ask,at}')::float8 - 1801)) WHERE memory ? 'ask'"
            )
        await shop.says("Pak Hadi", "1")

    assert "sudah lewat 30 menit" in shop.read("Pak Hadi")[1]


# Alerts and deletion --------------------------------------------------------------------------------------------


async def test_a_complaint_reaches_owner_and_admins(database: Database, fonnte: FonnteStandin) -> None:
    async def complains(turn: Turn) -> Outcome:
        return Outcome(replies=(Reply(text="maaf"),), alert="⚠️ KELUHAN")

    async with _shop(database, fonnte, BUDI, RINA, HADI, answer=complains) as shop:
        await shop.says(make.phone(), "pelayanannya jelek")

    assert shop.read("Rina") == shop.read("Pak Hadi") == ["⚠️ KELUHAN"]
    assert shop.read("Budi") == []


async def forgets(turn: Turn) -> Outcome:
    if "hapus" in turn.text:
        return Outcome(replies=(Reply(text="baik"),), memory={"opt_out": True}, opt_out=True, erase=True)
    return await bargain(turn)


async def test_who_wants_to_be_forgotten_is(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI, answer=forgets) as shop:
        customer = make.phone()
        await shop.says(customer, "bisa nego?")
        await shop.says(customer, "hapus data saya")
        await shop.passes(24 * 3600)

        async with database.tenant(shop.tenant_id) as db:
            row = await db.fetchrow("SELECT * FROM conversation WHERE external_id = $1", customer)
            said = await db.fetchval("SELECT count(*) FROM message WHERE conversation_id = $1", row["id"])
            bodies = [
                body["body"]
                for table in ("inbox", "outbox")
                for body in await db.fetch(f"SELECT body FROM {table} WHERE conversation_id = $1", row["id"])
            ]
            left = await db.fetchval("SELECT count(*) FROM lead") + await db.fetchval("SELECT count(*) FROM lead_offer")
    assert (row["name"], row["memory"], said, left) == ("", {"opt_out": True}, 0, 0)
    assert row["opted_out_at"] is not None
    assert set(bodies) == {""}


async def test_who_came_back_keeps_what_was_said_since(database: Database, fonnte: FonnteStandin) -> None:
    async with _shop(database, fonnte, BUDI, answer=forgets) as shop:
        customer = make.phone()
        await shop.says(customer, "nama saya Ahmad, bisa nego?")
        await shop.says(customer, "hapus data saya")
        await shop.says(customer, "mau nego lagi")
        await shop.passes(24 * 3600)

        async with database.tenant(shop.tenant_id) as db:
            row = await db.fetchrow("SELECT * FROM conversation WHERE external_id = $1", customer)
            said = await db.fetch(
                "SELECT body FROM message WHERE sender = 'customer' AND conversation_id = $1", row["id"]
            )
    assert [line["body"] for line in said] == ["mau nego lagi"]
    assert row["name"] == "Ahmad"


# Once ----------------------------------------------------------------------------------------------------------


async def test_a_command_that_is_repeated_after_a_crash_is_carried_out_once(
    database: Database, fonnte: FonnteStandin
) -> None:
    async with _shop(database, fonnte, BUDI) as shop:
        await shop.says(make.phone(), "bisa nego?")
        await shop.says("Budi", "1")
        await shop.says("Budi", "/catat Ahmad sekali saja")
        async with database.tenant(shop.tenant_id) as db:  # as if the turn had not been committed
            await db.execute(
                "UPDATE conversation SET done_inbox_id = last_inbox_id - 1 WHERE phone = $1", shop.phones["Budi"]
            )
        await shop.one.sweep.once(0.0)
        await shop.one.dispatcher.idle()

        async with database.tenant(shop.tenant_id) as db:
            [brief] = await leads.briefs(db, shop.tenant_id, user_id=None, limit=9)
    assert brief.notes.count("sekali saja") == 1
    assert shop.read("Budi")[2:] == ["📝 Dicatat untuk Ahmad: sekali saja"] * 2
