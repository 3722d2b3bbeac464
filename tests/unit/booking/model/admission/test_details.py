"""What a patient fills in, against what the clinic asks for (PRODUCT B3, B4, B5, B18a)."""

from datetime import date
from typing import Any

import pytest

from services.booking.model.admission.details import read_person
from services.booking.model.requests import BookingRequest, PatientDetails
from shared.contracts.booking import BookingPerson
from shared.contracts.errors import Invalid, InvalidNationalId
from shared.contracts.people import Identity
from tests.builders.booking.world import START, rules

TODAY = date(2026, 11, 2)
MAJA = {
    "birth_date": date(1980, 5, 17),
    "first_name": "Maja",
    "last_name": "Lund",
    "mobile": "070-123 45 67",
    "email": "maja@Example.org",
}
SWEDE = "19800517-9885"


def person(
    patient: dict[str, Any] | None = None,
    *,
    message: str | None = None,
    answers: dict[str, Any] | None = None,
    by_staff: bool = False,
    **document: Any,
) -> BookingPerson:
    """Return what booking keeps of Maja with changes, in a clinic with changes; None leaves a detail out."""
    clinic = rules(**document)
    type = clinic.type("visit")
    assert type is not None
    details = PatientDetails(**{**MAJA, **(patient or {})})
    request = BookingRequest("visit", START, details, message=message, answers=answers or {})
    return read_person(request, type, clinic, TODAY, by_staff=by_staff)


def wrong(patient: dict[str, Any] | None = None, **rest: Any) -> list[str]:
    """Return the fields that are refused as invalid."""
    with pytest.raises(Invalid) as refused:
        person(patient, **rest)
    assert type(refused.value) is Invalid
    return sorted(refused.value.extra["errors"])


def test_everything_is_kept_in_its_normal_form() -> None:
    """B4."""
    found = person({"national_id": SWEDE, "first_name": " Maja "}, identity="se.personnummer", message=" Hej ")
    assert found.identity == Identity("se.personnummer", "198005179885")
    assert (found.first_name, found.mobile, found.email) == ("Maja", "+46701234567", "maja@example.org")
    assert (found.birth_date, found.message) == (date(1980, 5, 17), "Hej")


def test_names_and_mobile_are_required_and_email_and_message_optional() -> None:
    """B3."""
    nothing = {"first_name": "", "last_name": None, "mobile": " ", "email": None}
    assert wrong(nothing) == ["patient.first_name", "patient.last_name", "patient.mobile"]
    assert person({"email": None}).email is None


def test_the_clinic_says_what_is_required_optional_and_not_asked() -> None:
    """B3."""
    details = {"name": "optional", "mobile": "hidden", "email": "required", "message": "required"}
    assert wrong({"email": None}, details=details) == ["message", "patient.email"]
    found = person({"first_name": None, "last_name": None}, details=details, message="Hej")
    assert (found.first_name, found.mobile, found.sms_ok) == (None, None, False)


@pytest.mark.parametrize(
    "mobile", ["08-465 00 41", "0900-123 45 67", "+881612345678", "+979123456789", "077 112 34 56"]
)
def test_a_mobile_can_receive_sms(mobile: str) -> None:
    """B3: also where the clinic does not require one."""
    assert wrong({"mobile": mobile}) == ["patient.mobile"]
    assert wrong({"mobile": mobile}, details={"mobile": "optional"}) == ["patient.mobile"]


def test_staff_may_note_a_landline_but_no_number_that_costs_extra() -> None:
    assert person({"mobile": "08-465 00 41"}, by_staff=True).mobile == "+4684650041"
    assert wrong({"mobile": "0900-123 45 67"}, by_staff=True) == ["patient.mobile"]


ABROAD = {"mobile": "+98 912 345 6789"}


def test_a_mobile_of_another_country_is_accepted_where_there_is_an_email() -> None:
    assert person(ABROAD).mobile == "+989123456789"
    assert wrong({**ABROAD, "email": None}) == ["patient.email"]
    assert wrong({**ABROAD, "email": "maja"}) == ["patient.email"]
    assert wrong(ABROAD, details={"email": "hidden"}) == ["patient.mobile"]
    assert person({**ABROAD, "email": None}, sms_countries=["SE", "IR"]).mobile == "+989123456789"
    assert person({**ABROAD, "email": None}, by_staff=True).mobile == "+989123456789"


@pytest.mark.parametrize("name", ["x" * 101, "Ma\x07ja", "Maja\nLund", "\x7f", "\u202eajaM", "see evil.example"])
def test_a_name_has_1_to_100_characters_as_names_have_them(name: str) -> None:
    assert wrong({"first_name": name}) == ["patient.first_name"]


@pytest.mark.parametrize("name", ["x" * 100, "Åsa-Märta O'Neil", "علی‌رضا", "J", "李"])
def test_every_ordinary_name_is_a_name(name: str) -> None:
    assert person({"first_name": name}).first_name == name


def test_all_wrong_fields_are_told_at_once_before_the_number() -> None:
    """CONTRACTS 2: invalid comes before invalid_national_id."""
    spoiled = {"mobile": "12", "email": "maja", "national_id": "19800517-9884"}
    assert wrong(spoiled, identity="se.personnummer") == ["patient.email", "patient.mobile"]
    with pytest.raises(InvalidNationalId) as refused:
        person({"national_id": "19800517-9884"}, identity="se.personnummer")
    assert "patient.national_id" in refused.value.extra["errors"]
    assert "9884" not in refused.value.detail


def test_the_number_is_required_where_the_clinic_asks_for_one() -> None:
    assert wrong(identity="se.personnummer") == ["patient.national_id"]


def test_without_numbers_the_birth_date_is_required() -> None:
    assert wrong({"birth_date": None}) == ["patient.birth_date"]


@pytest.mark.parametrize("born", [date(2026, 11, 3), date(1849, 12, 31)])
def test_a_birth_date_lies_in_a_life_s_reach(born: date) -> None:
    assert wrong({"birth_date": born}) == ["patient.birth_date"]


ADULT = [{"key": "visit", "name": "B", "length": "30m", "min_age": 24}]
SWISS = {"national_id": "756.9217.0769.85", "birth_date": None}


def test_a_number_that_carries_no_birth_date_wants_one_where_a_rule_needs_it() -> None:
    """B8: ch.ssn and ir.melli."""
    assert wrong(SWISS, identity="ch.ssn", types=ADULT) == ["patient.birth_date"]
    assert person(SWISS, identity="ch.ssn").birth_date is None


@pytest.mark.parametrize("number", ["19800560-9881", "19800061-9885", "19800491-9885"])
def test_a_coordination_number_that_tells_no_birth_date_wants_one_where_a_rule_needs_it(number: str) -> None:
    """B8: neither the day nor the month need be known, and the day may be one that its month has not."""
    asked = {"national_id": number, "birth_date": None}
    assert wrong(asked, identity="se.personnummer", types=ADULT) == ["patient.birth_date"]
    found = person({"national_id": number}, identity="se.personnummer", types=ADULT)
    assert found.birth_date == date(1980, 5, 17)
    assert person(asked, identity="se.personnummer").birth_date is None


def test_the_number_s_birth_date_counts_before_the_typed_one() -> None:
    found = person({"national_id": SWEDE, "birth_date": date(2000, 1, 1)}, identity="se.personnummer")
    assert found.birth_date == date(1980, 5, 17)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, (True, True)),
        ({"sms_ok": False, "email_ok": False}, (False, False)),
        ({"email": None, "email_ok": True}, (True, False)),
    ],
)
def test_giving_mobile_and_email_is_consent_unless_the_patient_says_otherwise(
    given: dict[str, Any], kept: tuple[bool, bool]
) -> None:
    """B18a."""
    found = person(given)
    assert (found.sms_ok, found.email_ok) == kept


def test_staff_need_no_more_than_a_name() -> None:
    nothing: dict[str, Any] = dict.fromkeys(MAJA)
    assert wrong(nothing, by_staff=True, identity="se.personnummer") == ["patient.first_name", "patient.last_name"]
    named = {**nothing, "first_name": "Maja", "last_name": "Lund"}
    assert person(named, by_staff=True, identity="se.personnummer").identity is None


def test_a_number_that_staff_type_is_checked_all_the_same() -> None:
    with pytest.raises(InvalidNationalId):
        person({"national_id": "1"}, by_staff=True, identity="se.personnummer")


FIELDS = [
    {"key": "fear", "kind": "choice", "label": "Tandvårdsrädd?", "choices": ["nej", "lite"], "required": True},
    {"key": "teeth", "kind": "number", "label": "Tänder"},
    {"key": "pain", "kind": "yes_no", "label": "Ont?"},
    {"key": "since", "kind": "date", "label": "Sedan"},
    {"key": "more", "kind": "long_text", "label": "Mer"},
    {"key": "short", "kind": "text", "label": "Kort"},
    {"key": "laser", "kind": "text", "label": "Laser", "types": ["laser"], "required": True},
]


def test_answers_are_kept_by_their_kinds() -> None:
    """B5."""
    given = {"fear": "lite", "teeth": "28,5", "pain": "yes", "since": "2026-01-02", "more": " lång\ntext ", "short": ""}
    assert person(fields=FIELDS, answers=given).answers == {
        "fear": "lite", "teeth": 28.5, "pain": True, "since": "2026-01-02", "more": "lång\ntext",
    }  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), [("۳٫۵", 3.5), ("٣٫٥", 3.5), ("۲۸", 28), ("-3.5", -3.5)])
def test_a_number_may_be_typed_with_the_digits_and_the_decimal_separator_of_its_script(typed: str, kept: float) -> None:
    """B5, B4."""
    assert person(fields=FIELDS, answers={"fear": "nej", "teeth": typed}).answers["teeth"] == kept


@pytest.mark.parametrize(
    ("chosen", "kept"), [("lite", "lite"), ("a little", "lite"), ("un peu", "lite"), ("mycket", "mycket")]
)
def test_a_choice_in_any_of_its_languages_is_kept_in_the_clinics_own(chosen: str, kept: str) -> None:
    """B5: staff read their own words, whatever the patient's language."""
    choices = [{"en": "a little", "sv": "lite"}, "mycket", {"en": "un peu", "sv": "lite"}]
    fear = [{**FIELDS[0], "choices": choices[:2] if chosen != "un peu" else choices[1:]}]
    assert person(fields=fear, answers={"fear": chosen}).answers == {"fear": kept}
    assert wrong(fields=fear, answers={"fear": "lots"}) == ["answers.fear"]


def test_questions_of_other_types_are_neither_required_nor_known() -> None:
    """B5."""
    assert wrong(fields=FIELDS, answers={"fear": "nej", "laser": "x"}) == ["answers.laser"]
    assert wrong(fields=FIELDS) == ["answers.fear"]
    assert person(fields=FIELDS, by_staff=True).answers == {}


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("fear", "mycket"), ("fear", ["nej"]), ("fear", {}), ("teeth", "många"), ("teeth", True), ("teeth", "nan"),
        ("teeth", "inf"), ("teeth", [1]), ("teeth", "9" * 400), ("teeth", "²"), ("pain", "kanske"), ("pain", 1),
        ("since", "2026-02-30"), ("since", 5), ("more", 5), ("more", "x" * 5001), ("short", "x" * 501),
        ("short", "a\0b"), ("short", "\ud800"),
    ],
)  # fmt: skip
def test_an_answer_of_the_wrong_kind_is_refused(key: str, answer: Any) -> None:
    """B5."""
    assert wrong(fields=FIELDS, answers={"fear": "nej", key: answer}) == [f"answers.{key}"]
