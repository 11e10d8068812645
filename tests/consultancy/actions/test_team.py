"""Nobody audits what they wrote without a written reason, whoever of the platform's records tells of it."""

from datetime import date

import pytest

from consultancy.actions import team
from consultancy.actions.audit_plans import OnlyForPreAudit
from consultancy.actions.engagements import EngagementClosed, NotIndependent, assign
from consultancy.queries import engagements, independence, register
from tests.consultancy.actions.conftest import close
from tests.factories import make_client, make_deliverable

FRESH = date(2026, 2, 1)


@pytest.fixture
def audited(office):
    return office.open("pre_audit", site_visit_from=date(2026, 12, 1), site_visit_to=date(2026, 12, 3))


def put(engagement, office, member=None, reason="", part="consultant"):
    return team.put_on_team(
        engagement, member=member or office.other, part=part, reason=reason, by=office.member.id
    )


def against(engagement, member):
    return [(one.part, one.what) for one in independence.of_engagement(engagement).against.get(member.id, ())]


def helped_by_record(office):
    office.open("program_development", lead=office.other, title="The program", opened_on=FRESH)
    return "consulted", "The program"


def helped_by_authorship(office):
    program = office.open("program_development", opened_on=FRESH)
    entry = register.of_engagement(program)["P1"]
    entry.author, entry.dated = f" {office.other.name.upper()} ", FRESH
    office.session.flush()
    return "wrote", "P1 Health and safety policy"


def helped_by_document(office):
    written = make_deliverable(
        engagement=office.open("program_development", opened_on=FRESH), by=office.other, kind="procedure"
    )
    return "wrote", written.title


def helped_by_declaration(office):
    team.declare(
        office.client, member=office.other, part="wrote", what="Lockout", from_on=FRESH, until_on=None,
        by=office.member.id,
    )  # fmt: skip
    return "wrote", "Lockout"


@pytest.mark.parametrize(
    "helped", [helped_by_record, helped_by_authorship, helped_by_document, helped_by_declaration]
)
def test_who_helped_the_client_is_put_on_a_pre_audit_with_a_reason_only(office, audited, helped):
    fact = helped(office)
    assert fact in against(audited, office.other)
    with pytest.raises(NotIndependent):
        put(audited, office)
    assert put(audited, office, reason="Nobody else speaks French.").independence_reason
    assert [one.independence_reason for one in engagements.team(audited)] == ["Nobody else speaks French."]


def test_a_french_report_names_what_somebody_wrote_in_french(office, audited):
    helped_by_authorship(office)
    [fact] = independence.of_engagement(audited).against[office.other.id]
    assert "P1 Politique" in fact.sentence("fr")
    assert "P1 Health and safety policy" in fact.sentence("en")


def test_who_did_nothing_for_the_client_needs_no_reason_and_keeps_none(office, audited):
    assert put(audited, office, reason="Typed by mistake.").independence_reason == ""
    assert independence.of_engagement(audited).rule.scheme == "iso"


def test_a_gap_analysis_asks_nobody_to_be_independent(office):
    helped_by_declaration(office)
    gap = office.open()
    assert assign(gap, member=office.other, part="consultant", by=office.member.id).independence_reason == ""
    assert independence.of_engagement(gap).rule is None


def test_who_helped_is_not_taken_off_the_engagement_that_tells_of_it(office, audited):
    gap = office.open(lead=office.other, title="The gap", opened_on=FRESH)
    [helped] = engagements.team(gap)
    for verb in (
        lambda: team.take_off_team(helped, engagement=gap, by=office.member.id),
        lambda: team.give_reason(helped, engagement=gap, reason="x", by=office.member.id),
        lambda: put(gap, office, office.member),
    ):
        with pytest.raises(OnlyForPreAudit):
            verb()
    assert against(audited, office.other) == [("consulted", "The gap")]


def test_a_lead_who_wrote_the_system_opens_no_pre_audit_without_a_reason(office):
    helped_by_declaration(office)
    with pytest.raises(NotIndependent):
        office.open("pre_audit", lead=office.other)
    opened = office.open("pre_audit", lead=office.other, lead_reason="The owner reviews every page.")
    assert [one.independence_reason for one in engagements.team(opened)] == ["The owner reviews every page."]


def test_help_found_after_the_staffing_asks_for_its_reason_then(office, audited):
    assignment = put(audited, office)
    with pytest.raises(team.NothingToExplain):
        team.give_reason(assignment, engagement=audited, reason="Why?", by=office.member.id)
    helped_by_declaration(office)
    with pytest.raises(team.ReasonNotGiven):
        team.give_reason(assignment, engagement=audited, reason="", by=office.member.id)
    team.give_reason(assignment, engagement=audited, reason="It was one form.", by=office.member.id)
    assert assignment.independence_reason == "It was one form."


def test_what_was_declared_by_mistake_counts_no_more(office, audited):
    helped_by_declaration(office)
    [declared] = independence.declared(audited)
    team.take_back(declared, by=office.member.id)
    assert against(audited, office.other) == []


def test_help_for_another_client_stands_in_nobodys_way(office, audited):
    team.declare(
        make_client(), member=office.other, part="wrote", what="x", from_on=FRESH, until_on=None, by=office.member.id
    )
    assert against(audited, office.other) == []


def test_a_new_lead_leaves_the_earlier_one_as_a_consultant(office, audited):
    first = put(audited, office, office.member, part="lead")
    put(audited, office, part="lead")
    assert (first.part, audited.lead_id) == ("consultant", office.other.id)
    team.take_off_team(first, engagement=audited, by=office.member.id)
    assert [one.membership_id for one in engagements.team(audited)] == [office.other.id]


def test_wrong_staffing_is_refused_in_words(office, audited):
    put(audited, office)
    with pytest.raises(team.AlreadyOnTeam):
        put(audited, office)
    with pytest.raises(team.UnknownPart):
        put(audited, office, office.member, part="boss")
    office.member.left_on = FRESH
    office.session.flush()
    with pytest.raises(team.NotOnStaff):
        put(audited, office, office.member)
    with pytest.raises(team.EndsBeforeItBegins):
        team.declare(
            office.client, member=office.other, part="wrote", what="x", from_on=FRESH, until_on=date(2026, 1, 31),
            by=office.other.id,
        )  # fmt: skip
    with pytest.raises(EngagementClosed):
        put(close(audited), office)
