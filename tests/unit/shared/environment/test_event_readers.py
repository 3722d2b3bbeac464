"""Who outside may read persons in events, as the environment says it (PRODUCT A3, C5; ADR 57)."""

import base64
import re

import pytest

from shared.contracts import booking, notification, patient, staff
from shared.environment.event_readers import EventReader, personal_events, readers_from

ONE, TWO, THREE = bytes([1]) * 32, bytes([2]) * 32, b"\xfb\xff" * 16


def written(key: bytes) -> str:
    """Return a key as it stands in settings."""
    return base64.urlsafe_b64encode(key).decode().rstrip("=")


def crm(key: bytes = ONE, limits: str = "solna:BookingCreated:mobile", name: str = "crm") -> str:
    """Return a reader as it stands in settings."""
    return f"{name}:{written(key)}:{limits}"


def test_a_reader_has_a_key_clinics_events_and_fields() -> None:
    found = readers_from(crm(THREE, "solna+lund:BookingCreated+BookingMoved:first_name+mobile"))
    wanted = frozenset({"BookingCreated", "BookingMoved"}), frozenset({"first_name", "mobile"})
    assert found == {"crm": EventReader((THREE,), frozenset({"solna", "lund"}), *wanted)}


@pytest.mark.parametrize(
    ("type", "clinic", "may"),
    [
        ("BookingCreated", "solna", True),
        ("BookingMoved", "solna", False),
        ("BookingCreated", "lund", False),
        ("BookingCreated", "*", False),
    ],
)
def test_it_may_read_its_events_of_its_clinics_alone(type: str, clinic: str, may: bool) -> None:
    assert readers_from(crm())["crm"].may_read(type, clinic) is may


def test_a_star_is_all_clinics_all_events_of_patients_and_all_their_fields() -> None:
    found = readers_from(crm(limits="*:*:*"))["crm"]
    assert found.clinics is None
    assert found.events == personal_events().keys()
    assert {"identity", "mobile", "to", "message", "birth_date"} <= found.fields


def test_what_opens_something_is_nobody_s_to_read() -> None:
    """A recall's code books in its patient's place (PRODUCT B22)."""
    assert "code" not in readers_from(crm(limits="*:RecallIssued:*"))["crm"].fields
    with pytest.raises(ValueError, match="code"):
        readers_from(crm(limits="*:RecallIssued:code"))


def test_accounts_of_a_clinic_s_people_are_nobody_s_to_read() -> None:
    assert personal_events().keys() <= {*booking.EVENTS, *patient.EVENTS, *notification.EVENTS}
    assert not personal_events().keys() & staff.EVENTS.keys()
    with pytest.raises(ValueError, match="AccountAdded: no event with a patient's person"):
        readers_from(crm(limits="*:AccountAdded:*"))


def test_types_of_events_need_not_say_whose_they_are() -> None:
    """A reader names events by type alone, so no type is told by two services."""
    told = [type for each in (booking, patient, notification) for type in each.EVENTS]
    assert len({*told}) == len(told)


def test_a_reader_that_stands_there_twice_has_two_keys() -> None:
    assert readers_from(f"{crm(ONE)}, {crm(TWO)}")["crm"].keys == (ONE, TWO)


def test_nothing_said_is_nobody() -> None:
    assert readers_from("") == readers_from(" , ") == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("crm", "must be written name:key:clinics:events:fields"),
        (f"crm:{written(ONE)}:solna:BookingCreated", "must be written name:key:clinics:events:fields"),
        (crm(limits="solna:BookingCreated:mobile:more"), "must be written name:key:clinics:events:fields"),
        (crm(name="C.R.M"), "must be written name:key:clinics:events:fields"),
        (crm(limits="Solna:BookingCreated:mobile"), "must be written name:key:clinics:events:fields"),
        (crm(limits="solna+*:BookingCreated:mobile"), "must be written name:key:clinics:events:fields"),
        (crm(limits=":BookingCreated:mobile"), "must be written name:key:clinics:events:fields"),
        ("crm:sesame:solna:BookingCreated:mobile", "The key of crm in READER_KEYS must be 32 bytes as base64url"),
        (crm(limits="solna:BookingMade:mobile"), "names BookingMade: no event .* There is BookingArrived, "),
        (crm(limits="solna::mobile"), "names : no event"),
        (crm(limits="solna:SlotHeld:mobile"), "names SlotHeld: no event"),
        (crm(limits="solna:BookingCreated:telephone"), "names telephone: no field .* There is answers, birth_date, "),
        (crm(limits="solna:MessageSent:mobile"), "names mobile: no field .* There is to."),
        (f"{crm(ONE)},{crm(TWO, 'lund:BookingCreated:mobile')}", "names the reader crm twice, with different limits"),
        (f"{crm(ONE)},{crm(TWO)},{crm(THREE)}", "gives crm more than 2 keys; take out the oldest"),
        (f"{crm(ONE)},{crm(ONE, name='bi')}", "has a key twice"),
        (f"{crm(ONE)},{crm(ONE)}", "has a key twice"),
    ],
)
def test_what_makes_no_sense_is_one_sentence_that_repeats_no_key(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.compile(f"READER_KEYS.*{sentence}|{sentence}")) as refused:
        readers_from(text)
    assert "READER_KEYS" in str(refused.value)
    assert not any(key in str(refused.value) for key in (written(ONE), written(TWO), written(THREE), "sesame"))


def test_a_key_is_not_shown_with_its_reader() -> None:
    assert repr(ONE) not in repr(readers_from(crm(ONE)))
