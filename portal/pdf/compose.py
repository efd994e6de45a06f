"""Draws one volume of a list: `python compose.py FOLDER`, a process of its own, so that its memory
is given back and its limits are its own. Loads nothing of the portal.

The folder holds list.typ, data.json, list.json and limits.json; out.pdf is written.
"""

import json
import resource
import sys
from pathlib import Path


def main(folder: Path) -> None:
    """Writes out.pdf. Dies at its limits; says what Typst found wrong on standard error."""
    limits = json.loads((folder / "limits.json").read_text())
    resource.setrlimit(resource.RLIMIT_AS, (limits["bytes"], limits["bytes"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[limits["fonts"]]
    )
    pdf = typst.Compiler(
        str(folder / "list.typ"), root=str(folder), font_paths=fonts, ignore_system_fonts=True
    ).compile(format="pdf", pdf_standards=limits["standards"], timestamp=limits["moment"])
    assert isinstance(pdf, bytes)
    (folder / "out.pdf").write_bytes(pdf)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"seconds": used.ru_utime + used.ru_stime, "kilobytes": used.ru_maxrss}))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
