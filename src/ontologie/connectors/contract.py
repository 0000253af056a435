"""The promise between a connector and the engine.

A connector MUST
- yield a :class:`Batch` only with the segment state that covers it: once the batch is stored, reading from that state
  gives everything that is not yet stored (rereading is allowed, skipping never is);
- end every segment with a batch (possibly empty) whose segment is ``done``;
- yield the batches of one segment in order; segments are independent of each other;
- give every record the values of the schema's properties as the API sent them (string or None), and its links for
  every pair asked, complete; those that are refused are None, to be asked for again with the next run, and a pair that
  may not be read has no set of links in the batch: the run says so;
- raise only the errors of :mod:`ontologie.errors`, filed by what the engine must do;
- keep its memory flat in the number of records.

A connector MUST NOT
- store anything, or know where the data goes;
- swallow an error, or give up on a record in silence;
- keep a secret in an error's text or in ``repr``.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from ontologie.errors import OntologieError
from ontologie.httpclient.tokens import CredentialKeeper
from ontologie.model.checkpoint import Checkpoint, Segment
from ontologie.model.credentials import OAuthClient, OAuthCredentials
from ontologie.model.discovery import Estimate, Limits
from ontologie.model.object_types import Called
from ontologie.model.record import Batch, Fates, LinkSet
from ontologie.model.reference import Account, ReferenceData
from ontologie.model.run import Usage
from ontologie.model.schema import ObjectSchema
from ontologie.model.stream import AssociationPair, Stream


class SessionTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What the operator allows a session."""

    free_share_first_sync: float = 0.10
    """Share of the request budgets left to others while a backfill is read (0 to 1)."""
    free_share: float = 0.50
    """The same while anything else is read."""
    searches_per_s: int = 5
    """What the vendor grants where its answers don't tell."""
    least_share: float = 0.10
    """Share of a request budget that is used at least, however often requests are refused (0 to 1)."""
    most_requests_per_10_s: int | None = None
    """Never more than this in ten seconds, whatever the account grants. None: what it grants."""
    reserve_requests: int = 1
    """Of each ten seconds' requests, those kept back for the calls of a waiting person."""
    daily_share: float = 0.90
    """Share of the daily quota after which QuotaReached is raised, all apps of the account counted."""
    overlap: timedelta = timedelta(minutes=5)
    """How far each window of changes reaches back before the last one's end: search lags."""
    second_look_every: timedelta = timedelta(hours=1)
    second_look_lag: timedelta = timedelta(hours=1)
    archived_every: timedelta = timedelta(hours=1)
    check_every: timedelta = timedelta(days=1)


class AuthorizationRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One trip of a user to the vendor's consent page and back."""

    api_url: str
    client: OAuthClient
    own_client: bool
    """The client is the source's own, and is kept with its credentials."""
    redirect_uri: str
    state: str
    verifier: str
    """PKCE's secret; only its hash travels with the user."""
    streams: tuple[str, ...] = ()
    """Whose scopes to ask for; empty: all that are offered."""
    portal_id: int | None = None
    """The account to choose, where it is known."""

    def __repr__(self) -> str:
        return f"AuthorizationRequest({self.client!r})"


class Session(Protocol):
    """An open connection to one account, with its own budgets of requests."""

    async def account(self) -> Account:
        """Who is behind the credentials. Raises AuthorizationLost when they open nothing."""
        ...

    def expect(self, object_types: Sequence[str]) -> None:
        """A hint: these will be read from nothing, so what they ask first may be asked now."""
        ...

    async def schema(self, object_type: str, excluded: Sequence[str], *, sensitive: bool) -> ObjectSchema:
        """The properties to read, custom ones included, without the excluded; sensitive ones only when asked for.

        Raises ScopeMissing."""
        ...

    async def schema_unless(
        self, object_type: str, excluded: Sequence[str], *, sensitive: bool, known: bytes
    ) -> tuple[ObjectSchema | None, bytes]:
        """The same, and a fingerprint of what the account told; None instead of the schema where that is ``known``:
        the same question then had the same answer."""
        ...

    async def reference_data(self, object_types: Sequence[str]) -> ReferenceData:
        """Owners, pipelines with stages, labels of associations and of the account's own types, as far as the token
        may read them."""
        ...

    async def custom_streams(self) -> Mapping[str, Called]:
        """The streams that only this account has, with what it calls them. Raises ScopeMissing."""
        ...

    async def count(self, object_type: str) -> int:
        """The account's own count of live records."""
        ...

    def limits(self) -> Limits:
        """What the account grants, as far as its answers in this session told."""
        ...

    def estimate(self, records: Mapping[str, int]) -> Estimate:
        """What a first sync of so many records by object type takes."""
        ...

    async def examine(self, error: OntologieError) -> OntologieError:
        """A closer look at why something was refused: the same error, or one that says it better."""
        ...

    def plan(self, checkpoint: Checkpoint, *, now: datetime, check: bool, full: bool) -> tuple[Segment, ...]:
        """The segments to read now, in order: what is left of the checkpoint's, and new ones that are due.

        ``full`` asks for a new backfill, ``check`` for a full check (sweep and archived list). Asked again at each
        slice, without ``check`` and ``full`` from the second on. Pure: asks the API nothing. ``now`` is our clock's:
        the segments are in the account's own time, where its answers have told a clearly different one.
        """
        ...

    def read(
        self, segment: Segment, schema: ObjectSchema, pairs: Sequence[AssociationPair]
    ) -> AsyncGenerator[Batch, None]:
        """Read one segment of ``schema.object_type`` to its end, from its position.

        Many requests may be in flight; batches come one after another, each of at most 2,000 records. Closing the
        generator cancels what is in flight.
        """
        ...

    async def resolve(
        self, ids: Sequence[int], schema: ObjectSchema, pairs: Sequence[AssociationPair]
    ) -> tuple[Fates, tuple[LinkSet, ...]]:
        """What became of these ids, with the links of those that are live after all. At most 2,000 ids."""
        ...

    async def living(
        self, ids: Sequence[int], schema: ObjectSchema, pairs: Sequence[AssociationPair]
    ) -> tuple[Fates, tuple[LinkSet, ...]]:
        """Which of these ids are live: the first step of ``resolve``, where the others need no word. ``live`` and
        ``aside`` alone are given. At most 2,000 ids."""
        ...

    async def links(self, ids: Sequence[int], pair: AssociationPair) -> LinkSet | None:
        """The links of these records; None where the pair may not be read. At most 1,000 ids."""
        ...

    def requests_by_object_type(self) -> Mapping[str, int]:
        """Requests sent so far in this session, by object type; ``""`` counts those for no type."""
        ...

    def usage(self) -> Usage:
        """What the session has cost so far, and what is left of the account's day."""
        ...


class Connector(Protocol):
    """A kind of system we can read."""

    name: str
    streams: tuple[Stream, ...]
    """What it offers to every account, in the order to show them; the optional ones last."""

    def find_streams(self, names: Sequence[str]) -> tuple[Stream, ...]:
        """The streams with these names, in the order to show them; also those that only some accounts have (custom
        objects). A name that cannot be a stream's is left out."""
        ...

    def pairs(self, object_types: Sequence[str]) -> tuple[AssociationPair, ...]:
        """The pairs of these types whose links are read, each once."""
        ...

    def open(
        self, *, api_url: str, credentials: CredentialKeeper, terms: SessionTerms
    ) -> AbstractAsyncContextManager[Session]:
        """Open a session. Nothing is sent yet. Sessions of one app in one account share their budgets.

        Raises AuthorizationLost (OAUTH_CLIENT_MISSING) where the app behind the credentials is not known any more.
        """
        ...

    def check_token(self, token: str) -> None:
        """Raises UsageError unless it has the form of a token; asks nobody."""
        ...

    def preconfigured_client(self) -> OAuthClient | None:
        """The OAuth app that the operator has set for all sources."""
        ...

    def oauth_scopes(self, streams: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The scopes that authorizing requires, and those it asks for besides, for these streams (empty: all)."""
        ...

    def consent_url(self, request: AuthorizationRequest) -> str:
        """Where the user allows us to read the account."""
        ...

    async def exchange(self, request: AuthorizationRequest, code: str) -> OAuthCredentials:
        """What the consent page sent back, for credentials. Raises AuthorizationLost, Unreachable."""
        ...
