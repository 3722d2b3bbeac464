"""What the staff's calendar is told of dates: blocks, absences, holidays (PRODUCT C6), a therapist their own (C1)."""

from typing import Any

import pytest

from services.availability import schemas
from services.availability.handlers import scheduling
from services.availability.model.current import StoredClinic
from shared.actor import Actor
from shared.contracts.errors import Forbidden, Invalid, NotFound
from shared.incoming.fields import checked
from tests.builders.availability.fakes import TOOL, FakeWork, a_desk
from tests.builders.clinics.documents import (
    a_block,
    a_booking_section,
    a_document,
    a_practitioner,
    a_resource,
    an_absence,
)

TUESDAY = "2026-12-01"
ANNA = Actor(kind="staff", id="anna@solna.example", role="therapist", clinic="solna", practitioner="anna")
NOBODYS = Actor(kind="staff", id="reception@solna.example", role="therapist", clinic="solna")
PEOPLE = [a_practitioner("anna"), a_practitioner("erik", online=False)]


def scheduled(document: dict[str, Any], actor: Actor = TOOL, **query: Any) -> list[dict[str, Any]]:
    work = FakeWork()
    work.store.rows["solna"] = StoredClinic(7, document)
    asked = checked(schemas.ScheduleSchema(), {"from": TUESDAY, "to": TUESDAY, **query})
    answer = scheduling.schedule(a_desk(work, actor), "solna", asked)
    assert answer["revision"] == 7
    days: list[dict[str, Any]] = answer["days"]
    return days


def test_c6_each_practitioner_has_the_blocks_of_the_plan_online_or_not_in_the_clinics_time() -> None:
    lunch = a_block("12:00", "13:00", "lunch")
    (day,) = scheduled(a_document(a_block("08:00", "12:00"), lunch, practitioners=PEOPLE))
    assert day["date"] == TUESDAY
    assert [each["key"] for each in day["practitioners"]] == ["anna", "erik"]
    assert day["practitioners"][1]["blocks"] == [
        {"kind": "exam", "start": "2026-12-01T08:00:00+01:00", "end": "2026-12-01T12:00:00+01:00", "online": True},
        {"kind": "lunch", "start": "2026-12-01T12:00:00+01:00", "end": "2026-12-01T13:00:00+01:00", "online": False},
    ]


def test_s8_an_absence_is_told_as_far_as_it_lies_on_the_date_with_its_reason() -> None:
    away = an_absence("2026-11-30T15:00", "2026-12-01T10:00", "anna") | {"reason": "Kurs"}
    (day,) = scheduled(a_document(practitioners=PEOPLE, absences=[away]))
    anna, erik = day["practitioners"]
    assert anna["absences"] == [
        {"id": away["id"], "start": "2026-12-01T00:00:00+01:00", "end": "2026-12-01T10:00:00+01:00", "reason": "Kurs"}
    ]
    assert erik["absences"] == []


def test_s8_an_absence_of_the_clinic_is_everybodys_and_one_of_a_room_the_rooms() -> None:
    closed, service = an_absence(TUESDAY, TUESDAY), an_absence(TUESDAY, TUESDAY, resource="room-1")
    rooms = [a_resource("room-1"), a_resource("room-2")]
    (day,) = scheduled(a_document(practitioners=PEOPLE, resources=rooms, absences=[closed, service]))
    assert [[each["id"] for each in row["absences"]] for row in day["practitioners"]] == [[closed["id"]]] * 2
    assert [[each["id"] for each in row["absences"]] for row in day["resources"]] == [[service["id"]], []]


def test_s9_staff_read_a_holidays_name_though_patients_are_not_shown_it_and_whether_it_closes_the_web() -> None:
    rules = a_booking_section(holidays={"closed": True, "shown": False})
    document = a_document(country="SE", languages=["sv"], booking=rules)
    (day,) = scheduled(document, **{"from": "2026-12-25", "to": "2026-12-25"})
    assert (day["holiday"], day["closed"], day["holidays"]["en"]) == ("Juldagen", True, "Christmas Day")
    (ordinary,) = scheduled(document)
    assert (ordinary["holiday"], ordinary["closed"], ordinary["holidays"]) == (None, False, {})


def test_s16_a_block_over_a_spring_night_keeps_the_time_of_the_clocks() -> None:
    (day,) = scheduled(a_document(a_block("01:00", "04:00")), **{"from": "2026-03-29", "to": "2026-03-29"})
    (block,) = day["practitioners"][0]["blocks"]
    assert (block["start"], block["end"]) == ("2026-03-29T01:00:00+01:00", "2026-03-29T04:00:00+02:00")


def test_c1_a_therapist_gets_the_own_column_and_no_reason_of_a_colleague() -> None:
    ill = an_absence(TUESDAY, TUESDAY, "erik") | {"reason": "Sjuk"}
    (day,) = scheduled(a_document(practitioners=PEOPLE, absences=[ill]), ANNA)
    assert [each["key"] for each in day["practitioners"]] == ["anna"]
    assert "Sjuk" not in str(day)
    with pytest.raises(Forbidden):
        scheduled(a_document(practitioners=PEOPLE), ANNA, practitioner="erik")


def test_c1_who_has_no_calendar_gets_none() -> None:
    (day,) = scheduled(a_document(practitioners=PEOPLE), NOBODYS)
    assert day["practitioners"] == []


def test_a_practitioner_whom_there_is_not_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        scheduled(a_document(practitioners=PEOPLE), practitioner="bo")
    assert "practitioner" in refused.value.extra["errors"]
    with pytest.raises(NotFound):
        scheduling.schedule(a_desk(FakeWork()), "solna", {"practitioner": None})


def test_at_most_fourteen_dates_are_told_at_once() -> None:
    assert len(scheduled(a_document(), to="2026-12-14")) == 14
    with pytest.raises(Invalid):
        scheduled(a_document(), to="2026-12-15")
