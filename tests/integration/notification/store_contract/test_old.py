"""What notification's store must promise of what is older than a clinic keeps it (PRODUCT A3, ADR 58)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.notification.model.messages import FAILED, PLANNED, SENT, WITHDRAWN
from shared.clinic.retention import over
from shared.retention.runs import Run
from tests.builders.notification.messages import NOW, a_document
from tests.builders.notification.rows import MINUTE, a_confirmation
from tests.integration.notification.store_contract.messages import Work, write

pytestmark = pytest.mark.both_databases


def test_a3_the_oldest_messages_are_emptied_first_and_none_that_waits(work: Work) -> None:
    old = over("solna", a_document(), "30d", NOW + timedelta(days=60))
    assert old is not None
    states = {"c": SENT, "b": FAILED, "a": WITHDRAWN, "p": PLANNED}
    for age, (id, state) in enumerate(states.items()):
        write(work, a_confirmation(id=id, source_event=id, state=state, due_at=NOW + age * MINUTE))
    write(work, a_confirmation(id="l", source_event="l", state=SENT, due_at=old.before))
    write(work, a_confirmation(id="o", source_event="o", state=SENT, clinic="lund"))
    with work() as store:
        assert (store.count_old_messages(old, 9), store.count_old_messages(old, 1)) == (3, 1)
        assert store.empty_old_messages(old, "nothing", 2) == 2
        found = {id: store.get(None, id) for id in (*states, "l", "o")}
        assert {id for id, each in found.items() if each and each.is_empty} == {"b", "c"}
        assert {each.content for each in found.values() if each and each.is_empty} == {"nothing"}
        assert store.empty_old_messages(old, "nothing", 9) == 1
        assert store.count_old_messages(old, 9) == store.empty_old_messages(old, "nothing", 9) == 0


def test_a3_a_run_is_noted_over_the_one_before(work: Work) -> None:
    run = Run("solna", "messages", NOW.date(), NOW, 3, behind="x")
    with work() as store:
        assert store.is_alone_to_delete()
        assert store.run("solna", "messages") is None
        store.note_run(run)
        store.note_run(replace(run, deleted=5, is_done=True, behind=None))
    with work.reading() as store:
        assert store.run("solna", "messages") == replace(run, deleted=5, is_done=True, behind=None)
