"""Who would be told of a change by what, in words, and the choice whom to tell (PRODUCT C10)."""

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.console.frame.here import Here
from gateway.http.wording import N_
from shared.contracts.errors import NotFound, Timeout, Unavailable
from shared.texts.language import comma

_BY = {
    ("sms",): N_("{name} by text message"),
    ("email",): N_("{name} by email"),
    ("email", "sms"): N_("{name} by text message and email"),
}
_CHOICES = {
    "all": N_("Everybody: {people}"),
    "practitioner": N_("Not the patient, only {people}"),
    "none": N_("Nobody"),
}
_ALONE = {"all": N_("Everybody"), "practitioner": N_("The practitioner only"), "none": N_("Nobody")}
NOBODY_ANYWAY = N_(
    "Nobody would be told of this: there is no address, no consent, or the clinic tells of it by nothing."
)


def choices(here: Here, reference: str, happened: str, practitioner: str | None = None) -> dict[str, Any]:
    """Return `tell`, pairs of a choice and its words, and `nobody_anyway` where there is nothing to choose.

    Where it is not to be learnt just now, the choice is offered without names.
    """
    try:
        fields = {} if practitioner is None else {"practitioner": practitioner}
        told = here.services.notification.addressees(here.clinic, reference, **fields)[happened]
    except (NotFound, Timeout, Unavailable):
        return {"tell": [(choice, here.say(text)) for choice, text in _ALONE.items()], "nobody_anyway": False}
    others = [each for each in told if each["audience"] != "patient"]
    named = {"all": _people(here, told), "practitioner": _people(here, others), "none": ""}
    offered = [choice for choice in _CHOICES if choice == "none" or named[choice]]
    if len(others) == len(told):
        offered = [choice for choice in offered if choice != "practitioner"]
    tell = [(choice, here.say(_CHOICES[choice], people=named[choice])) for choice in offered]
    return {"tell": tell, "nobody_anyway": not told}


def _people(here: Here, told: Iterable[Mapping[str, str]]) -> str:
    """Return everybody by name, each with all that reaches them."""
    channels: dict[tuple[str, str], set[str]] = {}
    for each in told:
        channels.setdefault((each["audience"], each["name"]), set()).add(each["channel"])
    said = (here.say(_BY[tuple(sorted(by))], name=name) for (_, name), by in channels.items())
    return f"{comma(here.language)} ".join(said)
