"""The pages for people: the consent page and the portal's own page."""

from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_FOLDER = Path(__file__).parent
_TEMPLATES = Environment(
    loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_TYPES = {".css": "text/css", ".js": "text/javascript"}


def page(name: str, status: int = 200, **values: Any) -> web.Response:
    """A page, from its template."""
    text = _TEMPLATES.get_template(name).render(**values)
    return web.Response(text=text, status=status, content_type="text/html", headers={"Cache-Control": "no-store"})


def asset(name: str) -> web.Response:
    """A style or script that lies beside the templates."""
    path = _FOLDER / name
    return web.Response(text=path.read_text("utf-8"), content_type=_TYPES[path.suffix])
