"""Bars as SVG. The numbers stand beside them in a table: a picture is never the only place of a number."""

from collections.abc import Sequence

from markupsafe import Markup


def bar(value: float, most: float, kind: str = "") -> Markup:
    """A bar that is as long as its share of ``most``, in the width of the place it stands in."""
    share = 0.0 if most <= 0 else max(0.0, min(1.0, value / most)) * 100
    if value > 0:
        share = max(share, 0.6)  # a little is not nothing
    return Markup(
        '<svg class="chart-bar {}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="ground" width="100" height="10"/><rect class="value" width="{:.2f}" height="10"/></svg>'
    ).format(kind, share)


def column(values: Sequence[tuple[float, str]], most: float) -> Markup:
    """Values on top of each other, each in the colour of its kind, as high as their share of ``most``."""
    parts, top = [], 100.0
    for value, kind in values:
        height = 0.0 if most <= 0 else max(0.0, value / most) * 100
        top -= height
        parts.append(Markup('<rect class="{}" x="0" y="{:.2f}" width="10" height="{:.2f}"/>').format(kind, top, height))
    return Markup(
        '<svg class="chart-column" viewBox="0 0 10 100" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
    ).format(Markup("").join(parts))
