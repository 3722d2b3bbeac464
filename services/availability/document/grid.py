"""The grid: lengths, steps and buffers are multiples of it, and blocks begin and end on it (CONTRACTS 1)."""

from services.availability.document.problems import shown
from services.availability.document.shape import Reading
from shared.clinic.times.durations import parse_minutes
from shared.clinic.times.wall_clock import minutes_of


def check_on_grid(length: str | None, grid: str | None, path: str, reading: Reading, *, zero: bool = True) -> None:
    """Report a length (hours and minutes, normal form) that is no multiple of `grid`, or nothing without `zero`."""
    if length is None or grid is None:
        return
    minutes, cell = parse_minutes(length), parse_minutes(grid)
    if minutes % cell:
        reading.report(path, f"{shown(length)} is not a multiple of the grid; write {_near(minutes, cell)}.")
    elif not minutes and not zero:
        reading.report(path, f"{shown(length)} is possible only in mode spaced; write {cell}m or more.")


def check_time_on_grid(clock: str | None, grid: str | None, path: str, reading: Reading) -> None:
    """Report a wall-clock time that is off the grid."""
    if clock is None or grid is None:
        return
    minutes, cell = minutes_of(clock), parse_minutes(grid)
    if minutes % cell:
        early = minutes - minutes % cell
        times = " or ".join(f'"{at // 60:02}:{at % 60:02}"' for at in (early, early + cell))
        reading.report(path, f"{shown(clock)} is off the grid of {grid}; write {times}.")


def _near(minutes: int, cell: int) -> str:
    lower = minutes - minutes % cell
    return " or ".join(f"{value}m" for value in (lower, lower + cell) if value)
