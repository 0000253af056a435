"""The chart of the first-sync benchmark: a bar per case, as SVG without a library."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

_ROW, _LEFT, _WIDTH = 44, 150, 640


def draw(results: Sequence[Mapping[str, Any]]) -> str:
    """Seconds of each case beside its floor and its target; readable on light and dark backgrounds."""
    longest = max(max(item["seconds"], item["floor_s"] * item["target"]) for item in results)
    scale = (_WIDTH - _LEFT - 110) / longest
    height = _ROW * len(results) + 60
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
        ' role="img" font-family="system-ui, sans-serif" font-size="13">',
        "<title>Seconds of a first sync, against what HubSpot's limits allow</title>",
        "<style>text{fill:#24292f}.floor{fill:#9aa4af}.took{fill:#2f6fde}.target{stroke:#c0392b;stroke-width:2}"
        "@media (prefers-color-scheme:dark){text{fill:#d6dbe1}.took{fill:#6ea0ff}}</style>",
    ]
    for number, item in enumerate(results):
        top = _ROW * number + 10
        took, floor = item["seconds"] * scale, item["floor_s"] * scale
        target = _LEFT + floor * item["target"]
        label = f"{item['case']}, {item['records']:,}"
        lines += [
            f'<text x="{_LEFT - 8}" y="{top + 20}" text-anchor="end">{escape(label)}</text>',
            f'<rect class="floor" x="{_LEFT}" y="{top}" width="{floor:.1f}" height="12"/>',
            f'<rect class="took" x="{_LEFT}" y="{top + 14}" width="{took:.1f}" height="14"/>',
            f'<line class="target" x1="{target:.1f}" x2="{target:.1f}" y1="{top - 2}" y2="{top + 30}"/>',
            f'<text x="{_LEFT + max(took, floor) + 10:.1f}" y="{top + 26}">'
            f"{item['seconds']:.1f} s, × {item['ratio']:.2f}</text>",
        ]
    legend = "grey: the floor that HubSpot's limits allow · blue: ours · red line: what we promise"
    lines += [f'<text x="{_LEFT}" y="{height - 16}">{legend}</text>', "</svg>"]
    return "\n".join(lines) + "\n"
