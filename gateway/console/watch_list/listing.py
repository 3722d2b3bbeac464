"""The watch list: who cancelled what and why, and what is to be moved; ticked off, and looked up later (PRODUCT M5)."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.frame.rows import row_of
from gateway.http.wording import N_
from gateway.views.rendering import moment
from shared.ids import is_id

_DONE: Mapping[str, str] = {
    "ticked": N_("Ticked off. It can be looked up under “Ticked off”."),
    "open": N_("It is open again."),
}


def watch_list(here: Here) -> Response:
    """Show what is open, the oldest first, or what was ticked off, the latest first."""
    asked = here.asked("done", "cursor", "ticked")
    is_done = asked.get("done") == "true"
    page = {"cursor": asked["cursor"]} if "cursor" in asked else {}
    found = here.services.booking.watch_list(here.clinic, done=is_done, **page)
    return here.show(
        "console/watch_list/list.html",
        section="watch_list",
        rows=[_row(here, entry) for entry in found["watch_list"]],
        next=found["next"],
        is_done=is_done,
        done=here.done(_DONE, "said"),
        undo=_undo(here, asked.get("ticked")),
    )


def tick_off(here: Here, id: str) -> Response:
    """Tick an entry off; nobody is told of it, so that it can be taken back at any time."""
    here.services.booking.watch_done(here.clinic, id)
    return here.go("/watch-list", said="ticked", ticked=id)


def open_again(here: Here, id: str) -> Response:
    """Put an entry back that was ticked off."""
    here.services.booking.watch_done(here.clinic, id, on=False)
    return here.go("/watch-list", said="open")


def _undo(here: Here, id: str | None) -> Mapping[str, Any] | None:
    """Return how what was just ticked off is put back."""
    return {"action": f"{here.url}/watch-list/{id}/open", "fields": {}, "until": None} if is_id(id) else None


def _row(here: Here, entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row_of(here, entry["booking"]),
        "id": entry["id"],
        "at": moment(entry["at"], here.zone),
        "comment": entry["comment"],
        "is_of_absence": entry.get("reason") == "absence",
        "absence": entry.get("absence"),
        "done_at": None if entry["done_at"] is None else moment(entry["done_at"], here.zone),
        "done_by": entry["done_by"],
    }


ROUTES = (
    Page("GET", "/watch-list", watch_list),
    Page("POST", "/watch-list/<id>/done", tick_off),
    Page("POST", "/watch-list/<id>/open", open_again),
)
