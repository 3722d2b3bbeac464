"""What the gateway says of each refusal: a title, and a sentence for the reader, both through gettext.

The msgids stand here once; the catalogues under `locales/` hold their translations.
"""

from dataclasses import dataclass
from pathlib import Path

from shared.contracts.errors import Refusal
from shared.texts.language import LANGUAGES, choose_language, translations

LOCALES = Path(__file__).parents[1] / "locales"


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "to be translated later"
    """Mark a text for the catalogues."""
    return text


@dataclass(frozen=True)
class Words:
    """The title of a code, and its sentence; `own` codes tell more in the refusal's own English sentence."""

    title: str
    sentence: str
    own: bool = False


WORDS: dict[str, Words] = {
    "malformed": Words(N_("Malformed request"), N_("The request cannot be understood."), own=True),
    "login_required": Words(N_("Login required"), N_("Please log in first."), own=True),
    "wrong_login": Words(N_("Wrong login"), N_("Something you entered is wrong or no longer valid.")),
    "code_required": Words(N_("Code required"), N_("Please enter the code for the second step as well.")),
    "forbidden": Words(N_("Forbidden"), N_("You are not allowed to do this."), own=True),
    "not_found": Words(N_("Not found"), N_("There is nothing here under this address or name."), own=True),
    "gone": Words(N_("No longer there"), N_("This link is no longer valid.")),
    "slot_not_offered": Words(N_("Time not available"), N_("This time is not available. Please choose another one.")),
    "slot_taken": Words(N_("Time taken"), N_("Somebody else has just booked this time. Please choose another one.")),
    "slot_held": Words(
        N_("Time held"), N_("Somebody else is just about to book this time. Please choose another one.")
    ),
    "hold_expired": Words(
        N_("Hold expired"), N_("We could not hold this time for you any longer. Please choose a time again.")
    ),
    "too_late": Words(N_("Too late"), N_("It is too late to change this appointment here.")),
    "already_cancelled": Words(N_("Already cancelled"), N_("This appointment is already cancelled.")),
    "changed_meanwhile": Words(
        N_("Changed in the meantime"),
        N_("Somebody else has changed this in the meantime. Please check it and try again."),
    ),
    "invalid": Words(N_("Invalid details"), N_("Some details are missing or wrong. Please check them."), own=True),
    "invalid_national_id": Words(
        N_("Invalid identity number"), N_("This number is not correct. Please check it digit by digit.")
    ),
    "under_age": Words(N_("Too young"), N_("This appointment can only be booked online from a certain age.")),
    "new_patients_refused": Words(
        N_("New patients not accepted"), N_("Online booking here is for existing patients only.")
    ),
    "no_open_need": Words(N_("Nothing to book"), N_("There is no appointment of this kind for you to book.")),
    "need_expired": Words(
        N_("Booking deadline passed"), N_("The deadline for booking this appointment yourself has passed.")
    ),
    "function_off": Words(N_("Switched off"), N_("This cannot be done online at this clinic.")),
    "booking_off": Words(N_("Online booking closed"), N_("Online booking at this clinic is closed.")),
    "not_changeable": Words(N_("Not changeable"), N_("This appointment cannot be changed here.")),
    "rate_limited": Words(N_("Too many attempts"), N_("There were too many attempts. Please wait a while.")),
    "busy": Words(
        N_("Many are booking"),
        N_("More people are booking at the same time than we can serve. Please try again in a moment."),
    ),
    "unavailable": Words(N_("Unavailable"), N_("We cannot do this right now. Please try again in a moment.")),
    "timeout": Words(N_("Timeout"), N_("This is taking too long right now. Please try again in a moment.")),
    "internal_error": Words(
        N_("Internal error"), N_("Something went wrong on our side. Please try again in a moment.")
    ),
}

CALL = N_("Please call the clinic: {phone}.")
ONLY_FOR_KNOWN = N_("Nobody who takes new patients is available at this time. Please choose another time.")
"""What is told where there are times at which new patients are taken."""


def reader_language(accept_language: str | None, wanted: str | None) -> str:
    """Return the language to answer in: `?lang=`, else the browser's best, else English."""
    return choose_language(accept_language, wanted, LANGUAGES)


def title_of(code: str, language: str) -> str:
    """Return the short name of a code in `language`."""
    return translations(LOCALES, language).gettext(WORDS[code].title)


def sentence_of(refusal: Refusal, language: str) -> str:
    """Return what to tell the reader, in `language`, with the clinic's telephone number where the refusal has it."""
    say = translations(LOCALES, language).gettext
    words = WORDS[refusal.code]
    sentence = refusal.detail if words.own and refusal.detail and language == "en" else say(words.sentence)
    if refusal.code == "new_patients_refused" and refusal.extra.get("alternatives"):
        sentence = say(ONLY_FOR_KNOWN)
    phone = refusal.extra.get("phone")
    return f"{sentence} {say(CALL).format(phone=phone)}" if phone else sentence


def rule_in(text: str, language: str) -> str:
    """Return what a rule of a service says in English, in `language` where the catalogue knows it."""
    return translations(LOCALES, language).gettext(text)


def field_errors(refusal: Refusal, language: str) -> dict[str, list[str]]:
    """Return the refusal's `errors` with each text translated where the catalogue knows it."""
    say = translations(LOCALES, language).gettext
    errors: dict[str, list[str]] = refusal.extra.get("errors") or {}
    return {field: [say(text) for text in texts] for field, texts in errors.items()}
