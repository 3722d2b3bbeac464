"""Recalls go out, one by one or of a week, by SMS, email and on cards; needs are taken back (PRODUCT R2)."""

from typing import Any

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.http.bounds import LONG_CALL_SECONDS
from gateway.pdf.issued_cards import printed_cards


def send(here: Here) -> Response:
    """Send one recall, or all of a week that have not gone out by that way."""
    typed = here.form
    named = {name: typed[name] for name in ("week", "need", "reference") if typed[name]}
    if not typed.all("send"):
        return here.go("/recalls", list=typed["list"] or "due", done="no_way")
    booking = here.services.booking.with_timeout(LONG_CALL_SECONDS)
    done = booking.issue_recalls(here.clinic, send=list(typed.all("send")), **named)
    said = "partly" if done["not_sent"] else "sent" if done["issued"] else "nobody"
    return here.go("/recalls", list=typed["list"] or "due", done=said)


def take_back(here: Here, id: str) -> Response:
    """Take a need back."""
    here.services.patient.close_need(here.clinic, id)
    return here.go("/recalls", list=here.form["list"] or "due", done="closed")


def cards(here: Here) -> Response:
    """Print the cards of a week's recalls, four to a sheet."""
    asked = here.asked("week", "page")
    return _printed(here, week=asked.get("week", ""), page=asked.get("page", "1"))


def card(here: Here, id: str) -> Response:
    """Print the card of one booking or need."""
    return _printed(here, id=id)


def _printed(here: Here, **asked: Any) -> Response:
    found = here.services.booking.with_timeout(LONG_CALL_SECONDS).recall_cards(here.clinic, **asked)
    return printed_cards(found, here.document, "a4" if "week" in asked else "a6", asked.get("week"))


ROUTES = (
    Page("POST", "/recalls/send", send),
    Page("POST", "/recalls/needs/<id>/close", take_back),
    Page("GET", "/recalls/cards.pdf", cards),
    Page("GET", "/recalls/<id>/card.pdf", card),
)
