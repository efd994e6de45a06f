"""The guide "Do I need to apply?" of an agency: a small decision tree."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from applications.schemes.text import NOTHING, Text


@dataclass(frozen=True)
class Answer:
    """One answer to a question. `to` is the id of the next question, or of a result."""

    id: str
    text: Text
    to: str


@dataclass(frozen=True)
class Question:
    """A question of the guide, with the answers to choose from."""

    id: str
    text: Text
    answers: tuple[Answer, ...]
    help: Text = NOTHING


@dataclass(frozen=True)
class Result:
    """Where somebody belongs. `link` is an address elsewhere (https), or empty.

    `apply`: the type of application to begin at this agency, or empty.
    """

    id: str
    title: Text
    text: Text
    link: str = ""
    link_text: Text = NOTHING
    apply: str = ""


@dataclass(frozen=True)
class Guide:
    """Questions and results by id; `first` is where it begins. Empty when an agency has none."""

    first: str = ""
    questions: Mapping[str, Question] = field(default_factory=dict)
    results: Mapping[str, Result] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.questions)

    def follow(self, answers: list[str]) -> Question | Result:
        """Where the ids of `answers`, given one after another from the first question, lead to.

        Raises KeyError for an answer that the question does not have.
        """
        here: Question | Result = self.questions[self.first]
        for given in answers:
            if isinstance(here, Result):
                raise KeyError(given)
            found = {answer.id: answer for answer in here.answers}[given]
            here = self.questions.get(found.to) or self.results[found.to]
        return here


NO_GUIDE = Guide()
