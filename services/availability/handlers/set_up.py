"""The clinic document: shown, checked, applied (C3). Applying is all or nothing, and idempotent.

Who may see or check a document is settled before a handler is called: staff of the clinic, tools and services.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from services.availability.document import Change, Checked, Problem, check, compare, shape, with_absence_ids
from services.availability.handlers.absences import seen
from services.availability.handlers.colliding import added, lost, told_of, unchecked
from services.availability.handlers.pictures import pictures_told
from services.availability.handlers.recording import record
from services.availability.model.current import can_be_clinic
from services.availability.model.history import DOCUMENT, MADE, absence_changes
from shared.contracts.availability import CLINIC_CHANGED, ClinicState
from shared.contracts.errors import ChangedMeanwhile, Forbidden, Invalid
from shared.ids import new_id

if TYPE_CHECKING:
    from services.availability.handlers.desk import Desk


_NO_COLLISIONS: dict[str, Any] = {"collisions": [], "collision_count": 0, "absences_unchecked": 0}


def document(desk: Desk, clinic: str) -> dict[str, Any]:
    """Return `{revision, document, pictures}`, the document in normal form and in the order in which it was written.

    `pictures` tells by name of those that the clinic has, as they are at this revision or a later one.

    Of its absences a therapist gets what the list of absences shows them (C1).
    """
    found = desk.clinic(clinic)
    shown = {**found.document, "absences": seen(desk, found.document["absences"])}
    return {"revision": found.revision, "document": shown, "pictures": pictures_told(desk, clinic)}


def document_shape() -> dict[str, Any]:
    """Return `{shape}`: what each key of a document takes (C3)."""
    return {"shape": shape()}


def check_document(desk: Desk, clinic: str, source: object) -> dict[str, Any]:
    """Return what is wrong with a document, and what it would change, and whom it would meet, if nothing is.

    `{errors, changes, collisions, collision_count, absences_unchecked}`, as `apply_document` tells of the last three.
    `source` is YAML or JSON text, or plain values.
    """
    checked = checked_for(clinic, source)
    if checked.problems:
        errors = [problem.to_json() for problem in checked.problems]
        return {"errors": errors, "changes": [], **_NO_COLLISIONS}
    with desk.work.reading() as store:
        stored = store.clinic(clinic) if can_be_clinic(clinic) else None
    before = stored.document if stored else None
    after = with_absence_ids(checked.document, absences_of(before), make_id=None)
    changes = [change.to_json() for change in compare(before, after)]
    return {"errors": [], "changes": changes, **collisions_of(desk, before, after)}


def apply_document(desk: Desk, clinic: str, source: object, if_revision: int | None) -> dict[str, Any]:
    """Put a document into force and return `{revision, document, changes}` and, with it, what its absences meet.

    `collisions` are the first bookings that meet an absence which is new or another than before, or lie in working time
    that is none any more, `collision_count` how many there are; null where booking does not answer (PRODUCT S8).
    `absences_unchecked` of all these stretches were not looked at: a document may have thousands, and an answer must
    come in time.
    One that changes nothing leaves the revision and tells nobody. A clinic that is new may only be made by actors
    who belong to no clinic. Raises Invalid with `errors` by path, Forbidden, ChangedMeanwhile where the clinic is no
    longer at `if_revision` (0: it must be new).
    """
    checked = checked_for(clinic, source)
    if checked.problems:
        raise _invalid(checked.problems)
    with desk.work() as store:
        stored = store.clinic_to_change(clinic)
        revision = stored.revision if stored else 0
        before = stored.document if stored else None
        if before is None and desk.actor.clinic is not None:
            raise Forbidden.because("Only the installation's administrators make new clinics.")
        if if_revision is not None and if_revision != revision:
            raise _changed_meanwhile(revision)
        after = with_absence_ids(checked.document, absences_of(before), make_id=new_id)
        changes = compare(before, after)
        if changes:
            revision += 1
            if before is not None:
                store.change_clinic(clinic, revision, after, desk.now)
            elif not store.add_clinic(clinic, after, desk.now):
                raise _changed_meanwhile(1)
            kind = DOCUMENT if before is not None else MADE
            record(desk, store, clinic, stored, kind, _kept(changes, before, after), after)
            state = ClinicState(revision=revision, document=after)
            store.publish(desk.event(CLINIC_CHANGED, clinic, clinic, revision, state))
    desk.revisions.announce(clinic, revision)
    told = {"revision": revision, "document": after, "changes": [change.to_json() for change in changes]}
    return {**told, **collisions_of(desk, before, after)}


def _kept(changes: list[Change], before: dict[str, Any] | None, after: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the history keeps of changes: of a new clinic, which is one whole change, none of them singly."""
    if before is None:
        return []
    others = [change.to_json() for change in changes if not change.path.startswith("absences")]
    return [*others, *absence_changes(before["absences"], after["absences"])]


def collisions_of(desk: Desk, before: dict[str, Any] | None, after: dict[str, Any]) -> dict[str, Any]:
    """Return the first bookings that a document would meet, as `apply_document` tells of them."""
    new, gone = added(before, after), lost(desk, before, after)
    found = told_of(desk, after, new, gone)
    left = unchecked(desk, after, new, gone)
    return {"collisions": found["collisions"], "collision_count": found["count"], "absences_unchecked": left}


def checked_for(clinic: str, source: object) -> Checked:
    """Read and check a document; one that names another clinic than the call is a problem too."""
    checked = check(source)
    named = checked.document.get("clinic")
    if named is None or named == clinic:
        return checked
    wrong = Problem("clinic", f'This is the document of "{named}"; apply it there, or write "{clinic}" here.')
    return Checked(checked.document, (wrong, *checked.problems))


def _invalid(problems: Iterable[Problem]) -> Exception:
    errors: dict[str, list[str]] = {}
    for problem in problems:
        errors.setdefault(problem.path, []).append(problem.message)
    first, message = next((path, texts[0]) for path, texts in errors.items())
    return Invalid.because(f"The document has errors, the first at {first or 'its start'}: {message}", errors=errors)


def _changed_meanwhile(revision: int) -> Exception:
    return ChangedMeanwhile.because(f"The clinic is at revision {revision} now; fetch it and make your change again.")


def absences_of(document: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return a document's absences, none where there is no document."""
    return document["absences"] if document else []
