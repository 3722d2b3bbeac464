"""Patients whom the clinic may not know: what they are shown, and what they are told before they type (B7, S13)."""

from typing import Any

import pytest

from shared.contracts import errors
from tests.builders.gateway.clinics import DETAILS, HELD, START, buttons_of, fields_of, heading_of, open_clinic
from tests.builders.gateway.logins import PROVEN, session_of
from tests.builders.gateway.visits import booked_with, confirm, get, post
from tests.builders.gateway.world import World, refusing

ANNA, ERIK = (
    {"key": "anna", "name": "Anna Berg", "new_patients": False},
    {"key": "erik", "name": "Erik Lund"},
)
ANY = {"type": "exam", "practitioner": "any"}
FOR_KNOWN = "This appointment is for existing patients."


def searched_for(world: World) -> Any:
    """Return for whom times were searched last; who is known is shown what everybody is."""
    return world.availability.calls[-1].fields.get("for")


def held_for(world: World, **choices: str) -> Any:
    """Choose a time, and return for whom it is held."""
    post(world, **{**ANY, **choices}, choose=START)
    return next(call.fields.get("for") for call in world.booking.calls if call.name == "hold")


def test_whoever_is_free_are_those_who_take_new_patients_for_who_has_not_logged_in(world: World):
    open_clinic(world, practitioners=[ANNA, ERIK])
    get(world, **ANY)
    assert searched_for(world) == "new"
    assert held_for(world) == "new"


def test_it_is_not_asked_who_is_new_where_it_makes_no_difference(world: World):
    open_clinic(world)
    get(world, **ANY)
    assert searched_for(world) is None


@pytest.mark.parametrize(("patients", "who"), [(["p1"], "known"), ([], "new")])
def test_a_login_tells_whether_the_clinic_knows_the_patient(world: World, patients: list[str], who: str):
    open_clinic(world, practitioners=[ANNA, ERIK])
    world.patient.answers["of_login"] = {"patients": patients}
    assert held_for(world, session=session_of(world)) == who
    [asked] = world.patient.calls
    assert (asked.fields, asked.actor.kind) == ({"mobile": PROVEN, "identity": None}, "service")


def test_who_takes_no_new_patients_says_so_before_and_after_being_chosen(world: World):
    open_clinic(world, practitioners=[ANNA, ERIK])
    html = get(world, type="exam").text
    assert html.count("Not taking new patients") == 1
    named = get(world, type="exam", practitioner="anna")
    assert "Anna Berg is not taking new patients. If you have not been here before, please choose" in named.text
    assert searched_for(world) is None, "who names somebody may be known"


@pytest.mark.parametrize("rules", [{"booking": {"new_patients": False}}, {"practitioners": [ANNA]}])
def test_what_is_for_known_patients_alone_says_so_before_anything_is_typed(world: World, rules: dict[str, Any]):
    open_clinic(world, **rules)
    assert FOR_KNOWN in get(world, **ANY).text
    assert held_for(world) == "known", "whoever books this is known"


def test_a_clinic_that_takes_no_new_patients_says_so_first_of_all(world: World):
    open_clinic(world, booking={"new_patients": False})
    assert "Online booking is for existing patients only." in get(world).text


@pytest.mark.parametrize("call", ["hold", "book"])
def test_a_time_that_is_left_to_known_patients_says_so_and_offers_others(world: World, call: str):
    """Nobody has booked it meanwhile, and nobody is said to."""
    open_clinic(world, practitioners=[ANNA, ERIK])
    later = {"start": "2026-12-01T15:00:00+01:00", "end": "2026-12-01T15:30:00+01:00", "practitioners": ["erik"]}
    world.booking.answers[call] = refusing(errors.NewPatientsRefused, alternatives=[later])
    answer = post(world, **ANY, choose=START, **DETAILS) if call == "hold" else confirm(world)
    assert answer.status_code == 422
    assert heading_of(answer.text) == "This time is for existing patients"
    assert "Nobody who takes new patients is available at this time." in answer.text
    assert buttons_of(answer.text, "choose") == [later["start"]]
    kept = fields_of(answer.text)
    assert kept.items() >= DETAILS.items()
    assert "hold" not in kept


def test_a_hold_that_has_run_out_is_booked_with_whom_it_was_or_not_at_all(world: World):
    """Nobody else takes the place of whom the patient has seen."""
    open_clinic(world)
    tried: list[Any] = []

    def book(_clinic: str, **fields: Any) -> Any:
        tried.append(fields["practitioner"])
        raise refusing(errors.HoldExpired if len(tried) == 1 else errors.SlotTaken, alternatives=[])

    world.booking.book = book  # type: ignore[attr-defined]
    assert confirm(world).status_code == 409
    assert tried == [None, HELD["practitioner"]]
    assert HELD["practitioner"] == "anna"


def test_a_named_practitioner_is_booked_by_name(world: World):
    open_clinic(world)
    confirm(world, practitioner="erik", held_by="erik")
    assert booked_with(world)["practitioner"] == "erik"


def test_booking_of_a_version_that_does_not_know_who_is_new_holds_for_everybody_alike(world: World):
    """During an upgrade it serves beside this gateway."""
    open_clinic(world, practitioners=[ANNA, ERIK])
    asked: list[Any] = []

    def hold(_clinic: str, **fields: Any) -> Any:
        asked.append(fields.get("for"))
        if "for" in fields:
            raise refusing(errors.Invalid, errors={"for": ["Unknown field."]})
        return HELD

    world.booking.hold = hold  # type: ignore[attr-defined]
    assert post(world, **ANY, choose=START).status_code == 303
    assert asked == ["new", None]
