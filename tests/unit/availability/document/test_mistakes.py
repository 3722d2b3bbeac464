"""Mistakes in a clinic document: each is found at its exact path, with a sentence that says what to do (C3)."""

from typing import Any

import pytest

from services.availability.document import check
from tests.builders.clinics.written import a_written_document, changed

MONDAY = ["templates", 0, "week", "mon"]
BLOCK = {"kind": "exam", "from": "09:00", "to": "10:00"}


def mistakes(document: object) -> dict[str, str]:
    """Return the sentences by path; two at one path would be one mistake told twice."""
    problems = check(document).problems
    assert len({problem.path for problem in problems}) == len(problems), problems
    return {problem.path: problem.message for problem in problems}


def test_a_document_without_mistakes_has_none() -> None:
    assert mistakes(a_written_document()) == {}


@pytest.mark.parametrize(
    ("path", "value", "at", "says"),
    [
        (["clinic"], "Solna", "clinic", "a-z 0-9 -"),
        (["clinic"], "staff", "clinic", "choose another"),
        (["clinic"], "openapi.json", "clinic", "choose another"),
        (["clinic"], None, "clinic", "required"),
        (["name"], "x" * 101, "name", "at most 100"),
        (["name"], "a\u0007b", "name", "control characters"),
        (["name"], "\ud800", "name", "control characters"),
        (["name"], "Solna \u202edrav", "name", "hidden characters"),
        (["practitioners", 0, "name"], "An\u200bna", "practitioners[0].name", "hidden characters"),
        (["name"], "  ", "name", "empty"),
        (["name"], 7, "name", "in quotes"),
        (["time_zone"], "Europe/Stokholm", "time_zone", 'Did you mean "Europe/Stockholm"?'),
        (["country"], "XX", "country", "ISO 3166"),
        (["country"], "Sweden", "country", "capital letters"),
        (["country"], False, "country", "in quotes"),
        (["region"], "ZH", "region", "no regions|not a region"),
        (["languages"], [], "languages", "1 to"),
        (["languages"], ["sv", "sv"], "languages[1]", "twice"),
        (["languages", 1], "de", "languages[1]", "not one of"),
        (["currency"], "kr", "currency", "SEK|NOK"),
        (["contact"], {"email": "info@"}, "contact.email", "not an email"),
        (["contact"], {"phone": "ring"}, "contact.phone", "telephone"),
        (["contact"], {"website": "solna.example"}, "contact.website", "starts with https://"),
        (["contact"], {"fax": "1"}, "contact.fax", "remove it"),
        (["look"], {"logo": "a/b"}, "look.logo", "not a key"),
        (["look"], {"accent": "teal"}, "look.accent", "not a colour"),
        (["look"], {"accent": "#5cc4bd"}, "look.accent", "too light for texts and buttons"),
        (["look"], {"color": "#0b6b6b"}, "look.color", "no such key"),
        (["practitioners", 0, "picture"], "../x", "practitioners[0].picture", "not a key"),
        (["practitioners", 0, "about"], "x" * 301, "practitioners[0].about", "at most 300"),
        (["practitioners", 0, "languages"], ["sv", "swedish"], "practitioners[0].languages[1]", "code of a language"),
        (["practitioners", 0, "languages"], [False], "practitioners[0].languages[0]", 'in quotes, "no"'),
        (["practitioners", 0, "languages"], ["sv", "sv"], "practitioners[0].languages[1]", "twice"),
        (["types", 0, "bring"], "x" * 501, "types[0].bring", "at most 500"),
        (["identity"], "se.personnumer", "identity", 'Did you mean "se.personnummer"?'),
        (["grid"], "7m", "grid", "not one of 1m, 3m, 5m, 15m"),
        (["bokking"], {}, "bokking", 'Did you mean "booking"?'),
        (["booking"], [], "booking", "not a section"),
        (["booking", "activ"], True, "booking.activ", 'Did you mean "active"?'),
        (["booking", "active"], "yes", "booking.active", "true nor false"),
        (["booking", "changeable"], ["web", "phone"], "booking.changeable[1]", "not one of"),
        (["booking", "first_date"], "2026-02-30", "booking.first_date", "not a date"),
        (["booking", "first_date"], "24/12/2026", "booking.first_date", "2026-12-24"),
        (["booking", "opens_at"], "2026-12-01", "booking.opens_at", "not a moment"),
        (["booking", "opens_at"], "2026-12-01T09:00:30", "booking.opens_at", "whole minutes"),
        (["booking", "opens_at"], "2026-12-01T25:00", "booking.opens_at", "not a moment"),
        (["booking", "opens_at"], "1900-01-01T00:00+14:00", "booking.opens_at", "out of time"),
        (["booking", "horizon"], "24h", "booking.horizon", "not in days"),
        (["booking", "horizon"], 90, "booking.horizon", "with its unit"),
        (["booking", "horizon"], "99999d", "booking.horizon", "0d to 3660d"),
        (["booking", "days_after_today"], -1, "booking.days_after_today", "whole number"),
        (["booking", "days_after_today"], True, "booking.days_after_today", "whole number"),
        (["booking", "notice"], "2d", "booking.notice", "in days"),
        (["booking", "rebook_deadline"], "1d12h", "booking.rebook_deadline", "not a length"),
        (["booking", "cancel_deadline"], "", "booking.cancel_deadline", "not a length"),
        (["booking", "hold"], "0m", "booking.hold", "1m to 24h"),
        (["booking", "few"], 2.5, "booking.few", "whole number"),
        (["booking", "calendar"], "year", "booking.calendar", "week"),
        (["booking", "tracking"], {"visit": "http://t.example/p"}, "booking.tracking.visit", "https://"),
        (["booking", "tracking"], {"visit": "https://"}, "booking.tracking.visit", "https://"),
        (["booking", "embed_origins"], ["https://solna.example/"], "booking.embed_origins[0]", "without a path"),
        (["booking", "embed_origins"], ["solna.example"], "booking.embed_origins[0]", "not an origin"),
        (["booking", "embed_origins"], ["https://a.example:99999"], "booking.embed_origins[0]", "not an origin"),
        (["booking", "embed_origins"], ["https://a.example;x"], "booking.embed_origins[0]", "not an origin"),
        (["details"], {"mobile": "yes"}, "details.mobile", "required, optional, hidden"),
        (["channels"], {"booked": ["fax"]}, "channels.booked[0]", "sms, email"),
        (["channels"], {"booked": "sms"}, "channels.booked", "not a list"),
        (["two_step"], {"staff": False}, "two_step.staff", 'write it in quotes, "off"'),
        (["texts"], {"page": {"de": "Hallo"}}, "texts.page.de", "add"),
        (["texts"], {"page": 5}, "texts.page", "one per language"),
        (["texts"], {"page": {"sv": 5}}, "texts.page.sv", "in quotes"),
        (["fields"], [{"key": "a", "kind": "text"}], "fields[0].label", "required"),
        (["fields"], [{"key": "a", "kind": "txt", "label": "A"}], "fields[0].kind", 'Did you mean "text"?'),
        (["practitioners"], None, "practitioners", "required"),
        (["practitioners"], {}, "practitioners", "not a list"),
        (["practitioners", 0, "colour"], "red", "practitioners[0].colour", "#1a73e8"),
        (["practitioners", 0, "key"], "anna berg", "practitioners[0].key", "not a key"),
        (["practitioners", 0], "anna", "practitioners[0]", "not a section"),
        (["types", 0, "length"], None, "types[0].length", "required"),
        (["types", 0, "length"], "0m", "types[0].length", "1m to 24h"),
        (["types", 0, "length"], "25h", "types[0].length", "1m to 24h"),
        (["types", 0, "description"], "x" * 501, "types[0].description", "at most 500"),
        (["types", 0, "price"], "995,00", "types[0].price", "decimal"),
        (["types", 0, "price"], 995.5, "types[0].price", "in quotes"),
        (["types", 0, "min_age"], 24.5, "types[0].min_age", "whole number"),
        (["types", 0, "slots"], {"mode": "fix"}, "types[0].slots.mode", 'Did you mean "fixed"?'),
        (["types", 0, "slots"], {"step": 15}, "types[0].slots.step", "with its unit"),
        (["types", 0, "slots"], {"end": "exact"}, "types[0].slots.end", "fit, start_before_end"),
        (["types", 0, "needs"], {"days_after_week": -1}, "types[0].needs.days_after_week", "whole number"),
        (["types", 0, "needs"], {"without": ["anne"]}, "types[0].needs.without[0]", 'Did you mean "anna"?'),
        (
            ["types", 0],
            {"key": "exam", "name": "US", "length": "30m", "practitioners": ["anna"], "needs": {"without": ["erik"]}},
            "types[0].needs.without[0]",
            "does not take this type",
        ),
        (["types", 0, "rebook_deadline"], "soon", "types[0].rebook_deadline", "24h or 2d"),
        ([*MONDAY, 0, "from"], 480, "templates[0].week.mon[0].from", '"08:00"'),
        ([*MONDAY, 0, "from"], "24:00", "templates[0].week.mon[0].from", "00:00 to 23:59"),
        ([*MONDAY, 2, "to"], "25:00", "templates[0].week.mon[2].to", "not a time"),
        ([*MONDAY, 2, "to"], "17.00", "templates[0].week.mon[2].to", "not a time"),
        (["templates", 0, "week", "monday"], [], "templates[0].week.monday", 'Did you mean "mon"?'),
        (["plans", 0, "weeks"], "uneven", "plans[0].weeks", "all, odd, even"),
        (["reminders"], [{"before": "0h", "channel": "sms"}], "reminders[0].before", "1m to"),
        (["reminders"], [{"before": "24h", "channel": "fax"}], "reminders[0].channel", "not one of"),
        (["quiet_hours"], {"from": "21:00"}, "quiet_hours.to", "required"),
        (["sms_countries"], [], "sms_countries", "1 to"),
        (["sms_countries"], ["SE", "SE"], "sms_countries[1]", "twice"),
        (["sms_countries"], ["SE", "Norge"], "sms_countries[1]", "capital letters"),
        (["types"], [], "types", "The list has 0 items; give 1 to 500."),
        (["messages"], {"bookd": {}}, "messages.bookd", 'Did you mean "booked"?'),
        (["messages"], {"booked": {"sms": {"de": "x"}}}, "messages.booked.sms.de", "languages"),
        (["messages"], {"booked": {"fax": "x"}}, "messages.booked.fax", "Known here: sms, email"),
        (
            ["messages"],
            {"booked": {"sms": "{{ patient.firstname }}"}},
            "messages.booked.sms.sv",
            '"patient.first_name"?',
        ),
        (["messages"], {"booked": {"sms": "{{ invoice }}"}}, "messages.booked.sms.sv", "Known here: booking.date"),
        (
            ["messages"],
            {"booked": {"sms": "{{ code }}"}},
            "messages.booked.sms.sv",
            "has. Known here: booking.date",
        ),
        (["messages"], {"booked": {"sms": "{{ comment }}"}}, "messages.booked.sms.sv", "never has"),
        (["messages"], {"cancelled": {"sms": "{{ old.start }}"}}, "messages.cancelled.sms.sv", "never has"),
        (["messages"], {"login_code": {"sms": "{{ code }} {{ booking.date }}"}}, "messages.login_code.sms.sv", "never"),
        (["messages"], {"moved": {"sms": {"sv": "Ok", "en": "{{ old.start"}}}, "messages.moved.sms.en", "Line 1"),
        (["messages"], {"moved": {"email": {"html": "{% if link %}"}}}, "messages.moved.email.html.sv", "Line 1"),
        (["messages"], {"moved": {"email": {"text": "{{ link | shout }}"}}}, "messages.moved.email.text.sv", "shout"),
        (["messages"], {"moved": {"email": {"text": "{% include 'x' %}"}}}, "messages.moved.email.text.sv", "alone"),
        (
            ["messages"],
            {"moved": {"email": {"text": "A\n{{ 'x' * 10**9 }}"}}},
            "messages.moved.email.text.sv",
            "Line 2",
        ),
        (["messages"], {"moved": {"sms": "{{ link }}" * 40}}, "messages.moved.sms.sv", "more than 1600"),
        (["messages"], {"cancelled": {"sms": "{{ comment | first }}"}}, "messages.cancelled.sms.sv", "filled in"),
        (["messages"], {"recall": {"sms": "Come!"}}, "messages.recall.sms.sv", "needs {{ link }} or {{ code }}"),
        (["messages"], {"recall": {"email": {"html": "Come!"}}}, "messages.recall.email.html.sv", "{{ link }}"),
        (["messages"], {"login_code": {"sms": "Hi!"}}, "messages.login_code.sms.sv", "{{ code }}"),
        (["absences", 0, "from"], "soon", "absences[0].from", "not a moment"),
        (["absences", 0, "id"], "a/b", "absences[0].id", "not a key"),
    ],
)
def test_a_single_value_that_is_wrong(path: list[str | int], value: Any, at: str, says: str) -> None:
    found = mistakes(changed(path, value))
    assert list(found) == [at]
    assert any(words in found[at] for words in says.split("|")), found


@pytest.mark.parametrize(
    ("path", "value", "at", "says"),
    [
        (["types", 0, "slots"], {"step": "7m"}, "types[0].slots.step", "write 5m or 10m"),
        (["types", 0, "slots"], {"mode": "flexible", "step": "0m"}, "types[0].slots.step", "only in mode spaced"),
        (["types", 0, "length"], "32m", "types[0].length", "multiple of the grid"),
        (["types", 0, "lengths"], {"anna": "3m"}, "types[0].lengths.anna", "write 5m."),
        (["types", 0, "lengths"], {"ann": "5m"}, "types[0].lengths.ann", 'Did you mean "anna"?'),
        (["types", 0, "buffer_after"], "1m", "types[0].buffer_after", "multiple of the grid"),
        ([*MONDAY, 2, "step"], "12m", "templates[0].week.mon[2].step", "write 10m or 15m"),
        ([*MONDAY, 0, "from"], "08:03", "templates[0].week.mon[0].from", 'write "08:00" or "08:05"'),
        ([*MONDAY, 0, "kind"], "exm", "templates[0].week.mon[0].kind", 'Did you mean "exam"?'),
        ([*MONDAY, 0, "to"], "08:00", "templates[0].week.mon[0].to", "by 24:00"),
        ([*MONDAY, 3], BLOCK, "templates[0].week.mon[3].from", "overlaps templates[0].week.mon[0]"),
        (["days", 0, "blocks"], [BLOCK, BLOCK], "days[0].blocks[1].from", "overlaps days[0].blocks[0]"),
        (["days", 1], {"practitioner": "anna", "date": "2026-12-23"}, "days[1].date", "join the two"),
        (["days", 0, "practitioner"], "ana", "days[0].practitioner", "no practitioner"),
        (["plans", 0, "template"], "norml", "plans[0].template", 'Did you mean "normal"?'),
        (["plans", 0, "practitioner"], "bo", "plans[0].practitioner", "Known: anna, erik"),
        (["plans", 0, "to"], "2025-12-31", "plans[0].to", "before from (2026-01-01)"),
        (["types", 1, "practitioners"], ["bo"], "types[1].practitioners[0]", "no practitioner"),
        (["types", 0, "practitioners"], ["erik"], "types[0].lengths.anna", "does not take this type"),
        (["types", 0, "blocks"], ["acute"], "types[0].blocks[0]", "no block kind"),
        (["types", 1, "uses"], ["rooms"], "types[1].uses[0]", 'Did you mean "room"?'),
        (["types", 1, "uses"], ["laser"], "types[1].uses[0]", "a list of their own, [laser]"),
        (["types", 1, "uses"], [["lazer"]], "types[1].uses[0][0]", 'Did you mean "laser"?'),
        (["types", 1, "uses"], ["room", "room", "room"], "types[1].uses[2]", "not enough resources"),
        (["types", 1, "uses"], [["room-1"], "room", ["room-2"]], "types[1].uses[2]", "not enough resources"),
        (["types", 1, "uses"], [[]], "types[1].uses[0]", "1 to"),
        (["types", 1, "key"], "exam", "types[1].key", "twice"),
        (["practitioners", 2], {"key": "anna", "name": "A"}, "practitioners[2].key", "twice"),
        (["currency"], None, "types[0].price", "currency"),
        (["country"], None, "region", "country"),
        (["fields"], [{"key": "a", "kind": "choice", "label": "A"}], "fields[0].choices", "list them"),
        (
            ["fields"],
            [{"key": "a", "kind": "text", "label": "A", "choices": ["x"]}],
            "fields[0].choices",
            "Only fields",
        ),
        (
            ["fields"],
            [{"key": "a", "kind": "choice", "label": "A", "choices": ["nej", {"sv": "nej", "en": "no"}]}],
            "fields[0].choices[1].sv",
            "two choices",
        ),
        (
            ["fields"],
            [{"key": "a", "kind": "choice", "label": "A", "choices": [{"fr": "non"}]}],
            "fields[0].choices[0].fr",
            "fr",
        ),
        (["fields"], [{"key": "a", "kind": "choice", "label": "A", "choices": [5]}], "fields[0].choices[0]", "text"),
        (["fields"], [{"key": "a", "kind": "text", "label": "A", "types": ["x"]}], "fields[0].types[0]", "no type"),
        (["absences", 0, "practitioner"], "ann", "absences[0].practitioner", "Did you mean"),
        (["absences", 0, "resource"], "laser", "absences[0].resource", "make two of it"),
        (["absences", 0, "to"], "2026-12-23", "absences[0].to", "not after from"),
        (["absences", 0, "to"], "2026-12-24T10:00", "absences[0].to", "dates for both"),
        (["quiet_hours"], {"from": "21:00", "to": "21:00"}, "quiet_hours.to", "same time"),
        (["sms_countries"], ["SE", "XX"], "sms_countries[1]", "no telephone numbers of its own"),
        (["reminders"], [{"before": "24h", "channel": "sms"}] * 2, "reminders[1]", "twice"),
        (
            ["booking"],
            {"first_date": "2026-02-01", "last_date": "2026-01-01"},
            "booking.last_date",
            "before first_date (2026-02-01)",
        ),
        (
            ["booking"],
            {"opens_at": "2026-02-01T09:00", "closes_at": "2026-02-01T09:00"},
            "booking.closes_at",
            "not after opens_at",
        ),
        (
            ["booking"],
            {"holidays": {"open_dates": ["2026-05-01"], "closed_dates": ["2026-05-01"]}},
            "booking.holidays.closed_dates[0]",
            "one of them",
        ),
    ],
)
def test_keys_that_do_not_fit_together(path: list[str | int], value: Any, at: str, says: str) -> None:
    document = changed(path, value)
    if at == "types[0].price":
        assert "currency" in document
    if at == "region":
        document["region"] = "AB"
    found = mistakes(document)
    assert list(found) == [at]
    assert says in found[at]


def test_all_mistakes_are_told_at_once_and_none_twice() -> None:
    document = a_written_document(name=None, colour="red")
    document["practitioners"][0]["key"] = "an na"  # types and plans that name anna are not blamed for it
    document["types"][0]["length"] = "soon"
    document["templates"][0]["week"]["mon"][0]["from"] = "08:01"
    assert set(mistakes(document)) == {
        "name",
        "colour",
        "practitioners[0].key",
        "types[0].length",
        "templates[0].week.mon[0].from",
    }


@pytest.mark.parametrize(
    ("people", "kind", "refused"),
    [
        ([], {}, True),
        ([{"key": "anna", "name": "A", "online": False}], {}, True),
        ([{"key": "anna", "name": "A", "online": False}], {"online": False}, False),
        ([], {"online": False}, True),
        (
            [{"key": "anna", "name": "A", "online": False}, {"key": "bo", "name": "B"}],
            {"practitioners": ["anna"]},
            True,
        ),
        ([{"key": "anna", "name": "A", "online": False}, {"key": "bo", "name": "B"}], {}, False),
    ],
)
def test_a_type_that_nobody_can_take_is_refused(people: list[Any], kind: dict[str, Any], refused: bool) -> None:
    document = a_written_document(
        practitioners=people,
        types=[{"key": "exam", "name": "US", "length": "30m", **kind}],
        plans=[],
        days=[],
        absences=[],
    )
    assert list(mistakes(document)) == (["types[0].practitioners"] if refused else [])


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ({}, {}, True),
        ({"to": "2026-06-30"}, {"from": "2026-07-01"}, False),
        ({"to": "2026-07-01"}, {"from": "2026-07-01"}, True),
        ({"weeks": "odd"}, {"weeks": "even"}, False),
        ({"weeks": "odd"}, {"weeks": "odd"}, True),
        ({"weeks": "odd"}, {"weeks": "all"}, True),
        # Monday 2026-11-16 to Sunday 2026-11-22 is week 47
        ({"weeks": "even"}, {"from": "2026-11-16", "to": "2026-11-22"}, False),
        ({"weeks": "even"}, {"from": "2026-11-16", "to": "2026-11-23"}, True),
        # weeks 53 of 2026 and 1 of 2027 are both odd
        ({"weeks": "even"}, {"from": "2026-12-28", "to": "2027-01-10"}, False),
        ({"weeks": "even"}, {"from": "2026-12-28", "to": "2027-01-11"}, True),
        ({"practitioner": "erik"}, {}, False),
        ({"practitioner": None}, {}, False),
        ({"practitioner": None}, {"practitioner": None}, True),
    ],
)
def test_two_plans_of_one_practitioner_never_hold_on_the_same_day(
    one: dict[str, Any], other: dict[str, Any], overlap: bool
) -> None:
    """PRODUCT S1: rotating templates, valid from and to a date."""
    plans = [{"practitioner": "anna", "template": "normal", **plan} for plan in (one, other)]
    for order in (plans, plans[::-1]):
        assert list(mistakes(a_written_document(plans=order))) == (["plans[1]"] if overlap else [])


def test_blocks_that_touch_do_not_overlap() -> None:
    blocks = [{**BLOCK, "from": "10:00", "to": "11:00"}, BLOCK]
    assert mistakes(changed(["days", 0, "blocks"], blocks)) == {}


@pytest.mark.parametrize("source", [None, 5, [], True, ["clinic"]])
def test_what_is_no_document_at_all_is_said_so(source: object) -> None:
    assert "not a document" in mistakes(source)[""]


def test_a_flood_of_mistakes_is_cut_short() -> None:
    document = a_written_document(**{f"key{index}": 1 for index in range(20_000)})
    assert len(check(document).problems) == 500
