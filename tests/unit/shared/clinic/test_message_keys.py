"""The keys of the messages that a clinic may write itself (CONTRACTS 1, `messages`)."""

import pytest

from shared.clinic.message_keys import MESSAGES, is_to_practitioner, to_practitioner, what_happened


def test_n4_these_messages_can_be_written() -> None:
    assert MESSAGES == (
        "booked", "moved", "cancelled", "choose_again", "reminder", "recall", "login_code",
        "practitioner_booked", "practitioner_moved", "practitioner_cancelled",
    )  # fmt: skip


@pytest.mark.parametrize("key", MESSAGES)
def test_a_key_says_to_whom_a_message_goes_and_of_what_it_tells(key: str) -> None:
    happened = what_happened(key)
    assert key == (to_practitioner(happened) if is_to_practitioner(key) else happened)
