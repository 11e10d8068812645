"""Corrective actions of an engagement as a table or a board: one page of them, with what stands around it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import ngettext
from flask_wtf import FlaskForm

from blueprints import lists
from consultancy.calendar import today
from consultancy.models.corrective_action import TO_DO, CorrectiveAction
from consultancy.models.engagement import Engagement
from consultancy.queries import corrective_actions, findings
from consultancy.queries.sifting import Counts, Wanted, owners

SORTS = ("number", "finding", "grade", "status", "due", "owner")
SOON = timedelta(days=30)


def wanted() -> Wanted:
    return lists.wanted_of(
        request.args, sorts=SORTS, statuses=corrective_actions.STATUSES, grades=findings.GRADES
    )


def addresses_of(engagement: Engagement) -> lists.Addresses:
    view = "board" if request.args.get("view") == "board" else ""
    return lists.Addresses("corrective_actions.index", engagement, wanted(), view=view)


def list_page(
    engagement: Engagement, form: FlaskForm, kept: list[Any] | None = None, marks: Iterable[tuple[UUID, int]] = ()
) -> str:
    asked, page, addresses = wanted(), lists.page_asked(), addresses_of(engagement)
    found, counts = corrective_actions.page_of(engagement, asked, page=page, today=today())
    further = corrective_actions.also_answered([one.id for one in found])
    rows = [row_of(one, further.get(one.id, [])) for one in found]
    query = lists.query_of(asked, view=addresses.view)
    kept = lists.kept_filters("corrective_actions") if kept is None else kept
    return render_template(
        "corrective_actions/index.html",
        engagement=engagement,
        rows=rows,
        lanes=lanes(rows, counts) if addresses.view == "board" else None,
        late=late_band(engagement) if counts.late_at_all and not asked.overdue else [],
        late_count=counts.late_at_all,
        wanted=asked,
        addresses=addresses,
        chips=lists.chips(
            addresses, counts, grades=findings.GRADES, statuses=corrective_actions.STATUSES, words="corrective_actions"
        ),
        kept=lists.as_chips(kept, addresses),
        suggested=lists.filter_words(asked),
        query=query,
        heads=lists.heads(addresses, SORTS),
        clauses=lists.clauses_of(engagement),
        owners=owners(CorrectiveAction, engagement),
        form=form,
        marked={str(key) for key, _revision in marks},
        pages=lists.pages(addresses, page, counts.matching, len(rows)),
        everything=counts.everything,
        today=today(),
        soon=today() + SOON,
        facts=ngettext("%(num)s action", "%(num)s actions", counts.everything),
    )


def row_of(one: corrective_actions.Line, further: list[corrective_actions.Linked]) -> dict[str, Any]:
    return {
        "id": one.id,
        "revision": one.revision,
        "label": one.label,
        "action": one.action,
        "finding_label": one.finding_label,
        "finding_title": one.finding_title,
        "requirement": one.requirement,
        "grade": one.grade,
        "finding_url": url_for("findings.edit", finding=one.finding_id),
        "further": [
            {
                "label": other.label,
                "place": other.elsewhere,
                "requirement": other.requirement,
                "url": url_for("findings.edit", finding=other.id),
            }
            for other in further
        ],
        "owner": one.owner_text,
        "due": one.due,
        "status": one.status,
        "overdue": bool(one.due and one.due < today() and one.status in TO_DO),
        "url": url_for("corrective_actions.edit", action=one.id),
        "move_url": url_for("corrective_actions.move", action=one.id),
    }


def lanes(rows: list[dict[str, Any]], counts: Counts) -> list[dict[str, Any]]:
    """The columns of the board; each says how many there are, of which this page may show fewer."""
    return [
        {"status": one, "count": counts.statuses.get(one, 0), "rows": [row for row in rows if row["status"] == one]}
        for one in corrective_actions.STATUSES
    ]


def late_band(engagement: Engagement) -> list[dict[str, Any]]:
    return [
        {"label": label, "due": due, "url": url_for("corrective_actions.edit", action=key)}
        for key, label, due in corrective_actions.late_ones(engagement, today())
    ]
