"""How French and Persian are set (docs/glossary.md): spaces, half-spaces and digits of all that we say in them.

What is written in Latin letters within Persian (a code, an address, a form to be typed) begins with U+200E or is
isolated (U+2066 … U+2069), so that it stands the right way round; its digits are Latin.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from scripts.texts import CATALOGUES, ROOT, read
from services.notification.model.messages import Addressee
from services.notification.wording.compose import compose
from shared.clinic.message_keys import BOOKED, CANCELLED, CHOOSE_AGAIN, MOVED, RECALL, REMINDER
from tests.builders.notification.messages import LINKS, NOW, an_appointment, demo_clinics, previously

PERSONS = {
    "fr": {"first_name": "Zoé", "last_name": "Rochat", "code": "7K3M-9QX2"},
    "fa": {"first_name": "سارا", "last_name": "کریمی", "code": "7K3M-9QX2"},
}
DEMO = {"fr": "optamed", "fa": "exir"}
HALF = "\u200c"
NO_PLACE_FOR_TEXT = re.compile(
    r"https?://\S+|%\(\w+\)s|\{\w*\}|\S+@\S+|\d{4}-\d\d-\d\d(T[\d:+]+)?|\u2066[^\u2069]*\u2069|\u200e[ -~]*\u200e?"
)
"""Addresses, variables, and what is to be typed or stands just as it is."""

FRENCH_FAULTS = {
    "no narrow no-break space before": r"[^\u202f?!][?!;»]",
    "no narrow no-break space behind": r"«[^\u202f]",
    "no no-break space before": r"[^\u00a0]:",
    "a straight apostrophe": r"\w'\w",
    "a time with a colon": r"\d:\d\d",
    "three dots for one sign": r"\.\.\.",
}

PERSIAN_FAULTS = {
    "a digit of another script": r"[0-9٠-٩]",
    "an Arabic letter": r"[يكةىۀ]",
    "a hamza for the ezafe": r"\u0654",
    "a Latin comma, semicolon or question mark": r"[,;?]",
    "می without its half-space": r"\bن?می( |(خواه|کن|توان|شو|شد|ده|بین|گیر|پذیر|رس|دان|مان))",
    "an ending behind a space": r" (ها|های|هایی|هایم|تر|ترین|ام|اید|اند|ایم)\b",
    "ها joined to a letter that it would melt into": r"[بپتثجچحخسشصضطظعغفقکگلمنهی]ها(?!\w)",
    "a half-space where letters do not join anyway": rf"[ادذرزژوآأؤ]{HALF}",
    "a half-space at an edge": rf"(^|[ {HALF}]){HALF}|{HALF}($|[ .،؛:؟!)])",
    "one of two ways to write it": r"این\u200cجا|آن\u200cجا|به صورت|به جای|\bپنجشنبه|\bیکشنبه",
    "a space before a sign": r" [.،؛:؟!]",
}
FINE = {"تنها", "بها", "منها"}
"""Words that only look like plurals."""


def texts_of(language: str) -> Iterator[str]:
    """Yield what stands in the catalogues and the demo clinic of a language, and what its messages say."""
    for each in CATALOGUES:
        yield from (str(message.string) for message in read(each.path(language), language) if message.id)
    yield from _in_document(yaml.safe_load((ROOT / "demo" / f"{DEMO[language]}.yaml").read_text()), language)
    yield from _messages(language)


def _in_document(value: Any, language: str) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _in_document(each, language)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key == language and isinstance(each, str):
                yield each
            yield from _in_document(each, language)


def _messages(language: str) -> Iterator[str]:
    clinic = demo_clinics()[DEMO[language]]
    type, practitioner = next(iter(clinic.types)), next(iter(clinic.practitioners))
    appointment = an_appointment(
        language=language, type=type, practitioner=practitioner, person=PERSONS[language],
        previous=previously(type=type, practitioner=practitioner),
    )  # fmt: skip
    to = Addressee("patient", "email", "eva@example.org", "")
    for happened in (BOOKED, MOVED, CANCELLED, CHOOSE_AGAIN, REMINDER, RECALL):
        content = compose(appointment, happened, to, clinic, LINKS, NOW)
        yield from (content.subject or "", *content.text.splitlines())


def faults(text: str, rules: dict[str, str]) -> list[str]:
    """Return what is wrong in a text, by the names of the rules."""
    bare = NO_PLACE_FOR_TEXT.sub("X", text)
    bare = " ".join(word for word in bare.split(" ") if word.strip(".،؛:؟!") not in FINE)
    return [f"{name}: {text}" for name, pattern in rules.items() if re.search(pattern, bare)]


@pytest.mark.parametrize(("language", "rules"), [("fr", FRENCH_FAULTS), ("fa", PERSIAN_FAULTS)], ids=["fr", "fa"])
def test_every_text_is_set_as_the_language_is(language: str, rules: dict[str, str]) -> None:
    texts = [*texts_of(language)]
    assert len(texts) > 350
    assert [fault for text in texts for fault in faults(text, rules)] == []


def test_no_template_puts_a_sign_behind_a_text_that_each_language_spaces_by_its_own_rule() -> None:
    behind = re.compile(r"\)\s*\}\}[:?!;]|>[:;] \{\{")
    for path in (ROOT / "gateway").glob("*/templates/*.html"):
        assert behind.findall(path.read_text(encoding="utf-8")) == [], path.name


@pytest.mark.parametrize(
    "wrong",
    ["Vraiment ?", "Vraiment?", "« Oui »", "Le code : 12", "L'heure", "à 17:45", "Attendez...", "Venez; merci"],
)
def test_french_faults_are_found(wrong: str) -> None:
    assert faults(wrong, FRENCH_FAULTS)


def test_french_that_is_well_set_has_no_fault() -> None:
    well = "Vraiment\u202f? Le code\u00a0: «\u202fà 17h45\u202f»\u202f; %(day)s\u00a0: https://a.example/?b=c"
    assert faults(well, FRENCH_FAULTS) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "می خواهید",
        "میخواهید",
        "نوبت ها",
        "نوبتها",
        "شمارهٔ تلفن",
        "روز‌ها",
        "10 رقم",
        "١٠ رقم",
        "كد ملي",
        "بله, خیر",
        "این‌جا",
        "کد :",
    ],
)
def test_persian_faults_are_found(wrong: str) -> None:
    assert faults(wrong, PERSIAN_FAULTS)


def test_persian_that_is_well_set_has_no_fault() -> None:
    well = "نوبت‌های این روزها را می‌خواهید؟ تنها ۱۰ رقم، مانند \u200e120485-1234"
    assert faults(well, PERSIAN_FAULTS) == []
