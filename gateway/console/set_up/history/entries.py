"""What was changed of the set-up, when and by whom, in people's words (C3, issue 14.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.clients.document_words import DocumentWords
from gateway.console.absences import spans, whose
from gateway.console.frame.here import Here
from gateway.console.set_up.checking import Difference, difference
from gateway.console.set_up.places import Place
from gateway.http.wording import N_
from gateway.views.look import PictureView
from gateway.views.own_texts import OwnTexts
from gateway.views.rendering import moment
from shared.contracts.errors import NotFound
from shared.contracts.pictures import Picture

_ABSENCES, _PICTURES = "absences[", "pictures["
_BEGUN, _MADE, _PICTURE, _ABSENCE = "begun", "made", "picture", "absence"
_WHAT = {
    _BEGUN: N_("The history begins with what was in force"),
    _MADE: N_("The clinic was set up"),
    "document": N_("Set-up changed"),
}
_ADDED, _CHANGED, _REMOVED = (False, True), (True, True), (True, False)
"""Whether there was something before, and whether there is something after."""
_OF_PICTURE = {_ADDED: N_("Picture added"), _CHANGED: N_("Picture replaced"), _REMOVED: N_("Picture removed")}
_OF_ABSENCE = {_ADDED: N_("Absence entered"), _CHANGED: N_("Absence changed"), _REMOVED: N_("Absence removed")}
_LOGO = N_("Logo")


@dataclass(frozen=True)
class Happened:
    """One entry: which revision, when, what, by whom, and what is another than before, `more` that are not listed."""

    revision: int
    kind: str
    at: datetime
    what: str
    by: str
    differences: list[Difference]
    more: int

    @property
    def is_of_document(self) -> bool:
        """Whether it is a change that can be taken back by itself."""
        return self.kind == "document"


@dataclass(frozen=True)
class PictureThen:
    """A picture that had, or got, a `name`: where it is seen, and by which `hash` it is put back."""

    name: str
    hash: str
    view: PictureView
    is_shown: bool
    is_kept: bool
    """Shown, or a former one that has not ended yet (ADR 42)."""


def happened(here: Here, told: Mapping[str, Any]) -> Happened:
    """Return an entry in words."""
    changes = told["changes"]
    return Happened(
        told["revision"],
        told["kind"],
        moment(told["at"], here.zone),
        _what(here, told["kind"], changes),
        _who(here, told["kind"], told["actor"]),
        [_difference(here, each) for each in changes],
        told["change_count"] - len(changes),
    )


def pictures_then(here: Here, change: Mapping[str, Any]) -> tuple[PictureThen | None, PictureThen | None]:
    """Return the picture before a change and after it, None where there was none."""
    name = _inside(change["path"])
    before, after = (_picture_then(here, name, change[when]) for when in ("before", "after"))
    return before, after


def _what(here: Here, kind: str, changes: list[Mapping[str, Any]]) -> str:
    by_kind = {_PICTURE: _OF_PICTURE, _ABSENCE: _OF_ABSENCE}.get(kind)
    if by_kind is None or not changes:
        return here.say(_WHAT.get(kind, _WHAT["document"]))
    return here.say(by_kind[changes[0]["before"] is not None, changes[0]["after"] is not None])


def _who(here: Here, kind: str, actor: Mapping[str, Any]) -> str:
    if kind == _BEGUN:
        return ""
    if actor["kind"] == "staff":
        return actor.get("id") or ""
    return f"{here.say(N_('Program'))} {actor.get('id') or ''}".strip()


def _difference(here: Here, change: Mapping[str, Any]) -> Difference:
    path = change["path"]
    if path.startswith(_ABSENCES):
        label = DocumentWords(here.language).label("absences")
        shown = change["after"] or change["before"]
        return Difference(
            Place(label, whose.said(here, shown), ""), *(_span(here, change[when]) for when in ("before", "after"))
        )
    if path.startswith(_PICTURES):
        place = Place(here.say(N_("Pictures")), _whose_picture(here, _inside(path)), "")
        return Difference(place, *(_there(here, change[when]) for when in ("before", "after")))
    return difference(change, here)


def _span(here: Here, absence: Mapping[str, Any] | None) -> str:
    return spans.span_of(absence["from"], absence["to"], here.zone).said(here.language) if absence else ""


def _there(here: Here, picture: Mapping[str, Any] | None) -> str:
    return here.say(N_("a picture")) if picture else ""


def _whose_picture(here: Here, name: str) -> str:
    """Return for whom a picture stands: whoever the document names it for, else what it is called."""
    if (here.document.get("look") or {}).get("logo") == name:
        return here.say(_LOGO)
    own = OwnTexts(here.language, here.document["languages"][0])
    found = next((own(row["name"]) for row in here.document["practitioners"] if row.get("picture") == name), None)
    return found or name


def _picture_then(here: Here, name: str, told: Mapping[str, Any] | None) -> PictureThen | None:
    if told is None:
        return None
    picture = Picture.read(name, told)
    present = here.services.documents.get(here.clinic).pictures.get(name)
    view = PictureView.of(here.clinic, picture)
    is_shown = present == picture
    if not is_shown and view is not None:
        view = PictureView(f"{here.url}/set-up/history/pictures/{name}/{picture.hash}.webp", view.width, view.height)
    is_kept = is_shown or _is_kept(here, picture)
    return None if view is None else PictureThen(name, picture.hash, view, is_shown, is_kept)


def _is_kept(here: Here, picture: Picture) -> bool:
    try:
        here.services.availability.former_picture(here.clinic, picture.name, hash=picture.hash)
    except NotFound:
        return False
    return True


def _inside(path: str) -> str:
    return path.partition("[")[2].removesuffix("]")
