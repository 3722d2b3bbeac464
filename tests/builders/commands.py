"""An installation as the command line meets it: it answers what a test told it, to calls that the contracts know."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli.main import main
from tests.builders.contracts import require_fitting, require_known

ZONE = "Europe/Stockholm"


class FakeInstallation:
    """Answers `service.method` with what `answers` holds: raises exceptions, asks functions, takes lists in turn."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {"availability.profile": {"time_zone": ZONE}}
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def __enter__(self) -> "FakeInstallation":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def call(self, service: str, method: str, *args: Any, timeout: float = 10.0, **fields: Any) -> Any:
        """Answer as services do."""
        require_known(service, method)
        require_fitting(service, method, args, fields)
        name = f"{service}.{method}"
        self.calls.append((name, args, fields))
        answer = self.answers[name]
        if isinstance(answer, list):
            answer = answer.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer(*args, **fields) if callable(answer) else answer

    def fields_of(self, name: str) -> list[dict[str, Any]]:
        """Return the fields of all calls of a method."""
        return [fields for called, _, fields in self.calls if called == name]


@contextmanager
def commands_reach(installation: FakeInstallation) -> Iterator[None]:
    """Let all commands reach an installation."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cli.faces.asking.connect", lambda _settings: installation)
        yield


def frontdesk(*arguments: str, typed: str | None = None, **environment: str) -> Result:
    """Run a command in this process, where nobody sits at a terminal."""
    return CliRunner().invoke(main, arguments, input=typed, env={"AMQP_URI": None, **environment})
