"""Documents in the database: kept as written, changed by one at a time."""

from typing import Any

import pytest

from services.availability.document import check
from services.availability.handlers import absences, searching, set_up
from shared.actor import Actor
from shared.clinic_documents import Revisions
from shared.contracts.errors import ChangedMeanwhile, Refusal
from shared.storage.redis_store import connect
from shared.texts.document_text import to_yaml
from tests.builders.availability.fakes import a_desk
from tests.builders.clinics.written import a_written_document
from tests.integration.availability.applying import apply, at_once
from tests.integration.availability.conftest import Work


def shown(work: Work) -> dict[str, Any]:
    """Return what document answers."""
    return set_up.document(a_desk(work), "solna")


def test_a_document_comes_back_in_the_order_in_which_it_was_written(work: Work) -> None:
    written = a_written_document(texts={"page": {"sv": "Ett", "en": "One"}})
    applied = apply(work, written)
    found = shown(work)
    assert (found["revision"], found["document"]) == (1, applied["document"])
    assert list(found["document"])[:4] == ["clinic", "name", "time_zone", "country"]
    assert list(found["document"]["texts"]["page"]) == ["sv", "en"]
    assert to_yaml(found["document"]).startswith("clinic: solna\nname: Solna Tandvård\n")


def test_c1_a_document_shows_therapists_no_absence_of_a_colleague(work: Work) -> None:
    """Its reason may be somebody's health; the list of absences leaves it out as well."""
    away = {"from": "2027-01-04", "to": "2027-01-05"}
    absent = [{**away, "practitioner": who, "reason": f"{who} is away"} for who in ("anna", "erik")]
    apply(work, a_written_document(absences=[*absent, {**away, "reason": "Closed"}]))
    seen = {}
    for own in ("anna", "erik", None):
        therapist = Actor("staff", "somebody@solna.example", "therapist", "solna", own)
        found = set_up.document(a_desk(work, therapist), "solna")["document"]
        assert found == {**shown(work)["document"], "absences": found["absences"]}
        seen[own] = [each["reason"] for each in found["absences"]]
    assert seen == {"anna": ["anna is away", "Closed"], "erik": ["erik is away", "Closed"], None: ["Closed"]}
    assert len(shown(work)["document"]["absences"]) == 3


def test_applying_an_export_changes_nothing(work: Work) -> None:
    apply(work, a_written_document())
    for source in (shown(work)["document"], to_yaml(shown(work)["document"]), a_written_document()):
        answer = apply(work, source)
        assert (answer["revision"], answer["changes"]) == (1, [])


@pytest.mark.both_databases
def test_of_two_edits_of_one_revision_at_once_one_is_refused(work: Work) -> None:
    apply(work, a_written_document())
    outcomes = at_once(*(lambda name=name: apply(work, a_written_document(name=name), 1) for name in "ABCD"))
    refused = [outcome for outcome in outcomes if isinstance(outcome, ChangedMeanwhile)]
    [applied] = [outcome for outcome in outcomes if not isinstance(outcome, Refusal)]
    assert len(refused) == 3
    assert (applied["revision"], shown(work)["document"]["name"]) == (2, applied["document"]["name"])


@pytest.mark.both_databases
def test_edits_that_do_not_mind_follow_each_other(work: Work) -> None:
    apply(work, a_written_document())
    outcomes = at_once(*(lambda name=name: apply(work, a_written_document(name=name)) for name in "ABCD"))
    assert sorted(outcome["revision"] for outcome in outcomes) == [2, 3, 4, 5]
    assert shown(work)["revision"] == 5


@pytest.mark.both_databases
def test_of_two_who_make_the_same_clinic_at_once_one_is_told(work: Work) -> None:
    outcomes = at_once(*(lambda name=name: apply(work, a_written_document(name=name), 0) for name in "ABCD"))
    assert sum(isinstance(outcome, ChangedMeanwhile) for outcome in outcomes) == 3
    assert shown(work)["revision"] == 1


@pytest.mark.both_databases
def test_no_absence_is_lost_when_several_are_entered_at_once(work: Work) -> None:
    apply(work, a_written_document(absences=[]))
    days = [f"2027-01-{day:02}" for day in range(4, 10)]

    def enter(day: str) -> dict[str, Any]:
        fields = {"from": day, "to": day}
        return absences.add_absence(a_desk(work), "solna", fields)

    at_once(*(lambda day=day: enter(day) for day in days))
    found = shown(work)
    assert sorted(row["from"] for row in found["document"]["absences"]) == days
    assert found["revision"] == 1 + len(days)


def test_a_refused_document_leaves_no_trace(work: Work) -> None:
    for document in (a_written_document(grid="7m"), "name: a\nname: b"):
        outcome = at_once(lambda document=document: apply(work, document))[0]
        assert isinstance(outcome, Refusal)
    with work.reading() as store:
        assert store.clinic("solna") is None
        assert store.clinics() == []


def test_clinics_are_listed_with_name_and_switch(work: Work) -> None:
    apply(work, a_written_document())
    assert searching.clinics(a_desk(work)) == {
        "clinics": [{"clinic": "solna", "name": "Solna Tandvård", "active": False}]
    }


def test_the_revision_is_announced_for_every_process_to_see(work: Work, redis_url: str) -> None:
    """DESIGN rule 11."""
    client = connect(redis_url)
    client.delete("frontdesk:revision:solna")
    revisions = Revisions(client)
    set_up.apply_document(a_desk(work, revisions=revisions), "solna", a_written_document(), None)
    assert revisions.current("solna") == 1
    fields = {"from": "2027-01-04", "to": "2027-01-05"}
    entered = absences.add_absence(a_desk(work, revisions=revisions), "solna", fields)
    assert revisions.current("solna") == 2
    absences.remove_absence(a_desk(work, revisions=revisions), "solna", entered["id"])
    assert revisions.current("solna") == 3
    client.close()


def test_the_events_of_a_change_are_in_the_outbox_of_its_transaction(work: Work) -> None:
    apply(work, a_written_document())
    apply(work, a_written_document())
    with work.reading() as store:
        rows = store.connection.execute(store.outbox.select()).all()
    assert [row.type for row in rows] == ["ClinicChanged"]
    assert rows[0].body["data"]["revision"] == 1
    assert check(rows[0].body["data"]["document"]).problems == ()
