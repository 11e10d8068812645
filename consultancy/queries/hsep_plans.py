"""Reading plans of the Health and Safety Excellence program."""

from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consultancy.hsep import KEY, Gap
from consultancy.models.assessment import Assessment, Rating
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.models.evidence import Evidence
from consultancy.models.finding import Finding
from consultancy.models.hsep_plan import HsepPlan, HsepProof, HsepStep, HsepTopic
from consultancy.standards import catalogue
from consultancy.standards.catalogue import Requirement
from tenants.database import db, tenant_session

OPEN_FINDINGS = ("open", "verification")
GRADED = ("major", "minor")
INFORMAL = 1  # the highest level that proposes a gap


class Shown(NamedTuple):
    """A file that shows a step."""

    proof: HsepProof
    evidence: Evidence


class Worked(NamedTuple):
    """A topic with its five steps, and the files of each."""

    topic: HsepTopic
    requirement: Requirement
    title: str
    steps: list[tuple[HsepStep, list[Shown]]]


def find(plan_id: UUID) -> HsepPlan | None:
    return db.session.scalar(sa.select(HsepPlan).options(joinedload(HsepPlan.client)).where(HsepPlan.id == plan_id))


def find_topic(topic_id: UUID) -> HsepTopic | None:
    return db.session.scalar(
        sa.select(HsepTopic)
        .options(joinedload(HsepTopic.plan).joinedload(HsepPlan.client))
        .where(HsepTopic.id == topic_id)
    )


def find_step(step_id: UUID) -> HsepStep | None:
    return db.session.scalar(
        sa.select(HsepStep)
        .options(joinedload(HsepStep.topic).joinedload(HsepTopic.plan).joinedload(HsepPlan.client))
        .where(HsepStep.id == step_id)
    )


def find_proof(proof_id: UUID) -> HsepProof | None:
    return db.session.get(HsepProof, (tenant_session().tenant_id, proof_id))


def of_client(client: Client) -> list[HsepPlan]:
    """The newest first."""
    return list(
        db.session.scalars(
            sa.select(HsepPlan)
            .where(HsepPlan.client_id == client.id)
            .order_by(HsepPlan.created_at.desc(), HsepPlan.id)
        )
    )


def newest_with_topics(client: Client) -> HsepPlan | None:
    """The plan that a pack speaks of: beginning the next one puts none away before its first topic is chosen."""
    chosen = sa.exists().where(HsepTopic.tenant_id == HsepPlan.tenant_id, HsepTopic.hsep_plan_id == HsepPlan.id)
    return db.session.scalar(
        sa.select(HsepPlan)
        .where(HsepPlan.client_id == client.id, chosen)
        .order_by(HsepPlan.created_at.desc(), HsepPlan.id)
        .limit(1)
    )


def topics() -> tuple[Requirement, ...]:
    return catalogue.find(KEY).requirements


def topics_of(plans: list[HsepPlan]) -> dict[UUID, list[HsepTopic]]:
    found: dict[UUID, list[HsepTopic]] = {plan.id: [] for plan in plans}
    for topic in db.session.scalars(
        sa.select(HsepTopic).where(HsepTopic.hsep_plan_id.in_(found)).order_by(HsepTopic.created_at, HsepTopic.code)
    ):
        found[topic.hsep_plan_id].append(topic)
    return found


def worked(plan: HsepPlan) -> list[Worked]:
    """Three statements, whatever the number of topics."""
    chosen = topics_of([plan])[plan.id]
    steps: dict[UUID, list[HsepStep]] = {topic.id: [] for topic in chosen}
    for step in db.session.scalars(
        sa.select(HsepStep).where(HsepStep.hsep_topic_id.in_(steps)).order_by(HsepStep.step)
    ):
        steps[step.hsep_topic_id].append(step)
    shown = files_of([step.id for of_topic in steps.values() for step in of_topic])
    standard = catalogue.find(KEY)
    return [
        Worked(
            topic, one, topic.title or one.title, [(step, shown.get(step.id, [])) for step in steps[topic.id]]
        )
        for topic in chosen
        for one in [standard.requirement(topic.code)]
    ]


def files_of(steps: list[UUID]) -> dict[UUID, list[Shown]]:
    found: dict[UUID, list[Shown]] = {}
    for proof, evidence in db.session.execute(
        sa.select(HsepProof, Evidence)
        .join(Evidence, sa.and_(Evidence.tenant_id == HsepProof.tenant_id, Evidence.id == HsepProof.evidence_id))
        .where(HsepProof.hsep_step_id.in_(steps), Evidence.retired_at.is_(None))
        .order_by(Evidence.title, Evidence.id)
    ):
        found.setdefault(proof.hsep_step_id, []).append(Shown(proof, evidence))
    return found


def gaps_of(client: Client) -> list[Gap]:
    """What is open at a client: findings, and what an open engagement rates absent or informal. Two statements."""
    of_engagement = sa.and_(Engagement.tenant_id == Finding.tenant_id, Engagement.id == Finding.engagement_id)
    raised = db.session.execute(
        sa.select(Finding, Engagement.standard)
        .join(Engagement, of_engagement)
        .where(
            Engagement.client_id == client.id, Finding.status.in_(OPEN_FINDINGS), Finding.grade.in_(GRADED)
        )
        .order_by(Engagement.opened_on.desc(), Finding.number)
    )
    found = [(one.label, standard, one.requirement) for one, standard in raised]
    rated = db.session.execute(
        sa.select(Rating.requirement, Assessment.standard)
        .join(Assessment, sa.and_(Assessment.tenant_id == Rating.tenant_id, Assessment.id == Rating.assessment_id))
        .join(
            Engagement, sa.and_(Engagement.tenant_id == Assessment.tenant_id, Engagement.id == Assessment.engagement_id)
        )
        .where(
            Engagement.client_id == client.id, Engagement.closed_on.is_(None), Rating.site_id.is_(None),
            Rating.level <= INFORMAL,
        )
        .distinct()
        .order_by(Rating.requirement)
    )  # fmt: skip
    graded = {(standard, requirement) for _label, standard, requirement in found}
    found += [(code, standard, code) for code, standard in rated if (standard, code) not in graded]
    standards = {key: catalogue.find(key) for key in dict.fromkeys(standard for _label, standard, _code in found)}
    return [
        Gap(label, standards[standard], code) for label, standard, code in found if code in standards[standard]
    ]  # fmt: skip
