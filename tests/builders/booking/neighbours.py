"""What booking asks of others, answered by fakes that take no more than the services themselves."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from copy import copy
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from marshmallow import Schema

from services.availability import schemas as availability
from services.booking.model.clinic_rules import ClinicRules, TypeRules
from services.patient import schemas as patient
from shared.actor import Actor
from shared.clinic_documents import ClinicDocument
from shared.contracts.errors import Forbidden, NotFound, Refusal
from shared.incoming.batches import WhosSchema
from tests.builders.contracts import NotInContract, require_fitting, require_known


class Answered:
    """An answer that is there at once."""

    def __init__(self, give: Callable[[], Any]) -> None:
        self._give = give

    def result(self) -> Any:
        """Return the answer or raise the refusal."""
        return self._give()


class FakeMethod:
    """An RPC method that notes how it was called, and refuses what the service itself would not take.

    `fields` is the service's own schema of what comes besides the arguments that the method names.
    """

    def __init__(self, service: str, name: str, answer: Callable[..., Any], fields: type[Schema] | None = None) -> None:
        require_known(service, name)
        self._service, self._name = service, name
        self._answer = answer
        self._fields = None if fields is None else fields()
        self.calls: list[dict[str, Any]] = []

    def __call__(self, *args: Any, **fields: Any) -> Any:
        """Answer."""
        self._note(args, fields)
        return self._answer(*args, **fields)

    def call_async(self, *args: Any, **fields: Any) -> Answered:
        """Answer later."""
        self._note(args, fields)
        return Answered(lambda: self._answer(*args, **fields))

    def _note(self, args: tuple[Any, ...], fields: dict[str, Any]) -> None:
        require_fitting(self._service, self._name, args, fields)
        wrong = {} if self._fields is None else self._fields.validate(json.loads(json.dumps(fields)))
        if wrong:
            raise NotInContract(f"{self._service}.{self._name}: {wrong}")
        self.calls.append(fields)


class FakeDocuments:
    """The clinics' documents, as set by the test."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.revision = 1
        self.document = document

    def get(self, clinic: str) -> ClinicDocument:
        """Return the one clinic's document."""
        if clinic != self.document["clinic"]:
            raise NotFound.because("There is no such clinic.")
        return ClinicDocument(self.revision, self.document)


class FakeAvailability:
    """Lists a free time `every` half hour of 08–16 UTC, but for those of `closed`.

    While it is `down` it raises that; `limits` are the seconds that it was given.
    """

    def __init__(self, documents: FakeDocuments) -> None:
        self.documents = documents
        self.closed: set[datetime] = set()
        self.every = timedelta(minutes=30)
        self.down: Refusal | None = None
        self.limits: list[float] = []
        self.slots = FakeMethod("availability", "slots", self._slots, availability.SlotsSchema)
        self.free_slots = FakeMethod("availability", "free_slots", self._slots, availability.FreeSlotsSchema)
        self.days = FakeMethod("availability", "days", self._days, availability.DaysSchema)

    def with_timeout(self, seconds: float) -> "FakeAvailability":
        """Return itself, which never waits, and note the limit."""
        self.limits.append(seconds)
        return self

    def _slots(self, clinic: str, **query: Any) -> dict[str, Any]:
        if self.down:
            raise self.down
        known = ClinicRules(clinic, self.documents.revision, self.documents.document)
        type = known.type(query["type"])
        assert type is not None
        takers = [query["practitioner"]] if query.get("practitioner") else _takers(type, query)
        length = timedelta(minutes=query.get("minutes") or 30)
        day = datetime.fromisoformat(query["from"]).replace(hour=8, tzinfo=UTC)
        listed = []
        while day.date().isoformat() <= query["to"]:
            for number in range(timedelta(hours=8) // self.every):
                start = day + number * self.every
                if start not in self.closed:
                    listed.append(
                        {
                            "start": start.astimezone(known.zone).isoformat(),
                            "end": (start + length).astimezone(known.zone).isoformat(),
                            "practitioners": takers,
                            "new_patients": [key for key in takers if known.takes_new_patients(key)],
                        }
                    )
            day += timedelta(days=1)
        return {"slots": listed}

    def _days(self, clinic: str, **query: Any) -> dict[str, Any]:
        slots = self._slots(clinic, **query)["slots"]
        dates = Counter(slot["start"][:10] for slot in slots)
        return {"days": [{"date": day, "level": "many", "free": free} for day, free in dates.items()]}


def _takers(type: TypeRules, query: Mapping[str, Any]) -> list[str]:
    return list(type.without_need if query.get("without_need") else type.practitioners)


_OF_PERSON = ("first_name", "last_name", "mobile", "email", "sms_ok", "email_ok", "identity", "birth_date")


class FakePatients:
    """Knows the people whose first names are in `known`; `records` are what staff may name by id.

    `of_mobile` are the ids of those whose stored mobile is a proven one, `of_need` says whose a recall's need is, and
    no therapist treats the `strangers`.
    """

    def __init__(self, of_mobile: dict[str, list[str]]) -> None:
        self.known: set[str] = set()
        self.ids: dict[str, str] = {}
        self.records: dict[str, dict[str, Any]] = {}
        self.strangers: set[str] = set()
        self.identify = FakeMethod("patient", "identify", self._identify, patient.IdentifySchema)
        self.get = FakeMethod("patient", "get", self._get)
        self.of_mobile = of_mobile
        self.of_need: dict[str, str] = {}
        self.of_login = FakeMethod("patient", "of_login", self._of_login, patient.OfLoginSchema)
        self.update = FakeMethod("patient", "update", self._update, patient.UpdateSchema)
        self.person = FakeMethod("patient", "person", self._person, patient.PersonSchema)
        self.resolve_imported = FakeMethod("patient", "resolve_imported", self._resolve_imported, WhosSchema)
        self.openings: list[dict[str, Any]] = []
        self.down: Refusal | None = None
        self.note_opening = FakeMethod("patient", "note_opening", self._note_opening, patient.OpeningSchema)

    def with_timeout(self, _seconds: float) -> "FakePatients":
        """Return itself, which never waits."""
        return self

    def as_asked_by(self, actor: Actor) -> "FakePatients":
        """Return the same service as it answers `actor`."""
        asked = copy(self)
        asked.get = FakeMethod("patient", "get", partial(asked._get_theirs, actor))
        return asked

    def _of_login(self, _clinic: str, mobile: str, identity: Any) -> dict[str, Any]:
        return {"patients": self.of_mobile.get(mobile, [])}

    def _identify(self, _clinic: str, **person: Any) -> dict[str, Any]:
        known = person["first_name"] in self.known
        return {"known": known, "patient": self.ids.get(person["first_name"], "f" * 32) if known else None}

    def _update(self, _clinic: str, id: str, confirm: list[str]) -> dict[str, Any]:
        self.records[id] |= {f"{name}_confirmed": True for name in confirm}
        return self.records[id]

    def _note_opening(self, clinic: str, **told: Any) -> None:
        if self.down:
            raise self.down
        self.openings.append({"clinic": clinic, **told})

    def _person(self, clinic: str, person: str, **proven: Any) -> dict[str, Any]:
        theirs = [self.of_need.get(proven["need"])] if "need" in proven else self.of_mobile.get(proven["mobile"], [])
        if person not in theirs:
            raise NotFound.because("This is nobody of that telephone.")
        return self._get(clinic, person)

    def _resolve_imported(self, clinic: str, whos: list[dict[str, Any]]) -> dict[str, Any]:
        """Find who is named by `id` among the records; `former` "?" could be anybody of them."""
        return {"people": [self._resolved(each) for each in whos]}

    def _resolved(self, who: Mapping[str, Any]) -> dict[str, Any]:
        nobody: dict[str, Any] = {"outcome": "wrong", "patient": None, "person": None, "candidates": []}
        if who.get("former") == "?":
            return {**nobody, "outcome": "doubtful", "candidates": sorted(self.records), "errors": {}}
        record = self.records.get(who.get("id", ""))
        if record is None:
            return {**nobody, "errors": {"patient": ["The clinic knows nobody by this."]}}
        person = {name: record.get(name) for name in _OF_PERSON} | {"unconfirmed": []}
        return {"outcome": "found", "patient": who["id"], "person": person, "candidates": [], "errors": {}}

    def _get_theirs(self, actor: Actor, clinic: str, id: str) -> dict[str, Any]:
        if actor.own_calendar is not None and id in self.strangers:
            raise Forbidden.because("Therapists see and change their own patients only.")
        return self._get(clinic, id)

    def _get(self, _clinic: str, id: str) -> dict[str, Any]:
        if id not in self.records:
            raise NotFound.because("There is no such patient.")
        return self.records[id]
