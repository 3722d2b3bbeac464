"""While `LOOKUP_KEY` is replaced, everybody is found by either key, and nobody is there twice (PRODUCT A3, ADR 59)."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from services.patient.handlers.following import create_or_fill
from services.patient.handlers.records import find, identify, of_login, update
from services.patient.schemas import UpdateSchema
from services.patient.store import PatientStore
from services.patient.store.tables import patients
from shared.bus.events.effects import take_in
from shared.contracts.errors import Invalid
from shared.incoming.fields import checked
from tests.builders.patient import desks
from tests.builders.patient.bookings import NUMBER, a_booking, records
from tests.builders.patient.desks import BOOKING, KEYS, NOW, Work, a_desk
from tests.builders.patient.moving_in import import_needs, import_patients, outcomes, taking_over
from tests.builders.patient.needs import THIS_WEEK

BEHIND = replace(KEYS, other_lookups=("new",))
"""The first restart: the old key hashes, the new one finds too."""
IN_FRONT = replace(KEYS, lookup="new", other_lookups=("lookup",))
"""The second."""
OUT = replace(KEYS, lookup="new", former_lookups=("lookup",))
"""The third, when all is hashed anew."""

EVA = {"former": "17", "first_name": "Eva", "last_name": "Lind", "national_id": "19811228-9874", "note": "Afraid."}
NORA = {"first_name": "Nora", "last_name": "Dahl", "birth_date": "1985-03-12", "mobile": "070-174 06 05"}


def hashed_anew(work: Work) -> None:
    """Hash the one number that there is by the new key."""
    number = OUT.number_hash("solna", *NUMBER.values())
    with work() as store:
        store.connection.execute(
            patients.update().where(patients.c.number_hash.is_not(None)).values(number_hash=number)
        )


def booked(work: Work, keys: Any, **person: Any) -> None:
    """Let a process with these keys hear of a booking."""
    event = a_booking(**person)
    take_in(work, create_or_fill(a_desk(work, BOOKING, keys=keys), [event]), "create_or_fill", NOW)


@pytest.mark.both_databases
@pytest.mark.parametrize("pair", [(KEYS, BEHIND), (BEHIND, IN_FRONT)], ids=["first restart", "second restart"])
def test_a3_old_and_new_processes_at_once_make_one_record_of_one_new_number(
    work: Work, pair: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two records of one person, one by each key, are impossible: each writer waits for the others by both keys.

    Who has looked waits a moment for the other to look too: where nobody kept them apart, both would find nobody.
    """
    both_have_looked, look = Barrier(2), PatientStore.people

    def slow_look(*asked: Any, **more: Any) -> Any:
        found = look(*asked, **more)
        with suppress(BrokenBarrierError):
            both_have_looked.wait(timeout=1)
        return found

    monkeypatch.setattr(PatientStore, "people", slow_look)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda keys: booked(work, keys), pair))
    assert len(records(work)) == 1


@pytest.mark.parametrize("found_by", [BEHIND, IN_FRONT], ids=["behind", "in front"])
@pytest.mark.parametrize("hashed_by", [KEYS, replace(KEYS, lookup="new")], ids=["hashed by the old", "by the new"])
def test_a3_a_number_is_found_by_whichever_key_has_hashed_it(
    work: Work, hashed_by: Any, found_by: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked(work, hashed_by)
    (record,) = records(work)
    with work() as store:
        store.connection.exec_driver_sql("UPDATE patients SET mobile_confirmed = true, mobile_unconfirmed = false")
    desk = a_desk(work, keys=found_by)
    asked = {"identity": NUMBER, "birth_date": None}
    assert identify(desk, "solna", asked) == {"known": True, "patient": record.id}
    assert of_login(desk, "solna", {"mobile": "+46701740699", "identity": NUMBER}) == {"patients": [record.id]}
    listed = find(desk, "solna", {"q": "19811228-9874", "ids": None, "cursor": None, "limit": 5})
    assert [each["id"] for each in listed["patients"]] == [record.id]
    booked(work, found_by, email=None)
    assert len(records(work)) == 1
    monkeypatch.setattr(desks, "KEYS", found_by)
    with pytest.raises(Invalid, match="this number"):
        taking_over(work).add("solna", first_name="Åsa", last_name="Ek", identity=NUMBER)


def test_a3_a_record_that_is_written_is_found_by_the_newest_and_one_that_says_the_same_is_not(work: Work) -> None:
    """No version and no event come of the key alone."""
    booked(work, KEYS)
    (before,) = records(work)
    desk = a_desk(work, keys=IN_FRONT)
    update(desk, "solna", before.id, checked(UpdateSchema(), {"identity": NUMBER}))
    assert records(work) == [before]
    update(desk, "solna", before.id, checked(UpdateSchema(), {"last_name": "Lindh"}))
    (after,) = records(work)
    assert (after.version, after.number_hash) == (2, IN_FRONT.number_hash("solna", *NUMBER.values()))


def test_a3_lines_of_files_are_known_by_the_key_that_noted_them(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    """C14: they cannot be hashed anew. What staff have corrected stays, what the file says newly comes in."""
    lines, needs = (EVA, NORA), ({"patient": {"former": "17"}, "type": "exam", "week": THIS_WEEK},)
    first, need = import_patients(work, *lines), import_needs(work, *needs)
    assert (outcomes(first), outcomes(need)) == (["new", "new"], ["new"])
    update(a_desk(work), "solna", first[1]["patient"], checked(UpdateSchema(), {"last_name": "Dahlberg"}))
    for keys in (BEHIND, IN_FRONT, OUT):
        monkeypatch.setattr(desks, "KEYS", keys)
        if keys is OUT:  # when numbers are hashed anew
            hashed_anew(work)
        again = import_patients(work, *lines)
        assert [(each["outcome"], each["patient"]) for each in again] == [("known", each["patient"]) for each in first]
        assert import_needs(work, *needs)[0]["need"] == need[0]["need"]
    newer = import_patients(work, {**EVA, "note": "Afraid of needles."})
    assert outcomes(newer) == ["changed"], "nobody touched the note since"
    assert len(records(work)) == 2


def test_a3_who_is_meant_is_found_by_a_number_of_either_key(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    (eva,) = import_patients(work, EVA)
    for keys in (BEHIND, IN_FRONT):
        monkeypatch.setattr(desks, "KEYS", keys)
        whos = [{"national_id": "19811228-9874"}, {"former": "17"}]
        found = taking_over(work, BOOKING).resolve_imported("solna", whos=whos)["people"]
        assert [each["patient"] for each in found] == 2 * [eva["patient"]]
