"""What an agency has: editions of its catalogue, registers and their variables.

A new edition changes what is there and deletes nothing: what it no longer names is retired.
The `folded` columns hold text as it is searched (catalogue.folding). They are plain ASCII in the
"C" order, so that one index serves the beginning of a word, the order and the next page.
"""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from catalogue.enums import Collection, UnitType
from portal import clock

PERSON = settings.AUTH_USER_MODEL


class Catalogue(models.Model):
    """One edition of an agency's catalogue. Editions are numbered from 1, without a gap."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    imported_at = models.DateTimeField(default=clock.now)
    # Null: taken in by `manage.py import_catalogue`, by whoever runs the portal.
    imported_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, help_text="The file, in portal.store")
    filename = models.CharField(max_length=200, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    counts = models.JSONField(default=dict, help_text="registers, variables: fate -> how many")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "number"], name="catalogue_edition_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="catalogue_edition_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.agency} {self.number}"


class Register(models.Model):
    """A register, data bank or survey of an agency."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.CharField(max_length=20)
    code = models.CharField(max_length=100)
    name = models.CharField(max_length=300)
    description = models.TextField(blank=True, default="")
    holder = models.CharField(max_length=200, blank=True, default="")
    statistics_area = models.CharField(max_length=200, blank=True, default="")
    retired = models.DateField(null=True, help_text="First day on which it was no longer there")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="catalogue_register_once"),
            models.CheckConstraint(condition=~Q(name=""), name="catalogue_register_named"),
        ]

    def __str__(self) -> str:
        return self.name


class Variable(models.Model):
    """A variable of a register. Names follow the columns of an application (rules.md 2.1.4)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.CharField(max_length=20)
    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="variables")
    # What tells it from the others of its register: its code, or its name when it has none.
    key = models.CharField(max_length=520)
    code = models.CharField(max_length=200, blank=True, default="")
    name = models.CharField(max_length=500)
    description = models.TextField(blank=True, default="")
    first_year = models.PositiveSmallIntegerField(null=True)
    last_year = models.PositiveSmallIntegerField(null=True)
    published_through = models.PositiveSmallIntegerField(null=True)
    timeless = models.BooleanField(default=False)
    in_variable_list = models.BooleanField(default=False)
    identifying = models.BooleanField(default=False)
    special_category = models.BooleanField(default=False)
    health_register = models.BooleanField(default=False)
    open_data = models.BooleanField(default=False)
    development_only = models.BooleanField(default=False)
    grunndata = models.BooleanField(default=False)
    collection = models.CharField(max_length=20, choices=Collection.choices, blank=True, default="")
    unit_type = models.CharField(max_length=20, choices=UnitType.choices, blank=True, default="")
    origin_authority = models.CharField(max_length=300, blank=True, default="")
    source = models.CharField(max_length=100, blank=True, default="")
    retired = models.DateField(null=True, help_text="First day on which it was no longer there")
    folded = models.TextField(db_collation="C", help_text="All that is searched, a space before")
    folded_name = models.TextField(db_collation="C")
    folded_code = models.TextField(db_collation="C", blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "key"], name="catalogue_variable_once"),
            models.CheckConstraint(condition=~Q(name=""), name="catalogue_variable_named"),
            models.CheckConstraint(
                condition=Q(first_year__isnull=True)
                | Q(last_year__isnull=True)
                | Q(first_year__lte=F("last_year")),
                name="catalogue_years_in_order",
            ),
            models.CheckConstraint(
                condition=Q(collection__in=["", *Collection.values]), name="catalogue_collection"
            ),
            models.CheckConstraint(
                condition=Q(unit_type__in=["", *UnitType.values]), name="catalogue_unit_type"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "folded_name", "id"], name="catalogue_by_name"),
            models.Index(fields=["agency", "folded_code"], name="catalogue_by_code"),
            # A short list of pending entries: a search right after an import is nearly as fast as
            # later, and an import need not sort every entry in by itself.
            GinIndex(
                fields=["folded"],
                name="catalogue_trigrams",
                opclasses=["gin_trgm_ops"],
                gin_pending_list_limit=1024,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Word(models.Model):
    """A folded word of the names in an agency's catalogue: what a misspelt one may have meant."""

    agency = models.CharField(max_length=20)
    word = models.TextField(db_collation="C")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "word"], name="catalogue_word_once"),
        ]
        indexes = [
            GinIndex(fields=["word"], name="catalogue_word_trigrams", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.word
