"""What patient's store must promise of what is taken over, on PostgreSQL and on SQLite alike (PRODUCT C14)."""

from datetime import timedelta

import pytest

from services.patient.model.erasures import Erasure
from services.patient.model.moving_in import Imported
from services.patient.model.openings import Opening, Sought
from tests.builders.patient.desks import NOW, Work
from tests.builders.patient.records import a_need, a_patient
from tests.integration.store_contracts import waits

pytestmark = pytest.mark.both_databases


def test_what_a_line_has_become_is_found_by_its_key_at_its_clinic_and_is_written_over(work: Work) -> None:
    first, second = Imported("k1", "1", {"mobile": "h1"}), Imported("k2", "2", {})
    with work() as store:
        store.note_imported("solna", [first, second], NOW)
        store.note_imported("lund", [Imported("k3", "3", {})], NOW)
        store.note_imported("solna", [Imported("k2", "4", {"email": "h2"})], NOW)
        store.note_imported("solna", [], NOW)
    with work.reading() as store:
        assert store.imported("solna", ["k1", "k2", "k3"]) == {"k1": first, "k2": Imported("k2", "4", {"email": "h2"})}
        assert store.imported("solna", []) == {}
        assert [store.imported_at(clinic, "4") for clinic in ("solna", "lund")] == [NOW, None]


def test_people_are_found_together_and_kept_from_others_only_where_they_change(work: Work) -> None:
    with work() as store:
        store.keep([a_patient("1"), a_patient("2", first_name="Nils"), a_patient("3", clinic="lund")])
    with work.snapshot() as store:
        found = store.people("solna", names={"eva lind"}, ids={"2", "3"}, to_change=False)
        assert [each.id for each in found] == ["1", "2"]
    with work() as store:
        assert store.people("solna", ids={"1"}, to_change=True)
        assert waits(work, lambda other: other.people("solna", ids={"1"}, to_change=True))


def test_needs_and_openings_are_written_together(work: Work) -> None:
    given = [a_need("n1"), a_need("n2", week="2026-W47"), a_need("n3", closed=True), a_need("n4", patient="2")]
    with work() as store:
        store.keep([a_patient("1"), a_patient("2")])
        store.add_needs(given)
        store.add_needs([])
        made = [Opening("solna", each, NOW, "staff", "ann@solna.example", "imported") for each in "12"]
        store.note_openings(made)
        store.note_openings([])
    with work.reading() as store:
        assert store.needs_not_closed("solna", {"1"}) == [given[1], given[0]]
        assert store.needs_not_closed("solna", set()) == store.needs_not_closed("lund", {"1"}) == []
        assert [each.patient for each in store.openings("solna", Sought(), None, 9)] == ["2", "1"]


def test_a3_an_erased_record_is_gone_with_its_needs_and_known_as_erased(work: Work) -> None:
    with work() as store:
        store.keep([a_patient("1"), a_patient("2")])
        store.add_needs([a_need("n1"), a_need("n2", patient="2")])
        store.note_imported("solna", [Imported("k1", "1", {"email": "h"}), Imported("k2", "2", {"email": "h"})], NOW)
        assert [each.id for each in store.erase("solna", "1", NOW)] == ["n1"]
        assert store.erasure("solna", "1") == Erasure(NOW, None, None)
        assert store.erasure("lund", "1") is store.erasure("solna", "2") is None
        store.note_bookings_erased("1", ["B1", "B1"], NOW)
        store.note_bookings_erased("1", ["B2"], NOW + timedelta(days=1))
        store.note_messages_erased("1", NOW)
    with work.reading() as store:
        assert store.get("solna", "1") is None
        assert [each.id for each in store.needs_not_closed("solna", {"1", "2"})] == ["n2"]
        assert store.imported("solna", ["k1", "k2"])["k1"].told == {}
        assert store.erasure("solna", "1") == Erasure(NOW, NOW, NOW)
        assert store.erased_among(["B1", "B2", "B3"]) == {"B1", "B2"}
