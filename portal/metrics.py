"""The numbers of an installation in Prometheus' text format (portal.health hands them out)."""

from collections.abc import Iterable, Mapping
from typing import Any

from portal import version

# name -> (what it says, the attribute of a lane's state)
PER_LANE = {
    "tilgang_lane_oldest_seconds": ("Age of the entry that has waited longest", "oldest"),
    "tilgang_lane_waiting": ("Entries that are due and not begun", "waiting"),
    "tilgang_lane_failed": ("Entries that failed and are tried again", "failed"),
    "tilgang_lane_running": ("Entries that a worker has", "running"),
    "tilgang_lane_dead": ("Entries that are given up until somebody retries them", "dead"),
    "tilgang_lane_relay_seconds": ("Seconds since a worker looked for what is due", "relay"),
}


def text(results: Mapping[str, Any]) -> str:
    """`results`: what portal.health.Watch has found, the lanes among them."""
    lines = _gauge("tilgang_info", "The code that runs", [({"version": version.code()}, 1)])
    parts = [({"part": name}, int(r.state == "ok")) for name, r in results.items()]
    lines += _gauge("tilgang_part_ok", "Whether a part answers", parts)
    lanes = results["lanes"].found or []
    for name, (says, attribute) in PER_LANE.items():
        values = [({"lane": str(lane.lane)}, getattr(lane, attribute)) for lane in lanes]
        lines += _gauge(name, says, values)
    return "\n".join(lines) + "\n"


def _gauge(name: str, says: str, values: Iterable[tuple[dict[str, str], Any]]) -> list[str]:
    lines = [f"# HELP {name} {says}", f"# TYPE {name} gauge"]
    for labels, value in values:
        if value is not None:
            inner = ",".join(f'{key}="{word}"' for key, word in labels.items())
            lines.append(f"{name}{{{inner}}} {round(value, 3)}")
    return lines
