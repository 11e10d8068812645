"""Reading who of the consultancy helped a client, from what is on record and from what was declared."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from consultancy.calendar import ONTARIO, today
from consultancy.independence import Involved, Rule, conflicts, rule_for, scheme_of
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Assignment, Engagement
from consultancy.models.involvement import Involvement
from consultancy.models.register_entry import RegisterEntry
from consultancy.program_documents import document_of
from consultancy.standards import catalogue
from tenants.database import db
from tenants.models import Membership
from tenants.moments import each_of

HELPING = ("gap_analysis", "program_development")  # a pre-audit is no help with the system
SYSTEM = ("policy", "procedure", "manual")  # deliverables that become part of it
SHOWN = 3


class Independence(NamedTuple):
    """The scheme's rule on the days of an engagement, and what speaks against each member of the consultancy."""

    rule: Rule | None
    audit_from: date
    audit_to: date
    against: Mapping[UUID, tuple[Involved, ...]]


def of_engagement(engagement: Engagement) -> Independence:
    """Only a pre-audit asks for independence: any other engagement has no rule and nothing against anybody."""
    audit_from = engagement.site_visit_from or engagement.kick_off_on or engagement.opened_on
    audit_to = engagement.site_visit_to or audit_from
    standard = catalogue.find(engagement.standard)
    rule = rule_for(scheme_of(standard), audit_from) if engagement.kind == "pre_audit" else None
    found: dict[UUID, list[Involved]] = {}
    if rule:
        for member, involved in each_of(engagement, _involved):
            found.setdefault(member, []).append(involved)
    against = {member: conflicts(rule, several, audit_from, audit_to) for member, several in found.items()}
    return Independence(rule, audit_from, audit_to, {member: held for member, held in against.items() if held})


def declared(engagement: Engagement) -> list[Involvement]:
    return list(
        db.session.scalars(
            sa.select(Involvement)
            .where(Involvement.client_id == engagement.client_id)
            .order_by(Involvement.from_on, Involvement.created_at)
        )
    )


def find(involvement_id: UUID) -> Involvement | None:
    return db.session.scalar(sa.select(Involvement).where(Involvement.id == involvement_id))


def find_assignment(assignment_id: UUID) -> Assignment | None:
    return db.session.scalar(sa.select(Assignment).where(Assignment.id == assignment_id))


def _involved(ids: Sequence[UUID]) -> Iterator[tuple[UUID, tuple[UUID, Involved]]]:
    clients: dict[UUID, list[UUID]] = {}
    for engagement, client in db.session.execute(
        sa.select(Engagement.id, Engagement.client_id).where(Engagement.id.in_(ids))
    ):
        clients.setdefault(client, []).append(engagement)
    for client, member, involved in (*_worked(clients), *_wrote(clients), *_authors(clients), *_declared(clients)):
        for engagement in clients[client]:
            yield engagement, (member, involved)


def _worked(clients: Mapping[UUID, list[UUID]]) -> Iterator[tuple[UUID, UUID, Involved]]:
    """Who led or was on a gap analysis or the development of the program."""
    rows = db.session.execute(
        sa.select(
            Engagement.id, Engagement.client_id, Engagement.title, Engagement.opened_on, Engagement.closed_on,
            Engagement.lead_id, Assignment.membership_id,
        )
        .outerjoin(
            Assignment,
            sa.and_(Assignment.tenant_id == Engagement.tenant_id, Assignment.engagement_id == Engagement.id),
        )
        .where(Engagement.client_id.in_(clients), Engagement.kind.in_(HELPING))
        .order_by(Engagement.opened_on, Engagement.id)
    )  # fmt: skip
    seen = set()
    for engagement, client, title, opened, closed, *members in rows:
        for member in members:
            if member and (engagement, member) not in seen:
                seen.add((engagement, member))
                yield client, member, Involved("consulted", title, opened, closed)


def _wrote(clients: Mapping[UUID, list[UUID]]) -> Iterator[tuple[UUID, UUID, Involved]]:
    """Who had policies, procedures or the manual written; all of one person are one line with their first and last
    day."""
    rows = db.session.execute(
        sa.select(Deliverable.client_id, Deliverable.requested_by_id, Deliverable.title, Deliverable.requested_at)
        .where(
            Deliverable.client_id.in_(clients), Deliverable.kind.in_(SYSTEM),
            Deliverable.production.not_in(("cancelled", "failed")),
        )
        .order_by(Deliverable.requested_at)
    )  # fmt: skip
    written: dict[tuple[UUID, UUID], list[tuple[str, date]]] = {}
    for client, member, title, at in rows:
        if member:
            written.setdefault((client, member), []).append((title, at.astimezone(ONTARIO).date()))
    for (client, member), pieces in written.items():
        yield client, member, Involved("wrote", _named(title for title, _day in pieces), pieces[0][1], pieces[-1][1])


def _authors(clients: Mapping[UUID, list[UUID]]) -> Iterator[tuple[UUID, UUID, Involved]]:
    """Members whose name stands in the register as an author. Without a date it counts as written up to today."""
    rows = db.session.execute(
        sa.select(
            Engagement.client_id, Engagement.opened_on, RegisterEntry.document, RegisterEntry.dated, Membership.id
        )
        .join(
            Engagement,
            sa.and_(
                Engagement.tenant_id == RegisterEntry.tenant_id, Engagement.id == RegisterEntry.engagement_id
            ),
        )
        .join(
            Membership,
            sa.and_(
                Membership.tenant_id == RegisterEntry.tenant_id,
                sa.func.lower(Membership.name) == sa.func.lower(sa.func.trim(RegisterEntry.author)),
            ),
        )
        .where(Engagement.client_id.in_(clients), Membership.role != "client")
        .order_by(RegisterEntry.document)
    )
    written: dict[tuple[UUID, UUID], list[tuple[str, date, date]]] = {}
    for client, opened, document, dated, member in rows:
        line = (document, dated or opened, dated or today())
        written.setdefault((client, member), []).append(line)
    for (client, member), lines in written.items():
        names, french = (
            _named(f"{code} {document_of(code).title(language)}" for code, _from, _to in lines)
            for language in ("en", "fr")
        )
        first, last = min(line[1] for line in lines), max(line[2] for line in lines)
        yield client, member, Involved("wrote", names, first, last, french)


def _declared(clients: Mapping[UUID, list[UUID]]) -> Iterator[tuple[UUID, UUID, Involved]]:
    for one in db.session.scalars(
        sa.select(Involvement).where(Involvement.client_id.in_(clients)).order_by(Involvement.from_on)
    ):
        yield one.client_id, one.membership_id, Involved(one.part, one.what, one.from_on, one.until_on)


def _named(titles: Iterator[str]) -> str:
    """A few by name, the others counted."""
    every = list(dict.fromkeys(titles))
    more = f" + {len(every) - SHOWN}" if len(every) > SHOWN else ""
    return ", ".join(every[:SHOWN]) + more
