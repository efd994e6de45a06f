"""A draft as PDF, for staff only: every page says that it is no decision, and it is never signed.

It is drawn while somebody waits, so of thousands of variables the first ones are shown.
"""

import io
import math

import pikepdf
from django.utils import translation
from django.utils.translation import gettext as _
from pikepdf import Dictionary, Name

from decisions.letters.content import LetterContent, VariableOutcome

FONT, FADED = "/TilgangDraftFont", "/TilgangDraftFaded"
ROWS_SHOWN = 200  # a second of drawing


def preview_pdf(content: LetterContent) -> bytes:
    """The letter as it would look, marked on every page. Raises UnprintableLetter.

    The decision that a real letter carries in machine-readable form is left out, and so is the
    claim to be an archive file: nobody's program shall take this for a decision.
    """
    from decisions.letters.rendering import render  # slow to load

    total = len(content.variables)
    with translation.override(content.language):
        words = _("DRAFT – not a decision")
        note = words
        if total > ROWS_SHOWN:
            shown = {"shown": ROWS_SHOWN, "total": total}
            note += ". " + _("Shown here: the first %(shown)d of %(total)d variables.") % shown
    return mark(render(shortened(content, ROWS_SHOWN)), words, note)


def shortened(content: LetterContent, most: int) -> LetterContent:
    """The content with its first `most` variables; the sentence that counts them stays true."""
    if len(content.variables) <= most:
        return content
    from decisions.letters.draft import KINDS_OF_CHANGE, Draft

    whole = Draft(content)
    counted = whole.variables_summary.removesuffix(whole.t["variables_annex"]).strip()
    none = {f"variables_{outcome}": "" for outcome in VariableOutcome}
    counts = dict.fromkeys(("variables_count", "variables_count_lists"), counted)
    wording = {**content.wording, **none, **counts}
    if content.changed is not None and content.gives_access:
        wording |= {f"changes_{kind}": "" for kind in KINDS_OF_CHANGE}
        wording["changes_access"] = f"{whole.changes[0]} {whole.counted_changes}"
    return content.replace(variables=content.variables[:most], wording=wording)


def mark(pdf: bytes, words: str, note: str = "") -> bytes:
    """`pdf` with `words` across every page and in its title, and `note` (else the same) above it;
    without attachments and metadata."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for key in ("/Metadata", "/AF", "/OutputIntents"):
            if key in document.Root:
                del document.Root[key]
        if "/Names" in document.Root and "/EmbeddedFiles" in document.Root.Names:
            del document.Root.Names["/EmbeddedFiles"]
        font = document.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type1,
                BaseFont=Name("/Helvetica-Bold"),
                Encoding=Name.WinAnsiEncoding,
            )
        )
        faded = document.make_indirect(Dictionary(Type=Name.ExtGState, ca=0.22))
        for page in document.pages:
            _mark_page(document, page, words, note or words, font, faded)
        document.docinfo["/Title"] = words
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def _mark_page(
    document: pikepdf.Pdf,
    page: pikepdf.Page,
    words: str,
    note: str,
    font: pikepdf.Object,
    faded: pikepdf.Object,
) -> None:
    left, bottom, right, top = (float(side) for side in page.mediabox)
    width, height = right - left, top - bottom
    # Half of the letter's height is a fair guess of the mean width of capitals in Helvetica.
    size = min(54.0, 1.1 * width / (0.55 * len(words)))
    angle = math.atan2(height, width)
    length = 0.55 * size * len(words)
    cos, sin = math.cos(angle), math.sin(angle)
    x = left + width / 2 - cos * length / 2
    y = bottom + height / 2 - sin * length / 2
    across = (
        f"{FADED} gs 0.75 0.1 0.1 rg BT {FONT} {size:.1f} Tf"
        f" {cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {x:.1f} {y:.1f} Tm "
    )
    above = f"0.75 0.1 0.1 rg BT {FONT} 11 Tf 1 0 0 1 {left + 40:.1f} {top - 24:.1f} Tm "
    stream = (
        b"/Artifact BMC q "
        + across.encode()
        + _shown(words)
        + b" ET Q q "
        + above.encode()
        + _shown(note)
        + b" ET Q EMC"
    )
    page.contents_add(document.make_stream(b"q"), prepend=True)
    page.contents_add(document.make_stream(b"Q " + stream))
    page.add_resource(font, Name.Font, Name(FONT))
    page.add_resource(faded, Name.ExtGState, Name(FADED))


def _shown(words: str) -> bytes:
    """The operator that shows a text, in the encoding of the standard fonts."""
    raw = words.encode("cp1252", "replace")
    for sign in (b"\\", b"(", b")"):
        raw = raw.replace(sign, b"\\" + sign)
    return b"(" + raw + b") Tj"
