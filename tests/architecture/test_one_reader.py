"""What is being written is read in few places: everything else asks the reader what somebody may
see of a case (applications.selectors.reader)."""

import ast

from tests.architecture.test_one_gate import _sources

# Functions and managers that give what is there now, sent or not.
LIVE_FUNCTIONS = {"document", "live_attachments", "attachment_facts"}
LIVE_MODELS = {"Row", "Attachment"}
LIVE_COLUMNS = {"answers"}

# Whoever reads what is being written, and why that is right there.
MAY = {
    "applications/selectors/reader.py": "the reader",
    "applications/selectors/document.py": "makes the live document",
    "applications/selectors/__init__.py": "names it",
    "applications/commands/": "the gate writes it",
    "applications/projects/commands.py": "the owner's own draft, and no staff has a project",
    "applications/scanning.py": "looks at files, tells nobody",
    "applications/tasks.py": "the worker looks at one file by its key",
    "applications/exchange/taking.py": "fills the draft of the person who gave the file",
    "applications/selectors/facts.py": "facts of the draft itself and of cases in force",
    "applications/selectors/databases.py": "whether managers are named, not who",
    "applications/selectors/checking.py": "files of what was sent",
    "applications/selectors/unchecked.py": "files of what was sent",
    "applications/forms/rows.py": "the form's table, on the applicant's side (page_of)",
    "applications/views/rows.py": "the same (page_of)",
    "applications/views/picking.py": "the same (page_of)",
    "applications/views/form.py": "what was typed and is no value yet (page_of)",
    "applications/views/sending.py": "the same (page_of)",
    "applications/views/applicant.py": "the same (page_of)",
    "portal/local/": "invents the demo's cases",
}
# Titles stand in two columns; what the agency sees of a list is never the live one.
AGENCYS_LISTS = (
    "applications/selectors/queue.py",
    "applications/selectors/leaning.py",
    "applications/selectors/databases.py",
    "applications/commands/indexing.py",
    "decisions/composing.py",
)


def _reads_live(tree):
    """What of the live document a module names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            asked = node.func
            name = getattr(asked, "attr", getattr(asked, "id", ""))
            of = getattr(getattr(asked, "value", None), "id", "selectors")
            if name in LIVE_FUNCTIONS and of == "selectors":
                yield name
        if isinstance(node, ast.Attribute):
            owner = getattr(node.value, "id", "")
            if node.attr == "objects" and owner in LIVE_MODELS:
                yield f"{owner}.objects"
            if node.attr in LIVE_COLUMNS and owner in ("application", "case", "found", "self"):
                yield node.attr
            if node.attr in LIVE_COLUMNS and getattr(node.value, "attr", "") == "application":
                yield node.attr
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("applications"):
            for alias in node.names:
                if alias.name in LIVE_FUNCTIONS:
                    yield alias.name


def test_what_is_being_written_is_read_in_few_places_and_each_has_a_reason():
    readers = {}
    for name, tree in _sources():
        if name.startswith(("applications/", "decisions/", "portal/local/")):
            found = sorted(set(_reads_live(tree)))
            in_schemes = name.startswith(("applications/schemes/", "applications/completeness/"))
            if found and not in_schemes and not name.startswith(tuple(MAY)):
                readers[name] = found
    assert readers == {}


def test_no_reason_stands_for_a_place_that_reads_nothing_any_more():
    reading = {name for name, tree in _sources() if any(True for _ in _reads_live(tree))}
    assert [place for place in MAY if not any(n.startswith(place) for n in reading)] == []


def test_lists_and_letters_of_the_agency_never_name_the_title_that_is_being_written():
    wrong = []
    for name, tree in _sources():
        if name in AGENCYS_LISTS:
            for node in ast.walk(tree):
                titled = isinstance(node, ast.Attribute) and node.attr == "title"
                if titled and getattr(node.value, "id", "") in ("application", "each", "case"):
                    wrong.append((name, node.lineno))
                if isinstance(node, ast.Constant) and node.value == "title":
                    wrong.append((name, node.lineno))
    assert wrong == []
