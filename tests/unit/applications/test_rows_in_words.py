"""Where a finding's rows are told in words that people see on the page."""

from applications.schemes import current
from applications.selectors.tasks import rows_in_words


def sections():
    return current("SSB").form("new", {}).sections


def test_rows_are_told_by_the_name_of_their_list_and_the_numbers_on_the_page():
    rows = ("variables[0]", "variables[1]", "variables[2]", "variables[6]", "persons[0]")
    assert rows_in_words(rows, sections(), "en") == "Variables: 1–3, 7; People with access: 1"


def test_of_many_rows_the_first_spans_are_told():
    rows = [f"variables[{n}]" for n in range(0, 40, 2)]
    told = rows_in_words(rows, sections(), "nb")
    assert told.startswith("Variabler: 1, 3, 5")
    assert told.endswith("…")


def test_a_finding_about_no_row_tells_none():
    assert rows_in_words((), sections(), "en") == ""
