"""What takes time, by name, and when: how the databases of bookings and of free times speak of the same time."""

from collections.abc import Iterable
from datetime import datetime

Interval = tuple[datetime, datetime]
"""From when to when, half-open; aware UTC."""


def practitioner_key(practitioner: str) -> str:
    """Return the name by which occupancy knows a practitioner."""
    return f"practitioner:{practitioner}"


def resource_key(resource: str) -> str:
    """Return the name by which occupancy knows a room or device."""
    return f"resource:{resource}"


def occupied_keys(practitioner: str, resources: Iterable[str]) -> list[str]:
    """Return the names of everything that an appointment occupies: the practitioner, and its rooms and devices."""
    return [practitioner_key(practitioner), *map(resource_key, resources)]


def overlap(one: Interval, other: Interval) -> bool:
    """Tell whether two intervals have a moment in common."""
    return one[0] < other[1] and other[0] < one[1]
