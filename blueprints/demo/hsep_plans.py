"""The demo employer's plan of the Health and Safety Excellence program, its topics and their steps."""

from blueprints.demo.files import day, rows
from blueprints.demo.practice import Loading
from consultancy.actions import hsep_plans
from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.models.hsep_plan import HsepPlan
from consultancy.queries import hsep_plans as reading
from tenants.database import db, tenant_session


def plan_topics(loading: Loading) -> None:
    for employer in rows("employers"):
        for row in rows("hsep_plan", client_id=employer["client_id"]):
            with loading.inside(employer["consultancy_slug"]):
                client = db.session.get_one(
                    Client, (tenant_session().tenant_id, loading.clients[employer["client_id"]].id)
                )
                plan = hsep_plans.begin_plan(
                    client, provider=row["provider"], joined_on=day(row["joined_on"]), today=today(), by=None
                )
                chosen(plan, row["plan_id"])
                hsep_plans.change_plan(
                    plan, revision=plan.revision, today=today(), by=None, approved_on=day(row["plan_approved_on"])
                )


def chosen(plan: HsepPlan, plan_id: str) -> None:
    codes = {one.title: one.code for one in reading.topics()}
    steps = list(rows("hsep_topic_steps", plan_id=plan_id))
    for title in dict.fromkeys(row["topic"] for row in steps):
        hsep_plans.choose_topic(plan, code=codes[title], today=today(), by=None)
    for one in reading.worked(plan):
        for step, _files in one.steps:
            row = next(row for row in steps if row["topic"] == one.title and row["step_no"] == str(step.step))
            done_on = day(row["done_on"])
            hsep_plans.work_on_step(
                step, revision=step.revision, today=today(), by=None, what=row["evidence"], who=row["responsible"],
                due=day(row["due_on"]), done_on=done_on if done_on and done_on <= today() else None,
                remark=row["validator_note"],
            )  # fmt: skip
