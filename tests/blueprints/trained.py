"""The part of an office that is about training, certificates and recognition."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from consultancy.actions import training_imports
from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.training_list import Line
from tenants.models import Membership
from tests.blueprints.certified import recognise
from tests.factories import (
    make_course_need,
    make_finding,
    make_training_import,
    make_training_proof,
    make_training_record,
    make_worker,
)

YESTERDAY = today() - timedelta(days=1)
WAITING = Line(
    name="Noor", number="", roles="Picker", site="", shift="", started_on="", course="WHMIS", done_on="2026-01-05",
    expires_on="", proof="card seen", verified=True, row=2,
)  # fmt: skip


def train(employer: Any, client: Client, engagement: Engagement, evidence: Any, *, by: Membership) -> None:
    """A person with a record that nobody saw yet, a gap in WHMIS, and one in first aid that is closed since it was
    raised; a list that waits."""
    worker = make_worker(client=client, roles="Welder")
    first_aid = make_training_record(worker=worker, course="FA-S", done_on=YESTERDAY)
    make_training_proof(record=first_aid, evidence=evidence)
    make_finding(engagement=engagement, by=by, number=90, requirement="8.2", training_course="FA-S")
    need = make_course_need(client=client, role="Welder")
    make_course_need(client=client, role="Welder", course="FA-S")
    waiting = make_training_import(
        client=client, by=by, applied_at=None, file_name="people.csv",
        reading={"rows": [asdict(WAITING)], "problems": [], "left_out": []},
    )  # fmt: skip
    waiting.applied_at = None
    record = make_training_record(worker=worker, verified=False, done_on=date(2020, 1, 2))
    employer.ids["list_seen"] = training_imports.compare(client, waiting).seen
    employer.keep(worker=worker, training_record=record, need=need, training_list=waiting)
    recognise(employer, client, by=by)
