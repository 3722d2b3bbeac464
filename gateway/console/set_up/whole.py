"""The whole set-up as one text: shown, checked, compared and applied, never over what somebody else saved (C3)."""

from typing import Any

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.set_up.checking import APPLIED, apply, checked, fingerprint
from gateway.http.answers import status_of
from gateway.http.bounds import DOCUMENT_LIMIT
from gateway.http.wording import N_, sentence_of
from shared.contracts.errors import ChangedMeanwhile, Invalid, Timeout, Unavailable
from shared.texts.document_text import to_yaml

_PAGE = "/set-up/document"
_TEMPLATE = "console/set_up/document.html"
_NO_REVISION = -1
_STALE = N_(
    "Somebody else has saved the set-up meanwhile, so nothing of yours was saved. Below is how your text differs from "
    "theirs: what they changed is undone by it. Take their changes over before you save."
)


def document(here: Here) -> Response:
    """Show the document in force."""
    found = here.services.availability.document(here.clinic)
    done = here.say(APPLIED) if here.asked("done").get("done") == "applied" else None
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
    text, revision = form.get("document", "").replace("\r\n", "\n"), number(form.get("revision", ""))
    has_seen = form.get("seen") == fingerprint(text)
    try:
        if form.get("do") == "apply" and has_seen:
            return _apply(here, text, revision)
        return _checked(here, text, revision)
    except (Unavailable, Timeout) as away:
        return _show(here, text, revision, status=status_of(away), warning=sentence_of(away, here.language))


def _apply(here: Here, text: str, revision: int) -> Response:
    try:
        apply(here, text, revision)
    except ChangedMeanwhile:
        present = here.services.availability.document(here.clinic)["revision"]
        return _checked(here, text, present, warning=here.say(_STALE), status=409)
    except Invalid:
        return _checked(here, text, revision)
    return here.go(_PAGE, done="applied")


def _checked(
    here: Here, text: str, revision: int, *, warning: str | None = None, status: int | None = None
) -> Response:
    found = checked(here, text)
    status = status or (422 if found.mistakes else 200)
    return _show(here, text, revision, status=status, found=found, warning=warning, seen=fingerprint(text))


def _show(here: Here, text: str, revision: int, *, status: int = 200, **context: Any) -> Response:
    given = {"found": None, "done": None, "warning": None, "seen": "", **context}
    return here.show(_TEMPLATE, section="set_up", status=status, text=text, revision=revision, **given)


def number(text: str) -> int:
    """Return a revision as a form sends it; one that no document has where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else _NO_REVISION


ROUTES = (
    Page("GET", _PAGE, document, administrators=True),
    Page("POST", _PAGE, check_or_apply, administrators=True, body_limit=DOCUMENT_LIMIT),
    Page("GET", "/set-up/document.yaml", download, administrators=True),
)
