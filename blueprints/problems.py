"""What stands in the way of a good document, in words, each place a link to the field where it is mended."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.guards import requires
from blueprints.page import capital, member_words
from consultancy.calendar import today
from consultancy.models.engagement import Engagement
from consultancy.queries import engagements
from consultancy.reports import OFFERED
from consultancy.reports.problems import LEVELS, Place, Problem, problems_of
from consultancy.standards.words import say
from tenants.permissions import Permission

bp = Blueprint("problems", __name__)


@bp.get("/engagements/<uuid:engagement>/deliverables/problems/<wanted>")
@requires(Permission.DELIVERABLE_READ, engagement=engagements.find)
def show(engagement, wanted):
    """What a deliverable would lack if it were written now."""
    if wanted not in OFFERED[engagement.kind]:
        abort(404)
    found = problems_of(engagement, kind=wanted, today=today())
    return render_template(
        "deliverables/problems.html",
        engagement=engagement,
        kind=wanted,
        title=capital(say("deliverables", wanted, member_words())),
        levels=by_level(engagement, found),
    )


def by_level(engagement: Engagement, problems: list[Problem]) -> dict[str, list[dict[str, Any]]]:
    """Problems as a page shows them, the blocking ones first; a level without any is there too, empty."""
    return {
        level: [
            {
                "sentence": SENTENCES[one.what](**dict(one.facts)),
                "links": [{"label": label_of(place), "url": url_of(engagement, place)} for place in one.places],
            }
            for one in problems
            if one.level == level
        ]
        for level in LEVELS
    }


def label_of(place: Place) -> str:
    return place.label or PAGES[place.page][1]()


def url_of(engagement: Engagement, place: Place) -> str:
    return PAGES[place.page][0](engagement.id, place.key)


PAGES: dict[str, tuple[Callable[[Any, Any], str], Callable[[], str]]] = {
    "requirement": (lambda one, code: url_for("assessments.show", engagement=one, requirement=code), lambda: ""),
    "new_finding": (lambda one, code: url_for("findings.new", engagement=one, requirement=code), lambda: ""),
    "finding": (lambda _one, key: url_for("findings.edit", finding=key), lambda: ""),
    "corrective_action": (lambda _one, key: url_for("corrective_actions.edit", action=key), lambda: ""),
    "client": (lambda _one, key: url_for("clients.edit", client=key), lambda: ""),
    "assessment": (lambda one, _key: url_for("rating_grid.show", engagement=one), lambda: _("All requirements")),
    "findings": (lambda one, _key: url_for("findings.index", engagement=one), lambda: _("Findings")),
    "register": (lambda one, _key: url_for("register.index", engagement=one), lambda: _("Document register")),
    "hsep_plans": (lambda _one, key: url_for("hsep_plans.index", client=key), lambda: _("HSEp plans")),
    "rebates": (lambda _one, key: url_for("rebates.show", client=key), lambda: _("Rebates")),
    "training": (lambda _one, key: url_for("training.show", client=key), lambda: _("Training")),
    "texts": (lambda one, _key: url_for("engagements.scope", engagement=one), lambda: _("Texts of the report")),
}

SENTENCES: dict[str, Callable[..., str]] = {
    "nothing_rated": lambda: _("Nothing is rated yet, so there is nothing to report."),
    "nothing_to_follow": lambda: _("There is nothing to follow yet: no major or minor finding, no corrective action."),
    "little_decided": lambda percent, wanted: _(
        "%(percent)s %% of the requirements are decided; the readiness is shown from %(wanted)s %% on.",
        percent=percent, wanted=wanted,
    ),
    "carried_over_unconfirmed": lambda count: ngettext(
        "%(num)s rating of last year is not confirmed for this year:",
        "%(num)s ratings of last year are not confirmed for this year:",
        count,
    ),
    "gaps_without_recommendation": lambda count: ngettext(
        "%(num)s gap says nothing about what to do:", "%(num)s gaps say nothing about what to do:", count
    ),
    "gaps_without_finding": lambda count: ngettext(
        "%(num)s gap has no finding:", "%(num)s gaps have no finding:", count
    ),
    "findings_without_ground": lambda count: ngettext(
        "%(num)s finding lacks its statement or its evidence:",
        "%(num)s findings lack their statement or their evidence:",
        count,
    ),
    "findings_without_action": lambda count: ngettext(
        "%(num)s finding has no corrective action:", "%(num)s findings have no corrective action:", count
    ),
    "actions_without_owner": lambda count: ngettext(
        "%(num)s corrective action has no owner:", "%(num)s corrective actions have no owner:", count
    ),
    "actions_without_due": lambda count: ngettext(
        "%(num)s corrective action has no date:", "%(num)s corrective actions have no date:", count
    ),
    "actions_without_proof": lambda count: ngettext(
        "%(num)s corrective action is done without a proof:",
        "%(num)s corrective actions are done without a proof:",
        count,
    ),
    "actions_overdue": lambda count: ngettext(
        "%(num)s corrective action is overdue:", "%(num)s corrective actions are overdue:", count
    ),
    "no_headline": lambda: _("The summary has no headline of yours; the reasons of the conclusion stand in its place."),
    "no_independence": lambda: _("Nothing is said about who consulted and who audits: our own sentence is printed."),
    "no_signatory": lambda: _("The client’s contacts name no sponsor, so nobody is named to sign or receive it."),
    "size_unknown": lambda: _("How many people work there is not known: nothing can be said about a committee."),
    "names_in_observations": lambda count: ngettext(
        "%(num)s requirement has an observation that names somebody. Observations are printed word for word:",
        "%(num)s requirements have observations that name somebody. Observations are printed word for word:",
        count,
    ),
    "nothing_in_register": lambda: _("The register says that no document is needed: the manual would have no chapter."),
    "nothing_in_training": lambda: _("Nobody of the client is recorded with a role that needs a course."),
    "no_hsep_topic": lambda: _("The client has no HSEp plan with a topic: there is nothing to show."),
    "no_premium": lambda: _("No year of premiums is entered: there is nothing to work a rebate out from."),
    "placeholders_left": lambda count: ngettext(
        "%(num)s place in square brackets is left for the client to fill in:",
        "%(num)s places in square brackets are left for the client to fill in:",
        count,
    ),
    "review_without_day": lambda: _("The day of the review is not known: the minutes leave it open."),
    "review_inputs_open": lambda count: ngettext(
        "%(num)s input of the review is left open for the meeting:",
        "%(num)s inputs of the review are left open for the meeting:",
        count,
    ),
    "sose_not_shown": lambda count: ngettext(
        "%(num)s point of the checklist is not shown yet:",
        "%(num)s points of the checklist are not shown yet:",
        count,
    ),
    "notes_in_one_language": lambda language: (
        _("Notes are in French. A document in English prints them as they stand, and says so.")
        if language == "fr"
        else _("Notes are in English. A document in French prints them as they stand, and says so.")
    ),
    "must_not_verified": lambda count: ngettext(
        "%(num)s requirement that an audit cannot do without is not decided:",
        "%(num)s requirements that an audit cannot do without are not decided:",
        count,
    ),
    "not_applicable": lambda count: ngettext(
        "%(num)s requirement does not apply:", "%(num)s requirements do not apply:", count
    ),
    "not_verified": lambda count: ngettext(
        "%(num)s requirement was not verified:", "%(num)s requirements were not verified:", count
    ),
}  # fmt: skip
