"""A patient is erased in the very moment in which something is written to them (PRODUCT A3, ADR 53)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from services.notification.handlers.calling import call_in
from services.notification.handlers.rights.erasing import forget_patients
from services.notification.handlers.writing import tell as tell_of
from services.notification.store import NotificationStore, metadata
from shared.bus.events.effects import take_in
from shared.bus.events.unit_of_work import UnitOfWork
from shared.contracts.envelope import Event
from shared.ids import new_id
from tests.builders.clock import FakeClock
from tests.builders.notification.erased import erased, everything
from tests.builders.notification.mailroom import FakeChannel, Work, listed, send, tell
from tests.builders.notification.messages import NEED, NOW, PERSON, a_desk, a_recall, an_event
from tests.integration.migrated import emptied
from tests.integration.unhurried import unhurried
from tests.integration.while_waiting import LIMIT, while_waiting

Act = Callable[[Any, list[Event]], Any]


@pytest.fixture(scope="module")
def house(migrated: Callable[[str, str], str]) -> Iterator[Work]:
    """Return transactions on PostgreSQL, where they run side by side."""
    database = unhurried(migrated("notification", "postgresql"))
    yield UnitOfWork(database, NotificationStore)
    database.close()


@pytest.fixture
def work(house: Work) -> Work:
    """Return units of work over an empty database."""
    return UnitOfWork(emptied(house.database, metadata), NotificationStore)


def forget(work: Work) -> None:
    """Hear that the patient is erased."""
    take_in(work, forget_patients(a_desk(work), [erased(NEED)]), "forget_patient", NOW)


def left(work: Work) -> list[str]:
    """Return where the patient could still be reached by what is held."""
    found = everything(work)
    return [str(PERSON[name]) for name in ("mobile", "email") if str(PERSON[name]) in found]


@pytest.mark.parametrize(("act", "event"), [(tell_of, an_event()), (call_in, a_recall())], ids=["booked", "called in"])
def test_a3_what_is_written_while_its_patient_is_erased_is_emptied_too(work: Work, act: Act, event: Event) -> None:
    written = act(a_desk(work), [event])
    with work() as store:
        written.write(store, [each for _, each in written.prepared])
        waiting = while_waiting(work.database, store, lambda: forget(work))
    waiting.result(LIMIT)
    assert (left(work), {each["state"] for each in listed(work) if each["audience"] == "patient"}) == (
        [],
        {"withdrawn"},
    )


@pytest.mark.parametrize("event", [an_event(), a_recall()], ids=["booked", "called in"])
def test_a3_who_is_being_erased_is_written_nothing_more(work: Work, event: Event) -> None:
    erasure = forget_patients(a_desk(work), [erased(NEED)])
    with work() as store:
        erasure.write(store, [each for _, each in erasure.prepared])
        waiting = while_waiting(work.database, store, lambda: tell(a_desk(work), event))
    waiting.result(LIMIT)
    assert (left(work), listed(work)) == ([], [])


def test_a3_what_is_sent_again_while_its_patient_is_erased_is_emptied_too(work: Work) -> None:
    tell(a_desk(work), an_event())
    send(work, FakeChannel(), FakeClock(NOW))
    first = next(str(each["id"]) for each in listed(work) if each["audience"] == "patient")
    with work() as store:
        found = store.for_resending("solna", first)
        assert found is not None
        store.add(replace(found, id=new_id(), source_event=new_id(), state="planned", resend_of=first))
        waiting = while_waiting(work.database, store, lambda: forget(work))
    waiting.result(LIMIT)
    assert left(work) == []
