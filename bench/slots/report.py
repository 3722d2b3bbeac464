"""Write what bench/slots/results.json holds into bench/RESULTS.md and draw it: `python -m bench.slots.report`."""

import json
import re
from pathlib import Path
from typing import Any

from bench.slots.plot import PLOT, drawing
from bench.slots.run import RESULTS

REPORT = Path(__file__).parents[1] / "RESULTS.md"
_PART = re.compile(r"<!-- slots -->.*<!-- /slots -->", re.DOTALL)


def part(results: dict[str, Any]) -> str:
    """Return the report's part about searches as Markdown."""
    rows = [
        f"| {line['mode']} | {line['bookings']:,} | {line['what']} | {line['rate']:.0f} | {100 * line['share']:.0f} % "
        f"| {line['p50']:.1f} | {line['p99']:.1f} | {line['processor_us']:.0f} |"
        for line in results["lines"]
    ]
    facts = [f"- {fact}: {value:,.1f}" for fact, value in results["facts"].items()]
    return "\n".join(
        [
            "<!-- slots -->",
            f"{results['date']}, `{results['command']}`, {results['machine']}.",
            "",
            "| mode | bookings | what | requests/s | of /healthz | p50 ms | p99 ms | gateway CPU µs |",
            "| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |",
            *rows,
            "",
            *facts,
            "<!-- /slots -->",
        ]
    )


def main() -> None:
    """Write the report's part and the plot."""
    results = json.loads(RESULTS.read_text())
    REPORT.write_text(_PART.sub(lambda _: part(results), REPORT.read_text(encoding="utf-8")), encoding="utf-8")
    PLOT.write_text(drawing(results), encoding="utf-8")


if __name__ == "__main__":
    main()
