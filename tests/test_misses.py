"""`autoleads misses` over talks that went through the webhook."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient
from hypothesis import given
from hypothesis import strategies as st

from autoleads.bot.miss_report import Report, masked
from autoleads.bot.turn import Showroom
from autoleads.config import Config
from autoleads.sql import conversations, messages, tenants
from autoleads.sql.messages import Said
from autoleads.sql.pool import Database
from autoleads.stock import Stock
from autoleads.types import ConversationId, Role, TenantId
from tests import make
from tests.command import Command
from tests.patience import patience
from tests.standins import FonnteStandin


@pytest.fixture
def config(config: Config) -> Config:
    """One answer to a customer: the second message stays without."""
    return make.config(
        DATABASE_URL=config.database.url,
        AUTOLEADS_DATA_DIR=config.app.data_dir,
        FONNTE_API_URL=config.fonnte.api_url,
        GEMINI_API_KEY="",
        AUTOLEADS_BOT_REPLY_CAP="1",
    )


@pytest.fixture
def autoleads(dsn: str, tmp_path: Path) -> Command:
    return Command(DATABASE_URL=dsn, AUTOLEADS_DATA_DIR=str(tmp_path / "cli"))


class Talks:
    def __init__(self, client: TestClient, fonnte: FonnteStandin, database: Database, tenant_id: TenantId) -> None:
        self._client, self._fonnte, self._database, self._tenant_id = client, fonnte, database, tenant_id

    async def slug(self) -> str:
        async with self._database.tenant(self._tenant_id) as db:
            return (await tenants.need(db, self._tenant_id)).slug

    async def post(self, text: str, sender: str | None = None) -> str:
        sender = sender or make.phone()
        device = await make.device_of(self._database, self._tenant_id)
        answer = await self._client.post("/webhook/fonnte", json=make.fonnte_text(device, sender, text))
        assert answer.status == 200
        return sender

    async def answered(self, *texts: str) -> None:
        """Each from a customer of its own."""
        senders = [await self.post(text) for text in texts]
        await self._fonnte.wait_for(lambda: {*senders} <= {one.target for one in self._fonnte.sent})

    def last_reply(self) -> str:
        return self._fonnte.sent[-1].message

    async def unanswered(self, text: str, sender: str) -> None:
        await self.post(text, sender)
        async with self._database.tenant(self._tenant_id) as db:
            conversation = await conversations.find(db, self._tenant_id, external_id=sender)
        assert conversation is not None
        async with patience(), self._database.tenant(self._tenant_id) as db:
            said = await messages.latest(db, self._tenant_id, conversation, after=0, limit=50)
            while not said or said[-1].body != text:
                said = await messages.latest(db, self._tenant_id, conversation, after=0, limit=50)

    async def conversation(self, sender: str) -> ConversationId:
        async with self._database.tenant(self._tenant_id) as db:
            found = await conversations.find(db, self._tenant_id, external_id=sender)
        assert found is not None
        return found


@pytest.fixture
async def tenant_id(database: Database) -> TenantId:
    return await make.sample(database)


@pytest.fixture
def talks(client: TestClient, fonnte: FonnteStandin, database: Database, tenant_id: TenantId) -> Talks:
    return Talks(client, fonnte, database, tenant_id)


async def test_the_same_words_are_one_line_and_the_most_frequent_comes_first(autoleads: Command, talks: Talks) -> None:
    await talks.answered("qwrtz plmkj", "cari mobil qorvex dong", "Cari mobil Qorvex min", "ada mobil qorvex?", "halo")
    await talks.answered("ada avanza 2020?", "wkwkwk", "1", "ya kak", "harga qorvex brp? wa saya 0812-3456-7890")

    done = await autoleads("misses", "--tenant", await talks.slug(), "--json")

    assert done.code == 0, done.err
    missed = [row for row in done.rows if row["kind"] == "miss"]
    assert (missed[0]["count"], missed[0]["reason"]) == (2, "unknown_words")
    assert {row["text"].lower() for row in missed[1:]} == {
        "qwrtz plmkj", "ada mobil qorvex?", "harga qorvex brp? wa saya 6281***890",
    }  # fmt: skip
    assert all(row["reply"] for row in missed)
    assert {row["tenant"] for row in done.rows} == {await talks.slug()}
    words = {row["word"]: row["count"] for row in done.rows if row["kind"] == "word"}
    assert words == {"qorvex": 4, "qwrtz": 1, "plmkj": 1}
    assert done.rows[-1] == {
        "tenant": await talks.slug(), "kind": "summary", "messages": 10,
        "other": 1, "low_confidence": 0, "unknown_words": 4, "unanswered": 0,
    }  # fmt: skip


async def test_a_word_that_was_taught_since_is_gone(
    autoleads: Command, talks: Talks, database: Database, tenant_id: TenantId
) -> None:
    await talks.answered("cari mobil qorvex dong")
    before = await autoleads("misses", "--tenant", await talks.slug())

    await make.cars(database, tenant_id, make.car_row(brand="Qorvex", model="T600", display_code="#T01"))
    after = await autoleads("misses", "--tenant", await talks.slug())

    assert "1x  unknown_words   car_search    cari mobil qorvex dong" in before.out
    assert "unknown words: qorvex 1" in before.out
    assert after.out == f"{await talks.slug()}: 1 messages, all understood and answered\n"


async def test_what_nobody_answered_is_told_unless_the_bot_was_to_be_silent(
    autoleads: Command, talks: Talks, database: Database, tenant_id: TenantId, fonnte: FonnteStandin
) -> None:
    await talks.answered("ada avanza?")
    person = fonnte.sent[-1].target
    await talks.unanswered("yang manual berapa kak", person)  # the cap
    taken = await talks.post("ada veloz?")
    await fonnte.wait_for(lambda: any(one.target == taken for one in fonnte.sent))
    user = await make.user(database, tenant_id, role=Role.SALES)
    async with database.tenant(tenant_id) as db:
        until = datetime.now(UTC) + timedelta(hours=1)
        assert await conversations.take_over(db, tenant_id, await talks.conversation(taken), user, until=until)
    await talks.unanswered("jadi kapan bisa lihat?", taken)

    found = (await autoleads("misses", "--tenant", await talks.slug(), "--json")).rows
    async with database.tenant(tenant_id) as db:
        await tenants.set_fields(db, tenant_id, bot_enabled=False)
    off = (await autoleads("misses", "--tenant", await talks.slug(), "--json")).rows

    assert [(row["reason"], row["text"], row["reply"]) for row in found if row["kind"] == "miss"] == [
        ("unanswered", "yang manual berapa kak", None)
    ]
    assert [row for row in off if row["kind"] == "miss"] == []


async def test_users_the_past_and_other_showrooms_are_left_out(
    autoleads: Command, talks: Talks, database: Database, tenant_id: TenantId, client: TestClient, fonnte: FonnteStandin
) -> None:
    number = make.phone()
    await make.user(database, tenant_id, role=Role.OWNER, number=number)
    elsewhere = Talks(client, fonnte, database, await make.tenant(database))
    await elsewhere.answered("xyzzy plugh")
    await talks.answered("qwrtz plmkj")
    await talks.post("zzyzx wrrgl", number)
    await fonnte.wait_for(lambda: any(one.target == number for one in fonnte.sent))

    both = (await autoleads("misses", "--json")).rows
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE message SET created_at = created_at - interval '3 days'")
    day = (await autoleads("misses", "--tenant", await talks.slug(), "--json")).rows
    week = (await autoleads("misses", "--tenant", await talks.slug(), "--json", "--since", "7d")).rows
    date = (datetime.now(UTC) - timedelta(days=5)).date().isoformat()
    since = (await autoleads("misses", "--tenant", await talks.slug(), "--json", "--since", date)).rows

    assert {(row["tenant"], row["text"]) for row in both if row["kind"] == "miss"} == {
        (await talks.slug(), "qwrtz plmkj"), (await elsewhere.slug(), "xyzzy plugh"),
    }  # fmt: skip
    assert [row["kind"] for row in day] == ["summary"]
    assert week == since
    assert [row["text"] for row in week if row["kind"] == "miss"] == ["qwrtz plmkj"]


@pytest.mark.parametrize(
    "opening", ["mau lihat #A01 langsung", "kredit #A01 dp 50 tenor 3 tahun", "mau jual mobil saya"]
)
async def test_an_answer_to_a_question_of_the_bot_is_no_miss(talks: Talks, opening: str) -> None:
    await talks.answered(opening)

    assert await _missed(talks.last_reply()) == 0, talks.last_reply()


async def test_an_answer_to_a_question_about_the_name_is_no_miss() -> None:
    assert await _missed("Siap Kak. Boleh tahu nama Kakak?") == 0
    assert await _missed("Mau saya kirim fotonya, Kak?") == 1


async def _missed(asked: str) -> int:
    report = Report(Showroom(name="Uji", slug="uji"), Stock(), datetime.now(UTC))
    await report.add(_said("qwrtz plmkj", asked=asked))
    return len(report.groups())


async def test_pages_together_are_the_whole(database: Database, talks: Talks, tenant_id: TenantId) -> None:
    await talks.answered("satu", "dua", "tiga", "empat", "lima")
    past = datetime(2020, 1, 1, tzinfo=UTC)
    pages: list[Said] = []
    after = (0, 0)
    async with database.tenant(tenant_id) as db:
        whole = await messages.said_by_customers(db, tenant_id, since=past, after=(0, 0), limit=100)
        while page := await messages.said_by_customers(db, tenant_id, since=past, after=after, limit=2):
            assert len(page) <= 2
            pages += page
            after = (page[-1].conversation_id, page[-1].id)

    assert pages == whole
    assert sorted(one.body for one in whole) == ["dua", "empat", "lima", "satu", "tiga"]


async def test_the_report_stays_small_however_much_was_said() -> None:
    report = Report(Showroom(name="Uji", slug="uji"), Stock(), datetime.now(UTC), kept=40)
    letters = "bcdfghjklmnpqrstvwxz"
    for n in range(200):
        word = "".join(letters[n // 20**k % 20] for k in range(4))
        await report.add(_said(f"zzq{word}qzz wrrgl"))
        if n % 10 == 0:
            await report.add(_said("selalu qqqrrr sama"))

    assert len(report.groups()) <= 80
    assert len(report.words) <= 80
    assert report.groups()[0].count == 20
    assert report.words["wrrgl"] == 200


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("wa 0812-3456-7890 ya", "wa 6281***890 ya"),
        ("+62 812 3456 7890", "6281***890"),
        ("rek 1234567890123", "rek 1234***123"),
        ("plat L 1234 AB", "plat L***"),
        ("nopol w1234xy dong", "nopol w*** dong"),
        ("plat l 1234 bukan", "plat l*** bukan"),
        ("B 1 A", "B***"),
        ("budget 150.000.000-200.000.000", "budget 150.000.000-200.000.000"),
        ("185000000 nego", "185000000 nego"),
        ("5 0812-3456-7890", "5 6281***890"),
        ("(031) 555-1234", "(6231***234"),
        ("62812 3456 7890, 81234567890", "6281***890, 8123***890"),
        ("harga 85.000.000 62.000.000 80 jt", "harga 85.000.000 62.000.000 80 jt"),
        ("avanza G 2020 dan brio e 2019 at", "avanza G 2020 dan brio e 2019 at"),
        ("km 45000-60000\n2018-2020", "km 45000-60000 2018-2020"),
    ],
)
def test_numbers_of_people_and_plates_are_masked(typed: str, shown: str) -> None:
    assert masked(typed) == shown


@given(st.text(), st.text(), st.integers(10**7, 10**9 - 1), st.sampled_from(["08", "628", "+628"]))
def test_a_mobile_number_never_shows(before: str, after: str, digits: int, lead: str) -> None:
    assert str(digits) not in masked(f"{before} {lead}{digits} {after}")


@pytest.mark.parametrize("since", ["gestern", "7", "7w", "0001-01-01", "2026-13-01", "-1d"])
async def test_a_wrong_period_is_refused(autoleads: Command, since: str) -> None:
    done = await autoleads("misses", f"--since={since}")

    assert (done.code, done.out) == (2, "")
    assert "--since: must be an age such as 12h or 7d" in done.err


async def test_an_unknown_showroom_and_a_wrong_limit_are_said(autoleads: Command, database: Database) -> None:
    unknown = await autoleads("misses", "--tenant", "tidak-ada")
    limit = await autoleads("misses", "--limit", "0")

    assert (unknown.code, limit.code) == (1, 2)
    assert "no showroom has the slug 'tidak-ada'" in unknown.err
    assert "--limit: must be a whole number" in limit.err


async def test_the_help_has_a_line_for_the_crontab(autoleads: Command) -> None:
    assert "15 2 * * *  autoleads misses --since 1d --json" in (await autoleads("misses", "--help")).out


def _said(text: str, *, asked: str | None = None) -> Said:
    return Said(
        conversation_id=ConversationId(1), id=1, body=text, created_at=datetime.now(UTC), asked=asked, reply="re",
        silenced=False,
    )  # fmt: skip
