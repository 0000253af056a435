"""Scripts, styles and the font. Their address holds a digest of them all, so browsers keep them and never ask again."""

from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from litestar import Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import CacheControlHeader
from litestar.middleware import DefineMiddleware
from litestar.middleware.compression import CompressionMiddleware
from litestar.static_files import create_static_files_router

from ontologie.web.guard import PUBLIC

_FOLDER = Path(str(files("ontologie.web").joinpath("static")))
_FOR_GOOD = CacheControlHeader(public=True, max_age=365 * 24 * 3600, immutable=True)
_COMPRESSED = DefineMiddleware(
    CompressionMiddleware, config=CompressionConfig(backend="gzip", gzip_compress_level=6, exclude=[r"\.woff2$"])
)
"""For files that never change. Pages hold secrets (the token of their forms) beside what others may have written, and
the length of a compressed answer tells of both (BREACH); events are not to wait in a buffer."""


def _digest() -> str:
    found = sha256()
    for path in sorted(path for path in _FOLDER.rglob("*") if path.is_file()):
        found.update(path.relative_to(_FOLDER).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:12]


STATIC = f"/static/{_digest()}"
"""Where they are. Files name each other by relative addresses, so all of them move with it."""


def static_files() -> Router:
    """Their route; another version's address is not found, and so is not kept under a wrong name."""
    return create_static_files_router(
        path=STATIC,
        directories=[_FOLDER],
        opt={"exclude_from_csrf": True, **PUBLIC},
        middleware=[_COMPRESSED],
        cache_control=_FOR_GOOD,
    )
