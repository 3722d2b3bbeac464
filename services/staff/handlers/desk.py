"""What staff's use cases work with: besides what all have, who is proven by what, and who is told of revisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from services.staff.model.accounts import Account
from shared import desk
from shared.contracts.plain import plain
from shared.contracts.staff import SERVICE, AccountPerson, AccountState, WorkPlace, revision_name

if TYPE_CHECKING:
    from services.staff.credentials.passwords import Installer, Passwords
    from services.staff.store import StaffStore
    from shared.bus.events.unit_of_work import UnitOfWork
    from shared.clinic_documents import ClinicDocuments


class Announces(Protocol):
    """Tells every process which revision of an account is in force."""

    def announce(self, name: str, revision: int) -> None:
        """Tell it; never fails."""
        ...


@dataclass(frozen=True)
class Desk(desk.Desk):
    """One call's surroundings."""

    source = SERVICE

    work: UnitOfWork[StaffStore]
    documents: ClinicDocuments
    passwords: Passwords
    installer: Installer
    revisions: Announces

    def document(self, clinic: str) -> Mapping[str, Any]:
        """Return the clinic's document in force; raise NotFound where there is no such clinic."""
        return self.documents.get(clinic).document

    def tell(self, store: StaffStore, type: str, clinic: str, account: Account) -> None:
        """Publish what an account is from now on."""
        told = AccountState(
            account=account.id,
            clinics=tuple(WorkPlace(**vars(each)) for each in account.memberships),
            person=self.keys.people.seal(plain(AccountPerson(email=account.email))),
        )
        store.publish(self.event(type, clinic, account.id, account.revision, told))

    def announce(self, account: Account) -> None:
        """Let every session of the account's earlier revisions be over, for all processes, from now on."""
        self.revisions.announce(revision_name(account.id), account.revision)
