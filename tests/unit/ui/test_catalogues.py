"""Translations: every string is found, and nothing wrong in a catalogue goes unseen."""

from pathlib import Path

import pytest
from babel.messages import Catalog
from django.conf import settings

from portal.ui import catalogues


@pytest.fixture
def tree(tmp_path: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    (tmp_path / "portal").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "portal/views.py").write_text(
        'def f(n):\n    return _("From Python"), ngettext("%(n)d row", "%(n)d rows", n)\n'
    )
    (tmp_path / "templates/page.html").write_text(
        '{% load i18n ui %}\n  <p>It\'s {% translate "From a template" %}</p>\n'
        '    {% alert heading=_("From a tag") %}x{% endalert %}\n'
        "{% blocktranslate count n=n %}{{ n }} thing{% plural %}{{ n }} things{% endblocktranslate %}\n"
        '{% translate "May" context "month" %}'
    )
    return tmp_path


def found_ids(catalogue: Catalog) -> set[str]:
    return {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue if m.id}


def test_strings_of_python_and_of_templates_are_found(tree: Path) -> None:
    found = catalogues.extracted(tree)
    assert found_ids(found) == {
        "From Python", "%(n)d row", "From a template", "From a tag", "%(n)s thing", "May",
    }  # fmt: skip
    assert found.get("May", context="month") is not None


def test_a_string_is_a_fault_until_it_is_translated(tree: Path) -> None:
    found = catalogues.extracted(tree)
    catalogues.write("nb", catalogues.update("nb", found))
    assert len(catalogues.faults("nb", found)) == len(found)
    catalogue = catalogues.read("nb")
    catalogue.get("From Python").string = "Fra Python"
    catalogues.write("nb", catalogue)
    assert len(catalogues.faults("nb", found)) == len(found) - 1


def test_a_new_string_and_a_stale_one_are_faults(tree: Path) -> None:
    catalogues.write("nb", catalogues.update("nb", catalogues.extracted(tree)))
    (tree / "portal/views.py").write_text('_("Another")\n')
    faults = catalogues.faults("nb", catalogues.extracted(tree))
    assert "nb: not in the catalogue: Another" in faults
    assert "nb: stale: From Python" in faults


def test_a_translation_that_loses_a_placeholder_is_a_fault(tree: Path) -> None:
    (tree / "portal/views.py").write_text('_("Case %(number)s is yours")\n')
    found = catalogues.extracted(tree)
    catalogue = catalogues.update("sv", found)
    catalogue.get("Case %(number)s is yours").string = "Ärendet är ditt"
    catalogues.write("sv", catalogue)
    assert any("placeholders differ" in fault for fault in catalogues.faults("sv", found))


def test_updating_keeps_what_was_translated_and_changes_nothing_twice(tree: Path) -> None:
    found = catalogues.extracted(tree)
    catalogue = catalogues.update("da", found)
    catalogue.get("From Python").string = "Fra Python"
    catalogues.write("da", catalogue)
    once = catalogues.path_of("da").read_text()
    catalogues.write("da", catalogues.update("da", found))
    assert catalogues.path_of("da").read_text() == once
    assert 'msgstr "Fra Python"' in once


def test_one_language_does_not_leak_into_the_next(tree: Path) -> None:
    found = catalogues.extracted(tree)
    norwegian = catalogues.update("nb", found)
    norwegian.get("From Python").string = "Fra Python"
    catalogues.write("nb", norwegian)
    catalogues.update("nb", found)
    assert not catalogues.update("sv", found).get("From Python").string


def test_a_compiled_catalogue_speaks(tree: Path) -> None:
    found = catalogues.extracted(tree)
    catalogue = catalogues.update("nn", found)
    catalogue.get("From Python").string = "Frå Python"
    catalogues.write("nn", catalogue)
    import gettext

    with catalogues.compile_catalogue("nn").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("From Python") == "Frå Python"


def test_our_own_sources_can_be_read() -> None:
    assert len(catalogues.extracted(settings.BASE_DIR)) > 100
