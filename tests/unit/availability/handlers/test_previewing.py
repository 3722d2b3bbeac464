"""What patients would be offered by a document that is not in force (PRODUCT C3, issue 14)."""

import copy
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import demo
from services.availability import schemas
from services.availability.document import check
from services.availability.handlers import previewing, searching, set_up
from services.availability.model.current import CurrentClinics
from services.availability.model.occupancy import Busy
from shared.actor import PUBLIC
from shared.clinic.occupancy import practitioner_key
from shared.contracts.errors import Invalid, LoginRequired, NotFound
from shared.texts.document_text import to_yaml
from tests.builders.availability.fakes import NOW, TOOL, FakeBookings, FakeSearched, FakeWork, a_desk
from tests.builders.clinics.documents import a_block, a_document, a_practitioner, a_type

CLINICS = {path.stem: check(path.read_text("utf-8")).document for path in Path(demo.__file__).parent.glob("*.yaml")}
MONDAY = date(2026, 11, 30)
DATES = {"from": "2026-11-30", "to": "2026-12-06"}
Document = dict[str, Any]


class House:
    """An installation with one clinic."""

    def __init__(self, document: Document, **others: Any) -> None:
        self.work, self.known, self.searched = FakeWork(), CurrentClinics(), FakeSearched()
        self.clinic, self._others = str(document["clinic"]), others
        set_up.apply_document(self.desk(), self.clinic, document, None)

    def desk(self, actor: Any = TOOL) -> Any:
        return a_desk(self.work, actor, documents=self.known, searched=self.searched, **self._others)

    def preview(self, document: object, **asked: Any) -> dict[str, Any]:
        return previewing.preview_document(self.desk(), self.clinic, document, schemas.asked_preview(DATES | asked))

    def slots(self, key: str, practitioner: str | None = None) -> list[dict[str, Any]]:
        """Return what patients are offered: of a type controlled by needs, whoever has one."""
        asked = schemas.asked_slots({"type": key, "practitioner": practitioner, **DATES})
        try:
            return searching.find_slots(self.desk(PUBLIC), self.clinic, asked).rows
        except LoginRequired:
            return searching.find_slots(self.desk(), self.clinic, asked).rows

    def occupy(self, busy: list[Busy]) -> None:
        self.work.store.taken = {("booking", str(number)): (self.clinic, [each]) for number, each in enumerate(busy)}


def offered(told: dict[str, Any], name: str = "slots") -> dict[str, Any]:
    """Return the listed times by type."""
    return {row["type"]: row[name] for row in told["types"]}


def a_clinic(**changes: Any) -> Document:
    """Return a clinic with two types and two practitioners, at work on a Tuesday morning."""
    others = {"types": [a_type(), a_type("exam", length="60m")], **changes}
    people = [a_practitioner(), a_practitioner("bo")]
    return a_document(a_block("10:00", "11:00"), **{"practitioners": people, **others})


_SWITCHES = ("active", "new", "new_patients")
_BOOKING = {
    "notice": ["0m", "3h", "26h"],
    "days_after_today": [None, 0, 3],
    "horizon": [None, "5d"],
    "first_date": [None, "2026-12-03"],
    "holidays": [{"closed": False}, {"closed": True, "closed_dates": ["2026-12-02"]}],
}


@st.composite
def changed(draw: st.DrawFn, name: str) -> Document:
    """Return a demo clinic's document with one to four changes, as an administrator might make them."""
    document = copy.deepcopy(CLINICS[name])

    def of(section: str) -> Document:
        row: Document = draw(st.sampled_from(document[section]))
        return row

    def booking() -> None:
        key = draw(st.sampled_from([*_SWITCHES, *_BOOKING]))
        document["booking"][key] = draw(st.booleans() if key in _SWITCHES else st.sampled_from(_BOOKING[key]))

    def kind() -> None:
        key = draw(st.sampled_from(["length", "online", "buffer_after", "practitioners", "needs"]))
        people = [row["key"] for row in document["practitioners"]]
        values = {
            "length": ["15m", "45m", "90m"],
            "online": [True, False],
            "buffer_after": ["0m", "15m"],
            "practitioners": [[], people[:1], people[-1:]],
            "needs": [{"controlled": True}, {"controlled": True, "without": people[:1]}, {"controlled": False}],
        }
        of("types")[key] = draw(st.sampled_from(values[key]))

    def person() -> None:
        of("practitioners")[draw(st.sampled_from(["online", "new_patients"]))] = draw(st.booleans())

    def week() -> None:
        days: dict[str, list[Document]] = of("templates")["week"]
        day = draw(st.sampled_from(sorted(days)))
        days[day] = days[day][: draw(st.integers(0, 3))]

    def gone() -> None:
        section = draw(st.sampled_from(["types", "plans"]))
        if len(document[section]) > 1:
            document[section].remove(of(section))

    def away() -> None:
        day = (MONDAY + timedelta(days=draw(st.integers(0, 6)))).isoformat()
        document["absences"].append({"from": day, "to": day})

    def zone() -> None:
        document["time_zone"] = draw(st.sampled_from(["Europe/Stockholm", "Asia/Tehran", "America/New_York"]))

    acts: list[Callable[[], None]] = [booking, kind, person, week, gone, away, zone]
    for act in draw(st.lists(st.sampled_from(acts), min_size=1, max_size=4)):
        act()
    return document


@st.composite
def taken(draw: st.DrawFn, name: str) -> list[Busy]:
    """Return some time of its practitioners that is taken, for good or by a hold."""
    people = [practitioner_key(row["key"]) for row in CLINICS[name]["practitioners"]]
    found = []
    for _ in range(draw(st.integers(0, 6))):
        start = NOW + timedelta(minutes=15 * draw(st.integers(0, 7 * 24 * 4)))
        ends = draw(st.sampled_from([None, NOW + timedelta(minutes=5), NOW]))
        found.append(Busy(draw(st.sampled_from(people)), start, start + timedelta(hours=1), ends))
    return found


@given(name=st.sampled_from(sorted(CLINICS)), data=st.data())
def test_c3_what_is_previewed_is_what_patients_are_offered_once_it_is_applied(name: str, data: st.DataObject) -> None:
    """Of any change of a demo clinic, for each type, with whatever is taken (issue 14, point 1)."""
    house = House(CLINICS[name])
    house.occupy(data.draw(taken(name)))
    before = {key: house.slots(key) for key in [row["key"] for row in CLINICS[name]["types"]]}
    document = data.draw(changed(name))
    told = house.preview(document, present=True)
    if told["errors"]:
        assert check(document).problems
        return
    assert set_up.check_document(house.desk(), house.clinic, document)["errors"] == []
    assert offered(told, "present") == {key: before.get(key, []) for key in offered(told)}
    set_up.apply_document(house.desk(), house.clinic, document, None)
    online = [row["key"] for row in check(document).document["types"] if row["online"]]
    assert {key: rows for key, rows in offered(told).items() if key in online} == {
        key: house.slots(key) for key in online
    }
    assert all(not rows for key, rows in offered(told).items() if key not in online), "what is gone is offered no more"


def test_c3_nothing_is_kept_of_a_preview_nor_asked_beyond_three_statements() -> None:
    house = House(a_clinic())
    statements: list[str] = []
    for query in ("clinic", "busy"):
        real = getattr(house.work.store, query)

        def counted(*given: Any, real: Any = real, query: str = query) -> Any:
            statements.append(query)
            return real(*given)

        setattr(house.work.store, query, counted)
    before = copy.deepcopy(house.work.store.rows)
    house.preview(a_clinic(name="Other"), present=True)
    assert statements == ["clinic", "busy", "busy"]
    assert (house.work.store.rows, house.searched.kept, house.searched.reads) == (before, [], 0)


def test_c3_a_document_with_mistakes_is_told_as_by_the_check_and_not_searched() -> None:
    house = House(a_clinic())
    wrong = a_clinic(grid="7m")
    told = house.preview(wrong)
    assert told["errors"] == set_up.check_document(house.desk(), "solna", wrong)["errors"] != []
    assert (told["types"], told["on"], told["collisions"]) == ([], None, [])


def test_c3_a_text_is_previewed_like_its_values_and_without_a_document_the_one_in_force() -> None:
    house = House(a_clinic())
    assert house.preview(to_yaml(a_clinic())) == house.preview(a_clinic()) == house.preview(None)
    assert offered(house.preview(None))["visit"] == house.slots("visit") != []
    with pytest.raises(NotFound):
        previewing.preview_document(house.desk(), "nobody", None, schemas.asked_preview(DATES))


def test_c3_s8_the_bookings_that_would_lie_outside_are_told_unless_nobody_asks() -> None:
    bookings = FakeBookings(None, {"reference": "ABC"})
    house = House(a_clinic(), bookings=bookings)
    shorter = a_clinic(templates=[{"key": "normal", "week": {"tue": [a_block("10:00", "10:30")]}}])
    assert house.preview(shorter)["collisions"] == [{"reference": "ABC"}]
    assert "collisions" not in house.preview(shorter, bookings=False)
    assert len(bookings.asked) == 1


@pytest.mark.parametrize("asked", [{"type": "none"}, {"practitioner": "none"}])
def test_what_neither_document_has_is_refused_and_for_a_page_counts_as_not_named(asked: dict[str, str]) -> None:
    """A page's choice may be of what was renamed meanwhile."""
    house = House(a_clinic())
    with pytest.raises(Invalid) as refused:
        house.preview(None, **asked)
    assert list(refused.value.extra["errors"]) == list(asked)
    assert house.preview(None, **asked, one=True) == house.preview(None, one=True)


def test_c3_of_one_type_times_are_listed_of_the_others_counted_the_first_that_changes_before_all() -> None:
    house = House(a_clinic())
    longer = a_clinic(types=[a_type(), a_type("exam", length="45m")])
    rows = {row["type"]: row for row in house.preview(longer, present=True, one=True)["types"]}
    assert (rows["visit"]["changes"], rows["visit"]["slots"]) == (False, None)
    assert (rows["exam"]["changes"], rows["exam"]["present"]) == (True, house.slots("exam"))
    assert (rows["visit"]["free"], rows["visit"]["present_free"]) == (len(house.slots("visit")),) * 2
    chosen = house.preview(longer, present=True, one=True, type="visit")
    assert {row["type"]: row["slots"] is not None for row in chosen["types"]} == {"visit": True, "exam": False}
    assert [row["type"] for row in house.preview(longer, type="exam")["types"]] == ["exam"]


def test_c3_with_a_practitioner_only_their_times_are_told() -> None:
    house = House(a_clinic(types=[a_type(), a_type("exam", practitioners=["anna"])]))
    told = house.preview(None, practitioner="bo")
    assert offered(told) == {"visit": house.slots("visit", "bo")}
    assert told["practitioners"] == [{"key": "anna", "name": "Anna"}, {"key": "bo", "name": "Bo"}]


def test_c3_b1_where_booking_is_off_by_both_it_may_be_looked_at_as_if_it_were_on() -> None:
    """A clinic that is being set up has not started yet, and wants to see its times before it does."""
    off = a_clinic(booking={"active": False})
    house = House(off)
    told = house.preview(off, present=True)
    assert (told["on"], told["present_on"], told["as_if_on"], set(map(len, offered(told).values()))) == (
        False, False, False, {0},
    )  # fmt: skip
    as_if = house.preview(off, present=True, as_if_on=True)
    assert as_if["as_if_on"]
    started = house.preview(a_clinic(), present=True, as_if_on=True)
    assert (started["on"], started["present_on"], started["as_if_on"]) == (True, False, False)
    assert offered(started)["visit"] == offered(as_if)["visit"] != []
    assert offered(started, "present")["visit"] == [], "who starts now is told that all of it comes"


def test_c3_b9_a_type_that_needs_are_asked_for_is_shown_as_to_who_has_one() -> None:
    house = House(a_clinic(types=[a_type(), a_type("exam", needs={"controlled": True})]))
    rows = {row["type"]: row for row in house.preview(None)["types"]}
    assert (rows["visit"]["needs"], rows["exam"]["needs"]) == (False, True)
    assert rows["exam"]["slots"] == house.slots("exam") != []


def test_c3_what_is_too_much_to_be_looked_at_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(a_clinic())
    for bound in ("MOST_CALENDARS", "MOST_FOUND"):
        with monkeypatch.context() as patch:
            patch.setattr(previewing, bound, 1)
            told = house.preview(a_clinic(name="Other"), present=True)
            assert (list(offered(told)), told["unsearched"]) == (["visit"], ["exam"])
            told = house.preview(None, one=True, type="exam")
            assert (list(offered(told)), told["unsearched"]) == (["exam"], ["visit"]), "what is named comes first"
    monkeypatch.setattr(previewing, "MOST_LISTED", 1)
    rows = house.preview(None)["types"]
    assert [row["slots"] is None for row in rows] == [False, True]
    assert rows[1]["free"] == len(house.slots("exam"))


def test_s9_holidays_are_named_as_patients_are_shown_them() -> None:
    christmas = {"from": "2026-12-24", "to": "2026-12-26"}
    for shown, names in ((True, "Christmas Day"), (False, None)):
        document = a_clinic(country="SE", booking={"holidays": {"shown": shown}})
        told = {row["date"]: row["holidays"]["en"] for row in House(document).preview(None, **christmas)["holidays"]}
        assert told.get("2026-12-25") == names
