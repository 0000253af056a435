"""What a reader with a real browser waits for at the spreadsheet: Debian's Chromium, headless, through Playwright."""

import os
import shutil
import statistics
from typing import Any
from urllib.parse import urlencode

from playwright.async_api import BrowserContext, Page, async_playwright

_TIMES = 7
_ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_FIRST_ROW = """
(function look() {
  if (!document.querySelector("#grid .tabulator-row a.record-link")) return requestAnimationFrame(look);
  requestAnimationFrame(() => { window.firstRowMs = performance.now(); });
})();
"""
"""The frame after the one in which the row is there: then it has been painted. performance.now() counts from the start
of the navigation."""
_MOMENTS = """() => new Promise((done) => (function look() {
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  if (!paint || !window.firstRowMs) return requestAnimationFrame(look);
  done({ paint: paint.startTime, row: window.firstRowMs });
})())"""
_UNTIL_OTHER_ROWS = """(button) => new Promise((done) => {
  const first = () => document.querySelector("#grid .tabulator-row a.record-link")?.getAttribute("href");
  const before = first();
  const began = performance.now();
  (function look() {
    const now = first();
    if (!now || now === before) return requestAnimationFrame(look);
    requestAnimationFrame(() => done(performance.now() - began));
  })();
  button.click();
})"""
_FIRST_STAGE = "() => Tabulator.findTable('#grid')[0].getData()[0].lifecyclestage"


async def measure(url: str, session: str, columns: tuple[str, ...], stages: tuple[str, ...]) -> list[dict[str, Any]]:
    """The first visit (nothing kept by the browser) and the next one, then a sort and a filter on an indexed column."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        raise RuntimeError("no Chromium: install it, or name it in CHROMIUM")
    address = f"{url}/streams/bench/contacts?{urlencode({'cols': ','.join(columns)})}"
    times: dict[str, list[float]] = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        for number in range(_TIMES + 1):
            context = await browser.new_context(locale="en", viewport={"width": 1440, "height": 900})
            await context.add_cookies([{"name": "session", "value": session, "url": url}])
            found = await _visit(context, address, stages)
            if number:  # before that the process reads its templates, and PostgreSQL its pages
                for name, taken in found.items():
                    times.setdefault(name, []).append(taken)
            await context.close()
        await browser.close()
    return [
        {"question": name, "median_ms": round(statistics.median(taken), 1), "slowest_ms": round(max(taken), 1)}
        for name, taken in times.items()
    ]


async def _visit(context: BrowserContext, address: str, stages: tuple[str, ...]) -> dict[str, float]:
    page = await context.new_page()
    await page.add_init_script(_FIRST_ROW)
    found: dict[str, float] = {}
    for visit in ("first visit", "next visit"):
        moments = await _go(page, address)
        found[f"{visit}: first paint"] = moments["paint"]
        found[f"{visit}: first row"] = moments["row"]
    # Of the stages one that the first row has not: its row goes.
    shown = await page.evaluate(_FIRST_STAGE)
    stage = next(one for one in stages if one != shown)
    await _choose(page, stage)
    apply = page.locator("#filter-dialog .primary")
    found["filter by stage (index)"] = await apply.evaluate(_UNTIL_OTHER_ROWS)
    header = page.locator("#grid .tabulator-col[tabulator-field=lastname]")
    found["filtered, sort by last name (index)"] = await header.evaluate(_UNTIL_OTHER_ROWS)
    await _go(page, address)
    found["sort by last name (index)"] = await header.evaluate(_UNTIL_OTHER_ROWS)
    return found


async def _go(page: Page, address: str) -> dict[str, float]:
    """Until everything that the page asks for by itself is there."""
    await page.goto(address)
    moments: dict[str, float] = await page.evaluate(_MOMENTS)
    await page.locator("#grid-status [data-count]:not(:empty)").wait_for()
    return moments


async def _choose(page: Page, stage: str) -> None:
    await page.locator("#add-filter").click()
    await page.locator("#filter-column").select_option("lifecyclestage")
    await page.locator(f"#filter-dialog input[value={stage}]").check()
