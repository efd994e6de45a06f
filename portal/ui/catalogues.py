"""Catalogues of translations without GNU gettext: what is to be translated, and what is not yet.

Sources are the Python files and templates of our apps. Messages of Django and allauth are theirs.
"""

import io
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

APPS = ("portal", "institutions", "catalogue", "applications", "decisions")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|(?<=\{)\w+(?=\})|%n\b")
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: Tilgang\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def languages() -> list[str]:
    """The languages that are translated into: all of the site but the source's English."""
    return [code for code, _ in settings.LANGUAGES if code != "en"]


def path_of(language: str) -> Path:
    """The catalogue of a language, as text."""
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def sources(root: Path) -> Iterator[Path]:
    """Python files and templates with our own strings, in a stable order."""
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            yield path


def _code(path: Path) -> bytes:
    """The file as Python; of a template, the calls that its tags stand for."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # templatize leaves gettext(...) between X's; indentation would mean something to Python.
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).split("\n"))
    return text.encode()


def extracted(root: Path) -> Catalog:
    """Every message of the sources, with the files that it stands in."""
    found = Catalog(charset="utf-8")
    for path in sources(root):
        calls = extract("python", io.BytesIO(_code(path)), keywords=KEYWORDS)
        for _line, message, comments, context in calls:
            where = (path.relative_to(root).as_posix(), 0)
            found.add(message, locations=[where], auto_comments=comments, context=context)
    return found


def read(language: str) -> Catalog:
    """The catalogue of a language as it stands; empty when there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def write(language: str, catalogue: Catalog) -> None:
    """Stores a catalogue in an order and form that changes only where messages do."""
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    body = io.BytesIO()
    write_po(
        body,
        catalogue,
        width=100,
        sort_output=True,
        omit_header=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    path.write_text(
        HEADER.format(language=language) + body.getvalue().decode().lstrip(), encoding="utf-8"
    )


def update(language: str, found: Catalog) -> Catalog:
    """The catalogue of a language brought up to the sources; stale messages go, none is guessed."""
    catalogue = read(language)
    # Babel puts the template's own messages into the catalogue: without a copy, one language's
    # words would leak into the next.
    catalogue.update(deepcopy(found), no_fuzzy_matching=True)
    return catalogue


def compile_catalogue(language: str) -> Path:
    """Writes the binary twin that Django reads. Messages without translation stay English."""
    target = path_of(language).with_suffix(".mo")
    with target.open("wb") as file:
        write_mo(file, read(language))
    return target


def _texts(message: Message) -> tuple[str, ...]:
    text = message.string
    return tuple(map(str, text)) if isinstance(text, tuple | list) else (str(text or ""),)


def _ids(message: Message) -> tuple[str, ...]:
    text = message.id
    return tuple(map(str, text)) if isinstance(text, tuple | list) else (str(text),)


def wrong(message: Message) -> str:
    """What is not right with a translated message, "" when nothing is."""
    texts = _texts(message)
    if not all(texts):
        return "untranslated"
    if message.fuzzy:
        return "fuzzy"
    wanted = set().union(*(PLACEHOLDER.findall(text) for text in _ids(message)))
    for text in texts:
        has = set(PLACEHOLDER.findall(text))
        # A singular may leave its number out; nothing may bring in a name that is not given.
        if has - wanted or (len(texts) == 1 and has != wanted):
            return f"placeholders differ: {sorted(wanted)} and {sorted(has)}"
    return ""


def faults(language: str, found: Catalog) -> list[str]:
    """Every untranslated, fuzzy, stale or damaged message of a language, one line each."""
    has = {
        (m.id if isinstance(m.id, str) else m.id[0], m.context): m for m in read(language) if m.id
    }
    wanted = {(m.id if isinstance(m.id, str) else m.id[0], m.context): m for m in found if m.id}
    told = [f"not in the catalogue: {text}" for text, _ in wanted.keys() - has.keys()]
    told += [f"stale: {text}" for text, _ in has.keys() - wanted.keys()]
    for key in has.keys() & wanted.keys():
        if reason := wrong(has[key]):
            told.append(f"{reason}: {key[0]}")
    return sorted(f"{language}: {line}" for line in told)
