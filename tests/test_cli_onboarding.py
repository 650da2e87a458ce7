"""Showrooms, people, branches and cars from the command line, into a real database."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from autoleads import enrol_code
from autoleads.cli import values
from autoleads.hours import DAYS, span
from autoleads.sql import cars, devices, tenants, users
from autoleads.sql.pool import Database
from autoleads.types import TenantId
from tests.command import Command

JAYA = ("--name", "Jaya Motor", "--slug", "jaya", "--device", "0813-1111-2222")
WRONG_DOMAINS = (
    "localhost",
    "www.a.example",
    "10.0.0.1",
    "a.example:80",
    "https://a.example",
    "a b.example",
    "-a.example",
)
CSV = "brand,model,year,color,transmission,km,price,plate,branch\n"


@pytest.fixture
def autoleads(dsn: str, tmp_path: Path) -> Command:
    return Command(DATABASE_URL=dsn, AUTOLEADS_DATA_DIR=str(tmp_path), APP_URL="https://mobil.example")


@pytest.fixture
async def jaya(autoleads: Command, database: Database) -> TenantId:
    done = await autoleads("tenant", "add", *JAYA)
    assert done.code == 0, done.err
    return await tenants.need_id_all_tenants(database, "jaya")


async def test_a_showroom_is_added_with_its_number_and_all_that_is_told_about_it(
    autoleads: Command, database: Database
) -> None:
    more = ("--phone", "+62 31 7654321", "--city", "Surabaya", "--maps-url", "https://maps.example/x")
    gateway = ("--token", "tok-geheim", "--webhook-secret", "hook-geheim")
    hours = ("--hours", "mon-fri,sun 9.00-17:30; sat closed")

    done = await autoleads("tenant", "add", *JAYA, *more, *gateway, *hours, "--timezone", "Asia/Makassar", "--json")

    assert done.code == 0, done.err
    assert "geheim" not in done.out + done.err
    tenant_id = TenantId(done.rows[0]["id"])
    async with database.tenant(tenant_id) as db:
        stored = await tenants.need(db, tenant_id)
        assert await devices.tokens(db, tenant_id) == [("6281311112222", "tok-geheim")]
    address = await devices.find_all_tenants(database, "6281311112222")
    assert address is not None
    assert address.webhook_secret == "hook-geheim"
    assert (stored.phone, stored.timezone, stored.status) == ("62317654321", "Asia/Makassar", "active")
    assert stored.business_hours == {**dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sun"), "09:00-17:30"),
                                     "sat": "closed"}  # fmt: skip


async def test_the_webhook_address_is_said_without_the_secret(autoleads: Command) -> None:
    plain = await autoleads("tenant", "add", *JAYA)
    other = ("--name", "B", "--slug", "b", "--device", "081311112223", "--webhook-secret", "hook-geheim")
    guarded = await autoleads("tenant", "add", *other)

    assert plain.out.endswith("https://mobil.example/webhook/fonnte\n")
    assert guarded.out.endswith("https://mobil.example/webhook/fonnte/{secret}\n")


@pytest.mark.parametrize(
    ("argv", "problem"),
    [
        (("--slug", "Jaya Motor"), "--slug: must be lower-case"),
        (("--slug", "api"), "--slug: is reserved"),
        (("--device", "12"), "--device: must be a phone number"),
        (("--hours", "mon 18:00-09:00"), "--hours: hours must be"),
        (("--hours", "mon 09:00-18:00; mon closed"), "--hours: mon is given twice"),
        (("--hours", "senin 09:00-18:00"), "--hours: days must be"),
        (("--timezone", "Asia/Atlantis"), "--timezone: must be a time zone"),
        (("--timezone", "../../etc/passwd"), "--timezone: must be a time zone"),
        (("--email", "x"), "--email: must be an e-mail"),
        (("--maps-url", "javascript:alert(1)"), "--maps-url: must be an address"),
        (("--maps-url", "http://["), "--maps-url: must be an address"),
        (("--name", " "), "--name: must have 1 to 200"),
        (("--token", "geheim geheim"), "--token: must be at most 200"),
        (("--tokn=geheim",), "unknown option --tokn"),
        (("--tok", "geheim"), "unknown option --tok"),
    ],
)
async def test_a_wrong_value_is_one_line_that_names_the_option_and_hides_secrets(
    argv: tuple[str, ...], problem: str
) -> None:
    nowhere = Command(DATABASE_URL="postgresql://127.0.0.1:1/x")

    done = await nowhere("tenant", "add", *JAYA, *argv)

    assert done.code == 2
    assert done.err.count("\n") == 1
    assert problem in done.err
    assert "geheim" not in done.err


async def test_what_is_taken_is_refused_and_leaves_nothing_behind(autoleads: Command, jaya: TenantId) -> None:
    slug = await autoleads("tenant", "add", "--name", "X", "--slug", "jaya", "--device", "081311112299")
    number = await autoleads("tenant", "add", "--name", "X", "--slug", "x", "--device", "+62 813 1111 2222")

    assert (slug.code, slug.err) == (1, "autoleads: slug 'jaya' is taken\n")
    assert (number.code, number.err) == (1, "autoleads: device 6281311112222 already belongs to a showroom\n")
    assert [row["slug"] for row in (await autoleads("tenant", "list", "--json")).rows] == ["jaya"]


async def test_a_showroom_is_changed_field_by_field(autoleads: Command, database: Database, jaya: TenantId) -> None:
    fields = ("name=Jaya Abadi", "phone=", "hours=sun closed", "token=tok-geheim", "bot_enabled=no", "plan=pro")

    done = await autoleads("tenant", "set", "jaya", *fields)

    assert (done.code, done.err) == (0, "")
    assert done.out == "jaya changed: name, phone, hours, bot_enabled, plan, token\n"
    (row,) = (await autoleads("tenant", "list", "--json")).rows
    assert (row["name"], row["phone"], row["hours"], row["bot_enabled"]) == ("Jaya Abadi", "", {"sun": "closed"}, False)
    assert row["token"] is True
    async with database.tenant(jaya) as db:
        assert await devices.tokens(db, jaya) == [("6281311112222", "tok-geheim")]


async def test_a_showroom_gets_its_own_domain_and_gives_it_back(
    autoleads: Command, database: Database, jaya: TenantId
) -> None:
    other = ("--name", "Baru Motor", "--slug", "baru", "--device", "081311112223")
    assert (await autoleads("tenant", "add", *other)).code == 0

    done = await autoleads("tenant", "set", "jaya", "domain=MobilJäya.Example.")
    taken = await autoleads("tenant", "set", "baru", "city=Malang", "domain=mobiljäya.example")

    assert (done.code, done.out) == (0, "jaya changed: domain\n")
    assert (taken.code, taken.err) == (1, "autoleads: domain: xn--mobiljya-5za.example belongs to another showroom\n")
    async with database.tenant(jaya) as db:
        assert (await tenants.need(db, jaya)).domain == "xn--mobiljya-5za.example"
    assert (await autoleads("tenant", "set", "jaya", "domain=")).code == 0
    async with database.tenant(jaya) as db:
        given_back = await tenants.need(db, jaya)
    assert (given_back.custom_domain, given_back.custom_domain_verified) == (None, False)
    again = await autoleads("tenant", "set", "baru", "city=Malang", "domain=mobiljäya.example", "--json")
    assert [row["custom_domain"] for row in again.rows] == ["xn--mobiljya-5za.example"]


async def test_a_change_that_cannot_be_made_changes_nothing(autoleads: Command, jaya: TenantId) -> None:
    before = (await autoleads("tenant", "list", "--json")).out

    for fields, problem in (
        (("geheim=1",), "geheim: is not a field; known: name, phone"),
        (("token",), "fields: must be written field=value"),
        (("plan=gold",), "plan: must be one of free, starter"),
        (("bot_enabled=maybe",), "bot_enabled: must be yes or no"),
        (("token=geheim geheim",), "token: must be at most 200 printable"),
        (("name=A", "name=B"), "name: is given twice"),
        (("primary_color=red",), "primary_color: must be a colour"),
        (("logo_url=logo.png",), "logo_url: must be an address"),
        *((("domain=" + wrong,), "domain: must be a domain") for wrong in WRONG_DOMAINS),
    ):
        done = await autoleads("tenant", "set", "jaya", "city=Malang", *fields)

        assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), fields
        assert problem in done.err
        assert "geheim geheim" not in done.err
    assert (await autoleads("tenant", "list", "--json")).out == before


@pytest.mark.parametrize("host", ["mobil.example", "jaya.mobil.example"])
async def test_the_platforms_own_name_is_no_showrooms_domain(autoleads: Command, jaya: TenantId, host: str) -> None:
    done = await autoleads("tenant", "set", "jaya", f"domain={host}")

    assert (done.code, done.err) == (1, "autoleads: domain: is the platform's own\n")


async def test_a_showroom_that_does_not_exist(autoleads: Command) -> None:
    for argv in (
        ("tenant", "set", "nope", "city=x"),
        ("user", "list", "--tenant", "nope"),
        ("branch", "list", "--tenant", "nope"),
        ("explain", "--tenant", "nope", "halo"),
    ):
        done = await autoleads(*argv)

        assert (done.code, done.out, done.err) == (1, "", "autoleads: tenant: no showroom has the slug 'nope'\n")


async def test_people_and_branches(autoleads: Command, database: Database, jaya: TenantId) -> None:
    of_jaya = ("--tenant", "jaya")
    branch = await autoleads("branch", "add", *of_jaya, "--name", "Malang", "--phone", "0341-765432", "--json")
    added = await autoleads(
        "user", "add", *of_jaya, "--name", "Ani", "--phone", "0812-9999-8888", "--role", "sales", "--branch", "malang"
    )
    changed = await autoleads(
        "user", "set", *of_jaya, "0812 9999 8888", "role=admin", "phone=081299997777", "email=Ani@Jaya.example",
        "--password-stdin", stdin="rahasia-sekali\n",
    )  # fmt: skip
    listed = await autoleads("user", "list", *of_jaya)
    places = await autoleads("branch", "list", *of_jaya)
    branch_again = await autoleads("branch", "list", *of_jaya, "--json")

    assert places.out.splitlines()[1].split() == ["Malang", "0341-765432"]
    assert branch_again.rows[0] == {**branch.rows[0], "hours": {}}
    assert branch.rows[0]["phone"] == "62341765432"
    assert (added.code, added.out) == (0, "sales Ani (0812-9999-8888) added\n")
    assert (changed.code, changed.out) == (0, "admin Ani (0812-9999-7777) changed\n")
    assert listed.out.splitlines()[1].split() == ["Ani", "admin", "0812-9999-7777", "ani@jaya.example", "Malang",
                                                  "active"]  # fmt: skip
    async with database.tenant(jaya) as db:
        stored = await db.fetchval("SELECT password_hash FROM app_user WHERE tenant_id = $1", jaya)
    assert PasswordHasher().verify(stored, "rahasia-sekali")
    assert "rahasia" not in changed.out + changed.err


async def test_what_people_and_branches_refuse(autoleads: Command, jaya: TenantId) -> None:
    of_jaya = ("--tenant", "jaya")
    ani = ("user", "add", *of_jaya, "--name", "Ani", "--phone", "081299998888", "--role", "owner")
    assert (await autoleads(*ani)).code == 0
    assert (await autoleads("branch", "add", *of_jaya, "--name", "Malang")).code == 0

    for argv, code, problem in (
        (ani, 1, "phone"),
        ((*ani[:-1], "boss"), 2, "--role: must be one of owner, admin, sales"),
        ((*ani, "--branch", "Solo"), 1, "branch: the showroom has no branch 'Solo' (known: Malang)"),
        (("branch", "add", *of_jaya, "--name", "MALANG"), 1, "branch 'MALANG' exists already"),
        (("user", "set", *of_jaya, "081299998888"), 2, "fields: nothing to change"),
        (("user", "set", *of_jaya, "081200009999", "name=X"), 1, "phone: no user has the number 0812-0000-9999"),
        (("user", "set", *of_jaya, "081299998888", "--password-stdin"), 2, "password: must have 8 to 200"),
    ):
        done = await autoleads(*argv)

        assert (done.code, done.out) == (code, ""), argv
        assert problem in done.err
        assert done.err.count("\n") == 1


async def test_a_person_without_a_number_gets_a_code_to_send(
    autoleads: Command, database: Database, jaya: TenantId
) -> None:
    ani = ("user", "add", "--tenant", "jaya", "--name", "Ani", "--role", "sales")
    said = await autoleads(*ani, "--email", "ani@jaya.example")
    (row,) = (await autoleads(*ani[:-3], "Budi", *ani[-2:], "--json")).rows
    waiting = (await autoleads("user", "list", "--tenant", "jaya")).out.splitlines()[1:]
    async with database.tenant(jaya) as db:
        kept = [tuple(line) for line in await db.fetch("SELECT phone, code_hash FROM app_user ORDER BY id")]
        days = await db.fetchval("SELECT round(extract(epoch FROM max(code_until) - now()) / 86400) FROM app_user")

    shown = re.search(r"^DAFTAR ([2-9A-Z]{4}-[2-9A-Z]{4})$", said.out, re.MULTILINE)
    assert shown is not None, said.out
    assert said.out.startswith(
        "sales Ani (no number yet) added\nAni sends this from the phone to be used, once, before "
    )
    assert "to 0813-1111-2222:" in said.out
    assert f"https://wa.me/6281311112222?text=DAFTAR%20{shown[1]}" in said.out
    assert (row["phone"], row["send"], row["to"]) == (None, f"DAFTAR {row['code']}", "6281311112222")
    assert [re.sub(r"\d{4}-.*", "", line).split() for line in waiting] == [
        ["Ani", "sales", "ani@jaya.example", "active", "code", "open", "until"],
        ["Budi", "sales", "active", "code", "open", "until"],
    ]
    assert kept == [(None, enrol_code.hashed(code, jaya)) for code in (shown[1], row["code"])]
    assert days == 7


async def test_who_lost_the_phone_or_the_code_gets_a_new_one(
    autoleads: Command, database: Database, jaya: TenantId
) -> None:
    of_jaya = ("--tenant", "jaya")
    await autoleads("user", "add", *of_jaya, "--name", "Ani", "--role", "sales")
    await autoleads("user", "add", *of_jaya, "--name", "Bu Wati", "--phone", "081299998888", "--role", "owner")
    async with database.tenant(jaya) as db:
        first = await db.fetchval("SELECT code_hash FROM app_user WHERE name = 'Ani'")
        await db.execute("UPDATE app_user SET code_until = now() WHERE name = 'Ani'")
    ended = (await autoleads("user", "list", *of_jaya)).out
    by_name = await autoleads("user", "set", *of_jaya, "bu wati", "--new-code", "--json")
    again = await autoleads("user", "set", *of_jaya, "ANI", "branch=", "role=admin", "--new-code")
    renewed = await autoleads("user", "set", *of_jaya, "ANI", "role=admin", "--new-code", "--json")
    given = await autoleads("user", "set", *of_jaya, "Ani", "phone=081299997777")
    async with database.tenant(jaya) as db:
        rows = await db.fetch("SELECT name, phone, code_hash FROM app_user")
    kept = {name: (phone, code) for name, phone, code in rows}

    assert re.search(r"Ani .*code ended \d{4}", ended)
    assert (again.code, again.out) == (2, "")  # and nothing of it was done
    assert renewed.rows[0]["role"] == "admin"
    assert enrol_code.hashed(renewed.rows[0]["code"], jaya) != first
    assert given.out == "admin Ani (0812-9999-7777) changed\n"
    assert kept["Ani"] == ("6281299997777", None)  # the number is known, so the code is void
    assert kept["Bu Wati"] == ("6281299998888", enrol_code.hashed(by_name.rows[0]["code"], jaya))


async def test_what_codes_and_names_refuse(autoleads: Command, jaya: TenantId) -> None:
    of_jaya = ("--tenant", "jaya")
    for role in ("sales", "admin"):
        await autoleads("user", "add", *of_jaya, "--name", "Ani", "--role", role)
    await autoleads("user", "add", *of_jaya, "--name", "Budi", "--role", "sales")
    assert (await autoleads("user", "set", *of_jaya, "Budi", "status=inactive")).code == 0

    for argv, code, problem in (
        (("Ani", "--new-code"), 1, "who: several users are called 'Ani'; name one by phone or e-mail address"),
        (("Tono", "--new-code"), 1, "who: no user has the name or e-mail address 'Tono'"),
        (("Budi", "--new-code"), 1, "status: an inactive user gets no code"),
        (("Budi", "phone=081299990000", "--new-code"), 2, "phone: a code is for a number that is not known yet"),
    ):
        done = await autoleads("user", "set", *of_jaya, *argv)

        assert (done.code, done.out) == (code, ""), argv
        assert problem in done.err
        assert done.err.count("\n") == 1
    assert "no code" in (await autoleads("user", "list", *of_jaya)).out.splitlines()[3]


async def test_a_user_is_found_by_the_phone_of_the_same_showroom_only(
    autoleads: Command, database: Database, jaya: TenantId
) -> None:
    await autoleads("tenant", "add", "--name", "Lain", "--slug", "lain", "--device", "081311112223")
    await autoleads("user", "add", "--tenant", "lain", "--name", "Ani", "--phone", "081299998888", "--role", "owner")

    done = await autoleads("user", "set", "--tenant", "jaya", "081299998888", "role=sales")

    assert done.code == 1
    lain = await tenants.need_id_all_tenants(database, "lain")
    async with database.tenant(lain) as db:
        assert [user.role for user in await users.all_of(db, lain)] == ["owner"]


async def test_good_cars_are_stored_and_bad_lines_are_named(
    autoleads: Command, database: Database, jaya: TenantId, tmp_path: Path
) -> None:
    file = tmp_path / "stok.csv"
    file.write_text(
        CSV
        + "Toyota,Avanza 1.3 G,2020,Hitam,MT,45rb,185jt,L 1234 AB,\n"
        + "Honda,Brio RS,1900,Merah,AT,banyak,150jt,L 1235 AB,\n"
        + "Honda,Brio RS,2019,Merah,AT,30rb,150jt,L 1236 AB,Solo\n"
        + "Honda,Jazz RS,2017,Putih,AT,60rb,190jt,,\n"
    )

    done = await autoleads("car", "import", "--tenant", "jaya", str(file))
    again = await autoleads("car", "import", "--tenant", "jaya", str(file), "--json")

    assert done.code == 1
    assert done.out == "imported 2 cars (#A01, #J01); refused 2 lines\n"
    assert [line.split(":")[:2] for line in done.err.splitlines()] == [
        ["line 3", " year"], ["line 3", " km"], ["line 4", " branch"],
    ]  # fmt: skip
    assert again.code == 1
    taken, *_, alike, summary = again.rows
    assert taken == {"line": 2, "field": "plate", "reason": "is already in the stock, as #A01"}
    assert (alike["line"], alike["field"]) == (5, "row")
    assert str(alike["reason"]).startswith("looks like #J01, which was entered before")
    assert summary == {"imported": 0, "refused": 4}
    async with database.tenant(jaya) as db:
        stock = await cars.stock(db, jaya)
    assert sorted(car.display_code for car in stock.cars) == ["#A01", "#J01"]


async def test_cars_that_only_a_plate_could_tell_apart_enter_when_that_is_asked_for(
    autoleads: Command, jaya: TenantId, tmp_path: Path
) -> None:
    file = tmp_path / "stok.csv"
    file.write_text(CSV + 2 * "Honda,Jazz RS,2017,Putih,AT,60rb,190jt,,\n")

    first = await autoleads("car", "import", "--tenant", "jaya", str(file))
    again = await autoleads("car", "import", "--tenant", "jaya", str(file))
    alike = await autoleads("car", "import", "--tenant", "jaya", "--alike", str(file))

    assert first.out == "imported 2 cars (#J01, #J02); refused 0 lines\n"
    assert (again.code, again.out) == (1, "imported 0 cars; refused 2 lines\n")
    assert (alike.code, alike.out) == (0, "imported 2 cars (#J03, #J04); refused 0 lines\n")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
async def test_files_of_spreadsheets_are_read_in_their_encodings(
    autoleads: Command, jaya: TenantId, tmp_path: Path, encoding: str
) -> None:
    file = tmp_path / "stok.csv"
    row = "Toyota;Avanza;2020;Hitam;MT;45000;185000000;;;interior café\r\n"
    file.write_bytes((CSV.replace(",", ";").replace("\n", ";catatan\r\n") + row).encode(encoding))

    done = await autoleads("car", "import", "--tenant", "jaya", str(file))

    assert (done.code, done.out) == (0, "imported 1 car (#A01); refused 0 lines\n")


async def test_a_file_that_cannot_be_read_or_has_no_header(autoleads: Command, jaya: TenantId, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("hello\n")

    missing = await autoleads("car", "import", "--tenant", "jaya", str(tmp_path / "none.csv"))
    headless = await autoleads("car", "import", "--tenant", "jaya", str(wrong))

    assert missing.code == 2
    assert missing.err == f"autoleads: file: {tmp_path}/none.csv: No such file or directory\n"
    assert headless.code == 1
    assert headless.err.startswith("line 1: header: missing columns")
    assert headless.out == "imported 0 cars; refused 1 line\n"


async def test_tables_show_phones_as_people_write_them(autoleads: Command, jaya: TenantId) -> None:
    await autoleads("tenant", "set", "jaya", "phone=62317654321")

    table = (await autoleads("tenant", "list")).out.splitlines()

    assert table[0].split() == ["slug", "name", "status", "device", "phone", "city", "token"]
    assert "0813-1111-2222" in table[1]
    assert table[1].endswith("not set")


_TIMES = st.tuples(st.integers(0, 23), st.integers(0, 59))


@given(st.dictionaries(st.sampled_from(DAYS), st.none() | st.tuples(_TIMES, _TIMES), min_size=1))
def test_hours_that_the_command_takes_are_hours_that_the_bot_can_say(
    week: Mapping[str, tuple[tuple[int, int], tuple[int, int]] | None],
) -> None:
    spans = {day: sorted(times) if times and times[0] != times[1] else None for day, times in week.items()}
    written = "; ".join(
        f"{day} " + ("closed" if times is None else "{}:{:02d}-{}.{:02d}".format(*times[0], *times[1]))
        for day, times in spans.items()
    )

    found = values.hours(written)

    assert found.keys() == spans.keys()
    for day, times in spans.items():
        said = span(found, DAYS.index(day))
        assert (said is None) == (times is None)
        if said is not None and times is not None:
            assert [(t.hour, t.minute) for t in (said.opens, said.closes)] == times


def test_days_may_be_a_range_over_the_weekend() -> None:
    assert values.hours("sat-mon 10:00-24:00") == dict.fromkeys(("mon", "sat", "sun"), "10:00-24:00")
