"""What booking's store must promise of what is taken out of it (PRODUCT A3, ADR 53)."""

from dataclasses import replace

from sqlalchemy import update

from services.booking.store import BookingStore
from services.booking.store.tables import bookings
from shared.bus.events.unit_of_work import UnitOfWork
from tests.builders.booking.world import CLINIC, NOW
from tests.integration.booking.store_contract.rows import a_need, an_entry, book, keep
from tests.integration.store_contracts import waits

Work = UnitOfWork[BookingStore]


def test_a3_a_person_is_taken_out_of_bookings_needs_and_histories(work: Work) -> None:
    book(work, "A")
    book(work, "B")
    keep(work, a_need("n1"), a_need("n2"))
    with work() as store:
        store.connection.execute(update(bookings).values(note="sealed", patient_id="eva"))
        store.connection.execute(update(bookings).where(bookings.c.reference == "B").values(patient_id="ida"))
        store.add_history(an_entry(source="sealed"))
    with work() as store:
        store.note_erased("eva", NOW)
        store.note_erased("eva", NOW)
        assert store.erased_among(["eva", "ida"]) == {"eva"}
        assert store.bookings_to_erase(CLINIC, "eva") == ["A"]
        assert store.bookings_to_erase("lund", "eva") == []
        assert waits(work, lambda other: other.bookings_to_erase(CLINIC, "eva"))
        store.erase_bookings(["A"], "nobody", NOW)
        store.erase_needs(["n1"], "nobody")
        store.erase_history([replace(an_entry(), erased="e" * 64)])
    with work.reading() as store:
        found, other = store.booking("A"), store.booking("B")
        assert found is not None
        assert other is not None
        assert (found.person, found.note, found.typed_hash) == ("nobody", None, "")
        assert other.note == "sealed"
        need = store.need(CLINIC, "n1")
        assert need is not None
        assert (need.person, need.state) == ("nobody", "closed")
        (entry,) = store.histories_of(["A"])["A"]
        assert (entry.source, entry.erased) == (None, "e" * 64)
