"""A scheme that sends specifications lets them be answered, names a currency and the state."""

import pytest

from applications import schemes

COMMANDS = 'commands = ["save_section", "submit"]'
ALL = (
    'commands = ["save_section", "submit", "start_assessment", "send_specification",'
    ' "confirm_specification", "question_specification", "recall_specification"]'
)
CURRENCY = ('country = "IS"', 'country = "IS"\ncurrency = "ISK"')


def test_a_scheme_that_sends_and_answers_specifications_is_sound(installed):
    installed({"workflow.toml": (COMMANDS, ALL), "agency.toml": CURRENCY})
    assert "send_specification" in schemes.current("NSI").workflow.commands


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"workflow.toml": (COMMANDS, ALL)}, "currency is missing"),
        (
            {
                "workflow.toml": (COMMANDS, ALL.replace(' "confirm_specification",', "")),
                "agency.toml": CURRENCY,
            },
            "never confirm_specification",
        ),
        (
            {"workflow.toml": (COMMANDS, ALL.replace(', "recall_specification"', ""))},
            "never recall_specification",
        ),
    ],
)
def test_one_that_leaves_a_part_out_is_refused(installed, changes, told):
    installed(changes)
    with pytest.raises(schemes.BadScheme) as bad:
        schemes.current("NSI")
    assert any(told in error for error in bad.value.errors), bad.value.errors


def test_the_state_needs_words_only_where_it_can_be_reached():
    for agency in ("SSB", "DST"):
        assert "specification" not in schemes.current(agency).workflow.states
    assert schemes.current("SOS").workflow.state_meaning("specification", "sv")
