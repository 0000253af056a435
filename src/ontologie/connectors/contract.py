"""The promise between a connector and the engine.

A connector MUST
- yield a :class:`Batch` only with the segment state that covers it: once the batch is stored, reading from that state
  gives everything that is not yet stored (rereading is allowed, skipping never is);
- end every segment with a batch (possibly empty) whose segment is ``done``;
- yield the batches of one segment in order; segments are independent of each other;
- give every record the values of the schema's properties as the API sent them (string or None), and its links for
  every pair asked, complete;
- raise only the errors of :mod:`ontologie.errors`, filed by what the engine must do;
- keep its memory flat in the number of records.

A connector MUST NOT
- store anything, or know where the data goes;
- swallow an error, or give up on a record in silence;
- keep a secret in an error's text or in ``repr``.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from ontologie.model.checkpoint import Checkpoint, Segment
from ontologie.model.record import Batch
from ontologie.model.reference import Account, ReferenceData
from ontologie.model.schema import ObjectSchema
from ontologie.model.stream import AssociationPair, Stream


class Session(Protocol):
    """An open connection to one account, with its own budgets of requests."""

    async def account(self) -> Account:
        """Who is behind the credentials. Raises AuthorizationLost when they open nothing."""
        ...

    async def schema(self, object_type: str, excluded: Sequence[str]) -> ObjectSchema:
        """The properties to read, custom ones included, without the excluded. Raises ScopeMissing."""
        ...

    async def reference_data(self, object_types: Sequence[str]) -> ReferenceData:
        """Owners, pipelines with stages, association labels, as far as the token may read them."""
        ...

    async def count(self, object_type: str) -> int:
        """The account's own count of live records."""
        ...

    def plan(self, checkpoint: Checkpoint, *, now: datetime, check: bool, full: bool) -> tuple[Segment, ...]:
        """The segments to read in this run: what is left of the checkpoint's, and the new ones.

        ``full`` asks for a new backfill, ``check`` for a sweep. Pure: asks the API nothing.
        """
        ...

    def read(
        self, segment: Segment, schema: ObjectSchema, pairs: Sequence[AssociationPair]
    ) -> AsyncIterator[Batch]:
        """Read one segment to its end, from its position."""
        ...

    def requests_by_object_type(self) -> Mapping[str, int]:
        """Requests sent so far in this session, by object type; ``""`` counts those for no type."""
        ...


class Connector(Protocol):
    """A kind of system we can read."""

    name: str
    streams: tuple[Stream, ...]
    """All it offers, in the order to show them."""

    def pairs(self, object_types: Sequence[str]) -> tuple[AssociationPair, ...]:
        """The pairs of these types whose links are read, each once."""
        ...

    def open(self, *, api_url: str, token: str) -> AbstractAsyncContextManager[Session]:
        """Open a session. Nothing is sent yet."""
        ...
