"""HSEp plans as pages show them: one at work, and one that came back with remarks."""

from uuid import UUID

import sqlalchemy as sa
from flask import Flask

from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.models.evidence import Evidence
from tests.factories import (
    DAY,
    entered,
    make_hsep_plan,
    make_hsep_proof,
    make_hsep_step,
    make_hsep_topic,
)


def hsep_of(app: Flask, tenant: UUID, client_id: UUID) -> dict[str, UUID]:
    with entered(app, tenant) as session:
        client = session.scalars(sa.select(Client).where(Client.id == client_id)).one()
        plan = make_hsep_plan(client=client, provider="Northfield Ridge", joined_on=DAY, approved_on=DAY)
        piece = session.scalars(
            sa.select(Evidence).where(Evidence.client_id == client_id, Evidence.state == "clean")
        ).first()
        topics = [make_hsep_topic(plan=plan, code=code) for code in ("F10", "I5")]
        for topic in topics:
            for number in (1, 2, 3, 4, 5):
                done = DAY if number == 1 else None
                step = make_hsep_step(topic=topic, step=number, due=DAY if number < 3 else None, done_on=done)
                if number == 1 and piece:
                    make_hsep_proof(step=step, evidence=piece)
        returned = make_hsep_plan(
            client=client, provider="Harbour Safety", approved_on=DAY, submitted_on=DAY, returned_on=DAY,
            return_by=today(), remarks="Show the drill’s result.",
        )  # fmt: skip
        return {
            "hsep_client": client_id, "hsep_plan": plan.id, "hsep_topic": topics[0].id, "hsep_returned": returned.id,
        }  # fmt: skip
