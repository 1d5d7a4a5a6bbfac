"""From measured times to the figures of a bench."""

from collections.abc import Sequence
from typing import Any

Figures = dict[str, Any]
MILLISECONDS = 1000


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0…1) of the values lie, between its neighbours by proportion."""
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def summary(seconds: Sequence[float]) -> Figures:
    """Median, 99th percentile and number of some times, in milliseconds."""
    p50, p99 = (round(percentile(seconds, share) * MILLISECONDS, 2) for share in (0.5, 0.99))
    return {"p50_ms": p50, "p99_ms": p99, "n": len(seconds)}


def rate(count: int, seconds: float) -> float:
    """How many a second."""
    return round(count / seconds, 1)


def ratio(ours: float, reference: float) -> float:
    """How many times the reference."""
    return round(ours / reference, 2)
