"""The table of faults in bench/RESULTS.md grows by a row at a time."""

from bench.faults import entered
from tests.faults.outcome import HEADING


def report(*rows: str) -> str:
    """Return a report with these rows."""
    return "\n".join(["# Measured", "<!-- faults -->", "Yesterday.", "", *HEADING, *rows, "<!-- /faults -->", "End."])


def test_a_row_takes_the_place_of_the_older_one_and_the_others_stay_in_order() -> None:
    before = report("| booking-1 killed | 1 |", "| rivals | 2 |")
    after = entered(before, "| redis killed | 3 |", "Today.")
    assert after == report("| booking-1 killed | 1 |", "| redis killed | 3 |", "| rivals | 2 |").replace("Yester", "To")
    again = entered(after, "| redis killed | 4 |", "Today.")
    assert again == after.replace("| 3 |", "| 4 |")


def test_a_fault_that_is_no_more_leaves_the_table() -> None:
    assert "gone" not in entered(report("| gone | 1 |"), "| rivals | 2 |", "Today.")
