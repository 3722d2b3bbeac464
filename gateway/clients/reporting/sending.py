"""Sends what was gathered of visits and refusals to booking (PRODUCT A2, ADR 50)."""

import logging

from gateway.clients.services import Services
from shared.contracts.errors import Invalid, NotFound, Refusal

_log = logging.getLogger(__name__)


def send_tally(services: Services) -> None:
    """Let booking count what was gathered; what it cannot take now goes again under the same id.

    What it will never take, as of a clinic that is gone, is forgotten.
    """
    tally, booking = services.door.tally, services.booking.in_own_name()
    for batch in tally.batches(services.clock.now()):
        try:
            booking.note_online(batch.clinic, batch=batch.id, at=batch.at.isoformat(), rows=batch.rows)
        except (Invalid, NotFound) as refused:
            _log.warning("visits of %s are not counted: %s", batch.clinic, refused.code)
        except Refusal as refused:
            _log.warning("visits of the report wait: %s", refused.code)
            return
        tally.sent(batch)
