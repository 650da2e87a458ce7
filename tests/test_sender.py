"""What becomes of a bubble: every verdict of the gateway, over its real wire."""

import time

import pytest

from autoleads import metrics
from autoleads.bot.gateway.base import Outgoing, Sends
from autoleads.bot.gateway.fonnte import FonnteGateway
from autoleads.bot.gateway.simulator import Hub, SimulatorGateway
from autoleads.bot.pacer import Pacer
from autoleads.bot.sender import Retry, Sender
from autoleads.sql.conversations import Bubble, Device, Result
from autoleads.sql.pool import Database
from autoleads.types import Channel, OutboxId, TenantId
from tests import make
from tests.standins.base import Fault
from tests.standins.fonnte import FonnteStandin

RETRY = Retry(max_attempts=3, base_s=2.0, cap_s=60.0)


def _bubble(**changes: object) -> Bubble:
    known = {
        "id": OutboxId(7),
        "attempt": 1,
        "body": "halo kak",
        "media_url": None,
        "failures": 0,
        "covers_to": 1,
        "source": "rule",
    }
    return Bubble(**{**known, **changes})  # type: ignore[arg-type]


class Post:
    """A sender over the stand-in, and a device to send from."""

    def __init__(self, database: Database, fonnte: FonnteStandin) -> None:
        self.database = database
        self.fonnte = fonnte
        self.rate, self.burst = 1000.0, 10

    async def send(
        self,
        bubble: Bubble,
        *,
        token: str = "own",
        default: str = "",
        waited_s: float = 0.0,
        gateway: Sends | None = None,
        tenant_id: TenantId | None = None,
    ) -> Result:
        tenant_id = tenant_id or await make.tenant(self.database)
        device = Device(
            id=await make.device_id_of(self.database, tenant_id), number="628110001", channel="fonnte", token=token
        )
        async with FonnteGateway.session() as http:
            gateways: dict[Channel, Sends] = {
                Channel.FONNTE: gateway or FonnteGateway(http, self.fonnte.url, 2.0),
                Channel.SIMULATOR: SimulatorGateway(Hub()),
            }
            pacer = Pacer(self.database, rate=self.rate, burst=self.burst, patience_s=0.5)
            sender = Sender(gateways, pacer, default_token=default, window_s=5.0, retry=RETRY)
            return await sender.send(tenant_id, device, "6281200000001", bubble, time.monotonic() - waited_s)


@pytest.fixture
def post(database: Database, fonnte: FonnteStandin) -> Post:
    return Post(database, fonnte)


async def test_an_accepted_bubble_is_sent_with_the_devices_token(post: Post) -> None:
    result = await post.send(_bubble(), token="own", default="common")

    assert (result.state, result.attempt, bool(result.gateway_id)) == ("sent", 1, True)
    assert [(s.token, s.message) for s in post.fonnte.sent] == [("own", "halo kak")]


async def test_a_device_without_a_token_uses_the_installations(post: Post) -> None:
    await post.send(_bubble(), token="", default="common")

    assert [s.token for s in post.fonnte.sent] == ["common"]


async def test_without_any_token_the_simulator_gets_it(post: Post) -> None:
    result = await post.send(_bubble(), token="", default="")

    assert result.gateway_id is not None
    assert result.gateway_id.startswith("sim-")
    assert post.fonnte.received == []


async def test_an_unavailable_gateway_means_later_and_later(post: Post) -> None:
    post.fonnte.fault = Fault(name="http", status=503)

    first, second = await post.send(_bubble(failures=0)), await post.send(_bubble(failures=1))
    last = await post.send(_bubble(failures=2))

    assert (first.state, second.state, last.state) == ("queued", "queued", "dead")
    assert RETRY.base_s / 2 <= first.due_in_s <= RETRY.base_s
    assert RETRY.base_s / 2 <= second.due_in_s <= 2 * RETRY.base_s


async def test_a_device_that_is_off_line_alerts_and_waits_as_told(post: Post) -> None:
    post.fonnte.connected = False
    before = metrics.GATEWAY_ALERTS.labels("fonnte")._value.get()

    result = await post.send(_bubble())

    assert result.state == "queued"
    assert result.due_in_s >= 30
    assert metrics.GATEWAY_ALERTS.labels("fonnte")._value.get() == before + 1


async def test_a_refusal_for_good_is_dead(post: Post) -> None:
    post.fonnte.fault = Fault(name="refuse", reason="target invalid")

    result = await post.send(_bubble())

    assert (result.state, result.problem) == ("dead", "target invalid")


async def test_an_attachment_the_plan_refuses_goes_as_its_address(post: Post) -> None:
    post.fonnte.once(Fault(name="refuse", reason="file format not supported"))

    result = await post.send(_bubble(media_url="https://showroom.example/a01.jpg"))

    assert result.state == "sent"
    assert [s.message for s in post.fonnte.sent] == ["halo kak\nhttps://showroom.example/a01.jpg"]


async def test_an_answer_that_never_came_is_ambiguous(post: Post) -> None:
    post.fonnte.once(Fault(name="accept_then_drop"))

    assert (await post.send(_bubble())).state == "ambiguous"
    assert len(post.fonnte.sent) == 1


async def test_what_missed_its_window_is_not_sent_and_no_failed_try(post: Post) -> None:
    result = await post.send(_bubble(failures=RETRY.max_attempts), waited_s=6.0)

    assert (result.state, result.problem, result.due_in_s) == ("queued", None, 0.0)
    assert post.fonnte.received == []


async def test_a_busy_device_lets_the_row_wait_in_the_outbox(post: Post) -> None:
    post.rate, post.burst = 0.001, 1
    tenant_id = await make.tenant(post.database)
    spent = await post.send(_bubble(), tenant_id=tenant_id)
    waits = await post.send(_bubble(), tenant_id=tenant_id)

    assert (spent.state, waits.state, waits.problem) == ("sent", "queued", None)
    assert 900 <= waits.due_in_s <= 1_000


async def test_the_second_try_of_a_refused_attachment_takes_a_slot_too(post: Post) -> None:
    post.rate, post.burst = 0.1, 1
    post.fonnte.once(Fault(name="refuse", reason="file format not supported"))

    result = await post.send(_bubble(media_url="https://showroom.example/a01.jpg"))

    assert (result.state, result.problem) == ("queued", None)
    assert post.fonnte.sent == []


async def test_a_bug_in_a_gateway_is_no_reason_to_repeat(post: Post) -> None:
    class Broken:
        channel = Channel.FONNTE

        async def send(self, token: str, message: Outgoing) -> str:
            raise ZeroDivisionError

    result = await post.send(_bubble(), gateway=Broken())

    assert (result.state, result.problem) == ("ambiguous", "ZeroDivisionError")
