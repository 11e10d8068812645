"""Findings and corrective actions, from raising to closing."""

import threading

import pytest

from consultancy.actions import clients, engagements, findings
from consultancy.actions.engagements import EngagementClosed
from consultancy.models.engagement import Engagement
from consultancy.queries import engagements as reading
from consultancy.queries import findings as reading_findings
from consultancy.standards.catalogue import UnknownRequirement
from tenants.database import db, transaction
from tests.consultancy.actions.conftest import ISO, close
from tests.factories import DAY, entered, found_tenant, make_client, make_member

FIELDS = {"requirement": "6.1.2.1", "grade": "minor", "title": "No list of hazards exists.", "statement": "Seen."}


@pytest.fixture
def finding(office, engagement):
    return findings.raise_finding(engagement, by=office.member.id, raised_on=DAY, **FIELDS)


@pytest.fixture
def action(office, finding):
    return findings.plan_action(
        finding, by=office.member.id, action="Write it.", owner_text="Dana Okafor", status="planned"
    )


def follow(action, office, /, **fields):
    findings.follow_action(action, revision=action.revision, by=office.other.id, **fields)
    office.session.flush()


def test_findings_are_numbered_in_order_of_raising_within_their_engagement(office, engagement):
    labels = [
        findings.raise_finding(one, by=office.member.id, raised_on=DAY, **FIELDS).label
        for one in (engagement, engagement, office.open(), engagement)
    ]
    assert labels == ["F-01", "F-02", "F-01", "F-03"]


def test_a_finding_names_a_requirement_of_its_own_standard(office, engagement, finding):
    with pytest.raises(UnknownRequirement):
        findings.raise_finding(engagement, by=office.member.id, raised_on=DAY, **FIELDS | {"requirement": "99"})
    with pytest.raises(UnknownRequirement):
        findings.change_finding(finding, revision=finding.revision, by=office.member.id, requirement="99")


def test_a_strength_is_noted_and_never_open(office, engagement):
    raised = findings.raise_finding(
        engagement, by=office.member.id, raised_on=DAY, **FIELDS | {"grade": "strength", "status": "open"}
    )
    assert raised.status == "noted"


def test_a_finding_that_somebody_saved_meanwhile_is_not_overwritten(office, finding):
    opened = finding.revision
    findings.change_finding(finding, revision=opened, by=office.member.id, grade="major")
    office.session.flush()
    with pytest.raises(clients.ChangedMeanwhile):
        findings.change_finding(finding, revision=opened, by=office.other.id, grade="ofi")
    assert finding.grade == "major"


def test_a_finding_closes_after_its_actions(office, finding, action):
    with pytest.raises(findings.ActionsStillOpen):
        findings.change_finding(finding, revision=finding.revision, by=office.member.id, status="closed")
    follow(action, office, status="done")
    with pytest.raises(findings.ActionsStillOpen):
        findings.change_finding(finding, revision=finding.revision, by=office.member.id, status="closed")
    follow(action, office, status="verified", verified_by="Sam Lee", verified_on=DAY)
    findings.change_finding(finding, revision=finding.revision, by=office.member.id, status="closed")
    assert finding.status == "closed"


@pytest.mark.parametrize("said", [{}, {"verified_by": "Sam Lee"}, {"verified_on": DAY}], ids=str)
def test_nothing_is_verified_by_nobody_or_on_no_day(office, finding, action, said):
    with pytest.raises(findings.VerifierMissing):
        follow(action, office, status="verified", **said)
    with pytest.raises(findings.VerifierMissing):
        findings.plan_action(finding, by=office.member.id, action="More.", status="verified", **said)


def test_a_closed_finding_takes_no_more_actions(office, finding):
    findings.change_finding(finding, revision=finding.revision, by=office.member.id, status="closed")
    with pytest.raises(findings.FindingClosed):
        findings.plan_action(finding, by=office.member.id, action="More.")


@pytest.mark.parametrize("name", ["Dana Okafor", "dana okafor", "  DANA OKAFOR "])
def test_the_effect_is_checked_by_someone_other_than_the_owner(office, finding, action, name):
    with pytest.raises(findings.VerifierIsOwner):
        follow(action, office, verified_by=name)
    with pytest.raises(findings.VerifierIsOwner):
        findings.plan_action(finding, by=office.member.id, action="More.", owner_text="Dana Okafor", verified_by=name)


def test_the_owner_cannot_become_the_one_who_verified(office, action):
    follow(action, office, verified_by="Sam Lee")
    with pytest.raises(findings.VerifierIsOwner):
        follow(action, office, owner_text="Sam Lee")


def test_actions_are_numbered_within_the_engagement(office, finding, action):
    second = findings.plan_action(finding, by=office.member.id, action="Post it.")
    assert (action.label, second.label) == ("CA-01", "CA-02")


def test_an_action_that_somebody_saved_meanwhile_is_not_overwritten(office, action):
    opened = action.revision
    follow(action, office, action="Other words.")
    with pytest.raises(clients.ChangedMeanwhile):
        findings.follow_action(action, revision=opened, by=office.member.id, action="Third words.")


def test_a_closed_engagement_takes_no_more_findings_and_actions(office, engagement, finding, action):
    close(engagement)
    with pytest.raises(EngagementClosed):
        findings.raise_finding(engagement, by=office.member.id, raised_on=DAY, **FIELDS)
    with pytest.raises(EngagementClosed):
        findings.change_finding(finding, revision=finding.revision, by=office.member.id, grade="major")
    with pytest.raises(EngagementClosed):
        findings.plan_action(finding, by=office.member.id, action="More.")
    with pytest.raises(EngagementClosed):
        follow(action, office, status="done")


def test_two_consultants_who_raise_at_the_same_moment_get_two_numbers(copied_database):
    app = copied_database.app
    tenant = found_tenant(app, slug="northgate")
    with entered(app, tenant):
        member = make_member()
        engagement = engagements.open_engagement(
            make_client(), kind="gap_analysis", standard=ISO, title="Gap", language="en", opened_on=DAY, by=member.id
        )
        engagement_id, by = engagement.id, member.id
    ready, faults = threading.Barrier(2), []

    def raise_some():
        try:
            for _ in range(8):
                with app.app_context():
                    db.session().enter(tenant)
                    found = reading.find(engagement_id)
                    ready.wait(timeout=20)
                    with transaction():
                        findings.raise_finding(found, by=by, raised_on=DAY, **FIELDS)
        except BaseException as fault:  # told to the test below
            faults.append(fault)
            ready.abort()

    threads = [threading.Thread(target=raise_some) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert faults == []
    with entered(app, tenant) as session:
        engagement = session.get_one(Engagement, (tenant, engagement_id))
        numbers = [one.number for one in findings_of(engagement)]
    assert numbers == list(range(1, 17))


def findings_of(engagement):
    return sorted(reading_findings.of_engagement(engagement), key=lambda one: one.number)
