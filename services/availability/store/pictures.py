"""Queries about the clinics' pictures."""

from datetime import datetime

from sqlalchemy import delete, func, select

from services.availability.store.tables import pictures
from shared.bus.events.unit_of_work import ServiceStore
from shared.contracts.pictures import Picture

_OF_NAME = (pictures.c.name, pictures.c.hash, pictures.c.width, pictures.c.height)


class PictureRows(ServiceStore):
    """Pictures by clinic and name."""

    def pictures(self, clinic: str) -> list[Picture]:
        """Return a clinic's pictures by name, without what they hold."""
        query = select(*_OF_NAME).where(pictures.c.clinic == clinic).order_by(pictures.c.name)
        return [Picture(*row) for row in self.connection.execute(query)]

    def picture(self, clinic: str, name: str) -> tuple[Picture, bytes] | None:
        """Return the picture of this name and what it holds, or None."""
        query = select(*_OF_NAME, pictures.c.body).where(pictures.c.clinic == clinic, pictures.c.name == name)
        row = self.connection.execute(query).one_or_none()
        return None if row is None else (Picture(*row[:-1]), bytes(row[-1]))

    def count_other_pictures(self, clinic: str, name: str) -> int:
        """Return how many pictures of other names a clinic has."""
        query = select(func.count()).where(pictures.c.clinic == clinic, pictures.c.name != name)
        return self.connection.execute(query).scalar_one()

    def keep_picture(self, clinic: str, picture: Picture, body: bytes, now: datetime) -> None:
        """Keep a picture, in place of the one that had its name; the clinic must be held for change."""
        held = {"hash": picture.hash, "width": picture.width, "height": picture.height, "body": body, "updated_at": now}
        row = self.insert_into(pictures).values(clinic=clinic, name=picture.name, **held)
        self.connection.execute(row.on_conflict_do_update(index_elements=["clinic", "name"], set_=held))

    def remove_picture(self, clinic: str, name: str) -> bool:
        """Remove a picture; False where there is none of this name. The clinic must be held for change."""
        gone = delete(pictures).where(pictures.c.clinic == clinic, pictures.c.name == name)
        return self.connection.execute(gone).rowcount == 1
