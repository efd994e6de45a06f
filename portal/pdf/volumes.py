"""Long lists as PDF/A-3a and PDF/UA-1, in volumes that each stay small enough for a reader, for mail
and for the memory of a worker. Drawn by Typst: WeasyPrint's time and memory grow too fast.
"""

import hashlib
import json
import logging
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from unicodedata import normalize

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from portal.pdf import columns, compose, fonts, guard
from portal.pdf.drawing import RenderingFailed
from portal.pdf.printable import spelt

log = logging.getLogger(__name__)

# What one volume holds: cells, each counted once and once more for every so many of its characters.
# Measured: 40,000 short cells are 570 MB and 2.4 s of CPU time.
MOST_CELLS, CHARACTERS = 40_000, 24
MOST_BYTES = 2_000_000_000  # address space of the child; what it really holds is about a third
MOST_SECONDS = 120  # CPU time of the child
MOST_PATIENCE = 600  # seconds, on a machine that is busy with other things
TEMPLATE = Path(__file__).with_name("list.typ")


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A list to be drawn. `reference`: the case's number, or what stands for it; `lead`: lines above
    the table; `filename`: without number and ending; `draft`: words across every page, or "";
    `attached`: whether each file carries its rows for machines, a draft never."""

    title: str
    agency: str
    reference: str
    language: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    moment: datetime
    filename: str
    lead: Sequence[str] = ()
    draft: str = ""
    attached: bool = True

    @property
    def machine(self) -> bool:
        """Whether a program may take the file for what it says."""
        return self.attached and not self.draft


@dataclass(frozen=True)
class Annex:
    """What is told of a volume: rows `first` to `last` of the list stand in it. JSON by `facts`."""

    title: str
    filename: str
    number: int
    volumes: int
    first: int
    last: int
    sha256: str
    size: int

    @property
    def rows(self) -> int:
        return self.last - self.first + 1

    def facts(self) -> dict[str, Any]:
        """The same as JSON; `Annex(**facts)` is the way back."""
        return asdict(self)


@dataclass(frozen=True)
class Plan:
    """Which rows (from, to; the first is 0) go into which volume."""

    spans: tuple[tuple[int, int], ...]

    def filename(self, stem: str, at: int) -> str:
        return f"{stem}.pdf" if len(self.spans) == 1 else f"{stem}-{at + 1}.pdf"


def plan(rows: Sequence[Sequence[str]]) -> Plan:
    """The volumes of a list: as few as the limit allows, about equally long."""
    weights = [sum(1 + len(cell) // CHARACTERS for cell in row) + 1 for row in rows]
    wanted = max(1, -(-sum(weights) // MOST_CELLS))
    each = sum(weights) / wanted
    spans, start, weight = [], 0, 0
    for at, own in enumerate(weights):
        if at > start and (weight + own > MOST_CELLS or weight >= each):
            spans.append((start, at))
            start, weight = at, 0
        weight += own
    return Plan((*spans, (start, len(rows))))


def draw_volumes(
    listing: Listing, progress: Callable[[int, int], None] = lambda done, total: None
) -> Iterator[tuple[Annex, bytes]]:
    """The volumes of a list one by one, what is told of each, and its bytes. The same in gives the
    same bytes out. `progress(volumes done, of)`. Raises RenderingFailed."""
    guard.refuse_in_requests()
    spans = plan(listing.rows)
    clean = [[spelt(cell) for cell in row] for row in listing.rows]
    # What is only joined (NFC) is no other text.
    spelled = any(
        cell != normalize("NFC", was).replace("\r\n", "\n")
        for row, before in zip(clean, listing.rows, strict=True)
        for cell, was in zip(row, before, strict=True)
        if cell != was
    )
    with override(listing.language):
        headings = [_("No."), *map(spelt, listing.headings)]
    layout = columns.layout(headings, _with_numbers(clean, 0))
    count = len(spans.spans)
    for at, (first, last) in enumerate(spans.spans):
        progress(at, count)
        pdf = _drawn(listing, headings, clean, layout, spelled, at, count, first, last)
        yield (
            Annex(
                listing.title,
                spans.filename(listing.filename, at),
                at + 1,
                count,
                first + 1,
                last,
                hashlib.sha256(pdf).hexdigest(),
                len(pdf),
            ),
            pdf,
        )
    progress(count, count)


def _with_numbers(rows: Sequence[Sequence[str]], first: int) -> list[list[str]]:
    return [[str(n), *row] for n, row in enumerate(rows, first + 1)]


def _drawn(
    listing: Listing,
    headings: list[str],
    clean: list[list[str]],
    layout: columns.Layout,
    spelled: bool,
    at: int,
    count: int,
    first: int,
    last: int,
) -> bytes:
    # As people wrote it, for machines; the pages spell what cannot be printed.
    machine = json.dumps(
        {
            "case": listing.reference,
            "list": listing.title,
            "language": listing.language,
            "volume": at + 1,
            "volumes": count,
            "total": len(listing.rows),
            "first": first + 1,
            "last": last,
            "headings": list(listing.headings),
            "rows": [list(row) for row in listing.rows[first:last]],
        },
        ensure_ascii=False,
        indent=0,
    ).encode("utf-8", "replace")
    with override(listing.language):
        data = _data(listing, at, count, first, last, hashlib.sha256(machine).hexdigest(), spelled)
    data["headings"] = [
        columns.broken(h, w, columns.BOLD) for h, w in zip(headings, layout.widths, strict=True)
    ]
    data["rows"] = [
        [columns.broken(cell, w) for cell, w in zip(row, layout.widths, strict=True)]
        for row in _with_numbers(clean[first:last], first)
    ]
    data |= {
        "fonts": list(fonts.FAMILIES),
        "size": columns.SIZE,
        "inset": columns.INSET,
        "margin": columns.MARGIN,
        **asdict(layout),
    }
    return _in_a_child(data, machine, listing.moment)


def _data(
    listing: Listing, at: int, count: int, first: int, last: int, digest: str, spelled: bool
) -> dict[str, Any]:
    """What the template prints beside the table, in the language of the list."""
    total = len(listing.rows)
    volume = ""
    if count > 1:
        volume = _("Volume %(number)d of %(count)d") % {"number": at + 1, "count": count}
    rows = ngettext("%(count)d row", "%(count)d rows", total) % {"count": total}
    if count > 1:
        span = {"first": first + 1, "last": last, "total": total}
        rows = _("Rows %(first)d to %(last)d of %(total)d") % span
    title = f"{listing.title}, {volume}" if volume else listing.title
    lead = [
        *listing.lead,
        " · ".join(filter(None, [listing.reference, volume, rows])),
    ]
    if listing.machine:
        told = _(
            "The same rows are attached to this file for machines: list.json, SHA-256 %(digest)s"
        )
        lead.append(told % {"digest": digest})
    if spelled:
        lead.append(_("Characters that cannot be printed stand as [U+ and their number]."))
    return {
        "title": spelt(title),
        "agency": spelt(listing.agency),
        "language": listing.language,
        "running": spelt(f"{listing.reference} · {listing.title}"),
        "volume": volume,
        "draft": spelt(listing.draft),
        "machine": listing.machine,
        "lead": [spelt(line) for line in lead if line],
    }


def _in_a_child(data: dict[str, Any], machine: bytes, moment: datetime) -> bytes:
    with tempfile.TemporaryDirectory(prefix="volume-") as place:
        folder = Path(place)
        shutil.copy(TEMPLATE, folder / TEMPLATE.name)
        (folder / "list.json").write_bytes(machine)
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        limits = {
            # A draft is nothing for an archive.
            "standards": ["ua-1"] if data["draft"] else ["a-3a", "ua-1"],
            "bytes": MOST_BYTES,
            "seconds": MOST_SECONDS,
            "fonts": str(fonts.unpacked().absolute()),
            "moment": int(moment.timestamp()),
        }
        (folder / "limits.json").write_text(json.dumps(limits), encoding="utf-8")
        try:
            # By its path, and with nothing of our environment: it needs none of our secrets.
            done = subprocess.run(  # noqa: S603 - our own module, no shell
                [sys.executable, "-I", compose.__file__, place],
                cwd=place,
                env={"LANG": "C.UTF-8", "RAYON_NUM_THREADS": "1"},
                capture_output=True,
                timeout=MOST_PATIENCE,
                check=True,
            )
        except subprocess.CalledProcessError as error:
            told = error.stderr.decode(errors="replace").strip().splitlines()
            # Typst quotes our template in what it says, and never the data.
            log.error("a list could not be drawn: %s", told[-1] if told else error.returncode)
            raise RenderingFailed("a volume of a list could not be drawn") from None
        except subprocess.TimeoutExpired:
            raise RenderingFailed("drawing a volume of a list took too long") from None
        log.debug("volume: %s", done.stdout)
        return (folder / "out.pdf").read_bytes()
