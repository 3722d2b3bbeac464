"""The clinics' pictures: kept, shown, removed, put back (PRODUCT B21).

A document names them and may do so before they are there: then nothing is shown. Another picture is another revision
of the clinic, so that every process learns of it as it does of a document (ADR 3); the document stays as it was.
"""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from services.availability.handlers.recording import record
from services.availability.model.current import StoredClinic, can_be_clinic, no_such_clinic
from services.availability.model.history import PICTURE
from shared.clinic.document import KEY
from shared.contracts.availability import CLINIC_CHANGED, ClinicState
from shared.contracts.errors import Invalid, NotFound
from shared.contracts.pictures import TYPE, Picture

if TYPE_CHECKING:
    from services.availability.handlers.desk import Desk
    from services.availability.store import AvailabilityStore

MOST_PICTURES = 600
"""Of one clinic: a document has 500 practitioners at most."""
FORMER_KEPT = timedelta(days=365)
"""So long a picture that was replaced or removed can be put back."""
MOST_FORMER = 600
"""Of one clinic's former pictures so many are kept, the latest."""


def pictures_told(desk: Desk, clinic: str) -> dict[str, Any]:
    """Return by name what is told of a clinic's pictures beside its document."""
    with desk.work.reading() as store:
        return {each.name: each.told() for each in store.pictures(clinic)}


def picture(desk: Desk, clinic: str, name: str) -> dict[str, Any]:
    """Return `{name, hash, width, height, type, content}`, the last in Base64; raise NotFound."""
    if can_be_clinic(clinic) and _can_be_name(name):
        with desk.work.reading() as store:
            found = store.picture(clinic, name)
        if found is not None:
            return _shown(*found)
    raise _no_such_picture()


def put_picture(desk: Desk, clinic: str, name: str, content: str) -> dict[str, Any]:
    """Keep what a PNG, JPEG or WebP file (in Base64) shows, and return `{name, url, type, width, height}`.

    Drawn anew before anything is asked of the database; the same picture again leaves all as it was. Raises Invalid
    with `errors` by `name` and `picture`, NotFound for an unknown clinic.
    """
    if not _can_be_name(name):
        raise _invalid("name", "Use 1 to 40 of the signs A-Z a-z 0-9 - _ and start with a letter or digit.")
    made = desk.studio.drawn(_decoded(content))
    new = Picture(name, made.hash, made.width, made.height)
    _put(desk, clinic, new, made.body)
    size = {"width": new.width, "height": new.height}
    return {"name": name, "url": f"{desk.keys.public_url}{new.path(clinic)}", "type": TYPE, **size}


def restore_picture(desk: Desk, clinic: str, name: str, hash: str) -> None:
    """Put a former picture of a name back, in place of the one that it has; raise NotFound."""
    former, body = _former(desk, clinic, name, hash)
    _put(desk, clinic, former, body)


def former_picture(desk: Desk, clinic: str, name: str, hash: str) -> dict[str, Any]:
    """Return what `picture` returns, of one that was replaced or removed; raise NotFound."""
    return _shown(*_former(desk, clinic, name, hash))


def remove_picture(desk: Desk, clinic: str, name: str) -> None:
    """Remove a picture; what named it shows none from now on. Raises NotFound."""
    if not _can_be_name(name):
        raise _no_such_picture()
    with desk.work() as store:
        stored = _held(store, clinic)
        present = _named(store, clinic, name)
        store.keep_former_picture(clinic, name, desk.now, MOST_FORMER)
        if present is None or not store.remove_picture(clinic, name):
            raise _no_such_picture()
        revision = _next_revision(desk, store, clinic, stored, name, (present, None))
    desk.revisions.announce(clinic, revision)


def _put(desk: Desk, clinic: str, new: Picture, body: bytes) -> None:
    """Keep a picture under its name, and the one that it replaces among the former ones."""
    with desk.work() as store:
        stored = _held(store, clinic)
        present = _named(store, clinic, new.name)
        if new == present:
            return
        if store.count_other_pictures(clinic, new.name) >= MOST_PICTURES:
            raise _invalid("name", f"A clinic has at most {MOST_PICTURES} pictures; remove some.")
        store.keep_former_picture(clinic, new.name, desk.now, MOST_FORMER)
        store.keep_picture(clinic, new, body, desk.now)
        revision = _next_revision(desk, store, clinic, stored, new.name, (present, new))
    desk.revisions.announce(clinic, revision)


def _held(store: AvailabilityStore, clinic: str) -> StoredClinic:
    """Return a clinic and let nobody else change it; raise NotFound."""
    stored = store.clinic_to_change(clinic) if can_be_clinic(clinic) else None
    if stored is None:
        raise no_such_clinic()
    return stored


def _named(store: AvailabilityStore, clinic: str, name: str) -> Picture | None:
    return next((each for each in store.pictures(clinic) if each.name == name), None)


def _next_revision(
    desk: Desk,
    store: AvailabilityStore,
    clinic: str,
    stored: StoredClinic,
    name: str,
    shown: tuple[Picture | None, Picture | None],
) -> int:
    """Raise the revision and return it; `shown` are the picture that had the name and the one that has it now."""
    revision, document = stored.revision + 1, stored.document or {}
    store.change_clinic(clinic, revision, document, desk.now)
    before, after = (each and each.told() for each in shown)
    record(desk, store, clinic, stored, PICTURE, [{"path": f"pictures[{name}]", "before": before, "after": after}])
    state = ClinicState(revision=revision, document=document)
    store.publish(desk.event(CLINIC_CHANGED, clinic, clinic, revision, state))
    return revision


def _former(desk: Desk, clinic: str, name: str, hash: str) -> tuple[Picture, bytes]:
    if can_be_clinic(clinic) and _can_be_name(name) and _can_be_name(hash):
        with desk.work.reading() as store:
            found = store.former_picture(clinic, name, hash)
        if found is not None:
            return found
    raise _no_such_picture()


def _shown(kept: Picture, body: bytes) -> dict[str, Any]:
    return {"name": kept.name, **kept.told(), "type": TYPE, "content": base64.b64encode(body).decode()}


def _can_be_name(name: object) -> bool:
    return isinstance(name, str) and KEY.fullmatch(name) is not None


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as odd:
        raise _invalid("picture", "Send the file's bytes in Base64.") from odd


def _invalid(field: str, sentence: str) -> Exception:
    return Invalid.because(sentence, errors={field: [sentence]})


def _no_such_picture() -> Exception:
    return NotFound.because("There is no such picture.")
