"""Takes a signed PDF apart that may be one of our letters. Pure.

Judges nothing: it may be lied to by the file.
"""

import contextlib
import hashlib
import io
import json
from typing import Any, BinaryIO


def examine(file: BinaryIO, arguments: dict[str, Any]) -> dict[str, Any]:
    """What can be seen in the file; one that cannot be taken apart is "unreadable".

    arguments: roots (certificates in PEM), facts_key, ours_until (see `inspect`).
    """
    try:
        return inspect(file.read(), arguments)
    except Exception as error:  # whatever a hostile file can think of
        return {"problem": "unreadable", "error": type(error).__name__, "signatures": []}


def inspect(pdf: bytes, header: dict[str, Any]) -> dict[str, Any]:
    """What can be seen in `pdf`:

    problem: "", "encrypted" or "unreadable";
    signatures: one dict each (see `_signature`), timestamps left out;
    claims: letter_id and case_number that the attached decision states;
    differences: how it differs from its first header["ours_until"] bytes, when those are ours.
    """
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            if document.is_encrypted:
                return {"problem": "encrypted", "signatures": []}
            seen: dict[str, Any] = {"problem": "", "claims": _claims(document)}
            if header["ours_until"]:
                with pikepdf.open(io.BytesIO(pdf[: header["ours_until"]])) as ours:
                    seen["differences"] = _differences(ours, document)
    except pikepdf.PasswordError:
        return {"problem": "encrypted", "signatures": []}
    seen["signatures"] = _signatures(pdf, header)
    return seen


def _signatures(pdf: bytes, header: dict[str, Any]) -> list[dict[str, Any]]:
    from asn1crypto import pem, x509
    from pyhanko.pdf_utils.reader import PdfFileReader

    roots = [x509.Certificate.load(pem.unarmor(root.encode())[2]) for root in header["roots"]]
    # Not strict: a file that was saved anew by another program shall still be told what is wrong.
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    return [
        _signature(embedded, roots, header["facts_key"])
        for embedded in reader.embedded_regular_signatures
    ]


def _signature(embedded: Any, roots: list[Any], facts_key: str) -> dict[str, Any]:
    """field, name (in the certificate), at (ISO), facts; intact: the signed bytes are unchanged and
    the signature fits; trusted: leads to one of our roots; good: both, and so is its time stamp."""
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    at = embedded.self_reported_timestamp
    seen: dict[str, Any] = {
        "field": embedded.field_name,
        "name": embedded.signer_cert.subject.native.get("common_name", ""),
        "at": at.isoformat() if at else "",
        "facts": _facts(embedded.sig_object, facts_key),
        "good": False,
        "intact": False,
        "trusted": False,
    }
    # The certificate as it was when the letter was signed: letters outlive certificates.
    with contextlib.suppress(Exception):
        context = ValidationContext(trust_roots=roots, moment=at, allow_fetching=False)
        # What was added after a signature is not weighed: only bytes that we issued are genuine,
        # and weighing takes minutes for a letter of three hundred pages.
        status = validate_pdf_signature(embedded, context, context, skip_diff=True)
        seen["good"] = bool(status.bottom_line)
        seen["intact"] = bool(status.intact and status.valid)
        seen["trusted"] = bool(status.trusted)
    return seen


def _facts(signature: Any, key: str) -> str:
    with contextlib.suppress(Exception):
        return str(signature["/Prop_Build"]["/App"][key])
    return ""


def _claims(document: Any) -> dict[str, str]:
    claims = {}
    with contextlib.suppress(Exception):
        decision = json.loads(document.attachments["decision.json"].get_file().read_bytes())
        for name in ("letter_id", "case_number"):
            claims[name] = str(decision[name])[:100]
    return claims


def _differences(ours: Any, theirs: Any) -> list[str]:
    """Which of title, attachment, pages are not as they were: for the words only."""
    found = []
    for name, look in (("title", _title), ("attachment", _attachments), ("pages", _pages)):
        try:
            same = look(ours) == look(theirs)
        except Exception:
            same = False
        if not same:
            found.append(name)
    return found


def _title(document: Any) -> list[str]:
    """Who says what it is, in both places where a PDF says so."""
    information = document.trailer.get("/Info", {})
    metadata = document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False)
    said = [str(information.get(key, "")) for key in ("/Title", "/Subject", "/Author")]
    return said + [str(metadata.get(f"dc:{key}")) for key in ("title", "description", "creator")]


def _attachments(document: Any) -> dict[str, str]:
    return {
        name: hashlib.sha256(document.attachments[name].get_file().read_bytes()).hexdigest()
        for name in document.attachments
    }


def _pages(document: Any) -> list[tuple[str, int]]:
    pages = []
    for page in document.pages:
        contents = page.obj.get("/Contents")
        parts = contents if getattr(contents, "_type_name", "") == "array" else [contents]
        digest = hashlib.sha256(b"\n".join(part.read_bytes() for part in parts))
        visible = [a for a in page.obj.get("/Annots", []) if _is_visible(a)]
        pages.append((digest.hexdigest(), len(visible)))
    return pages


def _is_visible(annotation: Any) -> bool:
    left, bottom, right, top = (float(side) for side in annotation.Rect)
    return right > left and top > bottom
