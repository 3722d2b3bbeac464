"""Recalls go out, one by one or of a week, by SMS, email and on cards; needs are taken back (PRODUCT R2)."""

from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.recalls.weeks import said_week
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
    """Print the cards of a week's recalls, four to a sheet; where one file does not hold them, say which files do."""
    asked = here.asked("week", "page")
    week = asked.get("week", "")
    found = _found(here, week=week, page=asked.get("page", "1"))
    if found["next"] is None or "page" in asked:
        return printed_cards(found, here.document, "a4", week)
    return here.show(
        "console/recalls/cards.html",
        section="recalls",
        week=week,
        said=said_week(week, here.language),
        files=list(_files(here, week, found)),
    )


def card(here: Here, id: str) -> Response:
    """Print the card of one booking or need."""
    return printed_cards(_found(here, id=id), here.document, "a6")


def _found(here: Here, **asked: Any) -> Mapping[str, Any]:
    found: Mapping[str, Any] = here.services.booking.with_timeout(LONG_CALL_SECONDS).recall_cards(here.clinic, **asked)
    return found


def _files(here: Here, week: str, found: Mapping[str, Any]) -> Iterator[tuple[int, int, int]]:
    """Yield of each file of a week its page, and the numbers of its first and its last card."""
    page, first = 1, 1
    while True:
        last = first + len(found["cards"]) - 1
        yield page, first, last
        if found["next"] is None:
            return
        page, first = found["next"], last + 1
        found = _found(here, week=week, page=str(page))


ROUTES = (
    Page("POST", "/recalls/send", send),
    Page("POST", "/recalls/needs/<id>/close", take_back),
    Page("GET", "/recalls/cards.pdf", cards),
    Page("GET", "/recalls/<id>/card.pdf", card),
)
