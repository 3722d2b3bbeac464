"""Bookings and the watch list of a clinic, for its staff."""

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import KEY, NO_SLOT, REPEAT_WITH_KEY, Operation
from gateway.clients.services import Services
from gateway.http.answers import answer, no_content
from gateway.http.bounds import LONG_CALL_SECONDS
from gateway.http.request import Request

_CLINIC = "/v1/staff/clinics/<clinic>"
_BOOKINGS = f"{_CLINIC}/bookings"
_BOOKING = f"{_BOOKINGS}/<reference>"
_FOUND = ("not_found", "invalid")
_LOOK = "It may be done all the same: `GET …/bookings/{reference}` says how it stands; repeat what is not done."


def bookings(services: Services, request: Request, clinic: str) -> Response:
    """Return a page of the clinic's bookings."""
    return answer(services.booking.find(clinic, **request.asked))


def staff_book(services: Services, request: Request, clinic: str) -> Response:
    """Book for a patient; staff override every rule but overlap."""
    key = request.idempotency_key()
    fields = {**request.sent, "idempotency_key": key} if key else request.sent
    return answer(services.booking.book(clinic, **fields), 201)


def staff_booking(services: Services, request: Request, clinic: str, reference: str) -> Response:
    """Return one booking."""
    return answer(services.booking.get(clinic, reference))


def history(services: Services, request: Request, clinic: str, reference: str) -> Response:
    """Return a page of the booking's history (A1)."""
    return answer(services.booking.history(clinic, reference, **request.asked))


def verify_history(services: Services, request: Request, clinic: str) -> Response:
    """Return what of a page of histories, or of the checkpoints over them, is not as it was written (A1)."""
    return answer(services.booking.with_timeout(LONG_CALL_SECONDS).verify_history(clinic, **request.asked))


def staff_rebook(services: Services, request: Request, clinic: str, reference: str) -> Response:
    """Change the booking in one step."""
    return answer(services.booking.rebook(clinic=clinic, reference=reference, **request.sent))


def staff_cancel(services: Services, request: Request, clinic: str, reference: str) -> Response:
    """Cancel the booking."""
    return answer(services.booking.cancel(clinic=clinic, reference=reference, **request.sent))


def undo(services: Services, request: Request, clinic: str, reference: str) -> Response:
    """Take a move or cancellation back (C10)."""
    return answer(services.booking.undo(clinic, reference, **request.sent))


def arrived(services: Services, request: Request, clinic: str, reference: str) -> Response:
    """Note that the patient is there (C9)."""
    return answer(services.booking.arrived(clinic, reference, **request.sent))


def mark_no_show(services: Services, request: Request, clinic: str, reference: str) -> Response:
    """Mark the booking as missed (C9)."""
    return answer(services.booking.mark_no_show(clinic, reference, **request.sent))


def note(services: Services, request: Request, clinic: str, reference: str) -> Response:
    """Write the staff's own note of the booking (C9)."""
    return answer(services.booking.note(clinic, reference, **request.sent))


def set_sms_reminder(services: Services, request: Request, clinic: str, reference: str) -> Response:
    """Switch the SMS reminder of one appointment (N3)."""
    return answer(services.booking.set_sms_reminder(clinic, reference, **request.sent))


def new_link(services: Services, request: Request, clinic: str, reference: str) -> Response:
    """Make the booking's link void (C13)."""
    return answer(services.booking.new_link(clinic, reference, **request.sent))


def watch_list(services: Services, request: Request, clinic: str) -> Response:
    """Return a page of the watch list (M5)."""
    return answer(services.booking.watch_list(clinic, **request.asked))


def watch_done(services: Services, request: Request, clinic: str, id: str) -> Response:
    """Take a row off the watch list, or put it back (M5)."""
    services.booking.watch_done(clinic, id, **request.sent)
    return no_content()


ROUTES = (
    Operation(
        "GET", _BOOKINGS, bookings, "List bookings", schemas.Bookings,
        query=schemas.BookingsQuery, refusals=_FOUND, staff=True,
    ),
    Operation(
        "POST", _BOOKINGS, staff_book, "Book for a patient", schemas.StaffBooked, 201, body=schemas.StaffBookingBody,
        headers=KEY,
        in_doubt=f"{REPEAT_WITH_KEY} Without one, look in `GET …/bookings` for the time before you book again.",
        refusals=(*_FOUND, "invalid_national_id", *NO_SLOT, "hold_expired"), staff=True,
    ),
    Operation("GET", _BOOKING, staff_booking, "Show a booking", schemas.Booking, refusals=("not_found",), staff=True),
    Operation(
        "GET", f"{_BOOKING}/history", history, "Show all that happened to a booking", schemas.History,
        query=schemas.PageOfList, refusals=_FOUND, staff=True,
    ),
    Operation(
        "GET", f"{_CLINIC}/history/verify", verify_history, "Check that no history was changed",
        schemas.VerifiedHistory, query=schemas.VerifyQuery, refusals=_FOUND, staff=True,
    ),
    Operation(
        "POST", f"{_BOOKING}/rebook", staff_rebook, "Change time, practitioner, type or length", schemas.Booking,
        body=schemas.StaffMoveBody,
        refusals=(*_FOUND, *NO_SLOT, "already_cancelled", "changed_meanwhile"), staff=True, in_doubt=_LOOK,
    ),
    Operation(
        "POST", f"{_BOOKING}/cancel", staff_cancel, "Cancel a booking", schemas.Booking,
        body=schemas.StaffCancelBody, refusals=(*_FOUND, "already_cancelled", "changed_meanwhile"), staff=True,
        in_doubt=_LOOK,
    ),
    Operation(
        "POST", f"{_BOOKING}/undo", undo, "Take back a move or cancellation of one's own within a minute",
        schemas.Booking, body=schemas.UndoBody, refusals=(*_FOUND, "changed_meanwhile", "too_late"), staff=True,
        in_doubt=_LOOK,
    ),
    Operation(
        "POST", f"{_BOOKING}/arrived", arrived, "Note that the patient is there, or take that back", schemas.Booking,
        body=schemas.HappenedBody, refusals=(*_FOUND, "already_cancelled"), staff=True,
    ),
    Operation(
        "POST", f"{_BOOKING}/no-show", mark_no_show, "Note that the patient did not come, or take that back",
        schemas.Booking, body=schemas.HappenedBody, refusals=(*_FOUND, "already_cancelled"), staff=True,
    ),
    Operation(
        "POST", f"{_BOOKING}/note", note, "Write a note for the staff alone", schemas.Booking,
        body=schemas.NoteBody, refusals=(*_FOUND, "changed_meanwhile"), staff=True,
    ),
    Operation(
        "POST", f"{_BOOKING}/sms-reminder", set_sms_reminder, "Switch a booking's SMS reminder", schemas.Booking,
        body=schemas.SmsReminderBody, refusals=(*_FOUND, "already_cancelled"), staff=True,
    ),
    Operation(
        "POST", f"{_BOOKING}/new-link", new_link, "Make a booking's link void, and send a new one",
        schemas.RenewedBooking, body=schemas.NewLinkBody, refusals=(*_FOUND, "changed_meanwhile"), staff=True,
    ),
    Operation(
        "GET", f"{_CLINIC}/watch-list", watch_list, "List patients who cancelled", schemas.WatchList,
        query=schemas.WatchListQuery, refusals=_FOUND, staff=True,
    ),
    Operation(
        "POST", f"{_CLINIC}/watch-list/<id>/done", watch_done, "Tick a patient off, or take that back", status=204,
        body=schemas.HappenedBody, refusals=("not_found",), staff=True,
    ),
)  # fmt: skip
