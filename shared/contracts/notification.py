"""What notification shows others: its RPC methods and its events.

`data` of both events: `message, event, channel, booking, state, person` where `person` is sealed JSON `{to}`.
Subject: the message's id.
"""

SERVICE = "notification"

METHODS = (
    "messages",
    "message",
    "resend",
    "preview",
    "send_code",
    "provider_status",
    "provider_inbound",
    "ping",
)

MESSAGE_SENT = "MessageSent"
MESSAGE_FAILED = "MessageFailed"

EVENTS = (MESSAGE_SENT, MESSAGE_FAILED)
