"""What the clinic shows of itself: its logo and its people's faces, put and removed (PRODUCT B21).

A picture that is put is named in the document where that names none yet, so that one press is enough to show it.
"""

from base64 import b64encode
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Response

from gateway.console.frame.here import Here
from gateway.console.frame.pages import Page
from gateway.http.bounds import LONG_CALL_SECONDS, PICTURE_FORM_LIMIT
from gateway.http.wording import N_
from gateway.views.look import PictureView
from gateway.views.own_texts import OwnTexts
from shared.clinic_documents import ClinicDocument
from shared.contracts.errors import Invalid, NotFound, Refusal

_PAGE = "/set-up/pictures"
_LOGO = "-logo"
"""What the logo's place is called in addresses: no practitioner's key begins so."""

_DONE = {"put": N_("The picture is shown from now on."), "removed": N_("The picture is removed.")}
_NONE_CHOSEN = N_("Choose a picture first.")


@dataclass(frozen=True)
class Place:
    """Where a picture is shown: a practitioner's, by their key, or the logo's.

    `called` is what the document calls it, None where it names none.
    """

    key: str
    title: str | None
    called: str | None
    picture: PictureView | None

    @property
    def name(self) -> str:
        """What its picture is called, or is to be called."""
        return self.called or self.key.removeprefix("-")


def pictures(here: Here, **again: Any) -> Response:
    """Show all places, with the pictures that there are."""
    found, done = _places(here), here.done(_DONE)
    return here.show("console/set_up/pictures.html", section="set_up", places=found, done=done, **again)


def put(here: Here, place: str) -> Response:
    """Put the chosen file's picture into a place."""
    chosen = _place(here, place)
    file = here.request.files.get("picture")
    try:
        if file is None or not file.filename:
            raise Invalid.because(_NONE_CHOSEN, errors={"picture": [_NONE_CHOSEN]})
        content = b64encode(file.stream.read()).decode()
        availability = here.services.availability.with_timeout(LONG_CALL_SECONDS)
        availability.put_picture(here.clinic, chosen.name, content=content)
        if chosen.called is None:
            _call_by_name(here, chosen)
    except Refusal as refused:
        return pictures(here, wrong=place, **here.told(refused))
    return here.go(_PAGE, done="put")


def remove(here: Here, place: str) -> Response:
    """Remove a place's picture; its name stays, for the next one."""
    here.services.availability.remove_picture(here.clinic, _place(here, place).name)
    return here.go(_PAGE, done="removed")


def _places(here: Here) -> list[Place]:
    found = here.services.documents.get(here.clinic)
    document, own = found.document, OwnTexts(here.language, found.document["languages"][0])
    logo = (document.get("look") or {}).get("logo")
    people = [
        Place(row["key"], own(row["name"]), row.get("picture"), _view(here, found, row.get("picture")))
        for row in document["practitioners"]
    ]
    return [Place(_LOGO, None, logo, _view(here, found, logo)), *people]


def _view(here: Here, found: ClinicDocument, name: str | None) -> PictureView | None:
    return PictureView.of(here.clinic, found.pictures.get(name or ""))


def _place(here: Here, key: str) -> Place:
    found = next((each for each in _places(here) if each.key == key), None)
    if found is None:
        raise NotFound.because("There is no such place for a picture.")
    return found


def _call_by_name(here: Here, place: Place) -> None:
    """Let the document name a place's picture; raise ChangedMeanwhile where somebody else changes it just now."""
    found = here.services.documents.get(here.clinic)
    availability = here.services.availability.with_timeout(LONG_CALL_SECONDS)
    availability.apply_document(here.clinic, document=_naming(found.document, place), if_revision=found.revision)


def _naming(document: Mapping[str, Any], place: Place) -> dict[str, Any]:
    changed = deepcopy(dict(document))
    if place.key == _LOGO:
        changed["look"] = {**(changed.get("look") or {}), "logo": place.name}
    for row in changed["practitioners"]:
        if row["key"] == place.key:
            row["picture"] = place.name
    return changed


ROUTES = (
    Page("GET", _PAGE, pictures, administrators=True),
    Page("POST", f"{_PAGE}/<place>", put, administrators=True, body_limit=PICTURE_FORM_LIMIT),
    Page("POST", f"{_PAGE}/<place>/remove", remove, administrators=True),
)
