"""The report on online booking (A2)."""

from marshmallow import Schema, fields

from gateway.api.schemas.fields import Answer, day, many, one_of, text
from shared.contracts.booking import MOST_DAYS_OF_REPORT
from shared.texts.language import LANGUAGES


class OnlineReportQuery(Schema):
    """Which report."""

    first = day("The first of the clinic's dates.", data_key="from", required=True)
    last = day(f"The last one. At most {MOST_DAYS_OF_REPORT} days are told of at once.", data_key="to", required=True)
    by = one_of("day", "week", "month", "type", "practitioner")
    language = one_of(
        *LANGUAGES, metadata={"description": "Whose weeks and months are meant: `fa` has Saturday's, and Jalali ones."}
    )


class OnlineFigures(Answer):
    """What happened. A change counts on the day on which it was made, a missed appointment on its own."""

    visits = fields.Integer(required=True, metadata={"description": "Visits to the booking pages."})
    bookings = fields.Integer(required=True, metadata={"description": "Bookings, also by staff."})
    moves = fields.Integer(required=True, metadata={"description": "Times that a booking became another."})
    cancellations = fields.Integer(required=True)
    missed = fields.Integer(required=True, metadata={"description": "Appointments to which nobody came."})
    refusals = fields.Dict(
        fields.String(), fields.Integer(), required=True,
        metadata={"description": "By code, how often a patient's search or attempt ended without a booking."},
    )  # fmt: skip
    web_share = fields.Float(
        required=True, allow_none=True,
        metadata={"description": "Of the bookings, those by patients on the pages: 0 to 1; null without any."},
    )  # fmt: skip
    lead_time_hours = fields.Float(
        required=True, allow_none=True,
        metadata={"description": "From booking to appointment, on average; null without bookings."},
    )  # fmt: skip


class OnlineRow(OnlineFigures):
    """What happened in a day, week or month, or by one type or practitioner."""

    key = text("`2026-12-01`, `2026-W49` (in `fa` its Saturday), `2026-12` (`1405-09`), or a key.", required=True)
    first = day("Of days, weeks and months, what of it lies in the period.", data_key="from")
    last = day("The last of these.", data_key="to")


class OnlinePeriod(OnlineFigures):
    """What happened in as many days just before."""

    first = day(data_key="from", required=True)
    last = day(data_key="to", required=True)


class Wanted(Answer):
    """How often one thing was wanted that could not be had."""

    code = text("Why not.", required=True)
    weekday = fields.Integer(
        required=True, allow_none=True, metadata={"description": "1, Monday, to 7; null: any day would have done."}
    )
    hour = fields.Integer(
        required=True, allow_none=True, metadata={"description": "0 to 23; null: any time would have done."}
    )
    count = fields.Integer(required=True)


class OnlineReport(Answer):
    """A clinic's online booking in a period."""

    by = one_of("day", "week", "month", "type", "practitioner", required=True)
    first = day(data_key="from", required=True)
    last = day(data_key="to", required=True)
    rows = many(OnlineRow)
    total = fields.Nested(OnlineFigures, required=True)
    before = fields.Nested(OnlinePeriod, required=True)
    wanted = many(Wanted)
