"""Drawing: one font configuration and one parsed stylesheet a process, nothing fetched."""

import gc
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

from django.template.loader import render_to_string

from portal.pdf import fonts, guard, tagging


class RenderingFailed(RuntimeError):
    """The PDF cannot be drawn; the message says why, without the content."""


_drawing = threading.Lock()
_drawers = 0


@contextmanager
def _without_collector() -> Iterator[None]:
    """A drawing is millions of objects that all live until its end: looking for garbage among them
    again and again is a quarter of the time of a long letter. Threads may draw at once."""
    global _drawers
    with _drawing:
        _drawers += 1
        gc.disable()
    try:
        yield
    finally:
        with _drawing:
            _drawers -= 1
            if not _drawers:
                gc.enable()


def draw(
    html: str, *, stylesheets: tuple[Any, ...], attachment: tuple[str, bytes], moment: datetime
) -> bytes:
    """HTML of ours as PDF/A-3a and PDF/UA-1. The same in gives the same bytes out.

    `stylesheets` come from `template_css` and `plain_css`; `attachment` is a JSON file (name,
    bytes) that the PDF presents; `moment` is the time of all dates in the PDF. Raises
    RenderingFailed, and DrawnInRequest while a request is being answered.
    """
    guard.refuse_in_requests()
    fonts.configuration()  # WeasyPrint may be loaded by it only
    from weasyprint.urls import FatalURLFetchingError

    name, data = attachment
    with _without_collector():
        try:
            return _drawn(html, stylesheets, name, data, moment)
        except FatalURLFetchingError as error:
            # Derives from BaseException: it would take a worker down.
            raise RenderingFailed(f"the document asked for a file: {error}") from None


def _drawn(
    html: str, stylesheets: tuple[Any, ...], name: str, data: bytes, moment: datetime
) -> bytes:
    from weasyprint import HTML, Attachment

    from portal.pdf.fetching import Nothing

    configuration = fonts.configuration()
    document = HTML(string=html, base_url="letter:", url_fetcher=Nothing()).render(
        font_config=configuration,
        stylesheets=list(stylesheets),
        pdf_variant="pdf/a-3a",
        pdf_tags=True,
    )
    pdf: bytes = document.write_pdf(
        finisher=tagging.finish,
        pdf_variant="pdf/a-3a",
        pdf_tags=True,
        pdf_identifier=hashlib.sha256(data).digest()[:16],
        attachments=[
            Attachment(
                string=data.decode(),
                name=name,
                description=name,
                relationship="Data",
                # Without these two the bytes differ from run to run.
                created=moment,
                modified=moment,
            )
        ],
    )
    return pdf


@cache
def template_css(template: str) -> Any:
    """The stylesheet of a template, parsed once per process: parsing anew costs memory that stays."""
    return _css(render_to_string(template))


@cache
def plain_css(text: str) -> Any:
    """A short stylesheet, parsed once per process; for the few themes of the agencies."""
    return _css(text)


def _css(text: str) -> Any:
    configuration = fonts.configuration()
    from weasyprint import CSS

    from portal.pdf.fetching import Nothing

    return CSS(string=text, url_fetcher=Nothing(), font_config=configuration)
