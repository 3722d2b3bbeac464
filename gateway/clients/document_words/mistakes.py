"""What is wrong with the clinic document, as it is told to its people in their language.

Availability says it in English, to programs as well; each of its sentences has one here, with what stood in its places.
What a sentence of its adds as a hint (what is known there, or looks much alike) is told to who writes the text, or a
template: a form offers what is known.
"""

import re
from collections.abc import Callable, Mapping, Sequence

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
    "{_} is not a region of {_}; write one of {regions}.": N_("Enter one of these: {regions}."),
    "It is before first_date {_}": N_("It is before the first date."),
    "It is before from {_}": N_("The last day is before the first day."),
    "It is not after opens_at {_}": N_("It must be later than the opening."),
    "{day} is among open_dates too; {_}": N_("{day} is among the days on which you work. Remove it from one of them."),
    "A field of kind choice needs choices; {_}": N_("Enter the answers to choose from."),
    "Only fields of kind choice have choices; {_}": N_("Only questions with several answers have these. Remove them."),
    "{value} stands for two choices; {_}": N_("{value} stands for two answers. Word one of them differently."),
    "It is shorter than patients ({_}); {_}": N_(
        "This shows who still comes. Enter at least as many days as for patients, or fewer there."
    ),
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
    "There is no {_}; write a key that exists.": N_("It is not there any more. Choose another one."),
    "There is no pool {_}": N_("It is not there any more. Choose another one."),
    "{_} is not one of {known}.": N_("Choose one of these."),
    "{_} is not a text; {_}": N_("Write a text here."),
    "The text is empty; {_}": N_("Fill this in, or leave it out."),
    "{_} is neither true nor false; {_}": N_("Write true or false, without quotes."),
    "{_} is in days; {_}": N_("Enter hours or minutes, such as 24h or 45m."),
    "{_} is not in days; {_}": N_("Enter a number of days, such as 90d."),
    "{_} has seconds; {_}": N_("Enter whole minutes, without seconds."),
    "{_} has no telephone numbers of its own; {_}": N_("Enter codes of countries, such as SE."),
    "{_} is a resource, not a pool; {_}": N_(
        "This is a single room or device. Name it in a list of its own, or choose a group of them."
    ),
    "The clinic's languages are {languages}; {_}": N_(
        "The clinic’s languages are {languages}. Add this one to them, or take the text out."
    ),
    "An absence is of a practitioner or of a resource; {_}": N_(
        "An absence is of a person or of a room or device. Make two of it."
    ),
    "Write dates for both from and to, or moments for both.": N_("Enter a time for both ends, or for neither."),
    "It is not after from {_}; write a later one, or the same date for one day.": N_(
        "It must end after it begins. Enter a later end."
    ),
    "{value} stands twice; remove the id of the new absence.": N_("{value} stands twice. Remove one."),
}

_OF_TEXTS: Mapping[str, str] = {
    "{_} is not a document; {_}": N_("This is no clinic’s document. Begin with clinic, name and types."),
    "There is no such key; remove it.": N_("There is no setting of this name. Take it out."),
    "{_} is not a section; write keys such as {keys}.": N_("Here stand further settings, such as {keys}."),
    "{_} is not a list; {_}": N_("Here stands a list: write its items in [ ], or with a hyphen each."),
    "{_} is not a map; {_}": N_("Here stand pairs of a name and a value, with a colon between them."),
    "{_} is not a time: put times in quotes, {example}; {_}": N_("Put times in quotes: {example}."),
    "This is neither YAML nor JSON: {_}": N_(
        "The text cannot be read from here on. Look at indents, colons, quotes and brackets."
    ),
    "{_} stands twice in one section; {_}": N_("This setting stands twice in one place. Take one of them out."),
    "A key must be a single word.": N_("Before a colon stands a single word."),
    "The document is empty; {_}": N_("The text is empty. Write at least name, clinic, time_zone and types."),
    "Write plain values, without the tag {tag}.": N_("Write the value alone, without {tag}."),
    "More than {most} levels; {_}": N_("It is nested more than {most} levels deep. No set-up needs that."),
    "A part contains itself by an alias; {_}": N_("A part repeats itself by an alias. Write it out."),
    "With its aliases written out the document has more than {most} values.": N_(
        "With all that it repeats, the text has more than {most} values. Shorten it."
    ),
    "This is the document of {_}; apply it there, or write {clinic} here.": N_(
        "This is another clinic’s document. To take it over, write {clinic} here."
    ),
    "Line {line} is no template: No filter named '{name}'.": N_("Line {line}: there is no filter “{name}”."),
    "Line {line} is no template: {_}": N_("The double braces in line {line} do not fit together."),
    "The template has too many levels; {_}": N_("It is nested too deep. Write it simpler."),
    'Line {line} names "{name}", which messages have not.': N_("“{name}” is not among what can be filled in."),
    'Line {line} names "{name}", which this message never has.': N_(
        "“{name}” is never filled in in this message. Remove it."
    ),
    "Line {line}: {told}": N_("Line {line}: {told}"),
    "A message may show variables and choose by if, nothing else.": N_(
        "A message may show variables and choose by “if”, nothing else."
    ),
    "A message has no loops; {_}": N_("A message cannot repeat things. Write what it says once."),
    "A message calls nothing; {_}": N_("A message works nothing out. Where a filter does it, write one behind |."),
    "A message does not calculate; {_}": N_("A message does not calculate. Join texts by ~."),
    "A message makes no variables of its own; {_}": N_(
        "A message makes no variables of its own. Write the text where it belongs."
    ),
    "A message stands alone; {_}": N_("A message stands alone. It cannot take in other ones."),
    "Nobody can choose another time by a message without {{ link }}.": N_(
        "Nobody can choose another time by it without the link. Write {{ link }} where it is to stand."
    ),
    "A recall needs {{ link }} or {{ code }}, or nobody can book by it.": N_(
        "Nobody can book by it without the link or the code. Write {{ link }} or {{ code }} where it is to stand."
    ),
    "Nobody can log in by a message without {{ code }}.": N_(
        "Nobody can log in by it without the code. Write {{ code }} where it is to stand."
    ),
    "It cannot be filled in: {_}": N_("It cannot be filled in: a filter or an “if” does not fit what it is used on."),
    "It makes more than {most} characters.": N_("It becomes longer than {most} characters. Shorten it."),
    "A replace makes more than {most} characters.": N_(
        "“replace” makes more than {most} characters of it. Shorten it."
    ),
}
"""What only who writes the document as a text, or a template of a message, can come upon."""

_HINTS: Mapping[str, str] = {
    'Did you mean "{close}"?': N_("Did you mean “{close}”?"),
    "Known here: {known}.": N_("Possible here: {known}."),
    "Known: {known}.": N_("Possible here: {known}."),
    "The document has no {_} at all.": N_("There is none yet."),
    "No resource has a pool.": N_("There is none yet."),
    'A bare {word} means false in {_}: write it in quotes, "{quoted}".': N_('Write it in quotes: "{quoted}".'),
}
"""What a sentence may add to say what is right instead."""

_TOLD, _KNOWN = "told", "known"
"""The place in which another sentence stands; that of what is possible, which a form shows."""


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", sentence)
    texts, places = map(re.escape, parts[::2]), [*(_place(name) for name in parts[1::2]), ""]
    return re.compile("".join(text + place for text, place in zip(texts, places, strict=True)), re.DOTALL)


def _place(name: str) -> str:
    return ".*?" if name == "_" else f"(?P<{name}>.*?)"


Patterns = Sequence[tuple[re.Pattern[str], str]]

_PATTERNS: Patterns = [(_pattern(theirs), ours) for theirs, ours in {**_SENTENCES, **_OF_TEXTS}.items()]
_HINT_PATTERNS: Patterns = [(_pattern(theirs), ours) for theirs, ours in _HINTS.items()]
_BEFORE_HINT = re.compile(
    r"(?<=[.;]) (?=Did you mean \"|Known here: |Known: |The document has no |No resource has |A bare )"
)

Say = Callable[..., str]
"""Says a text of ours in the reader's language, with values in its places."""


def in_words(message: str, say: Say, *, hints: bool) -> str:
    """Return what people are told of what availability says; with its `hints`, where they help who reads it."""
    sentence, *added = _BEFORE_HINT.split(message)
    told, places = _said(sentence, _PATTERNS, say)
    if not hints and sentence_of(sentence) not in _OF_TEXTS.values():
        return told
    if _KNOWN in places:
        added.append(f"Known: {places[_KNOWN]}.")
    return " ".join([told, *(_said(each, _HINT_PATTERNS, say)[0] for each in added)])


def sentence_of(sentence: str) -> str | None:
    """Return our sentence for one of availability's, without its hint; None where there is none."""
    return next((ours for pattern, ours in _PATTERNS if pattern.fullmatch(sentence)), None)


def _said(sentence: str, patterns: Patterns, say: Say) -> tuple[str, Mapping[str, str]]:
    """Return a sentence in people's words, and what stands in its places; itself where there are none for it."""
    for pattern, ours in patterns:
        if found := pattern.fullmatch(sentence):
            places = found.groupdict()
            if _TOLD in places:
                places[_TOLD] = _said(places[_TOLD], patterns, say)[0]
            return say(ours, **places), places
    return sentence, {}
