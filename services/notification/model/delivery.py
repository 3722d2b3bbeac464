"""What becomes of a message on its way: how long it is tried, what its states mean, why it failed (PRODUCT N5, N6)."""

from datetime import datetime, timedelta

from services.notification.model.messages import DELIVERED, FAILED, PLANNED, SENT, WITHDRAWN

RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 2 * 60, 4 * 60, 8 * 60, 12 * 60))
"""How long to wait after each failed attempt, more than a day in all; the attempt behind the last wait is the last."""

LONGEST_WAIT = RETRY_AFTER[-1]
"""What a provider may ask for at most (`Retry-After`)."""

LEASE = timedelta(seconds=30)
"""How long a message belongs to its sender: when a process dies before it hands it over, it is soon another's."""

WITH_PROVIDER = timedelta(minutes=5)
"""How much longer once it is handed over: more than a provider may take, and until it can be found there."""

STUMBLED = timedelta(minutes=5)
"""When a message is looked at again on which something of ours has stumbled."""

DOUBT = timedelta(minutes=30)
"""How long a provider has to tell by its events of a message of which it is not known whether it was taken."""

A_DAY = timedelta(days=1)
"""Within which so many messages of a clinic go to one patient's address at most (CONTRACTS 2, limits)."""

NO_ANSWER, BUSY, BROKEN = "no_answer", "busy", "broken"
REFUSED, WRONG_ADDRESS, STOPPED = "refused", "wrong_address", "stopped"
TOO_LATE, UNKNOWN = "too_late", "unknown"
UNDELIVERED, BOUNCED = "undelivered", "bounced"
TOO_MANY = "too_many"

REASONS = {
    NO_ANSWER: "The provider did not answer.",
    BUSY: "The provider asked to wait.",
    BROKEN: "The provider had a fault.",
    REFUSED: "The provider refused the message.",
    WRONG_ADDRESS: "Nothing can be sent to this address.",
    STOPPED: "The recipient has replied STOP and gets no more text messages.",
    TOO_LATE: "It could not be sent in time.",
    UNKNOWN: "It is not known whether this was sent.",
    UNDELIVERED: "It did not reach the telephone.",
    BOUNCED: "The recipient's mail server did not accept it.",
    TOO_MANY: "Unusually many messages went to this address within a day. "
    "Find out why, and send this one again if nothing is wrong.",
}
"""Why a message was not sent, or not yet, in the words that staff read."""

_OF_PROVIDER = {UNDELIVERED, BOUNCED, WRONG_ADDRESS, REFUSED, STOPPED}
"""Reasons that a provider gives for a message that it had taken: it knows better than we do."""

_RANK = {SENT: 1, DELIVERED: 2, FAILED: 3}


def next_attempt(attempts: int, now: datetime, wait: timedelta | None = None) -> datetime | None:
    """Return when to try again after so many attempts, None for never; `wait` is the least that the provider wants."""
    if attempts > len(RETRY_AFTER):
        return None
    return now + max(RETRY_AFTER[attempts - 1], min(wait or timedelta(0), LONGEST_WAIT))


def told(state: str, failure: str | None, reported: str) -> str | None:
    """Return the state after a provider reported SENT, DELIVERED or FAILED; None where that is no news.

    Reports come late, twice and in any order: a later state never gives way to an earlier one, and an email may bounce
    after it was delivered. What we gave up or withdrew while it was on its way is what the provider says it is.
    """
    return reported if _RANK[reported] > _rank(state, failure) else None


def reason_of(failure: str | None) -> dict[str, str] | None:
    """Return `{code, text, detail}` of a stored reason, `code` or `code detail` or a sentence; None for None."""
    if failure is None:
        return None
    code, _, detail = failure.partition(" ")
    if code not in REASONS:
        return {"code": "other", "text": failure, "detail": ""}
    return {"code": code, "text": REASONS[code], "detail": detail}


def _rank(state: str, failure: str | None) -> int:
    if state == FAILED and (failure or "").partition(" ")[0] not in _OF_PROVIDER:
        return 0
    return 0 if state in {PLANNED, WITHDRAWN} else _RANK[state]
