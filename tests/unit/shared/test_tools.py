"""What an internal tool may call (PRODUCT C5)."""

import pytest

from shared.contracts.errors import Forbidden
from shared.tools import Tool

KEY = "k" * 32


def may(tool: Tool, method: str, clinic: object) -> bool:
    """Tell whether a tool may make a call."""
    try:
        tool.require(method, clinic)
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize(
    ("clinic", "allowed"),
    [("solna", True), ("lund", False), (None, False), ("*", False), (["solna"], False), (5, False)],
)
def test_a_tool_for_certain_clinics_has_to_name_one_of_them(clinic: object, allowed: bool) -> None:
    assert may(Tool(KEY, clinics=frozenset({"solna"})), "booking.book", clinic) is allowed


@pytest.mark.parametrize(
    ("method", "allowed"),
    [("booking.book", True), ("booking.cancel", False), ("patient.find", True), ("patients.find", False)],
)
def test_a_tool_for_certain_methods_may_call_no_other(method: str, allowed: bool) -> None:
    tool = Tool(KEY, methods=frozenset({"booking.book", "patient.*"}))
    assert may(tool, method, "solna") is allowed
    assert may(tool, method, None) is allowed


def test_a_tool_that_is_not_limited_may_call_everything() -> None:
    assert may(Tool(KEY), "notification.messages", None)


def test_a_key_is_not_shown_with_its_tool() -> None:
    assert KEY not in repr(Tool(KEY))
