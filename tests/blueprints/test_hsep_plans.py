"""The pages of HSEp plans: from the client's page to the archive, with plain forms."""

import re
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import sqlalchemy as sa

from consultancy.models.client import Client
from consultancy.models.evidence import Evidence
from consultancy.models.hsep_plan import HsepPlan
from consultancy.queries.evidence import TO_HAND_OVER
from tenants.audit import AuditEntry
from tenants.files import content_key
from tests.factories import (
    entered,
    make_client,
    make_engagement,
    make_evidence,
    make_hsep_plan,
    make_hsep_proof,
    make_hsep_step,
    make_hsep_topic,
)


@pytest.fixture
def ids(stand):
    return stand.here.employers[0].ids


def test_the_whole_way_of_a_plan_on_pages(app, consultant, ids):
    client = f"/northgate/clients/{ids['client']}"
    assert f"{client}/hsep-plans" in consultant.get(client).text
    begun = consultant.post(f"{client}/hsep-plans", {"provider": "Harbour Safety"})
    assert begun.status_code == 303
    plan = begun.location
    page = consultant.get(plan).text
    assert "Name not verified" in page
    chosen = consultant.post(f"{plan}/topics", {"code": "F10"})
    page = consultant.get(chosen.location).text
    assert "Set the standard" in page
    twice = consultant.post(f"{plan}/topics", {"code": "F10"})
    assert (twice.status_code, "is in this plan already" in twice.text) == (422, True)
    step = re.search(r'action="(/northgate/hsep-steps/[0-9a-f-]+)"', page)[1]
    sent = {"step1-what": "One page", "step1-done_on": "2099-01-01", "step1-revision": "1"}
    refused = consultant.post(step, sent)
    assert (refused.status_code, "That day has not come yet" in refused.text, "One page" in refused.text) == (
        422, True, True,
    )  # fmt: skip
    assert consultant.post(step, sent | {"step1-done_on": "2026-03-02"}).status_code == 303
    assert consultant.post(f"{step}/evidence", {"evidence": str(ids["evidence"])}).status_code == 303
    late = consultant.post(plan, {"provider": "Harbour Safety", "approved_on": "2024-03-02", "revision": "1"})
    assert late.status_code == 303
    assert "The 12 months ended on 2025-03-02" in consultant.get(plan).text
    answer = consultant.get(f"{plan}/evidence.zip")
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        [name] = archive.namelist()
        assert archive.testzip() is None
    assert name.startswith("F10 First aid/1 set the standard/01 ")


def test_days_that_cannot_be_are_refused_beside_their_field(consultant, ids):
    plan = f"/northgate/hsep-plans/{ids['hsep_plan']}"
    answer = consultant.post(plan, {"provider": "Us", "submitted_on": "2026-03-02", "revision": "1"})
    assert (answer.status_code, "Something comes before this that has no day yet." in answer.text) == (422, True)
    answer = consultant.post(plan, {"provider": "Us", "badge": "Gold", "revision": "1"})
    assert (answer.status_code, "needs the day it was achieved" in answer.text) == (422, True)


def test_an_interview_is_neither_offered_nor_packed_not_even_when_its_source_was_changed_later(
    app, stand, consultant, ids
):
    step, plan = f"/northgate/hsep-steps/{ids['hsep_step']}", f"/northgate/hsep-plans/{ids['hsep_plan']}"
    topic = f"/northgate/hsep-topics/{ids['hsep_topic']}"
    piece = str(ids["evidence"])
    assert consultant.post(f"{step}/evidence", {"evidence": piece}).status_code == 303
    with zipfile.ZipFile(BytesIO(consultant.get(f"{plan}/evidence.zip").data)) as archive:
        [packed] = archive.namelist()
    with entered(app, stand.here.tenant) as session:
        session.get_one(Evidence, (stand.here.tenant, ids["evidence"])).source = "interview"
    page = consultant.get(topic).text
    assert ("Interview: stays here" in page, f'<option value="{piece}">' in page) == (True, False)
    with zipfile.ZipFile(BytesIO(consultant.get(f"{plan}/evidence.zip").data)) as archive:
        assert packed not in archive.namelist()
    answer = consultant.post(f"{step}/evidence", {"evidence": piece})
    assert (answer.status_code, "That file stays with you" in answer.text) == (422, True)


def test_a_file_that_the_storage_lost_is_told_in_the_archive_and_the_trail_counts_what_was_filled(
    app, stand, consultant, ids
):
    with entered(app, stand.here.tenant) as session:
        client = session.get_one(Client, (stand.here.tenant, ids["client"]))
        kept = session.get_one(Evidence, (stand.here.tenant, ids["evidence"]))
        kept.source = "document"
        gone = make_evidence(
            engagement=kept.engagement, title="Gone", file_name="Gone.pdf", kind="pdf",
            file_key=content_key(stand.here.tenant, "evidence", b"nobody has this", "pdf"),
        )  # fmt: skip
        step = make_hsep_step(topic=make_hsep_topic(plan=make_hsep_plan(client=client)))
        for piece in (kept, gone):
            make_hsep_proof(step=step, evidence=piece)
        plan = step.topic.plan.id
    answer = consultant.get(f"/northgate/hsep-plans/{plan}/evidence.zip")
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        [told] = [name for name in archive.namelist() if name == "README.txt"]
        assert "Gone.pdf" in archive.read(told).decode()
        assert len(archive.namelist()) == 2
    with entered(app, stand.here.tenant) as session:
        [entry] = session.scalars(
            sa.select(AuditEntry).where(AuditEntry.verb == "hsep_plan.downloaded", AuditEntry.subject_id == plan)
        )
        assert (entry.details["files"], entry.details["missing"]) == (1, 1)


def test_a_file_beyond_the_end_of_the_list_is_the_clients_all_the_same(app, stand, consultant):
    with entered(app, stand.here.tenant):
        made = make_engagement(client=make_client())
        old = make_evidence(engagement=made, uploaded_at=datetime(2026, 1, 2, tzinfo=UTC)).id
        for _number in range(TO_HAND_OVER):
            make_evidence(engagement=made)
        topic = make_hsep_topic(plan=make_hsep_plan(client=made.client))
        step, topic = make_hsep_step(topic=topic).id, topic.id
    page = consultant.get(f"/northgate/hsep-topics/{topic}").text
    assert ("offer the newest 200 only" in page, f'value="{old}"' in page) == (True, False)
    assert consultant.post(f"/northgate/hsep-steps/{step}/evidence", {"evidence": str(old)}).status_code == 303


def test_only_a_plan_without_topics_offers_to_be_removed(consultant, ids):
    plans = f"/northgate/clients/{ids['client']}/hsep-plans"
    begun = consultant.post(plans, {"provider": "By mistake"}).location
    assert "Remove the plan" in consultant.get(begun).text
    assert consultant.post(f"{begun}/remove").location == plans
    assert consultant.get(begun).status_code == 404
    going = f"/northgate/hsep-plans/{ids['hsep_plan']}"
    assert "Remove the plan" not in consultant.get(going).text
    answer = consultant.post(f"{going}/remove")
    assert (answer.status_code, "Only a plan without any is removed" in answer.text) == (409, True)


def test_a_plan_and_a_step_that_somebody_else_saved_lose_nothing_that_was_typed(consultant, ids):
    plan, step = f"/northgate/hsep-plans/{ids['hsep_plan']}", f"/northgate/hsep-steps/{ids['hsep_step']}"
    for path, theirs, ours, kept, revision in (
        (plan, {"provider": "Theirs", "remarks": "Show the drill"}, {"provider": "Ours"}, "Ours", "revision"),
        (step, {"step1-what": "Their words"}, {"step1-what": "Our long words"}, "Our long words", "step1-revision"),
    ):
        seen = re.search(rf'name="{revision}" value="(\d+)"', consultant.get(
            plan if path == plan else f"/northgate/hsep-topics/{ids['hsep_topic']}").text)[1]  # fmt: skip
        assert consultant.post(path, theirs | {revision: seen}).status_code == 303
        answer = consultant.post(path, theirs | ours | {revision: seen})
        assert (answer.status_code, "after you opened the page" in answer.text, kept in answer.text) == (
            409, True, True,
        )  # fmt: skip
        assert f'<div class="as-typed">{next(iter(theirs.values()))}</div>' in answer.text
        fresh = re.search(rf'name="{revision}" value="(\d+)"', answer.text)[1]
        assert int(fresh) > int(seen)
        assert consultant.post(path, theirs | ours | {revision: fresh}).status_code == 303


def test_the_name_typed_for_a_topic_is_kept_when_the_plan_was_submitted_meanwhile(app, stand, consultant, ids):
    with entered(app, stand.here.tenant) as session:
        plan = session.get_one(HsepPlan, (stand.here.tenant, ids["hsep_plan"]))
        before = plan.approved_on, plan.submitted_on
        plan.approved_on = plan.submitted_on = date(2026, 3, 2)
    path = f"/northgate/hsep-plans/{ids['hsep_plan']}"
    answer = consultant.post(f"{path}/topics", {"code": "U1", "title": "Fatigue at night"})
    assert (answer.status_code, "its topics stand" in answer.text, "Fatigue at night" in answer.text) == (
        409, True, True,
    )  # fmt: skip
    assert "Choose topics" not in consultant.get(path).text
    with entered(app, stand.here.tenant) as session:
        plan = session.get_one(HsepPlan, (stand.here.tenant, ids["hsep_plan"]))
        plan.approved_on, plan.submitted_on = before


def test_a_file_of_another_client_is_refused(stand, consultant, ids):
    theirs = stand.here.employers[1].ids["evidence"]
    answer = consultant.post(f"/northgate/hsep-steps/{ids['hsep_step']}/evidence", {"evidence": str(theirs)})
    assert answer.status_code == 422
