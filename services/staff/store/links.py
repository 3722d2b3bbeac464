"""Queries about links by which passwords are chosen."""

from dataclasses import fields
from datetime import datetime

from sqlalchemy import and_, delete, func, insert, or_, select

from services.staff.model.links import Link, Purpose
from services.staff.store.tables import links
from shared.bus.events.unit_of_work import ServiceStore

_KEPT = [field.name for field in fields(Link)]


class LinkRows(ServiceStore):
    """The links of all accounts."""

    def add_link(self, link: Link) -> None:
        """Write a new link."""
        self.connection.execute(insert(links), vars(link))

    def link(self, id: str) -> Link | None:
        """Return a link; None where it was used, or never was."""
        row = self.connection.execute(select(links).where(links.c.id == id)).first()
        return None if row is None else Link(**{name: row._mapping[name] for name in _KEPT})

    def links_since(self, account: str, purpose: Purpose, since: datetime) -> int:
        """Return how many links of a purpose an account was given since then that nobody has used."""
        lately = select(func.count()).where(links.c.account == account, links.c.created_at > since)
        lately = lately.where(links.c.purpose == purpose)
        return int(self.connection.execute(lately).scalar_one())

    def use_link(self, link: Link) -> None:
        """Drop a link that was used, and with it all of the account's for a forgotten password."""
        resets = and_(links.c.account == link.account, links.c.purpose == "reset")
        self.connection.execute(delete(links).where(or_(links.c.id == link.id, resets)))

    def drop_resets(self, account: str) -> None:
        """Drop an account's links for a forgotten password."""
        self.connection.execute(delete(links).where(links.c.account == account, links.c.purpose == "reset"))

    def drop_links(self, now: datetime) -> None:
        """Drop the links that open no more."""
        self.connection.execute(delete(links).where(links.c.until <= now))
