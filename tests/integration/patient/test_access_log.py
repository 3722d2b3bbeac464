"""Who has opened whose record: written before it is shown, read by administrators (law; CONTRACTS 2a)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.patient.handlers.desk import Desk
from services.patient.handlers.exporting import export
from services.patient.handlers.openings import access_log, note_opening
from services.patient.handlers.records import find, get, update
from services.patient.model.moving_in import Imported
from services.patient.schemas import AccessLogSchema, FindSchema, OpeningSchema, UpdateSchema
from shared.actor import Actor
from shared.contracts.errors import Forbidden, NotFound
from shared.incoming.fields import checked
from tests.builders.patient.deleting import delete_old
from tests.builders.patient.desks import BOOKING, FakeTreating, Work, a_desk
from tests.builders.patient.needs import OF_ANNA, id_of

TILL = Actor(kind="tool", id="till")


def logged(desk: Desk, **asked: Any) -> list[tuple[Any, ...]]:
    """Return what the log says, the latest first."""
    rows = access_log(desk, asked.pop("clinic", "solna"), checked(AccessLogSchema(), asked))["access_log"]
    return [(each["actor"]["id"], each["patient"], each["what"]) for each in rows]


def test_whoever_opens_or_changes_a_record_is_written_down_tools_too(people: Work) -> None:
    eva, desk = id_of(people, "Eva"), a_desk(people)
    get(a_desk(people, OF_ANNA), "solna", eva)
    get(a_desk(people, TILL), "solna", eva)
    update(desk, "solna", eva, checked(UpdateSchema(), {"sms_ok": False}))
    assert logged(desk) == [
        ("ann@solna.example", eva, "changed"),
        ("till", eva, "read"),
        ("anna@solna.example", eva, "read"),
    ]
    assert logged(desk, clinic="lund") == []


def test_a3_all_that_is_held_is_handed_out_note_and_number_included_and_that_is_written_down(people: Work) -> None:
    eva, desk = id_of(people, "Eva"), a_desk(people)
    update(desk, "solna", eva, checked(UpdateSchema(), {"note": "Rings first."}))
    held = export(desk, "solna", eva)
    assert (held["patient"]["note"], held["patient"]["identity"]["number"], held["imported_at"]) == (
        "Rings first.", "198112289874", None,
    )  # fmt: skip
    with people() as store:
        store.note_imported("solna", [Imported("k" * 64, eva, {})], desk.now)
    assert export(desk, "solna", eva)["imported_at"] == "2026-11-22T10:00:00+01:00"
    assert logged(desk)[:2] == [("ann@solna.example", eva, "exported")] * 2
    with pytest.raises(NotFound):
        export(desk, "lund", eva)


def test_nothing_is_shown_that_could_not_be_written_down(people: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    eva, desk = id_of(people, "Eva"), a_desk(people)

    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("services.patient.store.openings.OpeningRows.note_opening", full)
    with pytest.raises(OSError, match="full"):
        get(desk, "solna", eva)


def test_what_is_not_shown_is_not_written_down(people: Work) -> None:
    eva, desk = id_of(people, "Eva"), a_desk(people)
    with pytest.raises(Forbidden):
        get(a_desk(people, OF_ANNA, bookings=FakeTreating(eva)), "solna", eva)
    with pytest.raises(NotFound):
        get(desk, "lund", eva)
    get(a_desk(people, BOOKING), "solna", eva)
    find(desk, "solna", checked(FindSchema(), {}))
    assert logged(desk) == [], "neither refusals, nor other services, which show it to nobody, nor lists"


def test_the_log_comes_page_by_page_and_of_one_patient(people: Work) -> None:
    eva, asa, desk = id_of(people, "Eva"), id_of(people, "Åsa"), a_desk(people)
    for id in (eva, asa, eva, asa, eva):
        get(desk, "solna", id)
    assert [row[1] for row in logged(desk, patient=asa)] == [asa, asa]
    first = access_log(desk, "solna", checked(AccessLogSchema(), {"limit": 3}))
    rest = access_log(desk, "solna", checked(AccessLogSchema(), {"limit": 3, "cursor": first["next"]}))
    assert [len(first["access_log"]), len(rest["access_log"]), rest["next"]] == [3, 2, None]
    assert first["access_log"][0]["at"] == "2026-11-22T10:00:00+01:00"
    with pytest.raises(NotFound):
        access_log(desk, "visby", checked(AccessLogSchema(), {}))


def test_who_opened_a_booking_is_written_down_also_before_it_has_a_record(people: Work) -> None:
    eva, desk = id_of(people, "Eva"), a_desk(people)
    seen = {"booking": "7K3M9QX2VT", "by": {"kind": "staff", "id": "anna@solna.example"}}
    for patient in (None, eva):
        told = checked(OpeningSchema(), {**seen, "patient": patient})
        note_opening(a_desk(people, BOOKING), "solna", told)
    rows = access_log(desk, "solna", checked(AccessLogSchema(), {}))["access_log"]
    assert [(each["patient"], each["what"], each["booking"]) for each in rows] == [
        (eva, "booking", "7K3M9QX2VT"), (None, "booking", "7K3M9QX2VT"),
    ]  # fmt: skip
    assert rows[0]["actor"] == {"kind": "staff", "id": "anna@solna.example"}


def test_the_log_is_read_by_person_and_by_the_clinic_s_days(people: Work) -> None:
    eva, desk = id_of(people, "Eva"), a_desk(people)
    late = replace(desk, now=datetime(2026, 11, 22, 22, 59, tzinfo=UTC))  # 23:59 in Solna
    after_midnight = replace(late, actor=TILL, now=late.now + timedelta(minutes=1))
    for each in (desk, late, after_midnight):
        get(each, "solna", eva)
    assert [row[0] for row in logged(desk, **{"from": "2026-11-22", "to": "2026-11-22"})] == ["ann@solna.example"] * 2
    assert [row[0] for row in logged(desk, **{"from": "2026-11-23"})] == ["till"]
    assert [row[0] for row in logged(desk, actor="till")] == ["till"]


def test_it_is_kept_for_five_years(people: Work) -> None:
    """Where the clinic's document says nothing else, as that of a version before."""
    eva, desk = id_of(people, "Eva"), a_desk(people)
    get(desk, "solna", eva)
    delete_old(replace(desk, now=desk.now + timedelta(days=1830)))
    assert len(logged(desk)) == 1
    delete_old(replace(desk, now=desk.now + timedelta(days=1831)))
    assert logged(desk) == []
