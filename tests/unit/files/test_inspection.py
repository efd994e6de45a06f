"""Files from outside: what is taken, and what is refused with which reason."""

import io
import zipfile

import pytest

from applications.forms import filenames
from portal.files.child.inspection import inspect
from portal.files.inspection import OFFICE, Refused
from portal.local import seeding

WORKBOOK = seeding.xlsx([["a", "b"]])


def refusal(name, content):
    try:
        return inspect(io.BytesIO(content), name.rpartition(".")[2])
    except Refused as refused:
        return f"refused: {refused}"


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_part(name, content):
    out = io.BytesIO(WORKBOOK)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


PDF = seeding.pdf("Title", "Text")
HTML = b"<!doctype html><script>alert(1)</script>"
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    "<workbook>&b;</workbook>"
)


def test_honest_files_are_taken_with_a_type_of_ours():
    assert refusal("a.pdf", PDF) == "application/pdf"
    assert refusal("a.xlsx", WORKBOOK) == f"{OFFICE}.spreadsheetml.sheet"
    assert refusal("a.csv", "Navn;År\n".encode("cp1252")) == "text/csv"
    assert refusal("a.txt", "Hei".encode("utf-16")) == "text/plain"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", HTML, "type"),
        ("a.pdf", b"%PDF-1.7 and nothing more", "unreadable"),
        ("a.txt", HTML, "type"),
        ("a.csv", b"<svg onload='x'>", "type"),
        ("a.txt", PDF, "type"),
        ("a.txt", b"a\x00b", "type"),
        ("a.xlsx", PDF, "type"),
        ("a.xlsx", b"PK\x03\x04 broken", "unreadable"),
        ("a.docx", WORKBOOK, "type"),
        ("a.odt", WORKBOOK, "type"),
        ("a.xlsx", with_part("xl/vbaProject.bin", "x"), "macro"),
        ("a.xlsx", with_part("big.xml", b"0" * 60_000_000), "bomb"),
        ("a.xlsx", zipped({"xl/workbook.xml": ENTITIES}), "bomb"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "encrypted"),
        ("a.doc", b"plain text", "type"),
        ("a.exe", b"MZ", "type"),
    ],
)
def test_files_that_lie_are_refused_with_the_reason(name, content, reason):
    assert refusal(name, content) == f"refused: {reason}"


def test_a_pdf_with_a_password_is_refused():
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(PDF)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert refusal("a.pdf", out.getvalue()) == "refused: encrypted"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\plan.docx", "plan.docx"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "ab Set-Cookie: x.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("  .hidden.txt ", "hidden.txt"),
        ("", "file"),
    ],
)
def test_file_names_are_made_safe(given, kept):
    assert filenames.clean(given) == kept


def test_a_long_name_keeps_its_extension():
    cleaned = filenames.clean("å" * 300 + ".pdf")
    assert len(cleaned) <= filenames.LONGEST
    assert filenames.extension(cleaned) == "pdf"
