"""A clinic that reminds its patients, as the tests of reminders need it."""

import uuid
from datetime import UTC, datetime
from typing import Any

from services.notification.channels import Outgoing
from services.notification.handlers import reminding
from services.notification.handlers.desk import Desk
from services.notification.handlers.due_reminders import DueReminders
from services.notification.handlers.sending import Sender
from shared.clinic_documents import ClinicDocument
from shared.contracts.envelope import Event
from tests.builders.clock import FakeClock
from tests.builders.notification.mailroom import FakeChannel, Work, listed, tell
from tests.builders.notification.messages import HOUSE, KEYS, NOW, START, a_desk, a_document, an_event, previously

PATIENT = uuid.uuid4().hex
QUIETLY: dict[str, Any] = {"channels": {"booked": [], "moved": [], "cancelled": [], "practitioner": []}}
DAY, TWO_DAYS = {"before": "24h", "channel": "sms"}, {"before": "48h", "channel": "sms"}
BY_EMAIL = {"before": "72h", "channel": "email"}


class House:
    """A clinic whose document can be changed, bookings that events tell of, and a clock."""

    def __init__(self, work: Work, *reminders: dict[str, str], **changes: Any) -> None:
        self.work, self.clock, self.channel = work, FakeClock(NOW), FakeChannel()
        self.trouble: Exception | None = None
        self.revision = 0
        self.reminders_a_day: int | None = None
        self.set_up(*reminders, **changes)

    def set_up(self, *reminders: dict[str, str], **changes: Any) -> None:
        """Put another document in force, of which no event has told yet."""
        self.revision += 1
        self.document = a_document(reminders=list(reminders), **{**QUIETLY, **changes})

    def get(self, clinic: str) -> ClinicDocument:
        """Answer for the clinics' documents."""
        if self.trouble:
            raise self.trouble
        return ClinicDocument(self.revision, {**self.document, "clinic": clinic})

    def take_in(self, *events: Event) -> None:
        """Let notification hear of bookings."""
        for event in events:
            tell(self.desk, event)

    def announce(self, batches: int = 1000) -> None:
        """Let notification hear of the document in force, and plan at most so many batches anew."""
        event = an_event("ClinicChanged", self.revision)
        event = Event(**{**event.to_json(), "subject": "solna", "data": {"document": self.document}})
        reminding.follow_document(self.desk, event)
        while batches and reminding.plan_anew(self.desk, event):
            batches -= 1

    def hear_of_patient(self, version: int, booking: str | None = None, **switches: Any) -> None:
        """Let notification hear of a patient's record."""
        said = {"sms_ok": True, "email_ok": True, **switches}
        data = {
            "patient": PATIENT,
            "booking": booking,
            "sms_reminder": said.pop("sms_reminder", True),
            "person": KEYS.people.seal(said),
        }
        event = Event(**{**an_event("PatientUpdated", version).to_json(), "subject": PATIENT, "data": data})
        tell(self.desk, event)

    def send_at(self, moment: datetime) -> list[Outgoing]:
        """Let time pass until `moment`, when a sender runs; return what it sent."""
        self.clock.moment = moment
        documents: Any = self
        due = DueReminders(self.work, documents, KEYS, self.clock)
        before = len(self.channel.sent)
        channels: Any = {"sms": self.channel, "email": self.channel}
        Sender(
            self.work, channels, KEYS.people, self.clock, reminded=due.ready, reminders_a_day=self.reminders_a_day
        ).send_due()
        return self.channel.sent[before:]

    @property
    def desk(self) -> Desk:
        """What an event is handled with at this moment."""
        return a_desk(self.work, self, HOUSE, self.now)

    @property
    def now(self) -> datetime:
        """The moment that the clock shows."""
        return self.clock.now()

    def listed(self, state: str | None = None) -> list[dict[str, Any]]:
        """Return the messages as staff see them, in the order in which they are due."""
        return sorted(listed(self.work, state=state), key=lambda each: str(each["at"]))

    def planned(self) -> list[tuple[str, str]]:
        """Return channel and UTC moment of what waits."""
        return [(each["channel"], moment(each["at"])) for each in self.listed("planned")]


def moment(text: str) -> str:
    """Return day and time of a moment as messages show it, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%d %H:%M")


def moved(version: int, start: datetime, before: datetime = START) -> Event:
    """Return the event of a booking that was moved to `start`."""
    return an_event("BookingMoved", version, start=start, previous=previously(start=before))
