"""From content to what the template prints: every sentence filled in, every date and amount
written out in the letter's language. The template only places it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

from .content import LetterContent, VariableDecision, VariableOutcome
from .texts import Texts

# More variables than this and their table leaves the letter for an annex behind the signature.
LONGEST_TABLE_IN_LETTER = 12
# And more than this, the file: annexes of their own carry it.
LONGEST_TABLE_IN_FILE = 200
# What a row can be beside the decision that is changed; anything else tells how it was other.
BEFORE = ("new", "same", "refused")
KINDS_OF_CHANGE = (*BEFORE, "other", "ended")


class Draft:
    """A letter about to be drawn. Attributes are what templates/decisions/letters/ prints."""

    def __init__(self, content: LetterContent) -> None:
        """`content` as it was approved; accents typed as a separate mark are joined here, for the
        fonts have the joined letters."""
        text = unicodedata.normalize("NFC", content.to_json().decode())
        content = LetterContent.from_json(text)
        self.content = content
        self.t = Texts(content.language, content.wording)
        self.agency = content.agency
        self.recipient = content.recipient
        self._names = {
            "agency": content.agency.name,
            "institution": content.recipient.institution,
        }
        self.title = self.t[f"title_{content.outcome}"]
        self.lead = self.say(f"lead_{content.outcome}")
        self.decided_on = self.day(content.decided_at)
        self.created = self.utc(content.decided_at)

    # -- words ---------------------------------------------------------------------------------
    def say(self, key: str, **values: object) -> str:
        """A standard sentence with agency, institution and `values` filled in."""
        return self.t.fill(key, **self._names, **values)

    @property
    def specimen(self) -> str:
        return self.t["specimen"] if self.content.specimen else ""

    def day(self, moment: date | datetime) -> str:
        """A day written out. A moment is the day it was in the agency's time zone: 23:30 UTC on
        14 January is 15 January in Oslo."""
        if isinstance(moment, datetime):
            moment = moment.astimezone(ZoneInfo(self.agency.zone)).date()
        return format_date(moment, "long", locale=self.t["locale"])

    @staticmethod
    def utc(moment: datetime) -> str:
        """A moment as PDF metadata want it, to the second."""
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def time(self, moment: datetime) -> str:
        """A moment written out with its zone, in the agency's time."""
        zone = ZoneInfo(self.agency.zone)
        text = format_datetime(moment.astimezone(zone), "long", locale=self.t["locale"])
        return unicodedata.normalize("NFC", text)

    def money(self, amount: Decimal) -> str:
        """An amount in the quote's currency. Babel sets no space between letters and digits."""
        assert self.content.quote is not None
        text = format_currency(amount, self.content.quote.currency, locale=self.t["locale"])
        return re.sub(r"(?<=[A-Za-z])(?=\d)", "\N{NO-BREAK SPACE}", text)

    def number(self, number: Decimal | int) -> str:
        return format_decimal(number, locale=self.t["locale"])

    # -- parts of the letter -------------------------------------------------------------------
    @property
    def references(self) -> list[tuple[str, str]]:
        c = self.content
        rows = [
            (self.t["date"], self.decided_on),
            (self.t["case_number"], c.case_number),
            (self.t["letter_number"], c.letter_id),
            (self.t["reference"], c.recipient.reference),
        ]
        return [row for row in rows if row[1]]

    @property
    def drafter_title(self) -> str:
        """The title, unless it only says "case officer", which stands below it anyway."""
        title = self.content.drafter.title
        return "" if title.lower() == self.t["drafted_by"].lower() else title

    @property
    def application(self) -> list[tuple[str, list[str]]]:
        c = self.content
        institution = c.recipient.institution
        if c.recipient.organisation_number:
            institution += f" ({self.t['organisation_number']} {c.recipient.organisation_number})"
        rows = [
            (self.t["purpose"], lines(c.project.purpose)),
            (self.t["institution"], [institution]),
            (self.t["applicants"], list(c.recipient.applicants)),
            (self.t["received_on"], self._maybe_day(c.project.received_on)),
            (self.t["ends_on"], self._maybe_day(c.project.ends_on)),
        ]
        return [row for row in rows if any(row[1])]

    @property
    def reasons(self) -> list[list[str]]:
        return [lines(paragraph) for paragraph in self.content.reasons if paragraph.strip()]

    @property
    def variables_summary(self) -> str:
        rows = self.content.variables
        count = Counter(row.outcome for row in rows)
        ended = count[VariableOutcome.ENDED]
        counted = "variables_count" if all(r.listed for r in rows) else "variables_count_lists"
        parts = [self.t.fill(counted, total=self.number(len(rows) - ended))]
        parts += [
            self.t.fill(f"variables_{outcome}", number=self.number(count[outcome]))
            for outcome in sorted(count)
        ]
        if self.annexed:
            parts.append(self.t["variables_annexes"])
        elif self.annex:
            parts.append(self.t["variables_annex"])
        return " ".join(parts)

    @property
    def annex(self) -> bool:
        return len(self.content.variables) > LONGEST_TABLE_IN_LETTER

    @property
    def annexed(self) -> bool:
        """Whether the table is not in this file at all, but in annexes of their own."""
        return len(self.content.variables) > LONGEST_TABLE_IN_FILE

    @cached_property  # asked for every row
    def has_years(self) -> bool:
        return any(row.years for row in self.content.variables)

    @cached_property
    def has_reasons(self) -> bool:
        return any(row.reason for row in self.content.variables)

    @cached_property
    def variables_columns(self) -> int:
        return 3 + self.has_years + self.has_reasons

    @property
    def variables_by_source(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The variables in the order given, each run of one source under its name: the name once,
        not on each of thousands of rows, which also halves the time to lay them out."""
        outcomes = {o: self.t[f"outcome_{o}"] for o in VariableOutcome}
        rows: Iterator[dict[str, Any]] = (
            {"number": n, "row": row, "outcome": outcomes[row.outcome] + self._before(row)}
            for n, row in enumerate(self.content.variables, start=1)
        )
        return [(source, list(run)) for source, run in groupby(rows, lambda v: v["row"].source)]

    def _before(self, row: VariableDecision) -> str:
        """What the changed decision says of a row, in brackets."""
        if not row.before:
            return ""
        known = f"before_{row.before}"
        if known in self.t:
            return f" ({self.t[known]})"
        return f" ({self.t.fill('before_years', years=row.before)})"

    @property
    def changes(self) -> list[str]:
        """What becomes of the decision that the application asked to have changed."""
        changed = self.content.changed
        if changed is None:
            return []
        named = {
            "letter": changed.letter_id,
            "case": changed.case_number,
            "date": self.day(changed.decided_on),
        }
        if not self.content.gives_access:
            return [self.t.fill("changes_none", **named)]
        told = [
            self.t.fill("changes_access", **named),
            self.counted_changes,
            *self._deletion_changed(changed.deletion_date),
        ]
        return [text for text in told if text]

    @property
    def counted_changes(self) -> str:
        """How many rows are new, other, as before, asked for again, given up."""
        ended = VariableOutcome.ENDED
        rows = self.content.variables
        count = Counter(
            row.before if row.before in BEFORE else "other" for row in rows if row.outcome != ended
        )
        count["ended"] = sum(row.outcome == ended for row in rows)
        return " ".join(
            self.t.fill(f"changes_{what}", number=self.number(count[what]))
            for what in KINDS_OF_CHANGE
            if count[what]
        ).strip()

    def _deletion_changed(self, before: date | None) -> list[str]:
        after = self.content.deletion_date
        if not before or not after or before == after:
            return []
        told = {"before": self.day(before), "after": self.day(after)}
        return [self.t.fill("changes_deletion", **told)]

    @property
    def conditions(self) -> list[dict[str, Any]]:
        return [{"id": c.id, "lines": lines(c.text)} for c in self.content.conditions]

    @property
    def deletion(self) -> str:
        deletion_date = self.content.deletion_date
        return self.say("deletion_text", date=self.day(deletion_date)) if deletion_date else ""

    @property
    def validity(self) -> str:
        """How long what was granted holds, when it is something else than access to data."""
        first, last = self.content.valid_from, self.content.valid_until
        if not first:
            return ""
        if last:
            return self.say("validity_between", first=self.day(first), last=self.day(last))
        return self.say("validity_from", first=self.day(first))

    @property
    def quote(self) -> dict[str, Any] | None:
        quote = self.content.quote
        if quote is None:
            return None
        notes = []
        if quote.delivery:
            notes.append(self.t.fill("quote_delivery", text=quote.delivery))
        if quote.valid_until:
            notes.append(self.t.fill("quote_valid", date=self.day(quote.valid_until)))
        return {
            "lines": [(x.text, x.basis, self.money(x.amount)) for x in quote.lines],
            "sums": [
                (self.t["quote_net"], self.money(quote.net)),
                (
                    self.t.fill("quote_vat", percent=self.number(quote.vat_percent)),
                    self.money(quote.vat),
                ),
                (self.t["quote_total"], self.money(quote.total)),
            ],
            "notes": notes,
        }

    @property
    def acceptance(self) -> list[list[str]]:
        """How the recipient accepts, when access is given: the standard sentence, the agency's own
        paragraphs, the date."""
        if not self.content.gives_access:
            return []
        paragraphs = [lines(self.say("acceptance_text"))]
        paragraphs += [lines(paragraph) for paragraph in self.content.acceptance]
        if self.content.acceptance_due:
            due = self.day(self.content.acceptance_due)
            paragraphs.append([self.t.fill("acceptance_due", date=due)])
        return paragraphs

    @property
    def breach(self) -> list[list[str]]:
        return [lines(paragraph) for paragraph in self.content.breach]

    @property
    def appeal(self) -> list[list[str]]:
        return [lines(paragraph) for paragraph in self.content.appeal]

    def _maybe_day(self, moment: date | None) -> list[str]:
        return [self.day(moment)] if moment else []


def lines(text: str) -> list[str]:
    """The lines of a paragraph, without the empty ones at its ends."""
    return text.strip().splitlines()
