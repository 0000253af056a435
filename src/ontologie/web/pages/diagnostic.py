"""Live Data > Diagnostic: open problems, and every diagnosis there is."""

from typing import Any

from litestar import get
from litestar.response import Response

from ontologie.model.diagnosis import CATALOGUE
from ontologie.services import streams
from ontologie.web.rendering import page
from ontologie.web.request import AnyRequest, context_of, language_of


@get("/diagnostic")
async def diagnostic(request: AnyRequest) -> Response[Any]:
    """Open problems, and every diagnosis there is."""
    language = language_of(request)
    known = [(code, getattr(item, language)) for code, item in sorted(CATALOGUE.items())]
    return page(request, "diagnostic.html", sources=await streams.overview(context_of(request)), known=known)


ROUTES = (diagnostic,)
