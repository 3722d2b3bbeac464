"""The booking page: type, login, need, practitioner, time, details, review, confirmation (B2).

Plain forms; scripts only speed it up. Every answer follows from the request alone: the draft that it carries says
which step comes next, and what proves who the patient is.
"""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from gateway.clients.services import Services
from gateway.http.request import Request
from gateway.http.routes import Route
from gateway.public import login_step
from gateway.public.booking.confirmation import book_once, confirmed_context
from gateway.public.booking.details import Checked, check, fields_for
from gateway.public.booking.held_time import HeldTime
from gateway.public.booking.preselection import types_to_choose, with_what_is_settled
from gateway.public.booking.progress import DETAILS, REVIEW, WHAT, WHEN, progress_of
from gateway.public.booking.tracking import Tracking, new_visit, origin_of
from gateway.public.draft import ANY, NEED, SESSION, Draft, Target
from gateway.public.free_times import OfNeed, OfType, Source, free_times
from gateway.public.known_patient import NOBODY, KnownPatient, known_patient
from gateway.public.login_step import Asked, LoginStep
from gateway.public.needs import NeedView, open_needs
from gateway.public.refusals import is_of_the_time, refused_page
from gateway.views.clinic_view import ClinicView, PractitionerView, TypeView, clinic_view
from gateway.views.fields import Field
from gateway.views.rendering import page
from shared.contracts.errors import (
    BookingOff,
    FunctionOff,
    Invalid,
    InvalidNationalId,
    LoginRequired,
    Refusal,
)
from shared.texts.language import choose_language

_TAKEN_BACK: Mapping[str, tuple[str, ...]] = {
    "type": ("type", "practitioner", "date", "month"),
    "practitioner": ("practitioner", "date", "month"),
    WHEN: (),
}
"""Which choices are taken back by going back to a step; the hold is released as well."""


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
        self._known: KnownPatient = NOBODY
        self._need: NeedView | None = None
        self._has_no_need = False
        self._held = HeldTime(services, self.clinic, request.address)
        self._login = LoginStep(services, request, self.clinic)
        self._tracking = Tracking(document["booking"]["tracking"], services.cache)

    def answer(self) -> Response:
        """Return the step that the request asks for; every refusal becomes a page that says how to go on."""
        try:
            return self._act()
        except LoginRequired:
            return self._ask_again_who()
        except Refusal as refusal:
            if is_of_the_time(refusal):
                self.draft = self.draft.without_hold()
            return refused_page(refusal, self.clinic, self._request, self.show, typed=bool(self.draft.typed))

    def show(
        self, template: str, *, status: int = 200, step: str | None = None, tracked: str | None = None, **context: Any
    ) -> Response:
        """Return a page of this booking; `tracked` is the address that it loads as an image."""
        open_draft = self.draft.without_hold()
        method = "post" if self.draft.is_private else "get"
        shared = {
            "calendar": Target(method, "", open_draft.hidden(date=None, month=None)),
            "choose": Target("post", "choose", open_draft.hidden()),
            "clinic": self.clinic,
            "draft": self.draft,
            "path": f"/{self.clinic.key}",
            "type": self.chosen_type(),
            "need": self._need,
            "practitioner": self._shown_practitioner(),
            "any_practitioner": self.draft["practitioner"] == ANY and not self.draft["held_by"],
            "start": self._local(self.draft.start),
            "step": step,
            "taken_back": _TAKEN_BACK,
            "tracked": tracked,
            "may_be_called": not self._known.opens_needs,
            "progress": progress_of(step, self.clinic) if step else None,
        }
        return page(
            template,
            self.clinic.language,
            {**shared, **context},
            status=status,
            frame_ancestors=self.clinic.frame_ancestors,
            images=[origin_of(tracked)] if tracked else (),
        )

    def chosen_type(self) -> TypeView | None:
        """Return the type that is chosen, if any, as it is for this patient.

        Whoever names a need books any type as it says (R1); who has none books what needs control with those who take
        it without, if there are any (B9).
        """
        chosen = self.clinic.type(self.draft["type"])
        if chosen and self.draft.value(NEED):
            return chosen.by_need()
        uncalled = not self._known.opens_needs or self._has_no_need
        return chosen.without_invitation() if chosen and chosen.without_need and uncalled else chosen

    @property
    def fields(self) -> list[Field]:
        """The questions about the patient for the chosen type."""
        chosen = self.chosen_type()
        return fields_for(self.clinic, chosen, self.draft.typed, self._today, self._known.mobile) if chosen else []

    def show_details(self, errors: Mapping[str, str] | None = None) -> Response:
        """Return the form about the patient, with what is wrong in it."""
        return self.show(
            "public/details.html",
            status=422 if errors else 200,
            step=DETAILS,
            fields=self.fields,
            errors=errors or {},
            **self._held.left(self.draft),
        )

    def _act(self) -> Response:
        if not self._document["booking"]["active"]:
            raise BookingOff.because("Online booking of this clinic is switched off.")
        if not self.clinic.functions["new"]:
            raise FunctionOff.because("New bookings are switched off.")
        self._known = known_patient(self._services, self._request, self.clinic.key, self.draft)
        if self._known.has_ended:
            raise LoginRequired.because("The session of the login has ended.")
        if self._request.method != "POST":
            return self._next_step()
        if start := self._request.form.get("choose"):
            return self._choose(start)
        return self._go(self._request.form.get("go", ""))

    def _go(self, step: str) -> Response:
        if step in login_step.STEPS:
            return self._log_in(step)
        if step in _TAKEN_BACK:
            self.draft = self._held.given_back(self.draft).without_hold().without(_TAKEN_BACK[step])
            if not self.draft.is_private and step == WHEN:
                return redirect(self.draft.address(f"/{self.clinic.key}"), 303)
        elif step in ("review", "confirm") and self.draft.start:
            return self._first_question() or (self._review() if step == "review" else self._confirm())
        return self._next_step()

    def _log_in(self, step: str) -> Response:
        self.draft, asked = self._login.act(self.draft, step)
        if asked:
            return self._show_login(asked)
        self._known = known_patient(self._services, self._request, self.clinic.key, self.draft)
        if self.draft.typed and self.draft.start:
            return self._first_question() or self._review()
        return self._next_step()

    def _ask_again_who(self) -> Response:
        """Return the login, with all that was typed kept: none was made yet, or its session has ended meanwhile."""
        notice = login_step.ENDED if self.draft.value(SESSION) else None
        self.draft = self.draft.with_proof({SESSION: None})
        self._known = NOBODY
        return self._show_login(self._login.first(notice))

    def _show_login(self, asked: Asked) -> Response:
        return asked.shown_by(self.show, step=WHAT)

    def _next_step(self) -> Response:
        if first := self._first_question():
            return first
        if not (self.draft.start and self.draft["hold"]):
            return self._when()
        return self.show_details()

    def _first_question(self) -> Response | None:
        """Return the page that must be answered before a time can be chosen, None where all of them are."""
        chosen = self.chosen_type()
        if not self._known.may_book(self.clinic, chosen):
            return self._show_login(self._login.first())
        if chosen is None:
            self.draft = self.draft.with_proof({NEED: None})
            return self.show("public/choose_type.html", step=WHAT, types=types_to_choose(self.clinic, self.draft))
        if chosen.needs_controlled and (asked := self._choose_need(chosen)):
            return asked
        chosen = self.chosen_type() or chosen
        if not chosen.needs_controlled and len(chosen.practitioners) == 1:
            self.draft = self.draft.with_choices(practitioner=chosen.practitioners[0].key)
        if not self.draft["practitioner"]:
            return self.show("public/choose_practitioner.html", step=WHAT)
        return None

    def _choose_need(self, chosen: TypeView) -> Response | None:
        """Settle which need is booked: the chosen one or the only one; more are shown to choose from (B9).

        Where there is none, the search that follows says why, and a booking made with it already is found again (B13).
        """
        needs = [each for each in open_needs(self._services, self.clinic) if each.type == chosen.key]
        wanted = [each for each in needs if each.id == self.draft.value(NEED)]
        if len(wanted or needs) > 1:
            self.draft = self.draft.with_proof({NEED: None})
            return self.show("public/choose_need.html", step=WHAT, needs=needs)
        self._need = next(iter(wanted or needs), None)
        if self._need is None and chosen.without_need and not self.draft.value(NEED):
            self._has_no_need = True
            able = (ANY, *(each.key for each in chosen.without_need))
            if self.draft["practitioner"] not in able:
                self.draft = self.draft.with_choices(practitioner=None)
            return None
        if self._need:
            self.draft = self.draft.with_proof({NEED: self._need.id})
        nobody = self._need is None and not self.draft["practitioner"]
        if nobody or not chosen.choose_practitioner:
            self.draft = self.draft.with_choices(practitioner=ANY)
        return None

    def _when(self) -> Response:
        self.draft = self.draft.without_hold()
        if not self.draft["visit"]:
            self.draft = self.draft.with_choices(visit=new_visit())
            if self._tracking.wants("visit") and not self.draft.is_private:
                return redirect(self.draft.address(f"/{self.clinic.key}"), 303)
        times = free_times(self._source(), self.clinic, self.draft, self._now)
        return self.show(
            "public/when.html", step=WHEN, times=times, tracked=self._tracking.image("visit", self.draft["visit"])
        )

    def _source(self) -> Source:
        services, chosen = self._services, self.chosen_type()
        if chosen and chosen.needs_controlled:
            return OfNeed(services.booking, self.clinic, {key: text for key, text in self._wanted().items() if text})
        return OfType(
            services.search,
            services.availability,
            self.clinic,
            self.draft["type"],
            self._practitioner(),
            self._for_whom(),
        )

    def _choose(self, start: str) -> Response:
        before = self.draft
        self.draft = before.without_hold().with_choices(start=start)
        if asked := self._next_step() if self.draft.start is None else self._first_question():
            self._held.given_back(before)
            return asked
        self.draft = self._held.taken(self.draft, self._to_hold(), before["hold"])
        if self.draft.typed:
            return self._review()
        if self.draft.is_private:
            return self.show_details()
        return redirect(self.draft.address(f"/{self.clinic.key}"), 303)

    def _review(self) -> Response:
        checked = self._check()
        if checked.errors:
            return self.show_details(checked.errors)
        if self.draft.held_until and self.draft.held_until <= self._now:
            again = self.draft.without_hold().with_choices(start=self.draft["start"])
            self.draft = self._held.taken(again, self._to_hold())
        return self.show(
            "public/review.html",
            step=REVIEW,
            fields=self.fields,
            key=secrets.token_urlsafe(16),
            **self._held.left(self.draft),
        )

    def _confirm(self) -> Response:
        checked = self._check()
        if checked.errors:
            return self.show_details(checked.errors)
        try:
            booked = self._book(checked.details)
        except (Invalid, InvalidNationalId) as refusal:
            return self.show_details({field: texts[0] for field, texts in refusal.extra.get("errors", {}).items()})
        patient = {"mobile": self._known.mobile, **checked.details["patient"]}
        shown = confirmed_context(booked, self.clinic, self._document["channels"]["booked"], patient)
        return self.show(
            "public/confirmed.html", tracked=self._tracking.image("completed", booked["reference"]), **shown
        )

    def _book(self, details: Mapping[str, Any]) -> dict[str, Any]:
        fields = {**self._wanted(), "start": self.draft["start"], "language": self.clinic.language, **details}
        key = self._request.form.get("key", "")[:100]
        return book_once(self._services, self._request.address, self.clinic.key, fields, self.draft, key)

    def _check(self) -> Checked:
        chosen = self.chosen_type()
        assert chosen is not None, "steps after the type have one"
        return check(self.fields, self.draft.typed, self.clinic, chosen, self._today)

    @property
    def _today(self) -> date:
        return self._now.astimezone(self.clinic.zone).date()

    def _wanted(self) -> dict[str, str | None]:
        """Return what is searched, held and booked: type, practitioner, need."""
        wanted: dict[str, str | None] = {"type": self.draft["type"], "practitioner": self._practitioner()}
        need = self.draft.value(NEED)
        return wanted | ({"need": need} if need else {})

    def _to_hold(self) -> dict[str, str | None]:
        """Return what is held, and for whom where that makes a difference."""
        patient = self._for_whom()
        return self._wanted() | ({"for": patient} if patient else {})

    def _for_whom(self) -> str | None:
        """Return for whom times are searched: `new`, `known`, or None where it makes no difference (B7, S13).

        Who has not logged in and sees whoever is free is shown those who take everybody, so that nobody is refused at
        the end; where nobody takes new patients, whoever books is known. Who is named has been chosen.
        """
        chosen = self.chosen_type()
        if chosen is None or chosen.needs_controlled or chosen.is_for_everybody:
            return None
        if chosen.is_for_known_alone or self._known.is_patient_of(self._services, self.clinic.key):
            return "known"
        return None if self._practitioner() else "new"

    def _practitioner(self) -> str | None:
        chosen = self.chosen_type()
        if self.draft["practitioner"] in ("", ANY) or (chosen and not chosen.choose_practitioner):
            return None
        return self.draft["practitioner"]

    def _shown_practitioner(self) -> PractitionerView | None:
        chosen = self.clinic.practitioners.get(self.draft["held_by"] or self.draft["practitioner"])
        return chosen or (self._need.practitioner if self._need else None)

    def _local(self, moment: datetime | None) -> datetime | None:
        return moment.astimezone(self.clinic.zone) if moment else None


def booking_page(services: Services, request: Request, clinic: str) -> Response:
    """Show the step of a booking that the request asks for."""
    return BookingPage(services, request, clinic).answer()


ROUTES = (
    Route("GET", "/<clinic>", booking_page, framed=True),
    Route("POST", "/<clinic>", booking_page, framed=True),
)
