"""A real browser on a real installation. Where no Chromium is found these tests are skipped, loudly."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from hubspot_simulator import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, Portal, serve_in_thread
from tests.installation import COMMAND, Installation
from tests.other_servers import External, external_server
from tests.watching import free_port

SCREENSHOTS = Path("build/screenshots")
expect.set_options(timeout=15_000)  # two cores may have much to do beside the browser
_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is the same browser without what draws windows: it takes half the time."""
_ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


class Running:
    """``ontologie start --with-simulated-portal``, as the README has it."""

    def __init__(self, installation: Installation, process: subprocess.Popen[str], greeting: str) -> None:
        self.installation = installation
        self.process = process
        self.greeting = greeting
        self.url = re.findall(r"Live Data\s+(http\S+)", greeting)[0]

    def login_link(self) -> str:
        """A fresh one-time link."""
        return self.installation.run("login-link").strip()


@contextlib.contextmanager
def _started() -> Iterator[Running]:
    with tempfile.TemporaryDirectory(prefix="ontologie-pages-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        settings = {
            "ONTOLOGIE_PORT": str(free_port()),
            "ONTOLOGIE_SIMULATOR_PORT": str(free_port()),
            "ONTOLOGIE_HUBSPOT_CLIENT_ID": DEFAULT_CLIENT_ID,
            "ONTOLOGIE_HUBSPOT_CLIENT_SECRET": DEFAULT_CLIENT_SECRET,
        }
        with serving(Installation(home, settings), "start", "--with-simulated-portal") as started:
            yield started


@contextlib.contextmanager
def serving(installation: Installation, *command: str) -> Iterator[Running]:
    """The command that serves the pages, from its greeting to its end."""
    process = subprocess.Popen(
        [COMMAND, *command],
        env=installation.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    greeting = ""
    while "Ctrl-C" not in greeting:
        line = process.stdout.readline()
        assert line, greeting
        greeting += line
    try:
        yield Running(installation, process, greeting)
    finally:
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
        assert process.returncode == 0, rest


@contextlib.contextmanager
def apart(portal: Portal) -> Iterator[tuple[Running, External]]:
    """The pages without a worker, beside a simulated portal, on a database server of which the test disposes."""
    with (
        external_server(18) as server,
        tempfile.TemporaryDirectory(prefix="ontologie-apart-") as home,
        serve_in_thread(portal) as simulator,
    ):
        settings = {
            "ONTOLOGIE_DATABASE_URL": server.url,
            "ONTOLOGIE_PORT": str(free_port()),
            "ONTOLOGIE_SIMULATOR_PORT": simulator.url.rpartition(":")[2],
        }
        with serving(Installation(Path(home), settings), "web") as started:
            yield started, server


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    """One installation for all tests of the pages; what one of them connects, the others see."""
    with _started() as started:
        yield started


@pytest.fixture(scope="session")
def demo(running: Running) -> None:
    """A synced source named demo."""
    if "demo" not in running.installation.run("source", "list"):
        running.installation.run("demo")


@pytest.fixture
def untouched() -> Iterator[Running]:
    """An installation that nobody has connected anything to."""
    with _started() as started:
        yield started


# Not for the session: Playwright's loop runs as long as it is open, and other packages' tests have loops of their own.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if path is None:
        pytest.skip("NO CHROMIUM FOUND: the pages were not tested in a browser")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def session(browser: Browser, running: Running) -> dict[str, object]:
    """The cookies of someone who has logged in with a one-time link."""
    context = browser.new_context()
    log_in(context.new_page(), running)
    state = context.storage_state()
    context.close()
    return dict(state)


def log_in(page: Page, running: Running) -> None:
    """With a one-time link."""
    page.goto(running.login_link())
    page.get_by_role("button", name="Log in without a password").click()
    page.wait_for_url(re.compile("/(connectors|streams)$"))


def answered(message: ConsoleMessage) -> bool:
    """Chromium's own line about an answer such as 404, or htmx's."""
    said = ("Failed to load resource: the server responded", "Response Status Error Code")
    return message.text.startswith(said)


def expected(message: ConsoleMessage, *, errors_expected: bool) -> bool:
    """Of no interest to a test."""
    # A popup closes itself, and a tab in its place may not: Chromium says so.
    stays = message.text.startswith("Scripts may close only the windows that were opened by them")
    return stays or (errors_expected and answered(message))


@pytest.fixture
def open_page(browser: Browser, session: dict[str, object]) -> Iterator[object]:
    """Opens pages by locale, width and theme; any message of the console, a CSP report included, fails the test."""
    contexts: list[BrowserContext] = []
    messages: list[str] = []

    def opened(*, locale: str = "en", width: int = 1440, dark: bool = False, errors_expected: bool = False) -> Page:
        context = browser.new_context(
            locale=locale,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            storage_state=session,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda said: None if expected(said, errors_expected=errors_expected) else messages.append(said.text),
        )
        page.on("pageerror", lambda error: messages.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert messages == []
