"""What can be read of an installation, and what of it must be read again by every later version.

A reading is kept as `{as, path, query, body}`. New fields and new entries may come; what was told once may neither
vanish nor change, but for what the clock changes.
"""

import re
from collections.abc import Iterator
from typing import Any

from tests.system.api_client import Client, staff
from tests.system.installation import ADMIN, ROOT, Installation

Reading = dict[str, Any]

MOST = 200
_LISTS = ("absences", "bookings", "watch-list", "needs", "patients", "messages")
_WHOLE = {"bookings": "reference", "patients": "id", "messages": "id"}
"""Lists whose entries can each be looked at, by the field that names them."""

_TIME_PASSES = {("status", "booked", "done"), ("state", "open", "expired")}
"""Changes of a field that need nothing but time."""

_DEMO = {path.stem for path in (ROOT / "demo").glob("*.yaml")}
_GROWS = {"version"}
"""Fields that may be higher than then: patient tells its records anew, and what follows counts as a change (ADR 15)."""

_ENDS = {("state", "planned", "withdrawn")}
"""What a rule of later ends: reminders of staff's bookings to addresses that the web brought (ADR 15)."""

_RULED_ANEW = {"mobile_unconfirmed"}
"""Fields of which a later rule says something else of what is stored: what the web brought is unconfirmed (ADR 15)."""

_REWORDED = {
    "The receiver has asked by STOP to get no SMS.",
    "The receiver's mail server did not take it.",
    "Unusually many messages went to this address within a day. Look why, and send it again if it is right.",
}
"""What staff were told as `text` beside a code, and are told in other words since: the code stays what it was."""


_FRAMED = re.compile(r'<iframe src="([^"]+)"')
"""The page that a clinic's own site shows in its frame: the code around it may be better since, the page stays."""


def everything(installation: Installation, clinics: list[str], links: list[str]) -> list[Reading]:
    """Return all readings of these clinics, and of the personal links in `links` (tokens)."""
    reader = Reader(installation)
    found = [reader.read("public", f"/clinics/{clinic}") for clinic in clinics]
    found += [reading for clinic in clinics for reading in reader.of_staff(clinic)]
    return found + [reader.read("public", f"/manage/{token}") for token in links]


class Reader:
    """Reads over HTTP, as a patient and as the administrator."""

    def __init__(self, installation: Installation) -> None:
        self._clients = {"public": Client(installation.url), "staff": staff(installation.url, *ADMIN)}

    def read(self, who: str, path: str, **query: Any) -> Reading:
        """Return what a path answers."""
        answer = self._clients[who].get(path, **query)
        assert answer.status == 200, (path, answer)
        return {"as": who, "path": path, "query": query, "body": answer.body}

    def again(self, reading: Reading) -> Any:
        """Return what the path of a reading answers now."""
        return self.read(reading["as"], reading["path"], **reading["query"])["body"]

    def of_staff(self, clinic: str) -> Iterator[Reading]:
        """Yield all that a clinic's staff can read."""
        at = f"/staff/clinics/{clinic}"
        yield self.read("staff", f"{at}/document")
        yield self.read("staff", f"{at}/links")
        for name in _LISTS:
            listed = self.read("staff", f"{at}/{name}", limit=MOST)
            rows = listed["body"][name.replace("-", "_")]
            assert len(rows) < MOST, f"a baseline has no second page of {name}"
            rows[:] = [row for row in rows if not _is_soon_sent(row)]
            yield listed
            yield from (self.read("staff", f"{at}/{name}/{row[_WHOLE[name]]}") for row in rows if name in _WHOLE)
            if name == "bookings":
                histories = (f"{at}/bookings/{row['reference']}/history" for row in rows)
                yield from (self.read("staff", path, limit=MOST) for path in histories)


def is_of_the_version(path: str) -> bool:
    """Tell whether a path shows the document of a demo clinic, which comes with each version and is that version's."""
    return any(path in {f"/clinics/{key}", f"/staff/clinics/{key}/document"} for key in _DEMO)


def differences(told: Any, found: Any, at: str = "") -> list[str]:
    """Return a sentence for each thing that was told and is told no longer, or in another way."""
    if isinstance(told, dict) and isinstance(found, dict):
        lost = [f"{at}.{name} is gone" for name in told if name not in found]
        both = (name for name in told if name in found)
        return lost + [each for name in both for each in _of_field(name, told[name], found[name], at)]
    if isinstance(told, list) and isinstance(found, list):
        return _of_list(told, found, at)
    return [] if told == found and type(told) is type(found) else [f"{at} was {told!r} and is {found!r}"]


def _of_field(name: str, told: Any, found: Any, at: str) -> list[str]:
    if name in _RULED_ANEW and type(told) is type(found):
        return []
    if isinstance(told, str) and isinstance(found, str) and (name, told, found) in _TIME_PASSES | _ENDS:
        return []
    if name == "text" and told in _REWORDED and isinstance(found, str):
        return []
    if name == "snippet" and isinstance(found, str):
        told, found = _FRAMED.findall(told), _FRAMED.findall(found)
    if name in _GROWS and isinstance(told, int) and isinstance(found, int) and found > told:
        return []
    return differences(told, found, f"{at}.{name}")


def _of_list(told: list[Any], found: list[Any], at: str) -> list[str]:
    """Compare entry by entry in their order; what stands between them is new."""
    sentences, place = [], 0
    for index, entry in enumerate(told):
        others = enumerate(found[place:], place)
        wrong = [(differences(entry, other, f"{at}[{index}]"), there) for there, other in others]
        fitting = next((there for differs, there in wrong if not differs), None)
        if fitting is None:
            sentences += min((differs for differs, _ in wrong), key=len, default=[f"{at}[{index}] is gone: {entry!r}"])
        else:
            place = fitting + 1
    return sentences


def _is_soon_sent(row: dict[str, Any]) -> bool:
    """Tell whether this is a reminder of the next days: the clock alone decides what becomes of it."""
    return row.get("state") == "planned" and row["at"] < "2096"
