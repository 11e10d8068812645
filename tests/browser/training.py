"""Training in every state: lists that wait, are faulty and were applied; own courses; a gap with a finding."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask

from consultancy.actions import courses, training_gaps, training_imports
from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.models.training import Worker
from consultancy.training_list import read_training_list
from tenants.database import now
from tests.consultancy.checklists.files import excel
from tests.factories import entered, make_certificate, make_client, make_recognition, make_training_import

HEAD = ("Name", "Role", "Shift", "Course", "Date", "Proof")
WAITING = [("Rui Figueiredo", "Welder", "days", "FORK", "2026-01-05", "card seen"), ("Noor", "", "", "WAH", "", "said")]
FAULTY = [("", "Welder", "", "WAH", "2026-01-05", ""), ("Ada", "", "", "Juggling", "03/04/2025", "")]


def training_of(app: Flask, tenant: UUID, client_id: UUID, owner_of: Callable[..., Any]) -> dict[str, UUID]:
    with entered(app, tenant) as session:
        client = session.scalars(sa.select(Client).where(Client.id == client_id)).one()
        owner = owner_of(session)
        known = training_imports.known_at(client, today())

        def listed(rows: list[Any], **columns: Any) -> UUID:
            reading = read_training_list(excel(*rows, header=HEAD), "people.xlsx", known)
            kept = make_training_import(client=client, by=owner, file_name="people.xlsx", reading=reading)
            kept.applied_at = columns.get("applied_at")
            return kept.id

        own = courses.add_course(
            code="BRAKE", title_en="Press brake, set-up", title_fr="Presse plieuse, réglage", basis="hazard",
            certainty="general", validity=24, needed_by="brake operators", by=owner.id,
        )  # fmt: skip
        retired = courses.add_course(code="OLD", title_en="Old course", basis="client", certainty="unsure", by=owner.id)
        courses.retire_course(retired, by=owner.id)
        engagement = session.scalars(
            sa.select(Engagement).where(Engagement.client_id == client_id, Engagement.closed_on.is_(None))
        ).first()
        training_gaps.raise_gap(
            client, course="AWR-W", engagement=engagement, grade="major", today=today(), by=owner.id
        )
        certificate = make_certificate(client=client)
        worker = session.scalars(sa.select(Worker).where(Worker.name == "Rui Figueiredo")).one()
        return {
            "worker": worker.id, "waiting_list": listed(WAITING), "faulty_list": listed(FAULTY),
            "applied_list": listed([], applied_at=now()), "own_course": own.id, "retired_course": retired.id,
            "certificate": certificate.id, "recognition": make_recognition(client=client, certificate=certificate).id,
            "unknown_people": make_client(legal_name="Nobody known Inc.", sector="services").id,
        }  # fmt: skip
