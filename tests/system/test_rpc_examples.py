"""What each method answers a tool is what docs/rpc.md shows of it: recorded here, and compared ever after (C5).

`RPC_EXAMPLES=write` records anew; then comes `make contracts`.
"""

import json
import os
from typing import Any

from scripts.rpc_examples import EXAMPLES, difference, known_examples, pruned
from shared.contracts.errors import Refusal
from tests.system.house import called, lived_in
from tests.system.installation import Installation
from tests.system.rpc_calls import calls_of
from tests.system.walls import METHODS, TOOL, House


def test_c5_each_method_answers_a_tool_as_it_is_written_down(deployed_installation: Installation) -> None:
    house = lived_in(deployed_installation)
    found: dict[str, Any] = {}
    for name, args, fields in calls_of(house, found):
        found[name] = {"args": args, "fields": fields, **outcome(house, name, args, fields)}
    assert found.keys() == {name for name, (who, _) in METHODS.items() if TOOL in who}
    told = json.loads(json.dumps(pruned(found)).replace(house.clinic.key, "solna"))
    if os.environ.get("RPC_EXAMPLES") == "write":
        write(told, deployed_installation.url)
    assert [*difference(told, known_examples())] == []


def write(told: dict[str, Any], address: str) -> None:
    """Keep what was told where it is no more as it was; all else stays, so that changes are easy to see."""
    known = known_examples()
    kept = {name: known[name] for name in told if name in known and not [*difference(told[name], known[name])]}
    text = json.dumps(dict(sorted({**told, **kept}.items())), indent=1, ensure_ascii=False)
    EXAMPLES.write_text(text.replace(address, "https://booking.example") + "\n", encoding="utf-8")


def outcome(house: House, name: str, args: list[Any], fields: dict[str, Any]) -> dict[str, Any]:
    """Return what a call by a tool comes to."""
    try:
        return {"answer": called(house, house.actors[TOOL], name, *args, **fields)}
    except Refusal as refused:
        return {"refused": refused.code, "detail": refused.detail}
