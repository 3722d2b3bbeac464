"""How commands end: with one sentence, and a code that programs can go by (PRODUCT C5)."""

import json

import pytest

from shared.bus.calls.wire import RemoteFault
from shared.contracts.errors import Busy, Forbidden, Invalid, NotFound, SlotTaken, Timeout, Unavailable
from tests.builders.commands import FakeInstallation, frontdesk


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (NotFound.because("There is no such booking."), 1),
        (Forbidden.because("This tool's key is not for this method."), 1),
        (Unavailable.because("Nobody serves booking.get."), 3),
        (Timeout.because("booking.get did not answer in time."), 3),
        (Busy.because("Too many take time just now."), 3),
        (RemoteFault("booking.get", "KeyError", "c0ffee"), 4),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_c5_what_a_call_comes_to_is_a_sentence_and_an_exit_code(
    installation: FakeInstallation, ending: Exception, code: int
) -> None:
    installation.answers["booking.get"] = ending
    ran = frontdesk("bookings", "show", "solna", "NOPE")
    assert (ran.exit_code, ran.stdout) == (code, "")
    said = ending.args[0] if code != 4 else "booking.get failed with KeyError (correlation id c0ffee)"
    assert ran.stderr.startswith(f"frontdesk: {said}")
    assert ran.stderr.count("\n") == 1


def test_c5_programs_are_told_of_a_refusal_by_its_code(installation: FakeInstallation) -> None:
    errors = {"start": ["Enter a date."]}
    installation.answers["booking.get"] = Invalid.because("Some fields are wrong.", errors=errors)
    ran = frontdesk("bookings", "show", "solna", "NOPE", "--json")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert json.loads(ran.stderr) == {"code": "invalid", "detail": "Some fields are wrong.", "errors": errors}


def test_c5_people_are_told_which_field_is_wrong_and_what_is_free_instead(installation: FakeInstallation) -> None:
    wrong = {"patient": {"mobile": ["This is no mobile number."]}, "type": ["Some fields are wrong."]}
    installation.answers["booking.get"] = [
        Invalid.because("Some fields are wrong.", errors=wrong),
        SlotTaken.because("The time is taken.", alternatives=[{"start": "2026-12-01T10:00:00+01:00"}]),
    ]
    refused, taken = (frontdesk("bookings", "show", "solna", "NOPE") for _ in range(2))
    assert refused.stderr == "frontdesk: Some fields are wrong.\n  patient.mobile: This is no mobile number.\n"
    assert taken.stderr == "frontdesk: The time is taken.\n  free instead: 2026-12-01T10:00:00+01:00\n"


def test_c5_a_wrong_setting_and_a_wrong_option_end_with_2(installation: FakeInstallation) -> None:
    installation.answers["booking.find"] = {"bookings": [], "next": None}
    assert frontdesk("clinics", "list", LOG_LEVEL="LOUD").exit_code == 2
    unknown = frontdesk("bookings", "find", "solna", "--status", "lost")
    assert (unknown.exit_code, installation.calls) == (2, [])
