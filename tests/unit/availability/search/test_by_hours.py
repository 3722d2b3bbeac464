"""What stands for all that is offered: each practitioner's first, and from it on one an hour (PRODUCT B20)."""

from services.availability.search.offered import Slot, offered_by_hours
from shared.clinic.plan.reading import clinic_plan
from tests.builders.availability.asking import asked_dates, slots, taken
from tests.builders.clinics.documents import Document, a_block, a_document, a_practitioner, a_type
from tests.builders.clinics.moments import NOW, TUESDAY

MORNING = a_block("08:00", "10:30")
ANNA, BO = a_practitioner("anna"), a_practitioner("bo")
EVERY_QUARTER = {"mode": "flexible", "step": "15m"}


def a_clinic(*practitioners: Document) -> Document:
    return a_document(MORNING, practitioners=list(practitioners), types=[a_type(slots=EVERY_QUARTER)])


def by_hours(document: Document, *busy: tuple[str, str, str], last: str = TUESDAY) -> list[Slot]:
    rows = [taken(document, *row) for row in busy]
    return offered_by_hours(clinic_plan(document, None), asked_dates(TUESDAY, last), rows, NOW)


def told(found: list[Slot]) -> list[tuple[str, tuple[str, ...]]]:
    return [(f"{slot.start:%H:%M}", slot.practitioners) for slot in found]


def test_b20_a_start_an_hour_stands_for_the_others() -> None:
    assert told(by_hours(a_clinic(ANNA))) == [(f"{hour}:00", ("anna",)) for hour in ("08", "09", "10")]


def test_b20_hours_are_counted_from_the_first_that_is_free() -> None:
    found = by_hours(a_clinic(ANNA), ("practitioner:anna", "08:00", "08:20"))
    assert told(found) == [("08:30", ("anna",)), ("09:30", ("anna",))]


def test_b20_each_practitioner_has_their_own_and_a_slot_names_all_who_take_it() -> None:
    found = by_hours(a_clinic(ANNA, BO), ("practitioner:anna", "08:00", "08:20"))
    assert told(found) == [
        ("08:00", ("bo",)),
        ("08:30", ("anna", "bo")),
        ("09:00", ("anna", "bo")),
        ("09:30", ("anna", "bo")),
        ("10:00", ("anna", "bo")),
    ]


def test_b20_every_date_begins_anew_and_all_are_among_what_is_offered() -> None:
    document = a_clinic(ANNA)
    found = by_hours(document, last="2026-12-02")
    assert [f"{slot.start:%d %H}" for slot in found] == ["01 08", "01 09", "01 10", "02 08", "02 09", "02 10"]
    assert {*found} <= {*slots(document, TUESDAY, "2026-12-02")}
