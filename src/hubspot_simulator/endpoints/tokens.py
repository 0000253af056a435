"""OAuth tokens: code and refresh exchange, client credentials, introspection, revocation, and the old v1 paths."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from hubspot_simulator.accounts import ACCESS_TOKEN_LIFE_S, USER_ID, App, Installation
from hubspot_simulator.call import Call, Grant, Reply, ok
from hubspot_simulator.endpoints.routes import Route
from hubspot_simulator.errors import ApiError, not_found, oauth_refused
from hubspot_simulator.scopes import KNOWN_SCOPES

if TYPE_CHECKING:
    from hubspot_simulator.portal import Portal

# Seen when the account was deleted or had disconnected the app.
_BAD_HUB = ("BAD_HUB", "missing or unknown hub id", "access_denied")
_BAD_REFRESH = ("BAD_REFRESH_TOKEN", "refresh token is invalid, expired or revoked", "invalid_grant")
Form = Mapping[str, str]


def token(portal: "Portal", call: Call) -> Reply:
    """``POST /oauth/2026-09/token``, form-encoded; v1 answers without account, user and scopes."""
    form = call.form()
    kind = form.get("grant_type", "")
    if kind not in _GRANTS:
        raise oauth_refused("BAD_GRANT_TYPE", "missing or unknown grant type", "unsupported_grant_type")
    reply = _GRANTS[kind](portal, form)
    if call.parameters.get("version") == "v1":
        reply = {name: reply[name] for name in _V1_TOKEN if name in reply}
    return ok(reply)


_V1_TOKEN = ("token_type", "refresh_token", "access_token", "expires_in")


def _client(portal: "Portal", form: Form) -> App:
    app = portal.accounts.apps.get(form.get("client_id", ""))
    if app is None:
        raise oauth_refused("BAD_CLIENT_ID", "missing or unknown client id", "invalid_client")
    if not hmac.compare_digest(app.client_secret.encode(), form.get("client_secret", "").encode()):
        raise oauth_refused("BAD_CLIENT_SECRET", "missing or invalid client secret", "invalid_client")
    return app


def _by_code(portal: "Portal", form: Form) -> dict[str, Any]:
    app, accounts, text = _client(portal, form), portal.accounts, form.get("code", "")
    code = accounts.codes.get(text)
    if code is None or code.app.client_id != app.client_id:
        raise oauth_refused("BAD_AUTH_CODE", "missing or unknown auth code", "invalid_grant")
    if code.portal.clock.now_ms() >= code.expires_ms:
        raise oauth_refused("EXPIRED_AUTH_CODE", "auth code has expired", "invalid_grant")
    redirect_uri = form.get("redirect_uri", "")
    if not redirect_uri:
        raise oauth_refused("BAD_REDIRECT_URI", "missing or invalid redirect uri", "invalid_request")
    if redirect_uri != code.redirect_uri:
        message = "redirect URI does not match initial auth code URI"
        raise oauth_refused("MISMATCH_REDIRECT_URI_AUTH_CODE", message, "invalid_grant")
    if app.scopes and not set(code.scopes).issubset(app.scopes):  # the app was changed since the consent [?]
        raise oauth_refused("BAD_SCOPES", "missing or unknown scopes", "invalid_scope")
    if code.challenge and not _verified(code.challenge, code.challenge_method, form.get("code_verifier", "")):
        raise oauth_refused("BAD_CODE_VERIFIER", "missing or invalid code verifier", "invalid_grant")
    del accounts.codes[text]
    return _granted(portal, accounts.install(app, code.portal, code.scopes))


def _verified(challenge: str, method: str, verifier: str) -> bool:
    if method == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        verifier = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return bool(verifier) and hmac.compare_digest(challenge.encode(), verifier.encode())


def _by_refresh(portal: "Portal", form: Form) -> dict[str, Any]:
    app, accounts = _client(portal, form), portal.accounts
    if form.get("refresh_token", "") in accounts.disconnected:
        raise oauth_refused(*_BAD_HUB)
    installed = accounts.installations.get(form.get("refresh_token", ""))
    if installed is None or installed.app.client_id != app.client_id:
        raise oauth_refused(*_BAD_REFRESH)
    if accounts.switches.rotate_refresh_tokens:
        accounts.rotate(installed)
    return _granted(portal, installed)


def _granted(portal: "Portal", installed: Installation) -> dict[str, Any]:
    text = portal.accounts.access(installed.app, installed.portal, installed.scopes)
    return {
        "token_type": "bearer",
        "access_token": text,
        "refresh_token": installed.refresh_token,
        "expires_in": ACCESS_TOKEN_LIFE_S,
        "hub_id": installed.portal.config.portal_id,
        "scopes": list(installed.scopes),
        "user_id": USER_ID,
        "token_use": "access_token",
    }


def _by_credentials(portal: "Portal", form: Form) -> dict[str, Any]:
    """The app's own token, of no account: 30 minutes, no refresh token."""
    app = _client(portal, form)
    scopes = tuple(dict.fromkeys(form.get("scope", "").split()))
    if not scopes or not KNOWN_SCOPES.issuperset(scopes):
        raise oauth_refused("BAD_SCOPES", "missing or unknown scopes", "invalid_scope")
    return {
        "token_type": "bearer",
        "access_token": portal.accounts.access(app, portal, scopes),
        "expires_in": ACCESS_TOKEN_LIFE_S,
        "scopes": list(scopes),
        "token_use": "access_token",
    }


_GRANTS: dict[str, Callable[["Portal", Form], dict[str, Any]]] = {
    "authorization_code": _by_code,
    "refresh_token": _by_refresh,
    "client_credentials": _by_credentials,
}


def introspect(portal: "Portal", call: Call) -> Reply:
    """``POST …/token/introspect``: what a token is; ``{"active": false}`` for a dead or unknown one."""
    form = call.form()
    app, text = _client(portal, form), form.get("token", "")
    installed = portal.accounts.installations.get(text)
    if installed is not None and installed.app.client_id == app.client_id:
        return ok({"active": True, "token": text, **_refresh_facts(installed)})
    found = _access(portal, text)
    if found is None or found[1].client_id != app.client_id:
        return ok({"active": False})
    account, grant = found
    return ok(
        {
            "active": True,
            "token": text,
            **_access_facts(account, grant),
            "client_id": app.client_id,
            "is_private_distribution": app.private_distribution,
            "token_use": "access_token",
            "token_type": "Bearer",
        }
    )


def _access(portal: "Portal", text: str) -> tuple["Portal", Grant] | None:
    """The account and grant of a living OAuth access token."""
    for account in portal.accounts.portals:
        grant = account.grants.get(text)
        if grant is not None and grant.client_id and (grant.expires_ms or 0) > account.clock.now_ms():
            return account, grant
    return None


def _access_facts(account: "Portal", grant: Grant) -> dict[str, Any]:
    expires_ms = grant.expires_ms or 0
    return {
        "hub_id": account.config.portal_id,
        "user_id": grant.user_id,
        "app_id": grant.app_id,
        "user": account.user,
        "hub_domain": account.domain,
        "scopes": sorted(grant.scopes),
        "signed_access_token": {
            "expiresAt": expires_ms,
            "hubId": account.config.portal_id,
            "userId": grant.user_id,
            "appId": grant.app_id,
            "hublet": account.hublet,
            "isUserLevel": False,
            "isPrivateDistribution": not grant.public,
            "isServiceAccount": False,
            "installingUserId": grant.user_id,
            "scopes": "",
            "trialScopes": "",
            "scopeToScopeGroupPks": "",
            "trialScopeToScopeGroupPks": "",
            "signature": "simulated",
            "newSignature": "simulated",
        },
        "expires_in": max((expires_ms - account.clock.now_ms()) // 1_000, 0),
    }


def _refresh_facts(installed: Installation) -> dict[str, Any]:
    account, app = installed.portal, installed.app
    return {
        "hub_id": account.config.portal_id,
        "user_id": USER_ID,
        "client_id": app.client_id,
        "app_id": app.app_id,
        "user": account.user,
        "hub_domain": account.domain,
        "scopes": list(installed.scopes),
        "is_private_distribution": app.private_distribution,
        "token_use": "refresh_token",
        "token_type": "Bearer",
    }


def revoke(portal: "Portal", call: Call) -> Reply:
    """``POST …/token/revoke``: the refresh token dies, access tokens already issued live on; 200 for unknown ones."""
    form = call.form()
    app, text = _client(portal, form), form.get("token", "")
    installed = portal.accounts.installations.get(text)
    if installed is not None and installed.app.client_id == app.client_id:
        del portal.accounts.installations[text]
    return Reply(200)


def old_access_token(portal: "Portal", call: Call) -> Reply:
    """``GET /oauth/v1/access-tokens/{token}``."""
    text = call.parameters["token"]
    found = _access(portal, text)
    if found is None:
        raise not_found("access token not found")
    return ok({"token": text, **_access_facts(*found), "token_type": "access"})


def _old_refresh(portal: "Portal", call: Call) -> Installation:
    installed = portal.accounts.installations.get(call.parameters["token"])
    if installed is None:
        raise ApiError(404, {"status": "error", "message": "refresh token not found", "category": "OBJECT_NOT_FOUND"})
    return installed


def old_refresh_token(portal: "Portal", call: Call) -> Reply:
    """``GET /oauth/v1/refresh-tokens/{token}``."""
    installed = _old_refresh(portal, call)
    facts = _refresh_facts(installed)
    wanted = ("hub_id", "user_id", "client_id", "user", "hub_domain", "scopes")
    return ok({"token": installed.refresh_token, **{name: facts[name] for name in wanted}, "token_type": "refresh"})


def old_revoke(portal: "Portal", call: Call) -> Reply:
    """``DELETE /oauth/v1/refresh-tokens/{token}``: 204."""
    del portal.accounts.installations[_old_refresh(portal, call).refresh_token]
    return Reply(204)


_BASE = "/oauth/{version:2026-03|2026-09|v3}/token"
ROUTES = [
    Route(method=method, path=path, handler=handler, family="oauth", bucket="none", open=True)
    for method, path, handler in (
        ("POST", _BASE, token),
        ("POST", "/oauth/{version:v1}/token", token),
        ("POST", f"{_BASE}/introspect", introspect),
        ("POST", f"{_BASE}/revoke", revoke),
        ("GET", "/oauth/v1/access-tokens/{token}", old_access_token),
        ("GET", "/oauth/v1/refresh-tokens/{token}", old_refresh_token),
        ("DELETE", "/oauth/v1/refresh-tokens/{token}", old_revoke),
    )
]
