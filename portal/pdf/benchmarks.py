"""What long lists on paper cost, for `manage.py bench`."""

import resource
from datetime import UTC, datetime

from portal.benchmarks import Figure
from portal.pdf.volumes import Listing, draw_volumes

COLUMNS = ("Register", "Variable", "Description", "From", "To", "Unit", "Purpose", "Detail")
SIZES = (500, 5_000, 20_000)


def _listing(rows: int) -> Listing:
    return Listing(
        title="Variables",
        agency="An agency",
        reference="2026/1",
        language="en",
        headings=COLUMNS,
        rows=[
            (
                "REG",
                f"VAR{n}",
                f"What variable {n} says",
                "2010",
                "2024",
                "person",
                "needed",
                "year",
            )
            for n in range(rows)
        ],
        moment=datetime(2026, 1, 1, tzinfo=UTC),
        filename="variables",
    )


def figures(shrink: int) -> list[Figure]:
    """CPU time (ours and the children's) of a list in volumes; `size` tells rows, volumes, and the
    most memory that a child has held so far. `shrink`: a small part of the sizes."""
    told = []
    for rows in SIZES:
        listing = _listing(rows // shrink)
        volumes = 0

        def draw(listing: Listing = listing) -> None:
            nonlocal volumes
            volumes = sum(1 for _ in draw_volumes(listing))

        before = _cpu()
        draw()
        spent = _cpu() - before
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        size = f"{rows // shrink} rows, {volumes} volumes, {most} MB"
        told.append(Figure("list on paper, CPU", size, spent * 1000))
    return told


def _cpu() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(kind) for kind in kinds]
    return sum(u.ru_utime + u.ru_stime for u in used)
