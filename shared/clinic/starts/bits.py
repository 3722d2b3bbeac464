"""Time as bits: one Python integer per resource, one bit per grid cell, the lowest bit the earliest cell.

Nothing here knows clinics; masks are non-negative integers, positions and lengths are in cells.
"""

from collections.abc import Iterable, Iterator


def span(start: int, end: int) -> int:
    """Return the mask of the cells [start, end); empty where end is not after start."""
    return ((1 << (end - start)) - 1) << start if end > start else 0


def comb(start: int, end: int, distance: int) -> int:
    """Return the mask of start, start + distance, … as far as before `end`; distance is at least 1."""
    if end <= start:
        return 0
    teeth = (end - start + distance - 1) // distance
    return ((1 << distance * teeth) - 1) // ((1 << distance) - 1) << start


def union(spans: Iterable[tuple[int, int]], width: int) -> int:
    """Return the mask of all cells in any of the half-open spans, clipped to [0, width).

    Spans cut to be disjoint have as mask one subtraction, the sum of 2^end less the sum of 2^start; bytes gather
    the sums, since setting bits in a long integer copies it each time.
    """
    starts = bytearray(width // 8 + 1)
    ends = bytearray(width // 8 + 1)
    covered = 0
    for start, end in sorted(spans):
        first = start if start > covered else covered
        beyond = end if end < width else width
        if first < beyond:
            starts[first >> 3] |= 1 << (first & 7)
            ends[beyond >> 3] |= 1 << (beyond & 7)
            covered = beyond
    return int.from_bytes(ends, "little") - int.from_bytes(starts, "little")


def runs(free: int, length: int) -> int:
    """Return the mask of cells from which `length` cells in a row are free; length is at least 1.

    Doubling: after a step over k cells each bit says that k cells from it are free.
    """
    done = 1
    while done < length:
        step = min(done, length - done)
        free &= free >> step
        done += step
    return free


def at_least(masks: Iterable[int], needed: int) -> int:
    """Return the mask of cells that are set in at least `needed` (1 or more) of the masks."""
    reached = [0] * needed
    for mask in masks:
        for level in range(needed - 1, 0, -1):
            reached[level] |= reached[level - 1] & mask
        reached[0] |= mask
    return reached[-1]


def spaced(candidates: int, apart: int, taken: int = 0) -> int:
    """Return `taken` and, walking upwards, each candidate at least `apart` cells after the last one taken."""
    if taken:
        candidates &= -(1 << taken.bit_length() - 1 + max(apart, 1))
    if apart <= 1:
        return taken | candidates
    while candidates:
        lowest = candidates & -candidates
        taken |= lowest
        candidates &= -(lowest << apart)
    return taken


def positions(mask: int) -> Iterator[int]:
    """Yield the positions of the set bits, lowest first."""
    digits = bin(mask)[:1:-1]
    position = digits.find("1")
    while position >= 0:
        yield position
        position = digits.find("1", position + 1)
