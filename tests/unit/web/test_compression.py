"""Scripts and styles travel compressed; pages, which hold the token of their forms, do not."""

from tests.unit.web.conftest import Browser


async def test_what_never_changes_is_compressed_and_what_holds_a_token_is_not(visitor: Browser) -> None:
    accepts = {"accept-encoding": "gzip"}
    script = await visitor.get("/static/vendor/htmx.min.js", headers=accepts)
    assert script.headers["content-encoding"] == "gzip"
    assert int(script.headers["content-length"]) < 20_000
    page = await visitor.get("/login", headers=accepts | {"accept": "text/html"})
    assert "content-encoding" not in page.headers
    assert "_csrf_token" in page.text
