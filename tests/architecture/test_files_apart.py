"""Files of strangers are opened in the child process, and there is no other way to open them."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("portal", "institutions", "catalogue", "applications", "decisions")
CHILD = "portal/files/child/"
# What reads formats that can be hostile: archives, workbooks, PDF, OLE, XML, pictures.
READERS = {
    *("zipfile", "tarfile", "gzip", "bz2", "lzma", "zlib", "shelve", "pickle", "marshal"),
    *("openpyxl", "python_calamine", "xlrd", "olefile", "pikepdf", "pypdf", "pdfminer", "fitz"),
    *(
        "pyhanko.pdf_utils.reader",
        "pyhanko.sign.validation",
        "xml.etree",
        "xml.parsers",
        "defusedxml",
    ),
    *("xml.dom", "xml.sax.expatreader", "lxml"),
    *("PIL", "puremagic", "docx", "odf"),
}
# Those that write, or open what the portal itself has made; with the reason.
OWN = {
    ("applications/exchange/writing.py", "zipfile"): "writes the zip of an application",
    ("applications/imports/printing.py", "zipfile"): "writes a zip of volumes just drawn",
    ("decisions/tasks.py", "zipfile"): "writes a zip of a preview and its annexes",
    ("portal/files/writing.py", "openpyxl"): "writes workbooks",
    ("decisions/previewing.py", "pikepdf"): "marks a preview that the portal has just drawn",
}


def imported(path):
    """Every name that a module imports, wherever in it, and what relative imports go up."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, 0) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield module, node.level
            yield from ((f"{module}.{alias.name}", node.level) for alias in node.names)


def sources():
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path


def reader_of(name):
    return next((r for r in READERS if name == r or name.startswith(f"{r}.")), None)


def test_only_the_child_imports_what_reads_hostile_formats():
    found = {
        (where, reader)
        for where, path in sources()
        if not where.startswith(CHILD)
        for name, level in imported(path)
        if level == 0 and (reader := reader_of(name))
    }
    assert found - set(OWN) == set(), "open it in portal/files/child, or say why it is our own"
    assert set(OWN) - found == set(), "no longer needed: take the exception out"


def test_only_writing_is_imported_of_the_library_for_workbooks():
    for where, path in sources():
        assert "openpyxl.load_workbook" not in {name for name, _level in imported(path)}, where


def test_lists_for_spreadsheets_have_one_writer():
    """Formulas are made texts there, and nowhere else."""
    for where, path in sources():
        if where in ("portal/files/writing.py", f"{CHILD}tables.py"):
            continue
        names = {name.split(".")[0] for name, level in imported(path) if level == 0}
        assert not names & {"csv", "openpyxl", "xlsxwriter", "odf"}, where


def test_the_child_uses_nothing_of_the_portal_and_goes_up_nowhere():
    for path in (ROOT / CHILD).glob("*.py"):
        for name, level in imported(path):
            assert level <= 1, path
            assert name.split(".")[0] not in (*APPS, "django", "celery"), path


def test_programs_for_the_child_use_nothing_of_the_portal():
    for program in ("applications/imports/microdata_script.py", "applications/exchange/parsing.py"):
        names = {name.split(".")[0] for name, level in imported(ROOT / program) if level == 0}
        assert not names & {*APPS, "django"}, program
        assert not [name for name, level in imported(ROOT / program) if level], program


def test_one_module_starts_children_for_files():
    """Whoever starts a process of their own with a stranger's file has gone another way."""
    starting = {
        where
        for where, path in sources()
        if not where.startswith("portal/local/")
        and any(
            name.split(".")[0] in ("subprocess", "multiprocessing") for name, _ in imported(path)
        )
    }
    assert "portal/files/apart.py" in starting
    # Draws our own lists in a child, for the memory: no file of a stranger goes there.
    drawing = {"portal/pdf/volumes.py"}
    assert starting - drawing == {"portal/files/apart.py"}, "or name it here with its reason"
