"""The secret addresses of practitioners' calendars (C16)."""

from marshmallow import Schema, fields

from gateway.api.schemas.fields import Answer, many, moment, text

_NAMES = {"description": "Whether it tells patients' names and types; else appointments are only busy times."}


class CalendarFeedBody(Schema):
    """Whose calendar is to be fetched."""

    practitioner = text("A practitioner's key; a therapist's is their own.", required=True)
    names = fields.Boolean(metadata={**_NAMES, "default": False})


class CalendarFeed(Answer):
    """A secret address, without the address itself."""

    id = text(required=True)
    practitioner = text(required=True)
    names = fields.Boolean(required=True, metadata=_NAMES)
    email = text("Whose account it ends with.", required=True)
    own = fields.Boolean(required=True, metadata={"description": "Whether it belongs to whoever asks."})
    created_at = moment(required=True)
    fetched_at = moment("When a program last fetched it, to the minute; null: never.", required=True, allow_none=True)


class NewCalendarFeed(CalendarFeed):
    """A secret address that was just made."""

    url = text("The address, which is told this once.", required=True)


class CalendarFeeds(Answer):
    """The secret addresses, the oldest first."""

    feeds = many(CalendarFeed)
