"""Columns mapped by sight, and rows as lines: files as clinics of five countries save them (PRODUCT C14)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.moving_in.fields import FIELDS, KINDS, SERVED
from shared.moving_in.file import read_file
from shared.moving_in.header_words import WORDS
from shared.moving_in.house import House, house_of
from shared.moving_in.leftovers import leftovers
from shared.moving_in.lines import (
    NEITHER_YES_NOR_NO,
    NO_NAME,
    NOT_A_DATE,
    NOT_A_TIME,
    NOT_CHOSEN,
    TWO_DATES,
    Line,
    Reader,
)
from shared.moving_in.mapping import LEAVE_OUT, Reading, named, orders, proposal
from shared.moving_in.table import Table, table_of

TODAY = date(2026, 11, 29)
SOLNA = House(
    "SE",
    "se.personnummer",
    TODAY,
    {"exam": ["Undersökning", "Examination"], "clean": ["Rengöring"]},
    {"anna": ["Anna Berg"], "erik": ["Erik Lund"]},
)
SCHEMES = {"SE": "se.personnummer", "NO": "no.fodselsnummer", "DK": "dk.cpr", "CH": "ch.ssn", "IR": "ir.melli"}

PATIENTS = {
    "SE": (
        "Patientnr;Personnummer;Förnamn;Efternamn;Mobiltelefon;E-post;SMS-påminnelse;Anteckning\r\n"
        "17;19121212-1212;Tolvan;Tolvansson;070-174 06 05;tolvan@x.example;Ja;Rullstol\r\n",
        {"former": "17", "national_id": "191212121212", "first_name": "Tolvan", "last_name": "Tolvansson",
         "mobile": "+46701740605", "email": "tolvan@x.example", "sms_ok": True, "note": "Rullstol"},
    ),
    "NO": (
        "Pasientnr,Fødselsnr,Etternavn,Fornavn,Mobil,E-postadresse,Født\n"
        "9,13116900216,Nordmann,Kari,40612345,kari@x.example,13.11.1969\n",
        {"former": "9", "national_id": "13116900216", "first_name": "Kari", "last_name": "Nordmann",
         "mobile": "+4740612345", "email": "kari@x.example", "birth_date": "1969-11-13"},
    ),
    "DK": (
        "CPR-nr.\tNavn\tTlf.\tMobilnr\tMail\n251248-9996\tBerggren, Nancy Ann\t86123456\t20123456\tnancy@x.example\n",
        {"national_id": "2512489996", "first_name": "Nancy Ann", "last_name": "Berggren", "mobile": "+4520123456",
         "email": "nancy@x.example"},
    ),
    "CH": (
        "N° dossier;No AVS;Nom;Prénom;Date de naissance;Portable;Courriel\n"
        "4;756.9217.0769.85;Rochat;Zoé;12/03/85;079 123 45 67;zoe@x.example\n",
        {"former": "4", "national_id": "7569217076985", "first_name": "Zoé", "last_name": "Rochat",
         "birth_date": "1985-03-12", "mobile": "+41791234567", "email": "zoe@x.example"},
    ),
    "IR": (
        "شماره پرونده,کد ملي,نام,نام خانوادگي,تاريخ تولد,تلفن همراه\n"
        "۱۲,۹۹۹۰۰۰۰۰۰۱,علي,رضايي,۱۳۶۲/۰۴/۰۵,۰۹۱۲۳۴۵۶۷۸۹\n",
        {"former": "۱۲", "national_id": "9990000001", "first_name": "علی", "last_name": "رضایی",
         "birth_date": "1983-06-26", "mobile": "+989123456789"},
    ),
}  # fmt: skip


def house(country: str) -> House:
    return replace(SOLNA, country=country, scheme=SCHEMES[country])


def read(table: Table, kind: str, by: House = SOLNA, **changes: Any) -> list[Line]:
    reading = replace(proposal(table, kind, by), **changes)
    return list(Reader.of(table, reading, by).lines(table.rows))


def columns(table: Table, kind: str, by: House = SOLNA) -> dict[str, str]:
    return {name: table.columns[place] for name, place in proposal(table, kind, by).columns.items()}


@pytest.mark.parametrize("country", PATIENTS)
def test_c14_patients_of_five_countries_are_mapped_by_sight(country: str) -> None:
    text, sent = PATIENTS[country]
    (line,) = read(table_of(text), "patients", house(country))
    assert (line.errors, line.doubt) == ({}, "")
    assert line.sent == {"line": 2, **sent}


def test_c14_without_names_of_columns_values_alone_tell_numbers_mobiles_and_addresses() -> None:
    table = table_of("a;b;c;d\n19121212-1212;Tolvan;0701740605;t@x.example\n")
    assert columns(table, "patients") == {"national_id": "a", "mobile": "c", "email": "d"}


def test_c14_a_column_that_never_looks_like_its_name_is_not_taken_for_it() -> None:
    assert "email" not in columns(table_of("Mail;Namn\nJa;Anna Berg\nNej;Erik Lund\n"), "patients")


def test_c14_appointments_from_csv() -> None:
    text = (
        "Bokningsid;Personnummer;Datum;Tid;Slut;Behandling;Behandlare;Status;Meddelande\n"
        "1;19121212-1212;2026-12-01;10.00;10.45;Undersökning;Berg;Bokad;Ont\n"
        "2;19121212-1212;2026-12-02;10.00;10.45;Undersökning;Berg;Avbokad;\n"
        "3;19121212-1212;2026-12-03;;10.45;Kontroll;Lund;Bokad;\n"
        "4;19121212-1212;någon gång;10;;Undersökning;Berg;Bokad;\n"
    )
    booked, cancelled, timeless, dayless = read(table_of(text), "appointments")
    assert booked.sent == {
        "line": 2, "former": "1", "patient": {"national_id": "191212121212"}, "type": "exam", "practitioner": "anna",
        "start": "2026-12-01T10:00:00", "minutes": 45, "message": "Ont",
    }  # fmt: skip
    assert cancelled.is_left_out
    assert timeless.errors == {"type": [NOT_CHOSEN], "start": [NOT_A_TIME]}
    assert dayless.errors == {"start": [NOT_A_DATE]}


def test_c14_names_of_the_former_system_stand_for_the_clinics_own_as_chosen() -> None:
    table = table_of(
        "Namn;Mobil;Behandling;Vecka\nAnna Ek;0701740605;Kontroll;2026-49\nBo Ek;0701740606;Lunch;2026-50\n"
    )
    reading = proposal(table, "needs", SOLNA)
    assert reading.chosen == {"type": {"Kontroll": "", "Lunch": ""}}
    chosen = replace(reading, chosen={"type": {"Kontroll": "clean", "Lunch": LEAVE_OUT}})
    assert named(table, chosen, SOLNA).chosen == chosen.chosen
    kept, left = Reader.of(table, chosen, SOLNA).lines(table.rows)
    assert kept.sent == {
        "line": 2, "patient": {"first_name": "Anna", "last_name": "Ek", "mobile": "+46701740605"}, "type": "clean",
        "week": "2026-W49",
    }  # fmt: skip
    assert left.is_left_out


def test_c14_where_no_column_says_it_one_type_and_practitioner_hold_for_all_lines() -> None:
    table = table_of("Namn;Mobil;Datum;Tid\nAnna Ek;0701740605;2026-12-01;10:00\n")
    (line,) = read(table, "appointments", always={"type": "exam", "practitioner": "erik"})
    assert line.sent is not None
    assert (line.sent["type"], line.sent["practitioner"]) == ("exam", "erik")


def test_c14_whose_a_calendars_appointment_is_is_found_in_its_summary() -> None:
    event = (
        "BEGIN:VEVENT\r\nUID:{0}\r\nDTSTART;TZID=Europe/Stockholm:2026120{0}T100000\r\n"
        "DTEND;TZID=Europe/Stockholm:2026120{0}T104500\r\nSUMMARY:{1}\r\nEND:VEVENT\r\n"
    )
    summaries = ("Undersökning: Anna Ek", "Rengöring: Bo Ek")
    events = "".join(event.format(number, summary) for number, summary in enumerate(summaries, 1))
    table = read_file(f"BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n".encode(), TODAY).table
    assert columns(table, "appointments") == {
        "former": "UID", "name": "Summary, part 2", "type": "Summary, part 1", "start": "Start", "end": "End",
    }  # fmt: skip
    first, _ = read(table, "appointments", always={"practitioner": "anna"})
    assert first.sent == {
        "line": 1, "former": "1", "patient": {"first_name": "Anna", "last_name": "Ek"}, "type": "exam",
        "practitioner": "anna", "start": "2026-12-01T10:00:00+01:00", "minutes": 45,
    }  # fmt: skip


def test_c14_where_a_file_has_dates_of_two_orders_those_that_could_be_both_are_doubtful() -> None:
    table = table_of("Namn;Född\nAnna Ek;24/12/1985\nBo Ek;12/24/1985\nCai Ek;01/02/1985\n")
    lines = read(table, "patients")
    assert [line.doubt for line in lines] == ["", "", TWO_DATES]
    assert lines[1].errors == {"birth_date": [NOT_A_DATE]}


def test_c14_how_dates_are_written_is_unsure_where_no_date_tells_it() -> None:
    table = table_of("Namn;Född\nAnna Ek;01/02/1985\n")
    reading = proposal(table, "patients", SOLNA)
    assert (reading.order, orders(table, reading, SOLNA).is_sure) == ("dmy", False)
    assert Reader.of(table, replace(reading, order="mdy"), SOLNA).line(table.rows[0]).sent == {
        "line": 2, "first_name": "Anna", "last_name": "Ek", "birth_date": "1985-01-02",
    }  # fmt: skip


def test_c14_what_is_neither_yes_nor_no_is_said() -> None:
    (line,) = read(table_of("Namn;SMS ok\nAnna Ek;kanske\n"), "patients", columns={"name": 0, "sms_ok": 1})
    assert line.errors == {"sms_ok": [NEITHER_YES_NOR_NO]}


def test_c14_a_patient_without_a_name_is_told() -> None:
    (line,) = read(table_of("Förnamn;Efternamn;Född\n;Ek;1985-12-24\n"), "patients")
    assert line.errors == {"first_name": [NO_NAME]}


def test_every_kind_has_its_fields_its_words_and_who_serves_it() -> None:
    assert set(KINDS) == set(FIELDS) == set(SERVED)
    assert {field for fields in FIELDS.values() for field in fields} == set(WORDS)
    assert Reading("patients", {}, "dmy").days(TODAY, jalali=False).order == "dmy"


def test_c14_a_clinic_is_read_by_its_country_its_numbers_and_all_names_of_its_own() -> None:
    document = {
        "country": "SE",
        "identity": "se.personnummer",
        "types": [{"key": "exam", "name": "SU", "alias": {"sv": "Undersökning", "en": "Examination"}}],
        "practitioners": [{"key": "anna", "name": "Anna Berg"}],
    }
    found = house_of(document, TODAY)
    assert (found.country, found.scheme, found.today) == ("SE", "se.personnummer", TODAY)
    assert (found.own("type"), found.own("practitioner")) == (
        {"exam": ["SU", "Undersökning", "Examination"]},
        {"anna": ["Anna Berg"]},
    )


def test_c14_what_is_left_over_is_safe_in_a_spreadsheet_and_comes_back_as_it_was() -> None:
    text = leftovers(["Name", "Mobile"], "Why", [(["=1+1", "+46701740605"], "Two; reasons")])
    assert text == "\ufeffName;Mobile;Why\r\n'=1+1;'+46701740605;\"Two; reasons\"\r\n"
    assert read_file(text.encode(), TODAY).table.rows[0].cells == ("=1+1", "+46701740605", "Two; reasons")
