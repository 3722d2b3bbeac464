"""A change and its entry in the history stand or fall together, whoever is killed or waits (issue 14.4, ADR 42)."""

import signal
import subprocess
import sys
from copy import deepcopy
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from services.availability.handlers import absences, history, set_up
from services.availability.store.tables import set_up_history
from shared.contracts.errors import ChangedMeanwhile
from tests.builders.availability.fakes import a_desk
from tests.builders.clinics.written import a_written_document
from tests.integration.availability.applying import apply, at_once
from tests.integration.availability.conftest import Work
from tests.integration.statements import statements

_FIRST = {"limit": 20, "cursor": None, "since": 0}
_KILLED_BEFORE_THE_COMMIT = """
import os, signal, sys
from services.availability.handlers import set_up
from services.availability.store import AvailabilityStore
from shared.bus.events.unit_of_work import UnitOfWork
from shared.storage.database import Database
from tests.builders.availability.fakes import a_desk
from tests.builders.clinics.written import a_written_document

class Store(AvailabilityStore):
    def write_told(self, claimed_until=None):
        super().write_told(claimed_until)
        os.kill(os.getpid(), signal.SIGKILL)

work = UnitOfWork(Database(sys.argv[1]), Store)
set_up.apply_document(a_desk(work), "solna", a_written_document(name="Killed"), None)
"""


def entries(work: Work) -> list[dict[str, Any]]:
    """Return the history of solna, the newest first."""
    found: list[dict[str, Any]] = history.document_history(a_desk(work), "solna", _FIRST)["history"]
    return found


def state(work: Work, revision: int) -> dict[str, Any]:
    """Return the document of a revision."""
    found: dict[str, Any] = history.document_state(a_desk(work), "solna", revision)["document"]
    return found


@pytest.mark.both_databases
def test_c3_who_is_killed_before_the_commit_leaves_neither_a_change_nor_an_entry(work: Work) -> None:
    first = apply(work, a_written_document())
    url = work.database.engine.url.render_as_string(hide_password=False)
    killed = subprocess.run([sys.executable, "-c", _KILLED_BEFORE_THE_COMMIT, url], capture_output=True, timeout=60)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert [each["revision"] for each in entries(work)] == [1]
    assert set_up.document(a_desk(work), "solna")["document"] == first["document"]
    assert apply(work, a_written_document(name="Ny"))["revision"] == 2
    assert [each["kind"] for each in entries(work)] == ["document", "made"]


@pytest.mark.both_databases
def test_c3_of_many_at_once_each_leaves_one_entry_and_its_own_state(work: Work) -> None:
    """Who waited for another sees the other's document, and not yet that its entry is there."""
    apply(work, a_written_document())
    at_once(*(lambda name=name: apply(work, a_written_document(name=name)) for name in "ABCDEF"))
    found = list(reversed(entries(work)))
    assert [each["revision"] for each in found] == list(range(1, 8))
    assert [each["kind"] for each in found] == ["made", *["document"] * 6]
    for before, after in pairwise(found[1:]):
        assert before["changes"][0]["after"] == after["changes"][0]["before"]
    assert [state(work, each["revision"])["name"] for each in found[1:]] == [
        each["changes"][0]["after"] for each in found[1:]
    ]


@pytest.mark.both_databases
def test_c3_a_clinic_that_is_older_than_the_history_begins_with_what_is_in_force(work: Work) -> None:
    first = apply(work, a_written_document())
    with work() as store:
        store.connection.execute(delete(set_up_history))
    absences.add_absence(a_desk(work), "solna", {"practitioner": "anna", "from": "2027-03-01", "to": "2027-03-01"})
    assert [(each["revision"], each["kind"]) for each in entries(work)] == [(2, "absence"), (1, "begun")]
    assert state(work, 2) == {**first["document"], "absences": []}


def test_c3_a_refused_save_leaves_no_entry(work: Work) -> None:
    apply(work, a_written_document())
    with pytest.raises(ChangedMeanwhile):
        apply(work, a_written_document(name="Ny"), if_revision=7)
    assert len(entries(work)) == 1


@pytest.mark.both_databases
def test_c3_a_change_costs_one_statement_more_and_a_search_none(work: Work) -> None:
    document = apply(work, a_written_document())["document"]
    desk = a_desk(work)
    desk.clinic("solna")
    with statements(work.database) as sent:
        set_up.apply_document(desk, "solna", {**deepcopy(document), "currency": "NOK"}, None)
    written = [statement for statement, _ in sent if statement.lstrip().startswith(("INSERT", "UPDATE"))]
    assert [each.split()[2 if each.startswith("INSERT") else 1] for each in written] == [
        "clinics", "set_up_history", "outbox"
    ]  # fmt: skip
    with statements(work.database) as asked:
        desk.clinic("solna")
    assert not [statement for statement, _ in asked if "set_up_history" in statement]


@pytest.mark.both_databases
def test_c3_states_are_kept_small_and_only_where_they_are_others(work: Work) -> None:
    document = apply(work, a_written_document())["document"]
    away = {"practitioner": "anna", "from": "2027-03-01", "to": "2027-03-01", "reason": "Leave"}
    absences.add_absence(a_desk(work), "solna", away)
    with work.reading() as store:
        size = func.length(set_up_history.c.state, type_=set_up_history.c.revision.type)
        sizes = list(store.connection.scalars(select(size).order_by(set_up_history.c.revision)))
        rows = list(store.connection.scalars(select(func.length(set_up_history.c.changes))))
    assert sizes[0] < len(str(document)) / 3
    assert sizes[1] is None
    assert max(rows) < 250
