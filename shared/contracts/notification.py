"""What notification shows others: its RPC methods and its events.

`data` of both events: `message, event, channel, booking, state, person` where `person` is sealed JSON `{to}`.
`booking` is null for recalls of needs and login codes. Of a message that staff have sent again they are the actor.
`state` is `sent` or `delivered` in `MessageSent`, `failed` in `MessageFailed`, which may come after either.
Subject: the message's id; version: how often something was told of it.

A message over RPC is `{id, clinic, channel, event, audience, to, state, subject, text, booking, at, reason}` where
`reason` is null or `{code, text, detail}`: why it was not sent, or not yet, with the provider's number for it. Codes:
`no_answer, busy, broken, refused, wrong_address, stopped, too_late, unknown, undelivered, bounced, other`.
`message` adds `html`, `sender` (a name), `reply_to`, `attachments`, `{name, type, content}` whose content is text as
`type` says, and of an SMS `encoding` and `segments`.

`preview(clinic, event, channel, language?, template?)` returns `{subject, text, html, encoding, characters, segments,
warnings}` of a made-up appointment; `template` is `{subject, text, html}` or a bare text, tried
instead of the clinic's. `encoding` (`GSM-7` or `UCS-2`), `characters` and `segments` are null for emails.
"""

SERVICE = "notification"

METHODS = ("messages", "message", "resend", "preview", "send_code", "provider_status", "provider_inbound", "ping")

MESSAGE_SENT = "MessageSent"
MESSAGE_FAILED = "MessageFailed"

EVENTS = (MESSAGE_SENT, MESSAGE_FAILED)
