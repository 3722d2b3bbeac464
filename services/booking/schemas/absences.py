"""What callers may send to deal with what stands in the way of an absence (PRODUCT C12)."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from services.booking.model.requests import AbsenceMove, ResolveRequest
from services.booking.schemas.bookings import LONGEST_COMMENT
from services.booking.schemas.fields import a_key, a_moment, a_text, in_utc
from shared.incoming.fields import checked
from shared.incoming.paging import Paging

MOST_AT_ONCE = 50
"""So many bookings are shown with their free times, and dealt with, at once; a sick day has fewer."""


class AbsenceMoveSchema(Schema):
    """One booking that is to be moved."""

    reference = a_key(required=True)
    start = a_moment(required=True)
    practitioner = a_key(load_default=None, allow_none=True)
    version = fields.Integer(strict=True, required=True)


class ResolveSchema(Schema):
    """What becomes of which booking."""

    move = fields.List(fields.Nested(AbsenceMoveSchema), load_default=list, validate=validate.Length(max=MOST_AT_ONCE))
    invite = fields.List(a_key(), load_default=list, validate=validate.Length(max=MOST_AT_ONCE))
    text = a_text(LONGEST_COMMENT)


class CollisionTimesSchema(Schema):
    """A page of what stands in the way."""

    limit = fields.Integer(load_default=MOST_AT_ONCE, validate=validate.Range(min=1, max=MOST_AT_ONCE))
    cursor = a_text(200, load_default=None)


def resolve_request(sent: Mapping[str, Any]) -> ResolveRequest:
    """Read what is to become of bookings in the way of an absence; raise Invalid."""
    read = checked(ResolveSchema(), sent)
    move = tuple(AbsenceMove(**in_utc(each)) for each in read["move"])
    return ResolveRequest(move, tuple(read["invite"]), read.get("text", "").strip() or None)


def collision_times_page(sent: Mapping[str, Any]) -> Paging:
    """Read which page of collisions is wanted; raise Invalid."""
    return Paging(**checked(CollisionTimesSchema(), sent))
