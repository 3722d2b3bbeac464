"""The API that patients and clinics' sites use: searching, booking, the personal link (CONTRACTS 2)."""

from typing import Any

from werkzeug.wrappers import Response

from gateway.access.door import FrontDoor
from gateway.api import schemas
from gateway.api.operation import Operation
from gateway.api.routes import api
from gateway.clients.search import Kind, Search
from gateway.http.answers import answer, no_content, ready
from gateway.http.request import Request
from gateway.public.own_booking import own_booking
from shared.clinic_documents import ClinicDocuments
from shared.language import choose_language

_CLINIC = "/v1/clinics/<clinic>"
_MANAGE = "/v1/manage/<token>"
_TAKING = ("booking_off", "function_off", "invalid", "login_required", "no_open_need", "need_expired")
_SEARCHING = ("not_found", "invalid", "login_required", "no_open_need", "need_expired")
_NO_SLOT = ("slot_not_offered", "slot_taken", "slot_held")
_LINK = ("not_found", "gone")


class PublicApi:
    """Clinics, free times, holds, bookings, and the personal link."""

    availability: Any
    booking: Any
    documents: ClinicDocuments
    search: Search
    door: FrontDoor

    @api(Operation("GET", "/v1/clinics", "List the clinics that can be booked", schemas.Clinics))
    def clinics(self, request: Request) -> Response:
        """Return the clinics whose online booking is active."""
        found = self.availability.clinics()["clinics"]
        return answer({"clinics": [_only(each, "clinic", "name") for each in found if each["active"]]})

    @api(
        Operation(
            "GET", _CLINIC, "Tell what a booking page needs to know", schemas.Profile,
            query=schemas.ProfileQuery, refusals=("not_found", "invalid"),
        )
    )  # fmt: skip
    def clinic(self, request: Request, clinic: str) -> Response:
        """Return the clinic's profile, its texts in the reader's language where the clinic has them."""
        offered = self.documents.get(clinic).document["languages"]
        language = choose_language(request.headers.get("Accept-Language"), request.args.get("lang"), offered)
        profile = self.availability.profile(clinic, **request.asked, language=language)
        return answer(profile, headers={"Content-Language": profile["language"], "Vary": "Accept-Language"})

    @api(
        Operation(
            "GET", f"{_CLINIC}/days", "Tell how much is free on each day, at most 92 days", schemas.Days,
            query=schemas.SearchQuery, refusals=_SEARCHING, patient="welcome",
        )
    )  # fmt: skip
    def days(self, request: Request, clinic: str) -> Response:
        """Return levels and counts by day (S15)."""
        return self._searched("days", request, clinic)

    @api(
        Operation(
            "GET", f"{_CLINIC}/slots", "List free times, of at most 31 days", schemas.Slots,
            query=schemas.SearchQuery, refusals=_SEARCHING, patient="welcome",
        )
    )  # fmt: skip
    def slots(self, request: Request, clinic: str) -> Response:
        """Return the times that are offered."""
        return self._searched("slots", request, clinic)

    @api(
        Operation(
            "POST", f"{_CLINIC}/holds", "Hold a time while the form is filled in", schemas.Hold, 201,
            body=schemas.HoldBody, refusals=("not_found", *_TAKING, *_NO_SLOT, "rate_limited"), patient="welcome",
        )
    )  # fmt: skip
    def hold(self, request: Request, clinic: str) -> Response:
        """Hold a time for the clinic's `hold` minutes (B12)."""
        self.door.limits.count_booking(request.address)
        return answer(self.booking.hold(clinic, **request.sent), 201)

    @api(Operation("DELETE", "/v1/holds/<hold>", "Give a held time back", status=204))
    def release(self, request: Request, hold: str) -> Response:
        """Give a held time back; one that is gone already is given back as well."""
        self.booking.release(hold)
        return no_content()

    @api(
        Operation(
            "POST", f"{_CLINIC}/bookings", "Book a time", schemas.Booked, 201,
            body=schemas.BookingBody,
            headers={"Idempotency-Key": "Repeated within 24 hours: the first answer again (B13)."},
            refusals=(
                "not_found", *_TAKING, "invalid_national_id", "new_patients_refused", "under_age",
                *_NO_SLOT, "hold_expired", "rate_limited",
            ),
            patient="welcome",
        )
    )  # fmt: skip
    def book(self, request: Request, clinic: str) -> Response:
        """Book a time for a patient."""
        self.door.limits.count_booking(request.address)
        key = request.idempotency_key()
        fields = {**request.sent, "idempotency_key": key} if key else request.sent
        with self.door.limits.telling_who_is_known(request.address):
            return answer(self.booking.book(clinic, **fields), 201)

    @api(Operation("GET", _MANAGE, "Show the booking behind a personal link", schemas.OwnBooking, refusals=_LINK))
    def manage(self, request: Request, token: str) -> Response:
        """Return the booking, and what its patient may do with it."""
        opened = self.booking.open_link(token)
        return answer({**own_booking(opened["booking"]), "clinic": opened["clinic"], "may": opened["may"]})

    @api(
        Operation(
            "GET", f"{_MANAGE}/slots", "List the times that the booking may move to", schemas.Slots,
            query=schemas.MoveQuery, refusals=(*_LINK, "invalid", "too_late", "already_cancelled", "not_changeable"),
        )
    )  # fmt: skip
    def manage_slots(self, request: Request, token: str) -> Response:
        """Return other times of the same practitioner and length (M4)."""
        return answer(self.booking.slots_for(token, **request.asked))

    @api(
        Operation(
            "POST", f"{_MANAGE}/rebook", "Move the booking", schemas.OwnBooking, body=schemas.MoveBody,
            refusals=(
                *_LINK, "booking_off", "function_off", "invalid", *_NO_SLOT,
                "too_late", "already_cancelled", "not_changeable",
            ),
        )
    )  # fmt: skip
    def manage_rebook(self, request: Request, token: str) -> Response:
        """Move the booking in one step."""
        return answer(own_booking(self.booking.rebook(token=token, **request.sent)))

    @api(
        Operation(
            "POST", f"{_MANAGE}/cancel", "Cancel the booking", schemas.OwnBooking, body=schemas.CancelBody,
            refusals=(
                *_LINK, "booking_off", "function_off", "invalid", "too_late", "already_cancelled", "not_changeable",
            ),
        )
    )  # fmt: skip
    def manage_cancel(self, request: Request, token: str) -> Response:
        """Cancel the booking, with the patient's comment."""
        return answer(own_booking(self.booking.cancel(token=token, **request.sent)))

    def _searched(self, kind: Kind, request: Request, clinic: str) -> Response:
        """Return free times: everybody's from the slot cache, those for a need from booking and for nobody to keep."""
        if "need" in request.asked or (request.proof and self._is_controlled(clinic, request.asked.get("type"))):
            search = self.booking.days_for_need if kind == "days" else self.booking.slots_for_need
            return answer(search(clinic, **request.asked), headers={"Cache-Control": "no-store"})
        return ready(self.search.find(self.availability, kind, clinic, request.asked))

    def _is_controlled(self, clinic: str, type_key: str | None) -> bool:
        """Tell whether only who has an open need may book the type (B9)."""
        types = self.documents.get(clinic).document["types"]
        return any(each["key"] == type_key and each["needs"]["controlled"] for each in types)


def _only(found: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: found[name] for name in names}
