"""A planted token: no trace and no answer of the REST API holds it, whatever goes wrong."""

from collections.abc import Callable

import httpx
from litestar.routes import HTTPRoute
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from hubspot_simulator import Portal
from ontologie.model.api_key import Scope
from ontologie.services import api_keys, runs, sources
from ontologie.services.context import Context
from ontologie.settings import Settings
from ontologie.tracing import recording
from ontologie.wiring import pages
from tests.acceptance.test_canary import TOKEN, clean
from tests.lab import Lab, ids

Start = Callable[..., tuple[Portal, str]]
NAME = "canary_traces"


async def _answers(context: Context, lab: Lab, known: dict[str, object]) -> int:
    """How many answers of the API were looked at, refusals and changes among them; none held the token."""
    application = pages(context, Settings(home=lab.home), secure_cookies=False)
    routes = [route for route in application.routes if isinstance(route, HTTPRoute) and route.path.startswith("/api")]
    made = await api_keys.create(context, name="canary", scopes=[Scope.READ, Scope.WRITE])
    looked = 0
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
        for key in (made.token, TOKEN, ""):
            client.headers["authorization"] = f"Bearer {key}"
            for route in routes:
                for method in sorted(route.methods & {"GET", "POST"}):
                    body = {} if method == "POST" else None
                    answer = await client.request(method, route.path_format.format_map(known), json=body)
                    assert answer.status_code < 500, route.path_format
                    clean(answer.text + str(answer.headers.multi_items()))
                    looked += 1
    return looked


def test_no_trace_and_no_answer_of_the_api_holds_a_secret(lab: Lab, portal: Start) -> None:
    made, url = portal(contacts=3, token=TOKEN)
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with recording(provider.get_tracer("canary")):
        lab.add(NAME, url, "contacts", token=TOKEN)
        lab.sync(NAME)
        made.issue(TOKEN, [])
        assert lab.sync(NAME).diagnosis_code == "HUBSPOT_SCOPE_MISSING"
        made.revoke(TOKEN)
        assert lab.sync(NAME).diagnosis_code == "HUBSPOT_TOKEN_REVOKED"
    spans = exporter.get_finished_spans()
    assert {"slice", "request"} <= {span.name for span in spans}
    clean("".join(span.to_json() for span in spans))

    async def work(context: Context) -> None:
        source = await sources.find(context, NAME)
        [run] = await runs.history(context, source, limit=1)
        known: dict[str, object] = dict.fromkeys(("name", "source", "source_name"), NAME)
        known |= dict.fromkeys(("table", "object_type", "stream"), "contacts")
        known |= dict.fromkeys(("run_id", "run"), run.id) | {"record_id": next(ids(made, "contacts"))}
        known |= dict.fromkeys(("entity", "entity_name"), "Client")
        assert await _answers(context, lab, known) > 15
        await sources.remove(context, NAME, with_data=True)

    lab.within(work)
