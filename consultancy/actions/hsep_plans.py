"""Planning, working on and submitting a plan of the Health and Safety Excellence program."""

from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from consultancy import hsep, rebates
from consultancy.actions.clients import ChangedMeanwhile
from consultancy.models.client import Client
from consultancy.models.evidence import Evidence
from consultancy.models.hsep_plan import HsepPlan, HsepProof, HsepStep, HsepTopic
from consultancy.queries import hsep_plans
from consultancy.queries.evidence import may_leave
from tenants import audit
from tenants.database import db
from tenants.refusal import NotValid, Refusal

DAYS = ("joined_on", "approved_on", "submitted_on", "returned_on")
FIELDS = ("provider", *DAYS, "return_by", "remarks", "achieved_on", "level", "badge")
NEEDS = (("approved_on", "submitted_on"), ("submitted_on", "returned_on"), ("submitted_on", "achieved_on"))
STEP_FIELDS = ("what", "who", "due", "done_on", "remark")


class ProviderMissing(NotValid):
    """A plan is approved by a provider."""


class DayMissing(NotValid):
    """Something happened without what comes before it: submitted without approval, sent back without submission."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class DaysOutOfOrder(NotValid):
    """Something happened before what comes before it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class DayAhead(NotValid):
    """It has not happened yet."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class LevelWithoutDay(NotValid):
    """A level or a badge is given on a day."""


class NothingToSubmit(NotValid):
    """A plan without topics is none."""


class PlanHasTopics(Refusal):
    """Only a plan that was begun by mistake is removed."""


class TopicHasWords(Refusal):
    """Somebody typed into its steps: that is not thrown away at one press."""


class UnknownTopic(NotValid):
    """No topic of the program, or one of which nobody said the name."""


class TopicTwice(NotValid):
    """A topic counts once in a plan."""


class TooManyTopics(NotValid):
    """A plan takes so many topics and no more."""


class PlanIsSubmitted(Refusal):
    """The WSIB has it: its topics stand."""


class DoneAhead(NotValid):
    """A step is done once it was done."""


class FileOfOthers(NotValid):
    """The file is not among this client's evidence."""


class FileStays(NotValid):
    """An interview, or a file that is infected or taken out of use: it goes to nobody outside."""


def begin_plan(client: Client, *, provider: str, joined_on: date | None, today: date, by: UUID | None) -> HsepPlan:
    """Raises ProviderMissing, DayAhead."""
    _refuse({"provider": provider, "joined_on": joined_on}, today)
    plan = HsepPlan(client_id=client.id, provider=provider, joined_on=joined_on, by_id=by)
    db.session.add(plan)
    db.session.flush()
    audit.record("hsep_plan.begun", plan, by=by)
    return plan


def change_plan(plan: HsepPlan, *, revision: int, today: date, by: UUID | None, **fields: Any) -> None:
    """Raises ChangedMeanwhile, ProviderMissing, DayMissing, DaysOutOfOrder, DayAhead, LevelWithoutDay,
    NothingToSubmit."""
    db.session.refresh(plan, with_for_update={"of": HsepPlan})
    if plan.revision != revision:
        raise ChangedMeanwhile(plan.provider)
    told = {name: getattr(plan, name) for name in FIELDS} | fields
    _refuse(told, today)
    if told["submitted_on"] and not hsep_plans.topics_of([plan])[plan.id]:
        raise NothingToSubmit
    changed = [name for name in FIELDS if getattr(plan, name) != told[name]]
    for name in changed:
        setattr(plan, name, told[name])
    if changed:
        audit.record("hsep_plan.changed", plan, by=by, fields=changed)


def remove_plan(plan: HsepPlan, *, by: UUID | None) -> None:
    """One that was begun by mistake. Raises PlanIsSubmitted, PlanHasTopics."""
    _hold(plan)
    if hsep_plans.topics_of([plan])[plan.id]:
        raise PlanHasTopics(plan.provider)
    audit.record("hsep_plan.removed", plan, by=by)
    db.session.delete(plan)


def choose_topic(plan: HsepPlan, *, code: str, title: str = "", today: date, by: UUID | None) -> HsepTopic:
    """With its five steps, empty. Raises PlanIsSubmitted, UnknownTopic, TopicTwice, TooManyTopics."""
    _hold(plan)
    known = {one.code: one for one in hsep_plans.topics()}
    if code not in known or (known[code].certainty == hsep.NAME_UNKNOWN and not title):
        raise UnknownTopic(code)
    chosen = [one.code for one in hsep_plans.topics_of([plan])[plan.id]]
    if code in chosen:
        raise TopicTwice(known[code].title)
    if len(chosen) >= rebates.topics_most(today):
        raise TooManyTopics(rebates.topics_most(today))
    gaps = hsep.gaps_by_topic(hsep_plans.gaps_of(plan.client)).get(code, [])
    topic = HsepTopic(hsep_plan_id=plan.id, code=code, title=title, chosen_for=", ".join(gaps)[:240])
    db.session.add(topic)
    db.session.flush()
    db.session.add_all(HsepStep(hsep_topic_id=topic.id, step=number) for number in hsep.STEPS)
    db.session.flush()
    audit.record("hsep_topic.chosen", topic, by=by, topic=code)
    return topic


def drop_topic(topic: HsepTopic, *, by: UUID | None) -> None:
    """Its empty steps go with it; files of evidence stay where they are. Raises PlanIsSubmitted, TopicHasWords."""
    _hold(topic.plan)
    held = sa.select(HsepStep).where(HsepStep.hsep_topic_id == topic.id).order_by(HsepStep.step).with_for_update()
    found = list(db.session.scalars(held.execution_options(populate_existing=True)))
    if worded := [one.step for one in found if any(getattr(one, name) for name in STEP_FIELDS)]:
        raise TopicHasWords(worded)
    steps = [one.id for one in found]
    db.session.execute(sa.delete(HsepProof).where(HsepProof.hsep_step_id.in_(steps)))
    db.session.execute(sa.delete(HsepStep).where(HsepStep.hsep_topic_id == topic.id))
    audit.record("hsep_topic.dropped", topic, by=by, topic=topic.code)
    db.session.delete(topic)


def work_on_step(step: HsepStep, *, revision: int, today: date, by: UUID | None, **fields: Any) -> None:
    """Raises ChangedMeanwhile, DoneAhead."""
    db.session.refresh(step, with_for_update={"of": HsepStep})
    if step.revision != revision:
        raise ChangedMeanwhile(f"{step.topic.code}.{step.step}")
    if fields.get("done_on") and fields["done_on"] > today:
        raise DoneAhead(fields["done_on"])
    changed = [name for name in STEP_FIELDS if name in fields and getattr(step, name) != fields[name]]
    for name in changed:
        setattr(step, name, fields[name])
    if changed:
        audit.record("hsep_step.changed", step, by=by, fields=changed)


def show_step(step: HsepStep, *, evidence_id: UUID, by: UUID | None) -> None:
    """A file shows the step; said twice, once is kept. Raises FileOfOthers, FileStays."""
    client_id = step.topic.plan.client_id
    piece = db.session.scalar(
        sa.select(Evidence.id).where(Evidence.id == evidence_id, Evidence.client_id == client_id)
    )
    if piece is None:
        raise FileOfOthers
    if db.session.scalar(sa.select(Evidence.id).where(Evidence.id == piece, may_leave())) is None:
        raise FileStays
    db.session.execute(sa.select(HsepStep.id).where(HsepStep.id == step.id).with_for_update())
    same = sa.select(HsepProof.id).where(HsepProof.hsep_step_id == step.id, HsepProof.evidence_id == piece)
    if db.session.scalar(same) is None:
        proof = HsepProof(hsep_step_id=step.id, evidence_id=piece)
        db.session.add(proof)
        db.session.flush()
        audit.record("hsep_step.shown", step, by=by)


def take_back(proof: HsepProof, *, by: UUID | None) -> None:
    """The file stays; it shows the step no more."""
    audit.record("hsep_step.taken_back", proof.step, by=by)
    db.session.delete(proof)


def hand_over(plan: HsepPlan, *, by: UUID | None, files: int, missing: int) -> None:
    """Its evidence leaves in one archive: so many files, without those that the storage lost."""
    audit.record("hsep_plan.downloaded", plan, by=by, files=files, missing=missing)


def _refuse(told: dict[str, Any], today: date) -> None:
    if not told["provider"]:
        raise ProviderMissing
    days = [(name, told.get(name)) for name in DAYS]
    for (_earlier, before), (later, after) in pairwise(days):
        if after and before and after < before:
            raise DaysOutOfOrder(later)
    for needed, name in NEEDS:
        if told.get(name) and not told.get(needed):
            raise DayMissing(name)
    if told.get("achieved_on") and told["achieved_on"] < max(told["submitted_on"], told["returned_on"] or date.min):
        raise DaysOutOfOrder("achieved_on")
    if told.get("return_by") and not told.get("returned_on"):
        raise DayMissing("return_by")
    if told.get("return_by") and told["return_by"] < told["returned_on"]:
        raise DaysOutOfOrder("return_by")
    for name in (*DAYS, "achieved_on"):
        if told.get(name) and told[name] > today:
            raise DayAhead(name)
    if (told.get("level") or told.get("badge")) and not told.get("achieved_on"):
        raise LevelWithoutDay


def _hold(plan: HsepPlan) -> None:
    """Who chooses and drops for one plan comes one after another, and sees what the one before left. Raises
    PlanIsSubmitted."""
    db.session.refresh(plan, with_for_update={"of": HsepPlan})
    if plan.submitted_on:
        raise PlanIsSubmitted(plan.submitted_on)
