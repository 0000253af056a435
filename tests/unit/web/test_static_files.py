"""Scripts and styles travel compressed and once; pages, which hold the token of their forms, are not compressed."""

import re

from ontologie.web.static_files import STATIC
from tests.unit.web.conftest import Browser


async def test_what_never_changes_is_compressed_and_what_holds_a_token_is_not(visitor: Browser) -> None:
    accepts = {"accept-encoding": "gzip"}
    script = await visitor.get(f"{STATIC}/vendor/htmx.min.js", headers=accepts)
    assert script.headers["content-encoding"] == "gzip"
    assert int(script.headers["content-length"]) < 20_000
    page = await visitor.get("/login", headers=accepts | {"accept": "text/html"})
    assert "content-encoding" not in page.headers
    assert "_csrf_token" in page.text


async def test_a_browser_keeps_files_for_good_under_the_address_of_their_version(visitor: Browser) -> None:
    page = await visitor.get("/login")
    addresses = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text))
    assert len(addresses) > 5
    for address in addresses:
        answer = await visitor.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["cache-control"]


async def test_a_page_of_another_version_gets_the_files_of_this_one_and_keeps_none(visitor: Browser) -> None:
    ours = await visitor.get(f"{STATIC}/app.js")
    theirs = await visitor.get("/static/another-version/app.js")
    assert theirs.status_code == 200
    assert theirs.content == ours.content
    assert theirs.headers["cache-control"] == "no-cache"
    assert (await visitor.get("/static/another-version/no-more.js")).status_code == 404


async def test_only_what_pages_ask_for_is_served(visitor: Browser) -> None:
    for name in ("vendor/README.md", "vendor/htmx.LICENSE.txt", "../static_files.py", "%2e%2e/static_files.py", ""):
        assert (await visitor.get(f"{STATIC}/{name}")).status_code == 404, name
