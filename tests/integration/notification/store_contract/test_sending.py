"""Sending: each message claimed by one at a time, and what became of it, from us and providers (PRODUCT N5, N6)."""

from dataclasses import replace
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import select

from services.notification.model.delivery import A_DAY
from services.notification.model.messages import (
    DELIVERED,
    FAILED,
    PLANNED,
    PRACTITIONER,
    SENT,
    STATES,
    WITHDRAWN,
    Message,
)
from services.notification.store import Claim
from services.notification.store.tables import stopped_numbers
from shared.clinic.message_keys import BOOKED, REMINDER
from tests.builders.notification.messages import NOW
from tests.builders.notification.rows import MINUTE, a_confirmation
from tests.integration.notification.store_contract.messages import Work, noted, put_off, settled, taken, write, written
from tests.integration.store_contracts import waits

pytestmark = pytest.mark.both_databases

INSTANT = timedelta(microseconds=1)
LEASE = NOW + 5 * MINUTE
HOME = timezone(timedelta(hours=1))


def claimed(work: Work) -> Message:
    """Take the SMS that is due longest, which is there."""
    with work() as store:
        claim = taken(store, "sms", NOW, LEASE)
    assert claim is not None
    return claim.message


DUE: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"due_at": NOW + INSTANT}, False),
    ({"due_at": (NOW - INSTANT).astimezone(HOME)}, True),
    ({"channel": "email"}, False),
    ({"lease_until": NOW + INSTANT}, False),
    ({"lease_until": NOW}, True),
    ({"handed_over_at": NOW}, True),
    *(({"state": state}, False) for state in STATES if state != PLANNED),
]


@pytest.mark.parametrize(("changes", "is_due"), DUE)
def test_n6_what_is_planned_due_and_in_nobody_s_hands_is_taken(
    work: Work, changes: dict[str, Any], is_due: bool
) -> None:
    write(work, a_confirmation(**changes))
    with work() as store:
        claim = taken(store, "sms", NOW, LEASE)
        assert taken(store, "sms", NOW, LEASE) is None
    assert (claim is not None) is is_due
    if claim is not None:
        assert claim == Claim(written(work), stopped=False, untrue=False, reminded=0)
        assert (claim.message.attempts, claim.message.lease_until) == (1, LEASE)


def test_n6_the_longest_due_is_taken_first_whatever_the_clinic(work: Work) -> None:
    write(
        work,
        a_confirmation("3", due_at=NOW - MINUTE),
        a_confirmation("2", due_at=NOW - INSTANT),
        a_confirmation("1", due_at=NOW - INSTANT, clinic="lund"),
        a_confirmation("4", due_at=(NOW - 2 * MINUTE).astimezone(HOME)),
    )
    assert [claimed(work).id for _ in range(4)] == ["4", "3", "1", "2"]


def test_n6_what_others_have_in_hand_is_passed_over(work: Work) -> None:
    write(work, a_confirmation("1"), a_confirmation("2"))
    found: list[str] = []

    with work() as store:
        claim = taken(store, "sms", NOW, LEASE)
        assert claim is not None
        assert waits(work, lambda store: found.extend(_taken(taken(store, "sms", NOW, LEASE)))) is (
            work.database.is_sqlite
        )
    if not work.database.is_sqlite:
        assert (claim.message.id, found) == ("1", ["2"])


def test_n6_what_is_taken_together_is_taken_in_order_and_others_pass_it_over(work: Work) -> None:
    write(work, *(a_confirmation(str(number), due_at=NOW - number * INSTANT, attempts=number) for number in range(5)))
    with work() as store:
        claims, more = store.claim_due("sms", NOW, LEASE, 3)
        assert store.claim_due("email", NOW, LEASE, 3) == ([], False)
    assert ([claim.message.id for claim in claims], more) == (["4", "3", "2"], True)
    assert [claim.message for claim in claims] == [written(work, id) for id in "432"]
    assert [(claim.message.attempts, claim.message.lease_until) for claim in claims] == [
        (5, LEASE),
        (4, LEASE),
        (3, LEASE),
    ]
    with work() as store:
        rest, more = store.claim_due("sms", NOW, LEASE, 3)
        assert ([claim.message.id for claim in rest], more) == (["1", "0"], False)


def test_n6_what_came_of_several_is_written_together_for_those_that_are_their_claimer_s_still(work: Work) -> None:
    write(work, *(a_confirmation(str(number), due_at=NOW - number * INSTANT) for number in range(5)))
    with work() as store:
        mine = {claim.message.id: claim.message for claim in store.claim_due("sms", NOW, LEASE, 4)[0]}
        store.note_report(mine["4"], state=DELIVERED)
        late, sent = {"failure": "busy", "due_at": LEASE}, {"state": SENT, "sent_at": NOW}
        outcomes = [(mine["4"], sent), (mine["3"], sent), (mine["2"], late), (mine["1"], {**sent, "provider_id": "p"})]
        assert store.settle(outcomes) == {"3", "2", "1"}
        assert store.settle([]) == set()
    assert [written(work, id).state for id in "01234"] == [PLANNED, SENT, PLANNED, SENT, DELIVERED]
    assert [written(work, id).provider_id for id in "123"] == ["p", None, None]
    assert (written(work, "2").failure, written(work, "2").due_at) == ("busy", LEASE)


def _taken(claim: Claim | None) -> list[str]:
    return [] if claim is None else [claim.message.id]


def test_n6_what_has_become_untrue_is_withdrawn_instead_unless_a_provider_may_have_it(work: Work) -> None:
    write(
        work,
        a_confirmation("1", due_at=NOW - 3 * MINUTE, lease_until=NOW - MINUTE, attempts=1),
        a_confirmation("2", due_at=NOW - 2 * MINUTE, recall="r", recall_issue=1),
        a_confirmation("3", due_at=NOW - MINUTE, handed_over_at=NOW - MINUTE),
        a_confirmation("4", booking_version=2, recall="r", recall_issue=2),
    )
    with work() as store:
        noted(store, "A", 2, "anna", NOW)
        claims, more = store.claim_due("sms", NOW, LEASE, 4)
    assert [(claim.message.id, claim.untrue) for claim in claims] == [("3", True), ("4", False)]
    assert more, "as many were looked at as were asked for"
    assert [(written(work, id).state, written(work, id).lease_until) for id in ("1", "2")] == [(WITHDRAWN, None)] * 2
    assert written(work, "1").attempts == 1


def test_n5_a_number_that_said_stop_is_known_by_its_messages_until_it_opens_again(work: Work) -> None:
    write(
        work, *(a_confirmation(id, recipient=to) for id, to in (("1", "Eva"), ("2", "Eva"), ("3", "eva"), ("4", "Eva")))
    )
    with work() as store:
        store.stop_sms(["Eva"], NOW)
        store.stop_sms(["Eva"], NOW + MINUTE)
        store.allow_sms(["nobody"])
        assert store.connection.execute(select(stopped_numbers)).all() == [("Eva", NOW)]
        store.stop_sms(["Ann"], NOW)
        assert store.stopped(["Eva", "eva", "nobody"]) == {"Eva"}
        assert store.stopped({"Eva", "Ann"}) == {"Eva", "Ann"}
        assert store.stopped([]) == set()
        said = [taken(store, "sms", NOW, LEASE) for _ in range(3)]
        store.allow_sms(["Eva"])
        assert store.stopped(["Eva", "Ann"]) == {"Ann"}
        said.append(taken(store, "sms", NOW, LEASE))
    assert [claim and claim.stopped for claim in said] == [True, True, False, False]


REMINDED: list[tuple[dict[str, Any], int]] = [
    ({"state": SENT, "sent_at": NOW - A_DAY + INSTANT}, 1),
    ({"state": SENT, "sent_at": NOW - A_DAY}, 0),
    ({"state": DELIVERED, "sent_at": NOW, "channel": "email", "booking": "B"}, 1),
    ({"lease_until": NOW + INSTANT}, 1),
    ({"lease_until": NOW, "due_at": NOW + INSTANT}, 0),
    ({"due_at": NOW + INSTANT}, 0),
    ({"state": SENT, "sent_at": NOW, "recipient": "R"}, 0),
    ({"state": SENT, "sent_at": NOW, "clinic": "lund"}, 0),
    ({"state": SENT, "sent_at": NOW, "event": BOOKED}, 0),
    ({"state": SENT, "sent_at": NOW, "resend_of": "x"}, 0),
]


@pytest.mark.parametrize(("other", "counts"), REMINDED)
def test_a_claim_of_a_reminder_says_how_many_others_went_there_in_a_day(
    work: Work, other: dict[str, Any], counts: int
) -> None:
    write(work, a_confirmation("1", event=REMINDER), a_confirmation("2", **{"event": REMINDER, **other}))
    write(work, a_confirmation("3", due_at=NOW - MINUTE))
    with work() as store:
        plain, reminder = taken(store, "sms", NOW, LEASE), taken(store, "sms", NOW, LEASE)
    assert plain is not None
    assert reminder is not None
    assert (plain.message.id, plain.reminded, reminder.message.id, reminder.reminded) == ("3", 0, "1", counts)


def test_n6_only_who_has_a_message_in_hand_hands_it_over_or_ends_it(work: Work) -> None:
    write(work, a_confirmation())
    mine = claimed(work)
    with work() as store:
        taken_up = taken(store, "sms", LEASE, LEASE + 5 * MINUTE)
        assert taken_up is not None
        assert store.hand_over(mine, NOW) is False
        assert settled(store, mine, state=SENT) is False
        put_off(store, mine, NOW, failure="mine")
        assert store.rewrite(mine, "mine") is False
        assert store.get(None, "1") == taken_up.message
        assert store.rewrite(taken_up.message, "theirs") is True
        assert store.hand_over(taken_up.message, (NOW + INSTANT).astimezone(HOME)) is True
    found = written(work)
    assert (found.handed_over_at, found.content, found.state) == (NOW + INSTANT, "theirs", PLANNED)
    with work() as store:
        assert settled(store, taken_up.message, state=SENT, sent_at=NOW, provider_id="p", version=1) is True
        assert settled(store, taken_up.message, state=FAILED) is False
        assert store.hand_over(taken_up.message, NOW) is False
        assert store.rewrite(taken_up.message, "again") is False
    found = written(work)
    assert (found.state, found.sent_at, found.provider_id, found.version) == (SENT, NOW, "p", 1)
    assert (found.lease_until, found.handed_over_at, found.attempts) == (None, None, 2)


def test_a_claim_is_known_by_its_moment_in_any_zone(work: Work) -> None:
    write(work, a_confirmation())
    with work() as store:
        claim = taken(store, "sms", NOW.astimezone(HOME), (LEASE + INSTANT).astimezone(HOME))
    assert claim is not None
    with work() as store:
        assert store.hand_over(claim.message, NOW)
        assert settled(store, claim.message, handed_over_at=NOW, due_at=LEASE)
    found = written(work)
    assert (found.lease_until, found.handed_over_at, found.due_at, found.due_at.tzinfo) == (None, NOW, LEASE, UTC)


@pytest.mark.parametrize(
    ("changes", "goes"),
    [({}, False), ({"booking_version": 2}, True), ({"audience": PRACTITIONER, "left_practitioner": "bo"}, True)],
)
def test_n6_what_has_become_untrue_in_somebody_s_hands_is_not_handed_over(
    work: Work, changes: dict[str, Any], goes: bool
) -> None:
    write(work, a_confirmation(**changes))
    mine = claimed(work)
    with work() as store:
        noted(store, "A", 2, "anna", NOW)
        assert store.hand_over(mine, NOW) is goes
        assert settled(store, mine, state=PLANNED) is True, "it is its claimer's all the same"


def test_n6_what_is_put_off_counts_as_no_attempt_and_may_be_with_a_provider_still(work: Work) -> None:
    write(work, a_confirmation("1", attempts=4, handed_over_at=NOW), a_confirmation("2", due_at=LEASE))
    mine = claimed(work)
    with work() as store:
        put_off(store, mine, LEASE, failure="busy")
        put_off(store, mine, NOW)
    with work() as store:
        next_one = taken(store, "sms", LEASE, LEASE + MINUTE)
        assert next_one is not None
        assert next_one.message.attempts == mine.attempts
        assert settled(store, mine, state=SENT) is False, "a claim that was put off ends nothing of the next one"
        put_off(store, next_one.message, LEASE)
    found = written(work)
    assert (found.attempts, found.lease_until, found.due_at) == (4, None, LEASE)
    assert (found.handed_over_at, found.failure, found.state) == (NOW, "busy", PLANNED)
    assert written(work, "2").due_at == LEASE


def test_n6_a_claim_of_which_nobody_was_told_is_given_back_by_its_moment(work: Work) -> None:
    write(work, a_confirmation("1"), a_confirmation("2"), a_confirmation("3", channel="email"))
    claimed(work)
    with work() as store:
        taken(store, "sms", NOW, LEASE + INSTANT)
        taken(store, "email", NOW, LEASE)
        store.give_back("sms", NOW, LEASE)
        store.give_back("sms", NOW, LEASE)
    found = [written(work, id) for id in "123"]
    assert [(each.attempts, each.lease_until) for each in found] == [(0, None), (1, LEASE + INSTANT), (1, LEASE)]


LATE: list[tuple[dict[str, Any], bool]] = [
    ({"handed_over_at": NOW}, True),
    ({"handed_over_at": NOW, "lease_until": LEASE + INSTANT}, True),
    ({}, False),
    *(({"handed_over_at": NOW, "state": state}, False) for state in STATES if state != PLANNED),
]


@pytest.mark.parametrize(("meanwhile", "counts"), LATE)
def test_n6_that_a_provider_has_a_message_counts_late_too_unless_more_is_known(
    work: Work, meanwhile: dict[str, Any], counts: bool
) -> None:
    write(work, a_confirmation(attempts=2, **meanwhile))
    before = written(work)
    with work() as store:
        assert store.settle_late(before, state=SENT, provider_id="SM1") is counts
    found = written(work)
    assert found == (
        replace(before, state=SENT, provider_id="SM1", lease_until=None, handed_over_at=None) if counts else before
    )


def test_n5_a_provider_s_ids_are_known_as_they_are_written(work: Work) -> None:
    write(work, a_confirmation("1", provider_id="SM1"), a_confirmation("2", provider_id="sm2"), a_confirmation("3"))
    with work.reading() as store:
        assert store.is_known(["SM1", "sm1", "SM2", "sm2", "SM3"]) == {"SM1", "sm2"}
        assert store.is_known([]) == set()


def test_n5_what_a_provider_tells_ends_whatever_was_in_hand(work: Work) -> None:
    write(work, *(a_confirmation(id) for id in "321"))
    mine = claimed(work)
    with work() as store:
        found = store.reported(["3", "1", "nothing"])
        assert [message.id for message in found] == ["1", "3"]
        assert store.reported([]) == []
        store.note_report(found[0], state=DELIVERED, provider_id="p", version=1)
        assert settled(store, mine, state=FAILED) is False
    told = written(work, "1")
    assert (told.state, told.provider_id, told.version, told.attempts) == (DELIVERED, "p", 1, 1)
    assert (told.lease_until, told.handed_over_at) == (None, None)
    assert (written(work, "2").state, written(work, "3").state) == (PLANNED, PLANNED)


def test_n5_who_is_told_of_a_message_is_alone_with_it(work: Work) -> None:
    write(work, a_confirmation("1"), a_confirmation("2"))
    with work() as store:
        store.reported(["1"])
        assert waits(work, lambda store: store.reported(["2", "1"]))
        assert waits(work, lambda store: store.reported(["2"])) is work.database.is_sqlite


def test_n5_an_answer_is_heard_once(work: Work) -> None:
    with work() as store:
        assert store.heard_first("a" * 32, NOW) is True
        assert store.heard_first("A" * 32, NOW) is True
        assert store.heard_first("a" * 32, NOW + MINUTE) is False
    with work() as store:
        assert store.heard_first("a" * 32, NOW) is False
        store.heard_first("b" * 32, NOW)
        assert waits(work, lambda store: store.heard_first("b" * 32, NOW))
