"""What a clinic sets up now counts for the bookings that it has (PRODUCT N3, N6)."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from services.notification.handlers import reminding
from services.notification.handlers.resending import resend
from shared.actor import Actor
from shared.contracts.envelope import Event
from shared.contracts.errors import Unavailable
from tests.builders.notification.mailroom import Work
from tests.builders.notification.messages import START, a_desk, an_event
from tests.builders.notification.reminding_clinic import DAY, TWO_DAYS, House, moved


def test_n3_what_a_clinic_sets_up_now_counts_for_the_bookings_that_it_has(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event(), an_event(reference="8K3M9PQR2T", start=START + timedelta(days=1)))
    house.set_up(TWO_DAYS)
    house.announce()
    assert house.planned() == [("sms", "29 13:00"), ("sms", "30 13:00")]
    assert house.send_at(START - timedelta(hours=24)) != []
    assert {sent.id for sent in house.channel.sent} == {each["id"] for each in house.listed("sent")}, (
        "both by the new rule: one was due at this moment, the other a day ago"
    )


def test_n3_other_quiet_hours_and_another_time_zone_move_what_is_planned(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event())
    house.set_up(DAY, quiet_hours={"from": "13:00", "to": "16:00"})
    house.announce()
    assert house.planned() == [("sms", "30 11:45")]
    house.set_up(DAY, quiet_hours={"from": "13:00", "to": "16:00"}, time_zone="Europe/Helsinki")
    house.announce()
    assert house.planned() == [("sms", "30 10:45")]
    assert house.listed()[0]["at"].endswith("+02:00")
    assert len(house.listed()) == 1, "the same reminder, at another moment"


def test_n3_other_countries_of_mobiles_that_get_sms_add_and_take_reminders(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event())
    house.set_up(DAY, sms_countries=["NO"])
    house.announce()
    assert house.planned() == []
    house.set_up(DAY)
    house.announce()
    assert house.planned() == [("sms", "30 13:00")]


def test_n6_a_reminder_that_has_gone_out_does_not_go_out_again_at_the_moment_that_other_quiet_hours_give_it(
    work: Work,
) -> None:
    house = House(work, DAY, quiet_hours={"from": "13:00", "to": "16:00"})
    house.take_in(an_event())
    assert len(house.send_at(datetime(2026, 11, 30, 11, 45, tzinfo=UTC))) == 1
    house.set_up(DAY)
    house.announce()
    assert house.send_at(START - timedelta(hours=24)) == []
    assert [each["state"] for each in house.listed()] == ["sent"]


def test_n6_what_staff_send_again_is_not_taken_back_by_planning_anew(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event())
    house.send_at(START - timedelta(hours=24))
    staff = Actor(kind="staff", id="ann", role="administrator", clinic="solna")
    resend(a_desk(work, actor=staff, now=house.now), "solna", house.listed()[0]["id"])
    house.set_up(TWO_DAYS)
    house.announce()
    assert len(house.send_at(house.now)) == 1


def test_n3_quiet_hours_that_begin_tonight_lose_no_reminder_that_was_planned_for_the_morning(work: Work) -> None:
    """Its new moment has passed already: it waits for the end of the quiet hours rather than being lost."""
    house = House(work, DAY, quiet_hours={"from": "03:00", "to": "03:05"})
    start = datetime(2026, 12, 2, 6, 30, tzinfo=UTC)
    house.take_in(an_event(start=start))
    house.clock.moment = datetime(2026, 11, 30, 22, 0, tzinfo=UTC)
    house.set_up(DAY)
    house.announce()
    assert house.send_at(start - timedelta(hours=24)) == []
    assert house.planned() == [("sms", "01 07:00")]
    assert len(house.send_at(datetime(2026, 12, 1, 7, 0, tzinfo=UTC))) == 1


def test_n3_a_document_that_says_the_same_of_reminders_plans_nothing_anew(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event())
    house.set_up(DAY, name="Another name")
    event = Event(
        **{**an_event("ClinicChanged", 2).to_json(), "subject": "solna", "data": {"document": house.document}}
    )
    reminding.follow_document(house.desk, event)
    with work() as store:
        assert store.planned_anew("solna", 10) is None
    house.trouble = Unavailable.because("asked for the document, though there is nothing to plan")
    assert not reminding.plan_anew(house.desk, event)


def test_n3_planning_anew_goes_by_batches_and_goes_on_where_a_process_died(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "BATCH", 4)
    house = House(work, DAY)
    house.take_in(*(an_event(reference=f"REF{number:02}") for number in range(10)))
    house.set_up(TWO_DAYS)
    house.announce(batches=1)
    assert Counter(house.planned()) == {("sms", "29 13:00"): 4, ("sms", "30 13:00"): 6}
    house.announce()
    assert Counter(house.planned()) == {("sms", "29 13:00"): 10}
    house.announce()
    assert Counter(each["state"] for each in house.listed()) == {"planned": 10, "withdrawn": 10}


def test_n3_an_older_document_that_comes_late_plans_nothing(work: Work) -> None:
    house = House(work, DAY)
    house.take_in(an_event())
    old = house.document
    house.set_up(TWO_DAYS)
    house.announce()
    event = Event(**{**an_event("ClinicChanged", 1).to_json(), "subject": "solna", "data": {"document": old}})
    reminding.follow_document(house.desk, event)
    with work() as store:
        assert store.planned_anew("solna", 10) is None
    assert house.planned() == [("sms", "29 13:00")]


def test_n3_a_booking_is_not_planned_by_a_document_that_others_no_longer_plan_by(work: Work) -> None:
    """Else planning anew might have passed by, and the new reminder would be missed: the event comes again instead."""
    house = House(work, DAY)
    house.take_in(an_event())
    house.set_up(TWO_DAYS)
    house.announce()
    newest, house.revision = house.revision, 1
    with pytest.raises(Unavailable):
        house.take_in(moved(2, START + timedelta(days=1)))
    house.revision = newest
    house.take_in(moved(2, START + timedelta(days=1)))
    assert house.planned() == [("sms", "30 13:00")]
