"""Emails to the people of clinics about their accounts: to them alone, and never shown to others (PRODUCT C4)."""

from datetime import timedelta
from typing import Any

import pytest

from services.notification.handlers.calling import CODE_KEPT, forget_codes
from services.notification.handlers.reading import message
from services.notification.handlers.resending import resend
from shared.contracts.envelope import Event
from shared.contracts.errors import NotFound
from shared.links import password_token
from shared.texts.language import LANGUAGES
from tests.builders.clock import FakeClock
from tests.builders.notification.mailroom import FakeChannel, Work, listed, send, tell
from tests.builders.notification.messages import HOUSE, KEYS, NOW, FakeDocuments, a_desk, a_document

LINK = "0a" * 16
TOKEN = password_token("link key", LINK)
WORDS = {
    "en": "Choose a password", "sv": "Välj ett lösenord", "nb": "Velg et passord", "da": "Vælg en adgangskode",
    "fr": "Choisir un mot de passe", "fa": "انتخاب گذرواژه",
}  # fmt: skip


def an_issued_link(purpose: str = "reset", language: str | None = "en", until: Any = NOW + timedelta(hours=1)) -> Event:
    """Return the event of a link for Ann."""
    person = KEYS.people.seal({"email": "ann@solna.example", "language": language})
    data = {"link": LINK, "purpose": purpose, "until": until.isoformat(), "person": person}
    return Event("e" * 32, "LinkIssued", "staff", NOW.isoformat(), "solna", LINK, 1, {}, "c0ffee", data)


def written(work: Work, event: Event, **document: Any) -> dict[str, Any]:
    """Let an event be taken in, and return the one message that is written."""
    desk = a_desk(work, FakeDocuments(solna=a_document(**document)))
    tell(desk, event)
    [found] = listed(work, None, with_codes=True)
    whole: dict[str, Any] = message(a_desk(work, actor=HOUSE), None, found["id"])
    return whole


def test_c4_somebody_is_sent_the_link_by_which_they_choose_another_password(work: Work) -> None:
    found = written(work, an_issued_link())
    assert (found["to"], found["channel"], found["audience"], found["booking"]) == (
        "ann@solna.example", "email", "staff", None,
    )  # fmt: skip
    assert f"https://booking.example/staff/-/password/{TOKEN}" in found["text"]
    assert "one hour" in found["text"]
    assert TOKEN in found["html"]
    assert TOKEN not in found["subject"]


def test_c1_an_invitation_says_whose_it_is(work: Work) -> None:
    found = written(
        work, an_issued_link("invitation", None, NOW + timedelta(days=7)), languages=["en", "sv"], name="Solna"
    )
    assert found["subject"] == "Your access to Solna"
    assert "You now have access to the calendar of Solna." in found["text"]
    assert "seven days" in found["text"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", ["reset", "invitation"])
def test_c4_it_is_written_in_the_reader_s_language(work: Work, purpose: str, language: str) -> None:
    assert WORDS[language] in written(work, an_issued_link(purpose, language))["text"]


def test_c4_nobody_of_the_clinic_sees_it_or_has_it_sent_again(work: Work) -> None:
    """It would let them in as somebody else."""
    id = written(work, an_issued_link())["id"]
    assert listed(work) == []
    for ask in (lambda: message(a_desk(work), "solna", id), lambda: resend(a_desk(work), "solna", id)):
        with pytest.raises(NotFound):
            ask()


def test_c4_it_is_sent_once_and_soon_forgotten(work: Work) -> None:
    tell(a_desk(work), an_issued_link())
    tell(a_desk(work), an_issued_link())
    channel = FakeChannel()
    assert send(work, channel, FakeClock(NOW)) == 1
    assert forget_codes(a_desk(work, now=NOW + CODE_KEPT + timedelta(seconds=1))) == 1
    [found] = listed(work, None, with_codes=True)
    assert (found["to"], found["text"]) == ("", "")


def test_c4_what_could_not_be_sent_in_its_hour_is_not_sent_later(work: Work) -> None:
    tell(a_desk(work), an_issued_link())
    channel = FakeChannel()
    send(work, channel, FakeClock(NOW + timedelta(hours=1, seconds=1)))
    assert channel.sent == []


def test_c4_a_clinic_s_own_texts_for_login_codes_are_not_used_for_it(work: Work) -> None:
    own = {
        "login_code": {"sms": None, "email": {"subject": {"en": "Own"}, "text": {"en": "Own {{ code }}"}, "html": None}}
    }
    assert "Own" not in written(work, an_issued_link(), messages=own)["text"]
