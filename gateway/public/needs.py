"""The needs that a patient may book now, as pages show them (B9, B10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gateway.clients.services import Services
from gateway.views.clinic_view import ClinicView, PractitionerView
from shared.texts.language import format_length


@dataclass(frozen=True)
class NeedView:
    """One need: what the clinic calls the patient to.

    `opens` is the Monday of its week, `until` the last day on which it can be used, if any.
    """

    id: str
    type: str
    name: str
    practitioner: PractitionerView | None
    length: str
    opens: date
    until: date | None


def need_view(row: Mapping[str, Any], clinic: ClinicView) -> NeedView:
    """Return the view of a need as the services answer it (CONTRACTS 2)."""
    return NeedView(
        id=row["id"],
        type=row["type"],
        name=clinic.aliases.get(row["type"], row["type"]),
        practitioner=clinic.practitioners.get(row["practitioner"] or ""),
        length=format_length(row["minutes"], clinic.language),
        opens=date.fromisoformat(f"{row['week']}-1"),
        until=date.fromisoformat(row["usable_until"]) if row["usable_until"] else None,
    )


def open_needs(services: Services, clinic: ClinicView) -> list[NeedView]:
    """Return the open needs that whoever calls may use, earliest first, without those of types that are not online."""
    rows = services.patient.needs(clinic.key)["needs"]
    bookable = [row for row in rows if row["state"] == "open" and clinic.type(row["type"])]
    return [need_view(row, clinic) for row in sorted(bookable, key=lambda row: (row["week"], row["id"]))]
