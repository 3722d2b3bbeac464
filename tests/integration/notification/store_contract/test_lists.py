"""What staff see of messages and send again, and what is forgotten of login codes (PRODUCT N6, B14)."""

import itertools
from datetime import timedelta, timezone
from typing import Any

import pytest

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
from services.notification.store import News
from shared.clinic.message_keys import BOOKED, LOGIN_CODE, MOVED
from tests.builders.notification.messages import NOW
from tests.builders.notification.rows import MINUTE, a_confirmation
from tests.integration.notification.store_contract.messages import NOTHING, Work, write, written
from tests.integration.notification.store_contract.remembering import a_booking, remember
from tests.integration.store_contracts import waits

pytestmark = pytest.mark.both_databases

INSTANT = timedelta(microseconds=1)
HOME = timezone(timedelta(hours=1))


def a_clinic_s_messages() -> list[Message]:
    """Return messages of all states, channels, bookings and clinics, several of each moment."""
    kinds = itertools.product(STATES, ("sms", "email"), ("A", "B"), ("solna", "lund"), (None, NOW))
    found = []
    for number, (state, channel, booking, clinic, resent_at) in enumerate(kinds):
        where = {"channel": channel, "booking": booking, "clinic": clinic, "resent_at": resent_at}
        event = LOGIN_CODE if number % 7 == 0 else BOOKED
        found.append(
            a_confirmation(f"{number:02}", state, event=event, created_at=NOW - number // 3 * INSTANT, **where)
        )
    return found


WANTED: list[dict[str, str | None]] = [
    {},
    NOTHING,
    {**NOTHING, "clinic": "solna"},
    {**NOTHING, "clinic": "solna", "booking": "B", "channel": "sms"},
    {**NOTHING, "booking": "b"},
    *({**NOTHING, "state": state} for state in STATES),
]


def test_n6_what_failed_and_nobody_has_sent_again_is_counted_up_to_a_number(work: Work) -> None:
    everything = a_clinic_s_messages()
    write(work, *everything)
    failed = [
        each
        for each in everything
        if (each.clinic, each.state, each.resent_at) == ("solna", FAILED, None) and each.event != LOGIN_CODE
    ]
    assert len(failed) > 2
    with work.reading() as store:
        assert store.count_failed("solna", 100) == len(failed)
        assert store.count_failed("solna", 2) == 2
        assert store.count_failed("umea", 100) == 0


def test_lists_are_newest_first_with_what_failed_on_top_in_pages_that_leave_none_out(
    work: Work, subtests: pytest.Subtests
) -> None:
    everything = a_clinic_s_messages()
    write(work, *everything)
    for wanted, failed_first, with_codes in itertools.product(WANTED, (True, False), (True, False)):
        with subtests.test(wanted=wanted, failed_first=failed_first, with_codes=with_codes), work.reading() as store:
            expected = [
                message
                for message in everything
                if all(value in {None, getattr(message, name)} for name, value in wanted.items())
                and (with_codes or message.event != LOGIN_CODE)
            ]
            expected.sort(key=lambda message: (message.created_at, message.id), reverse=True)
            if failed_first:
                expected.sort(key=lambda message: not (message.state == FAILED and message.resent_at is None))
            paged: list[Message] = []
            while True:
                after = paged[-1] if paged else None
                page = store.page(wanted, after, 7, failed_first=failed_first, with_codes=with_codes)
                paged += page
                assert len(paged) <= len(expected), "none twice"
                if len(page) < 7:
                    break
            assert paged == expected


def test_c8_a_patient_s_are_those_to_them_about_their_bookings(work: Work) -> None:
    write(
        work,
        *(a_confirmation(id, booking=booking) for id, booking in (("1", "A"), ("2", "B"), ("3", "C"), ("4", None))),
        a_confirmation("5", booking="A", audience=PRACTITIONER),
    )
    with work() as store:
        store.note_patients({"A": "eva", "B": "eva", "C": "ida"})
        store.note_versions([News("A", 1, "anna"), News("B", 1, "bo"), News("C", 1, "anna")], NOW)
    with work.reading() as store:

        def of(patient: str, **more: Any) -> set[str]:
            found = store.page(NOTHING, None, 9, failed_first=True, with_codes=True, patient=patient, **more)
            return {each.id for each in found}

        assert (of("eva"), of("ida"), of("nobody")) == ({"1", "2"}, {"3"}, set())
        assert of("eva", calendar="anna") == {"1"}


def test_b14_login_codes_are_forgotten_and_what_was_never_sent_is_withdrawn(work: Work) -> None:
    code: dict[str, Any] = {"event": LOGIN_CODE, "booking": None, "expires_at": NOW, "created_at": NOW - INSTANT}
    write(
        work,
        a_confirmation("1", **code),
        a_confirmation("2", DELIVERED, **code),
        a_confirmation("3", **{**code, "created_at": NOW}),
        a_confirmation("4", **{**code, "event": BOOKED}),
        a_confirmation("5", **{**code, "expires_at": None}),
    )
    with work() as store:
        assert store.erase_codes(NOW, "erased") == 2
        assert store.erase_codes(NOW, "again") == 0
    for id, state in (("1", WITHDRAWN), ("2", DELIVERED)):
        found = written(work, id)
        assert (found.state, found.content, found.recipient, found.expires_at) == (state, "erased", "", None)
    for id in ("3", "4", "5"):
        assert (written(work, id).state, written(work, id).content) == (PLANNED, "sealed")


def test_n6_a_message_that_is_sent_again_is_looked_up_by_its_clinic_alone(work: Work) -> None:
    message = a_confirmation("1", FAILED)
    write(work, message, a_confirmation("2", SENT))
    with work() as store:
        assert store.for_resending("solna", "1") == message
        assert store.for_resending("lund", "1") is None
        assert store.for_resending("solna", "3") is None
        assert waits(work, lambda store: store.for_resending("solna", "2")) is work.database.is_sqlite
        assert store.resend_waits("1") is False
        store.add(a_confirmation("3", resend_of="1"))
        store.add(a_confirmation("4", SENT, resend_of="2"))
        assert (store.resend_waits("1"), store.resend_waits("2")) == (True, False)
        store.note_resent(message, (NOW + MINUTE).astimezone(HOME))
    assert (written(work, "1").resent_at, written(work, "2").resent_at) == (NOW + MINUTE, None)


def test_the_messages_of_a_clinic_s_recalls_are_the_latest_issue_first_and_then_the_newest(work: Work) -> None:
    write(
        work,
        a_confirmation("1", recall="r", recall_issue=1, created_at=NOW + MINUTE),
        a_confirmation("3", recall="r", recall_issue=2, created_at=NOW - INSTANT),
        a_confirmation("5", recall="r", recall_issue=2, booking=None, state=FAILED),
        a_confirmation("4", recall="r", recall_issue=2, channel="email", state=WITHDRAWN),
        a_confirmation("2", recall="s", recall_issue=10, created_at=NOW - MINUTE),
        a_confirmation("6", recall="r", recall_issue=9, clinic="lund"),
        a_confirmation("7", recall="R", recall_issue=9),
        a_confirmation("8"),
    )
    with work.reading() as store:
        for clinic, recalls, ids in (
            ("solna", ["r"], "4531"),
            ("solna", ["s", "r", "t"], "24531"),
            ("solna", {"t"}, ""),
            ("solna", [], ""),
            ("lund", ["r", "s"], "6"),
        ):
            found = store.of_recalls(clinic, recalls)
            assert "".join(each.id for each in found) == ids
            assert found == [written(work, id) for id in ids]


def test_c1_whose_a_booking_is_is_known_to_its_clinic_once_both_are_heard_of(work: Work) -> None:
    remember(work, a_booking("A"), a_booking("B", facts=None), a_booking("C", clinic="lund"), a_booking("E"))
    with work() as store:
        store.note_versions([News(reference, 1, f"of {reference}") for reference in "ABCD"], NOW)
        store.note_versions([News("B", 2, "bo")], NOW)
        known = {at: [store.practitioner_of(at, reference) for reference in "ABCDEa"] for at in ("solna", "lund")}
    assert known == {"solna": ["of A", "bo", None, None, None, None], "lund": [None, None, "of C", None, None, None]}


CONFIRMED: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"created_at": (NOW - MINUTE + INSTANT).astimezone(HOME)}, True),
    ({"created_at": NOW - MINUTE}, False),
    ({"channel": "email", "resent_at": NOW, "booking_version": 7}, True),
    *(({"state": state}, state != WITHDRAWN) for state in STATES),
    ({"audience": PRACTITIONER}, False),
    ({"event": MOVED}, False),
    ({"booking": "a"}, False),
    ({"booking": None}, False),
]


@pytest.mark.parametrize(("changes", "is_confirmed"), CONFIRMED)
def test_b14_what_a_patient_was_written_of_a_booking_lately_is_its_confirmation(
    work: Work, changes: dict[str, Any], is_confirmed: bool
) -> None:
    write(work, a_confirmation(**changes))
    with work.reading() as store:
        assert store.was_confirmed("A", NOW - MINUTE) is is_confirmed
        assert not store.was_confirmed("B", NOW - MINUTE)


def test_a3_about_a_patient_are_messages_of_their_bookings_and_recalls_to_whomever(work: Work) -> None:
    write(
        work,
        a_confirmation("1", booking="A"),
        a_confirmation("2", booking="A", audience=PRACTITIONER),
        a_confirmation("3", booking=None, recall="n1"),
        a_confirmation("4", booking="B"),
    )
    with work() as store:
        store.note_patients({"A": "eva"})
    with work.reading() as store:
        found = store.about("solna", "eva", ["n1"], None, 9)
        assert [each.id for each in found] == ["3", "2", "1"]
        assert [each.id for each in store.about("solna", "eva", [], found[1], 9)] == ["1"]
        assert store.about("lund", "eva", ["n1"], None, 9) == []


def test_a3_what_is_erased_is_empty_waits_no_longer_and_is_known_as_such(work: Work) -> None:
    write(
        work,
        a_confirmation("1", booking="A"),
        a_confirmation("2", SENT, booking=None, recall="n1", recipient="s"),
        a_confirmation("3", booking="B"),
        a_confirmation("4", FAILED, booking="A", recipient="t", failure="no such number"),
    )
    with work() as store:
        store.note_patients({"A": "eva"})
        assert store.count_failed("solna", 9) == 1
        assert store.erase_messages(["A"], ["n1"], "nothing") == ["1", "2", "4"]
        assert store.count_failed("solna", 9) == 0, "nobody can send it again"
        for _ in range(2):
            store.erase_bookings("solna", ["A", "C"], "eva", NOW)
            store.erase_needs(["n1"])
    with work.reading() as store:
        found = [store.get("solna", id) for id in "123"]
        assert [each and (each.content, each.state) for each in found[:2]] == [
            ("nothing", WITHDRAWN),
            ("nothing", SENT),
        ]
        assert found[2] is not None
        assert found[2].state == PLANNED
        assert store.erased_among(["A", "B", "C", "n1", "n2"]) == {"A", "C", "n1"}
        assert store.erased_among([]) == set()
