"""Whether a PDF opens without a password and holds nothing but pages. Pure.

Scripts, launch actions and embedded files count wherever they stand: every object of the file is
looked at once, also those inside of object streams, so no chain or ring of them is too long.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from .refusals import MOST_PAGES, MOST_PIXELS, Refused

# An object that names none of these is harmless; one that does is looked at closely.
SUSPECT = re.compile(
    rb"/(JS|JavaScript|Launch|ImportData|GoToE|Rendition|RichMedia\w*|XFA|EF|EmbeddedFiles?|"
    rb"FileAttachment|Collection|3D|Movie|Screen|Width)(?![\w.+-])"
)
ACTIONS = {
    "/JavaScript": "macro",
    "/Launch": "macro",
    "/ImportData": "macro",
    "/Rendition": "macro",
    "/RichMediaExecute": "macro",
    "/GoToE": "embedded",
}
ANNOTATIONS = {
    "/FileAttachment": "embedded",
    "/RichMedia": "embedded",
    "/3D": "embedded",
    "/Movie": "embedded",
    "/Screen": "embedded",
}
# Keys that are refused whatever they hold.
KEYS = {
    "/JavaScript": "macro",
    "/XFA": "macro",
    "/RichMediaContent": "embedded",
    "/EF": "embedded",
    "/EmbeddedFiles": "embedded",
    "/Collection": "embedded",
}


def look(file: BinaryIO, ext: str = "pdf") -> None:
    """Raises Refused with the code of the reason."""
    import pikepdf

    if b"%PDF-" not in file.read(1024):
        raise Refused("type")
    file.seek(0)
    try:
        # Read piece by piece: a large file mapped into memory would take the room of its objects.
        with pikepdf.open(file, access_mode=pikepdf.AccessMode.stream) as pdf:
            if not 1 <= len(pdf.pages) <= MOST_PAGES:
                raise Refused("unreadable")
            for thing in pdf.objects:
                _object(thing)
            _object(pdf.trailer)
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    except pikepdf.PdfError:
        raise Refused("unreadable") from None


def _object(thing: Any) -> None:
    """One object of the file with all that stands directly in it."""
    import pikepdf

    if isinstance(thing, pikepdf.Stream):
        thing = thing.stream_dict
    elif not isinstance(thing, pikepdf.Dictionary | pikepdf.Array):
        return
    # Written out by the library, names without their escapes: one step of C for most objects.
    if not SUSPECT.search(thing.unparse(resolved=True)):
        return
    for each in _dictionaries(thing):
        if code := _code(each):
            raise Refused(code)


def _dictionaries(thing: Any) -> Iterator[Any]:
    """All dictionaries that stand directly in this object. What it only refers to is another one."""
    import pikepdf

    waiting = [thing]
    while waiting:
        now = waiting.pop()
        if isinstance(now, pikepdf.Dictionary):
            yield now
            inside = [value for _key, value in now.items()]
        else:
            inside = list(now)
        waiting += [
            value
            for value in inside
            if isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect
        ]


def _code(found: Any) -> str:
    """Why this dictionary is refused; "" when it is harmless."""
    import pikepdf

    keys = found.keys()
    for key, code in KEYS.items():
        if key in keys:
            return code
    # A font may be called JS; a script is a text or a stream of one.
    if "/JS" in keys and isinstance(found["/JS"], pikepdf.String | pikepdf.Stream):
        return "macro"
    if found.get("/Type") == pikepdf.Name("/EmbeddedFile"):
        return "embedded"
    for key, codes in (("/S", ACTIONS), ("/Subtype", ANNOTATIONS)):
        value = found.get(key)
        if isinstance(value, pikepdf.Name) and (code := codes.get(str(value), "")):
            return code
    width, height = found.get("/Width"), found.get("/Height")
    if isinstance(width, int) and isinstance(height, int) and width * height > MOST_PIXELS:
        return "bomb"
    return ""
