"""A transport that answers from a script, and a vendor that files answers by their status alone."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from ontologie.errors import AuthorizationLost, OntologieError, RateLimited, RequestRefused, Unreachable
from ontologie.httpclient.request import Request, Response
from ontologie.httpclient.transport import nobody
from ontologie.httpclient.vendor import Refusal, Treatment

Answer = Response | OntologieError
BUDGET = "budget"


def answer(status: int = 200, body: bytes = b"{}", **headers: str) -> Response:
    return Response(
        status=status, headers={name.replace("_", "-"): value for name, value in headers.items()}, body=body
    )


class ScriptedTransport:
    """Gives the scripted answers in order, the last one for ever; or what a function makes of each request."""

    def __init__(self, script: Iterable[Answer] | Callable[[Request], Answer]) -> None:
        self._respond = script if callable(script) else _in_order(list(script))
        self.sent: list[tuple[Request, str]] = []

    async def send(self, request: Request, bearer_token: str, on_sent: Callable[[], None] = nobody) -> Response:
        on_sent()
        self.sent.append((request, bearer_token))
        given = self._respond(request)
        if isinstance(given, OntologieError):
            raise given
        return given


def _in_order(script: list[Answer]) -> Callable[[Request], Answer]:
    def respond(_request: Request) -> Answer:
        return script.pop(0) if len(script) > 1 else script[0]

    return respond


class PlainVendor:
    """401: a new token; 429: slower; 5xx: again; other statuses: raised."""

    def __init__(self) -> None:
        self.observed: list[int] = []

    def before(self, request: Request) -> None:
        pass

    def observe(self, request: Request, response: Response) -> None:
        self.observed.append(response.status)

    def judge(self, request: Request, response: Response) -> Refusal:
        seconds = response.headers.get("retry-after")
        wait = None if seconds is None else timedelta(seconds=int(seconds))
        if response.status == 401:
            return Refusal(error=AuthorizationLost("401"), treatment=Treatment.RENEW_TOKEN)
        if response.status == 429:
            limited = RateLimited("429", retry_after=wait or timedelta(0), policy="")
            return Refusal(error=limited, treatment=Treatment.SLOW_DOWN, wait_at_least=wait, budgets=request.budgets)
        if response.status >= 500:
            return Refusal(error=Unreachable("5xx"), treatment=Treatment.BACK_OFF, wait_at_least=wait)
        return Refusal(error=RequestRefused("4xx", status=response.status))
