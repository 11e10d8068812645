"""The demo employers' people, what their roles need and what they did."""

from typing import Any
from uuid import UUID

from blueprints.demo.files import day, rows
from blueprints.demo.practice import Loading
from consultancy.actions import training
from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.models.training import TrainingRecord, Worker
from consultancy.queries import training as reading
from consultancy.training import expiry
from tenants.database import db, tenant_session

SEEN = ("seen",)  # how the demo's consultants word what they saw


def train(loading: Loading) -> None:
    for employer in rows("employers"):
        with loading.inside(employer["consultancy_slug"]):
            client = db.session.get_one(
                Client, (tenant_session().tenant_id, loading.clients[employer["client_id"]].id)
            )
            for row in rows("training_needs", client_id=employer["client_id"]):
                why = row["exempt_because"]
                training.say_need(
                    client, role=row["role"], course=row["course"], exempt=bool(why), reason=why, by=None
                )
            recorded(loading, client, employer["client_id"])


def recorded(loading: Loading, client: Client, client_id: str) -> None:
    shelf = reading.shelf()
    people: dict[str, Worker] = {}
    for row in rows("training_records", client_id=client_id):
        worker = people.get(row["number"])
        if worker is None:
            worker = people[row["number"]] = added(client, row, loading.sites[row["site_id"]].id)
        done_on = day(row["done_on"])
        if not row["course"] or (done_on and done_on > today()):
            continue
        ends = expiry(shelf.find(row["course"], done_on), done_on) if done_on else None
        db.session.add(
            TrainingRecord(
                worker_id=worker.id, course=row["course"], done_on=done_on, expires_on=day(row["expires_on"]) or ends,
                proof=row["proof"], verified=bool(done_on) and row["proof"].endswith(SEEN),
            )
        )  # fmt: skip


def added(client: Client, row: dict[str, Any], site_id: UUID) -> Worker:
    return training.add_worker(
        client, by=None, name=row["name"], number=row["number"], roles=row["roles"], site_id=site_id, shift=row["shift"]
    )
