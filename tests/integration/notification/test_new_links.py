"""Once a booking's link is void, nobody is sent it any more, and its patient is sent the new one (PRODUCT C13)."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from services.notification.handlers.resending import resend
from services.notification.store.tables import messages
from shared.contracts.envelope import Event
from shared.contracts.errors import Invalid
from shared.links import manage_token
from tests.builders.notification.mailroom import Work, tell
from tests.builders.notification.messages import START, an_event
from tests.builders.notification.reminding_clinic import DAY, House

OLD, NEW = (manage_token("link key", "7K3M9PQR2T", epoch) for epoch in (0, 1))


def a_house(work: Work, *reminders: dict[str, str]) -> House:
    """Return a clinic that tells its patients and practitioners of everything."""
    both = ["sms", "email"]
    return House(
        work, *reminders, channels={"booked": both, "moved": both, "cancelled": both, "practitioner": ["email"]}
    )


def hear(house: House, version: int = 2, *, send: bool = True, status: str = "booked") -> Event:
    """Let notification hear that the link was renewed; twice, as events may come."""
    event = an_event("LinkRenewed", version, epoch=1, send=send, status=status)
    for _ in range(2):
        tell(house.desk, event)
    return event


def test_c13_the_patient_and_nobody_else_is_sent_the_new_link(work: Work) -> None:
    house = a_house(work)
    house.take_in(an_event())
    before = house.send_at(house.now)
    assert any(OLD in sent.content.text for sent in before)
    hear(house)
    sent = house.send_at(house.now)
    assert sorted(each.content.to for each in sent) == ["+46701740699", "eva@example.org"]
    assert all(NEW in each.content.text and OLD not in each.content.text for each in sent)
    (file,) = next(each.content.attachments for each in sent if each.content.attachments)
    assert "SEQUENCE:1" in file["content"]


def test_where_staff_hand_the_new_link_over_themselves_nothing_is_sent(work: Work) -> None:
    house = a_house(work)
    house.take_in(an_event())
    house.send_at(house.now)
    hear(house, send=False)
    assert house.send_at(house.now) == []


def test_what_waits_with_the_old_link_goes_out_with_the_new_one_instead(work: Work) -> None:
    """Whether or not that was asked for: the patient would not hear of the booking at all."""
    house = a_house(work)
    house.take_in(an_event())
    hear(house, send=False)
    sent = house.send_at(house.now)
    to_patient = [each for each in sent if each.content.to in {"+46701740699", "eva@example.org"}]
    assert len(to_patient) == 2
    assert all(NEW in each.content.text and OLD not in each.content.text for each in to_patient)
    assert {each.content.to for each in sent} >= {"anna@solna.example", "info@solna.example"}, (
        "what they are told stays true"
    )


def test_what_somebody_has_in_hand_with_the_old_link_is_told_anew_with_the_new_one(work: Work) -> None:
    """Who has it finds, before it goes out, that it has become untrue."""
    house = a_house(work)
    house.take_in(an_event())
    with work() as store:
        store.connection.execute(update(messages).values(lease_until=house.now + timedelta(seconds=30)))
    hear(house, send=False)
    sent = house.send_at(house.now)
    assert sorted(each.content.to for each in sent) == ["+46701740699", "eva@example.org"]
    assert all(NEW in each.content.text and OLD not in each.content.text for each in sent)


def test_n3_reminders_hold_the_new_link(work: Work) -> None:
    house = a_house(work, DAY)
    house.take_in(an_event())
    house.send_at(house.now)
    hear(house, send=False)
    (reminder,) = house.send_at(START - timedelta(hours=24))
    assert NEW in reminder.content.text


def test_a_message_with_the_old_link_is_not_sent_again(work: Work) -> None:
    house = a_house(work)
    house.take_in(an_event())
    house.send_at(house.now)
    (to_patient,) = (each for each in house.listed() if (each["event"], each["channel"]) == ("booked", "sms"))
    hear(house)
    with pytest.raises(Invalid):
        resend(house.desk, "solna", to_patient["id"])


def test_of_a_cancelled_booking_nothing_is_sent(work: Work) -> None:
    house = a_house(work, DAY)
    house.take_in(an_event(), an_event("BookingCancelled", 2, status="cancelled"))
    sent = house.send_at(house.now)
    hear(house, 3, send=False, status="cancelled")
    assert sent
    assert house.send_at(START) == []
