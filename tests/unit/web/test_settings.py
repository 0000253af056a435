"""Settings: what is shown once, what is refused, what is nobody else's."""

from typing import Any

import pytest

from ontologie.model.user import Role
from ontologie.services import access, people
from ontologie.services.context import Context
from tests.unit.web.conftest import csrf


async def test_an_invitation_is_shown_once_and_logs_in(context: Context, log_in: Any) -> None:
    browser = await log_in(Role.ADMIN)
    token = await csrf(browser)
    form = token | {"name": "<script>alert(1)</script>", "email": "x@example.com", "role": "editor"}
    answer = await browser.post("/settings/users", data=form)
    assert answer.status_code == 200
    assert "<script>alert(1)" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    link = answer.text.partition("http://pages/login/")[2].partition("<")[0]
    found = await access.link_user(context, link)
    assert found is not None
    assert found[0].role is Role.EDITOR
    assert link not in (await browser.get("/settings/users")).text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "cannot be the name of a user"),
        ({"name": "Zoé", "email": "nope"}, "not an e-mail address"),
        ({"name": "ADMIN", "email": "new@example.com"}, "Another user has this name"),
    ],
)
async def test_a_wrong_invitation_is_told_beside_what_was_typed(log_in: Any, form: dict[str, str], said: str) -> None:
    browser = await log_in(Role.ADMIN)
    answer = await browser.post("/settings/users", data=await csrf(browser) | form)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{form.get("email", "")}"' in answer.text


async def test_an_admin_cannot_make_an_owner(log_in: Any) -> None:
    browser = await log_in(Role.ADMIN)
    form = {"name": "New", "email": "new@example.com", "role": "owner"}
    answer = await browser.post("/settings/users", data=await csrf(browser) | form)
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/settings/users", "/settings/keys", "/settings/notifications"])
async def test_what_is_for_admins_is_neither_shown_nor_opened_to_others(log_in: Any, path: str) -> None:
    browser = await log_in(Role.EDITOR)
    assert (await browser.get(path)).status_code == 403
    assert path not in (await browser.get("/settings")).text


async def test_a_key_is_shown_once(log_in: Any) -> None:
    browser = await log_in(Role.ADMIN)
    form = await csrf(browser) | {"name": "script", "read:livedata": "yes"}
    answer = await browser.post("/settings/keys", data=form)
    key = "olk_" + answer.text.partition("data-copied>olk_")[2].partition("<")[0]
    assert len(key) > 30
    listed = (await browser.get("/settings/keys")).text
    assert key not in listed
    assert key[:10] in listed
    none = await browser.post("/settings/keys", data=await csrf(browser) | {"name": "script"})
    assert none.status_code == 422


async def test_the_last_owner_cannot_remove_themselves(context: Context, log_in: Any) -> None:
    browser = await log_in(Role.OWNER)
    [owner] = [member for member in await people.every(context) if member.role is Role.OWNER]
    answer = await browser.post(f"/settings/users/{owner.id}/remove", data=await csrf(browser))
    assert answer.status_code == 409
    assert "last owner" in answer.text


async def test_a_password_is_set_and_changed(log_in: Any) -> None:
    browser = await log_in(Role.VIEWER)
    token = await csrf(browser)
    first = await browser.post("/settings/password", data=token | {"new": "a long enough one"})
    assert first.status_code == 200
    wrong = await browser.post("/settings/password", data=token | {"old": "no", "new": "another long enough one"})
    assert wrong.status_code == 422
    assert "present password is wrong" in wrong.text


async def test_without_a_source_the_pages_say_what_to_do(log_in: Any) -> None:
    browser = await log_in(Role.OWNER)
    for path, said in (
        ("/monitoring", "Nothing to watch yet"),
        ("/diagnostic", "No problem"),
        ("/settings/keys", "No API key yet"),
        ("/settings/notifications", "Nobody is told yet"),
        ("/runs/1", "This run is not there"),
    ):
        assert said in (await browser.get(path)).text, path


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_every_page_of_the_settings_is_there_in_both_languages(log_in: Any, language: str) -> None:
    browser = await log_in(Role.OWNER)
    browser.cookies.set("language", language)
    for path in ("/settings", "/settings/users", "/settings/keys", "/settings/notifications", "/settings/api",
                 "/monitoring", "/diagnostic"):  # fmt: skip
        answer = await browser.get(path)
        assert answer.status_code == 200, path
        assert f'<html lang="{language}"' in answer.text
