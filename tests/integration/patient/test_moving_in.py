"""Patients of the former system are taken over, each once, and nobody is taken for another (PRODUCT C14, issue 14)."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from services.patient.handlers.openings import access_log
from services.patient.handlers.records import get, update
from services.patient.schemas import AccessLogSchema, UpdateSchema
from services.patient.store.tables import imported, patients
from shared.contracts.errors import Forbidden, Invalid, LoginRequired
from shared.incoming.fields import checked
from tests.builders.patient.bookings import a_booking, published, records, take_in
from tests.builders.patient.desks import STAFF, Work, a_desk
from tests.builders.patient.moving_in import import_patients, numbered, outcomes, taking_over
from tests.builders.patient.needs import OF_ANNA, logged_in
from tests.integration.statements import statements

NORA = {"first_name": "Nora", "last_name": "Dahl", "birth_date": "1985-03-12", "mobile": "070-174 06 05"}
EVA = {"first_name": "Eva", "last_name": "Lind", "national_id": "19811228-9874", "mobile": "070-174 06 99"}


def former(key: str, **line: Any) -> dict[str, Any]:
    return {"former": key, **NORA, **line}


def corrected(work: Work, id: str, **fields: Any) -> None:
    update(a_desk(work), "solna", id, checked(UpdateSchema(), fields))


def record(work: Work, id: str | None = None) -> dict[str, Any]:
    return get(a_desk(work), "solna", id or records(work)[0].id)


def test_c14_a_patient_comes_with_confirmed_contacts_and_a_second_run_changes_nothing(work: Work) -> None:
    lines = former("17", email="nora@example.org", sms_ok=False, note=" Afraid of needles. "), EVA
    first = import_patients(work, *lines)
    assert outcomes(first) == ["new", "new"]
    nora = record(work, first[0]["patient"])
    assert (nora["mobile"], nora["mobile_confirmed"], nora["email_confirmed"]) == ("+46701740605", True, True)
    assert (nora["sms_ok"], nora["email_ok"], nora["note"], nora["origin"]) == (
        False, True, "Afraid of needles.", "staff",
    )  # fmt: skip
    eva = record(work, first[1]["patient"])
    assert (eva["birth_date"], eva["identity"]["number"]) == ("1981-12-28", "198112289874")
    moved = {"at": "2026-11-22T10:00:00+01:00", "actor": {**STAFF.brief(), "kind": "import"}}
    assert [each[name] for each in (nora, eva) for name in ("sms_ok_said", "email_ok_said")] == [
        moved, moved, moved, None,
    ], "A3, B18a: whose word a consent is"  # fmt: skip
    told = published(work)
    assert [each["type"] for each in told] == ["PatientCreated", "PatientCreated"]
    kept = records(work), noted(work)
    again = import_patients(work, *lines)
    assert outcomes(again) == ["known", "known"]
    assert [each["patient"] for each in again] == [each["patient"] for each in first]
    assert (records(work), noted(work)) == kept
    assert published(work) == told


def noted(work: Work) -> list[Any]:
    with work.reading() as store:
        return list(store.connection.execute(imported.select().order_by(imported.c.key)))


def test_c14_a_preview_answers_the_same_and_writes_nothing(work: Work) -> None:
    lines = former("17"), {**EVA, "national_id": "19811228-9873"}, former("18", mobile="070-174 06 06")
    previewed = import_patients(work, *lines, dry_run=True)
    assert (records(work), noted(work), published(work)) == ([], [], [])
    assert [each["patient"] for each in previewed] == [None, None, None]
    really = import_patients(work, *lines)
    assert outcomes(previewed) == outcomes(really) == ["new", "wrong", "doubtful"]
    assert previewed[2]["twins"] == really[2]["twins"] == [1]


def test_c14_nothing_of_a_person_can_be_read_in_what_is_noted_of_a_line(work: Work) -> None:
    import_patients(work, former("19850312", note="Afraid of needles."))
    (row,) = noted(work)
    text = f"{row.key} {row.told}"
    assert not [each for each in ("19850312", "Nora", "Dahl", "46701740605", "needles") if each in text]


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        pytest.param({**NORA}, "known", id="same names, birth date and mobile"),
        pytest.param({**NORA, "mobile": "070-174 06 06"}, "doubtful", id="another telephone"),
        pytest.param({**NORA, "mobile": None}, "doubtful", id="no telephone at all"),
        pytest.param({**NORA, "birth_date": "1985-03-13"}, "new", id="a father and his son share a name and a mobile"),
        pytest.param({**NORA, "birth_date": None}, "doubtful", id="without birth date but with the mobile"),
        pytest.param({**NORA, "birth_date": None, "mobile": "070-174 06 06"}, "new", id="a namesake"),
        pytest.param({**NORA, "birth_date": None, "mobile": None}, "doubtful", id="nothing but the name"),
        pytest.param({**NORA, "first_name": "Nils"}, "new", id="a child that shares the mobile; a twin"),
        pytest.param({**NORA, "first_name": "  NORA "}, "known", id="written otherwise"),
        pytest.param({**NORA, "birth_date": None, "national_id": "19811228-9874"}, "new", id="born on another day"),
    ],
)
def test_c14_who_is_somebody_known_who_is_somebody_else_and_who_is_doubtful(
    work: Work, line: dict[str, Any], outcome: str
) -> None:
    (nora,) = import_patients(work, NORA)
    (answer,) = import_patients(work, line)
    assert answer["outcome"] == outcome
    if outcome == "doubtful":
        assert answer["candidates"] == [nora["patient"]]
        assert len(records(work)) == 1


def test_c14_one_number_is_one_person_and_other_names_are_doubtful(work: Work) -> None:
    eva = import_patients(work, EVA)[0]["patient"]
    (answer,) = import_patients(work, {**EVA, "first_name": "Åsa"})
    assert (answer["outcome"], answer["candidates"]) == ("doubtful", [eva])
    (same,) = import_patients(work, {**EVA, "mobile": "070-174 06 06"})
    assert (same["outcome"], same["patient"]) == ("known", eva)
    assert record(work, eva)["mobile"] == "+46701740699", "what stands there is not overwritten"


def test_c14_a_number_completes_the_record_of_whom_name_birth_date_and_mobile_tell(work: Work) -> None:
    import_patients(work, {**EVA, "national_id": None, "birth_date": "1981-12-28"})
    (answer,) = import_patients(work, EVA)
    assert answer["outcome"] == "changed"
    assert record(work)["identity"]["number"] == "198112289874"
    (doubted,) = import_patients(work, {**EVA, "national_id": "19811228-9890", "mobile": None})
    assert doubted["outcome"] in {"doubtful", "wrong"}


def test_c14_staff_decide_what_is_doubtful_and_their_word_holds_in_later_runs(work: Work) -> None:
    nora = import_patients(work, former("17"))[0]["patient"]
    other = former("18", mobile="070-174 06 06")
    (made,) = import_patients(work, {**other, "decided": "new"})
    assert (made["outcome"], len(records(work))) == ("new", 2)
    assert outcomes(import_patients(work, other)) == ["known"]
    (same,) = import_patients(work, former("19", mobile=None, email="nora@example.org", decided=nora))
    assert (same["outcome"], same["patient"]) == ("changed", nora)
    assert outcomes(import_patients(work, former("19", mobile=None, email="nora@example.org"))) == ["known"]
    (unknown,) = import_patients(work, former("20", mobile=None, decided="0" * 32))
    assert (unknown["outcome"], list(unknown["errors"])) == ("wrong", ["decided"])
    (eva,) = import_patients(work, EVA)
    (number,) = import_patients(work, {**EVA, "first_name": "Åsa", "decided": "new"})
    assert (number["outcome"], number["candidates"]) == ("doubtful", [eva["patient"]])


def test_c14_a_record_is_completed_and_confirmed_and_never_overwritten_by_less(work: Work) -> None:
    take_in(work, [a_booking(identity=None, first_name="Nora", last_name="Dahl", birth_date="1985-03-12",
                             mobile="+46701740605", email=None, sms_ok=None)])  # fmt: skip
    before = record(work)
    assert (before["mobile_confirmed"], before["email"]) == (False, None)
    (answer,) = import_patients(work, {**NORA, "email": "nora@example.org"})
    assert answer["outcome"] == "changed"
    after = record(work)
    assert (after["mobile_confirmed"], after["email"], after["email_confirmed"]) == (True, "nora@example.org", True)
    assert after["version"] == before["version"] + 1
    assert outcomes(import_patients(work, NORA)) == ["known"]
    assert record(work)["email"] == "nora@example.org"


def test_c14_a_newer_file_moves_what_is_as_the_file_told_it_and_not_what_staff_have_corrected(work: Work) -> None:
    import_patients(work, former("17", email="nora@example.org"))
    newer = former("17", mobile="070-174 06 06", email="nora@example.com")
    assert outcomes(import_patients(work, newer)) == ["changed"]
    assert (record(work)["mobile"], record(work)["email"]) == ("+46701740606", "nora@example.com")
    corrected(work, records(work)[0].id, mobile="070-174 06 07")
    older = former("17", email="nora@example.net")
    assert outcomes(import_patients(work, older)) == ["changed"]
    assert (record(work)["mobile"], record(work)["email"]) == ("+46701740607", "nora@example.net")
    assert outcomes(import_patients(work, older)) == ["known"]
    corrected(work, records(work)[0].id, note="By hand.")
    assert outcomes(import_patients(work, former("17", note="From the file."))) == ["known"]


def test_c14_whoever_was_erased_does_not_come_back_unasked(work: Work) -> None:
    import_patients(work, former("17"))
    with work() as store:
        store.connection.execute(patients.delete())
    (answer,) = import_patients(work, former("17"))
    assert (answer["outcome"], list(answer["errors"])) == ("doubtful", ["patient"])
    assert records(work) == []
    assert outcomes(import_patients(work, former("17", decided="new"))) == ["new"]
    assert outcomes(import_patients(work, former("17"))) == ["known"]


COUNTRIES = [
    pytest.param("se.personnummer", "SE", ["19811228-9874", "811228-9874", "198112289874"], "19811228-9873", id="se"),
    pytest.param("no.fodselsnummer", "NO", ["131169 00216", "13116900216"], "131169 00217", id="no"),
    pytest.param("dk.cpr", "DK", ["251248-9996", "2512489996", "251248 9996"], "310248-9996", id="dk"),
    pytest.param("ch.ssn", "CH", ["756.9217.0769.85", "7569217076985"], "756.9217.0769.84", id="ch"),
    pytest.param("ir.melli", "IR", ["9990000001", "۹۹۹۰۰۰۰۰۰۱", "999-000000-1"], "9990000002", id="ir"),
]


@pytest.mark.parametrize(("scheme", "country", "shapes", "mistyped"), COUNTRIES)
def test_c14_numbers_of_five_countries_in_any_shape_are_one_and_a_wrong_check_digit_is_named(
    work: Work, scheme: str, country: str, shapes: list[str], mistyped: str
) -> None:
    line = {"first_name": "Eva", "last_name": "Lind"}
    document = {"identity": scheme, "country": country}
    for shape, outcome in zip(shapes, ["new", "known", "known"], strict=False):
        assert outcomes(import_patients(work, {**line, "national_id": shape}, **document)) == [outcome], shape
    (answer,) = import_patients(work, {**line, "national_id": mistyped}, **document)
    assert (answer["outcome"], list(answer["errors"])) == ("wrong", ["national_id"])


def test_c14_all_that_is_wrong_with_a_line_is_said_by_field_and_the_others_are_taken_over(work: Work) -> None:
    bad = {"first_name": "www.example.com", "last_name": "Dahl", "national_id": "19811228-9873", "mobile": "12",
           "email": "nora@", "birth_date": "1985-13-01", "former": "1"}  # fmt: skip
    answers = import_patients(
        work, bad, NORA, {**NORA, "national_id": "1", "email": "x", "mobile": "12"}, {**EVA, "birth_date": "1981-12-29"}
    )
    assert outcomes(answers) == ["wrong", "new", "wrong", "wrong"]
    assert answers[0]["errors"].keys() >= {"first_name", "birth_date"}
    assert answers[2]["errors"].keys() == {"national_id", "email", "mobile"}
    assert list(answers[3]["errors"]) == ["birth_date"]
    (answer,) = import_patients(work, EVA, identity="none")
    assert list(answer["errors"]) == ["national_id"]


def test_c14_a_blank_key_is_nobody_s_and_space_around_one_is_none(work: Work) -> None:
    answers = import_patients(
        work, former("17"), former(" 17 "), former(" ", first_name="Ida"), former("", first_name="Ida")
    )
    assert outcomes(answers) == ["new", "known", "wrong", "wrong"]
    assert list(answers[2]["errors"]) == ["former"]


def test_c14_twins_within_a_file_are_found_also_where_a_line_stands_twice(work: Work) -> None:
    answers = import_patients(
        work, former("1"), former("1"), former("2"), former("3", mobile="070-174 06 06"), EVA, EVA
    )
    assert outcomes(answers) == ["new", "known", "known", "doubtful", "new", "known"]
    assert answers[3]["twins"] == [1]
    assert len(records(work)) == 2


def test_c14_who_has_taken_over_whom_stands_in_the_access_log_once(work: Work) -> None:
    id = import_patients(work, NORA)[0]["patient"]
    import_patients(work, NORA)
    rows = access_log(a_desk(work), "solna", checked(AccessLogSchema(), {}))["access_log"]
    assert [(each["patient"], each["what"], each["actor"]["id"]) for each in rows] == [(id, "imported", STAFF.id)]


def test_c1_therapists_and_patients_take_nobody_over(work: Work) -> None:
    with pytest.raises(Forbidden):
        import_patients(work, NORA, actor=OF_ANNA)
    with pytest.raises(Forbidden):
        import_patients(work, NORA, actor=replace(STAFF, clinic="lund"))
    with pytest.raises(LoginRequired):
        import_patients(work, NORA, actor=logged_in("+46701740605"))


def test_what_is_no_batch_is_refused_whole(work: Work) -> None:
    called = taking_over(work)
    for lines in (numbered(201 * (NORA,)), [{**NORA}], [{"line": 1, **NORA}, {"line": 1, **EVA}], [{"line": "1"}]):
        with pytest.raises(Invalid):
            called.import_patients("solna", lines=lines)
    assert called.import_patients("solna", lines=[]) == {"lines": []}


@pytest.mark.both_databases
def test_two_hundred_patients_are_ten_statements_and_two_hundred_known_ones_four(work: Work) -> None:
    born = [f"19{50 + n // 12}-{n % 12 + 1:02d}-05" for n in range(200)]
    lines = [{**NORA, "former": f"P{n}", "birth_date": day} for n, day in enumerate(born)]
    with statements(work.database) as first:
        assert outcomes(import_patients(work, *lines)) == 200 * ["new"]
    with statements(work.database) as again:
        assert outcomes(import_patients(work, *lines)) == 200 * ["known"]
    row_by_row = 200 if work.database.is_sqlite else 0
    assert len(first) <= 10 + 4 * row_by_row, [statement for statement, _ in first]
    assert len(again) <= 4, [statement for statement, _ in again]


@pytest.mark.both_databases
def test_one_batch_at_the_same_moment_twice_makes_everybody_once(work: Work) -> None:
    """A caller who has lost patience sends it again while it is still on its way."""
    lines = [{**NORA, "former": f"P{n}", "birth_date": f"1985-03-{n + 1:02d}"} for n in range(20)]
    with ThreadPoolExecutor(2) as pool:
        both = [each.result() for each in [pool.submit(import_patients, work, *lines) for _ in range(2)]]
    assert Counter(outcome for answers in both for outcome in outcomes(answers)) == {"new": 20, "known": 20}
    assert len(records(work)) == 20
