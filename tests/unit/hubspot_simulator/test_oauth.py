"""OAuth as HubSpot does it: consent, codes with PKCE, refresh, introspection, revocation, two accounts."""

import base64
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import msgspec
import pytest

from hubspot_simulator import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, Portal, PortalConfig, serve

_BACK = "http://127.0.0.1:9/oauth/callback?from=hubspot"
_TOKEN = "/oauth/2026-09/token"
_CLIENT = {"client_id": DEFAULT_CLIENT_ID, "client_secret": DEFAULT_CLIENT_SECRET}
_SECOND = 145_000_002
Http = Callable[..., Awaitable[tuple[int, Any, Any]]]


@pytest.fixture
def second(portal: Portal) -> Portal:
    """Another account behind the same simulator."""
    made = Portal(PortalConfig(portal_id=_SECOND, token="pat-eu1-second", contacts=7), accounts=portal.accounts)
    made.clock.freeze(datetime(2026, 11, 20, 12, tzinfo=UTC))
    return made


@pytest.fixture
async def http(portal: Portal, second: Portal) -> AsyncIterator[Http]:
    """``await http(method, path, form=None, token="", **query)`` gives status, body, headers; follows nothing."""
    async with serve(portal) as server, aiohttp.ClientSession() as session:

        async def request(method: str, path: str, form: Any = None, token: str = "", **query: str) -> Any:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            async with session.request(
                method, server.url + path, data=form, params=query, headers=headers, allow_redirects=False
            ) as response:
                raw = await response.read()
                is_json = response.content_type == "application/json"
                return response.status, msgspec.json.decode(raw) if is_json and raw else raw.decode(), response.headers

        yield request


def _link(**changes: str) -> dict[str, str]:
    asked = {"client_id": DEFAULT_CLIENT_ID, "redirect_uri": _BACK, "scope": "oauth crm.objects.contacts.read"}
    return {**asked, "state": "a b&c", **changes}


async def _answer(http: Http, decision: str = "grant", account: int = 145_000_001, **changes: str) -> dict[str, str]:
    """What the redirect brings back."""
    form = {"decision": decision, "account": str(account)}
    status, _, headers = await http("POST", "/oauth/authorize", form, **_link(**changes))
    assert status == 302
    assert headers["Location"].startswith("http://127.0.0.1:9/oauth/callback?")
    return {name: values[0] for name, values in parse_qs(urlsplit(headers["Location"]).query).items()}


def _exchange(code: str, **changes: str) -> dict[str, str]:
    return {"grant_type": "authorization_code", "code": code, "redirect_uri": _BACK, **_CLIENT, **changes}


async def _tokens(http: Http, **consent: Any) -> Any:
    code = (await _answer(http, **consent))["code"]
    status, reply, _ = await http("POST", _TOKEN, _exchange(code))
    assert status == 200
    return reply


async def test_the_page_shows_account_and_scopes(http: Http) -> None:
    status, text, _ = await http("GET", "/oauth/authorize", **_link(optional_scope="crm.objects.deals.read"))
    assert status == 200
    for shown in ("145000001", "145000002", "crm.objects.contacts.read", "crm.objects.deals.read", "Grant", "Refuse"):
        assert shown in text
    assert "145000001" not in (await http("GET", f"/oauth/{_SECOND}/authorize", **_link()))[1]


async def test_a_code_becomes_tokens_once(http: Http) -> None:
    back = await _answer(http, optional_scope="crm.objects.deals.read")
    assert (back["state"], back["from"]) == ("a b&c", "hubspot")
    status, reply, _ = await http("POST", _TOKEN, _exchange(back["code"]))
    assert status == 200
    assert reply["scopes"] == ["oauth", "crm.objects.contacts.read", "crm.objects.deals.read"]
    assert (reply["hub_id"], reply["expires_in"], reply["token_type"]) == (145_000_001, 1_800, "bearer")
    assert (await http("GET", "/crm/objects/2026-09/deals", token=reply["access_token"]))[0] == 200
    status, reply, _ = await http("POST", _TOKEN, _exchange(back["code"]))
    assert (status, reply["status"], reply["error"]) == (400, "BAD_AUTH_CODE", "invalid_grant")


async def test_refusing_redirects_with_the_error_and_the_state(http: Http) -> None:
    back = await _answer(http, "refuse")
    assert (back["error"], back["state"]) == ("access_denied", "a b&c")
    assert "code" not in back


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"client_id": "nobody"}, "client id"),
        ({"redirect_uri": "javascript:alert(1)"}, "redirect URL"),
        ({"scope": ""}, "no scope"),
        ({"scope": "crm.objects.unicorns.read"}, "unicorns"),
        ({"code_challenge_method": "MD5"}, "S256"),
    ],
)
async def test_a_wrong_install_link_is_an_error_page_and_never_a_redirect(
    http: Http, changes: dict[str, str], named: str
) -> None:
    for method in ("GET", "POST"):
        status, text, _ = await http(method, "/oauth/authorize", {"decision": "grant"}, **_link(**changes))
        assert status == 400
        assert named in text


async def test_a_registered_app_is_held_to_its_settings(http: Http, portal: Portal) -> None:
    body = {"client_id": "c", "client_secret": "s", "app_id": 7, "name": "<b>Mine</b>", "redirect_uris": [_BACK]}
    app = {"app": {**body, "scopes": ["oauth"]}}
    assert (await http("POST", "/_simulator/oauth", msgspec.json.encode(app)))[0] == 200
    status, text, _ = await http("GET", "/oauth/authorize", **_link(client_id="c", scope="oauth"))
    assert status == 200
    assert "&lt;b&gt;Mine" in text
    assert (await http("GET", "/oauth/authorize", **_link(client_id="c")))[0] == 400
    other = _link(client_id="c", scope="oauth", redirect_uri=_BACK + "/")
    assert (await http("GET", "/oauth/authorize", **other))[0] == 400


async def test_pkce(http: Http) -> None:
    verifier = "v" * 50
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {"code_challenge": challenge, "code_challenge_method": "S256"}
    code = (await _answer(http, **asked))["code"]
    for wrong in ({}, {"code_verifier": "w" * 50}):
        status, reply, _ = await http("POST", _TOKEN, _exchange(code, **wrong))
        assert (status, reply["status"]) == (400, "BAD_CODE_VERIFIER")
    assert (await http("POST", _TOKEN, _exchange(code, code_verifier=verifier)))[0] == 200


@pytest.mark.parametrize(
    ("changes", "expected", "error"),
    [
        ({"client_id": "nobody"}, "BAD_CLIENT_ID", "invalid_client"),
        ({"client_secret": "wrong"}, "BAD_CLIENT_SECRET", "invalid_client"),
        ({"code": "never"}, "BAD_AUTH_CODE", "invalid_grant"),
        ({"redirect_uri": _BACK + "/"}, "MISMATCH_REDIRECT_URI_AUTH_CODE", "invalid_grant"),
        ({"redirect_uri": ""}, "BAD_REDIRECT_URI", "invalid_request"),
        ({"grant_type": "password"}, "BAD_GRANT_TYPE", "unsupported_grant_type"),
        ({"grant_type": "refresh_token"}, "BAD_REFRESH_TOKEN", "invalid_grant"),
        ({"grant_type": "client_credentials", "scope": "x"}, "BAD_SCOPES", "invalid_scope"),
    ],
)
async def test_each_refusal_has_its_own_words(http: Http, changes: dict[str, str], expected: str, error: str) -> None:
    code = (await _answer(http))["code"]
    for path in (_TOKEN, "/oauth/v1/token"):
        status, reply, _ = await http("POST", path, {**_exchange(code), **changes})
        assert (status, reply["status"], reply["error"]) == (400, expected, error)
        assert reply["message"] == reply["error_description"]


async def test_a_code_expires(http: Http, portal: Portal) -> None:
    code = (await _answer(http))["code"]
    portal.clock.advance(timedelta(seconds=61))
    assert (await http("POST", _TOKEN, _exchange(code)))[1]["status"] == "EXPIRED_AUTH_CODE"


async def test_refresh_keeps_its_token_until_the_switch_rotates_it(http: Http, portal: Portal) -> None:
    first = await _tokens(http)
    portal.clock.advance(timedelta(minutes=30))
    status, reply, _ = await http("GET", "/crm/objects/2026-09/contacts", token=first["access_token"])
    assert (status, reply["category"]) == (401, "EXPIRED_AUTHENTICATION")
    form = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"], **_CLIENT}
    _, fresh, _ = await http("POST", _TOKEN, form)
    assert fresh["refresh_token"] == first["refresh_token"]
    assert (await http("GET", "/crm/objects/2026-09/contacts", token=fresh["access_token"]))[0] == 200
    portal.accounts.switch(rotate_refresh_tokens=True)
    _, rotated, _ = await http("POST", _TOKEN, form)
    assert rotated["refresh_token"] != first["refresh_token"]
    assert (await http("POST", _TOKEN, form))[1]["status"] == "BAD_REFRESH_TOKEN"
    form["refresh_token"] = rotated["refresh_token"]
    assert (await http("POST", _TOKEN, form))[0] == 200


async def test_introspection_and_the_old_paths(http: Http) -> None:
    tokens = await _tokens(http)
    access, refresh = tokens["access_token"], tokens["refresh_token"]
    _, seen, _ = await http("POST", f"{_TOKEN}/introspect", {**_CLIENT, "token": access})
    assert (seen["active"], seen["hub_id"], seen["token_use"]) == (True, 145_000_001, "access_token")
    assert 0 < seen["expires_in"] <= 1_800
    _, seen, _ = await http("POST", f"{_TOKEN}/introspect", {**_CLIENT, "token": refresh})
    assert (seen["active"], seen["token_use"]) == (True, "refresh_token")
    assert (await http("POST", f"{_TOKEN}/introspect", {**_CLIENT, "token": "x"}))[1] == {"active": False}
    assert (await http("GET", f"/oauth/v1/access-tokens/{access}"))[1]["token_type"] == "access"
    assert (await http("GET", f"/oauth/v1/refresh-tokens/{refresh}"))[1]["hub_id"] == 145_000_001
    _, old, _ = await http(
        "POST", "/oauth/v1/token", {"grant_type": "refresh_token", "refresh_token": refresh, **_CLIENT}
    )
    assert old.keys() == {"token_type", "access_token", "refresh_token", "expires_in"}


async def test_revoking_ends_refresh_but_not_the_access_already_given(http: Http) -> None:
    tokens = await _tokens(http)
    form = {**_CLIENT, "token": tokens["refresh_token"]}
    assert (await http("POST", f"{_TOKEN}/revoke", form))[0] == 200
    assert (await http("POST", f"{_TOKEN}/introspect", form))[1] == {"active": False}
    assert (await http("GET", "/crm/objects/2026-09/contacts", token=tokens["access_token"]))[0] == 200
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], **_CLIENT}
    assert (await http("POST", _TOKEN, refresh))[1]["status"] == "BAD_REFRESH_TOKEN"
    assert (await http("GET", f"/oauth/v1/refresh-tokens/{tokens['refresh_token']}"))[0] == 404


async def test_uninstalling_ends_everything(http: Http) -> None:
    tokens = await _tokens(http)
    body = msgspec.json.encode({"uninstall": DEFAULT_CLIENT_ID})
    assert (await http("POST", "/_simulator/oauth", body))[0] == 200
    status, reply, _ = await http("GET", "/crm/objects/2026-09/contacts", token=tokens["access_token"])
    assert (status, reply["category"]) == (401, "INVALID_AUTHENTICATION")
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], **_CLIENT}
    assert (await http("POST", _TOKEN, refresh))[1]["status"] == "BAD_HUB"


async def test_the_account_that_was_chosen_is_the_one_that_answers(http: Http, second: Portal) -> None:
    tokens = await _tokens(http, account=_SECOND)
    assert tokens["hub_id"] == _SECOND
    _, details, _ = await http("GET", "/account-info/2026-09/details", token=tokens["access_token"])
    assert details["portalId"] == _SECOND
    _, page, _ = await http("GET", "/crm/objects/2026-09/contacts", token=tokens["access_token"], limit="100")
    assert [int(record["id"]) for record in page["results"]] == [second.stores["contacts"].ids.of(i) for i in range(7)]
    assert second.statistics.requests == 2


async def test_scopes_of_an_installed_app_change_in_the_middle(http: Http) -> None:
    tokens = await _tokens(http)
    change = {"scopes": {"client_id": DEFAULT_CLIENT_ID, "scopes": ["oauth"]}}
    assert (await http("POST", "/_simulator/oauth", msgspec.json.encode(change)))[0] == 200
    assert (await http("GET", "/crm/objects/2026-09/contacts", token=tokens["access_token"]))[0] == 403


async def test_scopes_that_the_subscription_lacks(http: Http, portal: Portal) -> None:
    portal.configure(unavailable_scopes=["crm.objects.custom.read"])
    tokens = await _tokens(http, optional_scope="crm.objects.custom.read")
    assert tokens["scopes"] == ["oauth", "crm.objects.contacts.read"]
    asked = _link(scope="oauth crm.objects.custom.read")
    status, text, _ = await http("POST", "/oauth/authorize", {"decision": "grant"}, **asked)
    assert status == 400
    assert "crm.objects.custom.read" in text


async def test_client_credentials_have_no_refresh_token(http: Http) -> None:
    form = {"grant_type": "client_credentials", "scope": "developer.webhooks_journal.read", **_CLIENT}
    status, reply, _ = await http("POST", _TOKEN, form)
    assert status == 200
    assert "refresh_token" not in reply
    assert reply["expires_in"] == 1_800


async def test_public_apps_have_a_limit_of_their_own_and_no_day(http: Http, portal: Portal) -> None:
    portal.configure(daily_limit=1, burst_per_10_s=1)
    tokens = await _tokens(http)
    for _ in range(3):
        status, _, headers = await http("GET", "/crm/objects/2026-09/contacts", token=tokens["access_token"])
        assert (status, headers["X-HubSpot-RateLimit-Max"]) == (200, "110")
        assert "X-HubSpot-RateLimit-Daily" not in headers


async def test_the_switch_answers_in_a_persons_place(http: Http, portal: Portal) -> None:
    for consent, expected in (("grant", "code="), ("refuse", "error=access_denied")):
        portal.accounts.switch(consent=consent)
        status, _, headers = await http("GET", "/oauth/authorize", **_link())
        assert status == 302
        assert expected in headers["Location"]
    for wrong, named in (({"consent": "maybe"}, "ask, grant, refuse"), ({"consents": "ask"}, "rotate_refresh_tokens")):
        with pytest.raises(ValueError, match=named):
            portal.accounts.switch(**wrong)


async def test_a_free_plan_refuses_every_crm_call(ask: Any, portal: Portal) -> None:
    portal.configure(free_plan=True)
    for path in ("/crm/objects/2026-09/contacts", "/crm/properties/2026-09/deals", "/crm/owners/2026-09"):
        status, reply = await ask(path)
        assert (status, reply["category"]) == (403, "MISSING_SCOPES")
    assert (await ask("/account-info/2026-09/details"))[0] == 200
