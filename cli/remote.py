"""How commands reach the services: as an internal tool that signs with the house's key.

Over RabbitMQ where `AMQP_URI` is set, else over the socket of the installation that runs on `DATA_DIR` (ADR 55).
"""

import getpass
from datetime import UTC, datetime
from typing import Any, Protocol, Self

from shared.actor import Actor, sign
from shared.settings import Settings, data_folder, from_environment, is_untouched


class Client(Protocol):
    """Calls services' methods; refusals come back as what they are."""

    def call(self, service: str, method: str, *args: Any, timeout: float = ..., **kwargs: Any) -> Any:
        """Call and return the answer; raise the other side's Refusal, Unavailable, Timeout or RemoteFault."""
        ...

    def close(self) -> None:
        """Close what is open."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


def installation() -> Settings:
    """Return the settings of the installation that the environment names.

    Asking makes nothing, as running does: raises Unavailable where the data folder is of none. Raises SettingsError
    where the environment is wrong.
    """
    if is_untouched():
        from cli.local.client import nobody_on

        raise nobody_on(data_folder())
    return from_environment()


def connect(settings: Settings) -> Client:
    """Return a client of the services; whether they can be reached, its first call tells."""
    tool = Actor(kind="tool", id="frontdesk", source=f"command line of {getpass.getuser()}")

    def token() -> str:
        return sign(tool, "house", settings.actor_key, datetime.now(UTC))

    if settings.embedded:
        from cli.local.client import LocalClient

        return LocalClient(settings.data_dir, token)
    from shared.bus.client import BlockingClient

    return BlockingClient(settings.amqp_uri, token)
