"""Scripts, styles and the font. Their address holds a digest of them all, so browsers keep them and never ask again."""

import gzip
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path, PurePath
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from ontologie.web.guard import PUBLIC

_FOLDER = Path(str(files("ontologie.web").joinpath("static")))
_KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
_FILES = {path.relative_to(_FOLDER).as_posix(): path for path in _FOLDER.rglob("*") if path.suffix in _KINDS}
_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"


def _digest() -> str:
    found = sha256()
    for name, path in sorted(_FILES.items()):
        found.update(name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:12]


_VERSION = _digest()
STATIC = f"/static/{_VERSION}"
"""Where they are. Files name each other by relative addresses, so all of them move with it."""


@cache
def _body(name: str, *, packed: bool) -> bytes:
    body = _FILES[name].read_bytes()
    return gzip.compress(body, 6) if packed else body


@get("/static/{version:str}/{file_path:path}", opt=PUBLIC, sync_to_thread=False)
def static_file(
    request: Request[Any, Any, Any], version: FromPath[str], file_path: FromPath[PurePath]
) -> Response[bytes]:
    """One of them. A page that another version has written gets ours, which it is not to keep under that name.

    Compressed once, and only these. Pages hold secrets (the token of their forms) beside what others may have written,
    and the length of a compressed answer tells of both (BREACH); events are not to wait in a buffer.
    """
    name = file_path.as_posix().lstrip("/")
    if name not in _FILES:
        raise NotFoundException
    packed = file_path.suffix != ".woff2" and "gzip" in request.headers.get("accept-encoding", "")
    headers = {"Cache-Control": _FOR_GOOD if version == _VERSION else _ASK_AGAIN, "Vary": "Accept-Encoding"}
    headers |= {"Content-Encoding": "gzip"} if packed else {}
    return Response(_body(name, packed=packed), media_type=_KINDS[file_path.suffix], headers=headers)
