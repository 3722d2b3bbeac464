"""The booking page: type, practitioner, time, details, review, confirmation (B2).

Plain forms; scripts only speed it up. Every answer follows from the request alone: the draft that it carries says
which step comes next.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from gateway.booking_refusals import refused_page
from gateway.clinic_view import ClinicView, TypeView, clinic_view
from gateway.collaborators import Services
from gateway.details_form import Checked, Field, check, fields_for
from gateway.draft import ANY, Draft, Target
from gateway.free_times import OfType, free_times
from gateway.preselection import types_to_choose, with_what_is_settled
from gateway.rendering import moment, page
from gateway.request import Request
from gateway.tracking import Tracking, new_visit, origin_of
from gateway.web import refusal_headers, status_of
from shared.contracts.errors import (
    BookingOff,
    FunctionOff,
    HoldExpired,
    Invalid,
    InvalidNationalId,
    LoginRequired,
    Refusal,
    SlotHeld,
    SlotNotOffered,
    SlotTaken,
)
from shared.language import choose_language, format_length

TYPE, PRACTITIONER, WHEN, DETAILS, REVIEW = "type", "practitioner", "when", "details", "review"

_TAKEN_BACK: Mapping[str, tuple[str, ...]] = {
    TYPE: ("type", "practitioner", "date", "month"),
    PRACTITIONER: ("practitioner", "date", "month"),
    WHEN: (),
}
"""Which choices are taken back by going back to a step; the hold is released as well."""


@dataclass(frozen=True)
class Progress:
    """Where a step stands among those that this booking takes."""

    number: int
    total: int


class BookingPage:
    """Answers one request for `/{clinic}`."""

    def __init__(self, services: Services, request: Request, clinic: str) -> None:
        """Raise NotFound for an unknown clinic, Unavailable or Timeout where its document cannot be had."""
        self._services = services
        self._request = request
        self._now = services.clock.now()
        draft = Draft.read(request)
        document = services.documents.get(clinic).document
        language = choose_language(request.headers.get("Accept-Language"), draft["lang"], document["languages"])
        self._document = document
        self.clinic: ClinicView = clinic_view(document, language).within(draft["template"])
        self.draft = with_what_is_settled(draft, self.clinic)
        self._tracking = Tracking(document["booking"]["tracking"], services.cache)

    def answer(self) -> Response:
        """Return the step that the request asks for; every refusal becomes a page that says how to go on."""
        try:
            return self._act()
        except Refusal as refusal:
            return self._refused(refusal)

    def show(
        self, template: str, *, status: int = 200, step: str | None = None, tracked: str | None = None, **context: Any
    ) -> Response:
        """Return a page of this booking; `tracked` is the address that it loads as an image."""
        open_draft = self.draft.without_hold()
        shared = {
            "calendar": Target("post" if self.draft.typed else "get", "", open_draft.hidden(date=None, month=None)),
            "choose": Target("post", "choose", open_draft.hidden()),
            "clinic": self.clinic,
            "draft": self.draft,
            "path": f"/{self.clinic.key}",
            "type": self.chosen_type(),
            "practitioner": self.clinic.practitioners.get(self.draft["held_by"] or self.draft["practitioner"]),
            "any_practitioner": self.draft["practitioner"] == ANY and not self.draft["held_by"],
            "start": self._local(self.draft.start),
            "step": step,
            "tracked": tracked,
            "progress": self._progress(step),
        }
        ancestors = self.clinic.embed_origins or ("*",)
        return page(
            template,
            self.clinic.language,
            {**shared, **context},
            status=status,
            frame_ancestors=("'self'", *ancestors),
            images=[origin_of(tracked)] if tracked else (),
        )

    def chosen_type(self) -> TypeView | None:
        """Return the type that is chosen, if any."""
        return self.clinic.type(self.draft["type"])

    @property
    def fields(self) -> list[Field]:
        """The questions about the patient for the chosen type."""
        chosen = self.chosen_type()
        return fields_for(self.clinic, chosen) if chosen else []

    def show_details(self, errors: Mapping[str, str] | None = None) -> Response:
        """Return the form about the patient, with what is wrong in it."""
        return self.show(
            "details.html",
            status=422 if errors else 200,
            step=DETAILS,
            fields=self.fields,
            errors=errors or {},
            **self._hold_left(),
        )

    def release(self) -> None:
        """Give the held time back; a hold that cannot be released runs out by itself, so no patient waits for it."""
        if hold := self.draft["hold"]:
            self.draft = self.draft.without_hold()
            try:
                self._services.booking.release(hold)
            except Refusal:
                return

    def _refused(self, refusal: Refusal) -> Response:
        refused = refused_page(refusal, self.clinic)
        if refused is None:
            raise refusal
        again = list(self._request.form.items()) if self._request.method == "POST" else []
        response = self.show(refused.template, status=status_of(refusal), again=again, **refused.context)
        response.headers.extend(refusal_headers(refusal))
        return response

    def _act(self) -> Response:
        if not self._document["booking"]["active"]:
            raise BookingOff.because("Online booking of this clinic is switched off.")
        if not self.clinic.functions["new"]:
            raise FunctionOff.because("New bookings are switched off.")
        if self._request.method != "POST":
            return self._next_step()
        if start := self._request.form.get("choose"):
            return self._choose(start)
        return self._go(self._request.form.get("go", ""))

    def _go(self, step: str) -> Response:
        if step in _TAKEN_BACK:
            self.release()
            self.draft = self.draft.without_hold().without(_TAKEN_BACK[step])
            if not self.draft.typed and step == WHEN:
                return redirect(self.draft.address(f"/{self.clinic.key}"), 303)
        elif step in ("review", "confirm") and self.chosen_type() and self.draft.start:
            return self._review() if step == "review" else self._confirm()
        return self._next_step()

    def _next_step(self) -> Response:
        chosen = self.chosen_type()
        if chosen is None:
            return self.show("choose_type.html", step=TYPE, types=types_to_choose(self.clinic, self.draft))
        if chosen.needs_controlled:
            raise LoginRequired.because("The type is controlled by needs: the patient must be known first.")
        if not self.draft["practitioner"]:
            return self.show("choose_practitioner.html", step=PRACTITIONER)
        if not (self.draft.start and self.draft["hold"]):
            return self._when()
        return self.show_details()

    def _when(self) -> Response:
        self.draft = self.draft.without_hold()
        if self._tracking.wants("visit") and not self.draft["visit"]:
            self.draft = self.draft.with_choices(visit=new_visit())
            if not self.draft.typed:
                return redirect(self.draft.address(f"/{self.clinic.key}"), 303)
        services = self._services
        search = OfType(services.search, services.availability, self.clinic, self.draft["type"], self._practitioner())
        times = free_times(search, self.clinic, self.draft, self._now)
        return self.show(
            "when.html", step=WHEN, times=times, tracked=self._tracking.image("visit", self.draft["visit"])
        )

    def _choose(self, start: str) -> Response:
        self.release()
        self.draft = self.draft.with_choices(start=start)
        if self.draft.start is None or self.chosen_type() is None:
            return self._next_step()
        self._hold(start)
        if not self.draft.typed:
            return redirect(self.draft.address(f"/{self.clinic.key}"), 303)
        return self._review()

    def _hold(self, start: str) -> None:
        """Hold a time for the patient; raise what a time that is not free raises."""
        self._services.door.limits.count_booking(self._request.address)
        held = self._services.booking.hold(
            self.clinic.key, type=self.draft["type"], start=start, practitioner=self._practitioner()
        )
        self.draft = self.draft.with_choices(
            start=held["start"], hold=held["hold"], held_by=held["practitioner"], held_until=held["expires"]
        )

    def _hold_left(self) -> dict[str, Any]:
        """Return until when the time is held, and how long that is in whole minutes; None for a hold that is over."""
        until = self.draft.held_until
        left = until - self._now if until else timedelta(0)
        minutes = -(-left // timedelta(minutes=1))
        return {
            "held_until": self._local(until),
            "hold_left": format_length(minutes, self.clinic.language) if minutes > 0 else None,
        }

    def _review(self) -> Response:
        checked = self._check()
        if checked.errors:
            return self.show_details(checked.errors)
        if self.draft.held_until and self.draft.held_until <= self._now:
            start = self.draft["start"]
            self.draft = self.draft.without_hold()
            self._hold(start)
        return self.show(
            "review.html",
            step=REVIEW,
            fields=self.fields,
            key=secrets.token_urlsafe(16),
            **self._hold_left(),
        )

    def _confirm(self) -> Response:
        checked = self._check()
        if checked.errors:
            return self.show_details(checked.errors)
        self._services.door.limits.count_booking(self._request.address)
        try:
            with self._services.door.limits.telling_who_is_known(self._request.address):
                booked = self._book(checked.details)
        except (Invalid, InvalidNationalId) as refusal:
            return self.show_details({field: texts[0] for field, texts in refusal.extra.get("errors", {}).items()})
        except (SlotTaken, SlotHeld, SlotNotOffered):
            self.draft = self.draft.without_hold()
            raise
        return self._confirmed(booked)

    def _book(self, details: Mapping[str, Any]) -> dict[str, Any]:
        """Book once, whatever is pressed how often (B13); a time whose hold ran out is still taken if it is free."""
        key = self._request.form.get("key", "")[:100]
        fields = {
            "type": self.draft["type"],
            "practitioner": self._practitioner(),
            "start": self.draft["start"],
            "language": self.clinic.language,
            **details,
        }
        booking = self._services.booking
        try:
            hold = self.draft["hold"] or None
            booked: dict[str, Any] = booking.book(self.clinic.key, **fields, hold=hold, idempotency_key=key or None)
        except HoldExpired:
            booked = booking.book(self.clinic.key, **fields, idempotency_key=f"{key}.late" if key else None)
        return booked

    def _confirmed(self, booked: Mapping[str, Any]) -> Response:
        told = self._document["channels"]["booked"]
        typed = self.draft.typed
        return self.show(
            "confirmed.html",
            tracked=self._tracking.image("completed", booked["reference"]),
            booked=booked,
            start=moment(booked["start"], self.clinic.zone),
            end=moment(booked["end"], self.clinic.zone),
            practitioner=self.clinic.practitioners.get(booked["practitioner"]),
            sms_to=None if typed.get("patient.no_sms") or "sms" not in told else typed.get("patient.mobile"),
            email_to=None if typed.get("patient.no_email") or "email" not in told else typed.get("patient.email"),
            changeable=self.clinic.functions["rebook"] or self.clinic.functions["cancel"],
        )

    def _check(self) -> Checked:
        chosen = self.chosen_type()
        assert chosen is not None, "steps after the type have one"
        today = self._now.astimezone(self.clinic.zone).date()
        return check(self.fields, self.draft.typed, self.clinic, chosen, today)

    def _practitioner(self) -> str | None:
        return None if self.draft["practitioner"] in ("", ANY) else self.draft["practitioner"]

    def _progress(self, step: str | None) -> Progress | None:
        chosen = self.chosen_type()
        steps = [
            *([TYPE] if len(self.clinic.types) > 1 else []),
            *([PRACTITIONER] if chosen is None or len(chosen.practitioners) > 1 else []),
            *(WHEN, DETAILS, REVIEW),
        ]
        return Progress(steps.index(step) + 1, len(steps)) if step in steps else None

    def _local(self, moment: datetime | None) -> datetime | None:
        return moment.astimezone(self.clinic.zone) if moment else None
