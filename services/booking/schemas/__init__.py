"""What callers may send to booking, read into the model's requests; every function raises Invalid."""

from services.booking.schemas.absences import collision_times_page, resolve_request
from services.booking.schemas.bookings import (
    booking_request,
    cancel_request,
    change_request,
    hold_request,
    move_request,
    named_booking,
    new_link_request,
    sms_reminder,
    staff_booking_request,
)
from services.booking.schemas.recalls import (
    cards_request,
    issue_request,
    recall_request,
    recalls_query,
    typed_code,
)
from services.booking.schemas.searches import (
    booking_query,
    calendar_query,
    collision_search,
    history_page,
    move_days,
    need_days,
    need_slots,
    page,
    stretch,
    treated_patients,
    watch_list_query,
)

__all__ = [
    "booking_query",
    "booking_request",
    "calendar_query",
    "cancel_request",
    "cards_request",
    "change_request",
    "collision_search",
    "collision_times_page",
    "history_page",
    "hold_request",
    "issue_request",
    "move_days",
    "move_request",
    "named_booking",
    "need_days",
    "need_slots",
    "new_link_request",
    "page",
    "recall_request",
    "recalls_query",
    "resolve_request",
    "sms_reminder",
    "staff_booking_request",
    "stretch",
    "treated_patients",
    "typed_code",
    "watch_list_query",
]
