"""What /metrics says after real turns: misses, guard rejections, and the model on each showroom's account."""

import asyncio
import re
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient
from prometheus_client.metrics import MetricWrapperBase

from autoleads import daemon, metrics
from autoleads.bot.assistant.account import Prices, on_account
from autoleads.bot.assistant.base import Completion
from autoleads.bot.assistant.gemini import Breaker
from autoleads.config import Config
from autoleads.errors import AssistantError
from autoleads.sql.pool import Database
from tests import make
from tests.patience import PATIENCE_S
from tests.standins import Fault, FonnteStandin, GeminiStandin

HONEST = "Kak, [[A.name]] masih ada ya, [[A.price]]. Mau lihat unitnya?"


@pytest.fixture
def config(config: Config) -> Config:
    return make.config(
        DATABASE_URL=config.database.url,
        AUTOLEADS_DATA_DIR=config.app.data_dir,
        FONNTE_API_URL=config.fonnte.api_url,
        GEMINI_API_URL=config.model.api_url,
        AUTOLEADS_MODEL_COMPOSE="always",
        AUTOLEADS_MODEL_INPUT_USD_PER_MILLION="1000",
        AUTOLEADS_MODEL_OUTPUT_USD_PER_MILLION="5000",
    )


class Showroom:
    """A showroom that customers write to, each once."""

    def __init__(self, client: TestClient, fonnte: FonnteStandin, device: str, slug: str) -> None:
        self._client, self._fonnte, self._device, self.slug = client, fonnte, device, slug

    async def hears(self, text: str) -> str:
        """What the customer gets."""
        sender = make.phone()
        answer = await self._client.post("/webhook/fonnte", json=make.fonnte_text(self._device, sender, text))
        assert answer.status == 200
        await self._fonnte.wait_for(lambda: any(one.target == sender for one in self._fonnte.sent))
        return next(one.message for one in self._fonnte.sent if one.target == sender)

    async def counted(self, name: str, **labels: str) -> float:
        """The value of one series; 0 when it is not there."""
        wanted = {*labels.items()}
        total = 0.0
        for line in (await (await self._client.get("/metrics")).text()).splitlines():
            if match := re.fullmatch(rf"autoleads_{name}(?:{{(.*)}})? (\S+)", line):
                found = set(re.findall(r'(\w+)="([^"]*)"', match[1] or ""))
                total += float(match[2]) if wanted <= found else 0
        return total


async def _showroom(client: TestClient, fonnte: FonnteStandin, database: Database) -> Showroom:
    tenant_id = await make.tenant(database)
    await make.cars(database, tenant_id, make.car_row(display_code="#A01"))
    async with database.tenant(tenant_id) as db:
        slug = await db.fetchval("SELECT slug FROM tenant")
    return Showroom(client, fonnte, await make.device_of(database, tenant_id), slug)


@pytest.fixture
async def showroom(client: TestClient, fonnte: FonnteStandin, database: Database) -> Showroom:
    return await _showroom(client, fonnte, database)


async def test_tokens_and_cost_are_counted_per_showroom(
    client: TestClient, fonnte: FonnteStandin, gemini: GeminiStandin, database: Database, showroom: Showroom
) -> None:
    other = await _showroom(client, fonnte, database)
    gemini.answer = HONEST

    for text in ("ada avanza?", "avanza berapa kak?"):
        assert "185.000.000" in await showroom.hears(text)
    await other.hears("ada avanza?")

    for one, calls in ((showroom, 2), (other, 1)):
        assert await one.counted("model_calls_total", tenant=one.slug, result="ok") == calls
        assert await one.counted("model_tokens_total", tenant=one.slug, direction="in") == 100 * calls
        assert await one.counted("model_tokens_total", tenant=one.slug, direction="out") == 20 * calls
        assert await one.counted("model_cost_usd_total", tenant=one.slug) == pytest.approx(0.2 * calls)


async def test_an_answer_that_cannot_be_used_is_billed_too(showroom: Showroom, gemini: GeminiStandin) -> None:
    gemini.once(Fault(name="truncated"))
    seconds = await showroom.counted("model_seconds_count")
    fallbacks = await showroom.counted("fallbacks_total", reason="truncated")

    assert "185.000.000" in await showroom.hears("ada avanza?")

    assert await showroom.counted("model_calls_total", tenant=showroom.slug, result="truncated") == 1
    assert await showroom.counted("model_cost_usd_total", tenant=showroom.slug) == pytest.approx(0.2)
    assert await showroom.counted("model_seconds_count") == seconds + 1
    assert await showroom.counted("fallbacks_total", reason="truncated") == fallbacks + 1


async def test_a_model_that_is_down_costs_nothing(
    client: TestClient, showroom: Showroom, gemini: GeminiStandin
) -> None:
    gemini.fault = Fault(name="http", status=503)
    client.app[daemon.ASSISTANT]._breaker = Breaker(window_s=PATIENCE_S, pause_s=PATIENCE_S)

    for _ in range(6):  # after five the breaker asks no more
        await showroom.hears("ada avanza?")

    assert await showroom.counted("model_calls_total", tenant=showroom.slug, result="http_5xx") == 5
    assert await showroom.counted("model_calls_total", tenant=showroom.slug, result="open") == 1
    assert await showroom.counted("model_cost_usd_total", tenant=showroom.slug) == 0


async def test_guard_rejections_are_counted_by_rule_and_writer(showroom: Showroom, gemini: GeminiStandin) -> None:
    gemini.answer = "Kak, [[A.name]] nett 99 juta saja. Mau?"
    before = await showroom.counted("guard_rejections_total", rule="amount", source="model")

    reply = await showroom.hears("ada avanza?")

    assert "99" not in reply
    assert await showroom.counted("guard_rejections_total", rule="amount", source="model") == before + 1
    assert await showroom.counted("fallbacks_total", reason="guard:amount") > 0


async def test_the_guards_no_to_our_own_words_is_counted_as_such(
    client: TestClient, fonnte: FonnteStandin, gemini: GeminiStandin, database: Database
) -> None:
    gemini.fault = Fault(name="http", status=503)
    tenant_id = await make.tenant(database)
    await make.cars(database, tenant_id, make.car_row(display_code="#A01"))
    async with database.tenant(tenant_id) as db:
        await db.execute("UPDATE car SET public_name = 'Avanza B 1234 XYZ'")
    showroom = Showroom(client, fonnte, await make.device_of(database, tenant_id), "")
    before = await showroom.counted("guard_rejections_total", rule="plate", source="rule")

    assert "1234" not in await showroom.hears("#A01")

    assert await showroom.counted("guard_rejections_total", rule="plate", source="rule") == before + 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("qwrtz plmkj", "other"),
        ("cari mobil qorvex dong kak", "unknown_words"),
        ("avanza plmkj", "low_confidence"),
    ],
)
async def test_a_miss_is_counted_by_its_reason(
    showroom: Showroom, gemini: GeminiStandin, text: str, reason: str
) -> None:
    gemini.fault = Fault(name="http", status=503)
    before = await showroom.counted("understanding_misses_total", reason=reason)
    total = await showroom.counted("understanding_misses_total")

    await showroom.hears(text)

    assert await showroom.counted("understanding_misses_total", reason=reason) == before + 1
    assert await showroom.counted("understanding_misses_total") == total + 1


async def test_what_is_understood_or_has_an_answer_of_its_own_is_no_miss(
    showroom: Showroom, gemini: GeminiStandin
) -> None:
    gemini.answer = HONEST
    total = await showroom.counted("understanding_misses_total")

    for text in ("halo kak", "ada avanza 2020?", "wkwkwk", "iya", "kirim ke luar pulau bisa?", "👍"):
        await showroom.hears(text)

    assert await showroom.counted("understanding_misses_total") == total


async def test_a_call_that_is_broken_off_is_counted(showroom: Showroom) -> None:
    async def slow() -> Completion:
        await asyncio.Event().wait()
        raise AssertionError

    call = asyncio.create_task(on_account(slow(), "uji-batal", Prices(1, 1)))
    await asyncio.sleep(0)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)

    assert await showroom.counted("model_calls_total", tenant="uji-batal", result="cancelled") == 1


async def test_the_callers_error_stays_what_it_was() -> None:
    async def refused() -> Completion:
        raise AssistantError("blocked", prompt_tokens=7)

    with pytest.raises(AssistantError) as caught:
        await on_account(refused(), "uji-blok", Prices(1, 1))

    assert caught.value.reason == "blocked"


def test_every_collector_is_counted_somewhere() -> None:
    package = Path(metrics.__file__).parent
    source = "\n".join(path.read_text("utf-8") for path in package.rglob("*.py"))
    collectors = [name for name, value in vars(metrics).items() if isinstance(value, MetricWrapperBase)]

    assert len(collectors) > 20
    assert [name for name in collectors if f"metrics.{name}." not in source] == []
