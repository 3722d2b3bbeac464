"""Messages: written once, listed, withdrawn when untrue, sent again by staff (PRODUCT N6, B14)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.notification.model.delivery import TOO_MANY
from services.notification.model.messages import (
    FAILED,
    PLANNED,
    PRACTITIONER,
    SENT,
    STATES,
    WITHDRAWN,
    Message,
)
from services.notification.store import Added, News, NotificationStore
from services.notification.store.message_rows import Noted
from services.notification.store.tables import bookings
from shared.clinic.message_keys import BOOKED, CANCELLED, LOGIN_CODE, MOVED, REMINDER, to_practitioner
from tests.builders.notification.messages import NOW
from tests.builders.notification.rows import MINUTE, a_confirmation
from tests.integration.notification.store_contract.messages import NOTHING, Work, noted, write, written
from tests.integration.store_contracts import not_called, waits

pytestmark = pytest.mark.both_databases

INSTANT = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HOME = timezone(HOUR)


def test_each_query_of_the_store_is_called_here() -> None:
    assert not_called(NotificationStore, *Path(__file__).parent.glob("test_*.py")) == set()


@pytest.mark.parametrize(
    "message",
    [
        a_confirmation(),
        a_confirmation(booking=None, content="k1:ünï'\"\\%", channel="email", correlation_id="c" * 300),
        a_confirmation(
            left_practitioner="anna", attempts=3, lease_until=NOW + INSTANT, sent_at=NOW, failure="busy", before="24h",
            expires_at=NOW + DAY, handed_over_at=NOW, provider_id="p" * 64, version=4, recall="r" * 32, recall_issue=2,
            resend_of="o" * 32, resent_at=NOW, resent_by={"kind": "staff", "id": "Åsa@solna.example", "note": None},
        ),
    ],
)  # fmt: skip
def test_a_message_comes_back_as_it_was_written(work: Work, message: Message) -> None:
    write(work, message)
    with work.reading() as store:
        assert store.get("solna", "1") == message
        assert store.get(None, "1") == message
        assert store.get("lund", "1") is None
        assert store.get(None, "2") is None


def test_moments_of_any_zone_come_back_as_utc(work: Work) -> None:
    write(work, a_confirmation(created_at=NOW.astimezone(HOME), expires_at=(NOW + INSTANT).astimezone(HOME)))
    found = written(work)
    assert (found.created_at, found.created_at.tzinfo) == (NOW, UTC)
    assert (found.expires_at, found.expires_at and found.expires_at.tzinfo) == (NOW + INSTANT, UTC)


def test_n6_one_event_writes_one_message_to_one_address_by_one_channel(work: Work) -> None:
    first = a_confirmation(source_event="e")
    others: list[dict[str, Any]] = [{"audience": PRACTITIONER}, {"channel": "email"}, {"recipient": "r2"}]
    others.append({"source_event": "E"})
    write(work, first, a_confirmation("2", source_event="e", content="another"))
    for number, other in enumerate(others):
        write(work, a_confirmation(f"o{number}", **{"source_event": "e", **other}))
    with work.reading() as store:
        kept = store.page(NOTHING, None, 9, failed_first=False, with_codes=True)
    assert sorted(message.id for message in kept) == ["1", "o0", "o1", "o2", "o3"]
    assert written(work) == first


def told(id: str, version: int, event: str = MOVED, **changes: Any) -> Message:
    """Return a message of a moment ago that tells of a version of booking A."""
    return a_confirmation(id, event=event, booking_version=version, **{"created_at": NOW, **changes})


def test_noting_a_version_tells_how_many_changes_were_told_lately(work: Work) -> None:
    write(
        work,
        told("1", 2),
        told("2", 2, channel="email"),
        told("3", 3, to_practitioner(MOVED), audience=PRACTITIONER),
        told("4", 4, CANCELLED, state=WITHDRAWN),
        told("5", 5, to_practitioner(CANCELLED)),
        told("6", 6, BOOKED),
        told("7", 7, created_at=NOW - HOUR),
        told("8", 8, booking="B"),
        told("9", 9),
    )
    with work() as store:
        assert noted(store, "A", 9, "anna", NOW - HOUR) == 4, "versions 2 to 5, each once"
        assert noted(store, "A", 9, "anna", NOW - HOUR) == 0, "known already"
        assert noted(store, "A", 8, "bo", NOW - HOUR) == 0, "older"
        assert noted(store, "A", 10, "anna", NOW - HOUR) == 5
        assert noted(store, "A", 11, "bo", NOW - HOUR - INSTANT) == 6
        assert noted(store, "A", 12, "bo", NOW) == 0
        assert noted(store, "C", 3, "bo", NOW - HOUR) == 0
        known = store.connection.execute(select(bookings).order_by(bookings.c.reference)).all()
    assert [tuple(row) for row in known] == [("A", 12, "bo", None), ("C", 3, "bo", None)]


def test_versions_of_several_bookings_are_noted_together_and_say_which_were_news(work: Work) -> None:
    write(work, told("1", 1), told("2", 1, booking="B"), told("3", 2, booking="B", source_event="x"))
    with work() as store:
        store.note_versions([News("C", 5, "anna")], NOW)
        store.note_link("B", 2, "anna")
        news = [News("C", 4, "bo"), News("B", 3, "bo"), News("A", 1, "anna")]
        assert store.note_versions(news, NOW - HOUR) == {"B": Noted(2, 2), "A": Noted(0, 0)}
        assert store.note_versions([], NOW) == {}
        known = store.connection.execute(select(bookings).order_by(bookings.c.reference)).all()
    assert [tuple(row) for row in known] == [("A", 1, "anna", None), ("B", 3, "bo", 2), ("C", 5, "anna", None)]


def test_the_newest_link_of_a_booking_stays_whatever_is_heard_of_it(work: Work) -> None:
    with work() as store:
        for version in (3, 2, 3):
            store.note_link("A", version, "anna")
        noted(store, "A", 4, "bo", NOW)
        noted(store, "B", 1, "bo", NOW)
        store.note_link("B", 2, "anna")
        known = store.connection.execute(select(bookings).order_by(bookings.c.reference)).all()
    assert [tuple(row) for row in known] == [("A", 4, "bo", 3), ("B", 1, "bo", 2)]


def test_who_notes_a_version_keeps_those_waiting_who_note_one_of_the_same_booking(work: Work) -> None:
    with work() as store:
        noted(store, "A", 1, "anna", NOW)
        noted(store, "B", 1, "anna", NOW)
    with work() as store:
        noted(store, "A", 2, "anna", NOW)
        assert waits(work, lambda store: noted(store, "A", 3, "anna", NOW))
        assert waits(work, lambda store: store.note_link("A", 3, "anna"))
        assert waits(work, lambda store: noted(store, "B", 3, "anna", NOW)) is work.database.is_sqlite


def newer_version(store: NotificationStore) -> None:
    """Note version 2 of booking A, with Anna."""
    noted(store, "A", 2, "anna", NOW)


def newer_link(store: NotificationStore) -> None:
    """Note that booking A has a new link from version 2 on."""
    noted(store, "A", 1, "anna", NOW)
    store.note_link("A", 2, "anna")


UNTRUE: list[tuple[Callable[[NotificationStore], object], dict[str, Any], bool]] = [
    (newer_version, {}, False),
    (newer_version, {"booking_version": 2}, True),
    (newer_version, {"booking": "B"}, True),
    (newer_version, {"booking": None}, True),
    (newer_version, {"audience": PRACTITIONER}, False),
    (newer_version, {"left_practitioner": "anna"}, False),
    (newer_version, {"left_practitioner": "bo"}, True),
    (newer_link, {}, False),
    (newer_link, {"booking_version": 2}, True),
    (newer_link, {"audience": PRACTITIONER}, True),
    (lambda store: noted(store, "A", 1, "anna", NOW), {}, True),
    (
        lambda store: store.add(a_confirmation("9", recall="r", recall_issue=2)),
        {"recall": "r", "recall_issue": 1},
        False,
    ),
    (
        lambda store: store.add(a_confirmation("9", recall="r", recall_issue=2)),
        {"recall": "r", "recall_issue": 2},
        True,
    ),
    (
        lambda store: store.add(a_confirmation("9", recall="r", recall_issue=2)),
        {"recall": "s", "recall_issue": 1},
        True,
    ),
    (lambda store: store.add(a_confirmation("9", recall="r", recall_issue=2)), {}, True),
]


@pytest.mark.parametrize(("news", "changes", "is_true"), UNTRUE)
def test_a_message_is_untrue_once_something_newer_is_known(
    work: Work, news: Callable[[NotificationStore], object], changes: dict[str, Any], is_true: bool
) -> None:
    message = a_confirmation(**changes)
    with work() as store:
        store.add(message)
        assert store.is_true(message)
        news(store)
        assert store.is_true(message) is is_true
        store.withdraw_recalls(["r"], NOW)
        store.withdraw_of_bookings(["A"], NOW)
    if message.booking == "A" or message.recall == "r":
        assert written(work).state == (PLANNED if is_true else WITHDRAWN)


HANDS: list[tuple[dict[str, Any], bool]] = [
    ({"lease_until": NOW + INSTANT}, False),
    ({"lease_until": NOW}, True),
    ({"handed_over_at": NOW - DAY}, False),
    *(({"state": state}, False) for state in STATES if state != PLANNED),
]
"""What of a message keeps it from being taken back, and whether nothing does."""


@pytest.mark.parametrize(("changes", "is_untouched"), HANDS)
def test_n6_only_what_nobody_has_in_hand_is_withdrawn(work: Work, changes: dict[str, Any], is_untouched: bool) -> None:
    write(
        work, a_confirmation("1", **changes), a_confirmation("2", recall="r", recall_issue=1, booking=None, **changes)
    )
    with work() as store:
        newer_version(store)
        store.add(a_confirmation("9", recall="r", recall_issue=2, booking=None))
        assert store.withdraw_of_bookings(["B"], NOW) == set()
        assert store.withdraw_of_bookings(["B", "A"], NOW) == ({"A"} if is_untouched else set())
        assert store.withdraw_of_bookings(["A"], NOW) == store.withdraw_of_bookings([], NOW) == set()
        store.withdraw_recalls(["s"], NOW)
        store.withdraw_recalls(["r"], NOW)
    expected = WITHDRAWN if is_untouched else changes.get("state", PLANNED)
    assert [written(work, id).state for id in ("1", "2", "9")] == [expected, expected, PLANNED]


@pytest.mark.parametrize(
    ("changes", "is_owed"),
    [
        ({}, True),
        ({"lease_until": NOW + DAY}, True),
        ({"handed_over_at": NOW - DAY}, False),
        ({"audience": PRACTITIONER}, False),
        *(({"state": state}, False) for state in STATES if state != PLANNED),
    ],
)
def test_c13_what_its_patient_is_still_to_be_told_in_vain_is_owed(
    work: Work, changes: dict[str, Any], is_owed: bool
) -> None:
    write(work, a_confirmation("1", **changes))
    with work() as store:
        assert not store.owes_patient("A"), "it is true"
        newer_version(store)
        assert store.owes_patient("A") is is_owed
        assert not store.owes_patient("B")


def test_n6_what_is_in_other_hands_is_neither_withdrawn_nor_waited_for(work: Work) -> None:
    write(work, a_confirmation("1"), a_confirmation("2"))
    found: list[set[str]] = []
    with work() as store:
        newer_version(store)
    with work() as store:
        assert store.for_resending("solna", "1") is not None
        withdrawing = waits(work, lambda store: found.append(store.withdraw_of_bookings(["A"], NOW)))
        assert withdrawing is work.database.is_sqlite
        assert waits(work, lambda store: store.for_resending("solna", "1"))
    if not work.database.is_sqlite:
        assert (found, written(work, "1").state, written(work, "2").state) == ([{"A"}], PLANNED, WITHDRAWN)


COUNTED: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"state": SENT}, True),
    ({"state": FAILED, "failure": "busy"}, True),
    ({"event": MOVED, "channel": "email", "booking": None}, True),
    ({"created_at": NOW - DAY + INSTANT}, True),
    ({"created_at": NOW - DAY}, False),
    ({"recipient": "R"}, False),
    ({"audience": PRACTITIONER}, False),
    ({"event": REMINDER}, False),
    ({"event": LOGIN_CODE}, False),
    ({"state": WITHDRAWN}, False),
    ({"state": FAILED, "failure": TOO_MANY}, False),
    ({"resend_of": "x"}, False),
]


@pytest.mark.parametrize(("earlier", "counts"), COUNTED)
def test_what_patients_were_told_lately_is_counted_by_clinic_and_address(
    work: Work, earlier: dict[str, Any], counts: bool
) -> None:
    write(work, a_confirmation("1", **earlier))
    with work() as store:
        assert store.add(a_confirmation("2"), since=NOW - DAY) == {"2": Added(stopped=False, told=int(counts))}
        assert store.add(a_confirmation("3")) == {"3": Added(stopped=False, told=0)}, "where nobody asks"


def test_what_each_patient_was_told_lately_is_counted_apart_without_what_is_written_together(work: Work) -> None:
    others: list[dict[str, Any]] = [{}, {"clinic": "lund"}, {"recipient": "r2"}, {"recipient": "r3"}]
    write(work, a_confirmation("0"), *(a_confirmation(f"o{number}", **other) for number, other in enumerate(others)))
    now = [
        a_confirmation("1"),
        a_confirmation("2", clinic="lund"),
        a_confirmation("3", recipient="r2"),
        a_confirmation("4"),
    ]
    with work() as store:
        added = store.add(*now, since=(NOW - DAY).astimezone(HOME))
    assert [added[each.id].told for each in now] == [2, 1, 1, 2]


def test_a_message_beyond_the_limit_has_failed_before_anybody_has_it_in_hand(work: Work) -> None:
    messages = [a_confirmation(id, attempts=1, lease_until=NOW + MINUTE) for id in "123"]
    with work() as store:
        store.add(*messages)
        store.refuse(["1", "3"])
        store.refuse([])
    failed = {"state": FAILED, "failure": TOO_MANY, "attempts": 0, "lease_until": None, "version": 1}
    assert [written(work, id) for id in "123"] == [
        replace(messages[0], **failed), messages[1], replace(messages[2], **failed),
    ]  # fmt: skip


def test_messages_that_are_written_together_say_which_were_new_and_who_wants_no_sms(work: Work) -> None:
    first = a_confirmation("1", before=None, resent_by={"id": "x"})
    write(work, first)
    with work() as store:
        store.stop_sms(["r2"], NOW)
        again = a_confirmation("2", source_event=first.source_event)
        new = a_confirmation("3", recipient="r2", provider_id="p"), a_confirmation("4", lease_until=NOW, attempts=1)
        assert {id: each.stopped for id, each in store.add(again, *new).items()} == {"3": True, "4": False}
        assert store.add() == {}
    assert [written(work, each.id) for each in (first, *new)] == [first, *new]


def test_c1_messages_are_of_the_calendar_that_their_booking_is_in_now(work: Work) -> None:
    write(work, told("1", 1, booking="A"), told("2", 1, booking="B"), a_confirmation("3", booking=None))
    with work() as store:
        noted(store, "A", 1, "anna", NOW)
        noted(store, "B", 2, "bo", NOW)
    for calendar, ids in (("anna", ["1"]), ("bo", ["2"]), ("lena", []), (None, ["1", "2", "3"])):
        with work.reading() as store:
            found = store.page(NOTHING, None, 9, failed_first=False, with_codes=True, calendar=calendar)
            assert sorted(each.id for each in found) == ids
            if calendar is not None:
                assert [store.is_of_calendar(written(work, id), calendar) for id in "123"] == [
                    id in ids for id in "123"
                ]


KEPT: list[tuple[dict[str, Any], bool]] = [
    ({"state": WITHDRAWN}, True),
    ({}, True),
    ({"audience": PRACTITIONER, "event": to_practitioner(MOVED), "state": WITHDRAWN}, True),
    ({"state": WITHDRAWN, "booking_version": 2}, False),
    ({"state": WITHDRAWN, "booking_version": 4}, False),
    ({"state": WITHDRAWN, "booking_version": 5}, False),
    ({"state": WITHDRAWN, "booking": "B"}, False),
    ({"state": WITHDRAWN, "event": REMINDER}, False),
    *(({"state": state}, False) for state in STATES if state not in {PLANNED, WITHDRAWN}),
]
"""What another message was like before version 4 of booking A was taken back, and whether it holds again."""


@pytest.mark.parametrize(("changes", "holds"), KEPT)
def test_c10_what_was_told_last_before_an_undone_version_holds_for_the_one_that_undoes_it(
    work: Work, changes: dict[str, Any], holds: bool
) -> None:
    other = a_confirmation("1", **{"booking_version": 3, **changes})
    write(work, told("0", 3, state=SENT), other, told("4", 4, REMINDER))
    with work() as store:
        store.note_versions([News("A", 5, "anna")], NOW)
        store.keep_true("A", 4, 5, NOW)
        assert store.withdraw_of_bookings(["A"], NOW) == {"A"}, "the reminder of the version that was taken back"
    kept = {"state": PLANNED, "booking_version": 5}
    left = {"state": WITHDRAWN} if (other.state, other.booking) == (PLANNED, "A") else {}
    assert written(work, "1") == replace(other, **(kept if holds else left))
    assert (written(work, "0").state, written(work, "0").booking_version) == (SENT, 3)
    assert (written(work, "4").state, written(work, "4").booking_version) == (WITHDRAWN, 4)


def test_c10_what_holds_again_is_due_when_it_was_but_not_before_now(work: Work) -> None:
    dues = {"1": NOW - DAY, "2": NOW, "3": NOW + INSTANT}
    write(work, *(told(id, 1, state=WITHDRAWN, due_at=due) for id, due in dues.items()))
    with work() as store:
        store.keep_true("A", 2, 3, NOW.astimezone(HOME))
    assert [written(work, id).due_at for id in dues] == [NOW, NOW, NOW + INSTANT]


def test_c10_a_message_is_of_the_newest_version_before_the_undone_one_whichever_that_was(work: Work) -> None:
    write(work, told("1", 1, state=WITHDRAWN), told("2", 2, REMINDER, state=WITHDRAWN), told("3", 6, booking="B"))
    with work() as store:
        store.keep_true("A", 1, 9, NOW)
        assert store.get(None, "1") == told("1", 1, state=WITHDRAWN, source_event=written(work, "1").source_event)
        store.keep_true("A", 7, 8, NOW)
    assert [(written(work, id).state, written(work, id).booking_version) for id in "123"] == [
        (PLANNED, 8),
        (WITHDRAWN, 2),
        (PLANNED, 6),
    ]
