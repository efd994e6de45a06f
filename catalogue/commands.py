"""The one way into a catalogue: a file is compared, shown, and taken in as a new edition."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from catalogue import agencies
from catalogue.difference import (
    REGISTER_FIELDS,
    VARIABLE_FIELDS,
    Change,
    Difference,
    compare,
)
from catalogue.enums import Fate
from catalogue.folding import fold, fold_code
from catalogue.models import Catalogue, Register, Variable, Word
from catalogue.reading import REGISTER_COLUMNS, Sheet
from portal import clock, days
from portal.accounts.models import User
from portal.events.log import record
from portal.events.outbox import queue

SYSTEM = "system:manage.py"
BATCH = 1_000
LONGEST_FOLDED = 4_000  # characters of a variable's text that are searched
# The catalogue takes effect when it is confirmed: its day is today at the latest, where the day
# begins first among the Nordic countries.
ZONE = "Europe/Helsinki"
_LOCK_SEED = 0x636174616C6F67  # keeps our advisory locks apart from others'


class Forbidden(Exception):
    """This person may not do it."""


class Stale(Exception):
    """Somebody took another edition in after the preview was made: look at it again."""


class Faulty(Exception):
    """The file has faults: nothing of it is taken in. The argument is the list of them."""


class WrongDay(Exception):
    """The day of validity. The argument is `bounds`, `future`, or `before` the edition that is there."""


@dataclass
class Preview:
    """What a file would do to the edition `base` (0: there is none yet)."""

    agency: str
    base: int
    difference: Difference


def latest(agency: str) -> Catalogue | None:
    """The edition in force, None before the first."""
    held = Catalogue.objects.filter(agency=agencies.code_of(agency))
    return held.select_related("imported_by").order_by("-number").first()


def preview(agency: str, sheet: Sheet) -> Preview:
    """What the file would change now. Changes nothing. Raises Faulty."""
    if sheet.faults:
        raise Faulty(sheet.faults)
    agency = agencies.code_of(agency)
    edition = latest(agency)
    return Preview(agency, edition.number if edition else 0, _difference(agency, sheet)[0])


def check_day(agency: str, day: date, edition: Catalogue | None = None) -> None:
    """Raises WrongDay when an edition may not be valid from `day`."""
    if not days.within(day):
        raise WrongDay("bounds")
    if day > clock.today(ZONE):
        raise WrongDay("future")
    edition = edition or latest(agency)
    if edition and day < edition.valid_from:
        raise WrongDay("before")


@transaction.atomic
def take(
    agency: str, sheet: Sheet, by: User | None, valid_from: date, digest: str,
    filename: str = "", note: str = "", base: int | None = None,
) -> Catalogue:  # fmt: skip
    """Takes a file in as the next edition: all of it or, when anything is raised, nothing.

    `by` is None for `manage.py import_catalogue`. `base` is the number of the edition that the
    preview was made against. What the file no longer names is retired from `valid_from` on; columns
    that it does not have stay as they were. Raises Forbidden, Faulty, WrongDay, Stale.
    """
    agency = agencies.code_of(agency)
    if by is not None and not agencies.may_import(by, agency):
        raise Forbidden
    if sheet.faults:
        raise Faulty(sheet.faults)
    _lock(agency)
    edition = latest(agency)
    number = edition.number if edition else 0
    if base is not None and base != number:
        raise Stale
    check_day(agency, valid_from, edition)
    difference, kept = _difference(agency, sheet)
    _write_registers(agency, sheet, difference.registers, valid_from)
    _write_variables(agency, sheet, difference, kept, valid_from)
    made = Catalogue.objects.create(
        agency=agency,
        number=number + 1,
        valid_from=valid_from,
        imported_by=by,
        digest=digest,
        filename=filename[:200],
        note=note[:500],
        counts=difference.counts(),
    )
    facts = {
        "edition": made.number,
        "valid_from": valid_from.isoformat(),
        "digest": digest,
        "counts": made.counts,
    }
    actor = by.reference if by else SYSTEM
    record(f"catalogue:{agency}", "catalogue.imported", actor, facts)
    # Whoever has taken over what the catalogue says asks again: higher apps register for it.
    queue("catalogue.changed", {"agency": agency}, f"catalogue.changed:{agency}:{made.number}")
    return made


def _lock(agency: str) -> None:
    # Until the end of the transaction: two editions of one agency are taken in one after the other.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [agency, _LOCK_SEED]
        )


Kept = dict[tuple[str, str], dict[str, Any]]


def _difference(agency: str, sheet: Sheet) -> tuple[Difference, Kept]:
    """What would change, and the variables as they are: (register code, key) -> fields."""
    registers = {
        row["code"]: row
        for row in Register.objects.filter(agency=agency).values(
            "code", "retired", *REGISTER_FIELDS
        )
    }
    kept = {
        (row["register__code"], row["key"]): row
        for row in Variable.objects.filter(agency=agency).values(
            "id", "register__code", "key", "retired", *VARIABLE_FIELDS
        )
    }
    told = Difference()
    told.registers, told.same["registers"] = compare(
        registers,
        {code: (row.line, row.values) for code, row in sheet.registers.items()},
        _register_columns(sheet),
        str,
    )
    names = {code: row["name"] for code, row in registers.items()}
    names |= {code: row.values["name"] for code, row in sheet.registers.items()}
    told.variables, told.same["variables"] = compare(
        kept,
        {key: (row.line, row.values) for key, row in sheet.variables.items()},
        [name for name in VARIABLE_FIELDS if name in sheet.columns],
        lambda key: names[key[0]],
    )
    return told, kept


def _register_columns(sheet: Sheet) -> list[str]:
    """The fields of a register that the file has columns for."""
    told = {REGISTER_COLUMNS[column] for column in sheet.columns if column in REGISTER_COLUMNS}
    return [name for name in REGISTER_FIELDS if name in told]


def _written(changes: list[Change]) -> list[Any]:
    return [change.key for change in changes if change.fate != Fate.GONE]


def _gone(changes: list[Change]) -> list[Any]:
    return [change.key for change in changes if change.fate == Fate.GONE]


def _write_registers(agency: str, sheet: Sheet, changes: list[Change], day: date) -> None:
    told = [
        Register(agency=agency, retired=None, **sheet.registers[code].values)
        for code in _written(changes)
    ]
    Register.objects.bulk_create(
        told,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["agency", "code"],
        update_fields=["retired", *_register_columns(sheet)],
    )
    Register.objects.filter(agency=agency, code__in=_gone(changes)).update(retired=day)


def searched(variable: Variable, register: Register) -> str:
    """All text by which a variable is found, folded, each word with a space before it."""
    texts = (
        *(variable.name, variable.code, register.name, register.code, register.statistics_area),
        variable.description,
    )
    return f" {' '.join(filter(None, map(fold, texts)))}"[:LONGEST_FOLDED]


def _write_variables(
    agency: str, sheet: Sheet, difference: Difference, kept: Kept, day: date
) -> None:
    registers = {held.code: held for held in Register.objects.filter(agency=agency)}
    told = [name for name in VARIABLE_FIELDS if name in sheet.columns]
    made = []
    for key in _written(difference.variables):
        row, before = sheet.variables[key], kept.get(key)
        values = dict(row.values)
        if before:  # columns that the file does not have stay as they were
            values = {name: before[name] for name in VARIABLE_FIELDS}
            values |= {name: row.values[name] for name in told}
        variable = Variable(
            id=before["id"] if before else uuid.uuid4(),
            agency=agency,
            register=registers[row.register],
            key=row.key,
            retired=None,
            **values,
        )
        _fold(variable, registers[row.register])
        made.append(variable)
    Variable.objects.bulk_create(
        made,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["register", "key"],
        update_fields=["retired", "folded", "folded_name", "folded_code", *VARIABLE_FIELDS],
    )
    gone = [kept[key]["id"] for key in _gone(difference.variables)]
    for at in range(0, len(gone), BATCH):
        Variable.objects.filter(pk__in=gone[at : at + BATCH]).update(retired=day)
    _fold_again(difference.registers, registers)
    _keep_words(agency, [*(v.folded_name for v in made), *_names(registers, difference.registers)])


def _names(registers: dict[str, Register], changes: list[Change]) -> list[str]:
    written = [registers[code] for code in _written(changes)]
    return [fold(f"{register.name} {register.statistics_area}") for register in written]


def _keep_words(agency: str, texts: list[str]) -> None:
    """Words of names, to find what a misspelt one meant. Those that are no longer used stay."""
    words = {word for text in texts for word in text.split() if len(word) > 2}
    words = {word for word in words if not word.isdigit()}
    words -= set(Word.objects.filter(agency=agency).values_list("word", flat=True))
    Word.objects.bulk_create(
        [Word(agency=agency, word=word) for word in sorted(words)], batch_size=BATCH
    )


def _fold(variable: Variable, register: Register) -> None:
    variable.folded = searched(variable, register)
    variable.folded_name = fold(variable.name)
    variable.folded_code = fold_code(variable.code)


def _fold_again(changes: list[Change], registers: dict[str, Register]) -> None:
    """Variables are found by the name of their register too: it may have changed."""
    changed = [change for change in changes if {"name", "statistics_area"} & set(change.fields)]
    by_register = defaultdict(list)
    for variable in Variable.objects.filter(register__in=[registers[c.key] for c in changed]):
        by_register[variable.register_id].append(variable)
    for change in changed:
        register = registers[change.key]
        for variable in by_register[register.pk]:
            variable.folded = searched(variable, register)
        Variable.objects.bulk_update(by_register[register.pk], ["folded"], batch_size=BATCH)
