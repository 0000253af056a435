"""Live Data > Diagnostic: open problems with what mends them, and every diagnosis there is."""

from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response

from ontologie.model.diagnosis import CATALOGUE, Language, Situation, Told, explain
from ontologie.model.run import RunOptions
from ontologie.services import problems, runs, sources
from ontologie.services.problems import Problem
from ontologie.web.formats import Formats
from ontologie.web.going import go
from ontologie.web.notices import place_of
from ontologie.web.rendering import called, page, told_params
from ontologie.web.request import AnyRequest, context_of, language_of

_CONFIRMED = {"MASS_DELETION_HELD"}
_EITHER = {"HUBSPOT_SCOPE_MISSING", "HUBSPOT_PERMISSION_MISSING"}
"""A key that was given more may be tried at once; an OAuth account has to be asked again."""
_RECONNECTED = {
    "HUBSPOT_APP_UNINSTALLED", "HUBSPOT_OTHER_PORTAL", "HUBSPOT_TOKEN_EXPIRED", "HUBSPOT_TOKEN_INVALID",
    "HUBSPOT_TOKEN_MALFORMED", "HUBSPOT_TOKEN_REVOKED", "SECRET_KEY_WRONG",
}  # fmt: skip


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A problem as the page tells it."""

    problem: Problem
    told: Told
    action: str
    """The button that helps: ``confirm``, ``reconnect``, ``retry``, ``either`` of the last two, or ``look``."""
    place: str = ""
    """Where to look, on these pages."""


@get("/diagnostic")
async def diagnostic(request: AnyRequest) -> Response[Any]:
    """Open problems, and every diagnosis there is."""
    context = context_of(request)
    language = language_of(request)
    found = [_shown(request, problem) for problem in await problems.open_problems(context)]
    known = [explain(code, {}, language) for code in sorted(CATALOGUE)]
    return page(request, "diagnostic.html", problems=found, known=known, words=_words)


@post("/sources/{name:str}/confirm-deletions", status_code=303)
async def confirm_deletions(request: AnyRequest, name: FromPath[str]) -> Redirect:
    """Carry out the deletions that were held for the user's word."""
    context = context_of(request)
    await runs.start_now(context, await sources.find(context, name), RunOptions(confirm_deletions=True))
    return go("/diagnostic", "said_confirmed", name)


def _shown(request: AnyRequest, problem: Problem) -> Shown:
    language: Language = language_of(request)
    account = problem.source.account
    formats = Formats(language, context_of(request).clock.now())
    situation = Situation(
        streams=tuple(called(request, "object", name) for name in problem.object_types),
        since=formats.moment(problem.since, account.time_zone if account else "UTC") if problem.since else "",
        portal_id=account.portal_id if account else None,
        ui_domain=account.ui_domain if account else "",
    )
    told = explain(problem.code, told_params(request, problem.params), language, situation)
    place = place_of(problem.code, problem.source.name, next(iter(problem.object_types), ""))
    if place:
        return Shown(problem=problem, told=told, action="look", place=place)
    return Shown(problem=problem, told=told, action=_action(problem.code))


def _action(code: str) -> str:
    if code in _CONFIRMED:
        return "confirm"
    if code in _RECONNECTED:
        return "reconnect"
    return "either" if code in _EITHER else "retry"


def _words(told: Told) -> str:
    """What a search looks through."""
    return " ".join((told.code, told.problem, told.data, *told.steps)).casefold()


ROUTES = (diagnostic, confirm_deletions)
