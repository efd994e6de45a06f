"""The XML parts of an office file: what in them runs, or fetches from elsewhere. Pure."""

import re
from collections.abc import Callable
from xml.parsers import expat

from .refusals import Refused

# Asks another program, whatever for; or takes in a text or picture from another machine.
DDE = re.compile(r'[\s"]*DDE(AUTO)?\b', re.IGNORECASE)
FETCHING = re.compile(
    r"\s*(INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|RD)\b.*?((https?|ftp|smb|webdav):|\\\\\\\\|file://[^/])",
    re.IGNORECASE | re.DOTALL,
)
# The reader's own machine, or the file itself: a drive, a path without a host, data in the text.
LOCAL = re.compile(
    r"(file:///?)?[a-z]:[\\/]|file:/(//)?(?![/\\])|data:|cid:|vnd\.sun\.star\.(package|graphic)",
    re.IGNORECASE,
)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# Kinds of relationship, by the last part of their address.
HARMLESS = ("hyperlink",)  # nothing is fetched until a reader presses it
ALWAYS = ("oleobject", "externallinkpath", "externallink", "ddelink")
INSIDE = {
    "vbaproject": "macro",
    "wordvbadata": "macro",
    "control": "macro",
    "activexcontrolbinary": "macro",
    "xlmacrosheet": "macro",
    "xlintlmacrosheet": "macro",
    "oleobject": "embedded",
    "afchunk": "embedded",
}
# Elements of OpenDocument that run or embed something.
ODF = {
    "event-listener": "macro",
    "applet": "macro",
    "plugin": "embedded",
    "object-ole": "embedded",
    "dde-source": "links",
    "dde-link": "links",
    "dde-connection-decl": "links",
}
MOST_FIELD = 10_000  # characters of a field's code that are looked at


def elsewhere(target: str) -> bool:
    """Whether a target is fetched from another machine."""
    target = target.strip().replace("%5c", "\\").replace("%5C", "\\")
    if LOCAL.match(target):
        return False
    return target.startswith(("\\\\", "//")) or bool(SCHEME.match(target))


class Part:
    """One part, given piece by piece. `feed` and `close` raise Refused."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.fields: list[list[str] | None] = []  # codes of open fields; None: its result has begun
        self.in_code = False
        self.begun = False
        self.seen = self._seen()
        if seen := self.seen:
            self.parser.StartElementHandler = lambda name, attributes: seen(
                name.rpartition(" ")[2], {k.rpartition(" ")[2]: v for k, v in attributes.items()}
            )
        else:
            self.parser.StartElementHandler = self._begin

    def _begin(self, element: str, told: dict[str, str]) -> None:
        self.begun = True

    def feed(self, piece: bytes) -> None:
        """Looks at a piece. Of a part whose elements do no harm, such as the cells of a sheet, only
        what stands before the first of them."""
        if self.begun:
            return
        try:
            self.parser.Parse(piece, False)
        except expat.ExpatError:
            raise Refused("unreadable") from None

    def close(self) -> None:
        """Nothing more comes."""
        if self.begun:
            return
        try:
            self.parser.Parse(b"", True)
        except expat.ExpatError:
            raise Refused("unreadable") from None

    def _doctype(self, name: str, system: str | None, public: str | None, has_subset: bool) -> None:
        # No office program writes one today; entities are declared there. Old ones named the
        # manifest's.
        if has_subset or self.name != "meta-inf/manifest.xml":
            raise Refused("bomb")

    def _seen(self) -> Callable[[str, dict[str, str]], None] | None:
        """What looks at the elements of this part; None when no element of it can do harm."""
        name = self.name
        if name.endswith(".rels"):
            return self._relationship
        if name == "[content_types].xml":
            return self._content_type
        if name.startswith("xl/externallinks/"):
            return self._external
        if name == "xl/connections.xml":
            return self._connection
        if name.startswith("word/"):
            self.parser.EndElementHandler = self._end
            self.parser.CharacterDataHandler = self._text
            return self._word
        if name.endswith(("content.xml", "styles.xml", "meta.xml", "settings.xml")):
            return self._odf
        return None

    def _relationship(self, element: str, told: dict[str, str]) -> None:
        if element != "Relationship":
            return
        kind = told.get("Type", "").rpartition("/")[2].lower()
        if told.get("TargetMode", "").lower() != "external":
            if kind in INSIDE:
                raise Refused(INSIDE[kind])
        elif kind in ALWAYS or (kind not in HARMLESS and elsewhere(told.get("Target", ""))):
            raise Refused("links")

    def _content_type(self, element: str, told: dict[str, str]) -> None:
        kind = told.get("ContentType", "").lower()
        if "macroenabled" in kind or "vbaproject" in kind or "macrosheet" in kind:
            raise Refused("macro")

    def _external(self, element: str, told: dict[str, str]) -> None:
        if element in ("ddeLink", "oleLink", "externalBook"):
            raise Refused("links")

    def _connection(self, element: str, told: dict[str, str]) -> None:
        if element == "webPr" or told.get("refreshOnLoad") in ("1", "true"):
            raise Refused("links")

    def _odf(self, element: str, told: dict[str, str]) -> None:
        if element in ODF:
            raise Refused(ODF[element])
        # Of Basic this names the libraries only, also where there is none; they have a folder.
        if element == "script" and told.get("language") != "ooo:Basic":
            raise Refused("macro")
        if element != "a" and elsewhere(told.get("href", "")):
            raise Refused("links")

    def _word(self, element: str, told: dict[str, str]) -> None:
        if element == "instrText":
            self.in_code = True
        elif element == "fldSimple":
            self._code(told.get("instr", ""))
        elif element == "fldChar":
            kind = told.get("fldCharType")
            if kind == "begin":
                self.fields.append([])
            elif self.fields:
                self._code("".join(self.fields[-1] or ()))
                self.fields[-1] = None
                if kind == "end":
                    self.fields.pop()

    def _end(self, element: str) -> None:
        if element.endswith(" instrText"):
            self.in_code = False

    def _text(self, text: str) -> None:
        if self.in_code and self.fields and (code := self.fields[-1]) is not None:
            code.append(text)

    def _code(self, code: str) -> None:
        code = code[:MOST_FIELD]
        if DDE.match(code) or FETCHING.match(code):
            raise Refused("links")
