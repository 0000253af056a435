"""An address that no page has."""

from litestar import get
from litestar.exceptions import NotFoundException

from ontologie.web.guard import PUBLIC, recognise
from ontologie.web.request import AnyRequest


@get("/{address:path}", opt=PUBLIC)
async def nowhere(request: AnyRequest) -> None:
    """Says so within the frame of who is logged in, so that there is a way on. Raises NotFoundException."""
    await recognise(request)
    raise NotFoundException


ROUTES = (nowhere,)
