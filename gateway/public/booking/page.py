"""The booking page: type, login, need, practitioner, time, details, review, confirmation (B2).

Plain forms; scripts only speed it up. The draft says which step comes next, and what proves who the patient is. What
is posted does something and leads to the address of the next step, which can be reloaded and gone back to; where the
draft cannot be kept (`gateway.public.visit`), the next step is the answer.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from gateway.clients.services import Services
from gateway.http.request import Request
from gateway.http.routes import Route
from gateway.public import login_step
from gateway.public.booking.about import About
from gateway.public.booking.chosen import Chosen
from gateway.public.booking.confirmation import book_once, booked_by, confirmed_context, receipt_of
from gateway.public.booking.held_time import HeldTime
from gateway.public.booking.preselection import types_to_choose, with_what_is_settled
from gateway.public.booking.progress import BOOKED, DETAILS, FOR_WHOM, REVIEW, WHAT, WHEN, progress_of
from gateway.public.booking.soonest import Soonest
from gateway.public.booking.tracking import Tracking, origin_of
from gateway.public.booking.whom import YES, Whom
from gateway.public.draft import ANY, NEED, SESSION, Target
from gateway.public.free_times import free_times
from gateway.public.known_patient import NOBODY, KnownPatient, known_patient
from gateway.public.login_step import Asked, LoginStep
from gateway.public.needs import NeedView, open_needs
from gateway.public.refusals import is_of_the_time, refused_page
from gateway.public.visit import Visit, new_visit
from gateway.views.clinic_view import ClinicView, TypeView, clinic_view
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
    "type": ("type", "been", "practitioner", "date", "month"),
    "been": ("been", "practitioner", "date", "month"),
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
        self._visit = Visit(services, request, clinic)
        draft = self._visit.draft()
        found = services.documents.get(clinic)
        document = found.document
        language = choose_language(request.headers.get("Accept-Language"), draft["lang"], document["languages"])
        self._document = document
        self.clinic: ClinicView = clinic_view(document, language, found.pictures).within(draft["template"])
        self.draft = with_what_is_settled(draft, self.clinic)
        self._known: KnownPatient = NOBODY
        self._whom = Whom(services, self.clinic, NOBODY, self.draft["been"])
        self._need: NeedView | None = None
        self._has_no_need = False
        self._is_settled = False
        self._held = HeldTime(services, self.clinic, request.address)
        self._login = LoginStep(services, request, self.clinic)
        self._tracking = Tracking(document["booking"]["tracking"], services.cache)

    def answer(self) -> Response:
        """Return the step that the request asks for; every refusal becomes a page that says how to go on."""
        return self._visit.with_cookie(self._answered())

    def _answered(self) -> Response:
        try:
            return self._act()
        except LoginRequired:
            return self._ask_again_who()
        except Refusal as refusal:
            if is_of_the_time(refusal):
                self.draft = self.draft.without_hold()
            typed, said_known = bool(self.draft.typed), self._whom.said == YES
            return refused_page(refusal, self.clinic, self._request, self.show, typed=typed, said_known=said_known)

    def show(
        self, template: str, *, status: int = 200, step: str | None = None, tracked: str | None = None, **context: Any
    ) -> Response:
        """Return a page of this booking; `tracked` is the address that it loads as an image."""
        self.draft = self._visit.kept(self.draft)
        chosen, open_draft = self.chosen, self.draft.without_hold()
        method = "post" if self.draft.is_private else "get"
        shared = {
            "calendar": Target(method, "", open_draft.hidden(date=None, month=None)),
            "choose": Target("post", "choose", open_draft.hidden()),
            "clinic": self.clinic,
            "draft": self.draft,
            "path": f"/{self.clinic.key}",
            "type": chosen.type,
            "need": self._need,
            "practitioner": chosen.shown_practitioner,
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

    @property
    def chosen(self) -> Chosen:
        """What is chosen as yet."""
        return Chosen(self.clinic, self.draft, self._whom, self._need, self._has_no_need)

    @property
    def _soonest(self) -> Soonest:
        return Soonest(self._services, self.chosen, self._now)

    @property
    def about(self) -> About:
        """What is known and asked of the patient."""
        return About(self._services, self.chosen, self._now)

    def show_details(self, errors: Mapping[str, str] | None = None) -> Response:
        """Return the form about the patient, with what is wrong in it."""
        return self.show(
            "public/details.html",
            status=422 if errors else 200,
            step=DETAILS,
            fields=self.about.fields,
            errors=errors or {},
            **self._held.left(self.draft),
        )

    def _act(self) -> Response:
        if not self._document["booking"]["active"]:
            raise BookingOff.because("Online booking of this clinic is switched off.")
        if not self.clinic.functions["new"]:
            raise FunctionOff.because("New bookings are switched off.")
        self._recognize()
        if self._known.has_ended:
            raise LoginRequired.because("The session of the login has ended.")
        if self._request.method != "POST":
            return self._step(self._request.args.get("go", ""))
        if start := self._request.form.get("choose"):
            return self._choose(start)
        return self._go(self._request.form.get("go", ""))

    def _recognize(self) -> None:
        """Settle who the patient is, as far as the draft proves it."""
        self._known = known_patient(self._services, self._request, self.clinic.key, self.draft)
        self._whom = Whom(self._services, self.clinic, self._known, self.draft["been"])

    def _go(self, step: str) -> Response:
        """Do what a button asks for."""
        if step in login_step.STEPS:
            return self._log_in(step)
        if step in _TAKEN_BACK:
            self.draft = self._held.given_back(self.draft).without_hold().without(_TAKEN_BACK[step])
        elif step == REVIEW and self.draft.start:
            return self._to_review()
        elif step in (DETAILS, FOR_WHOM):
            return self._onward(step)
        elif step == "confirm" and self.draft.start:
            return self._to_booked() if self._has_booked else self._first_question() or self._confirm()
        return self._onward()

    def _onward(self, step: str = "") -> Response:
        """Return the way to a step: its address, or where the page has to carry the draft, the step itself."""
        self.draft = self._visit.kept(self.draft)
        if not self.draft.is_private:
            return redirect(self.draft.address(f"/{self.clinic.key}", go=step), 303)
        return self._step(step)

    def _step(self, step: str) -> Response:
        """Return the step that an address asks for, or the next one as far as the draft has come; nothing is done."""
        if step in login_step.SHOWN:
            self.draft, asked = self._login.act(self.draft, step)
            if asked:
                return self._show_login(asked)
        if step == BOOKED and self.draft.receipt:
            return self._booked()
        if self._has_booked:
            return self._to_booked()
        if step == REVIEW and self.draft.start and self.about.has_told_who:
            return self._first_question() or self._review()
        return self._next_step(step)

    def _log_in(self, step: str) -> Response:
        self.draft, asked = self._login.act(self.draft, step)
        if asked is None:
            self._recognize()
            return self._onward(REVIEW if self.draft.typed and self.draft.start else "")
        if asked.leads_to:
            return self._onward(asked.leads_to)
        return self._show_login(asked)

    def _ask_again_who(self) -> Response:
        """Return the login, with all that was typed kept: none was made yet, or its session has ended meanwhile."""
        notice = login_step.ENDED if self.draft.value(SESSION) else None
        self.draft = self.draft.with_proof({SESSION: None})
        self._known = NOBODY
        return self._show_login(self._login.first(notice))

    def _show_login(self, asked: Asked) -> Response:
        return asked.shown_by(self.show, step=WHAT)

    def _next_step(self, step: str = "") -> Response:
        if first := self._first_question():
            return first
        if not (self.draft.start and self.draft["hold"]):
            return self._when()
        if (step == FOR_WHOM or not self.about.has_told_who) and (people := self.about.people):
            return self.show("public/for_whom.html", step=DETAILS, people=people, **self._held.left(self.draft))
        if self.about.needs_no_form and step != DETAILS:
            return self._review()
        return self.show_details()

    def _first_question(self) -> Response | None:
        """Return the page that must be answered before a time can be chosen, None where all of them are."""
        if not self._is_settled and (asked := self._unsettled()):
            return asked
        self._is_settled = True
        return None

    def _unsettled(self) -> Response | None:
        chosen = self.chosen.type
        if not self._known.may_book(self.clinic, chosen):
            return self._show_login(self._login.first())
        if chosen is None:
            self.draft = self.draft.with_proof({NEED: None})
            return self.show("public/choose_type.html", step=WHAT, types=types_to_choose(self.clinic, self.draft))
        if chosen.needs_controlled and (asked := self._choose_need(chosen)):
            return asked
        chosen = self.chosen.type or chosen
        self._whom.require_welcome(chosen)
        if self._whom.has_to_say(chosen, self.draft):
            return self.show("public/been_here.html", step=WHAT)
        if not chosen.needs_controlled and self.draft["practitioner"] not in (ANY, *chosen.keys):
            self.draft = self.draft.with_choices(practitioner=None)
        if not chosen.needs_controlled and len(chosen.practitioners) == 1:
            self.draft = self.draft.with_choices(practitioner=chosen.practitioners[0].key)
        return None if self.draft["practitioner"] else self._ask_with_whom()

    def _ask_with_whom(self) -> Response:
        if leading := self._begun():
            return leading
        tracked, first_of = self._tracking.image("visit", self.draft["visit"]), self._soonest.of_each()
        return self.show("public/choose_practitioner.html", step=WHAT, first_of=first_of, tracked=tracked)

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

    def _begun(self) -> Response | None:
        """Begin the visit, with the first search for times; return the way to its address where it is tracked (B17)."""
        if self.draft["visit"]:
            return None
        self.draft = self.draft.with_choices(visit=new_visit())
        if self._tracking.wants("visit") and not self.draft.is_private:
            return redirect(self.draft.address(f"/{self.clinic.key}"), 303)
        return None

    def _when(self) -> Response:
        self.draft = self.draft.without_hold()
        if leading := self._begun():
            return leading
        opens = self._need.opens if self._need else None
        times = free_times(self.chosen.source(self._services), self.clinic, self.draft, self._now, opens)
        return self.show(
            "public/when.html",
            step=WHEN,
            times=times,
            next_times=self._soonest.times() if self.draft.day is None and self.draft.month is None else [],
            tracked=self._tracking.image("visit", self.draft["visit"]),
        )

    def _choose(self, start: str) -> Response:
        before = self.draft
        self.draft = before.without_hold().with_choices(start=start, visit=before["visit"] or new_visit())
        if asked := self._next_step() if self.draft.start is None else self._first_question():
            self._held.given_back(before)
            return asked
        self.draft = self._held.taken(self.draft, self.chosen.to_hold(), before["hold"])
        return self._onward(REVIEW if self.about.has_told_who else "")

    def _to_review(self) -> Response:
        """Lead to the review; a time whose hold ran out while the form was filled in is held again."""
        if not self.about.has_told_who:
            return self._first_question() or self._review()
        is_over = self.draft.held_until and self.draft.held_until <= self._now
        if is_over and not self._first_question() and not self.about.checked().errors:
            again = self.draft.without_hold().with_choices(start=self.draft["start"])
            self.draft = self._held.taken(again, self.chosen.to_hold())
        return self._onward(REVIEW)

    def _review(self) -> Response:
        checked = self.about.checked()
        if checked.errors:
            return self.show_details(checked.errors)
        self.about.require_age(checked)
        return self.show(
            "public/review.html",
            step=REVIEW,
            fields=self.about.fields,
            person=self.about.person,
            key=secrets.token_urlsafe(16),
            **self._held.left(self.draft),
        )

    def _confirm(self) -> Response:
        checked = self.about.checked()
        if checked.errors:
            return self.show_details(checked.errors)
        try:
            booked = self._book(checked.details)
        except (Invalid, InvalidNationalId) as refusal:
            return self.show_details({field: texts[0] for field, texts in refusal.extra.get("errors", {}).items()})
        patient = {"mobile": self._known.mobile, **checked.details["patient"]}
        self.draft = self.draft.with_receipt(receipt_of(booked, patient, self.draft["hold"]))
        return self._onward(BOOKED)

    @property
    def _has_booked(self) -> bool:
        """Whether the time of this very address was booked already: by a double click, before going back (B13)."""
        return bool(self.draft["hold"]) and self.draft.receipt.get("hold") == self.draft["hold"]

    def _to_booked(self) -> Response:
        return redirect(self.draft.anew(f"/{self.clinic.key}", go=BOOKED), 303)

    @property
    def _key(self) -> str:
        return str(self._request.form.get("key", "")[:100])

    def _booked(self) -> Response:
        """Return what was booked just now, and what happens next."""
        booked, patient = booked_by(self.draft.receipt)
        self.draft = self.draft.with_choices(type=booked["type"])
        shown = confirmed_context(booked, self.clinic, self._document["channels"]["booked"], patient, self._now)
        tracked = self._tracking.image("completed", booked["reference"])
        return self.show("public/confirmed.html", tracked=tracked, **shown)

    def _book(self, details: Mapping[str, Any]) -> dict[str, Any]:
        fields = {**self.chosen.wanted(), "start": self.draft["start"], "language": self.clinic.language, **details}
        return book_once(self._services, self._request.address, self.clinic.key, fields, self.draft, self._key)

    def _local(self, moment: datetime | None) -> datetime | None:
        return moment.astimezone(self.clinic.zone) if moment else None


def booking_page(services: Services, request: Request, clinic: str) -> Response:
    """Show the step of a booking that the request asks for."""
    return BookingPage(services, request, clinic).answer()


ROUTES = (
    Route("GET", "/<clinic>", booking_page, framed=True),
    Route("POST", "/<clinic>", booking_page, framed=True),
)
