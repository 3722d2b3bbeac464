"""Patients whom the clinic may not know: what they are shown, and what they are told before they type (B7, S13)."""

from typing import Any

import pytest

from shared.contracts import errors
from tests.builders.gateway.clinics import DETAILS, HELD, START, buttons_of, fields_of, heading_of, open_clinic
from tests.builders.gateway.logins import PROVEN, session_of
from tests.builders.gateway.visits import booked_with, confirm, get, post
from tests.builders.gateway.world import World, refusing

ANNA, ERIK, BORIS = (
    {"key": "anna", "name": "Anna Berg", "new_patients": False},
    {"key": "erik", "name": "Erik Lund"},
    {"key": "boris", "name": "Boris Ek"},
)
ANY = {"type": "exam", "practitioner": "any"}
ASKED = "Have you been here before?"


def searched_for(world: World) -> Any:
    """Return for whom times were searched last; who is known is shown what everybody is."""
    return world.availability.calls[-1].fields.get("for")


def held_for(world: World, **choices: str) -> Any:
    """Choose a time, and return for whom it is held."""
    post(world, **{**ANY, **choices}, choose=START)
    return next(call.fields.get("for") for call in world.booking.calls if call.name == "hold")


@pytest.mark.parametrize("chosen", [{"type": "exam"}, ANY, {"type": "exam", "practitioner": "anna"}])
def test_who_is_new_is_asked_where_it_decides_before_anything_is_chosen_b22(world: World, chosen: dict[str, str]):
    open_clinic(world, practitioners=[ANNA, ERIK])
    html = get(world, **chosen).text
    assert heading_of(html) == ASKED
    assert buttons_of(html, "been") == ["yes", "no"]
    assert not world.availability.calls


def test_who_takes_new_patients_is_chosen_without_a_question(world: World):
    open_clinic(world, practitioners=[ANNA, ERIK])
    assert heading_of(get(world, type="exam", practitioner="erik").text) == "When would you like to come?"


def test_who_is_new_is_offered_those_who_take_them_alone(world: World):
    open_clinic(world, practitioners=[ANNA, ERIK, BORIS])
    html = get(world, type="exam", been="no").text
    assert buttons_of(html, "practitioner") == ["any", "erik", "boris"]
    get(world, **ANY, been="no")
    assert searched_for(world) == "new"
    assert held_for(world, been="no") == "new"


def test_the_only_one_who_takes_new_patients_is_not_asked_for(world: World):
    open_clinic(world, practitioners=[ANNA, ERIK])
    get(world, type="exam", been="no")
    assert world.availability.calls[0].fields["practitioner"] == "erik"


def test_who_has_been_here_is_offered_everybody(world: World):
    open_clinic(world, practitioners=[ANNA, ERIK])
    assert buttons_of(get(world, type="exam", been="yes").text, "practitioner") == ["any", "anna", "erik"]
    assert held_for(world, been="yes") == "known"


def test_it_is_not_asked_who_is_new_where_it_makes_no_difference(world: World):
    open_clinic(world)
    get(world, **ANY)
    assert searched_for(world) is None


def test_a_login_that_the_clinic_has_confirmed_tells_it_without_a_question(world: World):
    open_clinic(world, practitioners=[ANNA, ERIK])
    world.patient.answers["of_login"] = {"patients": ["p1"]}
    assert held_for(world, session=session_of(world)) == "known"
    asked = world.patient.calls[0]
    assert (asked.fields, asked.actor.kind) == ({"mobile": PROVEN, "identity": None}, "service")


def test_a_login_that_nobody_has_confirmed_is_asked(world: World):
    open_clinic(world, practitioners=[ANNA, ERIK])
    world.patient.answers["of_login"] = {"patients": []}
    assert heading_of(post(world, **ANY, session=session_of(world)).text) == ASKED


@pytest.mark.parametrize("rules", [{"booking": {"new_patients": False}}, {"practitioners": [ANNA]}])
def test_what_is_for_known_patients_alone_is_refused_to_others_before_anything_is_typed(
    world: World, rules: dict[str, Any]
):
    open_clinic(world, **rules)
    assert "This appointment is for existing patients." in get(world, **ANY).text
    refused = get(world, **ANY, been="no")
    assert heading_of(refused.text) == "Please call us to book your first appointment"
    assert 'href="tel:+4681234567"' in refused.text
    assert held_for(world, been="yes") == "known", "whoever books this is known"


def test_types_for_known_patients_alone_say_so_on_their_cards(world: World):
    open_clinic(world, practitioners=[ANNA, ERIK])
    assert get(world).text.count("For existing patients") == 1, "only Anna takes what is urgent"


def test_who_says_to_be_known_and_is_not_found_reads_just_that_s13(world: World):
    open_clinic(world, practitioners=[ANNA])
    world.booking.answers["book"] = refusing(errors.NewPatientsRefused, alternatives=[])
    answer = confirm(world, practitioner="anna", been="yes")
    assert heading_of(answer.text) == "We cannot find you among our patients"
    assert "details" in buttons_of(answer.text, "go"), "what was mistyped can be corrected"


def test_a_clinic_that_takes_no_new_patients_says_so_first_of_all(world: World):
    open_clinic(world, booking={"new_patients": False})
    assert "Online booking is for existing patients only." in get(world).text


@pytest.mark.parametrize("call", ["hold", "book"])
def test_a_time_that_is_left_to_known_patients_says_so_and_offers_others(world: World, call: str):
    """Nobody has booked it meanwhile, and nobody is said to."""
    open_clinic(world, practitioners=[ANNA, ERIK])
    later = {"start": "2026-12-01T15:00:00+01:00", "end": "2026-12-01T15:30:00+01:00", "practitioners": ["erik"]}
    world.booking.answers[call] = refusing(errors.NewPatientsRefused, alternatives=[later])
    answer = post(world, **ANY, been="no", choose=START, **DETAILS) if call == "hold" else confirm(world, been="no")
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
    open_clinic(world, practitioners=[ANNA, ERIK, BORIS])
    asked: list[Any] = []

    def hold(_clinic: str, **fields: Any) -> Any:
        asked.append(fields.get("for"))
        if "for" in fields:
            raise refusing(errors.Invalid, errors={"for": ["Unknown field."]})
        return HELD

    world.booking.hold = hold  # type: ignore[attr-defined]
    assert post(world, **ANY, been="no", choose=START).status_code == 303
    assert asked == ["new", None]
