"""A clinic's whole document, as pages of the console find it in force."""

from typing import Any

from services.availability.document import check, compare, shape
from shared.clinic_documents import ClinicDocuments, Revisions
from tests.builders.clinics.written import a_written_document
from tests.builders.gateway.world import World


def a_document(**changes: Any) -> dict[str, Any]:
    """Return a document in normal form; maps in `changes` are merged one level deep."""
    written: dict[str, Any] = a_written_document()
    for key, value in changes.items():
        known = written.get(key)
        written[key] = {**known, **value} if isinstance(value, dict) and isinstance(known, dict) else value
    return in_normal_form(written)


def in_normal_form(written: object) -> dict[str, Any]:
    """Return a document without mistakes as it is kept."""
    checked = check(written)
    assert not checked.problems, checked.problems
    return checked.document


def put_in_force(world: World, **changes: Any) -> dict[str, Any]:
    """Let every clinic have such a document from now on, and return it."""
    document = a_document(**changes)
    keep(world, document)
    return document


def keep(world: World, document: dict[str, Any]) -> None:
    """Let every clinic have a document, and be told by the real rules what another one would change."""
    known = {"revision": 7, "document": document}
    world.documents = ClinicDocuments(Revisions(world.cache), lambda _clinic: known)
    world.availability.answers |= {
        "document": known,
        "document_shape": {"shape": shape()},
        "check_document": lambda _clinic, document: _found(known["document"], document),
        "apply_document": {"revision": 8},
    }


def _found(before: Any, source: Any) -> dict[str, Any]:
    checked = check(source)
    changes = [] if checked.problems else [each.to_json() for each in compare(before, checked.document)]
    errors = [problem.to_json() for problem in checked.problems]
    return {"errors": errors, "changes": changes, "collisions": [], "collision_count": 0, "absences_unchecked": 0}
