"""Keeping and forgetting views of a table."""

from litestar import post
from litestar.params import FromPath
from litestar.response import Redirect

from ontologie.services import saved_views
from ontologie.services.saved_views import ViewRequest
from ontologie.web.request import AnyRequest, Form, context_of


@post("/streams/{source_name:str}/{object_type:str}/views", status_code=303)
async def save_view(
    request: AnyRequest, source_name: FromPath[str], object_type: FromPath[str], data: Form
) -> Redirect:
    """Keep what the reader sees, and show it."""
    query = data.get("query", "")
    wanted = ViewRequest(name=data.get("name", ""), query=query, shared=data.get("shared") == "yes")
    await saved_views.save(context_of(request), source_name, object_type, wanted)
    return Redirect(f"/streams/{source_name}/{object_type}?{query}", status_code=303)


@post("/streams/{source_name:str}/{object_type:str}/views/{view_id:int}/delete", status_code=303)
async def delete_view(
    request: AnyRequest, source_name: FromPath[str], object_type: FromPath[str], view_id: FromPath[int]
) -> Redirect:
    """Forget a view of the reader's own."""
    await saved_views.delete(context_of(request), source_name, view_id)
    return Redirect(f"/streams/{source_name}/{object_type}", status_code=303)


ROUTES = (save_view, delete_view)
