"""All configuration, read once from the environment and checked at start (DESIGN rule 12)."""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from shared.environment.day_lists import DayLists, day_lists_from
from shared.environment.event_readers import EventReader, readers_from
from shared.environment.provider_accounts import SendGrid, Twilio, sendgrid_from, twilio_from
from shared.environment.web_address import broker_address, web_address, with_password
from shared.sealed import read_keys, require_long
from shared.storage.limits import Limits, limits_from
from shared.storage.private_files import write_privately
from shared.tools import Tool, tools_from

SERVICES = ("availability", "booking", "patient", "notification", "staff")
_MADE_KEYS = ("ACTOR_KEY", "LINK_KEY", "LOOKUP_KEY")
_MADE_SEALS = ("EVENT_KEYS", "IDENTITY_KEYS", "EVENT_SIGNING_KEYS")
_KEYS_FILE = "keys.json"
_EMBEDDED = "memory://frontdesk"
_TOKEN_LENGTH = 16
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class SettingsError(ValueError):
    """The environment is wrong; the message is one sentence that says what to set."""


@dataclass(frozen=True)
class Settings:
    """What a process needs to know. Addresses are URLs; `*_keys` are `name:base64` lists, newest first.

    The house signs who acts by `actor_key` and accepts `other_actor_keys` too, while it is rotated; links are made by
    `link_key`, and those of `other_link_keys` open too. What is to be found is hashed by `lookup_key`, and found by
    `other_lookup_keys` too; by `former_lookup_keys` only what cannot be hashed anew (ADR 59).
    Where `twilio` is None, SMS lie in the local outbox; where `sendgrid` is, emails do (PRODUCT N5). Installations for
    tests `accept_test_numbers`: national numbers that registers make up for them (B4). Where version 0.1.0 serves too,
    they `accept_unsigned_events`. Without a `metrics_token`, counters are shown on the machine itself only. Without
    `day_lists` the gateway writes none (C15). `readers` are those outside who may read persons in events (ADR 57).
    """

    data_dir: Path
    host: str
    port: int
    public_url: str
    amqp_uri: str
    redis_url: str
    database_urls: Mapping[str, str]
    admin_email: str
    admin_password: str
    actor_key: str
    tools: Mapping[str, Tool]
    link_key: str
    lookup_key: str
    event_keys: str
    identity_keys: str
    event_signing_keys: str
    booking_rate_limit: int
    trusted_proxies: tuple[str, ...]
    log_level: str
    twilio: Twilio | None = None
    sendgrid: SendGrid | None = None
    other_actor_keys: tuple[str, ...] = ()
    other_link_keys: tuple[str, ...] = ()
    other_lookup_keys: tuple[str, ...] = ()
    former_lookup_keys: tuple[str, ...] = ()
    accept_test_numbers: bool = False
    accept_unsigned_events: bool = False
    metrics_token: str = ""
    message_limit: int = 20
    taking_at_once: int = 64
    max_workers: int = 20
    database_limits: Limits = field(default_factory=Limits)
    day_lists: DayLists | None = None
    readers: Mapping[str, EventReader] = field(default_factory=dict)

    @property
    def embedded(self) -> bool:
        """Whether the bus lives inside this process."""
        return self.amqp_uri.startswith("memory:")

    @property
    def messages_a_day(self) -> int | None:
        """How many messages of a clinic go to one patient's address within a day; None: as many as there are."""
        return self.message_limit if self.message_limit and self.booking_rate_limit else None

    def database_url(self, service: str) -> str:
        """Return the address of the service's own database.

        Raises SettingsError where others have theirs at a server and it has none: a file of `DATA_DIR` in its place
        would be lost with a container, and hold what nobody backs up.
        """
        if service not in self.database_urls:
            raise SettingsError(
                f"{service.upper()}_DATABASE_URL must be set where the database of another service is; the service "
                f"{service} needs one of its own."
            )
        return self.database_urls[service]

    @property
    def link_keys(self) -> tuple[str, ...]:
        """By which personal links open: the one that makes them, and those that are being replaced."""
        return (self.link_key, *self.other_link_keys)

    @property
    def lookup_keys(self) -> tuple[str, ...]:
        """By which hashes are found: the one that makes them, those that are being replaced, and those of before."""
        return (self.lookup_key, *self.other_lookup_keys, *self.former_lookup_keys)

    def actor_keys(self) -> dict[str, tuple[str, ...]]:
        """Return the keys of every signer that services accept: the house's own, and each internal tool's."""
        of_tools = {f"tool-{name}": tool.keys for name, tool in self.tools.items()}
        return {"house": (self.actor_key, *self.other_actor_keys), **of_tools}


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the environment; raise SettingsError with one sentence that says what to do.

    Without RabbitMQ, PostgreSQL or Redis addresses the embedded parts are meant, and missing keys are made into
    the data folder; with them, keys must be given, since several machines have to agree on them.
    """
    data_dir = data_folder(environ)
    port = _number(environ, "PORT", 8000, low=1, high=65535)
    with _as_settings_error():
        amqp_uri = broker_address(environ, _EMBEDDED)
    host = environ.get("HOST") or "127.0.0.1"
    keys = _keys(environ, data_dir, made_here=amqp_uri.startswith("memory:"))
    actor_key, *other_actor_keys = _each(keys["ACTOR_KEY"])
    link_key, *other_link_keys = _each(keys["LINK_KEY"])
    lookup_key, *other_lookup_keys = _each(keys["LOOKUP_KEY"])
    with _as_settings_error():
        public_url = web_address(environ, "PUBLIC_URL", _own_address(host, port), "https://booking.example.org")
        tools, readers = (
            tools_from(environ.get("TOOL_KEYS", ""), SERVICES),
            readers_from(environ.get("READER_KEYS", "")),
        )
        limits = limits_from(environ)
        twilio, sendgrid = twilio_from(environ), sendgrid_from(environ)
        day_lists = day_lists_from(environ, data_dir)
    return Settings(
        data_dir=data_dir,
        host=host,
        port=port,
        public_url=public_url,
        amqp_uri=amqp_uri,
        redis_url=environ.get("REDIS_URL") or "memory://",
        database_urls=_database_urls(environ, data_dir),
        admin_email=environ.get("FRONTDESK_ADMIN_EMAIL") or "admin@frontdesk.example",
        admin_password=environ.get("FRONTDESK_ADMIN_PASSWORD", ""),
        actor_key=actor_key,
        other_actor_keys=tuple(other_actor_keys),
        tools=tools,
        readers=readers,
        link_key=link_key,
        other_link_keys=tuple(other_link_keys),
        lookup_key=lookup_key,
        other_lookup_keys=tuple(other_lookup_keys),
        former_lookup_keys=_former_lookup_keys(environ),
        event_keys=keys["EVENT_KEYS"],
        identity_keys=keys["IDENTITY_KEYS"],
        event_signing_keys=keys["EVENT_SIGNING_KEYS"],
        booking_rate_limit=_number(environ, "BOOKING_RATE_LIMIT", 30, low=0, high=1_000_000),
        message_limit=_number(environ, "MESSAGE_LIMIT", 20, low=0, high=1_000_000),
        taking_at_once=_number(environ, "TAKING_AT_ONCE", 64, low=1, high=10_000),
        max_workers=_number(environ, "MAX_WORKERS", 20, low=1, high=1000),
        database_limits=limits,
        trusted_proxies=tuple(filter(None, environ.get("TRUSTED_PROXIES", "").replace(" ", "").split(","))),
        log_level=_log_level(environ),
        twilio=twilio,
        sendgrid=sendgrid,
        metrics_token=_metrics_token(environ),
        day_lists=day_lists,
        accept_test_numbers=_number(environ, "ACCEPT_TEST_NUMBERS", 0, low=0, high=1) == 1,
        accept_unsigned_events=_number(environ, "ACCEPT_UNSIGNED_EVENTS", 0, low=0, high=1) == 1,
    )


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where embedded parts keep what they have."""
    return Path(environ.get("DATA_DIR") or "data").absolute()


def is_untouched(environ: Mapping[str, str] = os.environ) -> bool:
    """Tell whether nothing has run with this environment yet: its keys would have to be made first."""
    given = environ.get("AMQP_URI") or all(environ.get(name) for name in (*_MADE_KEYS, *_MADE_SEALS))
    folder = data_folder(environ)
    return not given and not (folder.is_dir() and any(folder.iterdir()))


@contextmanager
def _as_settings_error() -> Iterator[None]:
    """Say what others, who raise ValueError with one sentence, find wrong in the environment."""
    try:
        yield
    except ValueError as wrong:
        raise SettingsError(str(wrong)) from wrong


def _metrics_token(environ: Mapping[str, str]) -> str:
    token = environ.get("METRICS_TOKEN", "")
    if token and len(token) < _TOKEN_LENGTH:
        raise SettingsError(f"METRICS_TOKEN must have {_TOKEN_LENGTH} characters or more, or be left out.")
    return token


def new_seal_key() -> str:
    """Return a fresh `name:base64` key for `EVENT_KEYS`, `IDENTITY_KEYS` or `EVENT_SIGNING_KEYS`."""
    return f"k{secrets.token_hex(3)}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _keys(environ: Mapping[str, str], data_dir: Path, *, made_here: bool) -> dict[str, str]:
    names = (*_MADE_KEYS, *_MADE_SEALS)
    missing = [name for name in names if not environ.get(name)]
    if missing and not made_here:
        raise SettingsError(f"{', '.join(missing)} must be set where AMQP_URI is; `frontdesk keys` makes them.")
    made = _development_keys(data_dir) if missing else {}
    keys = {name: environ.get(name) or made[name] for name in names}
    with _as_settings_error():
        for name in _MADE_KEYS:
            for key in _each(keys[name]):
                require_long(name, key)
    for name in _MADE_SEALS:
        _check_seal(name, keys[name])
    return keys


def _former_lookup_keys(environ: Mapping[str, str]) -> tuple[str, ...]:
    keys = _each(environ["FORMER_LOOKUP_KEYS"]) if environ.get("FORMER_LOOKUP_KEYS") else []
    with _as_settings_error():
        for key in keys:
            require_long("FORMER_LOOKUP_KEYS", key)
    return tuple(keys)


def _each(keys: str) -> list[str]:
    """Return the keys of a comma separated list; of one that holds none, that it is empty."""
    return [key.strip() for key in keys.split(",")]


def _check_seal(name: str, keys: str) -> None:
    try:
        read_keys(keys)
    except ValueError as wrong:
        raise SettingsError(f"{name} is wrong: {wrong}.") from wrong


def _development_keys(data_dir: Path) -> dict[str, str]:
    """Return the keys in the data folder, made there first where they are missing."""
    path = data_dir / _KEYS_FILE
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # patients' names lie in it
        with _one_at_a_time(data_dir):
            kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
            keys = {name: kept.get(name) or make() for name, make in _makers().items()}
            if keys != kept:
                write_privately(path, json.dumps(keys, indent=1))
    except OSError as refused:
        raise SettingsError(
            f"The data folder {data_dir} cannot be written ({refused.strerror}); set DATA_DIR to one that can."
        ) from refused
    except (ValueError, AttributeError) as broken:
        raise SettingsError(f"{path} is damaged; restore it, or what was encrypted by it is lost.") from broken
    return keys


def _makers() -> dict[str, Callable[[], str]]:
    return {name: lambda: secrets.token_hex(32) for name in _MADE_KEYS} | dict.fromkeys(_MADE_SEALS, new_seal_key)


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    """Let processes that start at once make keys one after the other."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _database_urls(environ: Mapping[str, str], data_dir: Path) -> dict[str, str]:
    password = environ.get("DATABASE_PASSWORD") or ""
    given = {name: environ.get(f"{name.upper()}_DATABASE_URL") for name in SERVICES}
    if any(given.values()):
        return {name: with_password(url, password) for name, url in given.items() if url}
    return {name: f"sqlite:///{data_dir / name}.sqlite3" for name in given}


def _log_level(environ: Mapping[str, str]) -> str:
    level = (environ.get("LOG_LEVEL") or "WARNING").upper()
    if level not in _LOG_LEVELS:
        raise SettingsError(f"LOG_LEVEL must be one of {', '.join(_LOG_LEVELS)}, not {level!r}.")
    return level


def _number(environ: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise SettingsError(f"{name} must be a whole number from {low} to {high}, not {text!r}.")
    return int(text)


def _own_address(host: str, port: int) -> str:
    """Return where a browser on this machine finds the gateway: "every address" is none that a link can name."""
    named = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{named}]:{port}" if ":" in named else f"http://{named}:{port}"
