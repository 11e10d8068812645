"""Rows of training for tests, as the factories make them."""

import secrets
from typing import Any

from consultancy.models.client import Client, Site
from consultancy.models.evidence import Evidence
from consultancy.models.training import (
    CourseNeed,
    OwnCourse,
    TrainingImport,
    TrainingProof,
    TrainingRecord,
    Worker,
)
from tenants.models import Membership
from tests.rows import add


def make_own_course(**columns: Any) -> OwnCourse:
    """Offered; its code is no shipped one."""
    columns = {
        "code": secrets.token_hex(4).upper(), "basis": "client", "certainty": "general", "validity": 12,
    } | columns  # fmt: skip
    return add(OwnCourse(**columns), "retired_at")


def make_worker(*, client: Client, site: Site | None = None, **columns: Any) -> Worker:
    return add(Worker(client_id=client.id, site_id=site and site.id, **columns))


def make_training_record(*, worker: Worker, course: str = "WHMIS", **columns: Any) -> TrainingRecord:
    """Verified, and without an end unless one is given."""
    row = TrainingRecord(worker_id=worker.id, course=course, **{"verified": True} | columns)
    return add(row, "expires_on", *(["done_on"] if "done_on" in columns else []))


def make_training_proof(*, record: TrainingRecord, evidence: Evidence) -> TrainingProof:
    return add(TrainingProof(training_record_id=record.id, evidence_id=evidence.id))


def make_course_need(*, client: Client, course: str = "WHMIS", **columns: Any) -> CourseNeed:
    columns = {"exempt": False} | columns
    return add(CourseNeed(client_id=client.id, course=course, **columns))


def make_training_import(*, client: Client, by: Membership, **columns: Any) -> TrainingImport:
    columns = {"file_sha256": secrets.token_hex(32)} | columns
    return add(TrainingImport(client_id=client.id, by_id=by.id, **columns))
