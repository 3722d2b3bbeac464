"""What whoever starts Frontdesk to try it finds in the demo clinics, as `make run` prints the way there."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cli.demo.clinics import demo_documents
from cli.demo.days import days
from tests.system.api_client import Client
from tests.system.installation import ADMIN, Installation, embedded, wait_until


def test_the_demo_clinics_are_at_work_once_and_for_all_starts(tmp_path: Path) -> None:
    running = embedded(tmp_path, cold=True, demo_day=True)
    try:
        running.wait_ready()
        administrator = logged_in(running, *ADMIN)
        for clinic in demo_documents():
            wait_until(lambda clinic=clinic: failed(administrator, clinic), f"the day of {clinic}")
            is_at_work(administrator, clinic)
        own = desk_of(running, "frenda")
        assert len(bookings(own, "frenda")) > 20
        assert own.get("/staff/clinics/norsk/bookings").status == 403
        before = counted(administrator)
        running.stop()
        running.start("up", "up")
        running.wait_ready()
        assert counted(logged_in(running, *ADMIN)) == before
        assert "Traceback" not in running.logs()
    finally:
        running.stop()


def is_at_work(administrator: Client, clinic: str) -> None:
    """See that a clinic has a past and a future, and people to call back."""
    at, now, found = f"/staff/clinics/{clinic}", datetime.now(UTC), bookings(administrator, clinic)
    starts = [datetime.fromisoformat(booking["start"]) for booking in found]
    assert min(starts) < now < max(starts)
    assert {booking["origin"] for booking in found} == {"staff", "web", "recall"}
    assert {booking["status"] for booking in found} == {"booked", "cancelled", "done", "missed"}
    (watched,) = administrator.get(f"{at}/watch-list")["watch_list"]
    assert watched["comment"] == days()[clinic].regrets
    assert len(administrator.get(f"{at}/needs")["needs"]) == len(days()[clinic].needs)
    called_in = [each for each in found if each["origin"] == "recall"]
    assert len(called_in) == len(days()[clinic].work)
    assert len(failed(administrator, clinic)) == 1


def failed(administrator: Client, clinic: str) -> list[Any]:
    """Return a clinic's messages that have failed: the last of which a day is made."""
    found: list[Any] = administrator.get(f"/staff/clinics/{clinic}/messages", state="failed")["messages"]
    return found


def bookings(each: Client, clinic: str) -> list[Any]:
    """Return the bookings of the days around today."""
    today = datetime.now(UTC).date()
    first, last = today - timedelta(days=15), today + timedelta(days=60)
    query = {"from": first.isoformat(), "to": last.isoformat(), "limit": "200"}
    found: list[Any] = each.get(f"/staff/clinics/{clinic}/bookings", **query)["bookings"]
    return found


def counted(administrator: Client) -> dict[str, int]:
    """Return how many bookings each clinic has."""
    return {clinic: len(bookings(administrator, clinic)) for clinic in demo_documents()}


def desk_of(running: Installation, clinic: str) -> Client:
    """Log in as who stands at a clinic's desk, by what was printed."""
    log = (running.folder / "up.log").read_text()
    password = re.search(r"Work at a clinic .*password of all: (\S+)", log)
    assert password, log
    email = days()[clinic].staff[0]["email"]
    assert email in log
    return logged_in(running, email, password[1])


def logged_in(running: Installation, email: str, password: str) -> Client:
    """Log in, while the machine has much to do."""
    answers: list[Any] = []

    def is_in() -> bool:
        answers.append(Client(running.url).post("/staff/logins", {"email": email, "password": password}))
        return bool(answers[-1].status == 201)

    wait_until(is_in, f"{email} is in")
    return Client(running.url, token=answers[-1]["token"])
