"""What came of lines, a page of them at a time: what each says, what is wrong with it, what can be decided (C14)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateway.clients.moving_in import KeptFile
from gateway.console.frame.here import Here
from gateway.console.moving_in.standing import TAKEN, Standing, rows_of
from gateway.console.moving_in.words import BADGES, DONE, FIELDS, OUTCOMES
from gateway.http.wording import N_
from shared.moving_in.batches import COLLIDES, DECIDED_LEAVE, DECIDED_NEW, DECIDED_READ, DOUBTFUL, UNDONE, Result
from shared.moving_in.batches import OUTCOMES as IN_ORDER
from shared.moving_in.fields import PATIENTS
from shared.moving_in.leftovers import leftovers
from shared.moving_in.table import Row
from shared.texts.language import format_number

AT_ONCE = 50

_OUTSIDE_PLAN = N_("Outside working hours, and taken over all the same.")
_MEETS = N_("Another appointment stands there.")
_MEETS_LINES = N_("The same as line {lines}?")
_STANDS_THERE = N_("Line {lines} of the file stands there.")
_COULD_BE = N_("This could be {names}.")
_ANYBODY = N_("This could be somebody who is known already.")
_WHY = N_("What is to be mended")


@dataclass(frozen=True)
class Shown:
    """One line: what it says, its outcome in words, why, and between what can be decided."""

    line: int
    says: Sequence[tuple[str, str]]
    outcome: str
    badge: str
    why: Sequence[str]
    meets: Sequence[str]
    choices: Sequence[tuple[str, str]]
    decided: str


def filters(here: Here, standing: Standing) -> list[tuple[str, str, int]]:
    """Return the outcomes that there are: name, words, how many lines."""
    counts, words = standing.counted(), DONE if standing.step == TAKEN else OUTCOMES
    return [(outcome, here.say(words[outcome]), counts[outcome]) for outcome in IN_ORDER if counts[outcome]]


def page_of(here: Here, kind: str, kept: KeptFile, standing: Standing, outcome: str, page: int) -> list[Shown]:
    """Return a page of the lines that have this outcome."""
    found = list(_page(kept, standing, outcome, page))
    names = _names(here, [id for _, result in found for id in result.candidates])
    return [_shown(here, kind, standing, row, result, names) for row, result in found]


def as_file(here: Here, kept: KeptFile, standing: Standing) -> str:
    """Return all lines that somebody has to look at as a CSV, each with why."""
    rows = []
    for batch in range(standing.batches):
        cells = {row.line: row.cells for row in rows_of(kept.batch(standing.round, batch))}
        results = map(Result.of, kept.results(standing.round, batch))
        rows += [(cells[each.line], " ".join(_why(here, each, {}))) for each in results if each.outcome in UNDONE]
    return leftovers(standing.columns, here.say(_WHY), rows)


def _page(kept: KeptFile, standing: Standing, outcome: str, page: int) -> Iterator[tuple[Row, Result]]:
    """Yield the rows of a page with what came of them; batches that have none of it are not looked into."""
    skip, left = (page - 1) * AT_ONCE, AT_ONCE
    for batch, counts in enumerate(standing.counts):
        has = counts.get(outcome, 0)
        if skip >= has:
            skip -= has
            continue
        rows = {row.line: row for row in rows_of(kept.batch(standing.round, batch))}
        results = [each for each in map(Result.of, kept.results(standing.round, batch)) if each.outcome == outcome]
        for result in results[skip : skip + left]:
            yield rows[result.line], result
        left -= len(results[skip : skip + left])
        skip = 0
        if not left:
            return


def _shown(here: Here, kind: str, standing: Standing, row: Row, result: Result, names: Mapping[str, str]) -> Shown:
    words = DONE if standing.step == TAKEN else OUTCOMES
    columns = standing.read.columns
    says = [(here.say(FIELDS[field]), row.cells[place]) for field, place in columns.items() if row.cells[place]]
    return Shown(
        line=row.line,
        says=says,
        outcome=here.say(words[result.outcome]),
        badge=BADGES.get(result.outcome, ""),
        why=_why(here, result, names),
        meets=result.meets,
        choices=_choices(here, kind, result, names) if result.outcome == DOUBTFUL else (),
        decided=standing.decided.get(str(row.line), ""),
    )


def _why(here: Here, result: Result, names: Mapping[str, str]) -> list[str]:
    said = []
    for field, sentences in result.errors.items():
        field_words = f"{here.say(FIELDS[field])}: " if field in FIELDS else ""
        said += [f"{field_words}{here.say(sentence)}" for sentence in sentences]
    known = [names[id] for id in result.candidates if id in names]
    if known:
        said.append(here.say(_COULD_BE, names=", ".join(known)))
    elif result.candidates:
        said.append(here.say(_ANYBODY))
    if result.twins:
        sentence = _STANDS_THERE if result.outcome == COLLIDES else _MEETS_LINES
        lines = ", ".join(format_number(line, here.language) for line in result.twins)
        said.append(here.say(sentence, lines=lines))
    if result.meets:
        said.append(here.say(_MEETS))
    if result.is_outside_plan:
        said.append(here.say(_OUTSIDE_PLAN))
    return said


def _choices(here: Here, kind: str, result: Result, names: Mapping[str, str]) -> list[tuple[str, str]]:
    found = [("", here.say(N_("Not decided yet")))]
    if "date" in result.errors:
        found.append((DECIDED_READ, here.say(N_("The date is right as it was read"))))
    found += [(id, here.say(N_("It is {name}"), name=names[id])) for id in result.candidates if id in names]
    if kind == PATIENTS and "date" not in result.errors:
        found.append((DECIDED_NEW, here.say(N_("It is a new patient"))))
    return [*found, (DECIDED_LEAVE, here.say(N_("Leave it out")))]


def _names(here: Here, ids: Sequence[str]) -> dict[str, str]:
    """Return by id what the patients are called whom lines could be; who is named in a list is not opened by it."""
    wanted = sorted(set(ids))[:200]
    if not wanted:
        return {}
    found = here.services.patient.find(here.clinic, ids=wanted)["patients"]
    return {each["id"]: _called(each) for each in found}


def _called(patient: Mapping[str, object]) -> str:
    parts = (patient.get(name) for name in ("first_name", "last_name", "birth_date", "mobile"))
    return " ".join(str(part) for part in parts if part)
