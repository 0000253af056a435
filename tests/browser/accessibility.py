"""axe-core in a page: what a screen reader, a keyboard or weak eyes would stumble over."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()


def serious_faults(page: Page) -> list[str]:
    """The rules that the page breaks seriously, each with the elements that do."""
    page.emulate_media(reduced_motion="reduce")  # colours on their way are no colours of ours
    page.evaluate(_AXE)
    found: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
