"""What providers tell: of messages that they took, and of people who want no more SMS (PRODUCT N5)."""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from services.notification.handlers.desk import recipients_of
from services.notification.handlers.telling import delivery_event
from services.notification.model.answers import START, STOP, wish_of
from services.notification.model.delivery import told
from services.notification.model.messages import FAILED, Content, Message
from shared.clinic.message_keys import SMS
from shared.sealed import Unsealable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from services.notification.channels import Answer, Report
    from services.notification.handlers.desk import Desk
    from services.notification.store import NotificationStore
    from shared.bus.events.unit_of_work import UnitOfWork
    from shared.desk import Keys

_log = logging.getLogger(__name__)


def hear_reports(desk: Desk, reports: Iterable[Report]) -> None:
    """Take in what became of messages; what is older than what is known, or of no message, changes nothing."""
    of: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        of[report.message].append(report)
    if not of:
        return
    with desk.work() as store:
        for message in store.reported(sorted(of)):
            _take_in(store, desk, message, of[message.id])


def hear_answer(desk: Desk, answer: Answer) -> None:
    """End SMS to a number that asked by STOP, or open it again; each answer counts once, however often it comes."""
    wish = wish_of(answer.text, answer.opt_out)
    if wish is None or not answer.sender:
        return
    recipients = desk.recipients(SMS, answer.sender)
    with desk.work() as store:
        if not store.heard_first(_short(answer.id), desk.now):
            return
        if wish == STOP:
            store.stop_sms(recipients, desk.now)
        elif wish == START:
            store.allow_sms(recipients)


def wants_none(work: UnitOfWork[NotificationStore], keys: Keys, channel: str, address: str) -> bool:
    """Tell whether a number wants no SMS by what was noted with an older key than messages to it are (ADR 59).

    What was noted by the newest is found as messages are claimed. Where no key was ever replaced nothing is asked.
    """
    if channel != SMS or not keys.every_lookup[1:]:
        return False
    with work.reading() as store:
        return bool(store.stopped(recipients_of(keys, channel, address)))


def _take_in(store: NotificationStore, desk: Desk, message: Message, reports: Sequence[Report]) -> None:
    state, failure, newest = message.state, message.failure, None
    for report in reports:
        if told(state, failure, report.state):
            state, failure, newest = report.state, report.reason, report
    if newest is None:
        return
    try:
        content = Content.from_json(desk.keys.people.open(message.content))
    except Unsealable as locked:
        _log.error("message %s cannot be opened: %s", message.id, locked)
        return
    store.note_report(message, **_news(message, newest, desk.now))
    store.publish(delivery_event(message, content, newest.state, desk.now, desk.keys.people))


def _news(message: Message, report: Report, now: datetime) -> dict[str, Any]:
    return {
        "state": report.state,
        "failure": report.reason,
        "provider_id": report.provider_id or message.provider_id,
        "sent_at": message.sent_at if report.state == FAILED else message.sent_at or now,
        "version": message.version + 1,
    }


def _short(id: str) -> str:
    """Return an id of the length of an event's, which the inbox keeps."""
    return hashlib.sha256(id.encode()).hexdigest()[:32]
