"""Staff find, see and correct patients of their own clinic (PRODUCT C1, A3)."""

import re
from datetime import timedelta
from typing import Any

import pytest

from services.patient.handlers.exporting import export
from services.patient.handlers.records import find, get, update
from services.patient.schemas import FindSchema, UpdateSchema
from shared.contracts.errors import ChangedMeanwhile, Invalid, InvalidNationalId, NotFound
from shared.incoming.fields import checked
from tests.builders.patient.bookings import a_booking, published, records, take_in
from tests.builders.patient.desks import KEYS, NOW, STAFF, Work, a_desk
from tests.builders.patient.needs import give


def page(work: Work, **query: Any) -> dict[str, Any]:
    return find(a_desk(work), "solna", checked(FindSchema(), query))


def found(work: Work, q: str = "", **fields: Any) -> list[str]:
    answer = page(work, q=q, **fields)
    return [f"{each['first_name']} {each['last_name']}" for each in answer["patients"]]


def changed(work: Work, id: str, **changes: Any) -> dict[str, Any]:
    return update(a_desk(work), "solna", id, checked(UpdateSchema(), changes))


@pytest.fixture
def people(work: Work) -> Work:
    """Return a database with four patients of solna and one of lund."""
    take_in(
        work,
        [
            a_booking(),
            a_booking(identity=None, first_name="Åsa", last_name="Öberg", mobile="+46701740605", email=None),
            a_booking(identity=None, first_name="Bo", last_name="Ek_100%", mobile=None, email="Bo.Ek@Example.org"),
            a_booking(identity=None, first_name="نیلوفر", last_name="کریمی", mobile="+989123456789", email=None),
            a_booking("lund", first_name="Eva", last_name="Annan"),
        ],
    )
    return work


SEARCHES: list[tuple[str, list[str]]] = [
    ("eva", ["Eva Lind"]),
    ("LIND ev", ["Eva Lind"]),
    ("öberg åsa", ["Åsa Öberg"]),
    ("070-174 06 05", ["Åsa Öberg"]),
    ("+46701740605", ["Åsa Öberg"]),
    ("bo.ek@example", ["Bo Ek_100%"]),
    ("_100%", ["Bo Ek_100%"]),
    ("%", ["Bo Ek_100%"]),
    ("كريمي", ["نیلوفر کریمی"]),
    ("19811228-9874", ["Eva Lind"]),
    ("811228-9874", ["Eva Lind"]),
    ("811228", []),
    ("nobody", []),
    ("1740-605", ["Åsa Öberg"]),
    ("۰۷۰-۱۷۴ ۰۶ ۰۵", ["Åsa Öberg"]),
    ("912 345", ["نیلوفر کریمی"]),
    ("0000", []),
]


def test_patients_are_found_by_name_mobile_email_or_whole_number(people: Work, subtests: pytest.Subtests) -> None:
    for q, names in SEARCHES:
        with subtests.test(q=q):
            assert found(people, q) == names


def test_a_patient_is_found_by_id(people: Work) -> None:
    eva = next(row for row in records(people) if row.last_name == "Lind")
    assert found(people, eva.id) == ["Eva Lind"]
    annan = next(row for row in records(people) if row.last_name == "Annan")
    assert found(people, annan.id) == []


def test_lists_come_in_pages_by_last_name(people: Work) -> None:
    everybody, cursor = [], None
    for _ in range(5):
        answer = page(people, limit="1", cursor=cursor)
        everybody += answer["patients"]
        cursor = answer["next"]
        if cursor is None:
            break
        assert re.fullmatch("[0-9a-f]{32}", cursor), "no names in addresses"
    assert [each["last_name"] for each in everybody] == [name.split()[-1] for name in found(people)]
    assert len({each["id"] for each in everybody}) == 4


def test_lists_mask_the_number_and_one_patient_shows_it_whole(people: Work) -> None:
    (listed,) = page(people, q="Lind")["patients"]
    assert listed["identity"] == {"scheme": "se.personnummer", "number": "19811228••••"}
    whole = get(a_desk(people), "solna", listed["id"])
    assert whole == {
        **listed,
        "first_name": "Eva",
        "mobile": "+46701740699",
        "sms_ok": True,
        "sms_reminder": True,
        "mobile_confirmed": False,
        "email_confirmed": False,
        "mobile_unconfirmed": True,
        "birth_date": "1981-12-28",
        "identity": {"scheme": "se.personnummer", "number": "198112289874"},
        "origin": "web",
        "created_at": "2026-11-22T10:00:00+01:00",
        "version": 1,
        "note": None,
        "sms_ok_said": {"at": "2026-11-22T10:00:00+01:00", "actor": {"kind": "patient", "id": None}},
        "email_ok_said": {"at": "2026-11-22T10:00:00+01:00", "actor": {"kind": "patient", "id": None}},
    }


def test_c1_the_patients_of_another_clinic_are_not_there(people: Work) -> None:
    annan = next(row for row in records(people) if row.last_name == "Annan")
    with pytest.raises(NotFound):
        get(a_desk(people), "solna", annan.id)
    with pytest.raises(NotFound):
        changed(people, annan.id)


def test_what_is_no_patient_is_not_found(people: Work) -> None:
    for id in ("", "x", "\x00", "0" * 32):
        with pytest.raises(NotFound):
            get(a_desk(people), "solna", id)


def test_staff_correct_a_patient_and_everybody_hears_of_it(people: Work) -> None:
    eva = next(row for row in records(people) if row.last_name == "Lind")
    told = len(published(people))
    after = changed(people, eva.id, mobile="070-174 06 05", email="", sms_reminder=False, first_name="Evelina")
    assert (after["mobile"], after["email"], after["first_name"]) == ("+46701740605", None, "Evelina")
    assert (after["sms_reminder"], after["version"]) == (False, 2)
    (event,) = published(people)[told:]
    assert (event["type"], event["subject_version"], event["data"]["booking"]) == ("PatientUpdated", 2, None)
    assert (event["data"]["sms_reminder"], event["actor"]) == (False, STAFF.brief())
    assert found(people, "evelina") == ["Evelina Lind"]


def test_a_correction_without_a_difference_is_no_event(people: Work) -> None:
    eva = next(row for row in records(people) if row.last_name == "Lind")
    same = {"identity": {"scheme": "se.personnummer", "number": "811228-9874"}, "mobile": "0701740699"}
    told = len(published(people))
    assert changed(people, eva.id, **same)["version"] == 1
    assert len(published(people)) == told


def test_a_telephone_may_be_a_landline_to_call(people: Work) -> None:
    eva = next(row for row in records(people) if row.last_name == "Lind")
    assert changed(people, eva.id, mobile="08-465 00 41")["mobile"] == "+4684650041"


def test_a3_a_record_tells_since_when_and_by_whom_its_consent_is(people: Work) -> None:
    """B18a: giving an address on the web is the patient's word; what staff change is theirs, and nothing else is."""
    eva = next(row for row in records(people) if row.last_name == "Lind")
    hers = {"at": "2026-11-22T10:00:00+01:00", "actor": {"kind": "patient", "id": None}}
    next_day = a_desk(people, now=NOW + timedelta(days=1))
    same = {"first_name": "Evelina", "sms_ok": True, "email_ok": True, "confirm": ["mobile", "email"]}
    told = update(next_day, "solna", eva.id, checked(UpdateSchema(), same))
    assert (told["sms_ok_said"], told["email_ok_said"]) == (hers, hers), "sent back as it stands"
    told = update(next_day, "solna", eva.id, checked(UpdateSchema(), {"sms_ok": False}))
    assert told["sms_ok_said"] == {"at": "2026-11-23T10:00:00+01:00", "actor": STAFF.brief()}
    assert get(a_desk(people), "solna", eva.id)["email_ok_said"] == hers
    handed_out = export(a_desk(people), "solna", eva.id)["patient"]
    assert (handed_out["sms_ok_said"], handed_out["email_ok_said"]) == (told["sms_ok_said"], hers)
    assert not {"sms_ok_said", "email_ok_said"} & set(page(people)["patients"][0])


def test_staff_confirm_mobile_and_email_with_one_press(people: Work) -> None:
    """CONTRACTS 1, Patients: only staff confirm what the web has brought."""
    eva = next(row for row in records(people) if row.last_name == "Lind")
    told = len(published(people))
    after = changed(people, eva.id, confirm=["mobile", "email"])
    assert (after["mobile_confirmed"], after["email_confirmed"], after["mobile_unconfirmed"]) == (True, True, False)
    (event,) = published(people)[told:]
    assert KEYS.people.open(event["data"]["person"])["unconfirmed"] == []
    assert changed(people, eva.id, confirm=["mobile"])["version"] == after["version"]


def test_what_is_not_there_cannot_be_confirmed_and_another_address_is_confirmed_by_typing_it(people: Work) -> None:
    bo = next(row for row in records(people) if row.first_name == "Bo")
    with pytest.raises(Invalid) as refused:
        changed(people, bo.id, confirm=["mobile"])
    assert list(refused.value.extra["errors"]) == ["mobile"]
    assert changed(people, bo.id, mobile="070-174 06 05")["mobile_confirmed"] is True
    assert changed(people, bo.id, mobile="")["mobile_confirmed"] is False


def test_who_sends_the_whole_record_back_with_another_name_has_not_confirmed_what_a_stranger_brought(
    people: Work,
) -> None:
    eva = next(row for row in records(people) if row.last_name == "Lind")
    addresses = {"mobile": "070-174 06 99", "email": "EVA@example.org"}
    after = changed(people, eva.id, first_name="Evelina", **addresses, sms_ok=True, email_ok=True)
    assert (after["first_name"], after["mobile_confirmed"], after["email_confirmed"]) == ("Evelina", False, False)
    told = KEYS.people.open(published(people)[-1]["data"]["person"])
    assert (told["sms_ok"], told["email_ok"]) == (None, None), "nor noted what a stranger said of messages"
    both = changed(people, eva.id, mobile="070-174 06 99", email="eva@example.org", confirm=["mobile"])
    assert (both["mobile_confirmed"], both["email_confirmed"]) == (True, False)
    kept = changed(people, eva.id, first_name="Eva", mobile="070-174 06 99")
    assert kept["mobile_confirmed"] is True, "what is confirmed stays so"


def test_a_need_says_which_addresses_nobody_has_confirmed_and_staff_confirm_them_with_it(people: Work) -> None:
    eva = next(row for row in records(people) if row.last_name == "Lind")
    assert give(people)["unconfirmed"] == ["mobile", "email"]
    assert give(people, confirm=["mobile"])["unconfirmed"] == ["email"]
    assert get(a_desk(people), "solna", eva.id)["mobile_confirmed"] is True
    newest = {event["subject"]: event for event in published(people) if event["type"] == "NeedAdded"}
    assert [KEYS.people.open(each["data"]["person"])["unconfirmed"] for each in newest.values()] == [["email"]] * 2


def test_a_name_is_kept_in_its_normal_form(people: Work) -> None:
    eva = next(row for row in records(people) if row.last_name == "Lind")
    after = changed(people, eva.id, first_name=" A\u030asa  Maria ")
    assert after["first_name"] == "Åsa Maria"


def test_a_correction_of_what_somebody_else_has_changed_is_refused(people: Work) -> None:
    eva = next(row for row in records(people) if row.last_name == "Lind")
    changed(people, eva.id, sms_ok=False, version=1)
    with pytest.raises(ChangedMeanwhile):
        changed(people, eva.id, sms_ok=True, version=1)


def test_a_number_is_corrected_by_its_rule_and_belongs_to_one_patient(people: Work) -> None:
    asa = next(row for row in records(people) if row.last_name == "Öberg")
    coordination = {"scheme": "se.personnummer", "number": "701063-2391"}
    after = changed(people, asa.id, identity=coordination)
    assert (after["identity"]["number"], after["birth_date"]) == ("197010632391", "1970-10-03")
    with pytest.raises(InvalidNationalId):
        changed(people, asa.id, identity={**coordination, "number": "701063-2390"})
    with pytest.raises(Invalid) as refused:
        changed(people, asa.id, identity={**coordination, "number": "811228-9874"})
    assert list(refused.value.extra["errors"]) == ["identity.number"]


WRONG_CHANGES: list[tuple[dict[str, Any], str]] = [
    ({"mobile": "12"}, "mobile"),
    ({"mobile": "0900-123 45 67"}, "mobile"),
    ({"email": "nobody"}, "email"),
    ({"first_name": " "}, "first_name"),
    ({"first_name": "a" * 101}, "first_name"),
    ({"last_name": "a\x00b"}, "last_name"),
    ({"last_name": "see www.evil.example"}, "last_name"),
    ({"first_name": "\u202eavE"}, "first_name"),
    ({"sms_ok": "yes"}, "sms_ok"),
    ({"birth_date": "1990-13-01"}, "birth_date"),
    ({"identity": {"scheme": "se.personnummer"}}, "identity.number"),
    ({"origin": "staff"}, "origin"),
    ({"version": "1"}, "version"),
]


def test_wrong_fields_are_named_and_nothing_changes(people: Work, subtests: pytest.Subtests) -> None:
    eva = next(row for row in records(people) if row.last_name == "Lind")
    for changes, field in WRONG_CHANGES:
        with subtests.test(field=field):
            with pytest.raises(Invalid) as refused:
                changed(people, eva.id, **changes)
            assert list(refused.value.extra["errors"]) == [field]
    assert get(a_desk(people), "solna", eva.id)["version"] == 1


def test_a_wrong_search_is_refused() -> None:
    for fields in ({"limit": 0}, {"limit": 201}, {"limit": "many"}, {"cursor": "x"}, {"q": "\x00"}, {"z": 1}):
        with pytest.raises(Invalid):
            checked(FindSchema(), fields)


def test_a_cursor_of_another_clinic_is_refused(people: Work) -> None:
    annan = next(row for row in records(people) if row.last_name == "Annan")
    with pytest.raises(Invalid):
        found(people, cursor=annan.id)
