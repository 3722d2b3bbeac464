"""What of the records of version 0.1.0 counts as confirmed (CONTRACTS 1, Patients)."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from services.patient.store import PatientStore
from shared.bus.events.unit_of_work import UnitOfWork
from shared.storage.database import Database
from shared.storage.migrations import upgrade

_OF_THEN = {
    "clinic": "solna", "scheme": None, "number_hash": None, "number_sealed": None, "birth_date": None,
    "first_name": "Eva", "last_name": "Lind", "name_key": "eva lind", "sort_key": "lind eva", "mobile": "+46701740699",
    "email": "eva@example.org", "sms_ok": True, "email_ok": True, "sms_reminder": True, "origin": "staff",
    "created_at": "2026-11-22 09:00:00.000000", "version": 1, "mobile_unconfirmed": False,
}  # fmt: skip


def of_then(database: Database, *records: dict[str, Any]) -> None:
    """Write records as version 0.1.0 wrote them, into a database with its tables."""
    config = Config()
    config.set_main_option("script_location", str(files("services.patient") / "migrations"))
    with database.transaction() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
    columns = ", ".join(("id", *_OF_THEN))
    values = ", ".join(f":{name}" for name in ("id", *_OF_THEN))
    with database.transaction() as connection:
        for number, record in enumerate(records):
            row = {"id": f"{number:032x}", **_OF_THEN, **record}
            connection.execute(text(f"INSERT INTO patients ({columns}) VALUES ({values})"), row)


def test_what_the_web_brought_is_unconfirmed_and_what_staff_typed_stays_confirmed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'patient.sqlite3'}"
    database = Database(url)
    of_then(
        database,
        {"origin": "web"},
        {"origin": "staff"},
        {"origin": "api", "mobile": None},
        {"origin": "staff", "mobile_unconfirmed": True, "version": 2},
        {"origin": "staff", "version": 2},
    )
    upgrade("patient", url)
    with UnitOfWork(database, PatientStore).reading() as store:
        found = [store.get("solna", f"{number:032x}") for number in range(5)]
    database.close()
    unconfirmed = [patient.unconfirmed if patient else None for patient in found]
    assert unconfirmed == [
        ("mobile", "email"),
        (),
        (),
        ("mobile", "email"),
        ("email",),  # which the web may have filled in
    ]
