"""What came of one fault, as a row of the table in bench/RESULTS.md."""

from dataclasses import dataclass

from tests.faults.ledger import BOOK, CANCEL, MOVE, Faults, clocked, rude
from tests.faults.load import Load
from tests.faults.pairs import Pairs, compared
from tests.faults.scenarios import Scenario, met

COLUMNS = ("lost", "double", "undone", "disorder", "unasked", "early", "rude", "ill", "missing", "repeated", "stale")
"""The faults, in the order of the table."""

HEADING = (
    "| fault | tried | answered | meanwhile | refused | unknown | untold | "
    + " | ".join(COLUMNS)
    + " | dead letters | first success, s | all effects, s | slowest search, s |",
    "| --- |" + " ---: |" * (len(COLUMNS) + 10),
)

FIGURES = ("untold",)
"""What `judge` finds that is no fault."""


@dataclass(frozen=True)
class Outcome:
    """Counts of bookings and changes, of what is wrong, and seconds; `faults` are the sentences behind the counts."""

    name: str
    tried: int
    answered: int
    meanwhile: int
    refused: int
    unknown: int
    untold: int
    faults: Faults
    dead: int
    slowest_search: float
    first_success: float
    effects: float

    @classmethod
    def of(cls, house: Pairs, load: Load, scenario: Scenario, bookings: int, seconds: float) -> "Outcome":
        """Meet a scenario and return what the ledger and all books say, once all has followed or after `seconds`."""
        load.open_clinic()
        dead = house.queues().dead
        begun, healed, ill = met(house, load, scenario, bookings)
        since = clocked()
        faults = compared(house, load.clinic, load.ledger, seconds)
        effects = clocked() - since
        if sentences := rude(load.ledger.attempts(), may_be_cut=scenario.hurts_gateways):
            faults["rude"] = sentences
        if ill:
            faults["ill"] = [ill]
        attempts = load.ledger.attempts(BOOK, MOVE, CANCEL)
        unknown = sum(each.is_unknown for each in attempts)
        answered = sum(each.is_done for each in attempts)
        return cls(
            scenario.name,
            len(attempts),
            answered,
            len(load.ledger.successes(begun, healed)),
            len(attempts) - answered - unknown,
            unknown,
            len(faults.get("untold", [])),
            {what: sentences for what, sentences in faults.items() if what not in FIGURES},
            house.queues().dead - dead,
            load.ledger.slowest_search(begun, healed),
            first if (first := load.ledger.first_success(healed)) is not None else float("inf"),
            effects,
        )

    @property
    def is_well(self) -> bool:
        """Whether all processes were ready and people could book again afterwards."""
        return "ill" not in self.faults

    def row(self) -> str:
        """Return the row of the table."""
        faults = [len(self.faults.get(what, ())) for what in COLUMNS]
        counts = (
            self.tried,
            self.answered,
            self.meanwhile,
            self.refused,
            self.unknown,
            self.untold,
            *faults,
            self.dead,
        )
        seconds = (self.first_success, self.effects, self.slowest_search)
        return "| " + " | ".join([self.name, *map(str, counts), *(f"{each:.1f}" for each in seconds)]) + " |"
