"""Visits and refusals are counted as the gateway tells of them, each batch once (PRODUCT A2, ADR 50)."""

from services.booking.handlers.desk import Desk
from services.booking.model.reporting.counting import NOTHING, Counts, Place, Tally
from services.booking.model.reporting.gathered import Gathered
from services.booking.model.reporting.summing import WEB


def note_online(desk: Desk, clinic: str, gathered: Gathered) -> None:
    """Count a batch, unless it is counted already; raise NotFound for a clinic that there is not."""
    day = gathered.at.astimezone(desk.rules(clinic).zone).date()
    visits: Tally = {}
    for row in gathered.rows:
        if not row["code"]:
            place = Place(clinic, day, row["type"], row["practitioner"], WEB)
            visits[place] = visits.get(place, NOTHING) + Counts(visits=row["count"])
    with desk.work() as store:
        if store.is_first_batch(gathered.batch, desk.now):
            store.count(visits)
            store.count_refusals(clinic, day, [row for row in gathered.rows if row["code"]])
