"""A clinic's whole document, as pages of the console find it in force."""

from base64 import b64encode
from copy import deepcopy
from typing import Any

from services.availability import schemas
from services.availability.document import check, compare, shape
from services.availability.handlers import absences, history, pictures, set_up
from services.availability.handlers.desk import Desk
from shared.actor import Actor
from shared.clinic_documents import ClinicDocuments, Revisions
from shared.contracts.errors import Gone
from shared.incoming.fields import checked
from tests.builders.availability.fakes import FakeWork, a_desk
from tests.builders.clinics.written import a_written_document
from tests.builders.gateway.kept import tell_of_retention
from tests.builders.gateway.world import World

PREVIEWED: dict[str, Any] = {
    "errors": [], "on": True, "present_on": True, "as_if_on": False, "types": [], "unsearched": [], "practitioners": [],
    "holidays": [],
}  # fmt: skip
"""What patients would see of a clinic that has nothing to be booked."""


def a_document(**changes: Any) -> dict[str, Any]:
    """Return a document in normal form; maps in `changes` are merged one level deep."""
    written: dict[str, Any] = a_written_document()
    for key, value in changes.items():
        known = written.get(key)
        written[key] = {**known, **value} if isinstance(value, dict) and isinstance(known, dict) else value
    return in_normal_form(written)


def in_normal_form(written: object) -> dict[str, Any]:
    """Return a document without mistakes as it is kept."""
    read = check(written)
    assert not read.problems, read.problems
    return read.document


def put_in_force(world: World, **changes: Any) -> dict[str, Any]:
    """Let every clinic have such a document from now on, and return it."""
    document = a_document(**changes)
    keep(world, document)
    return document


def keep(world: World, document: dict[str, Any]) -> None:
    """Let every clinic have a document, and be told by the real rules what another one would change."""
    known = {"revision": 7, "document": document}
    world.documents = ClinicDocuments(Revisions(world.cache), lambda _clinic: known)
    tell_of_retention(world)
    world.availability.answers |= {
        "document": known,
        "document_shape": {"shape": shape()},
        "check_document": lambda _clinic, document: _found(known["document"], document),
        "preview_document": PREVIEWED,
        "apply_document": {"revision": 8},
        "document_state": Gone.because("The history begins later."),
        "merge_document": Gone.because("The history begins later."),
    }


class Living:
    """A clinic whose set-up is kept by availability's own rules, and changed by others besides."""

    def __init__(self, world: World, **changes: Any) -> None:
        self._world = world
        self._work = FakeWork()
        self._apply(a_document(**changes), "cli")
        tell_of_retention(world)
        world.documents = ClinicDocuments(Revisions(world.cache), lambda _clinic: self.document())
        told = {
            "document_history": lambda clinic, **query: history.document_history(
                self._desk(), clinic, checked(schemas.HistorySchema(), query)
            ),
            "document_state": lambda clinic, revision: history.document_state(self._desk(), clinic, revision),
            "document_without": lambda clinic, revision: history.document_without(self._desk(), clinic, revision),
            "merge_document": lambda clinic, document, since: history.merge_document(
                self._desk(), clinic, document, since
            ),
            "former_picture": lambda clinic, name, hash: pictures.former_picture(self._desk(), clinic, name, hash),
            "restore_picture": lambda clinic, name, hash: pictures.restore_picture(self._desk(), clinic, name, hash),
        }
        world.availability.answers |= {
            "document": lambda _clinic: self.document(),
            "document_shape": {"shape": shape()},
            "check_document": lambda clinic, document: set_up.check_document(self._desk(), clinic, document),
            "preview_document": PREVIEWED,
            "apply_document": lambda clinic, document, if_revision: self._apply(document, "ann", if_revision),
            **told,
        }

    def document(self) -> dict[str, Any]:
        """Return what is in force, with its revision."""
        return set_up.document(self._desk(), "solna")

    def save(self, who: str = "bea", **changes: Any) -> int:
        """Let somebody save other values of some keys; return the revision."""
        return int(self._apply({**deepcopy(self.document()["document"]), **changes}, who)["revision"])

    def add_absence(self, reason: str = "Leave") -> None:
        """Let somebody enter an absence."""
        away = {"practitioner": "anna", "from": "2027-03-01", "to": "2027-03-01", "reason": reason}
        absences.add_absence(self._desk("bea"), "solna", away)

    def put_picture(self, name: str, drawing: bytes) -> None:
        """Let somebody put a picture."""
        pictures.put_picture(self._desk("bea"), "solna", name, b64encode(drawing).decode())

    def _apply(self, document: Any, who: str, if_revision: int | None = None) -> dict[str, Any]:
        return set_up.apply_document(self._desk(who), "solna", document, if_revision)

    def _desk(self, who: str = "") -> Desk:
        actor = (
            Actor("tool", "cli")
            if not self._work.store.rows
            else Actor("staff", f"{who}@solna.example", "administrator", "solna")
        )
        return a_desk(self._work, actor, revisions=Revisions(self._world.cache))


def _found(before: Any, source: Any) -> dict[str, Any]:
    read = check(source)
    changes = [] if read.problems else [each.to_json() for each in compare(before, read.document)]
    errors = [problem.to_json() for problem in read.problems]
    return {"errors": errors, "changes": changes, "collisions": [], "collision_count": 0, "absences_unchecked": 0}
