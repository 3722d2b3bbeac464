"""What follows from the country of a new clinic, and which countries stand first where one is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.console.new_clinic.hours import Week, hours_of
from shared.identity.numbers import NONE
from shared.texts.customs import customs_of
from shared.texts.language import LANGUAGES
from shared.texts.territories import territories

_WORKING_DAYS = ("mon", "tue", "wed", "thu", "fri")
_USUAL = hours_of(_WORKING_DAYS, ("08:00", "12:00"), ("13:00", "17:00"))


@dataclass(frozen=True)
class _Known:
    """What a clinic in a country of the manuals has besides its country's customs."""

    identity: str
    week: Week


_KNOWN: Mapping[str, _Known] = {
    "SE": _Known("se.personnummer", _USUAL),
    "NO": _Known("no.fodselsnummer", hours_of(_WORKING_DAYS, ("08:00", "11:30"), ("12:00", "15:30"))),
    "DK": _Known("dk.cpr", hours_of(_WORKING_DAYS, ("08:00", "12:00"), ("12:30", "16:00"))),
    "CH": _Known("ch.ssn", hours_of(_WORKING_DAYS, ("08:00", "12:00"), ("13:30", "18:00"))),
    "IR": _Known("ir.melli", hours_of(("sat", "sun", "mon", "tue", "wed"), ("09:00", "13:00"), ("16:00", "20:00"))),
}


@dataclass(frozen=True)
class Following:
    """What follows from a country, as the first set-up begins with it."""

    language: str
    zone: str
    currency: str
    identity: str
    week: Week


def following(country: str, reader: str) -> Following:
    """Return what follows from a country; its language is the `reader`'s where none of ours is spoken there."""
    usual, known = customs_of(country), _KNOWN.get(country, _Known(NONE, _USUAL))
    return Following(usual.language or reader, usual.zone or "", usual.currency or "", known.identity, known.week)


def countries_for(reader: str) -> list[tuple[str, str]]:
    """Return code and name of all countries, those of the manuals first, that of the `reader`'s language before them.

    English is at home in none of them.
    """
    named = dict(territories(reader))
    first = sorted(_KNOWN, key=lambda country: (customs_of(country).language != reader, named[country]))
    others = [pair for pair in territories(reader) if pair[0] not in _KNOWN]
    return [*((country, named[country]) for country in first), *others]


def is_country(code: str) -> bool:
    """Tell whether a code is a country's."""
    return code in dict(territories(LANGUAGES[0]))
