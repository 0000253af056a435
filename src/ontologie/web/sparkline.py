"""A row of bars as inline SVG: how much each of the last runs changed."""

import math
from collections.abc import Sequence

from markupsafe import Markup

_BAR = 3
_GAP = 1
_HEIGHT = 20


def sparkline(values: Sequence[int], slots: int, label: str) -> Markup:
    """One bar per value, the newest on the right, in a room for ``slots``; nothing changed is a dot.

    Heights grow with the order of magnitude, so that 3 changes are seen beside a first sync's 50,000.
    """
    shown = list(values)[-slots:]
    top = math.log1p(max(shown, default=0)) or 1.0
    left = (slots - len(shown)) * (_BAR + _GAP)
    empty = Markup("").join(_bar(place, 0, 0) for place in range(0, left, _BAR + _GAP))
    bars = empty + Markup("").join(
        _bar(left + place * (_BAR + _GAP), math.log1p(value) / top, value) for place, value in enumerate(shown)
    )
    return Markup('<svg class="spark" role="img" aria-label="{}" width="{}" height="{}">{}</svg>').format(
        label, slots * (_BAR + _GAP), _HEIGHT, bars
    )


def _bar(x: int, share: float, value: int) -> Markup:
    height = 1 if value <= 0 else max(2, round(share * _HEIGHT))
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" class="{}"/>').format(
        x, _HEIGHT - height, _BAR, height, "some" if value > 0 else "none"
    )
