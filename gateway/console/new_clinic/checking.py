"""What must be answered on each page before the next one, told at its field."""

from collections.abc import Callable, Mapping

from gateway.console.frame.here import Here
from gateway.console.new_clinic.answers import LIKE, Answers
from gateway.console.new_clinic.countries import is_country
from gateway.console.new_clinic.document import types_of, week_of
from gateway.console.new_clinic.examples import EXAMPLES
from gateway.console.new_clinic.hours import NoHours
from gateway.console.new_clinic.kinds import KINDS
from gateway.http.wording import N_
from shared.identity.emails import normal_email

_COUNTRY = N_("Choose the country.")
_START = N_("Choose what the clinic is, or an example to start like.")
_NAME = N_("Enter the clinic’s name, as patients know it.")
_PEOPLE = N_("Enter the name of at least one person who treats.")
_TYPES = N_("Enter at least one type of appointment.")
_MINUTES = N_("Enter how many minutes it takes, such as 30.")
_KEY = N_("Enter the short name that stands in the clinic’s addresses.")
_TAKEN = N_("Another clinic has this address already. Choose another one, such as {other}.")
_OWN_ADDRESS = N_("This is your own address, which may do everything already. Enter that of somebody at the clinic.")

Errors = dict[str, str]


def problems(here: Here, step: str, answers: Answers) -> Errors:
    """Return what is wrong on a page by its fields, in the reader's language."""
    return _CHECKS[step](here, answers)


def problems_before(here: Here, answers: Answers) -> list[tuple[str, str]]:
    """Return what is wrong on the pages before the last one, each with its page: who goes back leaves it as it is."""
    return [(step, text) for step in answers.steps[:-1] for text in problems(here, step, answers).values()]


def taken(here: Here, proposed: str) -> str:
    """Return what is told of an address that another clinic has."""
    return here.say(_TAKEN, other=proposed)


def _begin(here: Here, answers: Answers) -> Errors:
    errors = {}
    start = answers["start"]
    if start not in KINDS and start.removeprefix(LIKE) not in EXAMPLES:
        errors["start"] = here.say(_START)
    if not answers.is_like and not is_country(answers["country"]):
        errors["country"] = here.say(_COUNTRY)
    return errors


def _clinic(here: Here, answers: Answers) -> Errors:
    return {} if answers["name"] else {"name": here.say(_NAME)}


def _people(here: Here, answers: Answers) -> Errors:
    errors = {} if answers["practitioners"].strip() else {"practitioners": here.say(_PEOPLE)}
    if not answers.is_like:
        try:
            week_of(answers, here.language)
        except NoHours as wrong:
            errors["hours"] = here.say(wrong.text, **wrong.values)
    return errors


def _types(here: Here, answers: Answers) -> Errors:
    rows = types_of(answers)
    if not rows:
        return {"type.0": here.say(_TYPES)}
    wrong = [row for row, _, minutes in rows if not (minutes.isdecimal() and 0 < int(minutes[:5]) <= 24 * 60)]
    return {f"minutes.{row}": here.say(_MINUTES) for row in wrong}


def _check(here: Here, answers: Answers) -> Errors:
    errors = {} if answers["clinic"] else {"clinic": here.say(_KEY)}
    try:
        if normal_email(answers["administrator"]).casefold() == here.email.casefold():
            errors["administrator"] = here.say(_OWN_ADDRESS)
    except ValueError as wrong:
        errors["administrator"] = here.say(str(wrong))
    return errors


_CHECKS: Mapping[str, Callable[[Here, Answers], Errors]] = {
    "begin": _begin,
    "clinic": _clinic,
    "people": _people,
    "types": _types,
    "check": _check,
}
