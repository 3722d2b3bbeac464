"""Bookings, absences and the watch list of a clinic, for its staff."""

from typing import Any

from werkzeug.wrappers import Response

from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.api.routes import api
from gateway.http.answers import answer, no_content
from gateway.http.bounds import LONG_CALL_SECONDS
from gateway.http.request import Request

_CLINIC = "/v1/staff/clinics/<clinic>"
_BOOKINGS = f"{_CLINIC}/bookings"
_BOOKING = f"{_BOOKINGS}/<reference>"
_ABSENCES = f"{_CLINIC}/absences"
_FOUND = ("not_found", "invalid")
_NO_SLOT = ("slot_not_offered", "slot_taken", "slot_held")


class StaffBookings:
    """What staff do with bookings."""

    booking: Any

    @api(
        Operation(
            "GET", _BOOKINGS, "List bookings", schemas.Bookings,
            query=schemas.BookingsQuery, refusals=_FOUND, staff=True,
        )
    )  # fmt: skip
    def bookings(self, request: Request, clinic: str) -> Response:
        """Return a page of the clinic's bookings."""
        return answer(self.booking.find(clinic, **request.asked))

    @api(
        Operation(
            "POST", _BOOKINGS, "Book for a patient", schemas.Booked, 201, body=schemas.StaffBookingBody,
            headers={"Idempotency-Key": "Repeated within 24 hours: the first answer again (B13)."},
            refusals=(*_FOUND, "invalid_national_id", *_NO_SLOT, "hold_expired"), staff=True,
        )
    )  # fmt: skip
    def staff_book(self, request: Request, clinic: str) -> Response:
        """Book for a patient; staff override every rule but overlap."""
        key = request.idempotency_key()
        fields = {**request.sent, "idempotency_key": key} if key else request.sent
        return answer(self.booking.book(clinic, **fields), 201)

    @api(Operation("GET", _BOOKING, "Show a booking", schemas.Booking, refusals=("not_found",), staff=True))
    def staff_booking(self, request: Request, clinic: str, reference: str) -> Response:
        """Return one booking."""
        return answer(self.booking.get(clinic, reference))

    @api(
        Operation(
            "GET", f"{_BOOKING}/history", "Show all that happened to a booking", schemas.History,
            query=schemas.PageOfList, refusals=_FOUND, staff=True,
        )
    )  # fmt: skip
    def history(self, request: Request, clinic: str, reference: str) -> Response:
        """Return a page of the booking's history (A1)."""
        return answer(self.booking.history(clinic, reference, **request.asked))

    @api(
        Operation(
            "POST", f"{_BOOKING}/rebook", "Change time, practitioner, type or length", schemas.Booking,
            body=schemas.StaffMoveBody,
            refusals=(*_FOUND, *_NO_SLOT, "already_cancelled", "changed_meanwhile"), staff=True,
        )
    )  # fmt: skip
    def staff_rebook(self, request: Request, clinic: str, reference: str) -> Response:
        """Change the booking in one step."""
        return answer(self.booking.rebook(clinic=clinic, reference=reference, **request.sent))

    @api(
        Operation(
            "POST", f"{_BOOKING}/cancel", "Cancel a booking", schemas.Booking,
            body=schemas.CancelBody, refusals=(*_FOUND, "already_cancelled"), staff=True,
        )
    )  # fmt: skip
    def staff_cancel(self, request: Request, clinic: str, reference: str) -> Response:
        """Cancel the booking."""
        return answer(self.booking.cancel(clinic=clinic, reference=reference, **request.sent))

    @api(
        Operation(
            "POST", f"{_BOOKING}/no-show", "Note that the patient did not come", schemas.Booking,
            refusals=(*_FOUND, "already_cancelled"), staff=True,
        )
    )  # fmt: skip
    def mark_no_show(self, request: Request, clinic: str, reference: str) -> Response:
        """Mark the booking as missed."""
        return answer(self.booking.mark_no_show(clinic, reference))

    @api(
        Operation(
            "POST", f"{_BOOKING}/sms-reminder", "Switch a booking's SMS reminder", schemas.Booking,
            body=schemas.SmsReminderBody, refusals=(*_FOUND, "already_cancelled"), staff=True,
        )
    )  # fmt: skip
    def set_sms_reminder(self, request: Request, clinic: str, reference: str) -> Response:
        """Switch the SMS reminder of one appointment (N3)."""
        return answer(self.booking.set_sms_reminder(clinic, reference, **request.sent))

    @api(
        Operation(
            "GET", f"{_CLINIC}/watch-list", "List patients who cancelled", schemas.WatchList,
            query=schemas.PageOfList, refusals=_FOUND, staff=True,
        )
    )  # fmt: skip
    def watch_list(self, request: Request, clinic: str) -> Response:
        """Return a page of the watch list (M5)."""
        return answer(self.booking.watch_list(clinic, **request.asked))

    @api(
        Operation(
            "POST", f"{_CLINIC}/watch-list/<id>/done", "Tick a patient off", status=204,
            refusals=("not_found",), staff=True,
        )
    )  # fmt: skip
    def watch_done(self, request: Request, clinic: str, id: str) -> Response:
        """Take a row off the watch list."""
        self.booking.watch_done(clinic, id)
        return no_content()


class StaffAbsences:
    """Leave, closures, blocked times (S8)."""

    availability: Any

    @api(
        Operation(
            "GET", _ABSENCES, "List absences", schemas.Absences,
            query=schemas.AbsencesQuery, refusals=_FOUND, staff=True,
        )
    )  # fmt: skip
    def absences(self, request: Request, clinic: str) -> Response:
        """Return a page of absences."""
        return answer(self.availability.absences(clinic, **request.asked))

    @api(
        Operation(
            "POST", _ABSENCES, "Enter an absence", schemas.AbsenceAnswer, 201,
            body=schemas.AbsenceBody, refusals=_FOUND, staff=True,
        )
    )  # fmt: skip
    def add_absence(self, request: Request, clinic: str) -> Response:
        """Enter an absence and return the bookings that are in its way."""
        return answer(self.availability.with_timeout(LONG_CALL_SECONDS).add_absence(clinic, **request.sent), 201)

    @api(
        Operation(
            "PUT", f"{_ABSENCES}/<id>", "Change an absence", schemas.AbsenceAnswer,
            body=schemas.AbsenceBody, refusals=_FOUND, staff=True,
        )
    )  # fmt: skip
    def update_absence(self, request: Request, clinic: str, id: str) -> Response:
        """Replace an absence and return the bookings that are in its way."""
        return answer(self.availability.with_timeout(LONG_CALL_SECONDS).update_absence(clinic, id, **request.sent))

    @api(
        Operation(
            "DELETE", f"{_ABSENCES}/<id>", "Remove an absence", status=204, refusals=("not_found",), staff=True
        )
    )  # fmt: skip
    def remove_absence(self, request: Request, clinic: str, id: str) -> Response:
        """Remove an absence."""
        self.availability.remove_absence(clinic, id)
        return no_content()
