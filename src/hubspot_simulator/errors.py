"""HubSpot's error replies, with the categories and texts recorded in its documentation."""

from collections.abc import Mapping
from typing import Any

import msgspec

MISSING_SCOPES_TEXT = (
    "This app hasn't been granted all required scopes to make this call. "
    "Read more about required scopes here: https://developers.hubspot.com/scopes."
)
NO_CREDENTIALS_TEXT = (
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more "
    "details at https://developers.hubspot.com/docs/methods/auth/oauth-overview"
)


class ApiError(Exception):
    """A reply that is an error: raised by an endpoint, written by the server."""

    def __init__(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status} {body.get('message', '')}")
        self.status = status
        self.body = dict(body)
        self.headers = dict(headers or {})

    def encoded(self, correlation_id: str) -> bytes:
        """The body as JSON, with its correlation id."""
        return msgspec.json.encode({**self.body, "correlationId": correlation_id})


def invalid(message: str, **extra: Any) -> ApiError:
    """400 VALIDATION_ERROR."""
    return ApiError(400, {"status": "error", "message": message, "category": "VALIDATION_ERROR", **extra})


def invalid_json(detail: str) -> ApiError:
    """400 for a body that is not the JSON asked for."""
    return invalid(f"Invalid input JSON: {detail}")


def unknown_type(spelling: str) -> ApiError:
    """400 without a category, as recorded on 2026-08-21; another text for something that looks like an id."""
    head, dash, tail = spelling.partition("-")
    if dash and head.isdigit() and tail.isdigit():
        return ApiError(400, {"status": "error", "message": f"Invalid object or event type id: {spelling}"})
    return ApiError(400, {"status": "error", "message": f"Unable to infer object type from: {spelling}"})


def not_found(message: str = "resource not found") -> ApiError:
    """404 OBJECT_NOT_FOUND."""
    return ApiError(404, {"status": "error", "message": message, "category": "OBJECT_NOT_FOUND"})


def already_exists(message: str, sub_category: str) -> ApiError:
    """409 OBJECT_ALREADY_EXISTS."""
    body = {"status": "error", "message": message, "category": "OBJECT_ALREADY_EXISTS", "subCategory": sub_category}
    return ApiError(409, body)


def bad_credentials() -> ApiError:
    """401 for a token nobody knows, or none."""
    return ApiError(
        401,
        {"status": "error", "message": NO_CREDENTIALS_TEXT, "category": "INVALID_AUTHENTICATION"},
        {"x-hubspot-auth-failure": "401 Unauthorized"},
    )


def expired_credentials(expired_at: str, seconds_ago: int) -> ApiError:
    """401 for an OAuth token past its 30 minutes."""
    return ApiError(
        401,
        {
            "status": "error",
            "message": f"The OAuth token used to make this call expired {seconds_ago} second(s) ago.",
            "category": "EXPIRED_AUTHENTICATION",
            "context": {"expire time": [expired_at]},
        },
        {"x-hubspot-auth-failure": "401 Unauthorized"},
    )


def missing_scopes(scopes: tuple[str, ...]) -> ApiError:
    """403 naming the scopes, any one of which would do."""
    return ApiError(
        403,
        {
            "status": "error",
            "message": MISSING_SCOPES_TEXT,
            "errors": [
                {
                    "message": "One or more of the following scopes are required.",
                    "context": {"requiredGranularScopes": list(scopes)},
                }
            ],
            "links": {"scopes": "https://developers.hubspot.com/scopes"},
            "category": "MISSING_SCOPES",
        },
    )


def no_permission(kind: str) -> ApiError:
    """403 for a person who may not see such records; only the word in capitals is known of it [?]."""
    return ApiError(
        403,
        {
            "status": "error",
            "message": f"The user has no permission to view {kind}.",
            "category": "USER_DOES_NOT_HAVE_PERMISSIONS",
        },
    )


def oauth_refused(status: str, message: str, error: str) -> ApiError:
    """400 of the token endpoints: HubSpot's status beside the OAuth standard's error."""
    return ApiError(400, {"status": status, "message": message, "error": error, "error_description": message})


_POLICIES = {
    "TEN_SECONDLY_ROLLING": "You have reached your ten_secondly_rolling limit.",
    "DAILY": "You have reached your daily limit.",
    "SECONDLY": "You have reached your secondly limit.",
}


def rate_limited(policy: str, request_id: str) -> ApiError:
    """429 by policy: TEN_SECONDLY_ROLLING, DAILY or SECONDLY."""
    return ApiError(
        429,
        {
            "status": "error",
            "message": _POLICIES[policy],
            "errorType": "RATE_LIMIT",
            "policyName": policy,
            "requestId": request_id,
        },
    )


def uri_too_long() -> ApiError:
    """414: the whole URL passed the portal's limit."""
    return ApiError(414, {"status": "error", "message": "URI Too Long"})
