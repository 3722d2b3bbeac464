"""Queries about accounts and where they work."""

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, Row, delete, insert, literal, select, tuple_, update

from services.staff.model.accounts import Account, Membership
from services.staff.store.tables import accounts, calendar_feeds, links, memberships, recovery_codes, two_steps
from shared.bus.events.unit_of_work import ServiceStore

_KEPT = ("id", "email", "password_hash", "revision", "created_at")


class AccountRows(ServiceStore):
    """The accounts of all clinics."""

    def by_email(self, email_key: str, *, to_change: bool = False) -> Account | None:
        """Return the account of an address; `to_change` locks it until the commit."""
        return self._one(accounts.c.email_key == email_key, to_change)

    def get(self, id: str, *, to_change: bool = False) -> Account | None:
        """Return an account; `to_change` locks it until the commit."""
        return self._one(accounts.c.id == id, to_change)

    def of_ids(self, ids: Collection[str]) -> dict[str, Account]:
        """Return accounts by their ids, without those that are gone."""
        rows = self.connection.execute(select(accounts).where(accounts.c.id.in_(sorted(ids)))).all()
        return {account.id: account for account in self._whole(rows)}

    def of_clinic(self, clinic: str, after: Account | None, limit: int) -> list[Account]:
        """Return up to `limit` accounts that work at a clinic or are invited to, by address, those behind `after`."""
        query = select(accounts).join(memberships, memberships.c.account == accounts.c.id)
        query = query.where(memberships.c.clinic == clinic)
        if after is not None:
            here = tuple_(literal(after.email_key), literal(after.id))
            query = query.where(tuple_(accounts.c.email_key, accounts.c.id) > here)
        query = query.order_by(accounts.c.email_key, accounts.c.id).limit(limit)
        return self._whole(self.connection.execute(query).all())

    def add(self, account: Account) -> None:
        """Write a new account."""
        self.connection.execute(insert(accounts), _row(account))
        self._add_memberships(account)

    def replace(self, account: Account) -> None:
        """Write a changed account over the one before."""
        self.connection.execute(update(accounts).where(accounts.c.id == account.id).values(_row(account)))
        self._drop_memberships(account)
        self._add_memberships(account)

    def remove(self, account: Account) -> None:
        """Drop an account and all that belongs to it."""
        self._drop_memberships(account)
        self.connection.execute(delete(links).where(links.c.account == account.id))
        self.connection.execute(delete(calendar_feeds).where(calendar_feeds.c.account == account.id))
        self.connection.execute(delete(recovery_codes).where(recovery_codes.c.owner == account.id))
        self.connection.execute(delete(two_steps).where(two_steps.c.owner == account.id))
        self.connection.execute(delete(accounts).where(accounts.c.id == account.id))

    def _one(self, where: ColumnElement[bool], to_change: bool) -> Account | None:
        query = select(accounts).where(where)
        rows = self.connection.execute(query.with_for_update() if to_change else query).all()
        return next(iter(self._whole(rows)), None)

    def _whole(self, rows: Iterable[Row[tuple[object, ...]]]) -> list[Account]:
        """Return the accounts of some rows; of none by as many statements, or the time of a login would tell."""
        found = {row._mapping["id"]: {name: row._mapping[name] for name in _KEPT} for row in rows}
        query = select(memberships).where(memberships.c.account.in_(found)).order_by(memberships.c.clinic)
        places: dict[str, list[Membership]] = {id: [] for id in found}
        for row in self.connection.execute(query):
            places[row.account].append(Membership(row.clinic, row.role, row.practitioner, row.accepted))
        return [Account(**kept, memberships=tuple(places[id])) for id, kept in found.items()]

    def _add_memberships(self, account: Account) -> None:
        rows = [{"account": account.id, **vars(each)} for each in account.memberships]
        if rows:
            self.connection.execute(insert(memberships), rows)

    def _drop_memberships(self, account: Account) -> None:
        self.connection.execute(delete(memberships).where(memberships.c.account == account.id))


def _row(account: Account) -> dict[str, object]:
    return {**{name: getattr(account, name) for name in _KEPT}, "email_key": account.email_key}
