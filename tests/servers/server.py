"""What every server of a test run can do, however it was come by."""

from typing import Protocol


class Server(Protocol):
    """A server that belongs to this test run alone, so that tests may hurt it."""

    @property
    def address(self) -> str:
        """The URL by which clients reach it; it stays the same over restarts."""
        ...

    def start(self) -> None:
        """Start it and return when it answers; nothing where it already runs."""
        ...

    def stop(self) -> None:
        """End it in good order; its data stays."""
        ...

    def kill(self) -> None:
        """End it as a power cut would; its data stays."""
        ...

    def restart(self) -> None:
        """Stop and start it."""
        ...

    def pause(self) -> None:
        """Freeze it: connections stay open and nothing answers."""
        ...

    def resume(self) -> None:
        """Let it go on after `pause`; nothing where it was not paused."""
        ...

    def close(self) -> None:
        """End it for good and remove what it wrote."""
        ...


class ServerMissing(Exception):
    """A server that tests need cannot be had; the message says in one sentence what to install or set."""
