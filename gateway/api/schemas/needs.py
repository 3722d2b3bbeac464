"""Needs: what patients are called for (R1, R3)."""

from marshmallow import Schema, fields

from gateway.api.schemas.fields import (
    Answer,
    PageOfList,
    addresses_to_confirm,
    day,
    many,
    one_of,
    optional,
    text,
    unconfirmed_addresses,
)

_LISTS = ("due", "overdue", "booked", "expired", "closed")
_STATES = ("open", "used", "expired", "closed")
_WEEK = "An ISO week, 2026-W49."


class Need(Answer):
    """A need: who is to come, for what, for how long, with whom, in which week."""

    id = text(required=True)
    patient = optional("The patient's id; null where patients read it.", required=True)
    type = text(required=True)
    practitioner = optional("Null: whoever takes the type.", required=True)
    minutes = fields.Integer(required=True)
    week = text(_WEEK, required=True)
    state = one_of(*_STATES, required=True)
    usable_until = day("The last date on which it can be booked with; null: no limit.", allow_none=True, required=True)
    booking = optional("The reference of the booking that uses it.", required=True)


class GivenNeed(Need):
    """A need that was given just now."""

    unconfirmed = unconfirmed_addresses()


class Needs(Answer):
    """A page of needs, by week."""

    needs = many(Need)
    next = optional(required=True)


class NeedsQuery(PageOfList):
    """Which needs."""

    list = one_of(
        *_LISTS,
        metadata={
            "description": "due: open, its week not over. overdue: open, its week over. booked. "
            "expired: open past its last day. closed: taken back."
        },
    )
    week = text(_WEEK)
    patient = text("The patient's id.")
    type = text("The appointment type's key.")


class NeedBody(Schema):
    """A need to give."""

    patient = text("The patient's id.", required=True)
    type = text("The appointment type's key.", required=True)
    practitioner = optional("Left out: whoever takes the type.")
    minutes = fields.Integer(
        allow_none=True, metadata={"description": "A multiple of the clinic's grid; left out: as the type takes."}
    )
    week = text(_WEEK, required=True)
    confirm = addresses_to_confirm()
