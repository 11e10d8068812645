"""How pages show HSEp plans, their topics and steps."""

from datetime import date
from typing import Any

from flask import url_for

from blueprints.page import capital, member_words
from consultancy import hsep as rules
from consultancy.models.evidence import INTERVIEW
from consultancy.models.hsep_plan import HsepPlan, HsepStep
from consultancy.queries import hsep_plans
from consultancy.queries.hsep_plans import Shown, Worked
from consultancy.standards.words import say


def plan_line(plan: HsepPlan, today: date) -> dict[str, Any]:
    until = rules.develop_until(plan.approved_on)
    return {
        "id": plan.id,
        "provider": plan.provider,
        "standing": rules.standing(plan, today),
        "approved_on": plan.approved_on,
        "until": until,
        "days": (until - today).days if until and not plan.submitted_on else None,
        "submitted_on": plan.submitted_on,
        "returned_on": plan.returned_on,
        "return_by": plan.return_by,
        "answer_days": (plan.return_by - today).days if plan.return_by and not plan.achieved_on else None,
        "late": bool(until and plan.submitted_on and plan.submitted_on > until),
        "badge": plan.badge,
        "url": url_for("hsep_plans.show", hsep_plan=plan.id),
    }


def shown_topic(one: Worked, today: date) -> dict[str, Any]:
    words = member_words()
    level = rules.level_of(one.requirement)
    return {
        "id": one.topic.id,
        "code": one.topic.code,
        "title": one.title,
        "unsure": rules.is_unsure(one.requirement, one.topic.title),
        "level": capital(say("hsep_levels", level, words)) if level else "",
        "note": one.requirement.note,
        "chosen_for": one.topic.chosen_for,
        "steps": [
            (step.step, rules.status(step.due, step.done_on, today), say("hsep_steps", str(step.step), words))
            for step, _files in one.steps
        ],
        "done": sum(step.done_on is not None for step, _files in one.steps),
        "files": sum(
            evidence.source != INTERVIEW for _step, files in one.steps for _proof, evidence in files
        ),
        "url": url_for("hsep_plans.topic", hsep_topic=one.topic.id),
    }


def shown_step(step: HsepStep, files: list[Shown], today: date) -> dict[str, Any]:
    words = member_words()
    return {
        "id": step.id,
        "number": step.step,
        "name": capital(say("hsep_steps", str(step.step), words)),
        "hint": say("hsep_step_hints", str(step.step), words),
        "status": rules.status(step.due, step.done_on, today),
        "files": [
            {
                "title": evidence.title,
                "stays": evidence.source == INTERVIEW,
                "url": url_for("evidence.show", evidence=evidence.id),
                "remove": url_for("hsep_plans.unlink", hsep_proof=proof.id),
            }
            for proof, evidence in files
        ],
    }


def topics_to_choose(plan: HsepPlan, chosen: list[str]) -> list[dict[str, Any]]:
    """What is not in the plan yet, the topics with the most open gaps first."""
    words = member_words()
    gaps = rules.gaps_by_topic(hsep_plans.gaps_of(plan.client))
    return [
        {
            "code": one.code,
            "title": one.title,
            "unsure": rules.is_unsure(one),
            "named": one.certainty != rules.NAME_UNKNOWN,
            "level": capital(say("hsep_levels", rules.level_of(one), words)) if rules.level_of(one) else "",
            "gaps": gaps.get(one.code, []),
        }
        for one in rules.most_wanted(hsep_plans.topics(), gaps)
        if one.code not in chosen
    ]
