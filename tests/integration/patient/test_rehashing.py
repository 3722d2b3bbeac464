"""Numbers of records are hashed anew with a newer key, and everybody is found by it alone (PRODUCT A3, ADR 59)."""

from dataclasses import replace

from services.patient.handlers.records import identify
from services.patient.lookups import LOOKUPS
from services.patient.store import metadata
from shared.lookups import Openers, named
from shared.storage.keys.rehashing import HashedTable
from tests.builders.patient.bookings import NUMBER, a_booking, records, take_in
from tests.builders.patient.desks import KEYS, Work, a_desk

NEW = replace(KEYS, lookup="new")
BOTH = named([NEW.lookup, KEYS.lookup])
NEWEST, OLD = BOTH


def test_a3_a_number_is_found_by_the_new_key_alone_afterwards(work: Work) -> None:
    take_in(work, [a_booking(), a_booking(clinic="lund"), a_booking(identity=None, first_name="Bo")])
    (hashed,) = (HashedTable(each, metadata, BOTH, Openers(KEYS.people, KEYS.numbers)) for each in LOOKUPS)
    (page,) = hashed.pages(work.database)
    assert hashed.found(page) == {OLD: 2}, "who has no number is found by none"
    assert hashed.rehash(work.database, hashed.to_rehash(page)) == {OLD: 2}
    (page,) = hashed.pages(work.database)
    assert (hashed.found(page), hashed.to_rehash(page)) == ({NEWEST: 2}, [])
    for clinic in ("solna", "lund"):
        asked = {"identity": NUMBER, "birth_date": None}
        known = identify(a_desk(work, keys=NEW), clinic, asked)
        assert known["patient"] in {each.id for each in records(work) if each.clinic == clinic}
