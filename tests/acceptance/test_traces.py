"""Traces tell a run's story, when someone asks for them."""

from collections.abc import Callable

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from hubspot_simulator import Portal
from ontologie.tracing import recording, span
from tests.lab import Lab


def test_requests_and_loads_are_under_their_slice(jobs_lab: Lab, portal: Callable[..., tuple[Portal, str]]) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    _, url = portal(contacts=30)
    jobs_lab.add("traced", url, "contacts")
    with recording(provider.get_tracer("test")):
        jobs_lab.sync("traced")
    spans = exporter.get_finished_spans()
    [slice_] = [item for item in spans if item.name == "slice"]
    assert slice_.attributes is not None
    assert slice_.attributes["source"] == "traced"
    within = [item for item in spans if item.context.trace_id == slice_.context.trace_id]
    assert {"slice", "request", "load"} == {item.name for item in within}
    loads = [item.attributes["records"] for item in within if item.name == "load" and item.attributes]
    assert sum(int(str(count)) for count in loads) >= 30
    assert not any("token" in str(item.attributes).lower() for item in spans)


def test_off_there_is_nothing_to_see(jobs_lab: Lab) -> None:
    with span("anything", number=1) as nothing:
        assert nothing is None


def test_an_address_without_the_extra_is_named_at_start(jobs_lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is what is missing here: its module is made impossible to import."""
    import sys

    from ontologie.errors import OperatorError
    from ontologie.tracing import traced

    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(OperatorError) as refused, traced("http://127.0.0.1:4318/v1/traces", version="1"):
        pass
    assert refused.value.code == "SETTING_WRONG"
    assert "ontologie[traces]" in str(refused.value)
