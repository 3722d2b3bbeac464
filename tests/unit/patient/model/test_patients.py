"""How a patient's record is made, filled in, found again and shown (PRODUCT B18, B18a)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.patient.model.consent import Word
from services.patient.model.moving_in import completed
from services.patient.model.patients import (
    Patient,
    Typed,
    changed,
    confirmed,
    corrected,
    filled_in,
    masked,
    new_patient,
    person_key,
)  # fmt: skip
from services.patient.model.told import PersonTyped

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WEB = Word(NOW, "patient")
ANN = Word(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "staff", "ann@solna.example")
TYPED = Typed("Eva", "Lind", birth_date=date(1990, 5, 1), mobile="+46701740699", email="eva@example.org")


def a_patient(**changes: Any) -> Patient:
    """Return the record that `TYPED` makes, with `changes`."""
    made = new_patient(
        TYPED, id="p1", clinic="solna", number_hash=None, number_sealed=None, origin="web", now=NOW, word=WEB
    )
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("said", "mobile", "consent"),
    [(None, "+46701740699", True), (False, "+46701740699", False), (True, "+46701740699", True), (None, None, None)],
)
def test_b18a_giving_a_mobile_is_consent_unless_the_patient_says_otherwise(
    said: bool | None, mobile: str | None, consent: bool | None
) -> None:
    typed = replace(TYPED, mobile=mobile, sms_ok=said)
    made = new_patient(
        typed, id="p1", clinic="solna", number_hash=None, number_sealed=None, origin="web", now=NOW, word=WEB
    )
    assert made.sms_ok is consent
    assert (made.email_ok, made.sms_reminder, made.origin, made.version) == (True, True, "web", 1)


def test_b18_what_the_clinic_has_is_never_overwritten() -> None:
    known = a_patient()
    other = replace(TYPED, first_name="Evelina", mobile="+46701740605", email="other@example.org", sms_ok=False)
    assert filled_in(known, other, "web", WEB) is known


def test_b18_mobile_and_email_are_filled_in_where_they_are_missing() -> None:
    known = a_patient(mobile=None, email=None, sms_ok=None, email_ok=None)
    filled = filled_in(known, replace(TYPED, email_ok=False), "web", WEB)
    assert (filled.mobile, filled.email) == (TYPED.mobile, TYPED.email)
    assert (filled.sms_ok, filled.email_ok) == (True, False)
    assert filled.version == known.version + 1


def test_b18_only_the_missing_one_is_filled_in() -> None:
    filled = filled_in(a_patient(email=None), replace(TYPED, mobile="+46701740605"), "web", WEB)
    assert (filled.mobile, filled.email) == ("+46701740699", "eva@example.org")


def test_b18_a_refusal_that_the_clinic_noted_stands_when_an_address_is_filled_in() -> None:
    assert filled_in(a_patient(mobile=None, sms_ok=False), TYPED, "web", WEB).sms_ok is False


def test_what_a_stranger_says_of_messages_counts_only_once_the_address_is_confirmed() -> None:
    """CONTRACTS 1, Patients: what the web tells of a person serves that booking alone."""
    planted = a_patient(sms_ok=False)
    assert planted.consent == {"sms_ok": None, "email_ok": None}
    assert confirmed(planted, ["mobile"]).consent == {"sms_ok": False, "email_ok": None}
    assert (
        filled_in(a_patient(mobile=None, sms_ok=None), replace(TYPED, sms_ok=False), "web", WEB).consent["sms_ok"]
        is None
    )


def test_what_staff_say_of_messages_counts_at_once() -> None:
    noted = corrected(a_patient(), ANN, sms_ok=False)
    assert noted.consent == {"sms_ok": False, "email_ok": None}
    assert corrected(noted, ANN, mobile="+46701740605").consent["sms_ok"] is False
    cleared = corrected(noted, ANN, mobile=None)
    assert filled_in(cleared, TYPED, "web", WEB).consent["sms_ok"] is False


def test_who_sends_the_whole_record_back_with_another_name_has_not_noted_what_a_stranger_said_of_messages() -> None:
    """CONTRACTS 1, Patients: the record's own that is sent back says nothing, as with addresses."""
    planted = a_patient(sms_ok=False, email_ok=True)
    kept = corrected(planted, ANN, first_name="Evelina", mobile=planted.mobile, sms_ok=False, email_ok=True)
    assert (kept.first_name, kept.sms_ok, kept.consent) == ("Evelina", False, {"sms_ok": None, "email_ok": None})
    noted = corrected(planted, ANN, sms_ok=True)
    assert corrected(noted, ANN, sms_ok=True) == noted, "what is noted stays so"


def test_what_staff_say_of_messages_beside_another_address_is_of_that_one() -> None:
    moved = corrected(a_patient(sms_ok=False), ANN, mobile="+46701740605", sms_ok=False)
    assert (moved.sms_ok, moved.sms_ok_noted) == (False, True)


def test_a_stranger_s_no_goes_with_the_address_that_staff_replace() -> None:
    corrected_one = corrected(a_patient(sms_ok=False), ANN, mobile="+46701740605")
    assert (corrected_one.sms_ok, corrected_one.consent["sms_ok"]) == (None, None)


def test_a3_b18a_consent_is_the_word_of_who_said_it_last() -> None:
    made, later = a_patient(), Word(NOW + timedelta(hours=1), "patient")
    assert (made.sms_ok_said, made.email_ok_said) == (WEB, WEB), "who gives mobile and email says both"
    by_staff = corrected(made, ANN, sms_ok=False, email_ok=True)
    assert (by_staff.sms_ok_said, by_staff.email_ok_said) == (ANN, WEB), "what is sent back as it stands is nobody's"
    moved = corrected(by_staff, ANN, mobile="+46701740605", email="other@example.org")
    assert (moved.sms_ok_said, moved.email_ok_said) == (ANN, None), "the web's word goes with its address"
    without = a_patient(mobile=None, sms_ok=None, sms_ok_said=None)
    assert filled_in(without, TYPED, "web", later).sms_ok_said == later
    assert filled_in(replace(without, sms_ok=False, sms_ok_said=ANN), TYPED, "web", later).sms_ok_said == ANN
    nothing = replace(TYPED, mobile=None, email=None)
    silent = new_patient(
        nothing, id="p1", clinic="solna", number_hash=None, number_sealed=None, origin="web", now=NOW, word=WEB
    )
    assert (silent.sms_ok_said, silent.email_ok_said) == (None, None)


def test_a3_what_a_file_says_of_messages_is_the_file_s_word() -> None:
    file = Word(NOW, "import", "ann@solna.example")
    known = a_patient(mobile=None, sms_ok=None, sms_ok_said=None)
    after = completed(known, {"mobile": "+46701740605", "email": known.email}, {}, {}, file)
    assert (after.sms_ok, after.sms_ok_said, after.email_ok_said) == (True, file, WEB)


def test_nothing_was_said_about_consent_where_no_address_was_typed() -> None:
    typed = Typed.of(PersonTyped("Eva", "Lind", None, None, None, None, sms_ok=False, email_ok=None, patient=None))
    assert typed.sms_ok is None


def test_a_change_that_changes_nothing_keeps_the_version() -> None:
    patient = a_patient()
    assert changed(patient, mobile=patient.mobile) is patient
    assert changed(patient, mobile=None).version == 2


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        (TYPED, True),
        (replace(TYPED, first_name="EVA ", last_name=" lind"), True),
        (replace(TYPED, email=None), True),
        (replace(TYPED, mobile=None, email="EVA@example.org"), True),
        (replace(TYPED, mobile="+46701740605", email=None), False),
        (replace(TYPED, mobile=None, email=None), False),
        (replace(TYPED, birth_date=date(1990, 5, 2)), False),
        (replace(TYPED, birth_date=None), False),
        (replace(TYPED, last_name="Lindh"), False),
    ],
)
def test_without_a_number_birth_date_names_and_mobile_or_email_tell_who_it_is(typed: Typed, same: bool) -> None:
    assert typed.is_same_person(a_patient()) is same


def test_two_people_without_any_contact_are_not_the_same() -> None:
    nobody = replace(TYPED, mobile=None, email=None)
    assert not nobody.is_same_person(a_patient(mobile=None, email=None))


def test_names_are_compared_without_case_spaces_marks_and_look_alike_signs() -> None:
    assert person_key("  Åsa  Maria", "STRAẞE") == person_key("åsa", "maria strasse")
    assert person_key("علي", "كريمي") == person_key("علی", "کریمی")
    assert person_key("Séan", "O’Brien") == person_key("Se\u0301an", "O´Brien") == "séan o'brien"
    assert person_key("Anna\u2010Karin", "Ek\u2013Lind") == "anna-karin ek-lind"
    assert person_key("علی\u200cرضا", "\u200fراد\u200e") == "علیرضا راد"


@pytest.mark.parametrize(
    ("scheme", "number", "shown"),
    [
        ("se.personnummer", "198112289874", "19811228••••"),
        ("no.fodselsnummer", "15108695088", "151086•••••"),
        ("dk.cpr", "2110625629", "211062••••"),
        ("ch.ssn", "7569217076985", "756••••••••••"),
        ("ir.melli", "0084575948", "008•••••••"),
    ],
)
def test_lists_show_no_more_of_a_number_than_the_birth_date(scheme: str, number: str, shown: str) -> None:
    assert masked(scheme, number) == shown


@pytest.mark.parametrize(
    ("origin", "unconfirmed"), [("web", ("mobile", "email")), ("staff", ()), ("api", ()), ("recall", ())]
)
def test_b14_what_the_web_tells_of_a_person_is_unconfirmed(origin: str, unconfirmed: tuple[str, ...]) -> None:
    made = new_patient(
        TYPED, id="p1", clinic="solna", number_hash=None, number_sealed=None, origin=origin, now=NOW, word=WEB
    )
    assert made.unconfirmed == unconfirmed
    assert filled_in(a_patient(mobile=None, email=None), TYPED, origin, WEB).unconfirmed == unconfirmed


def test_b14_staff_confirm_by_typing_the_same_but_not_by_taking_it_from_the_record() -> None:
    known = a_patient()
    assert filled_in(known, TYPED, "staff", WEB).unconfirmed == ()
    assert filled_in(known, replace(TYPED, mobile="+46701740605"), "staff", WEB).unconfirmed == ("mobile",)
    assert filled_in(known, replace(TYPED, patient="p1"), "staff", WEB) is known
    assert filled_in(known, TYPED, "web", WEB) is known


def test_b14_what_the_web_fills_in_leaves_the_rest_confirmed() -> None:
    known = a_patient(email=None, mobile_confirmed=True)
    assert filled_in(known, TYPED, "web", WEB).unconfirmed == ("email",)
    assert a_patient(mobile=None, email=None).unconfirmed == (), "where there is no address, none is doubted"
