"""A clinic's document put into force over a real database, and several changes at the same time."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from services.availability.handlers import set_up
from shared.contracts.errors import Refusal
from tests.builders.availability.fakes import a_desk
from tests.integration.availability.conftest import Work


def apply(work: Work, document: Any, if_revision: int | None = None) -> dict[str, Any]:
    """Apply a document of solna."""
    return set_up.apply_document(a_desk(work), "solna", document, if_revision)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run all acts at the same time; return what each returned, or the refusal that it raised."""
    barrier, outcomes = Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        barrier.wait(timeout=10)
        try:
            outcomes.append(act())
        except Refusal as refusal:
            outcomes.append(refusal)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(outcomes) == len(acts)
    return outcomes
