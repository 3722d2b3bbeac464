"""A clinic's set-up, its pictures, and the links to its booking page."""

from marshmallow import fields

from gateway.api.schemas.fields import Answer, many, one_of, text
from gateway.api.schemas.staff_bookings import Booking


class ClinicDocument(Answer):
    """A clinic's whole set-up (CONTRACTS 1); availability checks all of its keys."""

    clinic = text(required=True)
    name = text(required=True)
    time_zone = text(required=True)
    practitioners = fields.List(fields.Dict(), required=True)
    types = fields.List(fields.Dict(), required=True)


class DocumentError(Answer):
    """A mistake in a document and where it stands."""

    path = text(required=True)
    message = text(required=True)


class DocumentChange(Answer):
    """A difference to the document in force."""

    path = text(required=True)
    before = fields.Raw(allow_none=True)
    after = fields.Raw(allow_none=True)


class DocumentCheck(Answer):
    """What applying the document would find and change."""

    errors = many(DocumentError)
    changes = many(DocumentChange)
    collisions = fields.List(
        fields.Nested(Booking),
        allow_none=True,
        metadata={
            "description": "The first bookings that meet an absence which is new or another, or lie in working time of "
            "the coming half year that is none any more; null: not known."
        },
    )
    collision_count = fields.Integer(
        allow_none=True, metadata={"description": "How many such bookings there are, counted up to 1000."}
    )
    absences_unchecked = fields.Integer(
        metadata={"description": "Of so many of all these it was not looked for bookings: of the first 200 it is."}
    )


class DocumentShape(Answer):
    """What a document's keys take, by which forms are drawn."""

    keys = fields.List(
        fields.Dict(),
        metadata={
            "description": "Each with `name`, `label`, `hint`, `required`, `default` and the `kind` of its value, with "
            "its limits or choices; of a section its `keys`, of a list its `item`, of a map its `key` and `value`."
        },
    )


class Link(Answer):
    """A link to the booking page with choices made: a practitioner's type, or week template."""

    practitioner = text(required=True)
    kind = one_of("type", "template", required=True)
    key = text("The type's, the template's.", required=True)
    name = text("The clinic's own name of it.", required=True)
    url = text(required=True)
    snippet = text("HTML that shows the page inside a site.", required=True)


class PageLink(Answer):
    """The booking page with nothing chosen."""

    url = text(required=True)
    snippet = text("HTML that shows the page inside a site.", required=True)


class Links(Answer):
    """Links for the clinic's own site: to the whole page, and by practitioner."""

    page = fields.Nested(PageLink)
    links = many(Link)


class PutPicture(Answer):
    """A picture as it is kept: drawn anew as WebP, upright, without what else the file held."""

    name = text("What the clinic's document calls it by.", required=True)
    url = text("Where browsers find it; changes with what it shows.", required=True)
    type = text(required=True)
    width = fields.Integer(required=True, metadata={"description": "In pixels: 480 at most."})
    height = fields.Integer(required=True, metadata={"description": "In pixels: 192 at most."})
