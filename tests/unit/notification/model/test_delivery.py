"""How long a message is tried, and what a provider's report makes of it (PRODUCT N5, N6)."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notification.model.delivery import LONGEST_WAIT, RETRY_AFTER, next_attempt, reason_of, told

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def test_n6_the_waits_grow_and_last_for_more_than_a_day() -> None:
    assert list(RETRY_AFTER) == sorted(RETRY_AFTER)
    assert sum(RETRY_AFTER, timedelta()) > timedelta(hours=24)
    assert next_attempt(1, NOW) == NOW + timedelta(minutes=1)
    assert next_attempt(len(RETRY_AFTER), NOW) is not None
    assert next_attempt(len(RETRY_AFTER) + 1, NOW) is None


@pytest.mark.parametrize(
    ("wanted", "waited"),
    [
        (None, timedelta(minutes=1)),
        (timedelta(seconds=5), timedelta(minutes=1)),
        (timedelta(minutes=10), timedelta(minutes=10)),
        (timedelta(days=400), LONGEST_WAIT),
    ],
)
def test_n5_a_provider_may_ask_for_more_but_not_for_ever(wanted: timedelta | None, waited: timedelta) -> None:
    assert next_attempt(1, NOW, wanted) == NOW + waited


@pytest.mark.parametrize(
    ("state", "failure", "reported", "after"),
    [
        ("planned", None, "sent", "sent"),
        ("planned", "no_answer", "delivered", "delivered"),
        ("sent", None, "sent", None),
        ("sent", None, "delivered", "delivered"),
        ("sent", None, "failed", "failed"),
        ("delivered", None, "sent", None),
        ("delivered", None, "delivered", None),
        ("delivered", None, "failed", "failed"),
        ("failed", "bounced smtp 5.1.1", "sent", None),
        ("failed", "bounced smtp 5.1.1", "delivered", None),
        ("failed", "undelivered twilio 30003", "failed", None),
        ("failed", "unknown", "sent", "sent"),
        ("failed", "no_answer", "delivered", "delivered"),
        ("failed", "broken twilio 20500", "failed", "failed"),
        ("withdrawn", None, "sent", "sent"),
    ],
)
def test_n5_a_later_state_never_gives_way_to_an_earlier_one(
    state: str, failure: str | None, reported: str, after: str | None
) -> None:
    assert told(state, failure, reported) == after


def test_n6_a_reason_is_a_code_a_sentence_and_the_providers_number() -> None:
    assert reason_of(None) is None
    assert reason_of("unknown") == {"code": "unknown", "text": "It is not known whether this was sent.", "detail": ""}
    assert reason_of("undelivered twilio 30003") == {
        "code": "undelivered",
        "text": "It did not reach the telephone.",
        "detail": "twilio 30003",
    }
    assert reason_of("the clinic is gone") == {"code": "other", "text": "the clinic is gone", "detail": ""}
