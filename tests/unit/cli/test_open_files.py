"""How many files and connections a process may have open."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import serve
from cli.open_files import FOR_GATEWAY, allow_open_files
from gateway.http.bounds import CONNECTIONS
from shared.settings import from_environment


@pytest.fixture
def most() -> Iterator[int]:
    """Return how many may be open at most, while one less may be."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1] - 1, before[1]))
    yield before[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def allowed() -> int:
    """Return how many may be open."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def test_a_process_may_have_open_what_its_machine_allows(most: int, caplog: pytest.LogCaptureFixture) -> None:
    assert allowed() == most - 1
    allow_open_files(most)
    assert (allowed(), caplog.messages) == (most, [])


def test_a_machine_that_allows_too_few_is_told_of(most: int, caplog: pytest.LogCaptureFixture) -> None:
    allow_open_files(most + 1)
    [message] = caplog.messages
    assert f"only {most} " in message
    assert f"to {most + 1}" in message


@pytest.mark.parametrize(("process", "wanted"), [("gateway", FOR_GATEWAY), ("booking", 0)])
def test_a_gateway_wants_more_than_it_takes_connections(
    process: str, wanted: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(serve, "allow_open_files", asked.append)
    for name in ("log_to_stderr", "service_class", "run"):
        monkeypatch.setattr(serve, name, lambda *_, **__: None)
    serve.run_together([process], from_environment({"DATA_DIR": str(tmp_path)}))
    assert asked == [wanted]
    assert FOR_GATEWAY > CONNECTIONS
