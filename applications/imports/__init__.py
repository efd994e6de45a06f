"""Lists that come in as files or pasted text: read, matched to columns, understood row by row.

Pure: no database, no request. `read` gives lines of cells, `headings` matches the first line,
`understand` says for each line what was understood and what was not.
"""

from applications.imports.headings import match
from applications.imports.reading import Unreadable, decode, read_csv, read_text, read_xlsx
from applications.imports.understanding import Understood, understand

__all__ = [
    "Understood",
    "Unreadable",
    "decode",
    "match",
    "read_csv",
    "read_text",
    "read_xlsx",
    "understand",
]
