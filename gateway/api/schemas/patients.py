"""Patients as staff see and change them."""

from marshmallow import Schema, fields

from gateway.api.schemas.fields import (
    Answer,
    PageOfList,
    addresses_to_confirm,
    day,
    many,
    moment,
    one_of,
    optional,
    text,
)


class PatientsQuery(PageOfList):
    """Whom to find."""

    q = text("A part of the name, of a telephone number or email address, an identity number, a booking's reference.")


class PatientNumber(Schema):
    """A national identity number."""

    scheme = text("Whose rule it follows: the clinic's `identity`.", required=True)
    number = text(required=True)


class Speaker(Answer):
    """Who has said something: of staff the email, of programs their name, of a file (`import`) whoever moved it in."""

    kind = one_of("patient", "staff", "tool", "service", "import", required=True)
    id = optional()


class Word(Answer):
    """When somebody has said something, and who."""

    at = moment(required=True)
    actor = fields.Nested(Speaker, required=True)


def _word(of: str) -> fields.Nested:
    told = f"Whose word `{of}` is, and since when; null where that was not noted."
    return fields.Nested(Word, allow_none=True, metadata={"description": told})


class Patient(Answer):
    """A patient of the clinic; in lists the number is masked, and the note and the words of consent left out."""

    id = text(required=True)
    first_name = optional()
    last_name = optional()
    mobile = optional()
    email = optional()
    sms_ok = fields.Boolean(allow_none=True)
    email_ok = fields.Boolean(allow_none=True)
    sms_reminder = fields.Boolean(allow_none=True)
    sms_ok_said = _word("sms_ok")
    email_ok_said = _word("email_ok")
    mobile_confirmed = fields.Boolean(metadata={"description": "Whether the clinic knows that it is the patient's."})
    email_confirmed = fields.Boolean(metadata={"description": "Whether the clinic knows that it is the patient's."})
    birth_date = day(allow_none=True)
    identity = fields.Nested(PatientNumber, allow_none=True)
    note = optional("The clinic's own, which its patient never sees.")
    version = fields.Integer()
    mobile_unconfirmed = fields.Boolean(metadata={"description": "Of older versions; read mobile_confirmed."})


class Patients(Answer):
    """A page of patients."""

    patients = many(Patient)
    next = optional(required=True)


class _PatientFields(Schema):
    """What staff note of a patient."""

    first_name = optional()
    last_name = optional()
    mobile = optional()
    email = optional()
    birth_date = day(allow_none=True)
    identity = fields.Nested(PatientNumber, allow_none=True)
    sms_ok = fields.Boolean()
    email_ok = fields.Boolean()
    sms_reminder = fields.Boolean()
    note = optional()


class NewPatientBody(_PatientFields):
    """A patient whom the clinic does not know; what is typed is confirmed by that."""

    first_name = text(required=True)
    last_name = text(required=True)


class PatientBody(_PatientFields):
    """What changes; empty text clears mobile, email or note, `confirm` says that the first two are the patient's.

    `version` is the one that was read.
    """

    confirm = addresses_to_confirm()
    version = fields.Integer()


class AccessLogQuery(PageOfList):
    """Whose, by whom and when; what is left out: all."""

    patient = text("The patient's id.")
    actor = text("The email address of an account, or the name of a tool.")
    from_ = day("First day.", data_key="from")
    to = day("Last day, included.")


class AccessLogRow(Answer):
    """Somebody has opened a record or a booking, which shows its patient; staff, or an internal tool."""

    at = moment(required=True)
    actor = fields.Dict(required=True, metadata={"description": "`{kind: staff|tool, id}`; of staff the email."})
    patient = optional("The patient's id; null where a booking had no record yet.", required=True)
    what = one_of("read", "changed", "imported", "exported", "erased", "booking", required=True)
    booking = optional("The reference of the booking that was opened.")


class AccessLog(Answer):
    """A page of it, the latest first. It is kept for five years."""

    access_log = many(AccessLogRow)
    next = optional(required=True)
