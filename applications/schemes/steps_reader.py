"""Reads workflow.toml `[[steps]]`."""

from collections.abc import Iterable, Mapping
from typing import Any

from applications.schemes.reader import Reader
from applications.schemes.steps import RECORD, Step
from applications.schemes.text import ALL_LANGUAGES


def read_steps(
    reader: Reader, raws: Iterable[Mapping[str, Any]], commands: frozenset[str]
) -> tuple[Step, ...]:
    """workflow.toml `[[steps]]`; what is wrong with them goes to the reader. `commands`: those that
    the agency uses."""

    def make(where: str, raw: Mapping[str, Any]) -> Step:
        reader.only(where, raw, ("id", "label", "help", "source", "by", "before", "again"))
        step = Step(
            id=raw["id"],
            label=reader.text(f"{where} label", raw.get("label"), ALL_LANGUAGES),
            help=reader.text(f"{where} help", raw.get("help"), ALL_LANGUAGES, must=False),
            source=raw.get("source", ""),
            by=raw.get("by", RECORD),
            before=frozenset(raw.get("before", ())),
            again=frozenset(raw.get("again", ())),
        )
        for command in sorted(({step.by} | step.before | step.again) - commands):
            reader.wrong(where, f"{command!r} is no command of this agency")
        if not step.before:
            reader.wrong(where, "stands before nothing, so nothing waits for it")
        return step

    return reader.each("step", raws, "id", make)
