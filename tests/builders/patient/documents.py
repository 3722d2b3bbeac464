"""What patient reads of a clinic's document, for its tests."""

from typing import Any


def a_type(key: str, **changes: Any) -> dict[str, Any]:
    """Return a type of appointment of 30 minutes that everybody online takes, its needs without a limit."""
    needs = {"controlled": True, "choose_practitioner": False, "days_after_week": changes.pop("days_after_week", None)}
    return {
        "key": key, "name": key, "length": "30m", "lengths": {}, "online": True, "practitioners": [], "needs": needs,
        **changes,
    }  # fmt: skip


def a_document(clinic: str = "solna", **changes: Any) -> dict[str, Any]:
    """Return what patient reads of a Swedish clinic's document, in normal form."""
    return {
        "clinic": clinic,
        "country": "SE",
        "time_zone": "Europe/Stockholm",
        "grid": "5m",
        "practitioners": [
            {"key": "anna", "online": True},
            {"key": "bo", "online": True},
            {"key": "eva", "online": False},
        ],
        "types": [
            a_type("exam", days_after_week=10, lengths={"anna": "45m"}),
            a_type("hygiene", practitioners=["bo", "eva"], days_after_week=0),
            a_type("visit"),
        ],
        **changes,
    }
