"""HSEp evidence pack: each topic of the client's newest plan that has one, its five steps, what shows each."""

from datetime import date

from consultancy import hsep
from consultancy.models.engagement import Engagement
from consultancy.models.hsep_plan import HsepPlan, HsepStep
from consultancy.queries import hsep_plans
from consultancy.queries.hsep_plans import Shown, Worked
from consultancy.reports.document import Fields, document_fields, original_words
from consultancy.reports.refusals import MissingData
from consultancy.reports.wording import capital, counted, lines, paragraphs, short_day, text
from consultancy.standards.words import say

FEW = 2  # pieces a topic needs at least, by the doctrine of evidence


def assemble(
    engagement: Engagement, *, number: str, version: str, language: str, today: date, subject: str
) -> tuple[str, Fields]:
    plan = hsep_plans.newest_with_topics(engagement.client)
    if plan is None:
        raise MissingData("hsep_plan", language)
    title = text("hsep_title", language)
    fields = document_fields(engagement, title=title, number=number, version=version, language=language, today=today)
    fields["document"] |= {"short": text("hsep_short", language)}
    fields["limits"] = paragraphs("hsep_limits", language, day=short_day(today, language)) + original_words(
        engagement, language
    )
    fields["hsep"] = plan_fields(plan, hsep_plans.worked(plan), today, language)
    return title, fields


def plan_fields(plan: HsepPlan, worked: list[Worked], today: date, language: str) -> Fields:
    steps = [step for one in worked for step, _files in one.steps]
    until = hsep.develop_until(plan.approved_on)
    return {
        "provider": plan.provider,
        "approved": short_day(plan.approved_on, language),
        "until": short_day(until, language),
        "standing": capital(say("hsep_standings", hsep.standing(plan, today), language)),
        "lead": counted(
            "hsep_lead", len(worked), language, done=sum(step.done_on is not None for step in steps), steps=len(steps),
            files=sum(pieces(one) for one in worked),
        ),
        "clock": text(
            "hsep_clock", language, approved=short_day(plan.approved_on, language), until=short_day(until, language)
        )
        if until
        else text("hsep_not_approved", language),
        "remarks": lines(plan.remarks),
        "topics": [topic_fields(one, today, language) for one in worked],
        "hints": paragraphs("hsep_hints", language),
    }  # fmt: skip


def topic_fields(one: Worked, today: date, language: str) -> Fields:
    level = hsep.level_of(one.requirement)
    said = say("hsep_levels", level, language) if level else text("hsep_level_unknown", language)
    notes = []
    if hsep.is_unsure(one.requirement, one.topic.title):
        notes.append(text("hsep_name_unsure", language))
    if one.topic.chosen_for:
        notes.append(text("hsep_chosen_for", language, gaps=one.topic.chosen_for))
    if pieces(one) < FEW:
        notes.append(text("hsep_few" if pieces(one) else "hsep_thin", language))
    return {
        "code": one.topic.code,
        "title": one.title,
        "place": text("hsep_own_name", language, code=one.topic.code, level=said),
        "notes": notes,
        "steps": [step_fields(step, files, today, language) for step, files in one.steps],
    }


def step_fields(step: HsepStep, files: list[Shown], today: date, language: str) -> Fields:
    return {
        "number": step.step,
        "name": capital(say("hsep_steps", str(step.step), language)),
        "what": lines(step.what),
        "who": step.who,
        "when": short_day(step.done_on or step.due, language),
        "status": hsep.status(step.due, step.done_on, today),
        "remark": lines(step.remark),
        "files": [
            {"title": evidence.title, "date": short_day(evidence.effective_on, language)}
            for _proof, evidence in files
            if evidence.can_leave
        ],
    }


def pieces(one: Worked) -> int:
    return sum(evidence.can_leave for _step, files in one.steps for _proof, evidence in files)
