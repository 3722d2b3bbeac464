"""Calling patients in: booked recalls, sending, cards, and the code that opens them (PRODUCT M2, R1, R2)."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.booking.handlers import reading
from shared.actor import Actor
from shared.contracts.envelope import Event
from shared.contracts.errors import (
    AlreadyCancelled,
    Forbidden,
    Gone,
    Invalid,
    LoginRequired,
    NeedExpired,
    NoOpenNeed,
    NotFound,
    SlotNotOffered,
    SlotTaken,
    WrongLogin,
)
from shared.database import Database
from shared.links import need_of, need_token
from tests.integration.booking.calls import Calls
from tests.unit.booking.world import CLINIC, KEYS, MAJA, PUBLIC, STAFF, START, World, a_need, logged_in

FIRST, SECOND = "1" * 32, "2" * 32
HALF_HOUR = timedelta(minutes=30)
BO = Actor(kind="staff", id="bo@solna.example", role="therapist", clinic=CLINIC, practitioner="bo")
RECORD = {
    "id": MAJA,
    "identity": {"scheme": "se.personnummer", "number": "191212121212"},
    "birth_date": "1912-12-12",
    "first_name": "Maja",
    "last_name": "Lund",
    "mobile": "+46701234567",
    "email": "maja@example.org",
    "sms_ok": None,
    "email_ok": True,
}
CARD_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")


@pytest.fixture
def calls(calls: Calls) -> Calls:
    """Return a clinic's calls; it knows Maja."""
    calls.world.patients.records[MAJA] = dict(RECORD)
    return calls


def known(calls: Calls, **changes: Any) -> None:
    """Change what the clinic knows of Maja."""
    calls.world.patients.records[MAJA] |= changes


def person_of(event: Event) -> dict[str, Any]:
    """Return an event's person, opened."""
    found: dict[str, Any] = KEYS.sealer.open(event.data["person"])
    return found


# Booking a recall (R1)


def test_staff_book_a_recall_that_its_patient_may_move_and_cancel(calls: Calls) -> None:
    """R1, M3."""
    made = calls.recall()
    assert set(made) == {"reference", "code", "not_sent"}
    assert CARD_CODE.fullmatch(made["code"])
    assert made["not_sent"] == []
    booking = calls.get(made["reference"], STAFF)
    assert (booking["origin"], booking["patient"]["id"], booking["start"]) == (
        "recall", MAJA, "2026-12-01T14:00:00+01:00",
    )  # fmt: skip
    token = calls.open_recall(birth_date="1912-12-12", code=made["code"])["manage_token"]
    assert {name: may["allowed"] for name, may in calls.open(token)["may"].items()} == {"rebook": True, "cancel": True}
    calls.move(token, START + HALF_HOUR)
    assert calls.cancel(token)["status"] == "cancelled"


def test_a_recall_uses_the_patient_s_open_need_and_its_length(calls: Calls) -> None:
    calls.hear(a_need(minutes=50))
    calls.recall()
    created, issued = calls.events("BookingCreated", "RecallIssued")
    assert (created.data["need"], created.data["minutes"]) == (FIRST, 50)
    assert (issued.data["need"], issued.data["reference"]) == (FIRST, created.subject)
    calls.recall(start=(START + 4 * HALF_HOUR).isoformat())
    assert calls.events("BookingCreated")[1].data["need"] is None, "without one it is booked all the same"


def test_a_recall_s_length_is_staff_s_if_they_say_one(calls: Calls) -> None:
    calls.hear(a_need(minutes=50))
    calls.recall(minutes=20, outside_plan=True)
    assert calls.events("BookingCreated")[0].data["minutes"] == 20
    assert calls.world.availability.check_slot.calls[-1]["outside_plan"] is True


def test_what_a_booked_recall_tells_the_other_services(calls: Calls) -> None:
    made = calls.recall()
    (event,) = calls.events("RecallIssued")
    data = {name: value for name, value in event.data.items() if name != "person"}
    assert (event.subject, event.subject_version, event.source) == (made["reference"], 1, "booking")
    assert data == {
        "reference": made["reference"], "need": None, "type": "visit", "practitioner": "anna", "minutes": 30,
        "start": "2026-12-01T13:00:00+00:00", "end": "2026-12-01T13:30:00+00:00", "week": "2026-W49",
        "usable_until": None, "language": "sv", "epoch": 1, "changeable": True, "version": 1,
        "send": ["sms", "email"],
    }  # fmt: skip
    person = person_of(event)
    assert person["code"] == made["code"]
    assert {"first_name", "mobile", "email", "message", "answers", "patient", "comment", "sms_ok"} <= person.keys()
    assert made["code"] not in str(event.data), "a code is personal and travels sealed"


UNREACHABLE = [
    ({"mobile": None}, ["sms"], "no_mobile"),
    ({"sms_ok": False}, ["sms"], "no_consent"),
    ({"email": None}, ["email"], "no_email"),
    ({"email_ok": False}, ["email"], "no_consent"),
    ({"identity": None, "birth_date": None}, ["card"], "no_identity"),
]


@pytest.mark.parametrize(("changes", "send", "reason"), UNREACHABLE)
def test_what_does_not_reach_the_patient_is_told_and_the_booking_stands(
    calls: Calls, changes: dict[str, Any], send: list[str], reason: str
) -> None:
    known(calls, **changes)
    made = calls.recall(send=send)
    assert made["not_sent"] == [{"channel": send[0], "reason": reason}]
    assert calls.get(made["reference"], STAFF)["status"] == "booked"
    assert calls.events("RecallIssued") == [], "nothing went out"
    assert (made["code"] is None) is (reason == "no_identity"), "a code that would open nothing is not given"


def test_a_recall_that_finds_no_time_leaves_nothing(database: Database) -> None:
    calls = Calls(World(database))
    calls.world.patients.records[MAJA] = dict(RECORD)
    calls.book(practitioner="anna")
    with pytest.raises(SlotTaken):
        calls.recall()
    assert [event.type for event in calls.events()] == ["BookingCreated"]
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM recalls").scalar_one() == 0


def test_a_recall_outside_any_plan_is_refused_as_other_bookings_of_staff(calls: Calls) -> None:
    class Closed(type(calls.world.availability)):  # type: ignore[misc]
        def _check_slot(self, clinic: str, **query: Any) -> dict[str, Any]:
            assert query["staff"] is True
            raise SlotNotOffered.because("Outside.")

    calls.world.availability = Closed(calls.world.documents)
    with pytest.raises(SlotNotOffered):
        calls.recall()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"send": []}, "send"), ({"send": ["fax"]}, "send.0"), ({"send": None}, "send"), ({"patient": "x"}, "patient"),
        ({"patient": "c" * 32}, "patient.id"), ({"type": "none"}, "type"), ({"practitioner": "none"}, "practitioner"),
        ({"practitioner": None}, "practitioner"), ({"start": "soon"}, "start"), ({"minutes": 0}, "minutes"),
        ({"message": "x"}, "message"),
    ],
)  # fmt: skip
def test_a_recall_that_makes_no_sense_is_invalid(calls: Calls, fields: dict[str, Any], wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        calls.recall(**fields)
    assert wrong in refused.value.extra["errors"]
    assert calls.events() == []


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [(PUBLIC, LoginRequired), (logged_in(), LoginRequired), (BO, Forbidden),
     (Actor(kind="staff", id="x", role="administrator", clinic="other"), Forbidden)],
)  # fmt: skip
def test_only_staff_of_that_calendar_book_recalls(calls: Calls, actor: Actor, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        calls.recall(actor)


# Sending (R2)


def test_a_need_s_recall_tells_what_is_to_be_booked_until_when(calls: Calls) -> None:
    calls.world.change_document(types=[{"key": "visit", "name": "B", "length": "30m", "needs": {"days_after_week": 7}}])
    calls.hear(a_need())
    answer = calls.issue(need=FIRST, send=["email", "sms"])
    (event,) = calls.events("RecallIssued")
    assert answer == {"issued": [{"need": FIRST, "reference": None, "code": person_of(event)["code"]}], "not_sent": []}
    data = {name: value for name, value in event.data.items() if name != "person"}
    assert (event.subject, event.subject_version) == (FIRST, 1)
    assert data == {
        "reference": None, "need": FIRST, "type": "visit", "practitioner": None, "minutes": 50, "start": None,
        "end": None, "week": "2026-W49", "usable_until": "2026-12-13", "language": "sv", "epoch": None,
        "changeable": None, "version": None, "send": ["sms", "email"],
    }  # fmt: skip
    assert person_of(event)["patient"] == MAJA


def test_sending_one_again_keeps_the_code_and_tells_of_it_each_time(database: Database) -> None:
    calls = Calls(World(database))
    calls.world.patients.records[MAJA] = dict(RECORD)
    calls.hear(a_need())
    reference = calls.recall(start=(START + 6 * HALF_HOUR).isoformat(), minutes=30)["reference"]
    calls.hear(a_need(SECOND))
    for named in ({"need": SECOND}, {"reference": reference}):
        codes = {calls.issue(**named)["issued"][0]["code"] for _ in range(2)}
        assert len(codes) == 1
    told = [(event.subject, event.subject_version) for event in calls.events("RecallIssued")]
    assert told == [(reference, 1), (SECOND, 1), (SECOND, 2), (reference, 2), (reference, 3)]


def test_a_week_calls_in_its_needs_and_its_booked_recalls_and_nobody_else(database: Database) -> None:
    """R2: open needs of the week, and recalls that start in it by the clinic's clock."""
    calls = Calls(World(database))
    calls.world.patients.records[MAJA] = dict(RECORD)
    sunday_night = datetime(2026, 12, 6, 22, 30, tzinfo=START.tzinfo)
    inside = [calls.recall(start=start.isoformat(), send=["card"])["reference"] for start in (START, sunday_night)]
    calls.recall(start=(sunday_night + HALF_HOUR).isoformat(), send=["card"])
    cancelled = calls.recall(start=(START + HALF_HOUR).isoformat(), send=["card"])["reference"]
    calls.cancel_as_staff(STAFF, cancelled)
    calls.book(start=(START + 2 * HALF_HOUR).isoformat())
    for number, changes in enumerate(({}, {"week": "2026-W50"}, {"state": "closed"}, {"clinic": "other"}), start=3):
        calls.hear(a_need(str(number) * 32, **changes))
    answer = calls.issue(week="2026-W49")
    assert {row["reference"] or row["need"] for row in answer["issued"]} == {*inside, "3" * 32}
    assert answer["not_sent"] == []


def test_a_week_is_sent_once_by_each_channel(database: Database) -> None:
    """Repeating a batch, after a time limit for instance, sends to nobody twice."""
    calls = Calls(World(database))
    calls.hear(a_need(FIRST))
    assert len(calls.issue(week="2026-W49")["issued"]) == 1
    calls.hear(a_need(SECOND))
    assert [row["need"] for row in calls.issue(week="2026-W49")["issued"]] == [SECOND]
    both = calls.issue(week="2026-W49", send=["sms", "email"])
    assert {row["need"] for row in both["issued"]} == {FIRST, SECOND}
    assert [event.data["send"] for event in calls.events("RecallIssued")[2:]] == [["email"], ["email"]]
    assert calls.issue(week="2026-W49", send=["sms", "email"]) == {"issued": [], "not_sent": []}


def test_a_week_tells_whom_it_does_not_reach_and_tries_again(calls: Calls) -> None:
    calls.hear(a_need(FIRST, person={"mobile": None}))
    calls.hear(a_need(SECOND, person={"email_ok": False}))
    missed = [
        {"need": FIRST, "reference": None, "channel": "sms", "reason": "no_mobile"},
        {"need": SECOND, "reference": None, "channel": "email", "reason": "no_consent"},
    ]
    answer = calls.issue(week="2026-W49", send=["sms", "email"])
    assert sorted(answer["not_sent"], key=lambda row: row["need"]) == missed
    assert {row["need"] for row in answer["issued"]} == {FIRST, SECOND}
    calls.hear(a_need(FIRST, version=2))
    assert [row["need"] for row in calls.issue(week="2026-W49", send=["sms"])["issued"]] == [FIRST]


def test_what_is_over_or_used_is_not_sent(calls: Calls) -> None:
    calls.world.change_document(types=[{"key": "visit", "name": "B", "length": "30m", "needs": {"days_after_week": 0}}])
    calls.hear(a_need(FIRST, week="2026-W40", patient="b" * 32))
    assert calls.issue(week="2026-W40") == {"issued": [], "not_sent": []}
    with pytest.raises(NeedExpired):
        calls.issue(need=FIRST)
    calls.hear(a_need(SECOND))
    calls.recall()
    with pytest.raises(NoOpenNeed):
        calls.issue(need=SECOND)
    calls.hear(a_need(FIRST, version=2, state="closed"))
    with pytest.raises(NoOpenNeed):
        calls.issue(need=FIRST)


@pytest.mark.parametrize("type", [{"key": "visit", "online": False}, {"key": "other"}])
def test_nobody_is_called_to_book_what_cannot_be_booked_online(calls: Calls, type: dict[str, Any]) -> None:
    calls.hear(a_need())
    calls.world.change_document(types=[{"name": "B", "length": "30m", **type}])
    assert calls.issue(week="2026-W49") == {"issued": [], "not_sent": []}
    with pytest.raises(Invalid) as refused:
        calls.issue(need=FIRST)
    assert list(refused.value.extra["errors"]) == ["need"]


def test_only_recalls_to_come_are_sent(calls: Calls) -> None:
    on_the_web = calls.book(practitioner="bo")["reference"]
    with pytest.raises(Invalid):
        calls.issue(reference=on_the_web)
    recall = calls.recall(send=["card"])["reference"]
    calls.world.now = START
    with pytest.raises(Invalid):
        calls.issue(reference=recall)
    assert calls.issue(week="2026-W49")["issued"] == []
    calls.world.now = START - HALF_HOUR
    calls.cancel_as_staff(STAFF, recall)
    with pytest.raises(AlreadyCancelled):
        calls.issue(reference=recall)


@pytest.mark.parametrize("named", [{"need": "f" * 32}, {"reference": "0" * 10}, {"reference": "x"}])
def test_what_is_not_known_cannot_be_sent(calls: Calls, named: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        calls.issue(**named)


@pytest.mark.parametrize(
    "fields",
    [{}, {"week": "2026-W49", "need": FIRST}, {"week": "2026-W54"}, {"week": "2025-W53"}, {"week": "2026-49"},
     {"week": "2026-W49", "send": []}, {"need": "x"}, {"week": "9999-W52"}],
)  # fmt: skip
def test_sending_that_makes_no_sense_is_invalid(calls: Calls, fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        calls.issue(**fields)


def test_therapists_send_their_own_and_what_names_nobody(calls: Calls) -> None:
    """C1."""
    calls.hear(a_need(FIRST, practitioner="anna"))
    calls.hear(a_need(SECOND, practitioner=None))
    anna_s = calls.recall(send=["card"])["reference"]
    assert [row["need"] for row in calls.issue(BO, week="2026-W49")["issued"]] == [SECOND]
    for named in ({"need": FIRST}, {"reference": anna_s}):
        with pytest.raises(Forbidden):
            calls.issue(BO, **named)
    with pytest.raises(LoginRequired):
        calls.issue(logged_in(), week="2026-W49")


# History (A1)


def test_the_history_shows_the_recall_and_each_time_that_it_went_out(database: Database) -> None:
    calls = Calls(World(database))
    calls.world.patients.records[MAJA] = dict(RECORD)
    reference = calls.recall()["reference"]
    calls.issue(reference=reference, send=["card"])
    calls.change(STAFF, reference, start=(START + HALF_HOUR).isoformat())
    entries = calls.history(STAFF, reference)["history"]
    assert [entry["type"] for entry in entries] == ["BookingCreated", "RecallIssued", "RecallIssued", "BookingMoved"]
    assert entries[1]["changes"] == {"channels": [None, ["sms", "email", "card"]], "issued": [None, 1]}
    assert entries[2]["changes"] == {"channels": [None, ["card"]], "issued": [None, 2]}
    assert entries[1]["actor"] == {"kind": "staff", "id": "eva@solna.example"}
    assert reading.verify_history(calls.world.desk(STAFF), CLINIC) == {"checked": 1, "broken": []}


# Cards (M2)


def test_a_card_shows_what_the_patient_needs_to_reach_the_booking(calls: Calls) -> None:
    visit = {"key": "visit", "name": "B", "alias": {"sv": "Undersökning", "en": "Examination"}, "length": "30m"}
    calls.world.change_document(types=[visit])
    made = calls.recall(send=["card"])
    token = calls.open_recall(birth_date="1912-12-12", code=made["code"])["manage_token"]
    card = {
        "id": made["reference"],
        "code": made["code"],
        "link": f"https://booking.example/m/{token}",
        "page": "https://booking.example/recall",
        "first_name": "Maja",
        "last_name": "Lund",
        "type": "Undersökning",
        "practitioner": "Anna Berg",
        "start": "2026-12-01T14:00:00+01:00",
        "week": "2026-W49",
        "usable_until": None,
        "language": "sv",
    }
    assert calls.cards(id=made["reference"]) == calls.cards(week="2026-W49") == [card]


def test_a_card_of_a_need_opens_the_need(calls: Calls) -> None:
    calls.world.change_document(types=[{"key": "visit", "name": "B", "length": "30m", "needs": {"days_after_week": 7}}])
    calls.hear(a_need())
    code = calls.issue(need=FIRST, send=["card"])["issued"][0]["code"]
    (card,) = calls.cards(id=FIRST)
    assert need_of(KEYS.link, card["link"].rpartition("/")[2]) == FIRST
    shown = {name: card[name] for name in ("code", "practitioner", "start", "week", "usable_until")}
    assert shown == {
        "code": code, "practitioner": None, "start": None, "week": "2026-W49", "usable_until": "2026-12-13",
    }  # fmt: skip


def test_a_week_s_cards_are_those_that_were_issued_on_cards(calls: Calls) -> None:
    for id in (FIRST, SECOND):
        calls.hear(a_need(id))
    calls.issue(need=FIRST, send=["sms"])
    calls.issue(need=SECOND, send=["sms", "card"])
    assert [card["id"] for card in calls.cards(week="2026-W49")] == [SECOND]
    assert calls.cards(week="2026-W50") == []


@pytest.mark.parametrize("id", ["f" * 32, "0" * 10, "x", FIRST])
def test_without_a_recall_there_is_no_card(calls: Calls, id: str) -> None:
    calls.hear(a_need())
    with pytest.raises(NotFound):
        calls.cards(id=id)


def test_a_code_that_would_open_nothing_is_not_printed(calls: Calls) -> None:
    """The clinic knows neither number nor birth date; the email's link opens the booking all the same."""
    known(calls, identity=None, birth_date=None)
    made = calls.recall(send=["email", "card"])
    assert (made["code"], made["not_sent"]) == (None, [{"channel": "card", "reason": "no_identity"}])
    assert calls.cards(week="2026-W49") == []
    with pytest.raises(NotFound):
        calls.cards(id=made["reference"])


def test_cards_are_staff_s_and_a_therapist_s_own(calls: Calls) -> None:
    made = calls.recall(send=["card"])
    with pytest.raises(Forbidden):
        calls.cards(BO, id=made["reference"])
    assert calls.cards(BO, week="2026-W49") == []
    with pytest.raises(LoginRequired):
        calls.cards(PUBLIC, week="2026-W49")
    for query in ({}, {"week": "2026-W49", "id": FIRST}, {"week": "now"}):
        with pytest.raises(Invalid):
            calls.cards(**query)


# The code (M2)


@pytest.mark.parametrize(
    "write", [str, str.lower, lambda code: code.replace("-", " "), lambda code: f" {code[:4]}{code[5:]}"]
)
@pytest.mark.parametrize("number", ["19121212-1212", "191212121212", "121212+1212"])
def test_number_and_code_open_the_booking_however_they_are_written(calls: Calls, write: Any, number: str) -> None:
    calls.world.change_document(identity="se.personnummer")
    made = calls.recall()
    opened = calls.open_recall(national_id=number, code=write(made["code"]))
    assert calls.open(opened["manage_token"])["booking"]["reference"] == made["reference"]


def test_letters_that_look_like_digits_are_read_as_digits(calls: Calls) -> None:
    """Crockford's base32 has neither O nor I nor L."""
    for start in range(40):
        code = calls.recall(start=(START + start * HALF_HOUR).isoformat())["code"]
        misread = code.replace("0", "o").replace("1", "l" if start % 2 else "I")
        assert calls.open_recall(birth_date="1912-12-12", code=misread)["manage_token"]


@pytest.mark.parametrize(
    "typed",
    [
        {"national_id": "20100101-2390"}, {"national_id": "19121212-1213"}, {"birth_date": "1912-12-12"},
        {"national_id": "nonsense"},
    ],
)  # fmt: skip
def test_another_s_number_opens_nothing_and_tells_nothing(calls: Calls, typed: dict[str, str]) -> None:
    """Also a birth date, where the clinic asks for numbers."""
    calls.world.change_document(identity="se.personnummer")
    code = calls.recall()["code"]
    with pytest.raises(WrongLogin):
        calls.open_recall(code=code, **typed)


@pytest.mark.parametrize("code", ["0000-0000", "7K3M", "7K3M-9QX2-7", "\u0660\u0660\u0660\u0660-0000", "U"])
def test_a_wrong_code_opens_nothing(calls: Calls, code: str) -> None:
    calls.recall()
    with pytest.raises(WrongLogin):
        calls.open_recall(birth_date="1912-12-12", code=code)


@pytest.mark.parametrize(
    "fields",
    [{"code": "7K3M9QX2"}, {"birth_date": "1912-12-12"}, {"code": "", "birth_date": "1912-12-12"},
     {"code": "7K3M9QX2", "birth_date": "x"}, {"code": "7K3M9QX2", "national_id": " "}, {"code": 1, "national_id": "1"},
     {"code": "7K3M9QX2", "birth_date": "1912-12-12", "clinic": "solna"}],
)  # fmt: skip
def test_code_and_number_must_be_given(calls: Calls, fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        calls.open_recall(**fields)


def test_patients_without_a_number_type_their_birth_date(calls: Calls) -> None:
    calls.world.change_document(identity="se.personnummer")
    known(calls, identity=None)
    assert calls.open_recall(birth_date="1912-12-12", code=calls.recall()["code"])["manage_token"]


def test_a_corrected_birth_date_opens_what_is_sent_again(calls: Calls) -> None:
    calls.hear(a_need(person={"birth_date": "1980-05-18"}))
    code = calls.issue(need=FIRST)["issued"][0]["code"]
    calls.hear(a_need(version=2))
    assert calls.issue(need=FIRST)["issued"][0]["code"] == code
    assert calls.open_recall(birth_date="1980-05-17", code=code)["need"] == FIRST
    with pytest.raises(WrongLogin):
        calls.open_recall(birth_date="1980-05-18", code=code)


def test_the_code_of_a_need_opens_the_need_and_then_its_booking(calls: Calls) -> None:
    calls.hear(a_need())
    code = calls.issue(need=FIRST)["issued"][0]["code"]
    opened = calls.open_recall(birth_date="1980-05-17", code=code)
    assert opened == {"token": need_token(KEYS.link, FIRST), "clinic": CLINIC, "need": FIRST}
    actor = Actor(kind="patient", clinic=CLINIC, need=FIRST)
    booked = calls.book(actor, need=FIRST)
    assert calls.open_recall(birth_date="1980-05-17", code=code) == {"manage_token": booked["manage_token"]}
    calls.cancel(booked["manage_token"])
    assert calls.open_recall(birth_date="1980-05-17", code=code) == opened


def test_the_code_of_a_need_that_is_over_says_whom_to_call(calls: Calls) -> None:
    calls.world.change_document(types=[{"key": "visit", "name": "B", "length": "30m", "needs": {"days_after_week": 0}}])
    calls.hear(a_need())
    code = calls.issue(need=FIRST)["issued"][0]["code"]
    calls.world.now = datetime(2026, 12, 6, 22, 59, tzinfo=START.tzinfo)
    assert calls.open_recall(birth_date="1980-05-17", code=code)["need"] == FIRST
    calls.world.now += timedelta(minutes=1)
    with pytest.raises(NeedExpired) as refused:
        calls.open_recall(birth_date="1980-05-17", code=code)
    assert refused.value.extra["phone"] == "+46 8 123 45 67"
    calls.hear(a_need(version=2, state="closed"))
    with pytest.raises(NoOpenNeed) as refused:
        calls.open_recall(birth_date="1980-05-17", code=code)
    assert refused.value.extra["phone"] == "+46 8 123 45 67"


def test_a_cancelled_recall_opens_as_its_link_does_until_thirty_days_after(calls: Calls) -> None:
    made = calls.recall()
    calls.cancel_as_staff(STAFF, made["reference"])
    typed = {"birth_date": "1912-12-12", "code": made["code"]}
    assert calls.open(calls.open_recall(**typed)["manage_token"])["booking"]["status"] == "cancelled"
    calls.world.now = START + HALF_HOUR + timedelta(days=30)
    with pytest.raises(Gone):
        calls.open_recall(**typed)
