"""What streams and object types are called on pages: in our words, or in the account's own for its own types."""

from collections.abc import Mapping

from ontologie.model.object_types import Called
from ontologie.services import sources
from ontologie.web.request import AnyRequest, context_of, user_of


async def learn_names(request: AnyRequest) -> None:
    """Put what the accounts call their own types on the request; for what is shown to nobody there is none."""
    request.state.called = await sources.called(context_of(request)) if user_of(request) else {}


def own_name(request: AnyRequest, prefix: str, name: str) -> str | None:
    """The account's word for ``name``; None where it is not the account's own."""
    known: Mapping[str, Called] = getattr(request.state, "called", {})
    if name not in known:
        return None
    return known[name].one if prefix == "object_one" else known[name].many
