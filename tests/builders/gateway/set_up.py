"""A clinic's whole document, as pages of the console find it in force."""

from typing import Any

from services.availability.document import check
from shared.clinic_documents import ClinicDocuments, Revisions
from tests.builders.clinics.written import a_written_document
from tests.builders.gateway.world import World


def a_document(**changes: Any) -> dict[str, Any]:
    """Return a document in normal form; maps in `changes` are merged one level deep."""
    written: dict[str, Any] = a_written_document()
    for key, value in changes.items():
        known = written.get(key)
        written[key] = {**known, **value} if isinstance(value, dict) and isinstance(known, dict) else value
    checked = check(written)
    assert not checked.problems, checked.problems
    return checked.document


def put_in_force(world: World, **changes: Any) -> dict[str, Any]:
    """Let every clinic have such a document from now on, and return it."""
    document = a_document(**changes)
    world.documents = ClinicDocuments(Revisions(world.cache), lambda _clinic: {"revision": 1, "document": document})
    return document
