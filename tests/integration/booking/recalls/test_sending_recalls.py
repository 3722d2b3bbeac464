"""Recalls go out one by one or for a week, and the history shows it (PRODUCT R2, A1)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.contracts.errors import (
    AlreadyCancelled,
    Forbidden,
    Invalid,
    LoginRequired,
    NeedExpired,
    NoOpenNeed,
    NotFound,
)
from shared.storage.database import Database
from tests.builders.booking.world import CLINIC, MAJA, STAFF, START, World, a_need, logged_in
from tests.integration.booking.calls import Calls
from tests.integration.booking.recalls.clinic import BO, FIRST, HALF_HOUR, RECORD, SECOND, person_of
from tests.integration.statements import statements


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
    verified = calls.by(STAFF).verify_history(CLINIC)
    assert (verified["checked"], verified["broken"]) == (1, [])


def test_a_week_of_many_is_sent_by_as_few_statements_as_one_of_few(database: Database) -> None:
    """R2: hundreds are called in within a request's time, and once more by another channel."""
    calls = Calls(World(database))
    sent = []
    for week, count in (("2026-W49", 2), ("2026-W50", 12)):
        for number in range(count):
            calls.hear(a_need(f"{week[-2:]}{number:030d}", week=week))
        for channel in ("sms", "email"):
            with statements(database) as told:
                assert len(calls.issue(week=week, send=[channel])["issued"]) == count
            sent.append(len(told))
    assert sent == sent[:1] * 4


def test_r3_staff_see_of_each_need_how_it_went_out_and_how_it_could(calls: Calls) -> None:
    need, silent = a_need(), a_need("2" * 32, person={"mobile": None, "email_ok": False})
    calls.hear(need, silent)
    calls.issue(need=need.subject, send=["sms", "card"])
    asked = calls.by(STAFF).recalls(CLINIC, needs=[need.subject, silent.subject, "3" * 32])
    sent, other = asked["recalls"]
    assert (sent["need"], sent["first_name"], sent["week"], sent["minutes"]) == (need.subject, "Maja", "2026-W49", 50)
    assert (sent["channels"], sent["issued"], sent["reach"]) == (["sms", "card"], 1, ["sms", "email", "card"])
    assert (other["issued_at"], other["channels"], other["reach"]) == (None, [], ["card"])


def test_r3_recalls_that_are_booked_to_come_are_listed_a_therapist_s_own(calls: Calls) -> None:
    calls.world.patients.records[MAJA] = dict(RECORD)
    first = calls.recall(send=["sms"])["reference"]
    second = calls.recall(practitioner="bo", start=(START + timedelta(days=1)).isoformat(), send=["email"])["reference"]
    calls.book(STAFF, practitioner="anna", start=(START + timedelta(days=2)).isoformat())
    page = calls.by(STAFF).recalls(CLINIC, limit=1)
    assert [each["reference"] for each in page["recalls"]] == [first]
    (last,) = calls.by(STAFF).recalls(CLINIC, limit=1, cursor=page["next"])["recalls"]
    assert (last["reference"], last["channels"], last["need"]) == (second, ["email"], None)
    assert [each["reference"] for each in calls.by(BO).recalls(CLINIC)["recalls"]] == [second]
