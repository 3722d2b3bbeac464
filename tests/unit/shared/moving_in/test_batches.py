"""What comes of lines: by the service, by the reading, and by who decides (PRODUCT C14)."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.moving_in.batches import BATCH, Result, counted, in_batches, results_of
from shared.moving_in.lines import Line

LINES = [
    Line(2, {"line": 2, "first_name": "Anna"}),
    Line(3, None, {"birth_date": ["No date."]}),
    Line(4, {"line": 4, "first_name": "Bo"}, doubt="Two ways."),
    Line(5, None, is_left_out=True),
]


class Service:
    """Takes every line in as new, and keeps what it was sent."""

    def __init__(self) -> None:
        self.asked: list[Sequence[Mapping[str, Any]]] = []

    def __call__(self, lines: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        self.asked.append(lines)
        return {"lines": [{"line": line["line"], "outcome": "new", "errors": {}} for line in lines]}


def outcomes(service: Service, decided: Mapping[int, str] | None = None, kind: str = "patients") -> list[str]:
    return [result.outcome for result in results_of(kind, LINES, service, decided or {})]


def test_c14_a_service_is_asked_only_of_what_could_be_read() -> None:
    service = Service()
    assert outcomes(service) == ["new", "wrong", "doubtful", "left_out"]
    assert service.asked == [[{"line": 2, "first_name": "Anna"}]]


def test_c14_what_is_decided_of_a_patient_goes_along() -> None:
    service = Service()
    assert outcomes(service, {2: "leave", 4: "read"}) == ["left_out", "wrong", "new", "left_out"]
    assert outcomes(service, {2: "new", 4: "0" * 32}) == ["new", "wrong", "new", "left_out"]
    assert [line.get("decided") for asked in service.asked for line in asked] == [None, "new", "0" * 32]


def test_c14_whose_an_appointment_is_is_decided_by_their_id() -> None:
    service = Service()
    line = Line(2, {"line": 2, "patient": {"first_name": "Anna"}})
    results_of("appointments", [line], service, {2: "0" * 32})
    assert service.asked == [[{"line": 2, "patient": {"id": "0" * 32}}]]


def test_c14_nothing_is_asked_where_nothing_can_be() -> None:
    service = Service()
    assert counted(results_of("patients", LINES[1:2], service, {})) == {"wrong": 1}
    assert service.asked == []


def test_c14_lines_go_in_batches_that_services_take() -> None:
    lines = [Line(number, {}) for number in range(BATCH * 2 + 1)]
    assert [len(batch) for batch in in_batches(lines)] == [BATCH, BATCH, 1]


def test_c14_a_result_is_kept_as_plain_values() -> None:
    told = {"line": 7, "outcome": "collides", "with": ("AB12CD34EF",), "outside_plan": True}
    assert Result.of(told).told() == told
    assert Result.of({"line": 1, "outcome": "new", "errors": {}, "patient": None}).told() == {
        "line": 1,
        "outcome": "new",
    }
