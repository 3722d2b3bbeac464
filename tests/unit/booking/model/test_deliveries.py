"""Whether a booking's messages have reached anybody, by what its history notes of them (PRODUCT C6, N6)."""

from services.booking.model.history import DeliveryNote, unreached


def note(type: str, booking: str = "A", event: str = "booked", channel: str = "sms") -> DeliveryNote:
    return DeliveryNote(booking, type, {"event": [None, event], "channel": [None, channel]})


def test_a_message_that_failed_is_told_of_its_booking_alone() -> None:
    assert unreached([note("MessageSent"), note("MessageFailed", "B")]) == {"B"}


def test_one_that_was_taken_and_then_did_not_arrive_has_failed() -> None:
    assert unreached([note("MessageSent"), note("MessageFailed")]) == {"A"}


def test_one_that_was_sent_again_and_was_taken_has_not() -> None:
    assert unreached([note("MessageFailed"), note("MessageSent")]) == set()


def test_another_message_does_not_make_up_for_it() -> None:
    assert unreached([note("MessageFailed"), note("MessageSent", channel="email")]) == {"A"}
    assert unreached([note("MessageFailed"), note("MessageSent", event="reminder")]) == {"A"}
