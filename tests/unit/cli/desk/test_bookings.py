"""`frontdesk bookings` and `watch-list`: what is asked, and what is shown of it (PRODUCT C2, C5, M5)."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from shared.contracts.errors import Timeout
from tests.builders.commands import ZONE, FakeInstallation, frontdesk
from tests.builders.gateway.bookings import a_booking

REFERENCE = "7K3M9QX2VT"


def today() -> str:
    return datetime.now(UTC).astimezone(ZoneInfo(ZONE)).date().isoformat()


def test_c5_bookings_are_found_from_the_clinic_s_today_on(installation: FakeInstallation) -> None:
    installation.answers["booking.find"] = {"bookings": [a_booking()], "next": "more"}
    before = today()
    shown = frontdesk("bookings", "find", "solna", "--practitioner", "anna")
    (asked,) = installation.fields_of("booking.find")
    assert asked.pop("from") in {before, today()}
    assert asked == {"practitioner": "anna", "limit": 50}
    assert shown.stdout.splitlines()[1].split() == [
        REFERENCE, "Tue", "2026-12-01", "14:00", "exam", "anna", "booked", "+46701740605", "Maja", "Ek",
    ]  # fmt: skip
    assert shown.stderr == "There is more than these 1: --all shows everything.\n"


def test_a_patient_s_bookings_are_also_those_of_the_past(installation: FakeInstallation) -> None:
    installation.answers["booking.find"] = {"bookings": [], "next": None}
    shown = frontdesk("bookings", "find", "solna", "--patient", "e" * 32, "--to", "2026-12-24")
    assert shown.stdout == "No booking matches.\n"
    assert installation.fields_of("booking.find") == [{"patient": "e" * 32, "to": "2026-12-24", "limit": 50}]


def test_c2_a_practitioner_that_there_is_not_is_refused_and_one_without_bookings_is_not(
    installation: FakeInstallation,
) -> None:
    installation.answers |= {
        "booking.find": {"bookings": [], "next": None},
        "availability.document": {"document": {"practitioners": [{"key": "anna"}, {"key": "erik"}]}},
    }
    free = frontdesk("bookings", "find", "solna", "--practitioner", "erik")
    assert (free.exit_code, free.stdout) == (0, "No booking matches.\n")
    nobody = frontdesk("bookings", "find", "solna", "--practitioner", "ana")
    assert (nobody.exit_code, nobody.stdout) == (1, "")
    assert nobody.stderr == (
        "frontdesk: The clinic has no such practitioner.\n  practitioner: Name one of anna, erik.\n"
    )


def test_a_booking_is_shown_to_people_and_to_programs(installation: FakeInstallation) -> None:
    installation.answers["booking.get"] = a_booking(note="Rings first.")
    shown = frontdesk("bookings", "show", "solna", REFERENCE).stdout
    assert "patient       Maja Ek\n" in shown
    assert "note          Rings first.\n" in shown
    assert "comment" not in shown
    assert json.loads(frontdesk("bookings", "show", "solna", REFERENCE, "--json").stdout) == a_booking(
        note="Rings first."
    )


def test_c5_a_time_is_booked_once_by_the_clinic_s_clock(installation: FakeInstallation) -> None:
    installation.answers["booking.book"] = {**a_booking(), "reached_by": []}
    who = "--first-name Maja --last-name Ek --mobile 070-1740605 --sms --birth-date 1985-04-12"
    done = frontdesk("bookings", "book", "solna", "exam", "--start", "2026-12-01T14:00", *who.split(), "--tell", "none")
    assert done.exit_code == 0, done.stderr
    (sent,) = installation.fields_of("booking.book")
    assert len(sent.pop("idempotency_key")) == 32
    assert sent == {
        "type": "exam", "start": "2026-12-01T14:00:00+01:00", "tell": "none",
        "patient": {"first_name": "Maja", "last_name": "Ek", "mobile": "070-1740605", "sms_ok": True,
                    "birth_date": "1985-04-12"},
    }  # fmt: skip
    assert "told          nobody, as asked\n" in done.stdout


@pytest.mark.parametrize(
    ("tell", "reached_by", "told"),
    [
        ((), ["sms", "email"], "the patient by sms and email"),
        (("--tell", "all"), [], "not the patient: no message reaches them"),
        (("--tell", "practitioner"), ["sms"], "the practitioner alone, as asked"),
        (("--tell", "none"), ["sms"], "nobody, as asked"),
    ],
)
def test_c10_who_books_is_told_who_is_told_really(
    installation: FakeInstallation, tell: tuple[str, ...], reached_by: list[str], told: str
) -> None:
    installation.answers["booking.book"] = {**a_booking(), "reached_by": reached_by}
    done = frontdesk("bookings", "book", "solna", "exam", "--start", "2026-12-01T14:00", "--patient", "e" * 32, *tell)
    assert f"told          {told}\n" in done.stdout


def test_a_wish_may_be_named_so_that_it_is_sent_again_and_nobody_is_booked_for_nobody(
    installation: FakeInstallation,
) -> None:
    installation.answers["booking.book"] = {**a_booking(), "reached_by": ["sms"]}
    at = ("--start", "2026-12-01T14:00")
    frontdesk("bookings", "book", "solna", "exam", *at, "--patient", "e" * 32, "--key", "wish-7")
    (sent,) = installation.fields_of("booking.book")
    assert (sent["idempotency_key"], sent["patient"]) == ("wish-7", {"id": "e" * 32})
    nobody = frontdesk("bookings", "book", "solna", "exam", *at)
    assert (nobody.exit_code, "Say for whom" in nobody.stderr) == (2, True)


def test_who_hears_no_answer_is_told_how_to_ask_again_without_booking_twice(installation: FakeInstallation) -> None:
    installation.answers["booking.book"] = Timeout.because("booking.book did not answer in time.")
    wish = ("bookings", "book", "solna", "exam", "--start", "2026-12-01T14:00", "--patient", "e" * 32)
    unanswered = frontdesk(*wish)
    (sent,) = installation.fields_of("booking.book")
    assert unanswered.exit_code == 3
    assert f"With --key {sent['idempotency_key']} the same command books it once." in unanswered.stderr
    assert json.loads(frontdesk(*wish, "--json").stderr)["code"] == "timeout", "programs name their own"


def test_c5_a_booking_is_moved_and_what_is_to_change_is_said(installation: FakeInstallation) -> None:
    installation.answers["booking.rebook"] = a_booking()
    moved = frontdesk("bookings", "move", "solna", REFERENCE, "--start", "2026-12-02T10:00", "--practitioner", "erik")
    assert moved.exit_code == 0, moved.stderr
    assert installation.fields_of("booking.rebook") == [
        {"clinic": "solna", "reference": REFERENCE, "start": "2026-12-02T10:00:00+01:00", "practitioner": "erik"}
    ]
    assert frontdesk("bookings", "move", "solna", REFERENCE).exit_code == 2


def test_c5_who_cancels_is_asked_whether_they_mean_it(installation: FakeInstallation) -> None:
    installation.answers["booking.cancel"] = a_booking(status="cancelled")
    assert frontdesk("bookings", "cancel", "solna", REFERENCE, typed="n\n").exit_code == 1
    assert installation.calls == []
    done = frontdesk("bookings", "cancel", "solna", REFERENCE, "--yes", "--comment", "Illness")
    assert done.exit_code == 0
    assert installation.fields_of("booking.cancel") == [
        {"clinic": "solna", "reference": REFERENCE, "comment": "Illness"}
    ]


@pytest.mark.parametrize(("command", "method"), [("arrived", "arrived"), ("no-show", "mark_no_show")])
def test_c9_who_came_and_who_did_not_is_noted_and_taken_back(
    installation: FakeInstallation, command: str, method: str
) -> None:
    installation.answers[f"booking.{method}"] = a_booking()
    frontdesk("bookings", command, "solna", REFERENCE)
    frontdesk("bookings", command, "solna", REFERENCE, "--undo")
    assert [sent["on"] for sent in installation.fields_of(f"booking.{method}")] == [True, False]


@pytest.mark.parametrize("group", ["bookings", "audit"])
def test_a1_the_history_says_who_did_what(installation: FakeInstallation, group: str) -> None:
    entry = {
        "at": "2026-11-20T10:00:00+01:00", "type": "BookingMoved", "version": 2,
        "actor": {"kind": "staff", "id": "ann@solna.example"},
        "source": "192.0.2.7", "changes": {"start": ["2026-12-01", "2026-12-02"], "note": [None, "x"]},
    }  # fmt: skip
    installation.answers["booking.history"] = {"history": [entry], "next": None}
    shown = frontdesk(group, "history", "solna", REFERENCE).stdout
    assert "Fri 2026-11-20 10:00  BookingMoved  staff ann@solna.example  192.0.2.7" in shown
    assert "start: 2026-12-01 -> 2026-12-02" in shown
    assert "note: x" in shown


def test_c7_free_times_are_those_that_staff_may_give(installation: FakeInstallation) -> None:
    slot = {"start": "2026-12-01T14:00:00+01:00", "end": "2026-12-01T14:30:00+01:00", "practitioners": ["anna"]}
    installation.answers["availability.next_free"] = {"slots": [{**slot, "outside_online": []}]}
    shown = frontdesk("bookings", "times", "solna", "exam", "--from", "2026-12-01", "--practitioner", "anna")
    assert installation.fields_of("availability.next_free") == [
        {"type": "exam", "days": 1, "from": "2026-12-01", "practitioners": ["anna"]}
    ]
    assert shown.stdout.splitlines()[1] == "Tue 2026-12-01 14:00  14:30  anna  2026-12-01T14:00"
    installation.answers["availability.next_free"] = {"slots": 60 * [slot]}
    some = frontdesk("bookings", "times", "solna", "exam", "--limit", "2")
    assert (some.stdout.count("anna"), some.stderr) == (2, "There is more than these 2: --all shows everything.\n")
    counts = [frontdesk("bookings", "times", "solna", "exam", *of).stdout.count("anna") for of in ((), ("--all",))]
    assert counts == [50, 60]


def test_m5_the_watch_list_is_shown_and_ticked_off(installation: FakeInstallation) -> None:
    row = {
        "id": "a" * 32, "at": "2026-11-29T11:37:00+01:00", "reason": "cancelled", "absence": None, "comment": "Ill.",
        "done_at": None, "done_by": None, "booking": a_booking(status="cancelled"),
    }  # fmt: skip
    installation.answers |= {
        "booking.watch_list": {"watch_list": [row], "next": None},
        "booking.watch_done": {"id": "a" * 32, "done": True},
    }
    shown = frontdesk("watch-list", "list", "solna").stdout
    assert "Maja Ek" in shown
    assert "Ill." in shown
    assert frontdesk("watch-list", "done", "solna", "a" * 32).stdout == f"{'a' * 32}: done\n"
    assert installation.fields_of("booking.watch_done") == [{"on": True}]
