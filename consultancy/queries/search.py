"""Finding something by a few of its words: clients, engagements, findings, corrective actions, deliverables and
evidence."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from consultancy.models.client import Client
from consultancy.models.corrective_action import CorrectiveAction
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from consultancy.models.evidence import Evidence
from consultancy.models.finding import Finding
from consultancy.queries.reach import assigned_clients
from tenants.database import db

MOST = 10  # of a kind; more words find fewer
WORDS = 8  # what is typed after the eighth word narrows nothing


class Hit(NamedTuple):
    """Something that holds every word, with the client it belongs to."""

    id: UUID
    label: str
    title: str
    client: str


class Hits(NamedTuple):
    clients: list[Hit]
    engagements: list[Hit]
    findings: list[Hit]
    corrective_actions: list[Hit]
    deliverables: list[Hit]
    evidence: list[Hit]


def search(words: str, *, reached_by: UUID | None = None) -> Hits:
    """What holds all of the words, newest first; a number as it is printed (F-03, CA-12) is a word too.

    Evidence is found while it is in use. Six statements. `reached_by`: a restricted consultant, who finds only what
    belongs to their clients.
    """
    wanted = words.split()[:WORDS]
    if not wanted:
        return Hits([], [], [], [], [], [])
    mine = Client.id.in_(assigned_clients(reached_by)) if reached_by else sa.true()
    name = sa.func.coalesce(sa.func.nullif(Client.trade_name, ""), Client.legal_name)
    of_client = sa.and_(Client.tenant_id == Engagement.tenant_id, Client.id == Engagement.client_id)

    def hits(columns: Sequence[Any], searched: Sequence[Any], *joins: Any, newest: Any, only: Any = ()) -> list[Hit]:
        statement = sa.select(*columns, name).select_from(columns[0].class_)
        for target, on in joins:
            statement = statement.join(target, on)
        for word in wanted:
            statement = statement.where(sa.or_(*(column.icontains(word, autoescape=True) for column in searched)))
        found = db.session.execute(statement.where(mine, *only).order_by(*newest).limit(MOST))
        return [Hit._make(row) for row in found]

    def of_engagement(model: Any) -> tuple[Any, Any]:
        return Engagement, sa.and_(Engagement.tenant_id == model.tenant_id, Engagement.id == model.engagement_id)

    finding_label = _label("F-", Finding.number)
    action_label = _label("CA-", CorrectiveAction.number)
    document_label = sa.func.concat(Deliverable.number, " v", Deliverable.version)
    return Hits(
        clients=hits(
            (Client.id, Client.code, Client.legal_name), (Client.legal_name, Client.trade_name, Client.code),
            newest=(sa.func.lower(Client.legal_name), Client.id),
        ),
        engagements=hits(
            (Engagement.id, Engagement.kind, Engagement.title),
            (Engagement.title, Client.legal_name, Client.trade_name),
            (Client, of_client), newest=(Engagement.opened_on.desc(), Engagement.id),
        ),
        findings=hits(
            (Finding.id, finding_label, Finding.title),
            (Finding.title, Finding.statement, finding_label, Client.legal_name, Client.trade_name),
            of_engagement(Finding), (Client, of_client), newest=(Finding.created_at.desc(), Finding.id),
        ),
        corrective_actions=hits(
            (CorrectiveAction.id, action_label, CorrectiveAction.action),
            (CorrectiveAction.action, CorrectiveAction.correction, action_label, Client.legal_name, Client.trade_name),
            of_engagement(CorrectiveAction), (Client, of_client),
            newest=(CorrectiveAction.created_at.desc(), CorrectiveAction.id),
        ),
        deliverables=hits(
            (Deliverable.id, document_label, Deliverable.title),
            (Deliverable.title, document_label, Client.legal_name, Client.trade_name),
            of_engagement(Deliverable), (Client, of_client),
            newest=(Deliverable.requested_at.desc(), Deliverable.id),
        ),
        evidence=hits(
            (Evidence.id, Evidence.file_name, Evidence.title),
            (Evidence.title, Evidence.file_name, Client.legal_name, Client.trade_name),
            (Client, sa.and_(Client.tenant_id == Evidence.tenant_id, Client.id == Evidence.client_id)),
            newest=(Evidence.uploaded_at.desc(), Evidence.id), only=(Evidence.retired_at.is_(None),),
        ),
    )  # fmt: skip


def _label(prefix: str, number: Any) -> Any:
    """A number as pages print it: F-03, F-12, F-123."""
    digits = sa.cast(number, sa.String)
    return sa.func.concat(prefix, sa.func.lpad(digits, sa.func.greatest(2, sa.func.length(digits)), "0"))
