"""The pages of the history: what was changed, the set-up of then, and how it comes back (C3, issue 14.4).

What comes back is a document like any other: checked, compared with the one in force, saved where just that was seen.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.set_up.checking import APPLIED, Difference, apply, checked, difference, fingerprint, number
from gateway.console.set_up.history.entries import happened, pictures_then
from gateway.console.set_up.two_weeks import Wish
from gateway.console.set_up.whole import as_file
from gateway.http.bounds import LONG_CALL_SECONDS
from gateway.http.wording import N_
from shared.contracts.errors import ChangedMeanwhile, Invalid, NotFound
from shared.contracts.pictures import TYPE
from shared.texts.document_text import to_yaml

_PAGE = "/set-up/history"
_ENTRY = f"{_PAGE}/<int:revision>"
_AT_ONCE = 20
_CHANGED = N_(
    "The set-up has been changed meanwhile, so nothing was saved. Look at it again, and save if that is right."
)
_PUT_BACK = N_("The picture is shown from now on.")
_DONE = {"applied": APPLIED, "put": _PUT_BACK}


def history(here: Here) -> Response:
    """Show a page of what was changed, the newest first."""
    asked = here.asked("cursor")
    cursor = {"cursor": asked["cursor"]} if "cursor" in asked else {}
    found = here.services.availability.document_history(here.clinic, limit=_AT_ONCE, **cursor)
    return here.show(
        "console/set_up/history.html", section="set_up", entries=[happened(here, each) for each in found["history"]],
        next=found["next"], is_later="cursor" in asked, done=here.done(_DONE),
    )  # fmt: skip


def entry(here: Here, revision: int) -> Response:
    """Show one change whole."""
    told = _state(here, revision)
    pictures = pictures_then(here, told["changes"][0]) if told["kind"] == "picture" else (None, None)
    return here.show("console/set_up/entry.html", section="set_up", entry=happened(here, told), pictures=pictures)


def undo(here: Here, revision: int) -> Response:
    """Show what becomes different if one change is taken back, or take it back."""
    found = here.services.availability.document_without(here.clinic, revision=revision)
    stays = [
        difference({"path": each["path"], "before": each["mine"], "after": each["theirs"]}, here)
        for each in found["both"]
    ]
    return _answered(here, revision, "undo", found["document"], found["revision"], stays=stays)


def then(here: Here, revision: int) -> Response:
    """Show the set-up of then, and what becomes different if it comes back, or let it come back."""
    state = _state(here, revision)["document"]
    found = here.services.availability.document(here.clinic)
    document = {**state, "absences": found["document"]["absences"]}
    return _answered(here, revision, "document", document, found["revision"], text=to_yaml(state))


def download(here: Here, revision: int) -> Response:
    """Give the set-up of then out as a file."""
    return as_file(_state(here, revision)["document"], f"{here.clinic}-{revision}.yaml")


def picture(here: Here, name: str, hash: str) -> Response:
    """Give out a picture that was replaced or removed."""
    found = here.services.availability.former_picture(here.clinic, name, hash=hash)
    response = Response(base64.b64decode(found["content"]), content_type=TYPE)
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


def put_back(here: Here, name: str, hash: str) -> Response:
    """Put a picture back that was replaced or removed."""
    availability = here.services.availability.with_timeout(LONG_CALL_SECONDS)
    availability.restore_picture(here.clinic, name, hash=hash)
    return here.go(_PAGE, done="put")


def _answered(
    here: Here,
    revision: int,
    way: str,
    document: dict[str, Any],
    present: int,
    *,
    text: str = "",
    stays: Sequence[Difference] = (),
) -> Response:
    """Show what a document that is to come back makes different; put it into force where that was seen."""
    form, seen = here.form, fingerprint(document)
    is_stale = form["do"] == "apply" and (form["seen"] != seen or number(form["revision"]) != present)
    if form["do"] == "apply" and not is_stale:
        try:
            apply(here, document, present)
            return here.go(_PAGE, done="applied")
        except ChangedMeanwhile:
            is_stale = True
        except Invalid:
            pass  # what is wrong with it is found by the check again, and told
    found = checked(here, document, Wish.of(form, "-"))
    return here.show(
        "console/set_up/then.html", section="set_up", status=409 if is_stale else 200, way=way,
        entry=happened(here, _state(here, revision)), found=found, seen=seen, revision=present, text=text, stays=stays,
        warning=here.say(_CHANGED) if is_stale else None,
    )  # fmt: skip


def _state(here: Here, revision: int) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = here.services.availability.document_state(here.clinic, revision=revision)
    except Invalid as odd:
        raise NotFound.because("There is no entry of this revision in the history.") from odd
    return found


ROUTES = (
    Page("GET", _PAGE, history, administrators=True),
    Page("GET", _ENTRY, entry, administrators=True),
    Page("GET", f"{_ENTRY}/undo", undo, administrators=True),
    Page("POST", f"{_ENTRY}/undo", undo, administrators=True),
    Page("GET", f"{_ENTRY}/document", then, administrators=True),
    Page("POST", f"{_ENTRY}/document", then, administrators=True),
    Page("GET", f"{_ENTRY}/document.yaml", download, administrators=True),
    Page("GET", f"{_PAGE}/pictures/<name>/<hash>.webp", picture, administrators=True),
    Page("POST", f"{_PAGE}/pictures/<name>/<hash>", put_back, administrators=True),
)
