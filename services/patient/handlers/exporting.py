"""What patient holds of one person, for who asks what is kept of them (PRODUCT A3)."""

from zoneinfo import ZoneInfo

from services.patient.handlers import views
from services.patient.handlers.desk import Desk, present
from services.patient.handlers.openings import note


def export(desk: Desk, clinic: str, id: str) -> views.View:
    """Return `{patient, imported_at}`: the whole record, once it is written down that it is handed out.

    `imported_at` is when a former system's file told of it first or last, None where none did. Needs and who has opened
    the record are listed by `needs` and `access_log`. Raises NotFound.
    """
    zone = ZoneInfo(desk.document(clinic)["time_zone"])
    with desk.work() as store:
        patient = present(store, clinic, id)
        note(desk, store, clinic, id, "exported")
        imported = store.imported_at(clinic, id)
    return {
        "patient": views.of_patient(patient, zone, desk.keys, full_number=True),
        "imported_at": imported.astimezone(zone).isoformat(timespec="seconds") if imported else None,
    }
