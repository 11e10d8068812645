"""A page asks the database as much for two hundred clients as for two: counted at the cursor, settings included."""

from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from consultancy.models.assessment import Assessment
from consultancy.models.document_template import DocumentTemplate
from consultancy.models.engagement import Engagement
from consultancy.standards import catalogue
from tenants.limits import PAGE_STATEMENTS
from tenants.models import Membership
from tests.blueprints.offices import open_engagement
from tests.factories import (
    entered,
    make_assessment,
    make_client,
    make_corrective_action,
    make_deliverable,
    make_document_template,
    make_document_template_version,
    make_evidence,
    make_evidence_link,
    make_finding,
    make_interview,
    make_interview_answer,
    make_observation,
    make_rating,
    make_training_record,
    make_worker,
)
from tests.walls import connection_of

PAGES = (
    "/northgate/clients",
    "/northgate/clients/insight",
    "/northgate/search?q=a",
    "/northgate/clients/{client}",
    "/northgate/clients/{client}/rebates",
    "/northgate/clients/{client}/hsep-plans",
    "/northgate/hsep-plans/{hsep_plan}",
    "/northgate/hsep-topics/{hsep_topic}",
    "/northgate/engagements/{engagement}",
    "/northgate/engagements/{engagement}/assessment",
    "/northgate/engagements/{engagement}/sampling",
    "/northgate/engagements/{pre_audit}/team",
    "/northgate/engagements/{pre_audit}/audit-plan",
    "/northgate/engagements/{pre_audit}/audit-days",
    "/northgate/engagements/{pre_audit}/stage-1",
    "/northgate/engagements/{pre_audit}/audit-trails",
    "/northgate/audit-plan/lines/{plan_line}",
    "/northgate/audit-trails/{followed_trail}",
    "/northgate/engagements/{engagement}/interviews",
    "/northgate/interviews/{interview}",
    "/northgate/engagements/{engagement}/assessment/6.1.2.1",
    "/northgate/engagements/{engagement}/standard",
    "/northgate/engagements/{engagement}/standard?to=csa-z45001-2019",
    "/northgate/engagements/{engagement}/marks",
    "/northgate/engagements/{engagement}/field-workbooks",
    "/northgate/engagements/{engagement}/field-workbooks/returned/{returned}",
    "/northgate/engagements/{engagement}/assessment/6.1.2.1/evidence",
    "/northgate/engagements/{engagement}/evidence",
    "/northgate/clients/{client}/evidence",
    "/northgate/certification",
    "/northgate/clients/{client}/certificates",
    "/northgate/clients/{client}/recognitions",
    "/northgate/clients/{client}/recognitions/{recognition}",
    "/northgate/clients/{client}/training",
    "/northgate/clients/{client}/training/people/{worker}",
    "/northgate/clients/{client}/training/needs",
    "/northgate/clients/{client}/training/coverage",
    "/northgate/clients/{client}/training/import",
    "/northgate/clients/{client}/training/import/{training_list}",
    "/northgate/courses",
    "/northgate/evidence/{evidence}",
    "/northgate/engagements/{engagement}/findings",
    "/northgate/engagements/{engagement}/corrective-actions",
    "/northgate/engagements/{engagement}/deliverables",
    "/northgate/engagements/{program}",
    "/northgate/engagements/{program}/register",
    "/northgate/engagements/{program}/register/matrix",
    "/northgate/engagements/{program}/register/P1",
    "/northgate/engagements/{program}/roadmap",
    "/northgate/engagements/{engagement}/roadmap",
    "/northgate/engagements/{engagement}/roadmap/placing",
    "/northgate/deliverables/{draft}",
    "/northgate/document-templates",
    "/northgate/document-templates/{document_template}",
    "/northgate/document-templates/versions/{version}",
)


@contextmanager
def counted(connection):
    """Every statement that reaches the cursor, set_config too; savepoints are the test's own."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        if "SAVEPOINT" not in statement:
            seen.append(statement)

    sa.event.listen(connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(connection, "before_cursor_execute", note)


def take_on(app, stand, clients):
    """Clients with a rated engagement each, findings and files included."""
    codes = [one.code for one in catalogue.find("iso45001-2018-amd1").requirements][:5]
    with entered(app, stand.here.tenant):
        for number in range(clients):
            client = make_client(
                code=f"N{number:05}", sector="food", legal_name=f"~ {number:03}", trade_name=f"Client {number:03}"
            )
            engagement = open_engagement(client)
            assessment = make_assessment(engagement=engagement)
            for level, code in enumerate(codes):
                make_rating(assessment=assessment, requirement=code, level=level % 4)
            make_finding(engagement=engagement, requirement="4.1", grade="major")
            make_deliverable(engagement=engagement)


def deepen(app, stand):
    """The first employer's own engagement grows too: more ratings, findings, files."""
    employer = stand.here.employers[0]
    with entered(app, stand.here.tenant) as session:
        engagement = session.get_one(Engagement, (stand.here.tenant, employer.ids["engagement"]))
        assessment = session.get_one(Assessment, (stand.here.tenant, employer.ids["assessment"]))
        member = session.scalars(sa.select(Membership).where(Membership.role == "owner")).one()
        for number, code in enumerate(one.code for one in catalogue.find("iso45001-2018-amd1").requirements):
            if code != "6.1.2.1":
                rating = make_rating(assessment=assessment, requirement=code, level=number % 4)
                make_observation(rating=rating, by=member)
                finding = make_finding(engagement=engagement, number=number + 10, requirement=code)
                make_corrective_action(finding=finding, number=number + 10)
        for _number in range(30):
            worker = make_worker(client=engagement.client, roles="Welder")
            make_training_record(worker=worker, done_on=None, verified=False)
        template = session.get_one(DocumentTemplate, (stand.here.tenant, employer.ids["document_template"]))
        for number in range(30):
            make_interview_answer(interview=make_interview(engagement=engagement, by=member, number=number + 10))
            piece = make_evidence(engagement=engagement, by=member)
            make_evidence_link(evidence=piece, assessment=assessment)
            make_deliverable(engagement=engagement, by=member)
            make_document_template_version(template=template, number=number + 2)
            make_document_template_version(template=make_document_template())


def counts(app, stand, visitor):
    """Statements of a page that was opened before: a first look at interview notes is noted in the audit trail."""
    visitor.get("/me")  # notes at most once a minute that the person is there: one statement more
    found = {}
    for page in PAGES:
        for _look in ("first", "again"):
            with counted(connection_of(app)) as seen:
                assert visitor.get(page.format(**stand.here.employers[0].ids)).status_code == 200
            assert (page, len(seen)) <= (page, PAGE_STATEMENTS)
        found[page] = len(seen)
    return found


def test_a_page_asks_as_much_for_two_hundred_clients_as_for_two(app, stand, consultant):
    few = counts(app, stand, consultant)
    take_on(app, stand, 198)
    deepen(app, stand)
    many = counts(app, stand, consultant)
    assert many == few


def test_a_second_page_of_the_portfolio_asks_no_more(app, stand, consultant):
    take_on(app, stand, 60)
    consultant.get("/me")
    with counted(connection_of(app)) as first:
        consultant.get("/northgate/clients")
    with counted(connection_of(app)) as second:
        assert "Client 059" in consultant.get("/northgate/clients?page=2").text
    assert len(first) == len(second) <= PAGE_STATEMENTS


@pytest.mark.parametrize(
    ("word", "page"),
    [
        ("cli", "/northgate/portal"), ("par", "/partner"), ("con", "/me"), ("con", "/"),
        ("own", "/northgate/settings/brand"), ("own", "/northgate/settings/standards"),
    ],
)
def test_the_other_pages_ask_little(app, signed_in, word, page):
    visitor = signed_in(word)
    with counted(connection_of(app)) as seen:
        visitor.get(page)
    assert 0 < len(seen) <= PAGE_STATEMENTS


def test_a_page_that_asks_how_far_a_document_is_builds_only_that(app, stand, consultant):
    page = f"/northgate/deliverables/{stand.here.employers[0].ids['draft']}"
    consultant.get(page)
    with counted(connection_of(app)) as whole:
        consultant.get(page)
    with counted(connection_of(app)) as part:
        assert 'id="progress"' in consultant.get(f"{page}/progress").text
    assert len(part) <= len(whole) - 3
