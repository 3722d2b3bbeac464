"""How much a request may take, in seconds, bytes and connections, so that no client can take what others need."""

IDLE_SECONDS = 15
"""A connection that asks nothing is closed after these."""
HEADER_SECONDS = 5
BODY_SECONDS = 5
REQUEST_SECONDS = 10
"""From a request that is read to its answer; later it is `timeout`."""
SEND_SECONDS = 10
"""A single write to a client that takes nothing."""
EXCHANGE_SECONDS = 45
"""Request and answer together."""
LINGER_SECONDS = 1
"""How long a client may go on sending what is not read, so that it sees the answer before the connection ends."""
DRAIN_SECONDS = 15
"""What running requests get at the end of the process."""
KEPT_SECONDS = 1
"""How long a kept connection waits for another request at the end of the process, since the last one was answered."""

CALLS_SECONDS = REQUEST_SECONDS - 1.0
"""What all calls of one request may take together; the rest is for its page."""
LONG_CALL_SECONDS = CALLS_SECONDS
"""What a call that has much to do may take: a whole document, a week's recalls, a batch of a provider's reports."""

CONNECTIONS = 1500
CONNECTIONS_OF_ONE, CONNECTIONS_OF_SITE, CONNECTIONS_OF_NETWORK = 100, 150, 250
"""Open at the same time: of all, and of one address that is no trusted proxy, its /56 of IPv6, its network."""
WORKERS = 100

URL_LIMIT = 8192
BODY_LIMIT = 64 * 1024
DOCUMENT_LIMIT = 1024 * 1024
PICTURE_LIMIT = 2 * 1024 * 1024
"""Bytes that an address may have, a body, a clinic document, and a picture."""
PICTURE_FORM_LIMIT = PICTURE_LIMIT + BODY_LIMIT
"""Of a form that a picture comes in."""
MOVING_IN_LIMIT = 6 * 1024 * 1024
"""Of a file of a former system: some 50,000 lines; the command line takes larger ones."""
MOVING_IN_FORM_LIMIT = MOVING_IN_LIMIT + BODY_LIMIT
"""Of the form that it comes in: the largest body that there is."""

BODY_VALUES = 5_000
DOCUMENT_VALUES = 200_000
"""How many values JSON may hold: a form has some dozens, a clinic document some thousands."""
FORM_FIELDS = 200
DOCUMENT_FIELDS = 5_000
"""How many fields a page's form may send, and one of the set-up: who takes what, of 50 people and 40 types."""


def body_seconds(length: int) -> float:
    """Return how long a body of so many bytes may be on its way: more than a picture takes longer, at the same rate."""
    return BODY_SECONDS * max(1.0, length / PICTURE_FORM_LIMIT)
