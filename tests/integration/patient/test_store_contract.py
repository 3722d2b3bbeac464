"""What patient's store must promise of records, on PostgreSQL and on SQLite alike (CONTRACTS 1, Patients)."""

from dataclasses import replace
from datetime import UTC, date, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import null, update
from sqlalchemy.exc import DBAPIError

from services.patient.model.anchors import Anchor
from services.patient.model.consent import Word
from services.patient.model.openings import Opening
from services.patient.model.openings import Sought as OpeningsSought
from services.patient.model.patients import Patient, Sought, Typed
from services.patient.store import PatientStore
from services.patient.store.tables import patients
from tests.builders.patient.desks import NOW, Work
from tests.builders.patient.records import MOBILE, a_patient
from tests.integration.store_contracts import not_called, waits

pytestmark = pytest.mark.both_databases

INSTANT = timedelta(microseconds=1)
HASH = "f" * 64
SCHEME = "se.personnummer"


def add(work: Work, *records: Patient) -> None:
    """Write records."""
    with work() as store:
        for record in records:
            store.keep([record])


def as_of_then(work: Work, **values: Any) -> None:
    """Let all records have what a process of version 0.1.0 writes."""
    with work() as store:
        store.connection.execute(update(patients).values(values))


def ids(found: list[Patient]) -> list[str]:
    """Return the records' ids."""
    return [patient.id for patient in found]


def test_of_each_day_the_newest_anchor_stands(work: Work) -> None:
    """A1."""
    first, second = (Anchor("solna", NOW.date(), number, f"{number}" * 64, NOW) for number in (1, 2))
    later = Anchor("solna", NOW.date() + timedelta(days=1), 3, "3" * 64, NOW + timedelta(days=1))
    with work() as store:
        store.keep_anchors([])
        store.keep_anchors([later, second, first, replace(second, clinic="lund")])
        store.keep_anchors([first, replace(second, hash="f" * 64)])
        assert (store.anchors("solna"), store.anchors("nowhere")) == ([second, later], [])


def test_each_query_of_the_store_is_called_here() -> None:
    here = Path(__file__)
    others = (here.with_name(f"test_store_contract_of_{name}.py") for name in ("needs", "moving_in", "what_is_old"))
    assert not_called(PatientStore, here, *others) == set()


@pytest.mark.parametrize(
    "record",
    [
        a_patient(),
        a_patient(scheme=SCHEME, number_hash=HASH, number_sealed="k1:sealed", birth_date=date(1981, 12, 28), version=7),
        a_patient(mobile=None, email=None, sms_ok=None, email_ok=None, mobile_confirmed=False, email_confirmed=False),
        a_patient(sms_ok=False, email_ok=False, sms_reminder=False, sms_ok_noted=True, email_ok_noted=True),
        a_patient(sms_ok_said=Word(NOW + INSTANT, "staff", "ann@solna.example"), email_ok_said=Word(NOW, "patient")),
        a_patient(created_at=NOW + INSTANT, first_name="نیلوفر", last_name='O\'Brien \\ "x" 🦷'),
    ],
)
def test_a_record_comes_back_as_it_was_written(work: Work, record: Patient) -> None:
    add(work, record)
    with work.reading() as store:
        assert store.get("solna", record.id) == record
        assert store.get("lund", record.id) is None
        assert store.get("solna", "nobody") is None


def test_a3_a_word_counts_for_what_was_said_alone(work: Work) -> None:
    """A process of version 0.1.0 writes another answer over it, and nothing of whose that is."""
    add(work, a_patient(sms_ok_said=Word(NOW, "patient"), email_ok_said=Word(NOW, "patient")))
    as_of_then(work, sms_ok=False)
    with work.reading() as store:
        assert store.get("solna", "1") == a_patient(sms_ok=False, email_ok_said=Word(NOW, "patient"))
    as_of_then(work, sms_ok_said=null(), email_ok_said=null())
    with work.reading() as store:
        assert store.get("solna", "1") == a_patient(sms_ok=False), "nor has it noted any of what it made"


def test_moments_of_any_zone_come_back_as_utc(work: Work) -> None:
    add(work, a_patient(created_at=NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))))
    with work.reading() as store:
        found = store.get("solna", "1")
    assert found is not None
    assert (found.created_at, found.created_at.tzinfo) == (NOW, UTC)


def test_a_change_is_of_one_record_and_of_all_that_it_is_found_by(work: Work) -> None:
    add(work, a_patient("1"), a_patient("2", last_name="Ek", mobile=None))
    after = a_patient("1", first_name="Åsa", last_name="Öberg", email=None, birth_date=date(2020, 2, 29), version=2)
    with work() as store:
        store.keep([after])
    with work.reading() as store:
        assert store.get("solna", "1") == after
        assert store.get("solna", "2") == a_patient("2", last_name="Ek", mobile=None)
        assert ids(store.find("solna", Sought(("öberg", "åsa")), None, 9)) == ["1"]
        assert ids(store.find("solna", Sought(("lind",)), None, 9)) == []


def test_a_number_belongs_to_one_record_of_a_clinic_and_none_to_many(work: Work) -> None:
    number = {"scheme": SCHEME, "number_hash": HASH}
    add(work, a_patient("1", **number), a_patient("2", clinic="lund", **number), a_patient("3"), a_patient("4"))
    add(work, a_patient("5", scheme="dk.cpr", number_hash=HASH))
    with pytest.raises(DBAPIError):
        add(work, a_patient("6"), a_patient("7", **number))
    with work.reading() as store:
        assert store.get("solna", "6") is None, "nothing of the refused transaction may stay"
        for clinic, scheme, id in (("solna", SCHEME, "1"), ("lund", SCHEME, "2"), ("solna", "dk.cpr", "5")):
            found = store.by_number(clinic, scheme, HASH)
            assert found is not None
            assert found.id == id
        assert store.by_number("solna", SCHEME, HASH.upper()) is None
        assert store.by_number("solna", "no.fodselsnummer", HASH) is None
    with work() as store:
        sought = {(SCHEME, HASH), (SCHEME, "other"), ("no.fodselsnummer", "other")}
        assert {found.id for found in store.people("solna", numbers=sought, to_change=True)} == {"1"}
        assert store.people("solna", to_change=True) == []


def test_who_changes_a_record_is_alone_with_it_and_keeps_no_reader_waiting(work: Work) -> None:
    add(work, a_patient("1", scheme=SCHEME, number_hash=HASH), a_patient("2", last_name="Ek"))
    for hold in (
        lambda store: store.get("solna", "1", to_change=True),
        lambda store: store.people("solna", ids={"1"}, to_change=True)[0],
        lambda store: store.people("solna", numbers={(SCHEME, HASH)}, to_change=True)[0],
        lambda store: store.people("solna", names={"eva lind"}, to_change=True)[0],
    ):
        with work() as store:
            assert hold(store).id == "1"
            assert waits(work, lambda store: store.get("solna", "1", to_change=True))
            assert waits(work, lambda store: store.get("solna", "2", to_change=True)) is work.database.is_sqlite
            with work.reading() as store:
                assert store.get("solna", "1") is not None
    with work() as store:
        store.get("solna", "1")
        assert waits(work, lambda store: store.get("solna", "1", to_change=True)) is work.database.is_sqlite


def test_who_makes_a_person_keeps_those_waiting_who_make_the_same(work: Work) -> None:
    with work() as store:
        store.one_at_a_time(["solna\x1f1981-12-28\x1feva lind"])
        assert store.people("solna", names={"eva lind"}, to_change=True) == []
        assert waits(work, lambda store: store.one_at_a_time(["solna\x1f1981-12-28\x1feva lind"]))
        assert waits(work, lambda store: store.one_at_a_time(["lund"])) is work.database.is_sqlite
    with work() as store:
        store.one_at_a_time(["solna\x1f1981-12-28\x1feva lind"])


def test_a_login_is_of_those_whose_mobile_is_confirmed(work: Work) -> None:
    """PRODUCT B22."""
    other = "+46701740605"
    add(
        work,
        a_patient("3", created_at=NOW, scheme=SCHEME, number_hash=HASH),
        a_patient("1", created_at=NOW + 2 * INSTANT),
        a_patient("2", created_at=NOW + INSTANT),
        a_patient("4", created_at=NOW + INSTANT),
        a_patient("5", mobile_confirmed=False),
        a_patient("6", mobile=other),
        a_patient("7", clinic="lund"),
        a_patient("8", mobile=None, mobile_confirmed=True),
    )
    with work.reading() as store:
        assert store.of_mobile("solna", MOBILE, None) == ["1", "2", "3", "4"], "by id"
        assert store.of_mobile("solna", MOBILE, (SCHEME, HASH)) == ["3"]
        assert store.of_mobile("solna", MOBILE, ("dk.cpr", HASH)) == []
        assert store.of_mobile("solna", other, None) == ["6"]
        assert store.of_mobile("solna", "", None) == []
        assert ids(store.people_of_mobile("solna", MOBILE, None, 9)) == ["3", "2", "4", "1"], "the oldest first"
        assert ids(store.people_of_mobile("solna", MOBILE, None, 2)) == ["3", "2"]
        assert ids(store.people_of_mobile("solna", MOBILE, None, 1, "4")) == ["4"]
        assert store.people_of_mobile("solna", MOBILE, None, 1, "5") == []
        assert ids(store.people_of_mobile("solna", MOBILE, (SCHEME, HASH), 9)) == ["3"]
        assert store.people_of_mobile("solna", MOBILE, (SCHEME, HASH), 9, "1") == []


def test_what_a_process_of_version_0_1_0_filled_in_meanwhile_is_not_confirmed(work: Work) -> None:
    add(work, a_patient())
    as_of_then(work, mobile_unconfirmed=True)
    with work() as store:
        found = store.get("solna", "1")
        assert found == a_patient(mobile_confirmed=False)
        assert store.of_mobile("solna", MOBILE, None) == []
        assert store.people_of_mobile("solna", MOBILE, None, 9) == []
        store.keep([a_patient()])
        assert store.of_mobile("solna", MOBILE, None) == ["1"]


def test_without_a_number_the_oldest_record_of_the_same_person_is_meant(work: Work) -> None:
    born = date(1981, 12, 28)
    add(
        work,
        a_patient("1", created_at=NOW + INSTANT, birth_date=born),
        a_patient("3", created_at=NOW, birth_date=born),
        a_patient("2", created_at=NOW, birth_date=born, email="other@example.org"),
        a_patient("4", created_at=NOW - INSTANT),
        a_patient("5", created_at=NOW - INSTANT, birth_date=born, clinic="lund"),
        a_patient("6", created_at=NOW - INSTANT, birth_date=born, last_name="Ek"),
    )
    with work.reading() as store:

        def meant(first_name: str = "EVA", last_name: str = "lind", **typed: Any) -> str | None:
            found = store.same_person("solna", Typed(first_name, last_name, **typed))
            return found.id if found else None

        assert meant(birth_date=born, mobile=MOBILE) == "2"
        assert meant(birth_date=born, email="EVA@example.org") == "3"
        assert meant(mobile=MOBILE) == "4"
        assert meant(birth_date=born) is None
        assert meant("Eva Lind", "", mobile=MOBILE) == "4"
        assert meant("E_a", "Lind", mobile=MOBILE) is None


SEARCHES: list[tuple[Sought, list[str]]] = [
    (Sought(()), ["ek", "lind", "oberg"]),
    (Sought(("eva",)), ["lind"]),
    (Sought(("ind", "va")), ["lind"]),
    (Sought(("eva", "ek")), []),
    (Sought(("öb",)), ["oberg"]),
    (Sought(("%",)), ["ek"]),
    (Sought(("_1",)), ["ek"]),
    (Sought(("e_a",)), []),
    (Sought(("/",)), ["oberg"]),
    (Sought(("\\",)), ["oberg"]),
    (Sought(("'",)), ["oberg"]),
    (Sought(("bo.ek@example",)), ["ek"]),
    (Sought(("+4670174069",)), ["lind"]),
    (Sought(("nobody",), id="ek"), ["ek"]),
    (Sought(("nobody",), id="lund"), []),
    (Sought(("nobody",), mobile="+46701740605"), ["oberg"]),
    (Sought(("nobody",), mobile="+4670174060"), []),
    (Sought(("nobody",), numbers=(("dk.cpr", HASH), (SCHEME, HASH))), ["lind"]),
    (Sought(("nobody",), numbers=(("dk.cpr", HASH),)), []),
    (Sought(("ek",), id="lind", mobile="+46701740605"), ["ek", "lind", "oberg"]),
]


def test_a_search_finds_words_anywhere_and_takes_no_sign_for_a_pattern(work: Work, subtests: pytest.Subtests) -> None:
    """PRODUCT C1."""
    add(
        work,
        a_patient("lind", mobile="+46701740699", scheme=SCHEME, number_hash=HASH),
        a_patient("oberg", first_name="Åsa'/\\", last_name="Öberg", mobile="+46701740605", email=None),
        a_patient("ek", first_name="Bo", last_name="Ek_100%", mobile=None, email="Bo.Ek@Example.org"),
        a_patient("lund", clinic="lund", scheme=SCHEME, number_hash=HASH),
    )
    for sought, found in SEARCHES:
        with subtests.test(str(sought)), work.reading() as store:
            assert sorted(ids(store.find("solna", sought, None, 9))) == found


def test_a_search_goes_by_last_name_in_pages_that_leave_nobody_out(work: Work) -> None:
    names = ["Berg", "Ek", "berg", "Lind", "Berg", "Öberg", "کریمی", "O'Brien", "Ek-Berg", "Ekberg"]
    add(work, *(a_patient(f"{number:02}", last_name=name) for number, name in enumerate(names)))
    with work.reading() as store:
        everybody = store.find("solna", Sought(()), None, 99)
        paged, after = [], None
        while page := store.find("solna", Sought(()), after, 3):
            assert len(page) <= 3
            paged += page
            assert len(paged) <= len(names), "no one twice"
            after = page[-1]
    assert paged == everybody
    assert sorted(ids(everybody)) == [f"{number:02}" for number in range(len(names))]
    plain = [patient.id for patient in everybody if patient.last_name.lower() in {"berg", "ek", "lind"}]
    assert plain == ["00", "02", "04", "01", "03"], "by name, then by id"


def test_records_of_version_0_1_0_are_to_be_told_of_until_it_is_noted(work: Work) -> None:
    add(work, a_patient("2"), a_patient("1"), a_patient("3", clinic="lund"))
    with work.reading() as store:
        assert not store.anything_untold(), "what today's version makes is told of at once"
    as_of_then(work, doubts_told=None)
    with work() as store:
        assert store.anything_untold()
        assert ids(store.untold(2)) == ["1", "2"], "by id, whatever the clinic"
        store.keep([a_patient("1", version=2)])
        store.note_told([])
        assert ids(store.untold(9)) == ["1", "2", "3"]
        store.note_told(["1", "3"])
        assert ids(store.untold(9)) == ["2"]
        store.note_told(["2"])
        assert not store.anything_untold()
        assert store.untold(9) == []


def test_records_in_hand_elsewhere_are_left_out(work: Work) -> None:
    add(work, *(a_patient(id) for id in "123"))
    as_of_then(work, doubts_told=None)
    found: list[Patient] = []
    with work() as store:
        assert ids(store.untold(2)) == ["1", "2"]
        assert waits(work, lambda store: found.extend(store.untold(9))) is work.database.is_sqlite
    assert ids(found) == ([] if work.database.is_sqlite else ["3"])


def test_records_that_are_named_come_by_id_and_of_one_clinic(work: Work) -> None:
    add(work, a_patient("1"), a_patient("2"), a_patient("3", clinic="lund"))
    with work.reading() as store:
        assert store.named("solna", ["2", "3", "nobody"]) == {"2": a_patient("2")}
        assert store.named("solna", []) == {}


def test_openings_come_back_by_person_patient_and_time(work: Work) -> None:
    by_ann = Opening("solna", "a", NOW, "staff", "ann@solna.example", "read")
    with work() as store:
        store.note_opening(by_ann)
        store.note_opening(replace(by_ann, patient="b", actor_id="bo@solna.example", at=NOW + INSTANT))
        store.note_opening(replace(by_ann, patient=None, what="booking", booking="7K3M9QX2VT", at=NOW + 2 * INSTANT))

    def patients_of(**sought: Any) -> list[str | None]:
        with work.reading() as store:
            return [each.patient for each in store.openings("solna", OpeningsSought(**sought), None, 9)]

    assert patients_of(patient="b") == ["b"]
    assert patients_of(actor="ann@solna.example") == [None, "a"]
    assert patients_of(first=NOW + INSTANT) == [None, "b"]
    assert patients_of(last=NOW + INSTANT) == ["a"]
    assert patients_of(actor="ann@solna.example", first=NOW, last=NOW + INSTANT) == ["a"]
    with work.reading() as store:
        assert store.openings("solna", OpeningsSought(), None, 1)[0].booking == "7K3M9QX2VT"


def test_openings_of_records_come_back_the_latest_first(work: Work) -> None:
    with work() as store:
        for number, patient in enumerate("aba"):
            at = NOW + number * INSTANT
            store.note_opening(Opening("solna", patient, at, "staff", "ann@solna.example", "read"))
        store.note_opening(Opening("lund", "a", NOW, "tool", None, "changed"))
    with work.reading() as store:
        found = store.openings("solna", OpeningsSought(), None, 9)
        assert [(each.patient, each.at) for each in found] == [
            ("a", NOW + 2 * INSTANT), ("b", NOW + INSTANT), ("a", NOW),
        ]  # fmt: skip
        assert store.openings("solna", OpeningsSought("a"), None, 9) == [found[0], found[2]]
        assert store.openings("solna", OpeningsSought(), found[1].position, 9) == [found[2]]
        assert store.openings("solna", OpeningsSought(), None, 2) == found[:2]
