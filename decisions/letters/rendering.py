"""From content to a PDF that is PDF/A-3a (for archives) and PDF/UA-1 (for everybody) at once."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import select_template

from portal.pdf import RenderingFailed, drawing
from portal.pdf.printable import LAYOUT, is_printable
from portal.pdf.volumes import Annex

from .annexes import are_needed
from .codec import plain
from .content import LetterContent, Theme
from .draft import Draft

TEMPLATES = "decisions/letters"


class UnprintableLetter(RenderingFailed):
    """The letter holds characters that our fonts lack. `.found` lists them."""

    def __init__(self, found: "list[Unprintable]") -> None:
        super().__init__("; ".join(str(each) for each in found[:20]))
        self.found = found


@dataclass(frozen=True)
class Unprintable:
    """A character that cannot be printed. `where` is the field path in the content."""

    character: str
    where: str

    def __str__(self) -> str:
        name = unicodedata.name(self.character, "no name")
        return f"{self.where}: U+{ord(self.character):04X} ({name})"


def unprintable(content: LetterContent) -> list[Unprintable]:
    """Every character of the content that our fonts cannot print, once per field.

    To be asked before a decision is sent for approval: a letter with an empty box in a name is no
    letter, and breaks both PDF standards without any other sign. Control characters and marks that
    turn the reading direction are among them.
    """
    return unprintable_in(plain(content))


def unprintable_in(facts: Any) -> list[Unprintable]:
    """The same for any nest of dicts, lists and strings."""
    found: dict[Unprintable, None] = {}
    for where, text in _strings(facts, ""):
        for character in unicodedata.normalize("NFC", text):
            if character not in LAYOUT and not is_printable(character):
                found[Unprintable(character, where)] = None
    return list(found)


def render(content: LetterContent, annexes: Sequence[Annex] = ()) -> bytes:
    """The letter as PDF, unsigned, with the decision attached as decision.json.

    `annexes`: the volumes of `annexes.listing`, when the content needs them. The same content gives
    the same bytes. Raises UnprintableLetter and RenderingFailed, ValueError without the annexes.
    """
    if are_needed(content) != bool(annexes):
        raise ValueError("annexes are there exactly when the letter names them")
    found = unprintable(content)
    if found:
        raise UnprintableLetter(found)
    draft = Draft(content)
    agency = re.sub(r"[^a-z0-9]", "", content.agency.code.lower())
    template = select_template([f"{TEMPLATES}/{agency}/letter.html", f"{TEMPLATES}/letter.html"])
    html = template.render(
        {
            "d": draft,
            "annexes": annexes,
            "attention": draft.t.fill("attention", name=draft.recipient.signatory),
            "signed_text": draft.say("signed_text"),
            "verify_after": draft.say("verify_after"),
        }
    )
    return drawing.draw(
        html,
        stylesheets=stylesheets(content.agency.theme),
        attachment=("decision.json", content.to_json()),
        moment=content.decided_at,
    )


def stylesheets(theme: Theme) -> tuple[Any, ...]:
    """The stylesheets of an agency's letters, for `portal.pdf.draw`."""
    own = f":root {{ --accent: {theme.accent}; --tint: {theme.tint}; }}"
    return drawing.template_css(f"{TEMPLATES}/letter.css"), drawing.plain_css(own)


def _strings(value: Any, path: str) -> list[tuple[str, str]]:
    if isinstance(value, str):
        return [(path, value)]
    if isinstance(value, Mapping):
        pairs = [(f"{path}.{key}" if path else key, entry) for key, entry in value.items()]
    elif isinstance(value, list):
        pairs = [(f"{path}[{n}]", entry) for n, entry in enumerate(value)]
    else:
        return []
    return [each for where, entry in pairs for each in _strings(entry, where)]
