"""The whole set-up as one text: shown, checked, compared and applied, never over what somebody else saved (C3)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.set_up.places import Place, place_of
from gateway.http.answers import status_of
from gateway.http.bounds import DOCUMENT_LIMIT, LONG_CALL_SECONDS
from gateway.http.wording import N_, sentence_of
from gateway.views.rendering import moment
from shared.contracts.errors import ChangedMeanwhile, Invalid, Timeout, Unavailable
from shared.texts.document_text import to_yaml

_TEMPLATE = "console/set_up/document.html"
_NO_REVISION = -1
_LONGEST_VALUE = 400
_APPLIED = N_("The set-up is saved. It holds from now on.")
_STALE = N_(
    "Somebody else has saved the set-up meanwhile, so nothing of yours was saved. Below is how your text differs from "
    "theirs: what they changed is undone by it. Take their changes over before you save."
)


class Mistake(NamedTuple):
    """What is wrong somewhere in the document."""

    place: Place
    message: str


class Difference(NamedTuple):
    """What of the document becomes another; "" is nothing."""

    place: Place
    before: str
    after: str


class Meeting(NamedTuple):
    """A booking that new absences would meet, or that would lie outside working hours."""

    reference: str
    start: Any
    practitioner: str
    patient: str


def document(here: Here) -> Response:
    """Show the document in force."""
    found = here.services.availability.document(here.clinic)
    done = here.say(_APPLIED) if here.asked("done").get("done") == "applied" else None
    return _show(here, to_yaml(found["document"]), found["revision"], done=done)


def download(here: Here) -> Response:
    """Give the document in force out as a file."""
    found = here.services.availability.document(here.clinic)
    response = Response(to_yaml(found["document"]), content_type="application/yaml; charset=utf-8")
    response.headers.add("Content-Disposition", "attachment", filename=f"{here.clinic}.yaml")
    return response


def check_or_apply(here: Here) -> Response:
    """Show what a text would change, or put it into force where just that was seen; it stays there whatever happens."""
    form = here.request.form
    text, revision = form.get("document", "").replace("\r\n", "\n"), _number(form.get("revision", ""))
    has_seen = form.get("seen") == _fingerprint(text)
    try:
        if form.get("do") == "apply" and has_seen:
            return _apply(here, text, revision)
        return _checked(here, text, revision)
    except (Unavailable, Timeout) as away:
        return _show(here, text, revision, status=status_of(away), warning=sentence_of(away, here.language))


def _apply(here: Here, text: str, revision: int) -> Response:
    availability = here.services.availability.with_timeout(LONG_CALL_SECONDS)
    try:
        availability.apply_document(here.clinic, document=text, if_revision=revision)
    except ChangedMeanwhile:
        present = here.services.availability.document(here.clinic)["revision"]
        return _checked(here, text, present, warning=here.say(_STALE), status=409)
    except Invalid:
        return _checked(here, text, revision)
    return here.go("/set-up", done="applied")


def _checked(
    here: Here, text: str, revision: int, *, warning: str | None = None, status: int | None = None
) -> Response:
    found = here.services.availability.with_timeout(LONG_CALL_SECONDS).check_document(here.clinic, document=text)
    mistakes = [Mistake(place_of(each["path"], here), each["message"]) for each in found["errors"]]
    return _show(
        here, text, revision,
        status=status or (422 if mistakes else 200),
        checked=True,
        warning=warning,
        mistakes=mistakes,
        differences=[_difference(each, here) for each in found["changes"]],
        meetings=[_meeting(each, here) for each in found.get("collisions") or ()],
        more_meetings=_more(found),
        unknown=found.get("collisions", ()) is None,
        not_all=bool(found.get("absences_unchecked")),
        seen=_fingerprint(text),
    )  # fmt: skip


def _show(here: Here, text: str, revision: int, *, status: int = 200, **context: Any) -> Response:
    known = {"checked": False, "done": None, "warning": None, "mistakes": (), "differences": (), "meetings": ()}
    given = {**known, "more_meetings": 0, "unknown": False, "not_all": False, "seen": "", **context}
    return here.show(_TEMPLATE, section="set_up", status=status, text=text, revision=revision, **given)


def _difference(change: Mapping[str, Any], here: Here) -> Difference:
    return Difference(place_of(change["path"], here), _written(change["before"]), _written(change["after"]))


def _written(value: Any) -> str:
    """Return a value as the document could write it, cut short where it is long; nothing as ""."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]} …"


def _meeting(booking: Mapping[str, Any], here: Here) -> Meeting:
    patient = booking["patient"]
    name = " ".join(filter(None, (patient["first_name"], patient["last_name"])))
    who = here.names.practitioner(booking["practitioner"])
    return Meeting(booking["reference"], moment(booking["start"], here.zone), who, name)


def _more(found: Mapping[str, Any]) -> int:
    listed: Sequence[Any] = found.get("collisions") or ()
    return max(0, int(found.get("collision_count") or 0) - len(listed))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else _NO_REVISION


def _fingerprint(text: str) -> str:
    """Return by what a text is known again: what was seen of another one is not applied."""
    return hashlib.sha256(text.encode()).hexdigest()


ROUTES = (
    Page("GET", "/set-up", document, administrators=True),
    Page("POST", "/set-up", check_or_apply, administrators=True, body_limit=DOCUMENT_LIMIT),
    Page("GET", "/set-up/document.yaml", download, administrators=True),
)
