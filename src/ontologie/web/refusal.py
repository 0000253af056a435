"""A form that was refused: its page shows it again, with what was typed and what is wrong at its field."""

from collections.abc import Mapping

import msgspec

from ontologie.errors import UsageError

_FIELDS = {
    "USER_NAME_MALFORMED": "name",
    "USER_TAKEN": "name",
    "EMAIL_MALFORMED": "email",
    "WEBHOOK_MALFORMED": "url",
    "API_SCOPE_NOT_GIVEN": "scopes",
    "PASSWORD_WRONG": "old",
    "LOGIN_LOCKED": "old",
    "PASSWORD_WEAK": "new",
}
"""Which field a code is about; of any other the form tells above its fields."""


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """``form`` is its name on the page. ``typed`` holds no secret: a password is typed again."""

    form: str
    error: UsageError
    typed: Mapping[str, str] = {}

    @property
    def field(self) -> str:
        return _FIELDS.get(self.error.code, "")
