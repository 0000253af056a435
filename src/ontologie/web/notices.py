"""What is worth knowing where one is: of the installation on every page, of a table's data beside it."""

from ontologie.database.notices import Notice
from ontologie.model.user import Role
from ontologie.services import health
from ontologie.web.request import AnyRequest, context_of, is_partial, user_of

_LOOKED_AT = {"PROPERTY_RETYPED": "schema", "VALUES_REJECTED": "rejected"}


def place_of(code: str, source_name: str, object_type: str) -> str | None:
    """The page that tells more of what stops nothing; None for what has to be mended."""
    part = _LOOKED_AT.get(code)
    return part and f"/streams/{source_name}/{object_type}/{part}"


async def of_installation(request: AnyRequest) -> list[Notice]:
    """What stops all sources, for those who can act; nothing for what is no page of somebody's own."""
    user = user_of(request)
    read = "text/html" in request.headers.get("accept", "") and not is_partial(request)
    if user is None or not read or not user.role.allows(Role.EDITOR):
        return []
    return await health.notices(context_of(request))
