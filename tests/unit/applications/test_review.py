"""What changed between two submissions, in words."""

from applications import schemes
from applications.completeness.sample import complete_document
from applications.selectors.review import attachment_differences, differences, summary


def sections(document):
    return list(schemes.current("SSB").form("new", document).sections)


def changed(after, language="en"):
    before = complete_document("SSB")
    return differences(sections(after), before, after, language)


def test_an_unchanged_document_has_no_differences():
    assert changed(complete_document("SSB")) == []


def test_a_changed_answer_shows_both_texts():
    after = complete_document("SSB")
    after["project"] = after["project"] | {"title": "Another title"}
    [change] = changed(after)
    assert change["path"] == "project.title"
    assert change["after"] == "Another title"
    assert change["before"] == "School closures and later income"


def test_rows_are_told_as_added_removed_and_changed():
    after = complete_document("SSB")
    rows = [dict(row) for row in after["variables"]]
    rows[0]["toYear"] = 2024
    removed = rows.pop(1)
    rows.append(
        {"holder": "SSB", "register": "Inntekt", "name": "NEW", "fromYear": 2010, "toYear": 2011}
    )
    after["variables"] = rows
    [change] = changed(after)
    told = {(row["what"], row["name"]) for row in change["rows"]}
    assert ("added", "SSB · Inntekt · NEW") in told
    assert any(what == "removed" and removed["name"] in name for what, name in told)
    [cells] = [row["cells"] for row in change["rows"] if row["what"] == "changed"]
    assert [(c["before"], c["after"]) for c in cells] == [("2023", "2024")]


def test_moving_a_row_is_no_change():
    after = complete_document("SSB")
    after["variables"] = list(reversed(after["variables"]))
    assert changed(after) == []


def test_attachments_are_told_as_added_and_removed():
    old = [{"id": "1", "filename": "a.pdf"}, {"id": "2", "filename": "b.pdf"}]
    new = [{"id": "2", "filename": "b.pdf"}, {"id": "3", "filename": "c.pdf"}]
    told = [(d["what"], d["filename"]) for d in attachment_differences(old, new)]
    assert told == [("added", "c.pdf"), ("removed", "a.pdf")]


def test_the_summary_leaves_out_questions_that_do_not_apply():
    document = complete_document("SSB")
    document["linkage"] = {"used": False}
    labels = [
        line["path"]
        for part in summary(sections(document), document, "en")
        for line in part["lines"]
    ]
    assert "linkage.used" in labels
    assert "linkage.method" not in labels


def test_a_long_table_says_how_many_rows_are_left_out():
    document = complete_document("SSB", variables=300)
    [table] = [
        line["table"]
        for part in summary(sections(document), document, "en")
        for line in part["lines"]
        if line["path"] == "variables"
    ]
    assert (table["total"], table["left_out"]) == (300, 200)
