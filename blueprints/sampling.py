"""The sample of an engagement: whom to ask, which workplaces to see, how many records to draw; sheets to print."""

from typing import Any

from flask import Blueprint, render_template, request

from blueprints.guards import requires
from blueprints.page import capital, member_words
from consultancy import sampling
from consultancy.models.engagement import Engagement
from consultancy.queries import clients, engagements
from tenants.permissions import Permission

bp = Blueprint("sampling", __name__)

MOST_PEOPLE, MOST_SHIFTS = 100_000, 6
RECORDS = (5, 10, 25, 50, 100)


@bp.get("/engagements/<uuid:engagement>/sampling")
@requires(Permission.ASSESSMENT_READ, engagement=engagements.find)
def show(engagement):
    headcount = number("headcount", engagement.client.headcount or 0, MOST_PEOPLE)
    shifts = max(1, number("shifts", 1, MOST_SHIFTS))
    places = workplaces(engagement)
    plan = sampling.plan(headcount, places, shifts, committee=engagement.client.participation_body not in ("", "none"))
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
        sites=len(places),
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


def role_word(role: str, words: str) -> str:
    return capital(sampling.RULES["roles"][role][words])


def number(name: str, otherwise: int, most: int) -> int:
    asked: Any = request.args.get(name, otherwise, type=int)
    return min(max(asked, 0), most)


def workplaces(engagement: Engagement) -> list[sampling.Workplace]:
    """Those in scope, or all of the client where none was chosen."""
    sites = engagements.sites_in_scope(engagement) or clients.sites(engagement.client)
    return [sampling.Workplace(site.name, site.high_hazard) for site in sites]
