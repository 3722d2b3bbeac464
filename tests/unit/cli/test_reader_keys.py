"""`frontdesk keys reader`: a key for a program outside, as it stands in settings (ADR 57)."""

import pytest
from click.testing import CliRunner, Result

from cli.main import main
from shared.environment.event_readers import readers_from


def keys_reader(name: str, *options: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["keys", "reader", name, *options])


LIMITS = ("--clinic=solna", "--clinic=lund", "--event=BookingCreated", "--field=mobile")


def test_it_prints_a_key_of_its_own_as_settings_take_it() -> None:
    found = []
    for _ in range(2):
        said = keys_reader("letters", *LIMITS)
        setting, _, entry = said.stdout.strip().partition("=")
        assert (said.exit_code, setting) == (0, "READER_KEYS")
        found.append(readers_from(entry)["letters"])
    first, second = found
    assert first.keys != second.keys
    assert (first.clinics, first.events, first.fields) == ({"solna", "lund"}, {"BookingCreated"}, {"mobile"})


@pytest.mark.parametrize("left_out", ["--clinic", "--event", "--field"])
def test_nothing_is_opened_that_was_not_named(left_out: str) -> None:
    said = keys_reader("letters", *(each for each in LIMITS if not each.startswith(left_out)))
    assert said.exit_code == 2
    assert f"Missing option '{left_out}'" in said.stderr


def test_what_is_no_event_is_said_with_those_that_are() -> None:
    said = keys_reader("letters", *LIMITS, "--event=BookingMade")
    assert said.exit_code == 1
    assert "names BookingMade: no event with a patient's person. There is BookingArrived" in said.stderr
    assert "letters:" not in said.output
