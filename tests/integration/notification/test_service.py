"""What the Nameko class adds: who may read, when the sender wakes (PRODUCT N5, C1)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import eventlet
import pytest

from services.notification.channels import Answer, Posted, Report, local_channels
from services.notification.channels.waking import Bell
from services.notification.service import NotificationService
from services.notification.store import NotificationStore
from shared.actor import PUBLIC, Actor
from shared.bus.events.unit_of_work import UnitOfWork
from shared.contracts.envelope import Event
from shared.contracts.errors import Forbidden, Invalid, LoginRequired, NotFound
from tests.builders.calling import Acting, Called, served
from tests.builders.clock import FakeClock
from tests.builders.notification.mailroom import FakeChannel
from tests.builders.notification.messages import KEYS, NOW, FakeDocuments, a_document, an_event

Work = UnitOfWork[NotificationStore]
TOOL, SERVICE = Actor(kind="tool", id="report"), Actor(kind="service", id="gateway")
OF_SOLNA = Actor(kind="staff", id="ann", role="administrator", clinic="solna")
OF_INSTALLATION = Actor(kind="staff", id="root", role="administrator")


class FakeHands:
    """Notes for which channels a hand was asked, and does what it is asked at once; has so much room."""

    def __init__(self, room: int = 0) -> None:
        self.asked: list[str] = []
        self._room = room

    def ask(self, channel: str, task: Callable[[], object]) -> bool:
        """Note it, and do it."""
        self.asked.append(channel)
        task()
        return True

    def look(self, channel: str, task: Callable[[], object]) -> None:
        """Note it, and do it."""
        self.ask(channel, task)

    def note(self, given: list[Any], write: Callable[[list[Any]], object]) -> None:
        """Have it written."""
        write(given)

    def room(self, _channel: str, most: int) -> int:
        """Say how much may be asked for."""
        return min(self._room, most)

    def goes_on(self) -> bool:
        """Say that the process does."""
        return True

    def pause(self) -> bool:
        """Say that nothing is to be tried again."""
        return False


class RefusingWebhooks:
    """Takes no post for signed, and counts them."""

    def __init__(self) -> None:
        self.posts = 0

    def reports(self, _provider: str, _posted: Posted, _now: datetime) -> list[Report]:
        """Refuse what is told of messages."""
        self.posts += 1
        raise Forbidden

    def answer(self, _posted: Posted) -> Answer:
        """Refuse what somebody wrote."""
        self.posts += 1
        raise Forbidden


def service(work: Work, actor: Actor = SERVICE, messages_a_day: int | None = None, **others: Any) -> Any:
    """Return the service in the hands of `actor`, in an installation that limits messages so."""
    made = served(
        NotificationService,
        work=work,
        documents=FakeDocuments(solna=a_document()),
        actor=Acting(actor),
        clock=FakeClock(NOW),
        keys=KEYS,
        settings=SimpleNamespace(messages_a_day=messages_a_day),
        **{"wake_sender": lambda: None, "hands": FakeHands(), "channels": local_channels(), **others},
    )
    return Called(made, actor)


def consume(called: Any, method: str, *events: Event) -> None:
    """Let a consumer of the service take events in."""
    getattr(called, method)(*events)


def test_an_installation_says_how_many_messages_a_patient_gets_in_a_day(work: Work) -> None:
    for number in range(2):
        consume(service(work, messages_a_day=1), "send_confirmation", an_event(reference=f"REF{number}"))
    failed = service(work, OF_SOLNA).messages("solna", state="failed")["messages"]
    assert {each["booking"] for each in failed} == {"REF1"}


def test_c1_staff_read_the_messages_of_their_clinic_only(work: Work) -> None:
    consume(service(work), "send_confirmation", an_event())
    assert len(service(work, OF_SOLNA).messages("solna")["messages"]) == 4
    assert (
        service(work, OF_SOLNA).message("solna", service(work).messages()["messages"][0]["id"])["attachments"]
        is not None
    )
    for call in (
        lambda: service(work, OF_SOLNA).messages("lund"),
        lambda: service(work, OF_SOLNA).messages(),
        lambda: service(work, OF_SOLNA).message(None, "0" * 32),
        lambda: service(work, OF_INSTALLATION).messages("*"),
    ):
        with pytest.raises(Forbidden):
            call()
    with pytest.raises(LoginRequired):
        service(work, PUBLIC).messages("solna")


def test_a_clinic_that_does_not_exist_has_no_list_of_messages(work: Work) -> None:
    """CONTRACTS 2, `not_found`: as with every other list of staff."""
    assert service(work, OF_INSTALLATION).messages("solna") == {"messages": [], "next": None}
    with pytest.raises(NotFound):
        service(work, OF_INSTALLATION).messages("nowhere")


@pytest.mark.parametrize("clinic", [None, "*"])
@pytest.mark.parametrize("actor", [TOOL, SERVICE])
def test_n5_the_installations_own_tools_read_the_outbox_of_all_clinics(
    work: Work, actor: Actor, clinic: str | None
) -> None:
    consume(service(work), "send_confirmation", an_event())
    assert len(service(work, actor).messages(clinic)["messages"]) == 4


def test_who_may_is_asked_before_what_was_sent(work: Work) -> None:
    with pytest.raises(Forbidden):
        service(work, OF_SOLNA).messages("lund", limit="many")
    with pytest.raises(Invalid):
        service(work, OF_SOLNA).messages("solna", limit="many")


def test_what_is_written_is_in_hand_at_once_and_sent_without_a_look_where_there_is_room(work: Work) -> None:
    """N5: as many as fit; the sender is woken for what does not."""
    woken: list[bool] = []
    hands = FakeHands(room=1)
    consume(service(work, hands=hands, wake_sender=lambda: woken.append(True)), "send_confirmation", an_event())
    assert (sorted(hands.asked), woken) == (["email", "sms"], [])
    assert {each["state"] for each in service(work).messages()["messages"]} == {"sent"}


def test_the_sender_is_woken_after_the_messages_are_written(work: Work) -> None:
    seen: list[int] = []
    waking = service(work, wake_sender=lambda: seen.append(len(service(work).messages()["messages"])))
    consume(waking, "send_confirmation", an_event())
    assert seen == [4]


def test_a_bell_that_rang_before_anybody_waited_is_heard() -> None:
    bell = Bell()
    bell.setup()
    bell.ring()
    bell.ring()
    with eventlet.Timeout(10):
        bell.wait(60)


def test_a_bell_that_does_not_ring_lets_go_after_its_time_and_rings_again_later() -> None:
    bell = Bell()
    bell.setup()
    bell.wait(0.01)
    eventlet.spawn(bell.ring)
    with eventlet.Timeout(10):
        bell.wait(60)


@pytest.mark.parametrize("actor", [PUBLIC, TOOL, OF_SOLNA, OF_INSTALLATION])
def test_n5_only_the_house_hands_on_what_providers_post(work: Work, actor: Actor) -> None:
    webhooks = RefusingWebhooks()
    for call in (service(work, actor, webhooks=webhooks).provider_status, service(work, actor).provider_inbound):
        with pytest.raises(Forbidden):
            call(provider="twilio", body="", signature="s")
    assert webhooks.posts == 0


def test_n5_what_is_not_signed_changes_nothing(work: Work) -> None:
    consume(service(work), "send_confirmation", an_event())
    before = service(work).messages()
    refusing = RefusingWebhooks()
    deaf = service(work, webhooks=refusing)
    for call in (
        lambda: deaf.provider_status(provider="sendgrid", body="[]", signature="s", timestamp="1"),
        lambda: deaf.provider_inbound(body="Body=STOP", signature="s", address="/v1/webhooks/twilio/inbound"),
    ):
        with pytest.raises(Forbidden):
            call()
    assert service(work).messages() == before
    assert refusing.posts == 2


def test_n5_a_provider_that_nobody_knows_is_invalid(work: Work) -> None:
    with pytest.raises(Invalid):
        service(work).provider_status(provider="pigeon", body="", signature="s")


def test_n5_each_channel_gets_a_hand_when_the_bell_rings(work: Work) -> None:
    hands = FakeHands()
    service(work, channels={"sms": FakeChannel(), "email": FakeChannel()}, hands=hands).send_due()
    assert hands.asked == ["sms", "email"]


CODE = {"mobile": "+46701740699", "code": "471108"}


def test_b14_login_codes_are_sent_by_the_house_alone_seen_in_its_outbox_and_forgotten_by_the_clock(work: Work) -> None:
    for actor in (PUBLIC, TOOL, OF_SOLNA, OF_INSTALLATION):
        with pytest.raises(Forbidden):
            service(work, actor).send_code("solna", **CODE)
    house = service(work)
    house.send_code("solna", **CODE)
    (code,) = house.messages()["messages"]
    for actor, clinic in ((OF_SOLNA, "solna"), (OF_INSTALLATION, "solna"), (TOOL, None)):
        assert service(work, actor).messages(clinic)["messages"] == []
        with pytest.raises(NotFound):
            service(work, actor).message(clinic, code["id"])
    assert "471108" in house.message(None, code["id"])["text"]
    house.clock.moment += timedelta(days=1, seconds=1)
    house.forget_codes()
    assert house.message(None, code["id"])["text"] == ""


def test_c1_only_staff_of_the_clinic_send_again_and_look_at_templates(work: Work) -> None:
    consume(service(work), "send_confirmation", an_event())
    first = service(work).messages()["messages"][0]["id"]
    of_lund = Actor(kind="staff", id="bo", role="administrator", clinic="lund")
    for actor, refusal in ((PUBLIC, LoginRequired), (of_lund, Forbidden)):
        with pytest.raises(refusal):
            service(work, actor).resend("solna", first)
        with pytest.raises(refusal):
            service(work, actor).preview("solna", event="booked", channel="sms")
    assert service(work, OF_SOLNA).preview("solna", event="booked", channel="sms")["text"]


def test_n3_who_missed_an_appointment_is_not_reminded_of_it(work: Work) -> None:
    notification = service(work)
    notification.service.documents = FakeDocuments(solna=a_document(reminders=[{"before": "24h", "channel": "sms"}]))

    def reminders() -> list[str]:
        return [each["state"] for each in notification.messages()["messages"] if each["event"] == "reminder"]

    consume(notification, "send_confirmation", an_event())
    assert reminders() == ["planned"]
    consume(notification, "withdraw_reminders", an_event("BookingMissed", 2, status="missed"))
    assert reminders() == ["withdrawn"]
