"""What is personal and stands sealed in `data.person` of events: numbers, names, addresses."""

from dataclasses import dataclass
from datetime import date

ADDRESSES = ("mobile", "email")
"""Where messages reach somebody; the clinic confirms each by itself."""
CONSENTS = {"mobile": "sms_ok", "email": "email_ok"}
"""What somebody says of messages to each."""


@dataclass(frozen=True)
class Identity:
    """A national identity number."""

    scheme: str
    """Whose rule it follows: `se.personnummer`, `no.fodselsnummer` …"""
    number: str
    """In its normal form."""


@dataclass(frozen=True, kw_only=True)
class Contact:
    """What somebody is called, and where messages reach them."""

    first_name: str | None
    last_name: str | None
    mobile: str | None
    """In E.164."""
    email: str | None
    sms_ok: bool | None
    """Whether they may be sent SMS; null where they were never asked."""
    email_ok: bool | None
    """Whether they may be sent emails; null where they were never asked."""
    unconfirmed: tuple[str, ...] = ()
    """Of `mobile` and `email` those of a record that the clinic has not confirmed: nothing is sent there. What was
    typed into a booking on the web serves that booking and is not among them."""


@dataclass(frozen=True, kw_only=True)
class Person(Contact):
    """A contact with what tells people apart."""

    identity: Identity | None
    birth_date: date | None
