"""Rows of HSEp plans for tests, as the factories make them."""

from typing import Any

from consultancy.models.client import Client
from consultancy.models.evidence import Evidence
from consultancy.models.hsep_plan import HsepPlan, HsepProof, HsepStep, HsepTopic
from tests.rows import add

DAYS = ("joined_on", "approved_on", "submitted_on", "returned_on", "return_by", "achieved_on")


def make_hsep_plan(*, client: Client, **columns: Any) -> HsepPlan:
    """Begun, nothing approved; days only as given."""
    columns = {"level": "", "badge": ""} | columns
    return add(HsepPlan(client_id=client.id, **columns), *DAYS)


def make_hsep_topic(*, plan: HsepPlan, code: str = "F10", **columns: Any) -> HsepTopic:
    columns = {"title": ""} | columns
    return add(HsepTopic(hsep_plan_id=plan.id, code=code, **columns))


def make_hsep_step(*, topic: HsepTopic, step: int = 1, **columns: Any) -> HsepStep:
    return add(HsepStep(hsep_topic_id=topic.id, step=step, **columns), "due", "done_on")


def make_hsep_proof(*, step: HsepStep, evidence: Evidence) -> HsepProof:
    return add(HsepProof(hsep_step_id=step.id, evidence_id=evidence.id))
