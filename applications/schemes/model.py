"""What a scheme is made of: frozen, with its texts in several languages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from applications.completeness import Doc, Rule
from applications.schemes.approval_lists import ApprovalList
from applications.schemes.confidentiality import Confidentiality
from applications.schemes.exchange import NO_PROJECT, Handoff, ProjectMap
from applications.schemes.guide import NO_GUIDE, Guide
from applications.schemes.letters import Letters
from applications.schemes.steps import Step
from applications.schemes.text import NOTHING, Text
from applications.workflow import ALWAYS

Predicate = Callable[[Doc], bool]

__all__ = [
    "AttachmentKind",
    "ChecklistItem",
    "Condition",
    "Field",
    "Form",
    "Option",
    "Placeholder",
    "Predicate",
    "Scheme",
    "Section",
    "Text",
    "Workflow",
    "always",
    "belongs",
]


def always(doc: Doc) -> bool:
    """The predicate of what always applies."""
    return True


def holds(predicate: Predicate, document: Any) -> bool:
    """What the predicate says of a document (a nested dict, or a Doc)."""
    if predicate is always:
        return True
    return bool(predicate(document if isinstance(document, Doc) else Doc(document)))


def belongs(path: str, field_path: str) -> bool:
    """True when `path` is the field or lies within it: `persons.name` within `persons`."""
    return path == field_path or path.startswith(f"{field_path}.")


@dataclass(frozen=True)
class Option:
    """One choice of an enum field; `help` is for choices that need a word more."""

    value: str
    label: Text
    help: Text = NOTHING


# What a microdata.no script says of each variable.
SCRIPT_SAYS = frozenset({"name", "fromYear", "toYear"})


@dataclass(frozen=True)
class Field:
    """One question, or one column of a table of rows (its path is then relative to the table).

    `known`: the portal knows the answer and shows it; the fact's name at the institution.
    `computed`: filled from the catalogue. `folded`: a column that few need; its input is folded
    away until it is opened. `at`: asked in the "draft" or at "acceptance".
    `rules`: ids of the rules whose findings show beside it. `source`: where the question is from.
    `catalogue`: rows that are picked from the agency's catalogue, its "variables" or "registers".
    `disputes`: the known field that the applicant can say here is wrong.
    `choices_from`: the fact (applications.selectors.facts) whose cases may be chosen;
    `names_from`: a text that names one of these, or any case of the applicant's that the fact counts
    (`accepts`, which a page's field carries); those the person may see are suggested. Rows with
    `offered_from` begin with that fact's cases; `offered_as` says what a column takes of each.
    """

    path: str
    type: str
    label: Text
    help: Text = NOTHING
    why: Text = NOTHING
    options: tuple[Option, ...] = ()
    columns: tuple["Field", ...] = ()
    show: Predicate = always
    max_length: int | None = None
    autocomplete: str = ""
    known: str = ""
    computed: bool = False
    folded: bool = False
    at: str = "draft"
    rules: tuple[str, ...] = ()
    source: str = ""
    choices_from: str = ""
    names_from: str = ""
    accepts: frozenset[str] | None = None
    offered_from: str = ""
    offered_as: str = ""
    catalogue: str = ""
    disputes: str = ""

    @property
    def asked(self) -> bool:
        """Whether a person answers it."""
        return not (self.known or self.computed)

    @property
    def takes_script(self) -> bool:
        """Whether it is a list of variables with years: a script says nothing about others."""
        return {column.path for column in self.columns if column.asked} >= SCRIPT_SAYS

    def shown(self, document: Any) -> bool:
        """Whether the question applies to `document` (a nested dict, or a Doc)."""
        return holds(self.show, document)

    def column(self, path: str) -> "Field | None":
        """The column with this path, or None."""
        return next((c for c in self.columns if c.path == path), None)


@dataclass(frozen=True)
class Hint:
    """A piece of advice beside a question. Those beside one question are read as a list, and the
    ones that hold for the answers so far are marked."""

    id: str
    beside: str
    text: Text
    show: Predicate = always

    def holds(self, document: Any) -> bool:
        """Whether it is the advice for `document` (a nested dict, or a Doc)."""
        return holds(self.show, document)


# Who at an institution a section may name: institutions.selectors knows them.
ADVISERS = ("protection_officer",)


@dataclass(frozen=True)
class Section:
    """One page of the form. `advice`: who at the institution helps with it (`ADVISERS`), or nobody."""

    id: str
    title: Text
    intro: Text
    fields: tuple[Field, ...]
    show: Predicate = always
    hints: tuple[Hint, ...] = ()
    advice: str = ""

    def shown(self, document: Any) -> bool:
        """Whether the section applies to `document`."""
        return holds(self.show, document)


@dataclass(frozen=True)
class Form:
    """The sections of one application type."""

    type: str
    sections: tuple[Section, ...]


# What a type follows: a case that is open, or one whose decision is in force.
OPEN, DECIDED = "submitted", "decided"


@dataclass(frozen=True)
class ApplicationType:
    """What one can apply for at an agency (rules.md 2.1.1, 2.2.1, 2.3.1).

    `field`: the path of the document that holds the type. `follows`: it begins as a copy of an
    earlier case, one that is "submitted" (an open case, which it supplements) or "decided" (whose
    decision gives access and was accepted, which it changes); `reference`: the path that takes its
    number. `handoff`: said instead of a form, when this is not applied for here;
    `handoff_url`: where. `kinds`: the kinds of institutions that may send it; empty for all.
    `institution`: false when a person may send it who applies for no institution.
    `decides`: false for a conversation, which nothing is decided in. `checks`: whether the rules
    are asked. `access`: whether granting it gives access to data, with variables, conditions and
    acceptance. `until`: the path that takes the last day of the decision it follows. `approves`: what an institution is then approved by (a source of approvals).
    `letters`: whose texts decisions of it have, when not the agency's usual ones. `declaration`:
    what is confirmed on sending, when not the agency's usual one. `needs`: paths without which it
    is not sent, for a type that the rules are not asked of. `single`: an institution has at most one
    at a time that is sent and not ended.
    """

    id: str
    label: Text
    help: Text = NOTHING
    field: str = "type"
    follows: str = ""
    reference: str = ""
    until: str = ""
    handoff: Text = NOTHING
    handoff_url: str = ""
    kinds: tuple[str, ...] = ()
    institution: bool = True
    decides: bool = True
    checks: bool = True
    access: bool = True
    approves: str = ""
    letters: str = ""
    declaration: Text = NOTHING
    needs: tuple[str, ...] = ()
    single: bool = False
    never: frozenset[str] = frozenset()  # commands that cases of it do not take

    @property
    def here(self) -> bool:
        """Whether it is applied for in the portal."""
        return not self.handoff


@dataclass(frozen=True)
class AttachmentKind:
    """A purpose of attachments (rules.md 2.1.7). `optional`: nothing ever asks for it. `lists`:
    it says which data are applied for, and is decided on where no rows are.
    """

    kind: str
    label: Text
    help: Text = NOTHING
    show: Predicate = always
    rules: tuple[str, ...] = ()
    optional: bool = False
    source: str = ""
    lists: bool = False

    def shown(self, document: Any) -> bool:
        """Whether it is offered for `document`."""
        return holds(self.show, document)


@dataclass(frozen=True)
class Placeholder:
    """A bracket in a condition that an officer fills or changes.

    `type` is "text" or "date". `fact` names what the portal fills in by itself: a field path of
    the document or "decision.deletion_date".
    """

    id: str
    label: Text
    type: str = "text"
    default: Text = NOTHING
    fact: str = ""


@dataclass(frozen=True)
class Condition:
    """A standard condition of a decision (rules.md 5), its text with {placeholders}.

    `free`: never picked by rule; the officer adds it and writes it. `follow_up`: what the portal
    later asks a confirmation of, such as "deletion".
    """

    id: str
    text: Text
    source: str
    placeholders: tuple[Placeholder, ...] = ()
    pick: Predicate = always
    free: bool = False
    follow_up: str = ""

    def picked(self, document: Any) -> bool:
        """Whether the rule picks it for `document` (a nested dict, or a Doc)."""
        return not self.free and holds(self.pick, document)

    def fill(self, language: str, values: Mapping[str, str] = MappingProxyType({})) -> str:
        """The text with its placeholders filled: with `values`, else the default, else [label]."""
        words = self.text(language)
        for holder in self.placeholders:
            value = values.get(holder.id) or holder.default(language)
            words = words.replace(f"{{{holder.id}}}", value or f"[{holder.label(language)}]")
        return words

    def open(self, language: str, values: Mapping[str, str] = MappingProxyType({})) -> list[str]:
        """The ids of placeholders that have neither a value nor a default."""
        return [
            p.id for p in self.placeholders if not (values.get(p.id) or p.default(language).strip())
        ]


@dataclass(frozen=True)
class ChecklistItem:
    """One question that no machine can decide (rules.md 3.6)."""

    id: str
    label: Text
    help: Text = NOTHING
    source: str = ""
    show: Predicate = always

    def shown(self, document: Any) -> bool:
        """Whether it applies to `document`."""
        return holds(self.show, document)


@dataclass(frozen=True)
class StateWords:
    """A state of the engine in the agency's words; `id` is the state of rules.md 4.

    `meaning`: what it means for the applicant, and who does what next.
    """

    id: str
    label: Text
    meaning: Text = NOTHING


@dataclass(frozen=True)
class Workflow:
    """Which commands of the engine the agency uses, what it calls states and labels, deadlines.

    `deadlines` in days: queue, assessment, return, acceptance, appeal. `labels`: progress inside a
    state, such as "with the lawyer". `steps`: what the sources order as a sequence.
    """

    commands: frozenset[str]
    states: Mapping[str, StateWords]
    labels: Mapping[str, Text]
    deadlines: Mapping[str, int]
    steps: tuple[Step, ...] = ()

    def state_label(self, state: str, language: str) -> str:
        """The state in the agency's words; the engine's word for one that it does not name."""
        found = self.states.get(str(state))
        return found.label(language) if found else str(state)

    def state_meaning(self, state: str, language: str) -> str:
        """What the state means for the applicant, or an empty text."""
        found = self.states.get(str(state))
        return found.meaning(language) if found else ""


@dataclass(frozen=True)
class Scheme:
    """The rules of one agency in one version."""

    agency: str
    version: str
    config: Mapping[str, Any]
    name: Text
    short_name: Text
    about: Text
    languages: tuple[str, ...]
    letter_languages: tuple[str, ...]
    timezone: str
    country: str
    search_config: str
    open: bool
    rules: Mapping[str, Rule]
    messages: Mapping[str, Text]
    open_messages: Mapping[str, Text]
    forms: Mapping[str, Form]
    attachment_kinds: tuple[AttachmentKind, ...]
    conditions: tuple[Condition, ...]
    checklist: tuple[ChecklistItem, ...]
    workflow: Workflow
    known: Mapping[str, str]
    declaration: Text
    outcomes: Mapping[str, Text]
    letters: Letters
    approval_sources: Mapping[str, Text] = field(default_factory=dict)
    numbered_approvals: frozenset[str] = frozenset()
    more_letters: Mapping[str, Letters] = field(default_factory=dict)
    types: tuple[ApplicationType, ...] = ()
    guide: Guide = NO_GUIDE
    project: ProjectMap = NO_PROJECT
    handoffs: tuple[Handoff, ...] = ()
    approval_lists: tuple[ApprovalList, ...] = ()
    confidentiality: Confidentiality | None = None
    sample: Callable[[int], dict[str, Any]] | None = None
    by_path: Mapping[str, Field] = field(default_factory=dict, repr=False)

    def type(self, id: str) -> ApplicationType | None:
        """The application type with this id, or None."""
        return next((t for t in self.types if t.id == id), None)

    def commands(self, type: str) -> frozenset[str]:
        """The commands that cases of this type take."""
        found = self.type(type)
        return (self.workflow.commands | ALWAYS) - (found.never if found else frozenset())

    def letters_of(self, type: str) -> Letters:
        """What decisions on cases of this type say."""
        found = self.type(type)
        return self.more_letters[found.letters] if found and found.letters else self.letters

    def declaration_of(self, type: str) -> Text:
        """What is confirmed when a case of this type is sent."""
        found = self.type(type)
        return found.declaration if found and found.declaration else self.declaration

    def message(self, rule_id: str, language: str, left_open: bool = False) -> str:
        """A rule's message to the applicant; the id itself for a rule that is retired.

        `left_open`: an answer that the message rests on is not given (`Finding.open`).
        """
        usual = self.messages.get(rule_id)
        found = self.open_messages.get(rule_id, usual) if left_open else usual
        return found(language) if found else rule_id

    def form(self, type: str, document: Any, at: str = "draft") -> Form:
        """The form of an application type with the sections that apply to `document`.

        `at`: what is asked in the "draft", or at "acceptance". A field that does not apply is
        still among its section's fields: ask `field.shown`. Raises KeyError for a type that this
        agency does not have.
        """
        doc = document if isinstance(document, Doc) else Doc(document)
        sections = (
            replace(section, fields=tuple(f for f in section.fields if f.at == at))
            for section in self.forms[type].sections
            if section.shown(doc)
        )
        return Form(type, tuple(s for s in sections if s.fields))

    def fields(self, type: str) -> tuple[Field, ...]:
        """All fields of an application type, shown or not. Raises KeyError for an unknown type."""
        return tuple(f for section in self.forms[type].sections for f in section.fields)

    def field(self, path: str) -> Field | None:
        """The field, or the column of a table (`persons.name`), with this path; else None."""
        return self.by_path.get(path)

    def handoff(self, id: str) -> Handoff | None:
        """What is handed over under this id, or None."""
        return next((h for h in self.handoffs if h.id == id), None)

    def attachment_kind(self, kind: str) -> AttachmentKind | None:
        """The purpose with this name, or None."""
        return next((k for k in self.attachment_kinds if k.kind == kind), None)

    def condition(self, id: str) -> Condition | None:
        """The standard condition with this id, or None."""
        return next((c for c in self.conditions if c.id == id), None)

    def picked_conditions(self, document: Any) -> list[Condition]:
        """The standard conditions that the rules pick for `document`, in their order."""
        doc = document if isinstance(document, Doc) else Doc(document)
        return [c for c in self.conditions if c.picked(doc)]

    def case_number(self, year: int, count: int) -> str:
        """The case number in the agency's format."""
        return str(self.config["case_number"]).format(agency=self.agency, year=year, number=count)
