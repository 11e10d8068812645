"""What a field workbook says of an assessment, and how what came back meets what stands in it now. No database."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from consultancy.models.assessment import Observation, Rating
from consultancy.queries.assessments import Judged
from consultancy.reports.wording import capital, shortened
from consultancy.standards.catalogue import Requirement, Standard
from consultancy.standards.words import choices, say
from document_templates.field_workbook import Group, Row, Words
from document_templates.field_workbook_checking import Answer, Filled, Issue

TICKS = {"d": "document", "i": "interview", "o": "observation"}
SEEN_CHARACTERS, SEEN_NOTES = 150, 2  # of what was seen so far: a reminder, not a file of notes
OURS, FILE, BOTH, LEAVE = "ours", "file", "both", "leave"
TAMPERED = frozenset(("changed_name", "missing", "moved", "duplicated", "not_in_list", "text_edited"))


class Clause(NamedTuple):
    """What applying would do to one requirement.

    `kind`: conflict, tampered, new, changed, noted or untouched. `choices`: what a person has to say first.
    """

    place: int
    code: str
    kind: str
    now: str  # key of the rating that stands, "" for none
    rating: str  # key that the file brings, "" when it brings none
    note: str
    ticks: str
    issues: tuple[Issue, ...]
    choices: tuple[str, ...]
    needs_reason: bool

    @property
    def brings(self) -> bool:
        return bool(self.rating or self.note or self.ticks)


def words_of(language: str) -> Words:
    names = ("requirement", "seen", "rating", "note", "visit", "choose", "write", "pick", "page")
    return Words(**{name: say("field_workbook", name, language) for name in names})


def ratings_of(language: str) -> tuple[tuple[str, str], ...]:
    """What a rating can be chosen from: the four levels with their figure, and the two states of their own."""
    levels = tuple((key, f"{key} {capital(word)}") for key, word in choices("levels", language))
    states = tuple((key, capital(say("states", key, language))) for key in ("not_verified", "not_applicable"))
    return levels + states


def ticks_of(language: str) -> tuple[tuple[str, str], ...]:
    return tuple((letter, capital(say("methods", method, language))) for letter, method in TICKS.items())


def rating_key(rating: Rating | None) -> str:
    """A rating as one word: the figure of its level, its state, or nothing. What was carried over and confirmed by
    nobody is nothing yet: to rate it the same on site is to confirm it."""
    if rating is None or rating.state == "not_rated" or rating.carried_over:
        return ""
    return str(rating.level) if rating.state == "rated" else rating.state


def rating_fields(key: str) -> dict[str, Any]:
    return {"state": "rated", "level": int(key)} if key.isdigit() else {"state": key, "level": None}


def groups_of(standard: Standard, judged: Mapping[str, Judged], language: str) -> tuple[Group, ...]:
    """Clause by clause what the consultant reads on site; elements of COR, which have nothing under them, in one."""
    clauses = standard.clauses()
    if all(len(clause.requirements) == 1 for clause in clauses):
        rows = tuple(_row(one, judged.get(one.code), language) for one in standard.requirements)
        return (Group("", standard.name, rows),)
    return tuple(
        Group(
            clause.number,
            clause.title,
            tuple(_row(one, judged.get(one.code), language) for one in clause.requirements),
        )
        for clause in clauses
    )


def _row(requirement: Requirement, judged: Judged | None, language: str) -> Row:
    return Row(
        code=requirement.code,
        title=requirement.full_title,
        text=requirement.paraphrase,
        hint=requirement.audit_question,
        seen=seen_so_far(judged.observations if judged else [], language),
        rating=rating_key(judged.rating if judged else None),
    )


def seen_so_far(observations: Iterable[Observation], language: str) -> str:
    """The latest notes in short. Interviews name workers and laptops are lost: of them only the number is carried."""
    every = list(observations)
    notes = [one.text for one in every if one.text and one.method != "interview"]
    lines = [shortened(" ".join(text.split()), SEEN_CHARACTERS) for text in reversed(notes[-SEEN_NOTES:])]
    if len(notes) > SEEN_NOTES:
        lines.append(say("field_workbook", "more", language).format(count=len(notes) - SEEN_NOTES))
    interviews = sum(one.method == "interview" for one in every)
    if interviews:
        word = "interviews_one" if interviews == 1 else "interviews_many"
        lines.append(say("field_workbook", word, language).format(count=interviews))
    return "\n".join(lines)


def merge(
    shown: Iterable[Mapping[str, Any]], filled: Filled, judged: Mapping[str, Judged], settled: Iterable[Answer],
    *, shown_elsewhere: bool = False,
) -> list[Clause]:  # fmt: skip
    """Every requirement of the workbook, in its order. `settled`: what earlier returns of the same workbook said and
    somebody decided on, oldest first: it is not offered again. `shown_elsewhere`: the workbook shows the ratings of
    the whole client and is about a site: where the site has no rating, nothing stands against the file's."""
    answers = {one.code: one for one in filled.answers}
    before: dict[str, list[Answer]] = {}
    for one in settled:
        before.setdefault(one.code, []).append(one)
    issues: dict[str, list[Issue]] = {}
    for issue in filled.issues:
        issues.setdefault(issue.code, []).append(issue)
    return [
        _clause(
            place,
            row,
            answers.get(row["code"], Answer(row["code"])),
            judged.get(row["code"]),
            before.get(row["code"], []),
            tuple(issues.get(row["code"], ())),
            shown_elsewhere,
        )
        for place, row in enumerate(shown, 1)
    ]


def _clause(
    place: int, row: Mapping[str, Any], answer: Answer, judged: Judged | None, before: list[Answer],
    issues: tuple[Issue, ...], shown_elsewhere: bool,
) -> Clause:  # fmt: skip
    standing = judged.rating if judged else None
    now = rating_key(standing)
    known = next((one.rating for one in reversed(before) if one.rating), row["rating"])
    rating = answer.rating if answer.rating not in (known, now) else ""
    note, ticks = _not_yet_told(answer, before)
    conflict = bool(rating) and now != known and not (shown_elsewhere and not now)
    tampered = any(one.kind in TAMPERED for one in issues)
    brings = bool(rating or note or ticks)
    if conflict:
        kind, offered = "conflict", (OURS, FILE, BOTH, *((LEAVE,) if tampered else ()))
    elif tampered:
        kind, offered = "tampered", (FILE, LEAVE) if brings else ()
    else:
        kind = "untouched" if not brings else "noted" if not rating else "changed" if now else "new"
        offered = ()
    reasoned = bool(note or (standing and standing.reason))
    needs_reason = rating == "not_applicable" and not reasoned
    return Clause(place, row["code"], kind, now, rating, note, ticks, issues, offered, needs_reason)


def _not_yet_told(answer: Answer, before: list[Answer]) -> tuple[str, str]:
    """The part of a note that no earlier return of the workbook brought. Ticks alone count where there is no note."""
    note = answer.note
    for earlier in before:
        if earlier.note and note.startswith(earlier.note):
            note = note[len(earlier.note) :].strip()
    if note:
        return note, answer.ticks
    told = any(earlier.ticks == answer.ticks for earlier in before)
    return "", "" if answer.note or told else answer.ticks


def observation_of(clause: Clause, *, site: str, language: str, kept: bool) -> dict[str, str] | None:
    """What is noted for a requirement. With several ticks an interview counts first: it is kept for a shorter time and
    without names; all of them, and the site, stand in the evidence."""
    text = clause.note
    if kept:
        ratings = dict(ratings_of(language))
        both = say("field_workbook", "kept_both", language).format(
            rating=ratings[clause.rating], kept=ratings.get(clause.now, say("states", "not_rated", language))
        )
        text = f"{text}\n{both}".strip()
    if not (text or clause.ticks):
        return None
    methods = [TICKS[letter] for letter in clause.ticks]
    first = next((one for one in ("interview", "document", "observation") if one in methods), "")
    seen_by = ", ".join(say("methods", one, language) for one in methods) if len(methods) > 1 or not text else ""
    return {"text": text, "method": first, "evidence": " · ".join(part for part in (site, capital(seen_by)) if part)}


def as_day(text: str) -> date | None:
    """The day of the visit as the workbook's field writes it."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
