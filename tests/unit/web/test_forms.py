"""A form that is refused comes back with what was typed, and says at the field what is wrong with it."""

import re
from typing import Any

import pytest

from ontologie.model.user import Role
from ontologie.services.context import Context
from tests.unit.web.conftest import csrf

LONG_ENOUGH = "a long enough one"


def tag_of(html: str, field: str) -> str:
    """The field's own HTML."""
    [found] = re.findall(rf'<(?:input|fieldset)[^>]*(?:id="{field}"|aria-describedby="{field}-error")[^>]*>', html)
    return str(found)


@pytest.mark.parametrize(
    ("path", "form", "field"),
    [
        ("/settings/profile", {"name": "", "email": "kept@example.com"}, "name"),
        ("/settings/profile", {"name": "Kept", "email": "nope"}, "email"),
        ("/settings/users", {"name": "", "email": "kept@example.com", "role": "editor"}, "name"),
        ("/settings/users", {"name": "Kept", "email": "nope", "role": "editor"}, "email"),
        ("/settings/users", {"name": "owner", "email": "kept@example.com", "role": "editor"}, "name"),
        ("/settings/keys", {"name": "", "write:livedata": "yes"}, "name"),
        ("/settings/keys", {"name": "Kept"}, "scopes"),
        ("/settings/notifications/webhook", {"url": "nope://kept"}, "url"),
    ],
)
async def test_what_is_wrong_stands_at_its_field_and_the_rest_is_kept(
    log_in: Any, path: str, form: dict[str, str], field: str
) -> None:
    browser = await log_in(Role.OWNER)
    answer = await browser.post(path, data=await csrf(browser) | form)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f"{field}-error" in tag_of(answer.text, field)
    assert answer.text.count("field-error") == 1, "said once"
    for name, value in form.items():
        if name in ("name", "email", "url"):
            assert f'value="{value}"' in tag_of(answer.text, name)
        else:
            assert re.search(rf'name="{name}" value="{value}" checked', answer.text)
    unticked = {"read:livedata", "write:livedata"} - form.keys()
    assert not any(re.search(rf'name="{name}" value="yes" checked', answer.text) for name in unticked)


@pytest.mark.parametrize(
    ("form", "field"),
    [({"old": "a wrong one", "new": "another long one"}, "old"), ({"old": LONG_ENOUGH, "new": "short"}, "new")],
)
async def test_a_password_is_never_sent_back(context: Context, log_in: Any, form: dict[str, str], field: str) -> None:
    browser = await log_in(Role.VIEWER)
    token = await csrf(browser)
    await browser.post("/settings/password", data=token | {"new": LONG_ENOUGH})
    answer = await browser.post("/settings/password", data=token | form)
    assert answer.status_code == 422
    assert "autofocus" in tag_of(answer.text, field)
    assert not any(secret in answer.text for secret in form.values())


async def test_without_a_mail_server_there_is_no_form_for_addresses_but_the_reason(log_in: Any) -> None:
    browser = await log_in(Role.ADMIN)
    form = await csrf(browser) | {"email": "kept@example.com"}
    for answer in (
        await browser.get("/settings/notifications"),
        await browser.post("/settings/notifications/email", data=form),
    ):
        assert "No SMTP server is set up" in answer.text
        assert 'action="/settings/notifications/email"' not in answer.text


async def test_a_frequency_is_previewed_in_whatever_zone_the_address_names(log_in: Any) -> None:
    browser = await log_in(Role.ADMIN)
    answer = await browser.get("/frequency?frequency=cron&cron=0+6+*+*+*&zone=Mars/Olympus")
    assert answer.status_code == 200
