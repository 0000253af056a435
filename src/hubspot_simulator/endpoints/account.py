"""Owners, account details, daily usage and private-app token info."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from hubspot_simulator.call import Call, Reply, ok
from hubspot_simulator.clock import iso, to_ms
from hubspot_simulator.endpoints.routes import DATED, Route, crm
from hubspot_simulator.errors import bad_credentials, invalid, not_found

if TYPE_CHECKING:
    from hubspot_simulator.portal import Portal

_MAX_OWNERS = 500
_UNLIMITED_SHOWN = 1_000_000


def list_owners(portal: "Portal", call: Call) -> Reply:
    """Owners by rising id; ``after`` is the id of the next one."""
    archived, email = call.flag("archived"), call.text("email").casefold()
    limit, after = call.limit(100, _MAX_OWNERS), call.text("after", "0")
    if not after.isascii() or not after.isdigit() or len(after) > 30:  # noqa: PLR2004
        raise invalid(f"Invalid cursor: {after[:100]}")
    found = [
        owner
        for owner in portal.owners
        if owner["archived"] == archived
        and int(owner["id"]) >= int(after)
        and (not email or owner["email"].casefold() == email)
    ]
    reply: dict[str, Any] = {"results": found[:limit]}
    if len(found) > limit:
        following = found[limit]["id"]
        link = f"{call.base_url}{call.path}?limit={limit}&after={following}"
        reply["paging"] = {"next": {"after": following, "link": link}}
    return ok(reply)


def get_owner(portal: "Portal", call: Call) -> Reply:
    """One owner, by id or by user id (``idProperty=userId``)."""
    key = "userId" if call.text("idProperty").lower() == "userid" else "id"
    for owner in portal.owners:
        if str(owner[key]) == call.parameters["owner"] and owner["archived"] == call.flag("archived"):
            return ok(owner)
    raise not_found()


def details(portal: "Portal", _call: Call) -> Reply:
    """``GET /account-info/2026-09/details``."""
    config = portal.config
    offset = portal.clock.now().astimezone(ZoneInfo(config.time_zone)).utcoffset() or timedelta(0)
    minutes = round(offset.total_seconds() / 60)
    sign, size = ("-", -minutes) if minutes < 0 else ("+", minutes)
    return ok(
        {
            "portalId": config.portal_id,
            "portalName": "Simulated portal",
            "accountType": "STANDARD",
            "timeZone": config.time_zone,
            "companyCurrency": config.currency,
            "additionalCurrencies": [],
            "utcOffset": f"{sign}{size // 60:02d}:{size % 60:02d}",
            "utcOffsetMilliseconds": minutes * 60_000,
            "uiDomain": "app-eu1.hubspot.com",
            "dataHostingLocation": "eu1",
            "createdAt": "2023-01-02T09:00:00.000Z",
        }
    )


def daily_usage(portal: "Portal", _call: Call) -> Reply:
    """Requests of all private apps since midnight in the account's time zone."""
    now = portal.clock.now()
    local = now.astimezone(ZoneInfo(portal.config.time_zone))
    midnight = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), local.tzinfo)
    limit = portal.limits.daily_limit
    return ok(
        {
            "results": [
                {
                    "name": "private-apps-api-calls-daily",
                    "usageLimit": _UNLIMITED_SHOWN if limit is None else limit,
                    "currentUsage": portal.limits.used_today(),
                    "collectedAt": iso(to_ms(now)),
                    "fetchStatus": "SUCCESS",
                    "resetsAt": iso(to_ms(midnight)),
                }
            ]
        }
    )


class _TokenKey(msgspec.Struct, rename="camel"):
    token_key: str


def token_info(portal: "Portal", call: Call) -> Reply:
    """Whose private token it is and what it may do; needs no scope."""
    body: _TokenKey = call.json(_TokenKey)
    account = portal.accounts.of_token(f"Bearer {body.token_key}")
    grant = account.grants.get(body.token_key)
    if grant is None or grant.client_id:
        raise bad_credentials()
    return ok(
        {
            "userId": grant.user_id,
            "hubId": account.config.portal_id,
            "appId": grant.app_id,
            "scopes": sorted(grant.scopes),
        }
    )


_OWNER_SCOPES = (("crm.objects.owners.read",),)
_ACCOUNT = (f"/account-info/{DATED}", "/account-info/v3")
ROUTES = [
    *(
        Route(method="GET", path=path, handler=list_owners, family="owners", scopes=_OWNER_SCOPES)
        for path in (*crm("owners"), "/crm/v3/owners/")
    ),
    *(
        Route(method="GET", path=path, handler=get_owner, family="owners", scopes=_OWNER_SCOPES)
        for path in crm("owners", "/{owner}")
    ),
    *(
        Route(method="GET", path=f"{base}/details", handler=details, family="account", scopes=(("oauth",),))
        for base in _ACCOUNT
    ),
    *(
        Route(
            method="GET",
            path=f"{base}/api-usage/daily/private-apps",
            handler=daily_usage,
            family="account",
            scopes=(("oauth",),),
        )
        for base in _ACCOUNT
    ),
    Route(
        method="POST",
        path="/oauth/v2/private-apps/get/access-token-info",
        handler=token_info,
        family="oauth",
        bucket="none",
        open=True,
    ),
]
