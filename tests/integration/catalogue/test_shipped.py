"""The catalogues that come with the portal can be taken in, and the demo has them."""

import pytest

from applications import schemes
from catalogue import benchmarks, selectors
from catalogue.reading import read
from portal.files.reading import read_csv
from portal.local import demo_catalogues

SHIPPED = {
    scheme.agency: path
    for scheme in schemes.all_current()
    if (path := schemes.beside(scheme.agency, "catalogue.csv"))
}


def test_catalogues_are_shipped():
    assert SHIPPED


@pytest.mark.parametrize("agency", SHIPPED)
def test_a_shipped_catalogue_has_no_fault(agency):
    sheet = read(read_csv(SHIPPED[agency].read_bytes()))
    assert sheet.faults == []
    assert sheet.unknown == []


@pytest.mark.django_db
def test_the_demo_has_a_catalogue_of_every_agency_that_ships_one(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    demo_catalogues.fill()
    for agency in SHIPPED:
        assert selectors.edition(agency).number == 1
        assert selectors.search(agency, "").variables
    # A demo that is started again takes the same in again, without a change.
    demo_catalogues.fill()
    assert selectors.edition(next(iter(SHIPPED))).counts["variables"]["changed"] == 0


@pytest.mark.django_db
def test_the_benchmark_measures_and_leaves_nothing_behind(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(benchmarks, "VARIABLES", 200)
    monkeypatch.setattr(benchmarks, "IMPORTED", 50)
    told = benchmarks.figures(rounds=1)
    assert len(told) == len(benchmarks.SEARCHES) + 1
    assert all(figure.milliseconds > 0 for figure in told)
    assert selectors.edition(benchmarks.AGENCY) is None
