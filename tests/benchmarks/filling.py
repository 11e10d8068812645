"""A consultancy with a thousand clients, alone in one database and among 999 others in a copy of it."""

import secrets
from dataclasses import dataclass
from uuid import UUID

import psycopg
from flask import Flask
from psycopg import sql

from blueprints.identity import hashed
from consultancy.actions.engagements import open_engagement
from consultancy.actions.standards import begin_standard, publish_standard, write_requirement
from consultancy.calendar import today
from consultancy.models.engagement import Engagement
from consultancy.models.standard import OwnStandard
from consultancy.queries.standards import requirements
from consultancy.standards import catalogue
from consultancy.standards.rules import Draft
from ground.postgres import Postgres
from tests.factories import entered, found_tenant, make_client, make_finding, make_member, make_person, make_sign_in

CLIENTS, FINDINGS, OTHERS, CLIENTS_OF_OTHERS = 1_000, 5_000, 999, 20
STANDARD, SLUG = "iso45001-2018-amd1", "northgate"
ELEMENTS, QUESTIONS = 13, 10  # of an element: 130 requirements, about what an audit of COR asks

RATINGS = """
  insert into rating (tenant_id, id, assessment_id, requirement, state, level, reason, recommendation, priority,
                      effort_text, owner_text, carried_over, ignored, revision)
  select a.tenant_id, gen_random_uuid(), a.id, code, 'rated', (random() * 3)::int, '', 'Name an owner.',
         'high', '2 d', 'Supervisor', false, '[]', 1
  from assessment a cross join unnest(%s::text[]) code where a.standard = %s
"""
LEVELS = """
  update assessment a set clause_levels = found.levels
  from (select assessment_id, jsonb_object_agg(clause, level) levels
        from (select assessment_id, split_part(requirement, '.', 1) clause, avg(level) level
              from rating group by 1, 2) l
        group by 1) found
  where a.id = found.assessment_id
"""
SEEN = """
  insert into observation (tenant_id, id, rating_id, text, method, evidence, imported, created_at, revision)
  select r.tenant_id, gen_random_uuid(), r.id,
         'Round ' || n || ' at ' || left(r.id::text, 8) || ': the guard was open & nobody had signed the <check>.',
         'document', 'Photo ' || n, false, now(), 1
  from rating r join assessment a on (a.tenant_id, a.id) = (r.tenant_id, r.assessment_id)
  cross join generate_series(1, 2) n where a.engagement_id = any(%s)
"""
FOUND = """
  insert into finding select (jsonb_populate_record(f, jsonb_build_object('id', gen_random_uuid(), 'number', n,
    'title', 'Guard ' || n || ' was open on line ' || n %% 40, 'requirement', (%s::text[])[1 + n %% 40]))).*
  from finding f cross join generate_series(2, %s) n
"""


@dataclass(frozen=True)
class Filled:
    """What the pages that are measured are made of."""

    tenant: UUID
    token: str
    client: UUID
    engagement: UUID
    long: UUID  # an engagement against a standard of the consultancy's own, of 130 requirements


def fill(app: Flask, postgres: Postgres, database: str) -> Filled:
    """One consultancy: clients with a rated engagement each, one of which has many findings."""
    tenant, token = found_tenant(app, slug=SLUG), secrets.token_urlsafe(24)
    with entered(app, tenant) as session:
        person = make_person()
        make_sign_in(person=person, token_sha256=hashed(token))
        lead = make_member(person=person)
        opened: list[Engagement] = []
        for number in range(CLIENTS):
            client = make_client(
                code=f"N{number:05}", sector="food", legal_name=f"Employer {number:04} Ltd.", trade_name=""
            )
            opened.append(
                open_engagement(
                    client, kind="gap_analysis", standard=STANDARD, title=f"Gap analysis {number:04}", language="en",
                    opened_on=today(), by=lead.id, lead=lead,
                )
            )  # fmt: skip
        busy = opened[0]
        make_finding(engagement=busy, number=1, requirement="4.1", grade="major")
        own = long_standard(by=lead.id)
        long = open_engagement(
            busy.client, kind="gap_analysis", standard=own.key, title="Audit of 130 questions", language="en",
            opened_on=today(), by=lead.id, lead=lead,
        )  # fmt: skip
        asked = {STANDARD: [one.code for one in catalogue.find(STANDARD).requirements]}
        asked[own.key] = [one.code for one in requirements(own)]
        session.flush()
        filled = Filled(tenant, token, busy.client_id, busy.id, long.id)
    codes = asked[STANDARD]
    with psycopg.connect(plain(postgres, database)) as connection:
        for standard, numbers in asked.items():
            connection.execute(RATINGS, [numbers, standard])
        connection.execute(LEVELS)
        connection.execute(SEEN, [[filled.engagement, filled.long]])
        connection.execute(FOUND, [codes, FINDINGS])
    tidy(postgres, database)
    return filled


def long_standard(*, by: UUID) -> OwnStandard:
    """Thirteen elements of ten questions each, published."""
    standard = begin_standard(
        name="Audit of the house", version="2026", kind="standard", based_on="", source="", by_points=False, marks=None,
        by=by,
    )  # fmt: skip
    for element in range(1, ELEMENTS + 1):
        for number in range(1, QUESTIONS + 1):
            write_requirement(
                standard, by=by, draft=Draft(
                    code=f"{element}.{number}", element=f"{element} Element {element}",
                    title=f"What is done about guard {number} of line {element}",
                    paraphrase="The guard is in place, its inspection is written down, and somebody owns both.",
                ),
            )  # fmt: skip
    publish_standard(standard, licence_confirmed=True, revision=standard.revision, by=by)
    return standard


def crowd(postgres: Postgres, database: str, filled: Filled) -> None:
    """Another 999 consultancies beside the one that is measured, each with the first twenty of its clients."""
    with psycopg.connect(plain(postgres, database)) as connection:
        _copy(connection, "tenant", "t.id = %(tenant)s", slug="'other-' || n", id="gen_random_uuid()",
              source="tenant t cross join generate_series(1, %(others)s) n", filled=filled)  # fmt: skip
        others = "{} t cross join tenant o"
        mine = "t.tenant_id = %(tenant)s and o.id <> %(tenant)s and "
        few = "(select id from engagement where tenant_id = %(tenant)s and client_id in (select id from few))"
        connection.execute(
            "create temporary table few as select id from client where tenant_id = %s order by code limit %s",
            [filled.tenant, CLIENTS_OF_OTHERS],
        )
        for table, which in (
            ("client", "t.id in (select id from few)"),
            ("engagement", "t.client_id in (select id from few)"),
            ("engagement_stage", f"t.engagement_id in {few}"),
            ("assessment", f"t.engagement_id in {few}"),
            ("rating", "t.assessment_id in (select id from assessment where tenant_id = %(tenant)s and engagement_id"
                       f" in {few}) and t.requirement in (select requirement from rating group by 1 order by 1"
                       " limit 10)"),
        ):  # fmt: skip
            without_people = {"lead_id": "null"} if table == "engagement" else {}
            _copy(connection, table, mine + which, tenant_id="o.id", source=others.format(table), filled=filled,
                  **without_people)  # fmt: skip
    tidy(postgres, database)


def _copy(
    connection: psycopg.Connection, table: str, where: str, *, source: str, filled: Filled, **changed: str
) -> None:
    """Rows of a table once more, with some columns changed: keys begin with the tenant, so ids may repeat."""
    columns = [
        name
        for (name,) in connection.execute(
            "select column_name from information_schema.columns where table_schema = 'public' and table_name = %s"
            " and is_generated = 'NEVER'",
            [table],
        )
    ]
    taken = ", ".join(changed.get(name, f"t.{name}") for name in columns)
    statement = f"insert into {table} ({', '.join(columns)}) select {taken} from {source} where {where}"
    connection.execute(sql.SQL(statement), {"tenant": filled.tenant, "others": OTHERS})  # type: ignore[arg-type]


def tidy(postgres: Postgres, database: str) -> None:
    """As autovacuum would have left it by the next morning."""
    with psycopg.connect(plain(postgres, database), autocommit=True) as connection:
        connection.execute("vacuum analyze")


def plain(postgres: Postgres, database: str) -> str:
    return postgres.superuser_url(database).replace("+psycopg", "", 1)
