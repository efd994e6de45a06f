"""The applicant's task list: what is done, begun, and missing, section by section."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from applications import policy
from applications.completeness import Finding, Severity
from applications.models import Application
from applications.schemes import Scheme, Section
from applications.selectors import rules
from applications.selectors.document import pick

NOT_STARTED, BEGUN, MISSING, DONE = "not_started", "begun", "missing", "done"


@dataclass(frozen=True)
class Shown:
    """A finding as people read it: the message in their language, and where to mend it.

    `rows`: references such as `variables[0]`; `where`: the same in words, "Variables: 1–4, 7";
    `about`: where everybody can read the rule.
    """

    id: str
    severity: str
    message: str
    rows: tuple[str, ...]
    where: str
    fields: tuple[str, ...]
    source: str
    section: str
    section_title: str
    about: str = ""


@dataclass(frozen=True)
class Task:
    """One line of the task list."""

    section: str
    title: str
    status: str
    blocks: int
    flags: int


def belongs(path: str, field_path: str) -> bool:
    """True when the finding's `path` is the field or lies within it (`persons` and `persons.name`)."""
    return path == field_path or path.startswith(f"{field_path}.")


def section_of(path: str, sections: Iterable[Section]) -> Section | None:
    """The section that asks for `path`."""
    for section in sections:
        if any(belongs(path, field.path) for field in section.fields):
            return section
    return None


ROW = re.compile(r"(.+)\[(\d+)\]")
MOST_SPANS = 8


def rows_in_words(rows: Iterable[str], sections: Iterable[Section], language: str) -> str:
    """References such as `variables[0]` by the name of their list and the numbers people see."""
    lists: dict[str, list[int]] = {}
    for row in rows:
        if found := ROW.fullmatch(row):
            lists.setdefault(found[1], []).append(int(found[2]) + 1)
    labels = {f.path: f.label(language) for s in sections for f in s.fields if f.type == "rows"}
    labels["attachments"] = _("Attachments")
    return "; ".join(f"{labels.get(path, path)}: {_spans(at)}" for path, at in lists.items())


def _spans(numbers: list[int]) -> str:
    """1, 2, 3, 7 as "1–3, 7"; the rest beyond MOST_SPANS as "…"."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    told = [f"{a}–{b}" if b > a else str(a) for a, b in spans[:MOST_SPANS]]
    return ", ".join([*told, "…"] if len(spans) > MOST_SPANS else told)


def shown(
    found: Iterable[Finding], scheme: Scheme, sections: list[Section], language: str
) -> list[Shown]:
    """Findings in words, the stopping ones first, each with the section where it is mended."""
    told = []
    page = rules.address(scheme.agency)
    for finding in found:
        section = next((s for path in finding.fields if (s := section_of(path, sections))), None)
        attachment = any(path.startswith("attachments") for path in finding.fields)
        title = section.title(language) if section else ""
        told.append(
            Shown(
                finding.id,
                str(finding.severity),
                scheme.message(finding.id, language, finding.open),
                finding.rows,
                rows_in_words(finding.rows, sections, language),
                finding.fields,
                finding.source,
                section.id if section else ("attachments" if attachment else ""),
                title,
                f"{page}#{finding.id}",
            )
        )
    order = {"BLOCK": 0, "FLAG": 1, "INFO": 2}
    return sorted(told, key=lambda s: order[s.severity])


def _answered(section: Section, document: dict) -> bool:
    """Whether anything is filled in. A section that only shows what is known is: there is nothing
    to do, and a fact need not be disputed."""
    asked = [f for f in section.fields if f.asked and not f.disputes]
    return not asked or any(pick(document, f.path) not in (None, "", [], {}) for f in asked)


def task_list(
    sections: list[Section], document: dict, told: list[Shown], language: str, typed: Any = ()
) -> list[Task]:
    """One task per section, with its status."""
    tasks = []
    for section in sections:
        here = [s for s in told if s.section == section.id]
        blocks = sum(s.severity == Severity.BLOCK for s in here)
        unreadable = sum(any(belongs(p, f.path) for f in section.fields) for p in typed)
        blocks += unreadable
        flags = sum(s.severity == Severity.FLAG for s in here)
        begun = unreadable or _answered(section, document)
        status = (MISSING if blocks else DONE) if begun else NOT_STARTED
        tasks.append(Task(section.id, section.title(language), status, blocks, flags))
    return tasks


def own_applications(user: Any, most: int = 200) -> list[Application]:
    """The applications that `user` owns, works on or sees for an institution, newest first."""
    return list(
        Application.objects.filter(policy.on_applicants_side(user))
        .select_related("institution", "owner")
        .order_by("-updated_at")[:most]
    )
