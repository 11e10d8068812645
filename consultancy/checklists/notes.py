"""What a reading has to say besides its rows: problems, questions and what was left out."""

from collections.abc import Mapping

from consultancy.checklists.parts import SENTENCES, Choice, Ignored, Problem, Question
from consultancy.standards import words

SHOWN_CHARACTERS = 80


def choice(key: str) -> Choice:
    return Choice(key, (SENTENCES["choices"][key]["en"], SENTENCES["choices"][key]["fr"]))


def said(group: str, key: str) -> Choice:
    return Choice(key, (words.say(group, key, "en"), words.say(group, key, "fr")))


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


class Notes:
    """`answers` are those of the person to questions of an earlier reading; an answer nobody offered counts as none."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.answers = answers
        self.questions: dict[str, Question] = {}
        self.problems: list[Problem] = []
        self.ignored: list[Ignored] = []

    def problem(self, sheet: str, cell: str, kind: str, value: object = "") -> None:
        self.problems.append(Problem(sheet, cell, kind, _short(value)))

    def leave_out(self, sheet: str, cell: str, kind: str, value: object = "") -> None:
        self.ignored.append(Ignored(sheet, cell, kind, _short(" ".join(str(value).split()))))

    def ask(self, key: str, kind: str, sheet: str, cell: str, value: str, choices: tuple[Choice, ...]) -> str | None:
        """The answer to a question, or None when it has to be put first."""
        answer = self.answers.get(key)
        if answer in {offered.key for offered in choices}:
            return answer
        self.questions.setdefault(key, Question(key, kind, sheet, cell, _short(value), choices))
        return None
