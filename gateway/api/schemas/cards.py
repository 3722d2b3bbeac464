"""Which recall cards to print, and how."""

from marshmallow import Schema, fields

from gateway.api.schemas.fields import one_of, text


class CardQuery(Schema):
    """How a recall card is printed."""

    layout = one_of("a6", "a4", metadata={"description": "One card to a page, or four with cutting marks."})


class CardsQuery(CardQuery):
    """Which week's recall cards are printed, and how."""

    week = text("An ISO week, as 2026-W49.", required=True)
    page = fields.Integer(metadata={"description": "Which 40 of them, from 1; the answer's Link leads to the next."})
