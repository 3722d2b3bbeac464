"""What callers may send to call patients in."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.booking.model.recalls import CHANNELS
from services.booking.model.requests import (
    BookingRequest,
    CardsRequest,
    IssueRequest,
    PatientDetails,
    RecallRequest,
    RecallsQuery,
    TypedCode,
)
from services.booking.schemas.fields import a_key, a_moment, a_text, in_utc
from shared.incoming.fields import (
    MOST_IN_A_LIST,
    a_week,
    addresses_to_confirm,
    an_id,
    checked,
    flag,
    minutes_of_length,
    page_limit,
    printable,
)


def _send() -> fields.List[Any]:
    known = fields.String(validate=validate.OneOf(CHANNELS))
    return fields.List(known, required=True, validate=validate.Length(min=1, max=len(CHANNELS)))


class RecallSchema(Schema):
    """A time that staff book to call a patient in."""

    patient = an_id("This is no patient's id.", required=True)
    type = a_key(required=True)
    practitioner = a_key(required=True)
    start = a_moment(required=True)
    send = _send()
    minutes = minutes_of_length()
    outside_plan = flag()
    confirm = addresses_to_confirm()


class IssueSchema(Schema):
    """Which recalls to send, by what."""

    week = a_week()
    need = an_id("This is no need.")
    reference = a_key()
    send = _send()

    @validates_schema
    def one_of_three(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse to guess what is meant."""
        if len(data.keys() & {"week", "need", "reference"}) != 1:
            raise ValidationError("Name a week, a need or a booking's reference, and one of them only.", "week")


class CardsSchema(Schema):
    """Which cards to print."""

    week = a_week()
    page = fields.Integer(validate=validate.Range(min=1, max=10_000))
    id = a_key()

    @validates_schema
    def one_of_two(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse to guess what is meant."""
        if len(data.keys() & {"week", "id"}) != 1:
            raise ValidationError("Name a week, or one recall.", "week")
        if "page" in data and "week" not in data:
            raise ValidationError("One recall has no pages.", "page")


class RecallsSchema(Schema):
    """Which recalls to list."""

    needs = fields.List(an_id("This is no need."), load_default=None, validate=validate.Length(max=MOST_IN_A_LIST))
    limit = page_limit()
    cursor = a_text(200, load_default=None)


class OpenRecallSchema(Schema):
    """A recall's code with what shows whose it is."""

    national_id = a_text(40)
    birth_date = fields.Date()
    code = fields.String(required=True, validate=[validate.Length(min=1, max=40), printable])

    @validates_schema
    def whose_it_is(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuse a code that comes alone."""
        if not data.get("national_id", "").strip() and "birth_date" not in data:
            raise ValidationError("Enter the national identity number, or the date of birth.", "national_id")


def recall_request(sent: Mapping[str, Any]) -> RecallRequest:
    """Read a recall to book; raise Invalid."""
    read = in_utc(checked(RecallSchema(), sent))
    read["confirm"] = tuple(read.get("confirm", ()))
    patient, send = PatientDetails(id=read.pop("patient")), tuple(read.pop("send"))
    return RecallRequest(BookingRequest(patient=patient, **read), send)


def issue_request(sent: Mapping[str, Any]) -> IssueRequest:
    """Read which recalls to send; raise Invalid."""
    read = checked(IssueSchema(), sent)
    return IssueRequest(**{**read, "send": tuple(read["send"])})


def recalls_query(sent: Mapping[str, Any]) -> RecallsQuery:
    """Read which recalls to list; raise Invalid."""
    read = checked(RecallsSchema(), sent)
    needs = None if read["needs"] is None else tuple(read["needs"])
    return RecallsQuery(needs, read["limit"], read["cursor"])


def cards_request(sent: Mapping[str, Any]) -> CardsRequest:
    """Read which cards to print; raise Invalid."""
    return CardsRequest(**checked(CardsSchema(), sent))


def typed_code(sent: Mapping[str, Any]) -> TypedCode:
    """Read a recall's code and whose it is; raise Invalid."""
    return TypedCode(**checked(OpenRecallSchema(), sent))
