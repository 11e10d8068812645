"""Documents that wait to be written, and what became of them: seen past every wall, by the database's superuser."""

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from flask import Flask

from consultancy.actions.engagements import open_engagement
from consultancy.actions.ratings import rate_requirement
from consultancy.models.client import Client
from consultancy.models.deliverable import Deliverable
from consultancy.queries import assessments
from document_templates.library import starter
from tenants import audit
from tenants.database import db
from tests.factories import DAY, entered, found_tenant, make_client, make_engagement, make_member

SAMPLES = Path(__file__).parents[2] / "document_templates" / "samples"


def fields(kind: str = "gap_report", *, times: int = 1) -> dict[str, Any]:
    """What a report says; `times` as long, so that writing it takes as much longer."""
    sample = json.loads((SAMPLES / f"{kind}.json").read_text(encoding="utf-8"))
    if times > 1:
        sample["clauses"] = [copy.deepcopy(clause) for _ in range(times) for clause in sample["clauses"]]
    return sample


@dataclass(frozen=True)
class Office:
    """A consultancy with one engagement, to queue documents in."""

    app: Flask
    tenant: UUID
    engagement: UUID
    client: UUID
    member: UUID

    def queue(self, *, kind: str = "policy", snapshot: dict[str, Any] | None = None, **columns: Any) -> UUID:
        """One more requested document, committed. A policy is the smallest; each says something of its own."""
        key = uuid4().hex
        said = snapshot or fields(kind)
        said["document"]["number"] = key[:12]
        with entered(self.app, self.tenant) as session:
            row = Deliverable(
                engagement_id=self.engagement, client_id=self.client, kind=kind, title="Policy", language="en",
                number=key[:12], version="1.0", request_key=key, snapshot=said, template=kind,
                template_sha256=starter(kind).sha256, requested_by_id=self.member, **columns,
            )  # fmt: skip
            session.add(row)
            session.flush()
            audit.record("deliverable.requested", row, by=self.member)
            return row.id

    def get(self, row: UUID) -> Deliverable:
        found: Deliverable = db.session.get_one(Deliverable, (self.tenant, row))
        return found

    @contextmanager
    def inside(self) -> Iterator[None]:
        with entered(self.app, self.tenant):
            yield


def open_office(app: Flask, slug: str = "northgate") -> Office:
    tenant = found_tenant(app, slug=slug)
    with entered(app, tenant):
        client, member = make_client(), make_member()
        engagement = make_engagement(client=client, lead=member)
        return Office(app, tenant, engagement.id, client.id, member.id)


def rated_engagement(client: Client, lead: Any) -> UUID:
    """A gap analysis with enough in it for every report that it offers."""
    engagement = open_engagement(
        client, kind="gap_analysis", standard="iso45001-2018-amd1", title="Gap analysis", language="en",
        opened_on=DAY, by=lead.id, lead=lead,
    )  # fmt: skip
    assessment = assessments.of_engagement(engagement)
    rate_requirement(
        assessment,
        requirement="5.2",
        revision=assessment.revision,
        by=lead.id,
        state="rated",
        level=1,
        recommendation="Sign the policy.",
        priority="high",
    )
    return engagement.id


class Eye:
    """Looks at the database from outside, in its own words."""

    def __init__(self, url: str) -> None:
        self.url = url.replace("+psycopg", "", 1)

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self.url) as connection:
            yield connection

    def rows(self, statement: str, *values: Any) -> list[Any]:
        with self.connected() as connection:
            return connection.execute(statement, values).fetchall()  # type: ignore[arg-type]

    def set(self, statement: str, *values: Any) -> None:
        with self.connected() as connection:
            connection.execute(statement, values)  # type: ignore[arg-type]

    def production(self, row: UUID) -> str:
        return str(self.rows("select production from deliverable where id = %s", row)[0][0])

    def column(self, name: str, row: UUID) -> Any:
        return self.rows(f"select {name} from deliverable where id = %s", row)[0][0]

    def counts(self) -> dict[str, int]:
        return dict(self.rows("select production, count(*) from deliverable group by 1"))

    def entries(self, row: UUID) -> list[str]:
        """What the audit trail says about a document, in order."""
        found = self.rows("select verb from audit_entry where subject_id = %s order by number", row)
        return [verb.removeprefix("deliverable.") for (verb,) in found]

    def written(self) -> tuple[int, int]:
        """How many entries say that a document was written, and of how many documents."""
        found = self.rows(
            "select count(*), count(distinct subject_id) from audit_entry where verb = 'deliverable.written'"
        )
        return found[0]

    @contextmanager
    def holding_the_trail(self, tenant: UUID) -> Iterator[None]:
        """Nobody of this consultancy can end a transaction that is recorded: a document is stored, never ready."""
        with self.connected() as connection:
            connection.execute("select from audit_chain where tenant_id = %s for update", (tenant,))
            yield
            connection.rollback()
