"""The made-up documents that templates are tried with have the very fields that the reports give."""

import pytest

from consultancy.models.client import Client
from consultancy.program_documents import DOCUMENTS
from consultancy.reports import ASSEMBLE, OFFERED
from document_templates.sample_fields import kinds, sample
from document_templates.shapes import shape_of
from tenants.database import db
from tenants.models import Membership
from tests.consultancy.reports.practice import assemble, assessed, engagement, practice, rate_all
from tests.factories import (
    DAY,
    make_corrective_action,
    make_course_need,
    make_evidence,
    make_finding,
    make_hsep_plan,
    make_hsep_proof,
    make_hsep_step,
    make_hsep_topic,
    make_premium,
    make_register_entry,
    make_training_record,
    make_worker,
)

SUBJECTS = {"policy": "P1", "procedure": "R1"}


def names(shape):
    """Every path below a shape, except below what this engagement had nothing of."""
    return {one.path for one in shape.below() if one.path}


def lacking(given, known):
    """Paths the report gives and the sample does not know; where the sample cannot tell, it may."""
    open_ended = [one.path for one in known.below() if one.anything]
    return {path for path in names(given) - names(known) if not any(path.startswith(start) for start in open_ended)}


def engagement_for(kind):
    of = next(one for one, offered in OFFERED.items() if kind in offered)
    made = engagement(of)
    rate_all(assessed(made))
    finding = make_finding(engagement=made, grade="major", requirement="4.1", number=1)
    make_corrective_action(finding=finding, number=1)
    make_finding(engagement=made, grade="strength", requirement="4.2", number=2)
    for document in DOCUMENTS:
        make_register_entry(engagement=made, document=document.code, state="missing")
    client = db.session.get_one(Client, (made.tenant_id, made.client_id))
    make_course_need(client=client, role="")
    make_training_record(worker=make_worker(client=client), done_on=DAY, expires_on=DAY)
    make_premium(client=client)
    topic = make_hsep_topic(plan=make_hsep_plan(client=client, approved_on=DAY))
    step = make_hsep_step(topic=topic, due=DAY)
    piece = make_evidence(engagement=made, by=db.session.get_one(Membership, (made.tenant_id, made.lead_id)))
    make_hsep_proof(step=step, evidence=piece)
    return made


def test_there_is_a_sample_of_every_kind():
    assert kinds() == sorted(ASSEMBLE)


@pytest.mark.parametrize("kind", sorted(ASSEMBLE))
def test_a_sample_knows_every_field_that_its_report_gives(database_app, kind):
    with practice(database_app):
        _title, fields = assemble(kind, engagement_for(kind), SUBJECTS.get(kind, ""))
    assert lacking(shape_of(fields), shape_of(sample(kind, "en"))) == set()


@pytest.mark.parametrize("kind", sorted(ASSEMBLE))
def test_a_sample_promises_no_field_that_its_report_does_not_give(database_app, kind):
    with practice(database_app):
        _title, fields = assemble(kind, engagement_for(kind), SUBJECTS.get(kind, ""))
    assert lacking(shape_of(sample(kind, "en")), shape_of(fields)) == set()
