"""What stands around one requirement on the clause desk: the tree, the way on, findings and history."""

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from blueprints.identity import me
from blueprints.page import capital, member_words
from blueprints.rated_site import sites
from consultancy import scoring
from consultancy.calendar import clock
from consultancy.models.assessment import Assessment, Rating, RatingChange
from consultancy.models.engagement import Engagement
from consultancy.queries import assessments, findings, interviews, phrases, suggestions
from consultancy.queries.assessments import EXCERPT, OnePage
from consultancy.queries.suggestions import Suggestion
from consultancy.standards import catalogue
from consultancy.standards.words import say
from tenants.direction import kept_to_itself

NOTHING_YET = OnePage(scoring.UNRATED)


def label_of(field: str) -> str:
    return {
        "rating": _("Rating"),
        "state": _("Rating"),
        "level": _("Level"),
        "reason": _("Reason"),
        "recommendation": _("Recommendation"),
        "priority": _("Priority"),
        "effort_text": _("Effort"),
        "owner_text": _("Owner"),
        "due": _("Due"),
        "observation": _("Observation"),
        "evidence": _("Evidence"),
        "text": _("Observation"),
        "method": _("How it was seen"),
        "seen_on": _("Seen on"),
        "document_points": _("Points by documentation"),
        "interview_points": _("Points by interview"),
        "observation_points": _("Points by observation"),
        "carried_over": _("Carried over"),
    }[field]


def address(engagement: Engagement, code: str | None) -> dict[str, str] | None:
    if code is None:
        return None
    return {"number": code, "url": url_for("assessments.show", engagement=engagement.id, requirement=code)}


def is_open(rated: scoring.Rated) -> bool:
    """Somebody still has to rate it, or to say that what was carried over is true."""
    return rated.counted_state == scoring.NOT_RATED


def progress_of(tally: scoring.Tally) -> dict[str, int]:
    return {
        "rated": tally.rated,
        "total": tally.total,
        "not_applicable": tally.not_applicable,
        "not_verified": tally.not_verified,
        "carried_over": tally.carried_over,
    }


def tree(engagement: Engagement, rated: dict[str, scoring.Rated], current: str) -> dict[str, Any]:
    """The clauses at the left, the requirement in the middle, the way to its neighbours."""
    standard = catalogue.find(engagement.standard)
    codes = [one.code for one in standard.requirements]
    at = codes.index(current)
    here = standard.requirement(current)
    tallies = dict(scoring.score(standard, rated).by_clause)
    overall = scoring.tally(rated.get(code, scoring.UNRATED) for code in codes)
    unrated = [
        code for code in codes[at + 1 :] + codes[:at] if is_open(rated.get(code, scoring.UNRATED))
    ]
    needed = -(-scoring.SHOWN_FROM_PERCENT_DECIDED * overall.total // 100) - overall.decided
    clauses = []
    for clause in standard.clauses():
        tally = tallies[clause.number]
        clauses.append(
            {
                "number": clause.number,
                "title": clause.title,
                "decided": tally.decided,
                "total": tally.total,
                "open": clause.number == here.clause,
                "requirements": [
                    {
                        "number": one.code,
                        "title": one.full_title,
                        "current": one.code == current,
                        "level": rated.get(one.code, scoring.UNRATED).level,
                        "state": rated.get(one.code, scoring.UNRATED).state,
                        "carried_over": rated.get(one.code, scoring.UNRATED).carried_over,
                        "linked": rated.get(one.code, scoring.UNRATED).linked,
                        "url": url_for("assessments.show", engagement=engagement.id, requirement=one.code),
                    }
                    for one in clause.requirements
                ],
            }
        )
    return {
        "requirement": {
            "number": here.code,
            "title": here.full_title,
            "text": here.paraphrase,
            "must": here.must,
            "documented": here.typical_evidence,
            "ask": [here.audit_question] if here.audit_question else None,
            "own_text": here.own_text,
            "points": here.points,
            "rule": here.rule,
            "legislated": here.legislated,
            "methods": [(f"{method.name}_points", method.most) for method in here.methods],
        },
        "breadcrumb": next(
            (f"{one.number} {one.title}" for one in standard.clauses() if one.number == here.clause != here.code), ""
        ),
        "tree": clauses,
        "to_go": max(0, needed),
        "progress": progress_of(overall),
        "previous": address(engagement, codes[at - 1] if at else None),
        "following": address(engagement, codes[at + 1] if at + 1 < len(codes) else None),
        "next_unrated": address(engagement, unrated[0] if unrated else None),
    }


def weakest_site(
    engagement: Engagement, assessment: Assessment, requirement: str, rating: Rating | None
) -> dict[str, Any] | None:
    """What the sites propose for the whole client while nobody rated it there: the weakest of them, which is what an
    auditor would hold against the whole."""
    standard = catalogue.find(engagement.standard)
    if g.get("rated_site") or len(sites(engagement)) < 2 or standard.requirement(requirement).methods:
        return None
    if rating is not None and rating.state != scoring.NOT_RATED:
        return None
    levels = assessments.levels_at_sites(assessment, requirement)
    if not levels:
        return None
    name, level = min(levels, key=lambda one: one[1])
    word = say("levels", level, member_words())
    return {"site": name, "level": level, "word": word, "rated": levels, "of": len(sites(engagement))}


def heard(engagement: Engagement, requirement: str) -> dict[str, Any]:
    """What people confirmed in interviews, at this site or anywhere; where the question gives points for interviews,
    how many that suggests. It is somebody's to take them, never applied by itself."""
    asked = catalogue.find(engagement.standard).requirement(requirement)
    tally = g.tally if "tally" in g else interviews.tally_of(engagement, requirement, g.get("rated_site"))
    most = next((method.most for method in asked.methods if method.name == "interview"), None)
    if not tally.asked or (asked.methods and most is None):
        return {"heard": None}
    return {"heard": {"tally": tally, "most": most, "suggested": None if most is None else tally.points(most)}}


def suggested(assessment: Assessment, requirement: str, rating: Rating | None) -> dict[str, Any]:
    """What ratings elsewhere suggest here, and where this rating came from if one was accepted."""
    found = suggestions.elsewhere(assessment, requirement, rating, g.get("rated_site"))
    source = rating.source if rating else None
    return {
        "suggestions": [
            {
                "key": one.source.key,
                "sentence": suggestion_sentence(one),
                "source": one.relation.source,
                "certainty": one.relation.certainty,
            }
            for one in found.waiting
        ],
        "accepted": source
        and _(
            "Accepted from %(standard)s %(number)s, rated %(level)s there.",
            standard=catalogue.find(source["standard"]).name, number=source["requirement"], level=source["level"],
        ),
        "source_changed": found.source_changed,
    }  # fmt: skip


def suggestion_sentence(one: Suggestion) -> str:
    facts = {
        "standard": catalogue.find(one.source.standard).name, "number": one.source.requirement,
        "level": one.source.level, "suggested": one.level, "day": clock(one.source.at)[:10] if one.source.at else "–",
    }  # fmt: skip
    if one.relation.relation == "equal":
        return _("%(standard)s %(number)s, rated %(level)s on %(day)s, asks the same. Suggests %(suggested)s.", **facts)
    if one.relation.relation == "superset":
        return _("%(standard)s %(number)s, rated %(level)s on %(day)s, asks for more. Suggests %(suggested)s.", **facts)
    if one.relation.relation == "subset":
        return _(
            "%(standard)s %(number)s, rated %(level)s on %(day)s, covers part of this. Suggests %(suggested)s.", **facts
        )
    return _(
        "%(standard)s %(number)s, rated %(level)s on %(day)s, meets this in part. Suggests %(suggested)s.", **facts
    )


def beside(engagement: Engagement, rating: Rating | None, requirement: str) -> dict[str, Any]:
    """Findings on this requirement, who changed what, and the ways back."""
    history = assessments.history(rating)
    return {
        "findings": [
            {
                "label": one.label,
                "grade": one.grade,
                "title": one.title,
                "url": url_for("findings.edit", finding=one.id),
            }
            for one in findings.on_requirement(engagement, requirement)
        ],
        "history": [
            {
                "id": change.id,
                "at": clock(change.at),
                "by": name or _("The platform"),
                "words": in_words(change.field, change.before, change.after),
            }
            for change, name in history
            if not goes_without_saying(change)
        ],
        "phrases": phrases.on_requirement(engagement.standard, requirement, engagement.language),
        "undoable": any(change.by_id == me() and change.field != "observation" for change, _name in history),
        "revision": rating.revision if rating else 0,
    }


def goes_without_saying(change: RatingChange) -> bool:
    """A new level says that it is rated; a new state without a level says that the level is gone."""
    return (change.field, change.after) in (("state", "rated"), ("level", ""))


def shown(field: str, value: Any) -> str:
    """The value of a rating's field as a person reads it."""
    words = member_words()
    if value is None or value == "":
        return ""
    if field == "level" or (field == "rating" and str(value).isdigit()):
        return f"{value} {capital(say('levels', value, words))}"
    if field in ("state", "rating"):
        return _("Rated") if value == "rated" else capital(say("states", value, words))
    if field == "carried_over":
        return _("yes") if value == "True" else _("confirmed")
    if field in ("priority", "method"):
        return capital(say("priorities" if field == "priority" else "methods", value, words))
    return str(value)


def in_words(field: str, old: str, new: str) -> str:
    before, after = shown(field, old), shown(field, new)
    shortened = [text if len(text) <= 60 else kept_to_itself(text[:59]) + "…" for text in (before, after)]
    if not before:
        return _("%(field)s: %(after)s", field=label_of(field), after=shortened[1] or "–")
    return _("%(field)s: %(before)s → %(after)s", field=label_of(field), before=shortened[0], after=shortened[1] or "–")


def grid_rows(engagement: Engagement, judged: dict[str, OnePage]) -> dict[str, Any]:
    """Every requirement on one page."""
    standard = catalogue.find(engagement.standard)
    rated = {code: one.rated for code, one in judged.items()}
    overall = scoring.tally(rated.get(one.code, scoring.UNRATED) for one in standard.requirements)
    unrated = next(
        (one.code for one in standard.requirements if is_open(rated.get(one.code, scoring.UNRATED))),
        None,
    )
    return {
        "progress": progress_of(overall),
        "next_unrated": address(engagement, unrated),
        "clauses": [
            {
                "number": clause.number,
                "title": clause.title,
                "requirements": [
                    grid_row(engagement, one, judged.get(one.code, NOTHING_YET)) for one in clause.requirements
                ],
            }
            for clause in standard.clauses()
        ],
    }


def grid_row(engagement: Engagement, requirement: catalogue.Requirement, judged: OnePage) -> dict[str, Any]:
    return {
        "number": requirement.code,
        "title": requirement.full_title,
        "level": judged.rated.level,
        "state": judged.rated.state,
        "carried_over": judged.rated.carried_over,
        "revision": judged.revision,
        "by_methods": bool(requirement.methods),
        "excerpt": judged.excerpt[:EXCERPT] + ("…" if len(judged.excerpt) > EXCERPT else ""),
        "observations": judged.observations,
        "owner": judged.owner_text,
        "due": judged.due,
        "url": url_for("assessments.show", engagement=engagement.id, requirement=requirement.code),
    }
