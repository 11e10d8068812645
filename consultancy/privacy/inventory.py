"""Whose a row is: all of one client is found by following the keys downwards, so that no new table is forgotten."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from consultancy.models.client import Client
from tenants.boundary import owned_models
from tenants.database import db
from tenants.files import is_key
from tenants.models import Consent, Membership

Model = Any  # a mapped class of a tenant-owned table
Ids = dict[Model, list[UUID]]

KEY_COLUMNS = ("file_key", "pdf_key", "image_key", "replaced_key")
AT_ONCE = 5_000  # ids in one statement; the wire protocol takes 65,535 parameters

# Tables that hold for the whole consultancy: they go with it and never with one client.
OF_THE_OFFICE = {
    "audit_chain": "the end of the consultancy's one chain",
    "audit_entry": "one chain for all clients; ids only, so it outlives what it tells of",
    "brand": "colours, fonts and logo of the consultancy",
    "bulk_request": "a request about engagements of many clients",
    "break_glass": "an operator's visit to the consultancy",
    "deletion_certificate": "the proof that survives",
    "document_template": "the consultancy's own Word templates",
    "document_template_version": "their files",
    "message": "mail of the consultancy to people",
    "own_course": "courses that the consultancy added, about no client",
    "own_premium_band": "bands of premiums that the consultancy read, about no client",
    "own_requirement": "clauses and questions of the consultancy's own standards",
    "own_standard": "standards of the consultancy's own, and the licensed text it entered",
    "phrase": "the consultancy's own words for findings, about no client",
    "phrase_import": "a table of phrases that a member looks at",
    "retention_rule": "the consultancy's own periods",
    "saved_filter": "how a member looks through lists",
}
# What stays when everything else of a consultancy is destroyed.
SURVIVES = ("audit_chain", "audit_entry", "deletion_certificate")


class Reference(NamedTuple):
    """A column that points at another row of the same consultancy."""

    column: str
    target: Model


def references(model: Model) -> list[Reference]:
    models = owned_models()
    return [
        Reference(next(name for name in key.column_keys if name != "tenant_id"), models[key.referred_table.name])
        for key in model.__table__.foreign_key_constraints
        if key.referred_table.name in models
    ]


def owners(model: Model) -> list[Reference]:
    """The references that say whose a row is. Who did something is no owner of it, nor is the engagement before."""
    return [one for one in references(model) if one.target not in (Membership, model)]


def below(top: Model) -> list[Model]:
    """The models whose rows belong to a row of `top`, itself included, each after those it belongs to."""
    found, graph = {top}, {}
    while True:
        more = {model for model in owned_models().values() if {one.target for one in owners(model)} & found} - found
        if not more:
            break
        found |= more
    for model in found:
        graph[model] = {one.target for one in owners(model)} & found
    return list(TopologicalSorter(graph).static_order())


def of_client() -> list[Model]:
    return below(Client)


def of_tenant() -> list[Model]:
    """Every table of a consultancy, each after those it points at."""
    models = owned_models().values()
    graph = {model: {one.target for one in references(model)} - {model} for model in models}
    return list(TopologicalSorter(graph).static_order())


def rows_below(top: Model, ids: Iterable[UUID], spared: Collection[UUID] = ()) -> Ids:
    """The ids of everything that belongs to these rows, by model, owners first. `spared` rows, and what belongs to
    nothing else, are left out."""
    found: Ids = {top: list(ids)}
    for model in below(top):
        if model is top:
            continue
        keys: set[UUID] = set()
        for reference in owners(model):
            column = getattr(model, reference.column)
            for some in in_batches(found.get(reference.target, [])):
                keys.update(db.session.scalars(sa.select(model.id).where(column.in_(some))))
        found[model] = sorted(keys.difference(spared))
    return found


def in_batches(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    every = list(ids)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


def counts(ids: Mapping[Model, list[UUID]]) -> dict[str, int]:
    return {model.__tablename__: len(keys) for model, keys in ids.items() if keys}


def file_keys(ids: Mapping[Model, list[UUID]]) -> set[str]:
    """The storage keys that these rows name."""
    keys: set[str] = set()
    for model, column in key_columns():
        for some in in_batches(ids.get(model, [])):
            found = db.session.scalars(sa.select(column).where(model.id.in_(some)))
            keys.update(key for key in found if is_key(key))
    return keys


def with_files() -> list[Model]:
    models: list[Model] = list(owned_models().values())
    return [model for model in models if "file_key" in model.__table__.columns]


def key_columns() -> list[tuple[Model, Any]]:
    """Every column that names a stored file, with its model: small_file_key and the like are made of file_key and go
    where it goes."""
    models: list[Model] = list(owned_models().values())
    return [
        (model, getattr(model, column.key))
        for model in models
        for column in model.__table__.columns
        if column.key in KEY_COLUMNS or column.key.endswith("file_key")
    ]


def still_named(keys: Iterable[str]) -> set[str]:
    """Which of these files a row still names: the same content, stored once, may belong to two clients."""
    wanted = sorted(keys)
    named: set[str] = set()
    for _model, column in key_columns():
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            named.update(db.session.scalars(sa.select(column).where(column.in_(some))))
    return named


def consents(tenant_id: UUID, engagement_ids: Iterable[UUID] | None = None) -> sa.ColumnElement[bool]:
    """Consents stand outside the walls: always asked for by tenant, and by engagement where only some count."""
    ours = Consent.tenant_id == tenant_id
    return ours if engagement_ids is None else sa.and_(ours, Consent.engagement_id.in_(list(engagement_ids)))
