"""Calling patients in: booked recalls, and what goes out by message or printed card (R1, R2)."""

from marshmallow import Schema, fields

from gateway.api.schemas.fields import (
    Answer,
    addresses_to_confirm,
    many,
    moment,
    one_of,
    optional,
    text,
    unconfirmed_addresses,
)

_CHANNELS = ("sms", "email", "card")
_CODE = "As on the card: `7K3M-9QX2`. Null where the clinic knows neither number nor birth date of the patient."
_REASONS = (
    "`no_mobile`, `no_email`, `no_consent`, `unconfirmed` by the clinic, "
    "or `no_identity` for a card whose code would open nothing."
)


def _send() -> fields.List[str]:
    return fields.List(one_of(*_CHANNELS), required=True, metadata={"description": "By what, at least one."})


class StaffRecallBody(Schema):
    """A time to book for a patient who is called in."""

    patient = text("The patient's id.", required=True)
    type = text(required=True)
    practitioner = text(required=True)
    start = moment(required=True)
    send = _send()
    minutes = fields.Integer(
        allow_none=True, metadata={"description": "Left out: those of the patient's need, or as the type takes."}
    )
    outside_plan = fields.Boolean(allow_none=True)
    confirm = addresses_to_confirm()


class NotSent(Answer):
    """A way by which a recall does not reach its patient."""

    channel = one_of(*_CHANNELS, required=True)
    reason = text(_REASONS, required=True)


class Recalled(Answer):
    """A booked recall."""

    reference = text(required=True)
    code = optional(_CODE, required=True)
    not_sent = many(NotSent)
    unconfirmed = unconfirmed_addresses()


class IssueBody(Schema):
    """Which recalls go out: exactly one of a week, a need and a booking is named."""

    week = optional("An ISO week, 2026-W49: its open needs, and the recalls that are booked in it.")
    need = optional("A need's id.")
    reference = optional("A booked recall.")
    send = _send()


class IssuedRecall(Answer):
    """A recall that went out."""

    need = optional("The need, where there is one.", required=True)
    reference = optional("The booking; null where the patient chooses the time.", required=True)
    code = optional(_CODE, required=True)


class RecallNotSent(NotSent):
    """A recall that does not reach its patient by one way."""

    need = optional(required=True)
    reference = optional(required=True)


class IssuedRecalls(Answer):
    """What went out, and what could not."""

    issued = many(IssuedRecall)
    not_sent = many(RecallNotSent)


class CardQuery(Schema):
    """How a recall card is printed."""

    layout = one_of("a6", "a4", metadata={"description": "One card to a page, or four with cutting marks."})


class CardsQuery(CardQuery):
    """Which week's recall cards are printed, and how."""

    week = text("An ISO week, as 2026-W49.", required=True)
    page = fields.Integer(metadata={"description": "Which 40 of them, from 1; the answer's Link leads to the next."})
