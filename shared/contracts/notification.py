"""What notification shows others: its RPC methods and its events.

`data` of both events: `message, event, channel, booking, state, person` where `person` is sealed JSON `{to}`.
Subject: the message's id; version: the attempt that settled it.

A message over RPC is `{id, clinic, channel, event, audience, to, state, subject, text, booking, at}`; `message` adds
`html` and `attachments`, `{name, type, content}` whose content is text as `type` says.
"""

SERVICE = "notification"

METHODS = ("messages", "message", "ping")

MESSAGE_SENT = "MessageSent"
MESSAGE_FAILED = "MessageFailed"

EVENTS = (MESSAGE_SENT, MESSAGE_FAILED)
