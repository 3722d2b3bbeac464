"""The booking page: type, login, need, practitioner, time, details, review, confirmation (B2).

Plain forms; scripts only speed it up. The draft says which step comes next, and what proves who the patient is. What
is posted does something and leads to the address of the next step, which can be reloaded and gone back to; where the
draft cannot be kept (`gateway.public.visit`), the next step is the answer.
"""

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from gateway.clients.services import Services
from gateway.http.request import Request
from gateway.http.routes import Route
from gateway.public import login_step
from gateway.public.booking import last_steps
from gateway.public.booking.first_questions import FirstQuestions
from gateway.public.booking.progress import BOOKED, DETAILS, FOR_WHOM, REVIEW, WHEN
from gateway.public.booking.under_way import TAKEN_BACK, UnderWay
from gateway.public.booking.whom import YES
from gateway.public.draft import PERSON, SESSION
from gateway.public.known_patient import NOBODY
from gateway.public.refusals import is_of_the_time, refused_page
from gateway.public.times.shown import free_times
from gateway.public.visit import new_visit
from shared.contracts.errors import BookingOff, FunctionOff, LoginRequired, Refusal


class BookingPage:
    """Answers one request for `/{clinic}`."""

    def __init__(self, services: Services, request: Request, clinic: str) -> None:
        """Raise NotFound for an unknown clinic, Unavailable or Timeout where its document cannot be had."""
        self._way = UnderWay(services, request, clinic)
        self._first = FirstQuestions(self._way)

    def answer(self) -> Response:
        """Return the step that the request asks for; every refusal becomes a page that says how to go on."""
        return self._way.visit.with_cookie(self._answered())

    def _answered(self) -> Response:
        way = self._way
        try:
            return self._act()
        except LoginRequired:
            return self._ask_again_who()
        except Refusal as refusal:
            way.refused(refusal.code)
            if is_of_the_time(refusal):
                way.draft = way.draft.without_hold()
            typed, said_known = bool(way.draft.typed), way.whom.said == YES
            return refused_page(refusal, way.clinic, way.request, way.show, typed=typed, said_known=said_known)

    def _act(self) -> Response:
        way = self._way
        if not way.document["booking"]["active"]:
            raise BookingOff.because("Online booking of this clinic is switched off.")
        if not way.clinic.functions["new"]:
            raise FunctionOff.because("New bookings are switched off.")
        way.recognize()
        if way.known.has_ended:
            raise LoginRequired.because("The session of the login has ended.")
        if way.request.method != "POST":
            return self._step(way.request.args.get("go", ""))
        if start := way.request.form.get("choose"):
            return self._choose(start)
        return self._go(way.request.form.get("go", ""))

    def _go(self, step: str) -> Response:
        """Do what a button asks for."""
        way = self._way
        if step in login_step.STEPS:
            return self._log_in(step)
        if step in TAKEN_BACK:
            way.draft = way.held.given_back(way.draft).without_hold().without(TAKEN_BACK[step])
        elif step == REVIEW and way.draft.start:
            return self._to_review()
        elif step in (DETAILS, FOR_WHOM):
            return self._onward(step)
        elif step == "confirm" and way.draft.start:
            return self._confirm()
        return self._onward()

    def _onward(self, step: str = "") -> Response:
        """Return the way to a step: its address, or where the page has to carry the draft, the step itself."""
        way = self._way
        way.draft = way.visit.kept(way.draft)
        if not way.draft.is_private:
            return redirect(way.draft.address(way.path, go=step), 303)
        return self._step(step)

    def _step(self, step: str) -> Response:
        """Return the step that an address asks for, or the next one as far as the draft has come; nothing is done."""
        way = self._way
        if step in login_step.SHOWN:
            way.draft, asked = way.login.act(way.draft, step)
            if asked:
                return way.show_login(asked)
        if step == BOOKED and way.draft.receipt:
            return last_steps.booked_page(way)
        if last_steps.has_booked(way):
            return last_steps.to_booked(way)
        if step == REVIEW and way.draft.start and way.about.has_told_who:
            return self._first.next() or last_steps.review(way)
        return self._next_step(step)

    def _next_step(self, step: str = "") -> Response:
        way = self._way
        if first := self._first.next():
            return first
        if not (way.draft.start and way.draft["hold"]):
            return self._when()
        if (step == FOR_WHOM or not way.about.has_told_who) and (people := way.about.people):
            if step == FOR_WHOM or len(people) > 1:
                return way.show("public/for_whom.html", step=DETAILS, people=people, **way.held.left(way.draft))
            way.draft = way.draft.with_proof({PERSON: people[0].id})  # the review tells whom, and leads to the names
        if way.about.needs_no_form and step != DETAILS:
            return last_steps.review(way)
        return way.show_details()

    def _log_in(self, step: str) -> Response:
        way = self._way
        way.draft, asked = way.login.act(way.draft, step)
        if asked is None:
            way.recognize()
            return self._onward(REVIEW if way.draft.typed and way.draft.start else "")
        return self._onward(asked.leads_to) if asked.leads_to else way.show_login(asked)

    def _ask_again_who(self) -> Response:
        """Return the login, with all that was typed kept: none was made yet, or its session has ended meanwhile."""
        way = self._way
        notice = login_step.ENDED if way.draft.value(SESSION) else None
        way.draft = way.draft.with_proof({SESSION: None})
        way.known = NOBODY
        return way.show_login(way.login.first(notice))

    def _when(self) -> Response:
        way = self._way
        way.draft = way.draft.without_hold()
        if leading := way.begun():
            return leading
        opens = way.need.opens if way.need else None
        shown = free_times(way.chosen.source(way.services), way.clinic, way.draft, way.now, opens)
        if shown.is_empty:
            way.refused("no_times")
        stands_first = shown.month is not None and way.draft.day is None and way.draft.month is None
        return way.show(
            "public/when.html",
            step=WHEN,
            shown=shown,
            next_times=way.soonest.times() if stands_first else [],
            tracked=way.tracking.image("visit", way.draft["visit"]),
        )

    def _choose(self, start: str) -> Response:
        way, before = self._way, self._way.draft
        way.draft = before.without_hold().with_choices(start=start, visit=before["visit"] or new_visit())
        if asked := self._next_step() if way.draft.start is None else self._first.next():
            way.held.given_back(before)
            return asked
        way.draft = way.held.taken(way.draft, way.chosen.to_hold(), before["hold"])
        return self._onward(REVIEW if way.about.has_told_who else "")

    def _to_review(self) -> Response:
        """Lead to the review; a time whose hold ran out while the form was filled in is held again."""
        way = self._way
        if not way.about.has_told_who:
            return self._first.next() or last_steps.review(way)
        is_over = way.draft.held_until and way.draft.held_until <= way.now
        if is_over and not self._first.next() and not way.about.checked().errors:
            again = way.draft.without_hold().with_choices(start=way.draft["start"])
            way.draft = way.held.taken(again, way.chosen.to_hold())
        return self._onward(REVIEW)

    def _confirm(self) -> Response:
        way = self._way
        if last_steps.has_booked(way):
            return last_steps.to_booked(way)
        return self._first.next() or last_steps.confirm(way) or self._onward(BOOKED)


def booking_page(services: Services, request: Request, clinic: str) -> Response:
    """Show the step of a booking that the request asks for."""
    return BookingPage(services, request, clinic).answer()


ROUTES = (
    Route("GET", "/<clinic>", booking_page, framed=True),
    Route("POST", "/<clinic>", booking_page, framed=True),
)
