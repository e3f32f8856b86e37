"""Settings: rasid.toml, overridden by RASID_<TABLE>__<KEY>, as one frozen value.

Every key has its meaning beside it; rasid.example.toml shows them all. Paths are relative to the folder of
rasid.toml. Secrets come from the environment or from a file, never from rasid.toml.
"""

import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from storage.address import email_address, webhook_url
from storage.errors import InputError


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("no such time zone; write one such as Africa/Casablanca") from error
    return name


def _address(text: str) -> str:
    try:
        return email_address(text)
    except InputError as error:
        raise ValueError(str(error)) from error


def _base_url(text: str) -> str:
    if text and (not webhook_url(text) or not text.isascii() or re.search(r'[?#<>"\\]|/\Z', text)):
        raise ValueError("write https://HOST, or http:// of this machine alone, without a slash at its end")
    return text


def _line(text: str) -> str:
    if not text.isprintable() or not text.isascii():
        raise ValueError("not one line of plain ASCII")
    return text.strip()


def _selector(text: str) -> str:
    if text and not re.fullmatch(r"[A-Za-z0-9]+([.-][A-Za-z0-9]+)*", text):
        raise ValueError("no selector; write a name of letters and digits, such as rasid")
    return text


def _no_fewer_than_the_audit(days: int) -> int:
    if 0 < days < AUDIT:
        raise ValueError(f"at least {AUDIT}, which `rasid sources health --missed` looks back; 0: for ever")
    return days


AUDIT = 28  # days
Line = Annotated[str, AfterValidator(_line)]
Days = Annotated[int, Field(ge=0), AfterValidator(_no_fewer_than_the_audit)]
Zone = Annotated[str, AfterValidator(_zone)]
Selector = Annotated[str, AfterValidator(_selector)]
Address = Annotated[str, AfterValidator(_address)]
BaseUrl = Annotated[str, AfterValidator(_base_url)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Database(_Table):
    """Where the archive is."""

    url: str = "sqlite:///rasid.db"  # or postgresql://user@host/name; its password: PGPASSFILE, PGPASSWORD


class Catalogue(_Table):
    """What is watched and looked for."""

    directory: Path | None = None  # of your own sources/, topics/ and entities/
    only: tuple[str, ...] = ()  # ids of the sources to watch; unset: every enabled one
    also: tuple[str, ...] = ()  # ids of disabled sources to watch too
    topics: tuple[str, ...] = ()  # ids of the topics to look for; unset: every enabled one


class Crawl(_Table):
    """How pages are fetched."""

    contact: Line = ""  # page or address where site owners reach you; needed but with `route`
    route: str | None = None  # http://127.0.0.1:PORT of a replica: every request goes there
    proxy: SecretStr | None = None  # http://HOST:PORT all requests go through; HTTP_PROXY is not heeded
    proxy_file: Path | None = None  # its first line is the proxy, with name and password
    delay: float | None = Field(default=None, ge=0)  # seconds between requests; unset: each source's own
    sources_at_once: int = Field(default=16, ge=1)  # in one process
    processes: int = Field(default=4, ge=1)  # at once, each with the sources that were due when it began
    memory: int = Field(default=800, ge=300)  # MB that one of them may hold
    max_pages: int = Field(default=200, ge=1)  # articles of one source in one crawl
    max_bytes: int = Field(default=8_000_000, ge=10_000)  # of a page, unpacked
    timeout: int = Field(default=30, ge=1)  # seconds for one request
    deadline: int = Field(default=1800, ge=1)  # seconds for one source; the rest waits for its next turn


class Work(_Table):
    """Who does what the timetable says is due."""

    engine: Literal["embedded", "procrastinate"] = "embedded"  # the service itself, or `rasid worker`s
    at_once: int = Field(default=4, ge=1)  # tasks of one worker


class Backups(_Table):
    """Copies of the whole archive, without its snapshots."""

    directory: Path = Path("backups")
    days: int = Field(default=1, ge=0)  # between two of them; 0: none but before an upgrade
    keep: int = Field(default=3, ge=1)


class Snapshots(_Table):
    """The pages of accepted articles, kept as they were fetched."""

    keep: bool = True
    directory: Path = Path("snapshots")  # of WARC files


class Retention(_Table):
    """How long what may be forgotten is kept; 0: for ever. The service forgets once a day."""

    keep_rejected_days: Days = 0  # what rejected pages said; that they were rejected is kept for ever
    keep_snapshots_days: int = Field(default=0, ge=0)


class Digest(_Table):
    """What is mailed, and when."""

    topic: str = "morocco-france-security"
    day: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"
    hour: int = Field(default=7, ge=0, le=23)
    minute: int = Field(default=0, ge=0, le=59)
    timezone: Zone = "Africa/Casablanca"
    language: Literal["ar", "fr", "en"] = "ar"  # of `rasid digest` without --language
    top: int = Field(default=10, ge=1)  # stories told at length
    sentences: int = Field(default=2, ge=0, le=3)  # of each extract
    arabic_months: Literal["ar_MA", "ar_DZ", "ar_TN", "ar_EG", "ar_LB"] = "ar_MA"  # whose names of months
    alert_minimum: float = Field(default=15, ge=0)  # points of importance of a story that is told at once
    alerts_a_day: int = Field(default=5, ge=1)  # of one series
    outbox: Path = Path("outbox")  # where mails go while [mail] host is not set


class Mail(_Table):
    """The mail server. Without `host` nothing is sent: mails are written to the outbox."""

    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: SecretStr | None = None  # from RASID_MAIL__PASSWORD only
    password_file: Path | None = None  # its first line is the password
    sender: Address = "rasid@localhost"
    unsubscribe: Address | None = None  # who reads requests to stop; unset: the sender
    operator: Address | None = None  # who is told of sources in trouble; unset: the log alone
    a_minute: int = Field(default=0, ge=0)  # mails at most; 0: as fast as the server takes them
    dkim_key_file: Path | None = None  # a private key (PEM); unset: the server signs, or nobody
    dkim_selector: Selector = ""  # the key is published at SELECTOR._domainkey of the sender's domain


class Web(_Table):
    """The pages that mails lead to."""

    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65535)  # 0: `rasid service` shows no pages
    base_url: BaseUrl = ""  # how readers reach them: https://rasid.example.org; unset: no links in mails
    sign_up: bool = False  # whether anybody may subscribe on them
    snapshots: bool = False  # whether readers may have the stored pages of the press
    monitoring: bool = True  # whether /readyz and /metrics are shown


class Health(_Table):
    """When the operator is told of a source."""

    after: int = Field(default=3, ge=1)  # crawls in a row in trouble


class Log(_Table):
    """What the service tells."""

    level: Literal["debug", "info", "warning", "error", "critical"] = "info"
    format: Literal["console", "json"] = "console"
    _secrets: tuple[str, ...] = PrivateAttr(())

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no line says; it goes along to every process that logs."""
        return self._secrets

    def without(self, secrets: tuple[str, ...]) -> "Log":
        """The same, and what no line says."""
        log = self.model_copy()
        log._secrets = secrets
        return log


class Settings(BaseSettings):
    """All settings of one installation."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix="RASID_", env_nested_delimiter="__"
    )
    database: Database = Database()
    catalogue: Catalogue = Catalogue()
    crawl: Crawl = Crawl()
    work: Work = Work()
    backups: Backups = Backups()
    snapshots: Snapshots = Snapshots()
    archive: Retention = Retention()
    digest: Digest = Digest()
    mail: Mail = Mail()
    web: Web = Web()
    health: Health = Health()
    log: Log = Log()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file."""
        return env_settings, init_settings
