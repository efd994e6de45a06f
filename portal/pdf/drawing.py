"""Drawing: one font configuration and one parsed stylesheet a process, nothing fetched."""

import hashlib
from datetime import datetime
from functools import cache
from typing import Any

from django.template.loader import render_to_string

from portal.pdf import fonts, tagging


class RenderingFailed(RuntimeError):
    """The PDF cannot be drawn; the message says why, without the content."""


def draw(
    html: str, *, stylesheets: tuple[Any, ...], attachment: tuple[str, bytes], moment: datetime
) -> bytes:
    """HTML of ours as PDF/A-3a and PDF/UA-1. The same in gives the same bytes out.

    `stylesheets` come from `template_css` and `plain_css`; `attachment` is a JSON file (name,
    bytes) that the PDF presents; `moment` is the time of all dates in the PDF. Raises
    RenderingFailed.
    """
    configuration = fonts.configuration()
    from weasyprint import HTML, Attachment
    from weasyprint.urls import FatalURLFetchingError

    from portal.pdf.fetching import Nothing

    name, data = attachment
    try:
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
    except FatalURLFetchingError as error:
        # Derives from BaseException: it would take a worker down.
        raise RenderingFailed(f"the document asked for a file: {error}") from None
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
