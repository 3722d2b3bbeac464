"""Where the console leads to, in the order in which it is needed, and for whom."""

from collections.abc import Mapping
from typing import NamedTuple

from gateway.http.wording import N_


class Section(NamedTuple):
    """A place in the navigation; `counted` is the name of the number that stands beside it."""

    name: str
    path: str
    label: str
    for_administrators: bool = False
    counted: str | None = None


SECTIONS = (
    Section("calendar", "", N_("Calendar")),
    Section("patients", "/patients", N_("Patients")),
    Section("watch_list", "/watch-list", N_("Watch list"), counted="watch_list"),
    Section("recalls", "/recalls", N_("Recalls")),
    Section("messages", "/messages", N_("Messages"), counted="messages"),
    Section("report", "/report", N_("Report"), for_administrators=True),
    Section("links", "/links", N_("Links")),
    Section("set_up", "/set-up", N_("Set-up"), for_administrators=True),
    Section("accounts", "/accounts", N_("Accounts"), for_administrators=True),
)

COUNTS: Mapping[str, str] = {
    "watch_list": N_("to call back"),
    "messages": N_("failed"),
}
"""What the numbers count, for who does not see where they stand."""


def sections_for(is_administrator: bool) -> tuple[Section, ...]:
    """Return the places that somebody may go to."""
    return tuple(each for each in SECTIONS if is_administrator or not each.for_administrators)
