"""What notification shows others: its RPC methods and its events.

`data` of both events: `message, event, channel, booking, state, person` where `person` is sealed JSON `{to}`.
`booking` is null for recalls of needs and login codes. Of a message that staff have sent again they are the actor.
`state` is `sent` or `delivered` in `MessageSent`, `failed` in `MessageFailed`, which may come after either.
Subject: the message's id; version: how often something was told of it.

A message over RPC is `{id, clinic, channel, event, audience, to, state, subject, text, booking, at, reason}` where
`reason` is null or `{code, text, detail}`: why it was not sent, or not yet, with the provider's number for it. Codes:
`no_answer, busy, broken, refused, wrong_address, stopped, too_late, unknown, undelivered, bounced, other`.
`message` adds `html` and `attachments`, `{name, type, content}` whose content is text as `type` says.
"""

SERVICE = "notification"

METHODS = ("messages", "message", "send_code", "provider_status", "provider_inbound", "ping")

MESSAGE_SENT = "MessageSent"
MESSAGE_FAILED = "MessageFailed"

EVENTS = (MESSAGE_SENT, MESSAGE_FAILED)
