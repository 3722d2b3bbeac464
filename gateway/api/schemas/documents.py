"""A clinic's set-up, its pictures, and the links to its booking page."""

from marshmallow import Schema, fields, validate

from gateway.api.schemas.fields import Answer, PageOfList, day, many, moment, one_of, optional, text
from gateway.api.schemas.staff_bookings import Booking
from gateway.api.schemas.times import Slot


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


class _Meetings(Answer):
    """The bookings that a document would meet."""

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


class DocumentHistoryQuery(PageOfList):
    """Which part of the history of a set-up."""

    since = fields.Integer(metadata={"description": "Only what came after this revision."})


class DocumentHistoryEntry(Answer):
    """What a revision of the clinic has changed, when, and by whom."""

    revision = fields.Integer(required=True)
    kind = fields.String(
        required=True,
        validate=validate.OneOf(("begun", "made", "document", "picture", "absence")),
        metadata={
            "description": "What was changed; `made` where the clinic is new, `begun` where its history begins with "
            "what was in force."
        },
    )
    at = moment(required=True)
    actor = fields.Raw(required=True)
    changes = fields.List(
        fields.Nested(DocumentChange),
        required=True,
        metadata={"description": "In a list the first eight. Of absences all but the reason is told."},
    )
    change_count = fields.Integer(required=True)


class DocumentHistory(Answer):
    """A page of the history of a set-up, the newest first."""

    history = many(DocumentHistoryEntry)
    next = optional(required=True)


class DocumentState(DocumentHistoryEntry):
    """An entry with all of its changes, and the document of then, without absences."""

    document = fields.Dict(required=True)


class DocumentCheck(_Meetings):
    """What applying the document would find and change."""

    errors = many(DocumentError)
    changes = many(DocumentChange)


def _flag(description: str) -> fields.Boolean:
    return fields.Boolean(allow_none=True, metadata={"description": description})


class DocumentPreviewBody(Schema):
    """A document that need not be in force, and for which days it is looked at, 31 at most."""

    document = fields.Raw(
        allow_none=True,
        metadata={"description": "As JSON, or its YAML as one text; left out: the document that is in force."},
    )
    from_ = day("First day.", required=True, data_key="from")
    to = day("Last day, included.", required=True)
    type = optional("The key of the one type that is looked at; left out: all.")
    practitioner = optional("A practitioner's key; left out: any.")
    present = _flag("Whether the document in force is looked at as well, and compared.")
    bookings = _flag("Whether to tell which bookings would lie outside; left out: yes.")
    as_if_on = _flag("Whether to look as if patients could book, where they cannot.")
    one = _flag("List the times of one type alone: of `type`, else of the first one that is offered otherwise.")


class PreviewedType(Answer):
    """What patients would be offered of a type, and where that was asked what they are offered of it."""

    type = text(required=True)
    name = text("The clinic's own name of it.", required=True)
    alias = fields.Dict(metadata={"description": "What patients read, by language."})
    needs = fields.Boolean(metadata={"description": "Whether only patients with a need are offered it."})
    free = fields.Integer(metadata={"description": "How many times there would be."})
    present_free = fields.Integer(allow_none=True, metadata={"description": "How many there are."})
    changes = fields.Boolean(allow_none=True, metadata={"description": "Whether it is offered otherwise."})
    slots = fields.List(
        fields.Nested(Slot),
        allow_none=True,
        metadata={"description": "The times that there would be; null where they are too many to be listed."},
    )
    present = fields.List(
        fields.Nested(Slot), allow_none=True, metadata={"description": "The times that there are, likewise."}
    )


class DocumentPreview(_Meetings):
    """What patients would see by a document."""

    errors = many(DocumentError)
    on = fields.Boolean(allow_none=True, metadata={"description": "Whether patients could book at all."})
    present_on = fields.Boolean(allow_none=True, metadata={"description": "Whether they can."})
    as_if_on = fields.Boolean(metadata={"description": "Whether it was looked as if they could, where they cannot."})
    types = many(PreviewedType)
    unsearched = fields.List(
        fields.String(), metadata={"description": "Types that were too many to be looked at: ask for each by `type`."}
    )
    practitioners = fields.List(fields.Dict(), metadata={"description": "With whom patients can book: `key`, `name`."})
    holidays = fields.List(
        fields.Dict(), metadata={"description": "Those that patients are shown: `date`, `holiday`, `holidays`."}
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
