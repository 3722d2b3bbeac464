"""Patient's daily run over what is old, as its timer starts it."""

from collections.abc import Callable

from services.patient.handlers.desk import Desk
from services.patient.handlers.rights import retention
from tests.builders.retention import first_look


def delete_old(desk: Desk, pause: Callable[[float], object] = int) -> None:
    """Delete what is over at solna, which was first looked at on the day before."""
    first_look(desk.work, "solna", desk.now)
    retention.delete_old(desk, {"clinics": [{"clinic": "solna"}]}, pause)
