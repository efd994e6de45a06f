"""What every app measures with for `manage.py bench`."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class Figure:
    """One line of the table."""

    name: str
    size: str
    milliseconds: float
    queries: int | None = None
    kib: float | None = None


def median(work: Callable[[], Any], rounds: int) -> float:
    """The median time of `work` in milliseconds over `rounds`, after one round to warm up; with
    no rounds, the time of that one."""
    began = time.perf_counter()
    work()
    if rounds < 1:
        return (time.perf_counter() - began) * 1000
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)
