"""What a released version has stored is read, and goes on, with today's code.

Each test looks at the data folder of an embedded installation, and (deep) at the four databases of one on the real
parts; both ended in a crash.
"""

import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from shared.sealed import Sealer
from tests.system.clinics import at
from tests.system.installation import ROOT, SLOW_MACHINE, Installation, wait_until
from tests.upgrade.conftest import NOT_YET, OF_NOT_YET, Upgraded
from tests.upgrade.golden import Baseline
from tests.upgrade.harbour import DAY, clinic_of, done, logged_in, rules, somebody, working_hours


@pytest.fixture(scope="session", params=["data_folder", pytest.param("databases", marks=pytest.mark.deep)])
def upgraded(request: pytest.FixtureRequest, baseline: Baseline) -> Upgraded:
    """Return first the one, then the other."""
    found: Upgraded = request.getfixturevalue(request.param)
    return found


def test_everything_is_read_as_it_was_told_then(upgraded: Upgraded) -> None:
    """Documents, absences, bookings, histories, the watch list, needs, patients with their numbers, messages, links."""
    assert not upgraded.lost, "\n".join(upgraded.lost)


def test_what_was_committed_and_not_published_is_published_and_acted_on(upgraded: Upgraded) -> None:
    clinic, waiting = upgraded.clinic, {row["event"] for row in upgraded.facts["unpublished"]}
    assert waiting, "a baseline without unpublished events shows nothing"
    wait_until(lambda: not waiting & {row["event"] for row in upgraded.stores.unpublished()}, "all is published")

    def followed(reference: str) -> bool:
        told = clinic.desk("GET", "messages", booking=reference, limit=200)["messages"]
        first = sorted(each["channel"] for each in told if each["event"] == "booked" and each["state"] != "planned")
        notes = clinic.desk("GET", f"bookings/{reference}/history", limit=200)["history"]
        patient = clinic.desk("GET", f"bookings/{reference}")["patient"]["id"]
        return bool(patient) and first == ["email", "sms"] and "MessageSent" in {entry["type"] for entry in notes}

    for booked in upgraded.facts["crashed"]:
        wait_until(lambda made=booked: followed(made["reference"]), "what follows a booking, once")


def test_what_comes_again_has_no_second_effect(upgraded: Upgraded) -> None:
    """An embedded installation publishes anew what it has of the last days, and knows what it has done already."""
    last = upgraded.facts["crashed"][-1]["reference"]
    path = f"bookings/{last}/history"
    wait_until(lambda: len(upgraded.clinic.desk("GET", path)["history"]) > 1, "the last of all events has come")
    assert upgraded.happened_twice() == []


def test_m1_a_link_of_then_moves_and_cancels(upgraded: Upgraded) -> None:
    first, second, *_ = upgraded.facts["crashed"]
    moved = done(
        upgraded.clinic.link(first["manage_token"], "rebook", {"start": at(DAY + timedelta(27), "14:00")}), 200
    )
    assert moved["start"] == at(DAY + timedelta(27), "14:00")
    done(upgraded.clinic.link(second["manage_token"], "cancel", {"comment": "after the upgrade"}), 200)

    def watched() -> list[str]:
        rows = upgraded.clinic.desk("GET", "watch-list", limit=200)["watch_list"]
        return [row["comment"] for row in rows if row["booking"]["reference"] == second["reference"]]

    wait_until(lambda: watched() == ["after the upgrade"], "M5: the cancellation on the watch list")


def test_b12_a_time_that_was_held_then_is_free_now(upgraded: Upgraded) -> None:
    start = upgraded.facts["held"]["start"]
    booked = upgraded.clinic.book(start, somebody(40), practitioner=upgraded.facts["held"]["practitioner"])
    assert (booked.status, booked["start"]) == (201, start), booked


def test_b9_a_need_of_then_is_used_by_the_code_of_its_recall(upgraded: Upgraded) -> None:
    noted = upgraded.facts["noted"]
    card = {"national_id": somebody(1)["national_id"], "code": noted["open need issued"]["code"]}
    opened = done(upgraded.clinic.public.post("/recalls/open", card), 200)
    assert (opened["clinic"], opened["need"]) == ("hamnen", noted["open need"])
    patient = upgraded.clinic.public.__class__(upgraded.installation.url, token=opened["token"])
    day = DAY + timedelta(days=28)
    start = patient.slots("hamnen", "checkup", day, 1)[0]["start"]
    body = {"type": "checkup", "start": start, "patient": somebody(1)}
    booked = done(patient.post("/clinics/hamnen/bookings", body), 201)
    assert booked["end"] == at(day, "08:45"), "as long as the need says"

    def used() -> Any:
        needs = upgraded.clinic.desk("GET", "needs", limit=200)["needs"]
        return next(need["booking"] for need in needs if need["id"] == noted["open need"])

    wait_until(lambda: used() == booked["reference"], "the need is used")


def test_b14_m7_a_mobile_of_then_opens_what_was_booked_with_it(upgraded: Upgraded) -> None:
    """And no more: records that the web brought are unconfirmed, whatever was said of them then (ADR 15)."""
    person, noted = somebody(1), upgraded.facts["noted"]
    patient = logged_in(upgraded.clinic, upgraded.providers, person["mobile"], person["national_id"])

    def own() -> set[str]:
        found = done(patient.get("/clinics/hamnen/my/bookings"), 200)["bookings"]
        return {each["reference"] for each in found}

    wait_until(lambda: noted["stays"]["reference"] in own(), "what was booked with the mobile is found by it")
    assert noted["recalled"]["reference"] not in own(), "what staff booked"


def test_nothing_of_the_clinic_s_own_goes_any_more_to_addresses_that_the_web_brought(upgraded: Upgraded) -> None:
    """ADR 15: needs and bookings that staff gave then hear from patient what of the record nobody has confirmed."""
    clinic, noted, stores = upgraded.clinic, upgraded.facts["noted"], upgraded.stores
    recalled = noted["recalled"]["reference"]

    def is_told() -> bool:
        untold = stores.rows("patient", "SELECT id FROM patients WHERE doubts_told IS NULL")
        needs = [stores.rows(of, "SELECT id, version FROM needs ORDER BY id") for of in ("patient", "booking")]
        learned = {entry["type"] for entry in clinic.desk("GET", f"bookings/{recalled}/history")["history"]}
        return not untold and needs[0] == needs[1] and "BookingChanged" in learned

    wait_until(is_told, "booking has heard of everybody's addresses")
    call = {"reference": recalled, "send": ["sms", "email"]}
    issued = done(clinic.desk("POST", "recalls/issue", call), 200)
    assert [each["reason"] for each in issued["not_sent"]] == ["unconfirmed", "unconfirmed"], issued
    (need,) = stores.rows("booking", "SELECT person FROM needs WHERE id = :id", id=noted["open need"])
    assert Sealer(upgraded.key("EVENT_KEYS")).open(need.person)["unconfirmed"] == ["mobile", "email"]

    def waiting() -> list[Any]:
        found = clinic.desk("GET", "messages", booking=recalled, limit=200)["messages"]
        return [each for each in found if each["audience"] == "patient" and each["state"] == "planned"]

    wait_until(lambda: not waiting(), "no reminder of what staff booked waits any more")


def test_dead_letters_of_then_are_listed_and_handed_back(upgraded: Upgraded) -> None:
    """Once the clinic is there that they were for, they are acted on; what was no event stays set aside."""
    listed = frontdesk(upgraded.installation, "dead-letters", "list")
    letters = upgraded.facts.get("dead letters") or [
        {"id": each["properties"]["message_id"], "queue": each["queue"], "error": ""}
        for each in upgraded.baseline.read("dead_letters")
    ]
    assert [each for each in letters if not _is_listed(each, listed)] == []
    clinic_of(upgraded.installation, NOT_YET).apply(*working_hours(), **rules())
    wanted = [each["id"] for each in letters if "SlotReleased" not in each["queue"]]
    frontdesk(upgraded.installation, "dead-letters", "replay", *wanted)

    def told() -> set[str]:
        clinic = clinic_of(upgraded.installation, NOT_YET)
        found = clinic.desk("GET", "messages", booking=OF_NOT_YET)["messages"]
        return {each["channel"] for each in found if (each["event"], each["audience"]) == ("booked", "patient")}

    wait_until(lambda: told() == {"sms", "email"}, "the messages of a booking whose event was set aside")
    left = frontdesk(upgraded.installation, "dead-letters", "list")
    assert [each["id"] for each in letters if each["id"] in left] == [
        each["id"] for each in letters if each["id"] not in wanted
    ]


def frontdesk(installation: Installation, *arguments: str) -> str:
    """Run a command on an installation, and return what it said."""
    ran = subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        cwd=ROOT,
        env=installation.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SLOW_MACHINE,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def _is_listed(letter: dict[str, Any], listed: str) -> bool:
    return any(all(letter[name] in line for name in ("id", "queue", "error")) for line in listed.splitlines())
