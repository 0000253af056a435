"""Our icons: strokes on a grid of 20, drawn in the colour of the text beside them."""

from markupsafe import Markup

_STROKES = {
    "connectors": "M3 3h5v5H3zM12 3h5v5h-5zM3 12h5v5H3zM14.5 12v5M12 14.5h5",
    "sources": "M4 5c0-1.1 2.7-2 6-2s6 .9 6 2-2.7 2-6 2-6-.9-6-2zM4 5v10c0 1.1 2.7 2 6 2s6-.9 6-2V5M4 10c0 1.1 2.7 2 6 2s6-.9 6-2",
    "streams": "M2.5 6c2.5-2 5-2 7.5 0s5 2 7.5 0M2.5 10.5c2.5-2 5-2 7.5 0s5 2 7.5 0M2.5 15c2.5-2 5-2 7.5 0s5 2 7.5 0",
    "monitoring": "M2.5 10.5h3l2.5-6 4 11 2.5-5h3",
    "diagnostic": "M7 3v4a3.5 3.5 0 0 0 7 0V3M10.5 10.5V13a4 4 0 0 1-8 0v-1",
    "settings": "M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4",
    "menu": "M3 5.5h14M3 10h14M3 14.5h14",
    "close": "M5 5l10 10M15 5L5 15",
    "search": "M9 4a5 5 0 1 1 0 10A5 5 0 0 1 9 4zM12.7 12.7L17 17",
    "plus": "M10 4v12M4 10h12",
    "check": "M4 10.5l4 4 8-9",
    "arrow_right": "M4 10h12M11 5l5 5-5 5",
    "arrow_left": "M16 10H4M9 5l-5 5 5 5",
    "chevron_right": "M8 5l5 5-5 5",
    "chevron_down": "M5 8l5 5 5-5",
    "lock": "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
    "external": "M8 4H4v12h12v-4M11 4h5v5M16 4l-7 7",
    "sync": "M16 8a6.5 6.5 0 0 0-12-1M4 3.5V7h3.5M4 12a6.5 6.5 0 0 0 12 1M16 16.5V13h-3.5",
    "pause": "M7 4.5v11M13 4.5v11",
    "play": "M6 4l10 6-10 6z",
    "trash": "M4 5.5h12M8 5.5V3.5h4v2M5.5 5.5l.7 11h7.6l.7-11M8.5 8.5v5M11.5 8.5v5",
    "link": "M8.5 11.5a3 3 0 0 0 4.3 0l2.8-2.8a3 3 0 0 0-4.3-4.3L10.5 5.2M11.5 8.5a3 3 0 0 0-4.3 0l-2.8 2.8a3 3 0 0 0 4.3 4.3l.8-.8",
    "warning": "M10 3.5l7.5 13h-15zM10 8v4M10 14.2v.3",
    "info": "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM10 9v5M10 6.2v.3",
    "clock": "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM10 6v4l3 2",
    "dots": "M4.5 10h.1M10 10h.1M15.5 10h.1",
    "user": "M10 3.5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM4 17c.5-3.3 2.8-5 6-5s5.5 1.7 6 5",
    "half": "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM10 3v14",
    "circle": "M10 4a6 6 0 1 1 0 12 6 6 0 0 1 0-12z",
    "entity": "M10 2.5l6.5 3.75v7.5L10 17.5l-6.5-3.75v-7.5zM3.5 6.25L10 10l6.5-3.75M10 10v7.5",
    "key": "M7 8.5a4 4 0 1 1 0 5.5 4 4 0 0 1 0-5.5zM12.5 11H18M15.5 11v3",
    "edit": "M4 16l.8-3.5L13 4.3l2.7 2.7-8.2 8.2z",
    "table": "M3 4h14v12H3zM3 8.5h14M8 8.5V16",
    "archive": "M3 4h14v4H3zM4.5 8v8h11V8M8 11h4",
    "download": "M10 3v9M6 8.5l4 4 4-4M4 16.5h12",
    "filter": "M3 5h14M6 10h8M8.5 15h3",
    "columns": "M3 4h14v12H3zM8 4v12M12.5 4v12",
    "book": "M4 4h5a2 2 0 0 1 1 .5A2 2 0 0 1 11 4h5v12h-5a1.5 1.5 0 0 0-1 .5 1.5 1.5 0 0 0-1-.5H4zM10 4.5v12",
    "mail": "M3 5h14v10H3zM3 5.5l7 5.5 7-5.5",
    "logout": "M8 4H4v12h4M8.5 10H17M13.5 6.5L17 10l-3.5 3.5",
    "language": "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM3 10h14M10 3c2.5 2 2.5 12 0 14M10 3c-2.5 2-2.5 12 0 14",
}


def icon(name: str, size: int = 16) -> Markup:
    """An icon as SVG, hidden from screen readers: the text beside it says what it means. An unknown name: KeyError."""
    return Markup(
        '<svg class="icon" width="{0}" height="{0}" viewBox="0 0 20 20" aria-hidden="true"><path d="{1}"/></svg>'
    ).format(size, _STROKES[name])
