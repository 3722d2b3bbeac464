"""Free times, and holding one of them."""

from marshmallow import Schema, fields

from gateway.api.schemas.fields import Answer, day, many, moment, one_of, optional, text


def asked_for() -> fields.String:
    """Return the field that says whether whoever books is new to the clinic."""
    told = "Whether the patient is new to the clinic: new is for those who take new patients alone."
    return one_of("new", "known", data_key="for", allow_none=True, metadata={"description": told})


class SearchQuery(Schema):
    """For which days to search, and for whom."""

    type = text("The appointment type's key.", required=True)
    practitioner = text("A practitioner's key; left out: any.")
    from_ = day("First day.", required=True, data_key="from")
    to = day("Last day, included.", required=True)
    need = text("A need's id, for a type controlled by needs; left out: the earliest open one of the type.")
    patient = asked_for()


class NextQuery(Schema):
    """From when on to look for the first free times, and for whom."""

    type = text("The appointment type's key.", required=True)
    practitioner = text("A practitioner's key; left out: any.")
    after = moment("Not before this moment; left out: now.")
    count = text("How many, 10 at most, which is the default: not two within the hour, on several days.")
    by = one_of("practitioner", metadata={"description": "The first time of each practitioner."})
    patient = asked_for()


class MoveQuery(Schema):
    """For which days to search."""

    from_ = day("First day.", required=True, data_key="from")
    to = day("Last day, included.", required=True)


class Day(Answer):
    """How much is free on a day."""

    date = day(required=True)
    level = one_of("many", "few", "none", required=True)
    free = fields.Integer(required=True)
    holiday = optional("The public holiday's name, in the reader's language where it has one.")


class Days(Answer):
    """Days in order."""

    days = many(Day)


class Slot(Answer):
    """A time that can be booked."""

    start = moment(required=True)
    end = moment(required=True)
    practitioners = fields.List(fields.String(), required=True)
    new_patients = fields.List(
        fields.String(), metadata={"description": "Those of them who take patients that the clinic does not know."}
    )


class Slots(Answer):
    """Times in order."""

    slots = many(Slot)


class ChosenTime(Schema):
    """Which time is meant."""

    type = text(required=True)
    practitioner = optional("Left out: any that is free.")
    start = moment(required=True)
    end = moment("Where practitioners take different lengths: which one; left out, the first one's.", allow_none=True)
    need = optional("As in searches.")


class PlaceToMove(Slot):
    """A time to which a booking may move."""

    then = fields.List(
        one_of("rebook", "cancel"),
        metadata={"description": "What the patient may still do after that move: some are too near for more."},
    )


class PlacesToMove(Answer):
    """Times to which a booking may move, in order."""

    slots = many(PlaceToMove)


class HoldBody(ChosenTime):
    """Which time to hold, and for whom: left out, any practitioner is one who takes new patients."""

    patient = asked_for()
    replaces = optional("The hold of before, of the same visitor: it is given back once the new time is held.")


class FreeSlotsQuery(Schema):
    """For which days, and for how long."""

    type = text("The appointment type's key.", required=True)
    practitioner = text("A practitioner's key; left out: any.")
    from_ = day("First day.", required=True, data_key="from")
    to = day("Last day, included.", required=True)
    minutes = fields.Integer(metadata={"description": "How long; left out: as long as the type takes."})
    moving = text("The reference of a booking that is to be moved: what it takes counts as free.")


class FreeSlot(Answer):
    """A time that staff may give."""

    start = moment(required=True)
    end = moment(required=True)
    practitioners = fields.List(fields.String(), required=True)
    outside_online = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "With whom it lies outside the blocks in which patients may book the type."},
    )


class FreeSlots(Answer):
    """Times in order."""

    slots = many(FreeSlot)


class StaffHoldBody(ChosenTime):
    """Which time to hold."""

    minutes = fields.Integer(allow_none=True, metadata={"description": "Left out: as long as the type takes."})
    outside_plan = fields.Boolean(allow_none=True, metadata={"description": "Needed outside any block."})
    replaces = optional("The hold of before: it is given back once the new time is held.")


class Hold(Answer):
    """A time held while the form is filled in."""

    hold = text(required=True)
    practitioner = text(required=True)
    start = moment(required=True)
    end = moment(required=True)
    expires = moment(required=True)
