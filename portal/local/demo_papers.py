"""What the invented applications of the demo say, whatever the agency: answers, lists, files.

The texts themselves stand in demo_danish.py and demo_swedish.py. Handed in through the gate.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from applications import selectors
from applications.commands import Actor
from applications.models import Application
from portal.local import seeding as walk


@dataclass(frozen=True)
class File:
    """One attachment; with `rows` a workbook, else a PDF with `text`."""

    kind: str
    filename: str
    title: str
    text: str = ""
    rows: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True)
class Papers:
    """Answers by path, rows by list, and files of one application of this type."""

    type: str
    answers: dict[str, Any]
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: tuple[File, ...] = ()

    def without(self, *paths: str) -> "Papers":
        """The same with gaps: without these answers, lists and kinds of files."""
        return replace(
            self,
            answers={k: v for k, v in self.answers.items() if k not in paths},
            lists={k: v for k, v in self.lists.items() if k not in paths},
            files=tuple(f for f in self.files if f.kind not in paths),
        )


def hand_in(case: Application, owner: Any, papers: Papers, ago: float) -> None:
    """Fills the form section by section and attaches the files.

    Raises KeyError when there is an answer to which the form has no question.
    """
    by, left = Actor(user=owner), dict(papers.answers)
    for section in selectors.scheme_of(case).forms[case.type].sections:
        paths = [f.path for f in section.fields if f.path in left]
        if paths:
            values = {path: left.pop(path) for path in paths}
            walk.give("save_section", case, by, {"section": section.id, "values": values}, ago)
    if left:
        raise KeyError(f"{case.agency}: no question for {sorted(left)}")
    for path, rows in papers.lists.items():
        walk.give("import_rows", case, by, {"list": path, "rows": rows, "replace": True}, ago)
    for file in papers.files:
        content = (
            walk.xlsx([list(row) for row in file.rows])
            if file.rows
            else walk.pdf(file.title, file.text, language=case.language)
        )
        walk.attach(case, by, file.kind, file.filename, content, ago)
