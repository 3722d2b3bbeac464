"""People whom systems forget: one telephone for two, unusual names, very old and very young numbers.

Over HTTP through the whole installation, one clinic per national scheme. The numbers are the authorities'
own for tests, or made up so that they pass the check.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from tests.system.api_client import Client, staff
from tests.system.clinics import OwnClinic, a_person, at, in_days, own_clinic
from tests.system.installation import ADMIN, Installation, wait_until

COUNTRIES = {
    "se.personnummer": "SE",
    "no.fodselsnummer": "NO",
    "dk.cpr": "DK",
    "ch.ssn": "CH",
    "ir.melli": "IR",
    "none": "SE",
}
TWO_TYPES = [
    {"key": "visit", "name": "Visit", "length": "30m"},
    {"key": "grown-up", "name": "For adults", "length": "30m", "min_age": 24},
]
SLOW_MACHINE = 60.0  # seconds
_MOD_11 = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


@dataclass
class Reception:
    """One clinic and its staff; each booking gets a time of its own."""

    clinic: OwnClinic
    times: Iterator[int]

    def book(self, person: dict[str, Any], **fields: Any) -> str:
        """Book a visit on the web and return its reference."""
        booked = self.clinic.book(self.next_start(), person, **fields)
        assert booked.status == 201, booked
        return str(booked["reference"])

    def next_start(self) -> str:
        """Return a start that nobody has booked."""
        days, half_hours = divmod(next(self.times), 8)
        return at(in_days(8 + days), f"{8 + half_hours // 2:02d}:{30 * (half_hours % 2):02d}")

    def patient_of(self, reference: str) -> dict[str, Any]:
        """Return the whole record that the booking is linked with, as soon as it is."""

        def linked() -> Any:
            return self.clinic.desk("GET", f"bookings/{reference}")["patient"]["id"]

        wait_until(linked, "B18: the patient is made or found", SLOW_MACHINE)
        record: dict[str, Any] = self.clinic.desk("GET", f"patients/{linked()}").body
        return record

    def found(self, words: str) -> list[str]:
        """Return the ids of the patients that staff find by `words`."""
        return [row["id"] for row in self.clinic.desk("GET", "patients", q=words, limit=200)["patients"]]

    def messages(self, reference: str, event: str, number: int) -> list[dict[str, Any]]:
        """Return the booking's messages of one event, as soon as there are `number`."""
        rows: list[dict[str, Any]] = []

        def told() -> bool:
            listed = self.clinic.desk("GET", "messages", booking=reference)["messages"]
            rows[:] = [row for row in listed if row["event"] == event]
            return len(rows) >= number

        wait_until(told, f"{number} messages of {event}", SLOW_MACHINE)
        assert len(rows) == number, rows
        return rows


Open = Callable[[str], Reception]


@pytest.fixture
def open_reception(installation: Installation) -> Open:
    """Return what opens a clinic of a scheme for this test alone."""
    public, administrator = Client(installation.url), staff(installation.url, *ADMIN)
    practitioners = [{"key": "anna", "name": "Anna Berg", "email": "anna@clinic.example"}]

    def opened(scheme: str) -> Reception:
        changes = {"identity": scheme, "country": COUNTRIES[scheme], "types": TWO_TYPES, "practitioners": practitioners}
        changes["sms_countries"] = sorted(set(COUNTRIES.values()))
        return Reception(own_clinic(public, administrator, **changes), count())

    return opened


def numbered(number: str, **changes: Any) -> dict[str, Any]:
    """Return the `patient` of a booking at a clinic with numbers."""
    return a_person(national_id=number, birth_date=None, **changes)


SHARED = {"mobile": "+46701740900", "email": "the.family@patients.example"}


@pytest.mark.parametrize(
    ("scheme", "first", "second"),
    [
        ("se.personnummer", {"national_id": "19121212-1212"}, {"national_id": "701063-2391"}),
        ("none", {"birth_date": "1980-05-05"}, {"birth_date": "2015-01-31"}),
        ("none", {"birth_date": "2015-01-31", "last_name": "Twin"}, {"birth_date": "2015-01-31", "last_name": "Twin"}),
    ],
    ids=["by number", "by birth date", "twins"],
)
def test_two_people_on_one_telephone_and_one_email_stay_two_patients(
    open_reception: Open, scheme, first, second
) -> None:
    reception = open_reception(scheme)
    names = {"first_name": "Åsa"}, {"first_name": "Bo"}
    both = zip(names, (first, second), strict=True)
    people = [{**a_person(birth_date=None), **SHARED, **name, **who} for name, who in both]
    references = [reception.book(person) for person in people]
    records = [reception.patient_of(reference) for reference in references]
    assert records[0]["id"] != records[1]["id"]
    for reference, person, record in zip(references, people, records, strict=True):
        assert {name: record[name] for name in ("first_name", "last_name", *SHARED)} == {
            name: person[name] for name in ("first_name", "last_name", *SHARED)
        }
        sent = {row["channel"]: row["to"] for row in reception.messages(reference, "booked", 2)}
        assert sent == {"sms": SHARED["mobile"], "email": SHARED["email"]}
        (told,) = reception.messages(reference, "practitioner_booked", 1)
        assert f"{person['first_name']} {person['last_name']}" in told["subject"] + told["text"]
    assert {record["id"] for record in records} <= set(reception.found(SHARED["mobile"]))
    again = reception.book({**people[1]})
    assert reception.patient_of(again)["id"] == records[1]["id"], "each keeps their own bookings"


def test_a_parent_books_for_a_child_whose_own_number_decides_the_age(open_reception: Open) -> None:
    """The parent's mobile and email, the child's number: B8 asks how old the child is; messages reach the parent."""
    reception = open_reception("no.fodselsnummer")
    parent = numbered("12049990187", first_name="Kari", mobile="+4790000901", email="kari@patients.example")
    child = {**parent, "national_id": "12041050061", "first_name": "Ola"}
    parents = reception.patient_of(reception.book(parent))
    refused = reception.clinic.book(reception.next_start(), child, type="grown-up")
    assert (refused.status, refused["code"]) == (422, "under_age")
    reference = reception.book(child)
    record = reception.patient_of(reference)
    assert record["id"] != parents["id"]
    assert (record["birth_date"], record["first_name"]) == ("2010-04-12", "Ola")
    told = {row["channel"]: row["to"] for row in reception.messages(reference, "booked", 2)}
    assert told == {"sms": parent["mobile"], "email": parent["email"]}
    adult = reception.book(parent, type="grown-up")
    assert reception.patient_of(adult)["id"] == parents["id"]


def nfd(text: str) -> str:
    """Return a text with its accents as combining marks, as some keyboards write them."""
    return unicodedata.normalize("NFD", text)


NAMES = {
    "apostrophe": ("Séan", "O'Brien", ["o’brien", "O'BRIEN", "Séan O'Brien"]),
    "typographic apostrophe": ("Zoë", "D’Ångström", ["d'ångström", "D’Ångström"]),
    "hyphens": ("Anna\u2010Karin", "Ek\u2013Lind", ["anna-karin", "Ek-Lind"]),
    "one letter": ("Ö", "Q", ["ö q", "Q Ö"]),
    "a hundred letters": ("A" * 100, "Ø" * 100, ["ø" * 100]),
    "Arabic": ("فاطمة", "الزهراء", ["الزهراء", "فاطمة الزهراء"]),
    "Persian": ("علی\u200cرضا", "کریمی\u200cنیا", ["كريمي\u200cنيا", "کریمینیا", "علی\u200cرضا"]),
    "combining marks": (nfd("Zoë"), nfd("Šödermåłm"), ["Zoë Šödermåłm", nfd("šödermåłm")]),
    "right-to-left marks": ("\u200fمریم\u200f", "\u200eSmith\u200e", ["مریم", "smith", "مریم Smith"]),
}


@pytest.mark.parametrize("kind", NAMES)
def test_a_name_is_kept_as_it_is_read_and_found_as_others_write_it(open_reception: Open, kind) -> None:
    """Accents are composed and marks of direction dropped, which nobody sees; all else stays as it is written."""
    reception = open_reception("none")
    *typed, searches = NAMES[kind]
    person = a_person(first_name=typed[0], last_name=typed[1])
    first_name, last_name = (unicodedata.normalize("NFC", name.strip("\u200e\u200f")) for name in typed)
    reference = reception.book(person, language="sv")
    booking = reception.clinic.desk("GET", f"bookings/{reference}")
    assert (booking["patient"]["first_name"], booking["patient"]["last_name"]) == (first_name, last_name)
    record = reception.patient_of(reference)
    assert (record["first_name"], record["last_name"]) == (first_name, last_name)
    for words in searches:
        assert record["id"] in reception.found(words), f"found by {words!r}"
    assert record["id"] not in reception.found("nobody of that name")
    (told,) = reception.messages(reference, "practitioner_booked", 1)
    assert f"{first_name} {last_name}" in told["subject"] + told["text"]
    other = {name: unicodedata.normalize("NFC", person[name]) for name in ("first_name", "last_name")}
    again = reception.patient_of(reception.book({**person, **other}))
    assert again["id"] == record["id"], "the same person, however the keyboard writes accents"


NUMBERS = {
    "personnummer": ("se.personnummer", ["811228-9874", "19811228 9874", "8112289874"], "1981-12-28"),
    "centenarian with a plus": ("se.personnummer", ["121212+1212", "19121212-1212", "191212121212"], "1912-12-12"),
    "coordination number": ("se.personnummer", ["701063-2391", "197010632391"], "1970-10-03"),
    "born 1899": ("no.fodselsnummer", ["120499 50045", "12049950045"], "1899-04-12"),
    "born 1999 in the last range": ("no.fodselsnummer", ["120499-90187"], "1999-04-12"),
    "born 2010": ("no.fodselsnummer", ["120410 50061", "12041050061"], "2010-04-12"),
    "D-number": ("no.fodselsnummer", ["520485 10086", "52048510086"], "1985-04-12"),
    "CPR without modulus 11": ("dk.cpr", ["010165-0012", "0101650012"], "1965-01-01"),
    "AHV with and without dots": ("ch.ssn", ["756.9217.0769.85", "7569217076985", "756 9217 0769 85"], None),
    "leading zeros, Persian digits": ("ir.melli", ["۰۰۸۴۵۷۵۹۴۸", "0084575948", "008-457594-8", "84575948"], None),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_a_number_is_one_person_however_it_is_written_b4_b18(open_reception: Open, kind) -> None:
    """Booked once for each way to write it: one patient, found by each, filled in only where something was missing."""
    scheme, ways, born = NUMBERS[kind]
    reception = open_reception(scheme)
    person = numbered(ways[0], last_name=f"Number {kind}", email=None)
    first = reception.patient_of(reception.book(person))
    assert (first["birth_date"], first["email"], first["origin"]) == (born, None, "web")
    for written in ways:
        typed = {"national_id": written, "mobile": "+46701740999", "email": "typed@patients.example"}
        reference = reception.book({**person, **typed})
        record = reception.patient_of(reference)
        assert (record["id"], record["identity"]["number"]) == (first["id"], canonical(ways))
        told = {row["channel"]: row["to"] for row in reception.messages(reference, "booked", 2)}
        assert told == {"sms": typed["mobile"], "email": typed["email"]}, "this booking's messages go to what was typed"
        assert reception.found(written) == [first["id"]]
    now = reception.clinic.desk("GET", f"patients/{first['id']}").body
    assert (now["mobile"], now["email"]) == (person["mobile"], "typed@patients.example")
    assert now["last_name"] == person["last_name"]


def canonical(ways: list[str]) -> str:
    """Return the digits of a number as it is stored: the longest way to write it, in ASCII."""
    digits = ["".join(str(unicodedata.decimal(sign)) for sign in way if sign.isdecimal()) for way in ways]
    return max(digits, key=len)


def test_the_danish_number_of_this_test_breaks_modulus_11() -> None:
    """Numbers without the check have been given out since 2007; they must not be refused."""
    number = canonical(NUMBERS["CPR without modulus 11"][1])
    assert sum(weight * int(digit) for weight, digit in zip(_MOD_11, number, strict=True)) % 11 != 0


@pytest.mark.parametrize(
    ("scheme", "written", "kept"),
    [
        ("ir.melli", "۰۹۱۲ ۳۴۵ ۰۹۹۹", "+989123450999"),
        ("se.personnummer", "070-174 06 99", "+46701740699"),
        ("se.personnummer", "0047 900 00 902", "+4790000902"),
        ("ch.ssn", "\u200e+41 78 700 09 09\u200e", "+41787000909"),
    ],
)
def test_a_telephone_is_kept_in_one_form_however_it_is_written_b4(
    open_reception: Open, scheme: str, written: str, kept: str
) -> None:
    reception = open_reception(scheme)
    number = next(ways[0] for of, ways, _ in NUMBERS.values() if of == scheme)
    reference = reception.book(numbered(number, mobile=written, email=None))
    assert reception.patient_of(reference)["mobile"] == kept
    (sms,) = reception.messages(reference, "booked", 1)
    assert (sms["channel"], sms["to"]) == ("sms", kept)
    assert reception.found(written), "staff find it as it is written, too"


@pytest.mark.parametrize("number", ["+979123456789", "+881612345678", "+46900123456", "+19005551234", "08-465 00 41"])
def test_nobody_books_with_a_telephone_that_no_sms_can_reach(open_reception: Open, number: str) -> None:
    reception = open_reception("none")
    refused = reception.clinic.book(reception.next_start(), a_person(mobile=number))
    assert (refused.status, refused["code"], set(refused["errors"])) == (422, "invalid", {"patient.mobile"})


def test_a_mobile_of_a_country_that_the_clinic_does_not_name_is_told_by_email_only(open_reception: Open) -> None:
    reception = open_reception("none")
    abroad = a_person(mobile="+1 202 555 0123", email=None)
    refused = reception.clinic.book(reception.next_start(), abroad)
    assert (refused.status, refused["code"], set(refused["errors"])) == (422, "invalid", {"patient.email"})
    reference = reception.book({**abroad, "email": "abroad@patients.example"})
    (told,) = reception.messages(reference, "booked", 1)
    assert (told["channel"], told["to"]) == ("email", "abroad@patients.example")


@pytest.mark.parametrize(
    ("scheme", "number"),
    [
        ("se.personnummer", "19121212-1213"),
        ("no.fodselsnummer", "12049950046"),
        ("dk.cpr", "310299-1234"),
        ("ch.ssn", "756.9217.0769.84"),
        ("ir.melli", "0084575949"),
        ("ir.melli", "84575949"),
    ],
)
def test_a_number_that_is_nobodys_is_refused_b4(open_reception: Open, scheme, number) -> None:
    reception = open_reception(scheme)
    refused = reception.clinic.book(reception.next_start(), numbered(number))
    assert (refused.status, refused["code"]) == (422, "invalid_national_id")
    assert number not in refused["detail"]


@pytest.mark.parametrize(
    "name", ["\x00", "A\nB", "\u0085", "A" * 101, "   ", "Eva 😀", "\u202eavE", "go to http://evil.example"]
)
def test_a_name_that_is_none_is_refused(open_reception: Open, name) -> None:
    reception = open_reception("none")
    refused = reception.clinic.book(reception.next_start(), a_person(last_name=name))
    assert (refused.status, refused["code"]) == (422, "invalid")
    assert set(refused["errors"]) == {"patient.last_name"}


def test_somebody_turns_24_by_the_number_of_a_century_ago_b8(open_reception: Open) -> None:
    """Two digits of a year say nothing by themselves: `12` with a plus is 1912, with a hyphen 2012."""
    reception = open_reception("se.personnummer")
    old, young = numbered("121212+1212"), numbered("121212-1212")
    assert reception.clinic.book(reception.next_start(), old, type="grown-up").status == 201
    refused = reception.clinic.book(reception.next_start(), young, type="grown-up")
    assert (refused.status, refused["code"]) == (422, "under_age")
