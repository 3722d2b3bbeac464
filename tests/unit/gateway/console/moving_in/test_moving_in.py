"""Moving in on the console: a file mapped by sight, looked through, taken over batch by batch, gone on with (C14)."""

import csv
import io
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest
import redis
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from gateway.clients.moving_in import KeptFile
from gateway.http.bounds import MOVING_IN_LIMIT
from shared.contracts.errors import Unavailable
from shared.identity.numbers import SCHEMES, birth_date, carries_birth_dates, check_number
from shared.moving_in.fields import KINDS
from shared.texts.language import LANGUAGES
from tests.builders.gateway.console import THERAPIST, Browser
from tests.builders.gateway.set_up import put_in_force
from tests.builders.gateway.world import World, refusing

MOVING_IN = "/staff/solna/set-up/moving-in"
PATIENTS = (
    "Personnr;Förnamn;Efternamn;Mobil\r\n"
    "19121212-1212;Tolvan;Tolvansson;070-174 06 05\r\n;Bo;Ek;\r\n;Cai;Twin;\r\n;;Wrong;\r\n"
)
TWIN = "5" * 32
NAMELESS = "First name: The name is missing. First and last name are needed."


def answered(_clinic: str, lines: list[Mapping[str, Any]], dry_run: bool) -> dict[str, Any]:
    """Answer as the service would whom a Cai is doubtful."""
    found = []
    for line in lines:
        if line["first_name"] == "Cai" and "decided" not in line:
            found.append({"line": line["line"], "outcome": "doubtful", "errors": {}, "candidates": [TWIN], "twins": []})
        else:
            found.append({"line": line["line"], "outcome": "new", "errors": {}})
    return {"lines": found}


@pytest.fixture
def browser(world: World) -> Browser:
    """Return the browser of an administrator; the services take everybody in."""
    put_in_force(world, country="SE", identity="se.personnummer")
    world.patient.answers |= {"import_patients": answered, "find": {"patients": [_twin()]}}
    world.booking.answers["import_bookings"] = lambda _clinic, lines, dry_run: {
        "lines": [{"line": each["line"], "outcome": "collides", "with": ["AB12CD34EF"]} for each in lines]
    }
    return Browser(world)


def _twin() -> dict[str, Any]:
    return {"id": TWIN, "first_name": "Cai", "last_name": "Known", "birth_date": None, "mobile": "+46701740609"}


def send(browser: Browser, kind: str, content: bytes, name: str = "old.csv") -> TestResponse:
    boundary, form = encode_multipart({"file": FileStorage(io.BytesIO(content), name, "file")})
    kind_of = f'multipart/form-data; boundary="{boundary}"'
    return browser.world.post(f"{MOVING_IN}/{kind}", data=form, content_type=kind_of, headers=browser.sending())


def sent(browser: Browser, method: str = "import_patients") -> list[Mapping[str, Any]]:
    service = browser.world.booking if method == "import_bookings" else browser.world.patient
    return [call.fields for call in service.calls if call.name == method]


def form_of(page: str) -> dict[str, str]:
    """Return what the selects of a mapping page say as it was drawn."""
    fields = {}
    for select in page.split("<select ")[1:]:
        name = select.partition('name="')[2].partition('"')[0]
        chosen = select.partition("</select>")[0].partition(" selected")[0]
        fields[name] = chosen.rpartition('value="')[2].partition('"')[0]
    for shown in page.split('name="shown.')[1:]:
        field, _, rest = shown.partition('"')
        fields[f"shown.{field}"] = rest.partition('value="')[2].partition('"')[0]
    return fields


def look_through(browser: Browser, kind: str, content: bytes, **changes: str) -> str:
    """Send a file and say that it is as proposed but for `changes`; return the page of what would come of it."""
    page = browser.follow(send(browser, kind, content)).text
    answer = browser.post(f"{MOVING_IN}/{kind}/columns", {**form_of(page), "do": "check", **changes})
    assert answer.status_code == 303, answer.text
    assert "The lines are being looked through" in browser.follow(answer).text
    return unescape(browser.follow(browser.post(f"{MOVING_IN}/{kind}/on")).text)


def test_c14_columns_are_proposed_with_examples_and_can_be_changed(browser: Browser) -> None:
    page = unescape(browser.follow(send(browser, "patients", PATIENTS.encode("windows-1252"))).text)
    assert "old.csv" in page
    assert "Tolvansson" in page
    form = form_of(page)
    assert {form[f"column.{place}"] for place in range(4)} == {"national_id", "first_name", "last_name", "mobile"}
    assert form["encoding"] == "windows-1252"
    refused = browser.post(f"{MOVING_IN}/patients/columns", {**form, "column.1": "", "do": "check"})
    assert (refused.status_code, "Say which columns hold the first and the last name." in refused.text) == (422, True)
    twice = browser.post(f"{MOVING_IN}/patients/columns", {**form, "column.1": "last_name", "do": "check"})
    assert "Two columns cannot be the same." in twice.text
    assert sent(browser) == []


def test_c14_every_line_says_what_would_come_of_it_and_nothing_is_written(browser: Browser) -> None:
    page = look_through(browser, "patients", PATIENTS.encode())
    assert [each["dry_run"] for each in sent(browser)] == [True]
    assert "This could be Cai Known +46701740609." in page
    assert "Doubtful lines that are not decided yet: 1." in page
    wrong = unescape(browser.get(f"{MOVING_IN}/patients?show=wrong").text)
    assert NAMELESS in wrong
    assert "Tolvan" in browser.get(f"{MOVING_IN}/patients?show=new").text


def test_c14_what_is_decided_is_taken_over_and_what_is_left_can_be_mended(browser: Browser) -> None:
    look_through(browser, "patients", PATIENTS.encode())
    assert "Saved." in browser.follow(browser.post(f"{MOVING_IN}/patients/decide", {"decided.4": TWIN})).text
    browser.follow(browser.post(f"{MOVING_IN}/patients/take"))
    page = unescape(browser.follow(browser.post(f"{MOVING_IN}/patients/on")).text)
    assert sent(browser)[-1]["dry_run"] is False
    assert [line.get("decided") for line in sent(browser)[-1]["lines"]] == [None, None, TWIN]
    assert "This is what came of it" in page
    left = browser.get(f"{MOVING_IN}/patients/left.csv")
    assert left.headers["Content-Disposition"].endswith("filename=solna-patients.csv")
    assert left.get_data().decode("utf-8-sig").splitlines() == [
        "Personnr;Förnamn;Efternamn;Mobil;What is to be mended", f";;Wrong;;{NAMELESS}",
    ]  # fmt: skip


def test_c14_what_went_in_is_kept_no_longer_and_nothing_lies_open(browser: Browser) -> None:
    look_through(browser, "patients", PATIENTS.encode())
    cache = browser.world.cache
    kept = {key: cache.hgetall(key) for key in cache.scan_iter("frontdesk:moving-in:*")}
    assert all(cache.ttl(key) > 0 for key in kept)
    assert "Tolvan" not in str(kept)
    browser.post(f"{MOVING_IN}/patients/take")
    browser.post(f"{MOVING_IN}/patients/on")
    assert not cache.exists("frontdesk:moving-in:solna:patients:file")
    assert browser.post(f"{MOVING_IN}/patients/discard").status_code == 303
    assert list(cache.scan_iter("frontdesk:moving-in:*")) == []
    assert browser.get(f"{MOVING_IN}/patients").status_code == 303


def many(count: int) -> bytes:
    return ("Förnamn;Efternamn\n" + "".join(f"A{number};Berg\n" for number in range(count))).encode()


def test_c14_who_comes_back_goes_on_where_it_stood(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.console.moving_in.running._SECONDS", 0.0)
    page = browser.follow(send(browser, "patients", many(450))).text
    browser.post(f"{MOVING_IN}/patients/columns", {**form_of(page), "do": "check"})
    part = browser.post(f"{MOVING_IN}/patients/on", headers={"HX-Request": "true", "HX-Target": "progress"})
    assert '<progress max="450" value="200"' in part.text
    assert "<html" not in part.text
    assert "Lines: 200 of 450" in browser.get(f"{MOVING_IN}/patients").text, "as somebody else finds it"
    browser.world.patient.answers["import_patients"] = refusing(Unavailable)
    away = browser.post(f"{MOVING_IN}/patients/on", headers={"HX-Request": "true", "HX-Target": "progress"})
    assert ('role="alert"' in away.text, "delay:3s" in away.text) == (True, True)
    browser.world.patient.answers["import_patients"] = answered
    browser.post(f"{MOVING_IN}/patients/on")
    done = browser.post(f"{MOVING_IN}/patients/on", headers={"HX-Request": "true", "HX-Target": "progress"})
    assert done.headers["HX-Redirect"] == MOVING_IN + "/patients"
    assert "Page 1 of 9" in browser.get(f"{MOVING_IN}/patients").text
    last = browser.get(f"{MOVING_IN}/patients?show=new&page=9").text
    assert ("A449" in last, "A399" in last) == (True, False)
    assert [len(each["lines"]) for each in sent(browser)] == [200, 200, 200, 50]


def test_c14_two_who_go_on_at_once_do_not_do_it_twice(browser: Browser) -> None:
    page = browser.follow(send(browser, "patients", many(3))).text
    browser.post(f"{MOVING_IN}/patients/columns", {**form_of(page), "do": "check"})
    browser.world.cache.set("frontdesk:moving-in:solna:patients:turn", "1")
    part = browser.post(f"{MOVING_IN}/patients/on", headers={"HX-Request": "true", "HX-Target": "progress"})
    assert ("delay:3s" in part.text, sent(browser)) == (True, [])


def test_c14_a_file_that_is_removed_while_a_batch_is_under_way_stays_removed(browser: Browser) -> None:
    """And the one that is chosen in its place is not gone on with as if it were the first."""
    look_through(browser, "patients", PATIENTS.encode())
    browser.post(f"{MOVING_IN}/patients/take")

    def answered_late(*batch: Any, **fields: Any) -> dict[str, Any]:
        browser.post(f"{MOVING_IN}/patients/discard")
        send(browser, "patients", many(3), name="second.csv")
        return answered(*batch, **fields)

    browser.world.patient.answers["import_patients"] = answered_late
    browser.post(f"{MOVING_IN}/patients/on")
    page = browser.get(f"{MOVING_IN}/patients").text
    assert ("second.csv" in page, "What is what" in page) == (True, True)


def test_c14_what_is_left_is_counted_without_what_was_decided_before(browser: Browser) -> None:
    look_through(browser, "patients", f"{PATIENTS};Cai;Other;\r\n".encode())
    browser.post(f"{MOVING_IN}/patients/decide", {"decided.4": TWIN, "decided.4" + "0" * 5000: TWIN})
    browser.post(f"{MOVING_IN}/patients/take")
    page = browser.follow(browser.post(f"{MOVING_IN}/patients/on")).text
    assert "Doubtful lines that are not decided yet: 1." in page


def test_c14_collisions_lead_to_the_bookings_and_names_stand_for_the_clinics_own(browser: Browser) -> None:
    lines = ("Anna Ek;0701740605;2026-12-01;10:00;Kontroll", "Bo Ek;0701740606;2026-12-02;10:00;Lunch")
    text = "\n".join(["Namn;Mobil;Datum;Tid;Vad", *lines])
    page = browser.follow(send(browser, "appointments", text.encode())).text
    form = {**form_of(page), "column.4": "type", "always.practitioner": "anna"}
    again = browser.follow(browser.post(f"{MOVING_IN}/appointments/columns", {**form, "do": "read"})).text
    form = form_of(again)
    assert form["always.practitioner"] == "anna"
    refused = browser.post(f"{MOVING_IN}/appointments/columns", {**form, "do": "check"})
    assert "Choose what these names stand for" in unescape(refused.text)
    chosen = {**form, "name.type.0": "exam", "name.type.1": "-", "do": "check"}
    assert browser.post(f"{MOVING_IN}/appointments/columns", chosen).status_code == 303
    done = browser.follow(browser.post(f"{MOVING_IN}/appointments/on")).text
    assert 'href="/staff/solna/bookings/AB12CD34EF"' in done
    (batch,) = sent(browser, "import_bookings")
    assert [(line["type"], line["practitioner"]) for line in batch["lines"]] == [("exam", "anna")]


def test_c14_a_calendar_is_taken_as_a_table(browser: Browser) -> None:
    event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261201T100000\r\nSUMMARY:Anna Ek\r\nEND:VEVENT\r\n"
    page = browser.follow(
        send(browser, "appointments", f"BEGIN:VCALENDAR\r\n{event}END:VCALENDAR\r\n".encode(), "a.ics")
    )
    form = form_of(page.text)
    assert (form["column.0"], "delimiter" in form) == ("former", False)


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"PK\x03\x04", 422, "Save as, and save it as CSV."),
        (b"", 422, "The file holds no lines."),
        (b"a" * (MOVING_IN_LIMIT + 1), 422, "The file is too large."),
        (b"a" * (MOVING_IN_LIMIT + 100_000), 413, ""),
    ],
    ids=["workbook", "empty", "large", "larger"],
)
def test_c14_a_file_that_cannot_be_read_says_what_to_do(
    browser: Browser, content: bytes, status: int, said: str
) -> None:
    answer = send(browser, "patients", content)
    assert (answer.status_code, said in unescape(answer.text)) == (status, True)
    assert list(browser.world.cache.scan_iter("frontdesk:moving-in:*")) == []


def test_c14_another_encoding_can_be_chosen_and_one_that_is_not_its_own_is_told(browser: Browser) -> None:
    page = browser.follow(send(browser, "patients", PATIENTS.encode("windows-1252"))).text
    wrong = browser.post(f"{MOVING_IN}/patients/columns", {**form_of(page), "encoding": "utf-8", "do": "read"})
    assert (wrong.status_code, "not written in this encoding" in wrong.text) == (422, True)
    form = {**form_of(page), "encoding": "macroman", "do": "read"}
    assert "Fˆrnamn" in browser.follow(browser.post(f"{MOVING_IN}/patients/columns", form)).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_c14_each_example_is_mapped_whole_by_itself(browser: Browser, language: str, kind: str) -> None:
    browser.language = language
    file = browser.get(f"{MOVING_IN}/{kind}/example.csv").get_data()
    form = form_of(browser.follow(send(browser, kind, file)).text)
    assert "" not in [value for name, value in form.items() if name.startswith("column.")], form
    checked = browser.post(f"{MOVING_IN}/{kind}/columns", {**form, "do": "check"})
    assert checked.status_code == 303, "no question is left"


@pytest.mark.parametrize("scheme", [scheme for scheme in SCHEMES if carries_birth_dates(scheme)])
def test_c14_the_examples_person_was_born_when_their_number_says(world: World, browser: Browser, scheme: str) -> None:
    put_in_force(world, country=scheme[:2].upper(), identity=scheme)
    header, person = csv.reader(browser.get(f"{MOVING_IN}/patients/example.csv").text.splitlines(), delimiter=";")
    told = dict(zip(header, person, strict=True))
    born = birth_date(scheme, check_number(scheme, told["National number"]))
    assert told["Date of birth"] == str(born)


def test_c14_without_redis_nothing_is_taken_over(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise redis.ConnectionError

    monkeypatch.setattr(browser.world.cache, "hget", away)
    assert browser.get(MOVING_IN).status_code == 503


def test_c14_moving_in_is_for_administrators(world: World, browser: Browser) -> None:
    look_through(browser, "patients", PATIENTS.encode())
    therapist = Browser(world, THERAPIST)
    for path in ("", "/patients", "/patients/left.csv", "/patients/example.csv"):
        assert therapist.get(f"{MOVING_IN}{path}").status_code == 403, path
    for action in ("columns", "change", "on", "decide", "take", "discard"):
        assert therapist.post(f"{MOVING_IN}/patients/{action}").status_code == 403, action
    assert browser.get(f"{MOVING_IN}/shoes").status_code == 404


class Died(BaseException):
    """The process is gone at once."""


def test_c14_a_process_that_dies_before_it_has_noted_a_batch_leaves_it_to_be_sent_again(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_through(browser, "patients", PATIENTS.encode())
    browser.post(f"{MOVING_IN}/patients/take")
    for moment in ("keep_results", "keep_state", "keep_batch"):
        with monkeypatch.context() as dying:
            dying.setattr(KeptFile, moment, _die)
            with pytest.raises(Died):
                browser.post(f"{MOVING_IN}/patients/on")
        browser.world.cache.delete("frontdesk:moving-in:solna:patients:turn")  # which ends by itself in a minute
    browser.post(f"{MOVING_IN}/patients/on")
    page = unescape(browser.get(f"{MOVING_IN}/patients?show=wrong").text)
    assert (
        NAMELESS in page,
        "This is what came of it" in page,
    ) == (True, True)
    assert [len(each["lines"]) for each in sent(browser)] == [3] * len(sent(browser)), "always the whole batch"


def _die(*_: object, **__: object) -> None:
    raise Died
