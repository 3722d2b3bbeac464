"""Queries about second steps of logins, and the codes that stand for them."""

from collections.abc import Collection

from sqlalchemy import delete, insert, select, update

from services.staff.model.two_step import TwoStep
from services.staff.store.tables import recovery_codes, two_steps
from shared.bus.events.unit_of_work import ServiceStore


class TwoStepRows(ServiceStore):
    """The second steps of everybody."""

    def two_step(self, owner: str, *, to_change: bool = False) -> TwoStep | None:
        """Return somebody's second step; `to_change` locks it until the commit."""
        query = select(two_steps).where(two_steps.c.owner == owner)
        row = self.connection.execute(query.with_for_update() if to_change else query).first()
        return None if row is None else TwoStep(row.owner, row.secret, row.confirmed, row.last_step)

    def has_two_step(self, owners: Collection[str]) -> set[str]:
        """Return which of them log in by two steps."""
        query = select(two_steps.c.owner).where(two_steps.c.owner.in_(owners), two_steps.c.confirmed)
        return set(self.connection.execute(query).scalars())

    def put_two_step(self, two_step: TwoStep) -> None:
        """Write somebody's second step over the one before, if any."""
        changed = update(two_steps).where(two_steps.c.owner == two_step.owner).values(vars(two_step))
        if not self.connection.execute(changed).rowcount:
            self.connection.execute(insert(two_steps), vars(two_step))

    def end_two_step(self, owner: str) -> None:
        """Drop somebody's second step and its codes."""
        self.connection.execute(delete(recovery_codes).where(recovery_codes.c.owner == owner))
        self.connection.execute(delete(two_steps).where(two_steps.c.owner == owner))

    def put_recovery_codes(self, owner: str, hashes: Collection[str]) -> None:
        """Write what somebody's codes are found by, in the place of those before."""
        self.connection.execute(delete(recovery_codes).where(recovery_codes.c.owner == owner))
        self.connection.execute(insert(recovery_codes), [{"owner": owner, "hash": each} for each in hashes])

    def use_recovery_code(self, owner: str, hashes: Collection[str]) -> bool:
        """Drop the code that one of these hashes finds; tell whether there was one."""
        mine = delete(recovery_codes).where(recovery_codes.c.owner == owner, recovery_codes.c.hash.in_(hashes))
        return bool(self.connection.execute(mine).rowcount)
