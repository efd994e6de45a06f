"""A draft as PDF, for staff only: every page says that it is no decision, and it is never signed.

The decision maker sees what will go out: the letter, and the annexes that it names.
"""

import io
import math
from collections.abc import Callable
from dataclasses import replace

import pikepdf
from django.utils import translation
from django.utils.translation import gettext as _
from pikepdf import Dictionary, Name

from decisions.letters import annexes
from decisions.letters.content import LetterContent
from portal.pdf.volumes import draw_volumes

FONT, FADED = "/TilgangDraftFont", "/TilgangDraftFaded"


def preview_files(
    content: LetterContent, progress: Callable[[int, int], None]
) -> list[tuple[str, bytes]]:
    """The letter as it would look, and its annexes: (file name, PDF), marked on every page. Raises
    UnprintableLetter and RenderingFailed.

    The decision that a real letter carries in machine-readable form is left out, and so is the
    claim to be an archive file: nobody's program shall take this for a decision.
    """
    from decisions.letters.rendering import render  # slow to load

    with translation.override(content.language):
        words = _("DRAFT – not a decision")
    files, told = [], []
    if annexes.are_needed(content):
        for annex, pdf in draw_volumes(annexes.listing(content, words), progress):
            name = f"draft-{annex.filename}"
            files.append((name, pdf))
            told.append(replace(annex, sha256=""))
    letter = mark(render(content, told), words)
    return [(f"draft-{content.letter_id.replace('/', '-')}.pdf", letter), *files]


def mark(pdf: bytes, words: str) -> bytes:
    """`pdf` with `words` across and above every page and in its title; without attachments and
    metadata."""
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
            _mark_page(document, page, words, font, faded)
        document.docinfo["/Title"] = words
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def _mark_page(
    document: pikepdf.Pdf,
    page: pikepdf.Page,
    words: str,
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
        + _shown(words)
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
