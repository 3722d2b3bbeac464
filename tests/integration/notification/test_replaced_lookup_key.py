"""While `LOOKUP_KEY` is replaced, who wants no SMS gets none, and no reminder is planned twice (A3, N5, ADR 59)."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from services.notification.channels import Answer
from services.notification.handlers.hearing import hear_answer, wants_none
from services.notification.handlers.reminding import off_plan
from services.notification.handlers.sending import Sender
from tests.builders.clock import FakeClock
from tests.builders.notification import messages
from tests.builders.notification.mailroom import FakeChannel, Work, listed, tell
from tests.builders.notification.messages import KEYS, NOW, FakeDocuments, a_desk, a_document, an_event
from tests.builders.notification.reminding_clinic import DAY, House
from tests.integration.statements import statements

NUMBER = "+46701740699"
ONLY_SMS = a_document(channels={"booked": ["sms"], "practitioner": []})

NEW = replace(KEYS, lookup="new key")
BEHIND = replace(KEYS, other_lookups=("new key",))
"""The first restart: the old key hashes, the new one finds too."""
IN_FRONT = replace(NEW, other_lookups=("lookup key",))
"""The second."""
OUT = replace(NEW, former_lookups=("lookup key",))
"""The third."""


def answered(work: Work, keys: Any, text: str, id: str) -> None:
    hear_answer(replace(a_desk(work), keys=keys), Answer(id=id, sender=NUMBER, text=text, opt_out=""))


def sent(work: Work, keys: Any, number: str, at: int) -> int:
    """Let a process with these keys write an SMS and send it; return how many went out."""
    desk = replace(a_desk(work, FakeDocuments(solna=ONLY_SMS)), keys=keys)
    tell(desk, an_event(reference=f"REF{at}", person={"mobile": number}))
    channel = FakeChannel()
    channels: Any = {"sms": channel, "email": channel}
    Sender(work, channels, keys.people, FakeClock(NOW), wants_none=partial(wants_none, work, keys)).send_due()
    return len(channel.sent)


@pytest.mark.parametrize("keys", [BEHIND, IN_FRONT, OUT], ids=["behind", "in front", "out"])
@pytest.mark.parametrize("by", [KEYS, IN_FRONT], ids=["noted by the old", "by both"])
def test_n5_who_said_stop_gets_nothing_whichever_key_noted_it(work: Work, by: Any, keys: Any) -> None:
    answered(work, by, "STOP", "SM-1")
    assert sent(work, keys, NUMBER, 1) == 0
    assert [each["reason"]["code"] for each in listed(work)] == ["stopped"]
    assert sent(work, keys, "+46701740605", 2) == 1
    answered(work, keys, "START", "SM-2")
    assert sent(work, keys, NUMBER, 3) == 1


def test_n5_with_one_key_nothing_more_is_asked(work: Work) -> None:
    with statements(work.database) as asked:
        assert not wants_none(work, KEYS, "sms", NUMBER)
        assert not wants_none(work, IN_FRONT, "email", NUMBER)
    assert len(asked) == 0


@pytest.mark.parametrize("keys", [BEHIND, IN_FRONT, OUT], ids=["behind", "in front", "out"])
def test_n3_a_reminder_planned_by_one_key_is_changed_and_withdrawn_by_another(
    work: Work, keys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None is planned twice, and what others compare finds nothing to mend (ADR 21)."""
    house = House(work, DAY)
    house.take_in(an_event())
    planned = house.planned()
    assert len(planned) == 1
    monkeypatch.setattr(messages, "KEYS", keys)
    with work.reading() as store:
        known = [each.remembered for each in store.known_of(["7K3M9PQR2T"]).values() if each.remembered]
        assert off_plan(store, house.desk, known, house.get("solna")) == set()
    house.take_in(an_event("BookingChanged", 2))
    assert house.planned() == planned, "written over, not beside it"
    house.take_in(an_event("BookingCancelled", 3, status="cancelled"))
    assert house.planned() == []
    assert house.send_at(NOW + timedelta(days=400)) == []
