"""What must be answered before a time can be chosen: type, login, need, been here, with whom (B2, B9, B14)."""

from werkzeug.wrappers import Response

from gateway.public.booking.preselection import types_to_choose
from gateway.public.booking.progress import WHAT
from gateway.public.booking.under_way import UnderWay
from gateway.public.draft import ANY, NEED
from gateway.public.needs import open_needs
from gateway.views.clinic_view import TypeView


class FirstQuestions:
    """Asks one after the other; what has been settled once in a request stays so."""

    def __init__(self, way: UnderWay) -> None:
        self._way = way
        self._is_settled = False

    def next(self) -> Response | None:
        """Return the page of the next question, None where all of them are answered. Raises NewPatientsRefused."""
        if not self._is_settled and (asked := self._unsettled()):
            return asked
        self._is_settled = True
        return None

    def _unsettled(self) -> Response | None:
        way = self._way
        chosen = way.chosen.type
        if not way.known.may_book(way.clinic, chosen):
            return way.show_login(way.login.first())
        if chosen is None:
            way.draft = way.draft.with_proof({NEED: None})
            return way.show("public/choose_type.html", step=WHAT, types=types_to_choose(way.clinic, way.draft))
        if chosen.needs_controlled and (asked := self._which_need(chosen)):
            return asked
        chosen = way.chosen.type or chosen
        way.whom.require_welcome(chosen)
        if way.whom.has_to_say(chosen, way.draft):
            return way.show("public/been_here.html", step=WHAT)
        if not chosen.needs_controlled:
            self._settle_practitioner(chosen)
        return None if way.draft["practitioner"] else self._with_whom()

    def _settle_practitioner(self, chosen: TypeView) -> None:
        """Take back the choice of somebody who does not take it, and choose who alone does."""
        way = self._way
        if way.draft["practitioner"] not in (ANY, *chosen.keys):
            way.draft = way.draft.with_choices(practitioner=None)
        if len(chosen.practitioners) == 1:
            way.draft = way.draft.with_choices(practitioner=chosen.practitioners[0].key)

    def _with_whom(self) -> Response:
        way = self._way
        if leading := way.begun():
            return leading
        tracked, first_of = way.tracking.image("visit", way.draft["visit"]), way.soonest.of_each()
        return way.show("public/choose_practitioner.html", step=WHAT, first_of=first_of, tracked=tracked)

    def _which_need(self, chosen: TypeView) -> Response | None:
        """Settle which need is booked: the chosen one or the only one; more are shown to choose from (B9).

        Where there is none, the search that follows says why, and a booking made with it already is found again (B13).
        """
        way = self._way
        needs = [each for each in open_needs(way.services, way.clinic) if each.type == chosen.key]
        wanted = [each for each in needs if each.id == way.draft.value(NEED)]
        if len(wanted or needs) > 1:
            way.draft = way.draft.with_proof({NEED: None})
            return way.show("public/choose_need.html", step=WHAT, needs=needs)
        way.need = next(iter(wanted or needs), None)
        if way.need is None and chosen.without_need and not way.draft.value(NEED):
            way.has_no_need = True
            able = (ANY, *(each.key for each in chosen.without_need))
            if way.draft["practitioner"] not in able:
                way.draft = way.draft.with_choices(practitioner=None)
            return None
        if way.need:
            way.draft = way.draft.with_proof({NEED: way.need.id})
        nobody = way.need is None and not way.draft["practitioner"]
        if nobody or not chosen.choose_practitioner:
            way.draft = way.draft.with_choices(practitioner=ANY)
        return None
