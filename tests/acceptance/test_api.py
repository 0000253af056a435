"""The REST API, as a program uses it: keys, scopes, pages of records, syncs."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from ontologie.model.api_key import Scope
from ontologie.services import api_keys, runs, sources
from ontologie.services.context import Context
from ontologie.settings import Settings
from ontologie.wiring import pages

Work = Callable[[httpx.AsyncClient, Context], Awaitable[Any]]


def asked(lab, *scopes: Scope, work: Work) -> Any:
    """What ``work`` gives, with a client that sends a key with these scopes."""

    async def inside(context: Context) -> Any:
        transport = httpx.ASGITransport(pages(context, Settings(home=lab.home), secure_cookies=False))
        async with httpx.AsyncClient(transport=transport, base_url="http://api/api/v1") as client:
            if scopes:
                made = await api_keys.create(context, name="program", scopes=scopes)
                client.headers["authorization"] = f"Bearer {made.token}"
            return await work(client, context)

    return lab.within(inside)


@pytest.fixture
def synced(lab, portal) -> Any:
    made, url = portal(contacts=25)
    if "api" not in {source.name for source in lab.within(sources.every)}:
        lab.add("api", url, "contacts")
        lab.sync("api")
    return made


def test_records_come_page_by_page_each_once(lab, synced) -> None:
    async def work(client: httpx.AsyncClient, context: Context) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            params = {"limit": 10} | ({"cursor": cursor} if cursor else {})
            answer = (await client.get("/sources/api/tables/contacts/records", params=params)).json()
            found += answer["data"]
            cursor = answer["next"]
            if cursor is None:
                return found

    found = asked(lab, Scope.READ, work=work)
    assert len(found) == len({item["id"] for item in found}) == 25
    assert all(isinstance(item["id"], str) for item in found)
    assert {"email", "firstname", "_updated_at"} <= set(found[0])


def test_sources_and_runs_are_told(lab, synced) -> None:
    async def work(client: httpx.AsyncClient, context: Context) -> None:
        listed = (await client.get("/sources")).json()["data"]
        one = (await client.get("/sources/api")).json()
        assert one in listed
        assert one["status"] == "synced"
        assert one["streams"] == [
            {"name": "contacts", "status": "synced", "records": 25, "tables": ["contacts"],
             "last_synced_at": one["streams"][0]["last_synced_at"], "problem_code": None}
        ]  # fmt: skip
        page = (await client.get("/sources/api/runs", params={"limit": 1})).json()
        assert page["data"][0]["status"] in ("synced", "queued")
        run = (await client.get(f"/runs/{page['data'][0]['id']}")).json()
        assert run == page["data"][0]

    asked(lab, Scope.READ, work=work)


def test_a_sync_needs_the_scope_for_it(lab, synced) -> None:
    async def refused(client: httpx.AsyncClient, context: Context) -> None:
        answer = await client.post("/sources/api/runs", json={})
        assert answer.status_code == 403
        assert answer.json()["code"] == "API_SCOPE_MISSING"

    async def started(client: httpx.AsyncClient, context: Context) -> None:
        wrong = await client.post("/sources/api/runs", json={"streams": ["unicorns"]})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "STREAM_UNKNOWN")
        odd = await client.post("/sources/api/runs", json={"surprise": True})
        assert (odd.status_code, odd.json()["code"]) == (400, "API_REQUEST_MALFORMED")
        answer = await client.post("/sources/api/runs", json={"check": True})
        assert answer.status_code == 202
        assert answer.json()["status"] == "queued"
        again = await client.post("/sources/api/runs", json={})
        assert again.json()["id"] == answer.json()["id"]
        assert (await client.get("/sources")).status_code == 403
        await runs.cancel(context, await sources.find(context, "api"))

    asked(lab, Scope.READ, work=refused)
    asked(lab, Scope.WRITE, work=started)


def test_without_a_good_key_nothing_opens(lab, synced) -> None:
    async def work(client: httpx.AsyncClient, context: Context) -> None:
        made = await api_keys.create(context, name="gone", scopes=[Scope.READ])
        await api_keys.revoke(context, made.key.id)
        for header in (None, "Bearer", "Bearer olk_guess", f"Basic {made.token}", f"Bearer {made.token}"):
            headers = {"authorization": header} if header else {}
            for method, path in (("GET", "/sources"), ("GET", "/runs/1"), ("POST", "/sources/api/runs")):
                answer = await client.request(method, path, headers=headers, json={} if method == "POST" else None)
                assert answer.status_code == 401
                assert answer.json()["code"] == "API_KEY_REFUSED"
                assert answer.headers["www-authenticate"] == "Bearer"

    asked(lab, work=work)


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/sources/unicorn", 404, "SOURCE_UNKNOWN"),
        ("/sources/api/tables/unicorns/records", 404, "TABLE_UNKNOWN"),
        ("/sources/api/tables/contacts/records?cursor=x", 422, "PAGE_MALFORMED"),
        ("/sources/api/tables/contacts/records?limit=0", 400, "API_REQUEST_MALFORMED"),
        ("/sources/api/tables/contacts/records?limit=many", 400, "API_REQUEST_MALFORMED"),
        ("/sources/api/runs?cursor=-1", 422, "PAGE_MALFORMED"),
        ("/runs/999999999", 404, "RUN_UNKNOWN"),
        ("/runs/99999999999999999999999", 404, "RUN_UNKNOWN"),
        ("/sources/%00", 404, "SOURCE_UNKNOWN"),
    ],
)
def test_a_wrong_request_is_told_in_the_same_shape(lab, synced, path: str, status: int, code: str) -> None:
    async def work(client: httpx.AsyncClient, context: Context) -> None:
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert set(answer.json()) == {"code", "problem", "remedy"}

    asked(lab, Scope.READ, work=work)


def test_the_description_names_every_route_and_needs_no_key(lab) -> None:
    async def work(client: httpx.AsyncClient, context: Context) -> None:
        answer = await client.get("/openapi.json")
        assert answer.status_code == 200
        assert len(answer.json()["paths"]) == 6
        assert "/api/v1/sources/{source}/tables/{table}/records" in answer.json()["paths"]

    asked(lab, work=work)


def test_a_key_is_kept_as_a_hash_and_notes_its_use(lab, synced) -> None:
    async def work(client: httpx.AsyncClient, context: Context) -> None:
        await client.get("/sources")
        token = client.headers["authorization"].removeprefix("Bearer ")
        listed = (await api_keys.every(context))[-1]
        assert listed.last_used_at is not None
        assert token.startswith(listed.begins)
        async with context.pool.connection() as connection:
            cursor = await connection.execute("SELECT k::text AS row FROM api_keys k")
            assert not any(token in str(row["row"]) for row in await cursor.fetchall())

    asked(lab, Scope.READ, work=work)


def test_hard_delete_is_changed_and_drift_is_acknowledged_by_a_key_that_may_write(lab, portal) -> None:
    account, url = portal(contacts=5)
    lab.add("api_drift", url, "contacts")
    lab.sync("api_drift")
    async def changed(client: httpx.AsyncClient, context: Context) -> None:
        for wanted in (True, False):
            answer = await client.patch("/sources/api_drift", json={"hard_delete": wanted})
            assert (answer.status_code, answer.json()["hard_delete"]) == (200, wanted)
            assert (await sources.find(context, "api_drift")).hard_delete is wanted
        assert (await client.patch("/sources/api_drift", json={"paused": True})).status_code == 400
        for odd in ("x", "-1", "9" * 30):
            assert (await client.post("/sources/api_drift/drift", json={"ids": [odd]})).status_code == 400

    async def refused(client: httpx.AsyncClient, context: Context) -> None:
        assert (await client.patch("/sources/api_drift", json={"hard_delete": True})).status_code == 403
        assert (await client.post("/sources/api_drift/drift", json={"ids": []})).status_code == 403

    async def unseen(client: httpx.AsyncClient, context: Context) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await client.get("/sources/api_drift/drift")).json()["data"]
        return found

    account.events.add_property("contacts", "added_later", "string", "text")
    lab.sync("api_drift", check=True)
    [change] = asked(lab, Scope.READ, work=unseen)
    assert (change["table"], change["property"], change["change"]) == ("contacts", "added_later", "added")

    async def seen(client: httpx.AsyncClient, context: Context) -> None:
        answer = await client.post("/sources/api_drift/drift", json={"ids": [change["id"]]})
        assert (answer.status_code, answer.json()["data"]) == (200, [])

    asked(lab, Scope.READ, work=refused)
    asked(lab, Scope.WRITE, work=changed)
    asked(lab, Scope.WRITE, work=seen)
    assert asked(lab, Scope.READ, work=unseen) == []
