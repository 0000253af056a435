"""OpenTelemetry traces, when the operator asks for them: ``pip install 'ontologie[traces]'``, ``ONTOLOGIE_TRACES_URL``.

Off, a span costs a function call. Spans hold names, counts and codes, never values of records.
"""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from ontologie.errors import OperatorError

Attribute = str | int | float | bool
_begin: Callable[[str, dict[str, Attribute]], AbstractContextManager[Any]] | None = None


def span(name: str, **attributes: Attribute) -> AbstractContextManager[Any]:
    """A stretch of work, under the one around it."""
    if _begin is None:
        return contextlib.nullcontext()
    return _begin(name, attributes)


@contextlib.contextmanager
def traced(url: str | None, *, version: str) -> Iterator[None]:
    """Send spans to this OTLP address (``http://127.0.0.1:4318/v1/traces``) while we are inside. None: do nothing.

    Raises OperatorError (SETTING_WRONG) when the extra is not installed.
    """
    if url is None:
        yield
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        reason = "it needs pip install 'ontologie[traces]'"
        raise OperatorError(reason, code="SETTING_WRONG", setting="ONTOLOGIE_TRACES_URL", reason=reason) from None
    resource = Resource.create({"service.name": "ontologie", "service.version": version})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
    with recording(provider.get_tracer("ontologie")):
        try:
            yield
        finally:
            provider.shutdown()


@contextlib.contextmanager
def recording(tracer: Any) -> Iterator[None]:
    """Spans go to this tracer while we are inside."""
    global _begin
    _begin = lambda name, attributes: tracer.start_as_current_span(name, attributes=attributes)  # noqa: E731
    try:
        yield
    finally:
        _begin = None
