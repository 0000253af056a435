"""Every setting in one table: name, default, unit, meaning. Only ``wiring`` and ``cli`` read it.

Each is an environment variable (``ONTOLOGIE_`` and the name in capitals) or a line of ``ontologie.toml`` in the home
folder; the environment wins. An empty variable sets nothing.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

Seconds = Annotated[float, Field(gt=0, le=86_400)]
Minutes = Annotated[float, Field(gt=0, le=5_256_000)]
Hours = Annotated[float, Field(gt=0, le=87_600)]
Days = Annotated[float, Field(gt=0, le=36_500)]
"""What a duration may be: ten years of minutes and hours, a hundred of days. More is no moment in time."""
_WEB_ADDRESS = r"^https?://[^\s/?#]+(/[^\s?#]*)?$"
_HOSTS = r"^\s*[\w.-]+(\s*,\s*[\w.-]+)*\s*$"
_READ_ELSEWHERE = {"ONTOLOGIE_SECRET_KEY_NEW"}
"""By ``ontologie secrets rotate``."""


def home_folder() -> Path:
    """The data folder: ``ONTOLOGIE_HOME``, or ``~/.ontologie``."""
    return Path(os.environ.get("ONTOLOGIE_HOME") or Path.home() / ".ontologie").expanduser().absolute()


def unknown_variables(names: Iterable[str]) -> tuple[str, ...]:
    """Those of these environment variables that are called like settings and are none: misspelt, most likely.

    No reason to stop: in Kubernetes a Service called ``ontologie`` sets ``ONTOLOGIE_SERVICE_HOST`` and the like.
    """
    known = {f"ONTOLOGIE_{field}".upper() for field in Settings.model_fields} | _READ_ELSEWHERE
    return tuple(sorted(name for name in names if name.startswith("ONTOLOGIE_") and name not in known))


class Settings(BaseSettings):
    """The settings in force. Building it raises pydantic's ValidationError, which names the wrong line."""

    model_config = SettingsConfigDict(env_prefix="ONTOLOGIE_", env_ignore_empty=True, extra="forbid", frozen=True)

    home: Path = Field(default_factory=home_folder, description="The data folder.")
    database_url: SecretStr | None = Field(
        default=None, description="An external PostgreSQL (15 or newer). Empty: the embedded one."
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="32 bytes in base64 that seal the credentials. Empty: a key file in the home folder, made once.",
    )
    host: str = Field(default="127.0.0.1", description="The address the web server listens on.")
    port: int = Field(default=8650, ge=0, le=65535, description="The port of the web server; 0 takes a free one.")
    public_url: str | None = Field(
        default=None, pattern=_WEB_ADDRESS, description="The address users see, when a proxy stands in front."
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        description="What Prometheus sends as bearer token to read /metrics. Empty: /metrics of the pages is open when "
        "they are on loopback without a public address, and closed otherwise.",
    )
    worker_port: int | None = Field(
        default=None,
        ge=0,
        le=65535,
        description="A port on which a worker answers /healthz, /readyz and /metrics. Empty: none.",
    )
    simulator_port: int = Field(default=8651, ge=0, le=65535, description="The port of the simulated portal.")
    hubspot_api_hosts: str = Field(
        default="api.hubapi.com",
        pattern=_HOSTS,
        description="The hosts that --api-url may name, separated by commas. Loopback is added when the simulated "
        "portal is on.",
    )
    hubspot_client_id: str | None = Field(
        default=None,
        description="The OAuth app that users authorize with one click; register `/oauth/callback` under the public "
        "address as its redirect URL. Empty: each user brings a token or an app of their own.",
    )
    hubspot_client_secret: SecretStr | None = Field(default=None, description="The secret of that OAuth app.")
    records_per_sync_limit: int = Field(
        default=500_000, gt=0, description="Backfilled records over all streams of a source after which a run ends."
    )
    slice_seconds: Seconds = Field(default=60.0, description="How long a run works before others get their turn.")
    sources_at_once: int = Field(default=4, gt=0, description="Sources that one worker syncs at the same time.")
    database_connections: int = Field(
        default=20, ge=4, description="Connections to PostgreSQL that one process keeps at most."
    )
    failures_before_alarm: int = Field(
        default=3, gt=0, description="Runs in a row that end with an error before someone is notified."
    )
    free_share_first_sync: float = Field(
        default=0.10, ge=0, lt=1, description="Share of HubSpot's request budgets left to others in a first sync."
    )
    free_share: float = Field(
        default=0.50, ge=0, lt=1, description="Share of HubSpot's request budgets left to others after the first sync."
    )
    searches_per_s: int = Field(
        default=5,
        gt=0,
        description="Searches per second that HubSpot grants an account: none of its answers tells. More only where "
        "HubSpot has raised it.",
    )
    least_share: float = Field(
        default=0.10,
        gt=0,
        le=1,
        description="Share of HubSpot's request budgets that is used at least, however often HubSpot says 429: each "
        "time halves what is used, for a while.",
    )
    most_requests_per_10_s: int | None = Field(
        default=None,
        gt=0,
        description="Requests in ten seconds that are never exceeded, whatever HubSpot grants. Empty: what it grants.",
    )
    reserve_requests: int = Field(
        default=1,
        ge=0,
        description="Of each ten seconds' requests, those kept back for whoever waits for an answer (a test of a "
        "connection, the doctor).",
    )
    daily_share: float = Field(
        default=0.90, gt=0, le=1, description="Share of HubSpot's daily quota after which syncs wait for the next day."
    )
    overlap_minutes: Minutes = Field(
        default=5, description="How far each look at changes reaches back before the last one's end."
    )
    second_look_minutes: Minutes = Field(
        default=60, description="How often, and how much later, changes are looked at a second time."
    )
    definitions_minutes: Minutes = Field(
        default=60, description="How often properties, owners, pipelines and labels are read."
    )
    totals_minutes: Minutes = Field(default=60, description="How often HubSpot's own counts are compared with ours.")
    archived_minutes: Minutes = Field(default=60, description="How often the list of deleted records is read.")
    full_check_hours: Hours = Field(default=24, description="How often a full check is made.")
    erase_after_archived_days: Days = Field(default=90, description="When the values of a deleted record are erased.")
    erase_engagements: bool = Field(
        default=False,
        description="When HubSpot has erased a person (GDPR), also erase what the engagements attached to them say.",
    )
    mass_deletion_records: int = Field(
        default=1_000,
        ge=0,
        description="Records of one kind that may disappear from HubSpot in one run; more are kept until you confirm, "
        "when they are also more than the share below.",
    )
    mass_deletion_share: float = Field(
        default=0.05, ge=0, le=1, description="The same as a share of the kind's records: both must be exceeded."
    )
    lease_seconds: Seconds = Field(
        default=15.0, gt=1, le=3600, description="After this silence a worker counts as dead."
    )
    smtp_host: str = Field(default="", description="The SMTP server for notifications by e-mail. Empty: none.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="The SMTP server's port.")
    smtp_security: str = Field(
        default="starttls", pattern="^(starttls|tls|none)$", description="How the SMTP server is spoken to."
    )
    smtp_user: str = Field(default="", description="The SMTP server's user. Empty: no login.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="That user's password.")
    smtp_from: str = Field(default="", description="The sender of notifications. Empty: the SMTP user.")
    webhook_private_addresses: bool = Field(
        default=False, description="Webhooks may lead to http and to addresses of your own network."
    )
    disk_least_free_mb: int = Field(
        default=1_000,
        ge=0,
        description="Free space on the embedded database's disk below which syncs are held until there is more.",
    )
    keep_runs_days: Days = Field(default=90, description="How long the record of a run is kept.")
    keep_logs_days: Days = Field(default=30, description="How long rotated log files are kept.")
    traces_url: str | None = Field(
        default=None,
        pattern=_WEB_ADDRESS,
        description="An OTLP address (http://127.0.0.1:4318/v1/traces) that OpenTelemetry traces are sent to; needs "
        "ontologie[traces]. Empty: no traces.",
    )
    log_json: bool = Field(default=False, description="Write the log to stderr as JSON lines too, for containers.")
    log_level: str = Field(
        default="info",
        pattern="^(debug|info|warning|error)$",
        description="Least level that start, worker and web write to stderr; the log file holds info and above.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        toml = TomlConfigSettingsSource(settings_cls, toml_file=home_folder() / "ontologie.toml")
        return init_settings, env_settings, toml

    def api_hosts(self) -> tuple[str, ...]:
        """The hosts of ``hubspot_api_hosts``, in lower case."""
        return tuple(host.strip().lower() for host in self.hubspot_api_hosts.split(",") if host.strip())

    def address(self, port: int | None = None) -> str:
        """The address users open; ``port`` is the one taken where the setting leaves it free.

        Who listens on every address is reached by this machine's own: no browser opens 0.0.0.0.
        """
        host = "127.0.0.1" if self.host in ("", "0.0.0.0", "::") else self.host
        host = f"[{host}]" if ":" in host else host
        return (self.public_url or f"http://{host}:{port or self.port}").rstrip("/")
