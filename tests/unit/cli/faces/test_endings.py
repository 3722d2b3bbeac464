"""How commands end: with one sentence, and a code that programs can go by (PRODUCT C5)."""

import json
from pathlib import Path

import click
import pytest

from shared.bus.calls.wire import RemoteFault
from shared.contracts.errors import Busy, Forbidden, Invalid, NotFound, SlotTaken, Timeout, Unavailable
from shared.settings import new_seal_key
from tests.builders.commands import FakeInstallation, frontdesk

KEYS = dict.fromkeys(("ACTOR_KEY", "LINK_KEY", "LOOKUP_KEY"), "k" * 32) | {
    name: new_seal_key() for name in ("EVENT_KEYS", "IDENTITY_KEYS", "EVENT_SIGNING_KEYS")
}


def at_a_question() -> click.Abort:
    """Return what click raises where Ctrl-C comes while it asks something."""
    stopped = click.Abort()
    stopped.__context__ = KeyboardInterrupt()
    return stopped


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
    wrong = {"patient": {"mobile": ["This is no mobile number."]}, "type": ["Some fields are wrong; see errors."]}
    installation.answers["booking.get"] = [
        Invalid.because("Some fields are wrong; see errors.", errors=wrong),
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


@pytest.mark.parametrize("address", ["nonsense", "amqp://", "http://rabbit:5672", "pyamqp://user:s3cret@host:port//"])
def test_c5_what_can_be_no_address_is_a_setting_that_is_wrong(address: str) -> None:
    for command in (("clinics", "list"), ("ping", "booking"), ("dead-letters", "list"), ("events", "tail")):
        wrong = frontdesk(*command, **{**KEYS, "AMQP_URI": address})
        assert (wrong.exit_code, wrong.stdout) == (2, "")
        assert wrong.stderr == "frontdesk: AMQP_URI must be an address such as pyamqp://user:password@host:5672//.\n"


@pytest.mark.parametrize("command", ["clinics list", "ping booking", "dead-letters list", "events tail"])
def test_c5_where_nobody_answers_it_is_the_same_sentence_and_nothing_is_made(tmp_path: Path, command: str) -> None:
    folder = tmp_path / "none"
    away = frontdesk(*command.split(), DATA_DIR=str(folder))
    assert (away.exit_code, away.stdout) == (3, "")
    assert away.stderr.startswith(f"frontdesk: No Frontdesk runs on the data folder {folder}. Start it")
    assert not folder.exists()


@pytest.mark.parametrize("command", ["clinics list", "dead-letters list", "events tail"])
def test_c5_a_broker_whose_host_has_no_address_does_not_answer(command: str) -> None:
    away = frontdesk(*command.split(), **{**KEYS, "AMQP_URI": "pyamqp://guest:guest@nowhere.invalid:5672//"})
    assert (away.exit_code, away.stdout) == (3, "")
    assert away.stderr.startswith("frontdesk: The message bus ")


@pytest.mark.parametrize("stopped", [KeyboardInterrupt(), at_a_question()])
def test_c5_ctrl_c_ends_without_a_word(installation: FakeInstallation, stopped: BaseException) -> None:
    installation.answers["booking.get"] = stopped
    ran = frontdesk("bookings", "show", "solna", "NOPE")
    assert (ran.exit_code, ran.output) == (130, "")
