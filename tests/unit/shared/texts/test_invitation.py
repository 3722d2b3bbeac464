"""Calendar files are what the library that knows the standard would write, octet for octet (PRODUCT N1; RFC 5545)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event, vCalAddress, vText

from shared.texts.invitation import CANCEL, PUBLISH, REQUEST, Invitation, Party, attachment

TEXTS = st.text(st.sampled_from("ab ,;:\\^'\"\u2019\r\nNåø۱آ\u2066😀\t."), max_size=120)
LONG_TEXTS = st.lists(TEXTS, max_size=8).map("".join)
ADDRESSES = st.text(st.sampled_from("ab.åن"), max_size=90)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=3.5))])
MOMENTS = st.builds(datetime.fromtimestamp, st.integers(946_684_800, 4_102_444_800), ZONES)
PARTIES = st.builds(Party, TEXTS, ADDRESSES)
INVITATIONS = st.builds(
    Invitation,
    method=st.sampled_from([REQUEST, CANCEL, PUBLISH]),
    uid=TEXTS,
    sequence=st.integers(0, 99),
    stamp=MOMENTS,
    start=MOMENTS,
    end=MOMENTS,
    summary=TEXTS,
    location=TEXTS,
    description=LONG_TEXTS,
    url=st.none() | ADDRESSES,
    organizer=PARTIES,
    attendee=st.none() | PARTIES,
    goes_on=st.booleans(),
)


def judged(invitation: Invitation) -> str:
    """Return the file as the library writes it."""
    calendar, event = Calendar(), Event()
    calendar.add("prodid", "-//Frontdesk//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", invitation.method)
    for name in ("uid", "sequence", "summary", "location", "description"):
        event.add(name, getattr(invitation, name))
    for name, moment in (("dtstamp", invitation.stamp), ("dtstart", invitation.start), ("dtend", invitation.end)):
        event.add(name, moment.astimezone(UTC))
    if not invitation.goes_on:
        event.add("status", "CANCELLED" if invitation.method == CANCEL else "CONFIRMED")
    event.add("organizer", address(invitation.organizer))
    if invitation.attendee:
        event.add("attendee", address(invitation.attendee, ROLE="REQ-PARTICIPANT", PARTSTAT="ACCEPTED", RSVP="FALSE"))
    if invitation.url:
        event.add("url", invitation.url)
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written.decode()


def address(party: Party, **parameters: str) -> vCalAddress:
    """Return somebody as the library has it."""
    found = vCalAddress(f"mailto:{party.email}")
    for name, value in {"CN": party.name, **parameters}.items():
        found.params[name] = vText(value)
    return found


@given(INVITATIONS)
def test_n1_a_calendar_file_is_written_as_the_standard_has_it(invitation: Invitation) -> None:
    assert attachment(invitation)["content"] == judged(invitation)


@pytest.mark.parametrize("letters", ["a", "å", "ن", "😀", "\\", "^", ",;"])
@pytest.mark.parametrize("ahead", range(4))
def test_n1_a_long_line_is_folded_where_the_standard_lets_it_be(letters: str, ahead: int) -> None:
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    text = "x" * ahead + letters * 200
    long = Invitation(REQUEST, "uid", 0, now, now, now, text, text, text, None, Party(text, "a@b.example"))
    assert attachment(long)["content"] == judged(long)


@pytest.mark.parametrize("changes", [{"email": "a@b.example\nX-EVIL:1"}, {"email": "a@b.example\r"}])
def test_n1_an_address_of_two_lines_is_none(changes: dict[str, str]) -> None:
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    with pytest.raises(ValueError, match="more than one line"):
        attachment(Invitation(REQUEST, "uid", 0, now, now, now, "", "", "", None, Party("Eva", **changes)))
