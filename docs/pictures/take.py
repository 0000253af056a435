"""Takes the pictures of the README from a fresh installation with the simulated portal, and writes them beside itself.

    .venv/bin/python docs/pictures/take.py
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import sync_playwright

COMMAND = str(Path(sys.executable).with_name("ontologie"))
HERE = Path(__file__).parent
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def main() -> None:
    """Start an installation, bring the demo source into it, and look at its pages in both themes."""
    with tempfile.TemporaryDirectory(prefix="ontologie-pictures-") as home:
        Path(home).chmod(0o755)
        environment = os.environ | {
            "ONTOLOGIE_HOME": home,
            "ONTOLOGIE_PORT": "8791",
            "ONTOLOGIE_SIMULATOR_PORT": "8792",
        }
        server = subprocess.Popen(
            [COMMAND, "start", "--with-simulated-portal"], env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            assert server.stdout is not None
            link = next(found for line in server.stdout if (found := re.search(r"http\S+/login/\S+", line))).group()
            subprocess.run([COMMAND, "demo"], env=environment, check=True, stdout=subprocess.DEVNULL)
            _look(link)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()


def _look(link: str) -> None:
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--headless=new", "--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 720}, locale="en")
        page.goto(link)
        page.get_by_role("button", name="Log in without a password").click()
        page.wait_for_url(re.compile("/(connectors|streams)$"))
        base = re.sub(r"(http://[^/]+).*", r"\1", page.url)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            for name, address in (("streams", "/streams"), ("spreadsheet", "/streams/demo/deals")):
                page.goto(base + address, wait_until="networkidle")
                page.screenshot(path=HERE / f"{name}-{scheme}.png")
        browser.close()


if __name__ == "__main__":
    main()
