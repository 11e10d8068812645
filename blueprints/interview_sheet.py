"""The sheet of an interview as a page shows it, and as a form sends it back."""

from collections.abc import Mapping
from typing import Any

from blueprints.forms import clean
from blueprints.page import capital, member_words
from consultancy import sampling
from consultancy.actions.interviews import Answer
from consultancy.interview_sheet import Asked, sheet_for
from consultancy.models.engagement import Engagement
from consultancy.standards import catalogue

CONFIRMED, NOTE = "confirmed-", "note-"


def sheet_of(engagement: Engagement, role: str, answers: Mapping[str, Any], words: str) -> dict[str, Any]:
    """`answers`: Answer or a stored row by requirement. Questions come in the language they are asked in, the marks in
    that of whoever fills the sheet: `words`."""
    language = engagement.language
    standard = catalogue.find(engagement.standard, language)
    sheet = sheet_for(standard, role, language)
    titles = {clause.number: clause.title for clause in standard.clauses()}
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in sheet.more:
        groups.setdefault(one.requirement.clause, []).append(_asked(one, answers))
    return {
        "first": [_asked(one, answers) for one in sheet.first],
        "more": [
            {
                "number": number,
                "title": titles[number],
                "asked": asked,
                "answered": sum(bool(one["confirmed"]) for one in asked),
            }
            for number, asked in groups.items()
        ],
        "choices": [(key, capital(word)) for key, word in sampling.confirmed_words(words)],
        "role_word": capital(sampling.RULES["roles"][role][words]),
    }


def _asked(one: Asked, answers: Mapping[str, Any]) -> dict[str, Any]:
    answer = answers.get(one.requirement.code)
    return {
        "number": one.requirement.code,
        "title": one.requirement.full_title,
        "aloud": one.aloud,
        "confirmed": answer.confirmed if answer else "",
        "note": answer.note if answer else "",
    }


def answers_sent(form: Mapping[str, str]) -> dict[str, Answer]:
    """What the sheet says, by requirement; one that nobody was asked about comes empty."""
    codes = dict.fromkeys(
        name.partition("-")[2] for name in form if name.startswith((CONFIRMED, NOTE))
    )
    return {
        code: Answer(form.get(f"{CONFIRMED}{code}", ""), clean(form.get(f"{NOTE}{code}", ""))) for code in codes
    }


def differences(stored: Mapping[str, Any], sent: Mapping[str, Answer]) -> list[dict[str, str]]:
    """Where what stands now is not what was typed, in words."""
    empty = Answer("", "")
    found = []
    for code in sorted({*stored, *sent}):
        kept = stored.get(code)
        theirs, yours = Answer(kept.confirmed, kept.note) if kept else empty, sent.get(code, empty)
        if theirs != yours:
            found.append({"place": code, "theirs": answer_words(theirs), "yours": answer_words(yours)})
    return found


def answer_words(answer: Answer) -> str:
    known = dict(sampling.confirmed_words(member_words()))
    said = capital(known.get(answer.confirmed, "")) if answer.confirmed else ""
    return ": ".join(part for part in (said, answer.note) if part)
