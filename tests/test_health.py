"""What the operator's machines ask."""

from aiohttp.test_utils import TestClient

from autoleads.web import keys
from tests import make
from tests.patience import patience


async def test_alive_says_so_without_the_database(client: TestClient) -> None:
    app = client.app
    assert app is not None
    app[keys.DATABASE].pool.terminate()

    response = await client.get("/health")

    assert response.status == 200
    assert (await response.json())["status"] == "ok"


async def test_ready_means_database_and_dispatcher(client: TestClient) -> None:
    app = client.app
    assert app is not None
    async with patience():
        while (await client.get("/ready")).status != 200:
            pass  # a machine that takes longer than two seconds for a question is not ready

    await app[keys.DISPATCHER].aclose(1)
    app[keys.DATABASE].pool.terminate()
    response = await client.get("/ready")

    assert response.status == 503
    body = await response.json()
    assert (body["database"], body["dispatcher"]) == ("unreachable", "closing")


async def test_metrics_are_for_the_platforms_own_name(client: TestClient) -> None:
    ours = await client.get("/metrics")
    text = await ours.text()
    showrooms = await client.get("/metrics", headers={"Host": "showroom-surabaya.autoleads.example"})
    nobodys = await client.get("/metrics", headers={"Host": "["})

    assert ours.status == 200
    assert "# TYPE autoleads_reply_seconds histogram" in text
    assert "autoleads_open_conversations" in text
    assert showrooms.status == 404
    assert nobodys.status == 404


async def test_labels_carry_no_numbers_of_people(client: TestClient) -> None:
    sender = make.phone()
    await client.post("/webhook/fonnte", json=make.fonnte_text("628999999999", sender, "rahasia"))

    text = await (await client.get("/metrics")).text()

    assert sender not in text
    assert "rahasia" not in text


async def test_an_unknown_path_is_a_plain_404(client: TestClient) -> None:
    response = await client.get("/api/tidak-ada")

    assert response.status == 404
    error = (await response.json())["error"]
    assert error["code"] == "not_found"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert error["requestId"] == response.headers["X-Request-Id"]


async def test_a_wrong_method_names_itself(client: TestClient) -> None:
    response = await client.put("/webhook/fonnte")

    assert response.status == 405
