"""What is wrong with a value of the clinic document, as it is told to who fills in a form.

Availability says it to who writes the document; each of its sentences that a form can lead to has one here, with what
stood in its places. Others are told as they are.
"""

import re
from collections.abc import Mapping

from gateway.http.wording import N_

_TWICE = N_("{value} stands twice. Remove one.")
_TIME = N_("Enter a time such as 08:00.")
_NO_DATE = N_("Enter a real date with day, month and year.")
_SIGNS = N_("It contains hidden characters. Type it anew.")

_SENTENCES: Mapping[str, str] = {
    "This key is required; write it.": N_("Fill this in."),
    "The text has {count} characters; shorten it to at most {most}.": N_(
        "It has {count} characters. Shorten it to at most {most}."
    ),
    "The text contains control characters; {_}": _SIGNS,
    "The text contains hidden characters; {_}": _SIGNS,
    "{_} is not a whole number from {low} to {high}; {_}": N_("Enter a whole number from {low} to {high}."),
    "{_} is not a key; {_}": N_("Use 1 to 40 letters a–z, digits and hyphens, and begin with a letter or digit."),
    "{_} is an address of the installation itself; {_}": N_(
        "The installation itself has this address. Choose another one."
    ),
    "{_} is not a short name; {_}": N_(
        "Use 1 to 40 small letters a–z, digits and hyphens; begin and end with a letter or digit."
    ),
    "{_} is not an amount; {_}": N_("Enter an amount such as 995 or 79.50."),
    "{_} is not a colour; {_}": N_("Enter a colour such as #1a73e8."),
    '{_} is too light {_} for example "{like}".': N_("It is too light to be read. A darker one would be {like}."),
    "{_} is not a code of a language, {_}": N_("Enter codes of languages such as sv, en or fa."),
    "{_} is not an email address; {_}": N_("Enter an email address such as info@clinic.example."),
    "{_} is not a telephone number; {_}": N_("Enter a telephone number such as +46 8 123 45 67."),
    "{_} is not a web address; write one that starts with {start}.": N_("Enter an address that begins with {start}."),
    "{_} is not an origin; {_}": N_("Enter the address without a path, such as https://clinic.example."),
    "{_} is not a code of {letters} capital letters such as {example}.": N_(
        "Enter a code of {letters} capital letters, such as {example}."
    ),
    "{_} is not a length of time; {_}": N_("Enter a number."),
    "{_} is outside what is possible here; write {low} to {high}.": N_("Possible here is {low} to {high}."),
    "{_} is not a time; {_}": _TIME,
    "{_} is not a time of day; {_}": _TIME,
    "{_} is not a date; {_}": _NO_DATE,
    "{_} is not a moment; {_}": _NO_DATE,
    "{_} is out of time; {_}": _NO_DATE,
    "{_} is not a time zone; {_}": N_("This time zone is not known. Write one such as Europe/Stockholm."),
    "The list has {_} items; give {least} to {most}.": N_("There must be {least} to {most} of them."),
    "{_} stands twice; give each its own key.": N_("This short name is taken. Choose another one."),
    "{value} stands twice; remove one.": _TWICE,
    "The same reminder stands twice; remove one.": N_("The same reminder stands twice. Remove one."),
    "A region needs its country; {_}": N_("Choose the country as well."),
    "The public holidays of {_} are not known; {_}": N_("The public holidays of this country are not known."),
    "{_} has no regions with holidays of their own; {_}": N_("There are no regions in this country. Leave it empty."),
    "{_} is not a region of {_}; write one of {regions}.{_}": N_("Enter one of these: {regions}."),
    "It is before first_date {_}": N_("It is before the first date."),
    "It is before from {_}": N_("The last day is before the first day."),
    "It is not after opens_at {_}": N_("It must be later than the opening."),
    "{day} is among open_dates too; {_}": N_("{day} is among the days on which you work. Remove it from one of them."),
    "A field of kind choice needs choices; {_}": N_("Enter the answers to choose from."),
    "Only fields of kind choice have choices; {_}": N_("Only questions with several answers have these. Remove them."),
    "{value} stands for two choices; {_}": N_("{value} stands for two answers. Word one of them differently."),
    "It is the same time as from; {_}": N_("Both times are the same. Choose another, or leave both empty."),
    "A price needs the clinic's currency; {_}": N_("Enter the clinic's currency first, under “Clinic and contact”."),
    "Nobody who is online can take this type; {_}": N_(
        "Nobody who is signed up for online booking takes it. Choose somebody who is, or take it off online booking."
    ),
    "{_} does not take this type; {_}": N_("This practitioner does not take this type of appointment."),
    "There are not enough resources {_}": N_("There are not enough rooms or devices for all that it needs at once."),
    "It is not after from {_}; a block ends {_}": N_("It must be later than “From”, and at most 24:00."),
    "The block overlaps {_}": N_("It overlaps another block. Let one end before the other begins."),
    "It overlaps plans{_} first on {day}; {_}": N_(
        "It overlaps another plan of the same practitioner, first on {day}. Change the days or the weeks."
    ),
    "{_} has its one-off plan in days{_}": N_("This date is set up already. Change it there."),
    "{_} is not a multiple of the grid; write {near}.": N_("It must fit the grid of times: {near}."),
    "{_} is possible only in mode spaced; write {least} or more.": N_("Enter {least} or more."),
    "{_} is off the grid of {_}; write {near}.": N_("It must fit the grid of times: {near}."),
    "There is no {_}; write a key that exists.{_}": N_("It is not there any more. Choose another one."),
    "There is no pool {_}": N_("It is not there any more. Choose another one."),
    "{_} is not one of {_}": N_("Choose one of these."),
    'Line {line} names "{name}", which messages have not.{_}': N_(
        "“{name}” is not among what can be filled in. Take one of those above."
    ),
    'Line {line} names "{name}", which this message never has.{_}': N_(
        "“{name}” is never filled in in this message. Remove it."
    ),
    "Line {line} is no template: {_}": N_("The double braces in line {line} do not fit together. Write them as above."),
    "Nobody can choose another time by a message without {{ link }}.": N_(
        "Nobody can choose another time by it without the link. Write {{ link }} where it is to stand."
    ),
    "A recall needs {{ link }} or {{ code }}, or nobody can book by it.": N_(
        "Nobody can book by it without the link or the code. Write {{ link }} or {{ code }} where it is to stand."
    ),
    "Nobody can log in by a message without {{ code }}.": N_(
        "Nobody can log in by it without the code. Write {{ code }} where it is to stand."
    ),
}


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", sentence)
    texts, places = map(re.escape, parts[::2]), [*(_place(name) for name in parts[1::2]), ""]
    return re.compile("".join(text + place for text, place in zip(texts, places, strict=True)), re.DOTALL)


def _place(name: str) -> str:
    return ".*?" if name == "_" else f"(?P<{name}>.*?)"


_PATTERNS = [(_pattern(theirs), ours) for theirs, ours in _SENTENCES.items()]


def for_forms(message: str) -> tuple[str, Mapping[str, str]]:
    """Return what a form says of what availability says, and what stands in its places."""
    for pattern, sentence in _PATTERNS:
        if found := pattern.fullmatch(message):
            return sentence, found.groupdict()
    return message, {}
