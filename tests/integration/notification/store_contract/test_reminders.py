"""Reminders: planned, moved and withdrawn with what is remembered of their bookings (PRODUCT N3)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import text

from services.notification.model.messages import PLANNED, STATES, WITHDRAWN
from services.notification.model.remembered import NOTHING_SAID, Consent, Remembered
from services.notification.store.reminder_rows import Waiting
from shared.clinic.message_keys import BOOKED
from tests.builders.notification.messages import NOW
from tests.builders.notification.rows import MINUTE
from tests.contract.bus.house import eventually
from tests.integration.notification.store_contract.messages import Work, write, written
from tests.integration.notification.store_contract.remembering import NO_SMS, a_booking, a_reminder, remember
from tests.integration.store_contracts import waits

pytestmark = pytest.mark.both_databases

INSTANT = timedelta(microseconds=1)
HOME = timezone(timedelta(hours=1))


def references(found: list[Remembered]) -> list[str]:
    """Return the bookings' references."""
    return [each.reference for each in found]


def test_the_newest_state_of_a_booking_is_remembered_whole(work: Work) -> None:
    first = a_booking(version=2, start=(NOW + INSTANT).astimezone(HOME))
    over = a_booking(version=3, start=NOW - MINUTE, clinic="lund", sms_reminder=False, facts=None)
    with work() as store:
        assert store.remembered("A") is None
        assert store.remember([first]) == {"A": None}
        assert store.remember([a_booking(version=2, facts="other")]) == {}
        assert store.remember([a_booking(version=1, facts="other")]) == {}
        found = store.remembered("A")
        assert found == first
        assert found is not None
        assert found.start.tzinfo is UTC
        assert store.remember([over]) == {"A": None}
        assert store.remembered("A") == over
        assert store.remembered("a") is None


def test_who_remembers_a_booking_keeps_those_waiting_who_remember_the_same(work: Work) -> None:
    remember(work, a_booking("A"), a_booking("B"))
    for hold in (lambda store: store.remembered("A"), lambda store: store.remember([a_booking("A", 2)])):
        with work() as store:
            hold(store)
            assert waits(work, lambda store: store.remembered("A"))
            assert waits(work, lambda store: store.remember([a_booking("A", 9)]))
            assert waits(work, lambda store: store.remembered("B")) is work.database.is_sqlite


def test_who_remembers_a_booking_holds_what_its_clinic_s_reminders_are_planned_by(work: Work) -> None:
    with work() as store:
        assert store.remember([a_booking()]) == {"A": None}
        store.hold_rules("solna", 3, "rules")
        store.hold_rules("lund", 8, "rules")
    with work() as store:
        assert store.remember([a_booking("A", 2), a_booking("B"), a_booking("U", clinic="umea")]) == {
            "A": 3, "B": 3, "U": None,
        }  # fmt: skip
        assert waits(work, lambda store: store.note_rules("solna", 4, "new", NOW))
        assert waits(work, lambda store: store.note_rules("lund", 9, "new", NOW)) is work.database.is_sqlite
        assert waits(work, lambda store: store.remember([a_booking("C")])) is work.database.is_sqlite


def test_who_remembers_a_booking_while_a_document_is_noted_learns_of_that(work: Work) -> None:
    """Nobody plans by a document of which a newer one is known (docs/adr/0009)."""

    def remembered() -> dict[str, int | None]:
        with work() as store:
            return store.remember([a_booking()])

    with ThreadPoolExecutor(1) as pool:
        with work() as store:
            store.hold_rules("solna", 3, "rules")
        with work() as store:
            store.note_rules("solna", 4, "new", NOW)
            found = pool.submit(remembered)
            if not work.database.is_sqlite:
                eventually(lambda: is_held_up(work))
        assert found.result() == {"A": 4}


def is_held_up(work: Work) -> bool:
    """Tell whether anybody waits for a lock in this database."""
    who_waits = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with work.reading() as store:
        return store.connection.execute(text(who_waits)).first() is not None


def test_the_newest_of_a_patient_s_record_counts_with_each_booking_of_theirs(work: Work) -> None:
    agrees = Consent(sms_reminder=True, sms_ok=True, email_ok=False)
    remember(work, a_booking())
    with work() as store:
        assert store.consents_of(["eva"]) == {"eva": NOTHING_SAID}
        assert store.note_consents({"eva": (2, NO_SMS)}) == {"eva"}
        assert store.note_consents({"eva": (2, agrees)}) == set()
        assert store.note_consents({"eva": (1, agrees)}) == set()
        assert store.consents_of(["eva"]) == {"eva": NO_SMS}
        assert store.consents_of(["Eva"]) == {"Eva": NOTHING_SAID}
        assert store.remembered("A") == a_booking(), "whose it is is not known"
        store.note_patients({"A": "eva"})
        assert store.remembered("A") == a_booking(consent=NO_SMS)
        assert store.note_consents({"eva": (3, agrees)}) == {"eva"}
        assert store.remembered("A") == a_booking(consent=agrees)
        store.note_patients({"A": "bo"})
        store.note_patients({"A": "bo"})
        assert store.remembered("A") == a_booking(), "of bo nothing is known"


def test_several_bookings_and_patients_are_noted_together(work: Work) -> None:
    with work() as store:
        assert store.remember([a_booking("A", 2), a_booking("B", start=NOW - MINUTE)]).keys() == {"A", "B"}
        assert store.remember([a_booking("A", 1), a_booking("B", 2), a_booking("C")]).keys() == {"B", "C"}
        assert (store.remember([]), store.note_consents({})) == ({}, set())
        assert (store.consents_for([]), store.consents_of([])) == ({}, {})
        store.note_patients({"A": "eva", "B": "bo"})
        store.note_patients({})
        assert store.note_consents({"eva": (2, NO_SMS), "bo": (1, NOTHING_SAID)}) == {"eva", "bo"}
        assert store.note_consents({"eva": (1, NOTHING_SAID), "bo": (2, NO_SMS)}) == {"bo"}
        assert store.consents_of(["eva", "bo", "li"]) == {"eva": NO_SMS, "bo": NO_SMS, "li": NOTHING_SAID}
        assert store.consents_for(["A", "B", "C"]) == {"A": NO_SMS, "B": NO_SMS, "C": NOTHING_SAID}


def test_a_patient_s_bookings_are_those_that_stand_and_are_to_come_in_order(work: Work) -> None:
    remember(
        work,
        a_booking("D", start=NOW + 2 * INSTANT),
        a_booking("C", start=NOW + INSTANT, clinic="lund"),
        a_booking("B", start=NOW + INSTANT),
        a_booking("past", start=NOW),
        a_booking("over", start=NOW + MINUTE, facts=None),
        a_booking("other", start=NOW + MINUTE),
    )
    with work() as store:
        for reference in ("D", "C", "B", "past", "over", "unheard"):
            store.note_patients({reference: "eva"})
        store.note_patients({"other": "bo"})
        store.note_consents({"eva": (1, NO_SMS)})
        found = store.bookings_of_patients(["eva"], NOW.astimezone(HOME))
        assert references(found) == ["B", "C", "D"]
        assert {each.consent for each in found} == {NO_SMS}
        assert store.bookings_of_patients(["nobody"], NOW) == []
    with work() as store:
        store.bookings_of_patients(["eva"], NOW)
        assert waits(work, lambda store: store.remembered("B"))
        assert waits(work, lambda store: store.remembered("past")) is work.database.is_sqlite


TOUCHED: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"lease_until": NOW}, True),
    ({"lease_until": NOW + INSTANT}, False),
    ({"handed_over_at": NOW}, False),
    *(({"state": state}, False) for state in STATES if state != PLANNED),
]


@pytest.mark.parametrize(("changes", "waiting"), TOUCHED)
def test_a_reminder_waits_while_nobody_has_it_in_hand(work: Work, changes: dict[str, Any], waiting: bool) -> None:
    message = a_reminder(**changes)
    write(work, message)
    with work() as store:
        found = store.waiting_reminders(["A", "B"], NOW)
        store.withdraw_reminders([], NOW)
        store.withdraw_reminders(["1", "2"], NOW)
    plain = Waiting("1", "A", 1, "of A", "r", "Europe/Stockholm", NOW)
    assert found == ([plain] if waiting else [])
    assert written(work).state == (WITHDRAWN if waiting else message.state)


def test_only_reminders_of_these_bookings_are_meant_and_none_that_staff_send_again(work: Work) -> None:
    write(
        work,
        a_reminder("1", due_at=(NOW + INSTANT).astimezone(HOME)),
        a_reminder("2", booking="B", source_event="of B"),
        a_reminder("3", booking="C", source_event="of C"),
        a_reminder("4", source_event="again", resend_of="1"),
        a_reminder("5", source_event="no reminder", event=BOOKED),
    )
    with work() as store:
        found = store.waiting_reminders(["A", "B"], NOW)
        assert sorted(each.id for each in found) == ["1", "2"]
        assert {each.id: (each.due_at, each.due_at.tzinfo) for each in found}["1"] == (NOW + INSTANT, UTC)
        assert store.waiting_reminders([], NOW) == []
        assert store.waiting_reminders(["a"], NOW) == []
        store.withdraw_reminders(["2"], NOW)
    assert [written(work, id).state for id in "12345"] == [PLANNED, WITHDRAWN, PLANNED, PLANNED, PLANNED]


PLANNED_OVER: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"state": WITHDRAWN}, True),
    ({"lease_until": NOW, "attempts": 2}, True),
    ({"lease_until": NOW + INSTANT}, False),
    ({"handed_over_at": NOW}, False),
    ({"state": WITHDRAWN, "handed_over_at": NOW}, False),
    *(({"state": state}, False) for state in STATES if state not in {PLANNED, WITHDRAWN}),
]


@pytest.mark.parametrize(("changes", "is_changed"), PLANNED_OVER)
def test_planning_brings_up_to_date_what_has_not_gone_out(
    work: Work, changes: dict[str, Any], is_changed: bool
) -> None:
    known = a_reminder(**changes)
    new = a_reminder(
        "2", content="new", time_zone="Asia/Tehran", booking_version=5, correlation_id="new", due_at=NOW + MINUTE,
        before="2h", attempts=0, created_at=NOW + MINUTE,
    )  # fmt: skip
    write(work, known)
    with work() as store:
        store.plan_reminders([], NOW)
        store.plan_reminders([new, a_reminder("3", channel="email", resent_by={"id": "x"})], NOW)
        assert store.get(None, "2") is None
    found = written(work)
    said = ("content", "time_zone", "booking_version", "correlation_id", "due_at", "state")
    assert [getattr(found, name) for name in said] == [getattr(new if is_changed else known, name) for name in said]
    assert (found.id, found.before, found.attempts, found.created_at) == ("1", "24h", known.attempts, NOW)
    assert written(work, "3") == a_reminder("3", channel="email", resent_by={"id": "x"})


def test_what_a_claimed_reminder_says_is_written_by_its_claimer_alone(work: Work) -> None:
    write(work, a_reminder(attempts=1), a_reminder("2", source_event="of B", attempts=2))
    with work() as store:
        assert store.rewrite(a_reminder(attempts=2), "not mine") is False
        assert store.rewrite(a_reminder(attempts=1), "mine") is True
    assert (written(work, "1").content, written(work, "2").content) == ("mine", "sealed")


def test_a_clinic_s_rules_are_those_that_were_noted_first_until_newer_ones_are(work: Work) -> None:
    with work() as store:
        assert store.hold_rules("solna", 3, "rules") == 3
        assert store.hold_rules("solna", 4, "other") == 3
        assert store.hold_rules("lund", 1, "rules") == 1
        store.note_rules("oslo", 2, "rules", NOW)
        assert store.hold_rules("oslo", 9, "rules") == 2
        assert [store.has_to_plan_anew(clinic) for clinic in ("solna", "lund", "oslo", "nowhere")] == [False] * 4
        store.note_rules("solna", 3, "other", NOW)
        store.note_rules("solna", 2, "other", NOW)
        assert store.has_to_plan_anew("solna") is False, "nothing newer"
        store.note_rules("solna", 4, "rules", NOW)
        assert (store.hold_rules("solna", 1, ""), store.has_to_plan_anew("solna")) == (4, False), "the same rules"
        store.note_rules("solna", 5, "Rules", NOW)
        assert (store.hold_rules("solna", 1, ""), store.has_to_plan_anew("solna")) == (5, True)
        assert store.has_to_plan_anew("lund") is False


def behind(work: Work, *bookings: Remembered) -> None:
    """Remember bookings, and let solna's be planned anew from now on."""
    remember(work, *bookings)
    with work() as store:
        for clinic in ("solna", "lund"):
            store.hold_rules(clinic, 1, "old")
        store.note_rules("solna", 2, "new", NOW.astimezone(HOME))


def test_bookings_are_planned_anew_in_order_a_few_at_a_time(work: Work) -> None:
    behind(
        work,
        a_booking("E", start=NOW + MINUTE),
        a_booking("D", start=NOW + INSTANT),
        a_booking("C", start=NOW + INSTANT),
        a_booking("B", start=NOW + INSTANT),
        a_booking("A", start=NOW),
        a_booking("past", start=NOW - INSTANT),
        a_booking("over", start=NOW + INSTANT, facts=None),
        a_booking("lund", start=NOW + INSTANT, clinic="lund"),
    )
    with work() as store:
        store.note_patients({"A": "eva"})
        store.note_consents({"eva": (1, NO_SMS)})
    batches = []
    for _ in range(3):
        with work() as store:
            assert store.has_to_plan_anew("solna") is True
            revision, found = store.planned_anew("solna", 2) or (0, [])
            batches.append((revision, references(found)))
            if "A" in references(found):
                assert found[0].consent == NO_SMS
    assert batches == [(2, ["A", "B"]), (2, ["C", "D"]), (2, ["E"])]
    with work() as store:
        assert store.has_to_plan_anew("solna") is False
        assert store.planned_anew("solna", 2) is None
        assert store.planned_anew("lund", 2) is None
        assert store.planned_anew("nowhere", 2) is None


def test_a_last_batch_that_is_full_is_followed_by_one_of_nothing(work: Work) -> None:
    behind(work, a_booking("A"), a_booking("B"))
    with work() as store:
        assert store.planned_anew("solna", 2) == (2, [a_booking("A"), a_booking("B")])
        assert store.planned_anew("solna", 2) == (2, [])
        assert store.planned_anew("solna", 2) is None


def test_newer_rules_begin_anew_from_their_moment(work: Work) -> None:
    behind(work, a_booking("A"), a_booking("B", start=NOW + MINUTE))
    with work() as store:
        store.planned_anew("solna", 1)
        store.note_rules("solna", 3, "newer", NOW)
        revision, found = store.planned_anew("solna", 9) or (0, [])
        assert (revision, references(found)) == (3, ["A", "B"])


def test_who_plans_by_rules_keeps_them_but_not_others_who_plan_by_them(work: Work) -> None:
    behind(work, a_booking("A"))
    with work() as store:
        store.hold_rules("solna", 1, "")
        assert waits(work, lambda store: store.note_rules("solna", 9, "newest", NOW))
        assert waits(work, lambda store: store.hold_rules("solna", 1, "")) is work.database.is_sqlite
        assert waits(work, lambda store: store.planned_anew("solna", 9)) is work.database.is_sqlite


def test_who_plans_anew_keeps_those_waiting_who_do_the_same(work: Work) -> None:
    behind(work, a_booking("A"), a_booking("B", start=NOW + MINUTE))
    with work() as store:
        store.planned_anew("solna", 1)
        assert waits(work, lambda store: store.planned_anew("solna", 1))
        assert waits(work, lambda store: store.note_rules("solna", 9, "newest", NOW))
        assert waits(work, lambda store: store.remembered("A"))
        assert waits(work, lambda store: store.remembered("B")) is work.database.is_sqlite
        assert waits(work, lambda store: store.planned_anew("lund", 1)) is work.database.is_sqlite
