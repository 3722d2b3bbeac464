"""The whole set-up as one text: shown, checked, compared and applied, never over what somebody else saved (C3)."""

from typing import Any

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.console.set_up.checking import APPLIED, apply, checked, fingerprint, number, page_of
from gateway.console.set_up.meanwhile import Overtaken, overtaken
from gateway.console.set_up.two_weeks import Wish
from gateway.http.answers import attached, status_of
from gateway.http.bounds import DOCUMENT_LIMIT
from gateway.http.wording import N_, sentence_of
from shared.contracts.errors import ChangedMeanwhile, Invalid, Timeout, Unavailable
from shared.texts.document_text import to_yaml

_PAGE = "/set-up/document"
_TEMPLATE = "console/set_up/document.html"
_STALE = N_(
    "Somebody else has saved the set-up meanwhile, so nothing of yours was saved. Below is how your text differs from "
    "theirs: what they changed is undone by it. Take their changes over before you save."
)
_TAKEN_OVER = N_(
    "Somebody else has saved the set-up meanwhile, so nothing of yours was saved yet. Their changes are taken over "
    "into your text. Look at what becomes different, and save if that is right."
)


def document(here: Here) -> Response:
    """Show the document in force."""
    found = here.services.availability.document(here.clinic)
    return _show(here, to_yaml(found["document"]), found["revision"], done=here.done({"applied": APPLIED}))


def as_file(document: dict[str, Any], name: str) -> Response:
    """Return a document as a file of this name: to be carried elsewhere, or compared."""
    return attached(Response(to_yaml(document), content_type="application/yaml; charset=utf-8"), name)


def download(here: Here) -> Response:
    """Give the document in force out as a file."""
    found = here.services.availability.document(here.clinic)
    return as_file(found["document"], f"{here.clinic}.yaml")


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
        return _overtaken(here, text, revision)
    except Invalid:
        return _checked(here, text, revision)
    return here.go(_PAGE, done="applied")


def _overtaken(here: Here, text: str, since: int) -> Response:
    """Show the text with what others saved since taken over, where both do not touch the same; else as it was typed."""
    found = overtaken(here, text, since)
    if found.document is not None:
        text, warning = to_yaml(found.document), _TAKEN_OVER
    else:
        warning = _STALE
    return _checked(here, text, found.revision, warning=here.say(warning), status=409, overtaken=found)


def _checked(
    here: Here,
    text: str,
    revision: int,
    *,
    warning: str | None = None,
    status: int | None = None,
    overtaken: Overtaken | None = None,
) -> Response:
    found = checked(here, text, Wish.of(here.request.form, "-"))
    status = status or (422 if found.mistakes else 200)
    given = {"found": found, "warning": warning, "seen": fingerprint(text), "overtaken": overtaken}
    return _show(here, text, revision, status=status, **given)


def _show(here: Here, text: str, revision: int, *, status: int = 200, **context: Any) -> Response:
    given = {"found": None, "done": None, "warning": None, "seen": "", "overtaken": None, **context}
    return here.show(**page_of(here, _TEMPLATE), section="set_up", status=status, text=text, revision=revision, **given)


ROUTES = (
    Page("GET", _PAGE, document, administrators=True),
    Page("POST", _PAGE, check_or_apply, administrators=True, body_limit=DOCUMENT_LIMIT),
    Page("GET", "/set-up/document.yaml", download, administrators=True),
)
