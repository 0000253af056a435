"""Every error of the system, filed by what the engine does when it meets one.

    OntologieError                    carries a diagnosis code and its parameters
    ├── RetryLater                    passing: try again by ourselves
    │   ├── RateLimited               wait ``retry_after``
    │   ├── Unreachable               network, 5xx, timeouts
    │   ├── LeaseLost                 another worker has the source, or its portal, now
    │   └── StoreUnreachable          the database is away: the run goes on from its last commit
    ├── StreamStopped                 this stream stops, the others go on
    │   └── ScopeMissing              the user must grant a scope
    ├── ActionRequired                the user must act before the source can go on
    │   ├── AuthorizationLost         token wrong, expired, revoked
    │   └── QuotaReached              the daily quota, or our share of it, is used
    ├── RequestRefused                the API refused one request; the caller decides what that means
    ├── ContractBroken                our bug, or a vendor's broken promise: stop and say so
    ├── PermissionMissing             who asks may not do that
    └── OperatorError                 the installation: settings, disk, port, database
        └── UsageError                the command was given wrongly

A code names an entry of :mod:`ontologie.model.diagnosis`, which holds the sentences for the user.
``str(error)`` is the sentence for us: it goes to the log and never holds a secret.
"""

from datetime import timedelta


class OntologieError(Exception):
    """The root. ``code`` is a diagnosis code; ``params`` fill its sentences."""

    default_code = "INTERNAL_ERROR"

    def __init__(self, detail: str = "", *, code: str | None = None, **params: str | int) -> None:
        super().__init__(detail or code or self.default_code)
        self.code = code or self.default_code
        self.params: dict[str, str | int] = params


class RetryLater(OntologieError):
    """Passing trouble. The engine tries again by itself; not before ``wait_s`` among the parameters, where it is."""

    default_code = "HUBSPOT_UNREACHABLE"


class RateLimited(RetryLater):
    """The API asked us to slow down."""

    default_code = "HUBSPOT_RATE_LIMITED"

    def __init__(self, detail: str, *, retry_after: timedelta, policy: str) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        self.policy = policy


class Unreachable(RetryLater):
    """No usable answer came, after the retries."""


class LeaseLost(RetryLater):
    """Another worker took the source over. Commit nothing more."""

    default_code = "LEASE_LOST"


class StoreUnreachable(RetryLater):
    """PostgreSQL does not answer: it restarts, or the way to it is cut. Nothing is decided about the run."""

    default_code = "STORE_UNREACHABLE"


class StreamStopped(OntologieError):
    """One stream cannot go on; the others can. ``code`` says why."""


class ScopeMissing(StreamStopped):
    """The token lacks the scope for a stream. ``scope`` names what to grant."""

    default_code = "HUBSPOT_SCOPE_MISSING"

    def __init__(self, detail: str, *, scope: str) -> None:
        super().__init__(detail, scope=scope)
        self.scope = scope


class ActionRequired(OntologieError):
    """Nothing of the source can go on before the user acts."""

    default_code = "INTERNAL_ERROR"


class AuthorizationLost(ActionRequired):
    """The credentials no longer open the account."""

    default_code = "HUBSPOT_TOKEN_INVALID"


class QuotaReached(ActionRequired):
    """The account's daily quota is used up. It is not the user's fault, and it ends by itself at midnight."""

    default_code = "HUBSPOT_DAILY_QUOTA_REACHED"


class RequestRefused(OntologieError):
    """The API answered one request with a 4xx that is neither authorization nor limits."""

    default_code = "HUBSPOT_REQUEST_REFUSED"

    def __init__(self, detail: str, *, status: int, category: str = "") -> None:
        super().__init__(detail, status=status)
        self.status = status
        self.category = category


class ContractBroken(OntologieError):
    """A promise was broken: by us, or by the vendor (a cursor that goes back, JSON that is none)."""

    default_code = "HUBSPOT_CONTRACT_BROKEN"


class OperatorError(OntologieError):
    """Something in the installation is wrong, and the person at the keyboard can mend it."""


class UsageError(OperatorError):
    """The command or the request was given wrongly. ``code`` says how."""


class PermissionMissing(OntologieError):
    """Who asks may not do that. ``role`` names theirs, ``needed`` the least that may."""

    default_code = "PERMISSION_MISSING"
