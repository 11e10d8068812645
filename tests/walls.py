"""Two consultancies with two employers each, the walls between them, and how to take one wall away."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask

from consultancy.models.bulk_request import BulkRequest
from consultancy.models.client import Client
from consultancy.models.comment import Comment
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Engagement
from tenants import audit, boundary
from tenants.audit import AuditChain, AuditEntry
from tenants.boundary import TenantSession
from tenants.database import db
from tenants.keys import TenantOwned
from tenants.models import Membership
from tests.factories import entered, found_tenant, make_member
from tests.worlds import make_employer, make_office

MODELS: tuple[Any, ...] = tuple(sorted(TenantOwned.__subclasses__(), key=lambda model: model.__name__))
BOTH, SESSION, DATABASE = "both walls", "the session's wall alone", "the database's wall alone"
WALLS = (SESSION, DATABASE)  # what each holds alone, both hold
CONSULTANT, CLIENT_USER = "a consultant", "a client user"
VIEWERS = (CONSULTANT, CLIENT_USER)

Ids = dict[type, list[UUID]]


@dataclass(frozen=True)
class Consultancy:
    """What stands in one tenant: the ids of every row, by employer and (for the office) without one."""

    tenant: UUID
    employers: tuple[Ids, Ids]
    office: Ids

    def of(self, model: type) -> set[UUID]:
        return {key for ids in (*self.employers, self.office) for key in ids.get(model, [])}


def fill(app: Flask, slug: str) -> Consultancy:
    tenant = found_tenant(app, slug=slug)
    with entered(app, tenant) as session:
        lead = make_member()
        employers = (make_employer(lead=lead), make_employer(lead=lead))
        lead_id, rooms = lead.id, make_office(by=lead)
        released = [session.get(Deliverable, (tenant, ids[Deliverable][1])) for ids in employers]
        for deliverable in released:
            audit.record("deliverable.downloaded", deliverable, by=lead_id)
    with entered(app, tenant) as session:
        offices_own = (AuditChain, AuditEntry, BulkRequest)
        office = {model: list(session.scalars(sa.select(model.id))) for model in offices_own}
    return Consultancy(tenant, employers, office | rooms | {Membership: [lead_id]})


@dataclass(frozen=True)
class World:
    """Both consultancies in one database, seen as the app's own role and past row-level security."""

    here: Consultancy
    elsewhere: Consultancy
    walled: Flask
    unwalled: Flask  # its sign-in is a superuser, whom no policy binds

    def app(self, wall: str) -> Flask:
        return self.unwalled if wall == SESSION else self.walled

    def client(self, viewer: str) -> UUID | None:
        return self.here.employers[0][Client][0] if viewer == CLIENT_USER else None

    def allowed(self, viewer: str, model: type) -> set[UUID]:
        """What the viewer may see: worked out by hand, not by the code under test."""
        if viewer == CONSULTANT:
            return self.here.of(model)
        mine = self.here.employers[0]
        portal = {
            Client: mine[Client], Comment: mine[Comment], Engagement: mine[Engagement],
            Deliverable: mine[Deliverable][1:], AuditChain: self.here.office[AuditChain],
        }  # fmt: skip
        return set(portal.get(model, ()))

    def hidden(self, viewer: str, model: type) -> list[tuple[UUID, UUID]]:
        """Keys of rows behind the wall: another tenant's, another employer's, and what the portal does not show."""
        keys = [(side.tenant, key) for side in (self.here, self.elsewhere) for key in sorted(side.of(model))]
        return [key for key in keys if key[1] not in self.allowed(viewer, model)]


@contextmanager
def without_listener(event: str, guard: Any) -> Iterator[None]:
    """The session without one of its guards; a guard that does not listen cannot be taken away."""
    assert sa.event.contains(TenantSession, event, guard)
    sa.event.remove(TenantSession, event, guard)
    try:
        yield
    finally:
        sa.event.listen(TenantSession, event, guard)


@contextmanager
def without_bulk_refusal() -> Iterator[None]:
    names = ("bulk_save_objects", "bulk_insert_mappings", "bulk_update_mappings")
    own = {name: TenantSession.__dict__[name] for name in names}
    for name in names:
        delattr(TenantSession, name)
    try:
        yield
    finally:
        for name, method in own.items():
            setattr(TenantSession, name, method)


@contextmanager
def weakened(name: str, weaker: Any) -> Iterator[None]:
    """The boundary with one of its questions answered by something weaker, to show that a check would notice."""
    stronger = boundary.__dict__[name]
    setattr(boundary, name, weaker)
    boundary._criteria.cache_clear()  # they are made of what is weakened
    boundary._shapes.clear()
    try:
        yield
    finally:
        setattr(boundary, name, stronger)
        boundary._criteria.cache_clear()
        boundary._shapes.clear()


@contextmanager
def session_wall_down() -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(without_listener("do_orm_execute", boundary.guard_statements))
        stack.enter_context(without_listener("before_flush", boundary.guard_rows))
        stack.enter_context(without_bulk_refusal())
        yield


@contextmanager
def standing(wall: str) -> Iterator[None]:
    """Only the walls that are named stand inside (the database's wall is the app's choice)."""
    with ExitStack() as stack:
        if wall == DATABASE:
            stack.enter_context(session_wall_down())
        yield


def fingerprint(connection: sa.Connection, model: Any, tenant: UUID) -> str | None:
    """One word for every row of a tenant in a table; it changes when any row does."""
    connection.execute(
        sa.select(sa.func.set_config("app.tenant_id", str(tenant), True), sa.func.set_config("app.client_id", "", True))
    )
    name = model.__tablename__
    rows = f"select md5(string_agg(t::text, '|' order by t.id)) from {name} t where tenant_id = :tenant"
    return connection.scalar(sa.text(rows), {"tenant": tenant})


def connection_of(app: Flask) -> sa.Connection:
    """The connection of a test that is rolled back."""
    with app.app_context():
        return db.engines[None]  # type: ignore[return-value]
