"""The login page: with a link, with a password, and when neither is right."""

from ontologie.services import access
from ontologie.services.context import Context
from tests.unit.web.conftest import Browser, csrf

PASSWORD = "un cheval, une batterie"


async def test_seeing_a_link_logs_nobody_in_and_uses_nothing_up(context: Context, visitor: Browser) -> None:
    link = await access.login_link(context)
    for _ in range(2):
        answer = await visitor.get(f"/login/{link}")
        assert answer.status_code == 200
        assert "session" not in visitor.cookies
    answer = await visitor.get("/streams", follow_redirects=False)
    assert answer.headers["location"] == "/login"


async def test_a_link_sets_a_password_that_logs_in(context: Context, visitor: Browser) -> None:
    link = await access.login_link(context)
    token = await csrf(visitor)
    weak = await visitor.post(f"/login/{link}", data=token | {"with": "password", "password": "short"})
    assert weak.status_code == 422
    assert "too easy to guess" in weak.text
    answer = await visitor.post(f"/login/{link}", data=token | {"with": "password", "password": PASSWORD})
    assert answer.status_code == 200
    assert answer.url.path in ("/connectors", "/streams")
    await visitor.post("/logout", data=token)
    assert (await visitor.get("/streams", follow_redirects=False)).status_code == 303
    again = await visitor.post("/login", data=token | {"login": "owner", "password": PASSWORD})
    assert again.url.path in ("/connectors", "/streams")


async def test_a_used_link_says_so(context: Context, visitor: Browser) -> None:
    link = await access.login_link(context)
    token = await csrf(visitor)
    await visitor.post(f"/login/{link}", data=token | {"with": "link"})
    visitor.cookies.delete("session")
    answer = await visitor.post(f"/login/{link}", data=token | {"with": "link"})
    assert answer.status_code == 403
    assert "used already" in answer.text


async def test_a_wrong_password_is_told_in_one_sentence_and_too_many_lock(context: Context, visitor: Browser) -> None:
    token = await csrf(visitor)
    for number in range(11):
        answer = await visitor.post("/login", data=token | {"login": "<b>owner", "password": f"guess {number}"})
        assert answer.status_code == 403
        assert "<b>owner" not in answer.text
        expected = "The name or the password is wrong." if number < 10 else "too many failed tries"
        assert expected in answer.text
