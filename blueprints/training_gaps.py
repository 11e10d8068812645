"""Coverage by role, site and shift, what ended and ends soon, and gaps on their way into an engagement."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.forms import clean
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import capital, member_words
from blueprints.training import cell, header
from consultancy import training as rules
from consultancy.actions import training_gaps as acting
from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.queries import clients, engagements, training
from consultancy.queries.training import Overview
from consultancy.standards.words import say
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("training_gaps", __name__)

DUE_SHOWN = 100


@bp.get("/clients/<uuid:client>/training/coverage")
@requires(Permission.TRAINING_READ, client=clients.find)
def show(client):
    seen = training.overview(client, today())
    due = rules.due(seen.rows)
    return render_template(
        "training/gaps.html",
        client=client,
        coverage=rules.coverage(seen.rows),
        roles=rules.covered_by(seen.rows, lambda person: person.roles or ("",)),
        sites=rules.covered_by(seen.rows, lambda person: [person.site]),
        shifts=rules.shifts(seen.rows),
        gaps=gaps(client, seen),
        engagements=[(str(one.id), one.title) for one in engagements.of_client(client) if one.closed_on is None],
        grades=[(key, capital(say("grades", key, member_words()))) for key in acting.GRADES],
        due=[
            {
                "label": row.person.label,
                "roles": "; ".join(row.person.roles),
                "url": url_for("training.person", client=client.id, worker=row.person.key),
            }
            | header(seen.shelf.find(code, today()))
            | cell(row.cells[code])
            for _until, row, code in due[:DUE_SHOWN]
        ],
        due_left=max(0, len(due) - DUE_SHOWN),
    )


@bp.post("/clients/<uuid:client>/training/gaps/<course>/finding")
@requires(Permission.TRAINING_WRITE, client=clients.find)
def raise_gap(client, course):
    with transaction():
        finding = acting.raise_gap(
            client, course=known(course), engagement=engagement_of(client), grade=clean(request.form.get("grade", "")),
            today=today(), by=me(),
        )  # fmt: skip
    flash(_("%(label)s was raised. Read it once and grade it yourself.", label=finding.label), "good")
    return redirect(url_for("findings.edit", finding=finding.id), 303)


@bp.post("/clients/<uuid:client>/training/gaps/<course>/evidence")
@requires(Permission.TRAINING_WRITE, client=clients.find)
def show_closed(client, course):
    with transaction():
        files = acting.show_closed(
            client, course=known(course), engagement=engagement_of(client), today=today(), by=me()
        )
    flash(
        ngettext("%(num)s file speaks for the clause now.", "%(num)s files speak for the clause now.", files), "good"
    )
    return redirect(url_for(".show", client=client.id), 303)


def known(course: str) -> str:
    if course not in training.shelf():
        abort(404)
    return course


def engagement_of(client: Client) -> Any:
    """The one that the form names, among this client's."""
    wanted = request.form.get("engagement", "")
    return next((one for one in engagements.of_client(client) if str(one.id) == wanted), None)


def gaps(client: Client, seen: Overview) -> list[dict[str, Any]]:
    """Courses that people lack, the law first; and courses whose gap is closed while its finding is still open."""
    lacking, raised = rules.gaps(seen.rows), training.raised(client)
    closed = [
        code
        for code, findings in raised.items()
        if code not in lacking and code in seen.shelf and any(one.status != "closed" for one in findings)
    ]
    courses = [
        course
        for codes in (lacking, closed)
        for course in rules.by_weight((seen.shelf.find(code, today()) for code in codes), lacking)
    ]
    return [
        header(course)
        | {
            "people": len(lacking.get(course.code, [])),
            "roles": rules.told_by_role(
                rules.counted_by_role(lacking.get(course.code, []), seen.needs, course.code), _("everybody")
            ),
            "grade": rules.grade(course),
            "close_by": rules.close_by(course, today()),
            "closed": course.code not in lacking,
            "findings": [
                {
                    "label": one.label,
                    "engagement": one.engagement.title,
                    "engagement_id": str(one.engagement_id),
                    "status": one.status,
                    "url": url_for("findings.edit", finding=one.id),
                }
                for one in raised.get(course.code, [])
            ],
        }
        for course in courses
    ]
