"""All messages about one patient, to whomever they went, are handed out (PRODUCT A3)."""

from typing import Any

from services.notification.handlers.reading import export
from services.notification.schemas import ExportSchema
from shared.incoming.fields import checked
from tests.builders.notification.mailroom import Work, tell
from tests.builders.notification.messages import a_desk, a_recall, an_event

MAJA = "a" * 32


def held(work: Work, **asked: Any) -> dict[str, Any]:
    """Return a page of what is handed out of Maja."""
    return export(a_desk(work), "solna", checked(ExportSchema(), {"patient": MAJA, **asked}))


def test_a3_what_went_to_patient_and_clinic_is_told_page_by_page_and_nothing_of_others(work: Work) -> None:
    tell(a_desk(work), an_event())
    recall = a_recall()
    tell(a_desk(work), recall)
    assert held(work)["messages"] == []
    with work() as store:
        store.note_patients({an_event().subject: MAJA})
    told = held(work)
    assert {each["audience"] for each in told["messages"]} >= {"patient", "practitioner"}
    assert all(each["text"] and each["booking"] == an_event().subject for each in told["messages"])
    with_recall = held(work, needs=[recall.subject])
    assert len(with_recall["messages"]) > len(told["messages"])
    first = held(work, limit=1)
    rest = held(work, cursor=first["next"])
    assert [*first["messages"], *rest["messages"]] == told["messages"]
