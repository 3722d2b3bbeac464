"""What a patient fills in, against what the clinic asks for (PRODUCT B3, B4, B5, B18a)."""

from collections.abc import Callable
from datetime import date

from services.booking.model.admission.answers import read_answers
from services.booking.model.clinic_rules import ClinicRules, TypeRules
from services.booking.model.requests import BookingRequest, PatientDetails
from shared.clinic.sms_countries import sms_countries, who_hears_nothing
from shared.contracts.booking import BookingPerson
from shared.contracts.errors import Invalid, InvalidNationalId
from shared.contracts.people import Contact, Identity
from shared.identity.emails import normal_email
from shared.identity.names import normal_name
from shared.identity.numbers import birth_date, check_number
from shared.identity.telephones import normal_mobile

OLDEST_BIRTH_YEAR = 1850

Errors = dict[str, list[str]]


def read_person(
    request: BookingRequest,
    type: TypeRules,
    rules: ClinicRules,
    today: date,
    *,
    by_staff: bool,
    proven_mobile: str | None = None,
    test_numbers: bool = False,
) -> BookingPerson:
    """Return the person as the booking keeps it, everything in its normal form.

    `proven_mobile` is the one of a login that the clinic wants: no other may be typed, and it is kept where the clinic
    does not ask for one (PRODUCT B14).

    Raises Invalid with every field that is wrong, and only then InvalidNationalId. Staff need give no more than a
    name, or a patient's id; what the clinic does not ask for is dropped.
    """
    patient = request.patient
    asked = _Asked(rules, patient, by_staff=by_staff, proven_mobile=proven_mobile)
    contact = asked.contact()
    message = asked.text("message", "message", request.message, _free_text)
    answers = read_answers(request.answers, rules.custom_fields(type.key), asked.errors, lenient=asked.by_staff)
    asked.number_or_birth_date(type, today)
    if asked.errors:
        raise Invalid.because("Some of the details are missing or wrong.", errors=asked.errors)
    number = _number(patient, rules, today, test_numbers=test_numbers)
    born = (birth_date(rules.scheme, number) if number else None) or patient.birth_date
    if born is None and type.min_age is not None and not by_staff:
        raise Invalid.because("The birth date is needed.", errors={"patient.birth_date": [_BIRTH_DATE]})
    return BookingPerson(
        **vars(contact),
        identity=Identity(rules.scheme, number) if number else None,
        birth_date=born,
        message=message,
        answers=answers,
        patient=patient.id if by_staff else patient.person,
    )


class _Asked:
    """Reads one field after the other and gathers what is wrong with them."""

    def __init__(
        self, rules: ClinicRules, patient: PatientDetails, *, by_staff: bool, proven_mobile: str | None
    ) -> None:
        self.rules = rules
        self.patient = patient
        self.proven_mobile = proven_mobile
        self.by_staff = by_staff
        self.errors: Errors = {}

    def contact(self) -> Contact:
        patient = self.patient
        mobile = self.mobile(patient.mobile)
        email = self.text("email", "patient.email", patient.email, normal_email)
        self._someone_is_told(mobile, email)
        return Contact(
            first_name=self.text("name", "patient.first_name", patient.first_name, normal_name),
            last_name=self.text("name", "patient.last_name", patient.last_name, normal_name),
            mobile=mobile,
            email=email,
            sms_ok=mobile is not None and patient.sms_ok is not False,
            email_ok=email is not None and patient.email_ok is not False,
        )

    def mobile(self, given: str | None) -> str | None:
        """Return the mobile in E.164; where a login has proven one, no other."""
        mobile = self.text("mobile", "patient.mobile", given, self._telephone)
        if self.proven_mobile is None:
            return mobile
        if mobile not in {None, self.proven_mobile}:
            self.errors["patient.mobile"] = ["Use the mobile number that you logged in with."]
        return self.proven_mobile if self._wanted("mobile") == "hidden" else mobile

    def text(self, detail: str, field: str, given: str | None, normal: Callable[[str], str]) -> str | None:
        """Return one text in its normal form, or None where it is empty, hidden or wrong.

        What comes from the patient's record stands as the clinic has it, also where it would no longer be accepted.
        """
        wanted = self._wanted(detail)
        if wanted == "hidden":
            return None
        if given is None or not given.strip():
            if wanted == "required":
                self.errors[field] = ["This is required."]
            return None
        if field.removeprefix("patient.") in self.patient.recorded:
            return given
        try:
            return normal(given)
        except ValueError as wrong:
            self.errors[field] = [str(wrong)]
            return None

    def number_or_birth_date(self, type: TypeRules, today: date) -> None:
        """Note a missing national number, or a birth date that is missing where a rule needs it or impossible."""
        patient = self.patient
        if self.rules.asks_for_number and not patient.national_id and not self.by_staff:
            self.errors["patient.national_id"] = ["Enter the national identity number."]
        born = patient.birth_date
        if born is not None and not date(OLDEST_BIRTH_YEAR, 1, 1) <= born <= today:
            self.errors["patient.birth_date"] = ["This cannot be a date of birth."]
        by_rule = type.min_age is not None and not self.rules.number_tells_birth_date
        if born is None and not self.by_staff and (by_rule or not self.rules.asks_for_number):
            self.errors["patient.birth_date"] = [_BIRTH_DATE]

    def _telephone(self, text: str) -> str:
        """Return a mobile in E.164; staff may note a landline, to which no SMS is ever written."""
        return normal_mobile(text, self.rules.country, or_landline=self.by_staff)

    def _someone_is_told(self, mobile: str | None, email: str | None) -> None:
        """Note where a patient would hear nothing: no SMS goes to the mobile's country, and there is no email."""
        if self.by_staff or "patient.email" in self.errors:
            return
        asks_for_email = self._wanted("email") != "hidden"
        countries = sms_countries(self.rules.document)
        for name, sentence in who_hears_nothing(mobile, email, countries, asks_for_email=asks_for_email).items():
            self.errors[f"patient.{name}"] = [sentence]

    def _wanted(self, detail: str) -> str:
        if not self.by_staff:
            return self.rules.details[detail]
        return "required" if detail == "name" and self.patient.id is None else "optional"


_BIRTH_DATE = "Enter the date of birth."


def _number(patient: PatientDetails, rules: ClinicRules, today: date, *, test_numbers: bool) -> str | None:
    if not patient.national_id or not rules.asks_for_number:
        return None
    try:
        return check_number(rules.scheme, patient.national_id, today=today, test_numbers=test_numbers)
    except ValueError as wrong:
        raise InvalidNationalId.because(str(wrong), errors={"patient.national_id": [str(wrong)]}) from None


def _free_text(text: str) -> str:
    return text.strip()
