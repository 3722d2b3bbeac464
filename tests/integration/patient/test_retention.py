"""What is older than the clinic keeps it goes by itself, counted before and told afterwards (PRODUCT A3, ADR 58)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from services.patient.handlers.desk import Desk
from services.patient.handlers.erasing import erasure, note_bookings_erased
from services.patient.handlers.openings import access_log
from services.patient.handlers.records import update
from services.patient.handlers.rights import retention
from services.patient.schemas import AccessLogSchema, UpdateSchema
from services.patient.store.tables import outbox
from shared.bus.events.effects import take_in as take_in_effect
from shared.clinic.times.weeks import week_of
from shared.contracts.errors import NotFound
from shared.incoming.fields import RetentionSchema, checked
from tests.builders.patient.deleting import delete_old
from tests.builders.patient.desks import NOW, FakeDocuments, FakeTreating, Work, a_desk
from tests.builders.patient.erased import everything, from_others
from tests.builders.patient.erased import told as told_of
from tests.builders.patient.needs import ASA, give, hear, id_of, listed, told
from tests.builders.retention import first_look

ASAS = ("Åsa", "Öberg", ASA)


@pytest.fixture(autouse=True)
def told_long_ago(people: Work) -> None:
    """Let the outbox have forgotten what was told of the people, as it does after two weeks."""
    with people() as store:
        store.connection.execute(delete(outbox))


def keeping(work: Work, days: int, seen: tuple[str, ...] = (), **periods: str) -> Desk:
    """Return the desk so many days later, at clinics that keep things so long."""
    documents = FakeDocuments(retention=periods)
    return a_desk(work, now=NOW + timedelta(days=days), documents=documents, bookings=FakeTreating(seen=seen))


def counted(desk: Desk, **periods: str) -> dict[str, tuple[Any, Any]]:
    """Return by kind how much a period would delete, and how much was deleted last."""
    found = retention.retention(desk, "solna", checked(RetentionSchema(), periods))["retention"]
    return {each["kind"]: (each["over"], each["deleted"]) for each in found}


def test_a3_who_no_longer_comes_is_erased_as_if_somebody_had_asked_for_it(people: Work) -> None:
    asa = id_of(people, "Åsa")
    others = tuple(id_of(people, name) for name in ("Eva", "Little"))
    assert counted(keeping(people, 364, others), patients="365d")["patients"] == (0, None)
    delete_old(keeping(people, 365, others, patients="365d"))
    assert "Öberg" in everything(people), "on the last day she is there"
    desk = keeping(people, 366, others, patients="365d")
    assert counted(desk)["patients"] == (1, 0)
    delete_old(desk)
    assert counted(desk)["patients"] == (0, 1), "what was counted has gone"
    left = everything(people)
    assert [text for text in ASAS if text in left] == []
    assert told_of(people)[-1] == ("PatientErased", asa), "and all others do the same"
    assert erasure(desk, "solna", asa)["erased_at"] is not None
    row = access_log(desk, "solna", checked(AccessLogSchema(), {}))["access_log"][0]
    assert (row["what"], row["patient"], row["actor"]) == ("erased", asa, {"kind": "service", "id": "retention"})
    assert [id_of(people, name) for name in ("Eva", "Little")] == [*others]
    assert id_of(people, "Eva", "lund"), "another clinic keeps its own"


def test_a3_who_has_an_open_need_is_not_erased(people: Work) -> None:
    need = give(people, patient=id_of(people, "Åsa"), type="visit")["id"]
    desk = keeping(people, 800, patients="365d", needs="365d")
    assert counted(desk)["patients"] == (2, None)
    delete_old(desk)
    assert id_of(people, "Åsa")
    assert [each["id"] for each in listed(people, now=desk.now)["needs"]] == [need]


def test_a3_who_was_changed_or_has_booked_while_booking_was_asked_is_left(people: Work) -> None:
    asa, seen = id_of(people, "Åsa"), tuple(id_of(people, name) for name in ("Eva", "Little"))
    desk = keeping(people, 800, seen, patients="365d")

    class Busy(FakeTreating):
        """Booking, while which answers staff change the record."""

        def seen_since(self, clinic: str, **asked: Any) -> dict[str, Any]:
            update(a_desk(people), "solna", asa, checked(UpdateSchema(), {"note": "Is back."}))
            return super().seen_since(clinic, **asked)

    delete_old(replace(desk, bookings=Busy(seen=seen)))
    assert id_of(people, "Åsa") == asa
    assert counted(desk)["patients"][1] == 0


def test_a3_patients_are_walked_through_in_pages_of_which_each_goes_on(
    people: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    desk = keeping(people, 800, (id_of(people, "Little"),), patients="365d")
    assert counted(desk)["patients"] == (2, None)

    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            delete_old(desk, interrupted)
    delete_old(desk)
    assert counted(desk)["patients"] == (0, 2)
    assert id_of(people, "Little")


@pytest.mark.parametrize(("days", "left"), [(0, 1), (7, 0)])
def test_a3_an_expired_need_goes_a_period_after_its_last_day(people: Work, days: int, left: int) -> None:
    """An examination's: ten days after its week's Sunday, which is the 22nd of November; weeks go as one."""
    give(people)
    desk = keeping(people, 10 + 30 + days, needs="30d")
    assert counted(desk)["needs"] == (1 - left, None)
    delete_old(desk)
    assert len(listed(people, now=desk.now)["needs"]) == left


def test_a3_a_need_goes_with_the_person_of_the_booking_that_used_it(people: Work) -> None:
    need = give(people, week=week_of(NOW.date()))["id"]
    hear(people, told("7K3M9QX2VT", need))
    gone = from_others("booking", "BookingsErased", "solna", references=["7K3M9QX2VT"], needs=[need])
    take_in_effect(people, note_bookings_erased(a_desk(people), [gone]), "note_bookings_erased", NOW)
    assert listed(people)["needs"] == []
    with pytest.raises(NotFound):
        erasure(a_desk(people), "solna", "solna")


def test_a3_a_run_is_done_once_a_day_and_the_next_day_again(people: Work) -> None:
    desk = keeping(people, 800, access_log="30d")
    delete_old(desk)
    with people.reading() as store:
        first = store.run("solna", "access_log")
    delete_old(replace(desk, now=desk.now + timedelta(hours=1)))
    with people.reading() as store:
        assert store.run("solna", "access_log") == first
        assert store.run("solna", "patients") is None, "what is kept for ever is not looked at"
    delete_old(replace(desk, now=desk.now + timedelta(days=1)))
    with people.reading() as store:
        second = store.run("solna", "access_log")
    assert first is not None
    assert second is not None
    assert second.day == first.day + timedelta(days=1)


def test_a3_a_period_that_is_set_by_day_deletes_nothing_before_the_night(people: Work) -> None:
    """The set-up says so before it is saved: who has mistyped has until then to take it back."""
    delete_old(keeping(people, 800))
    mistyped = keeping(people, 800, patients="365d")
    delete_old(replace(mistyped, now=mistyped.now + timedelta(hours=1)))
    assert id_of(people, "Åsa")
    assert counted(mistyped)["patients"] == (3, None)
    delete_old(keeping(people, 801, patients="365d"))
    assert counted(mistyped)["patients"] == (0, 3)


def test_a3_the_first_look_at_a_clinic_deletes_nothing(people: Work) -> None:
    """Its periods may have been set a moment before, at a clinic that has just moved in."""
    for _hour in range(2):
        retention.delete_old(keeping(people, 800, patients="365d"), {"clinics": [{"clinic": "solna"}]}, int)
    assert id_of(people, "Åsa")
    retention.delete_old(keeping(people, 801, patients="365d"), {"clinics": [{"clinic": "solna"}]}, int)
    assert counted(keeping(people, 801, patients="365d"))["patients"] == (0, 3)


def test_a3_a_clinic_that_cannot_be_looked_through_does_not_hold_up_the_others(people: Work) -> None:
    desk = keeping(people, 800, patients="365d")
    first_look(people, "solna", desk.now)
    retention.delete_old(desk, {"clinics": [{"clinic": "nowhere"}, {"clinic": "solna"}]}, int)
    assert counted(desk)["patients"] == (0, 3)


def test_a3_of_kinds_that_others_keep_nothing_is_told(people: Work) -> None:
    assert counted(keeping(people, 800, access_log="30d"), messages="30d") == {}
