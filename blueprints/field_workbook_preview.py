"""What a workbook that came back would change, clause by clause, and what somebody has to decide first."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm

from blueprints.desk import label_of
from blueprints.forms import day, revision_seen
from blueprints.page import capital, member_words
from consultancy.actions import field_workbooks as acting
from consultancy.calendar import clock, today
from consultancy.field_workbook import BOTH, FILE, LEAVE, OURS, TICKS, Clause, as_day, ratings_of
from consultancy.models.engagement import Engagement
from consultancy.models.field_workbook import ReturnedWorkbook
from consultancy.queries import field_workbooks
from consultancy.standards import catalogue
from consultancy.standards.words import say
from document_templates.field_workbook import NOTE, RATING
from document_templates.field_workbook_checking import Issue

KINDS = ("conflict", "tampered", "new", "changed", "noted", "untouched")


class ApplyForm(FlaskForm):
    revision = revision_seen()
    seen_on = day(_l("Seen on"))


def preview(
    engagement: Engagement,
    returned: ReturnedWorkbook,
    form: ApplyForm,
    *,
    sent: Mapping[str, str] | None = None,
    marked: Collection[str] = (),
) -> str:
    """`sent`: a form that could not be applied, its choices kept; `marked`: the requirements that it lacks."""
    filled = acting.from_plain(returned.reading)
    clauses = acting.compare(returned) if returned.applied_at is None else []
    if sent is None:
        form.seen_on.data = as_day(filled.visited) or today()
        form.revision.data = str(returned.workbook.assessment.revision)
    standard = catalogue.find(engagement.standard)
    kinds = [clause.kind for clause in clauses]
    before = field_workbooks.applied_before(returned)
    return render_template(
        "field_workbooks/preview.html",
        engagement=engagement,
        form=form,
        returned={
            "id": returned.id,
            "file_name": returned.file_name,
            "applied": returned.applied_at is not None,
            "site": returned.workbook.site.name if returned.workbook.site else _("Whole client"),
            "before": clock(before[-1].applied_at) if before and before[-1].applied_at else "",
        },
        counts={kind: kinds.count(kind) for kind in KINDS},
        brings=any(clause.brings for clause in clauses),
        foreign=any(issue.kind == "foreign" for issue in filled.issues),
        rows=[
            row_of(clause, standard.requirement(clause.code).full_title, sent or {}, clause.code in marked)
            for clause in sorted(clauses, key=lambda one: (KINDS.index(one.kind) > 1, one.place))
            if clause.kind != "untouched" or clause.issues
        ],
    )


def row_of(clause: Clause, title: str, sent: Mapping[str, str], is_marked: bool) -> dict[str, Any]:
    ratings = dict(ratings_of(member_words()))
    lines = []
    if clause.rating:
        lines.append((label_of("rating"), ratings.get(clause.now, ""), ratings[clause.rating]))
    if clause.note:
        lines.append((label_of("observation"), "", clause.note))
    if clause.ticks:
        seen = ", ".join(capital(say("methods", TICKS[letter], member_words())) for letter in clause.ticks)
        lines.append((label_of("method"), "", seen))
    return {
        "number": clause.code,
        "title": title,
        "kind": clause.kind,
        "lines": lines,
        "told": told(clause.issues),
        "choices": [
            {"key": key, "word": CHOICES[key](), "picked": sent.get(f"choice-{clause.code}") == key}
            for key in clause.choices
        ],
        "needs_reason": clause.needs_reason,
        "reason": sent.get(f"reason-{clause.code}", ""),
        "marked": is_marked,
    }


def told(issues: tuple[Issue, ...]) -> list[str]:
    """One sentence for each kind of trouble, whichever fields it is about."""
    grouped: dict[str, list[Issue]] = {}
    for issue in issues:
        grouped.setdefault(issue.kind, []).append(issue)
    return [SENTENCES[kind](found) for kind, found in grouped.items()]


def fields(issues: list[Issue]) -> str:
    return ", ".join(dict.fromkeys(field_word(one.letter) for one in issues if one.letter))


def field_word(letter: str) -> str:
    if letter == RATING:
        return label_of("rating")
    return _("Notes") if letter == NOTE else capital(say("methods", TICKS.get(letter, "document"), member_words()))


CHOICES = {
    OURS: lambda: _("Keep the rating that stands; the note is added"),
    FILE: lambda: _("Take the workbook’s"),
    BOTH: lambda: _("Keep ours, and note the workbook’s rating as an observation"),
    LEAVE: lambda: _("Leave it: take nothing of this row"),
}
SENTENCES = {
    "changed_name": lambda found: _("The name of a field was changed by hand: %(fields)s.", fields=fields(found)),
    "missing": lambda found: _("No longer in the file: %(fields)s.", fields=fields(found)),
    "duplicated": lambda found: _("There more than once, with different content: %(fields)s.", fields=fields(found))
    if any(one.detail for one in found) else _("The row is there more than once: %(fields)s.", fields=fields(found)),
    "moved": lambda _found: _("Fields of this row were moved to another one; they are not taken over."),
    "text_edited": lambda _found: _("The text of the requirement was changed in the file."),
    "not_in_list": lambda found: _(
        "“%(typed)s” is not one of the ratings; it is not taken over.", typed=found[0].detail
    ),
    "tracked": lambda found: ngettext(
        "A field has tracked changes; they are read as if accepted.",
        "%(num)s fields have tracked changes; they are read as if accepted.", len(found),
    ),
    "beside": lambda _found: _("Words were typed beside the field; they are read as part of the note."),
}  # fmt: skip
