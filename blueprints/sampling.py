"""The sample of an engagement: whom to ask, which workplaces to see, how many records to draw; kept once agreed on."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.guards import requires
from blueprints.identity import me
from blueprints.interviews import role_word
from blueprints.page import member_words
from blueprints.rating_locks import lock_of
from consultancy import sampling
from consultancy.actions import interviews as acting
from consultancy.queries import engagements, interviews
from consultancy.sampling import MOST_PEOPLE, MOST_SHIFTS
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("sampling", __name__)

RECORDS = (5, 10, 25, 50, 100)


@bp.get("/engagements/<uuid:engagement>/sampling")
@requires(Permission.ASSESSMENT_READ, engagement=engagements.find)
def show(engagement):
    headcount = number("headcount", interviews.people_of(engagement), MOST_PEOPLE)
    shifts = max(1, number("shifts", engagement.sample_shifts, MOST_SHIFTS))
    plan = interviews.plan(engagement, headcount, shifts)
    words, rules = member_words(), sampling.RULES
    return render_template(
        "sampling/show.html",
        engagement=engagement,
        headcount=headcount,
        shifts=shifts,
        roles=[
            {
                "word": role_word(role, words),
                "count": count,
                "questions": sampling.questions(role, engagement.language),
                "sheets": [sheet for sheet in plan.sheets if sheet.role == role],
            }
            for role, count in plan.by_role.items()
            if count
        ],
        total=len(plan.sheets),
        plan=plan,
        sites=len(plan.sites_certain) + plan.sites_other,
        kept=(headcount, shifts) == (engagement.sample_people, engagement.sample_shifts),
        **lock_of(engagement),
        records=[(many, sampling.records_drawn(many)) for many in RECORDS],
        sources={
            "interviews": rules["interviews"]["source"][words],
            "sites": rules["sites"][words],
            "records": rules["records"][words],
        },
        published=[
            (one["name"], ", ".join(f"{people} → {asked}" for people, asked in one["points"]))
            for one in rules["published"]
        ],
    )


@bp.post("/engagements/<uuid:engagement>/sampling")
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def keep(engagement):
    """The figures that were tried become the sample that interviews are counted against."""
    people, shifts = (request.form.get(name, -1, type=int) for name in ("headcount", "shifts"))
    with transaction():
        acting.keep_sample(engagement, people=people, shifts=shifts, by=me())
    flash(_("Kept: interviews are counted against this sample."), "good")
    return redirect(url_for("interviews.index", engagement=engagement.id), 303)


def number(name: str, otherwise: int, most: int) -> int:
    asked: Any = request.args.get(name, otherwise, type=int)
    return min(max(asked, 0), most)
