"""Logging in as a patient, and what is seen then (B14, M2, M7)."""

from marshmallow import Schema

from gateway.api.schemas.bookings import OwnBooking
from gateway.api.schemas.fields import Answer, day, many, moment, optional, text


class LoginCodeBody(Schema):
    """To whom a one-time code goes."""

    mobile = text("A mobile number; without a country prefix, one of the clinic's country.", required=True)
    national_id = optional("Needed where the clinic's login takes two steps.")


class PatientLoginBody(LoginCodeBody):
    """Who logs in, with the code that they got."""

    code = text("The digits in the SMS.", required=True)


class PatientLogin(Answer):
    """A patient's session."""

    token = text("For `Authorization: Bearer` at this clinic; lasts 30 minutes from last use.", required=True)
    expires = moment("When it ends unless it is used.", required=True)


class MyBooking(OwnBooking):
    """A booking of whoever has logged in."""

    manage_token = text("Moves and cancels it, as the personal link does.", required=True)


class MyBookings(Answer):
    """A page of one's own bookings, by start."""

    bookings = many(MyBooking)
    next = optional(required=True)


class OwnPerson(Answer):
    """Somebody whose mobile the session has proven, as the clinic has confirmed."""

    person = text("For `patient` of a booking.", required=True)
    first_name = text(required=True)
    last_name = text(required=True)


class OwnPeople(Answer):
    """Whose mobile the session has proven: all of a family that shares one."""

    people = many(OwnPerson)


class RecallBody(Schema):
    """What a recall card asks for: the number, or the birth date where the clinic has none, and the code."""

    national_id = optional()
    birth_date = day(allow_none=True)
    code = text("As on the card: `7K3M-9QX2`.", required=True)


class OpenedRecall(Answer):
    """What a recall's code opens: a booking by `manage_token`, or a need without a time by the other three."""

    manage_token = text("Opens the booking, see `/v1/manage/{token}`.")
    token = text("For `Authorization: Bearer` at the clinic: books the need.")
    clinic = text()
    need = text("The need's id.")
