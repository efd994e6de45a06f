"""Lists that come in as files or pasted text: read, matched to columns, understood row by row.

Pure, but for `remembered`: no database, no request. `sources` gives lines of cells, `guess` finds the
headings and what they mean, `understand` says for each line what was understood and what was not.
`microdata_script` reads scripts, `script_rows` makes rows of them.
"""

from applications.imports.headings import guess, match
from applications.imports.understanding import Understood, understand
from portal.files.reading import Unreadable, decode, read_csv, read_text

__all__ = [
    "Understood",
    "Unreadable",
    "decode",
    "guess",
    "match",
    "read_csv",
    "read_text",
    "understand",
]
