"""What clinics of a kind offer, in the usual words of their country: to begin with, and to be changed at once."""

from collections.abc import Mapping, Sequence

from gateway.console.frame.speaking import say_in
from gateway.http.wording import N_

KINDS: Mapping[str, str] = {
    "dentist": N_("Dentists"),
    "doctor": N_("Doctors"),
    "physiotherapist": N_("Physiotherapists, osteopaths"),
    "psychologist": N_("Psychologists"),
    "other": N_("Something else"),
}

_TYPES: Mapping[str, Sequence[tuple[str, int]]] = {
    "dentist": ((N_("Dental check-up"), 30), (N_("Teeth cleaning"), 40), (N_("Toothache"), 20)),
    "doctor": ((N_("Doctor’s consultation"), 20), (N_("Check-up"), 15)),
    "physiotherapist": ((N_("First session"), 60), (N_("Treatment session"), 45)),
    "psychologist": ((N_("First talk"), 60), (N_("Talk"), 50)),
    "other": ((N_("An appointment"), 30),),
}


def usual_types(kind: str, language: str) -> Sequence[tuple[str, int]]:
    """Return name and minutes of the types of appointment that such a clinic begins with, in its own language."""
    return [(say_in(language, name), minutes) for name, minutes in _TYPES.get(kind, _TYPES["other"])]
