"""Who is to choose another time is told so, and not reminded of the one that cannot be kept (PRODUCT C12)."""

from datetime import timedelta

from shared.contracts.envelope import Event
from shared.links import manage_token
from tests.builders.notification.mailroom import Work, tell
from tests.builders.notification.messages import START, an_event
from tests.builders.notification.reminding_clinic import House, moved

DAY = timedelta(days=1)
LINK = f"https://booking.example/m/{manage_token('link key', '7K3M9PQR2T', 0)}"
BOTH = ["sms", "email"]


def a_house(work: Work) -> House:
    """Return a clinic that tells everybody of everything, and reminds a day before."""
    channels = {"booked": [], "moved": BOTH, "cancelled": BOTH, "practitioner": ["email"]}
    return House(work, {"before": "24h", "channel": "sms"}, channels=channels)


def reminders(house: House) -> list[str]:
    """Return what waits to remind the patient."""
    return [each["channel"] for each in house.listed("planned") if each["event"] == "reminder"]


def invited(version: int = 2, words: str = "Anna is ill.") -> Event:
    """Return what tells of the invitation."""
    return an_event("MoveInvited", version, {"invitation": words}, invited=True)


def test_c12_the_patient_alone_is_asked_to_choose_with_the_link_and_the_clinic_s_words(work: Work) -> None:
    house = a_house(work)
    house.take_in(an_event())
    house.send_at(house.now)
    event = invited()
    for _ in range(2):  # as events may come
        tell(house.desk, event)
    sent = house.send_at(house.now)
    assert len(sent) == 2, [(each.content.to, each.content.text) for each in sent]
    sms, email = sorted(sent, key=lambda sent: sent.content.subject or "")
    assert {sms.content.to, email.content.to} == {"+46701740699", "eva@example.org"}
    assert "Sorry, we must ask you to rebook:" in sms.content.text
    assert "Please choose a new time" in email.content.text
    for sent in (sms, email):
        assert LINK in sent.content.text
        assert "Anna is ill." in sent.content.text
    assert not email.content.attachments
    assert "choose a new time" in str(email.content.subject)


def test_c12_nobody_is_reminded_of_a_time_that_cannot_be_kept(work: Work) -> None:
    house = a_house(work)
    house.take_in(an_event())
    assert reminders(house) == ["sms"]
    tell(house.desk, invited())
    assert reminders(house) == []
    house.announce()
    assert reminders(house) == [], "nor where the clinic's rules change"


def test_c12_who_has_chosen_is_reminded_of_the_new_time(work: Work) -> None:
    house = a_house(work)
    house.take_in(an_event())
    tell(house.desk, invited())
    tell(house.desk, moved(3, START + DAY))
    assert reminders(house) == ["sms"]


def test_n6_an_invitation_that_was_overtaken_is_withdrawn(work: Work) -> None:
    house = a_house(work)
    house.take_in(an_event())
    tell(house.desk, moved(3, START + DAY))
    house.send_at(house.now)
    tell(house.desk, invited())
    assert house.send_at(house.now) == []
