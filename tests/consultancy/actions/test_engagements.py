"""Opening an engagement, moving it through its stages, typing its texts; the register; the client's profile."""

import pytest

from consultancy.actions import clients, engagements, register
from consultancy.program_documents import DOCUMENTS
from consultancy.queries import assessments
from consultancy.queries import engagements as reading
from consultancy.queries import register as kept
from consultancy.standards.words import choices
from tests.consultancy.actions.conftest import close
from tests.factories import DAY, make_evidence, make_evidence_link, make_site


@pytest.mark.parametrize("kind", ["gap_analysis", "program_development", "pre_audit"])
def test_an_engagement_opens_with_its_stages_and_its_assessment(office, kind):
    engagement = office.open(kind)
    stages = reading.stages(engagement)
    assert [one.stage for one in stages] == [key for key, _word in choices(f"stages_{kind}")]
    assert [one.started_on for one in stages] == [DAY] + [None] * (len(stages) - 1)
    assert engagement.stage == stages[0].stage
    assert assessments.of_engagement(engagement).standard == engagement.standard


def test_the_lead_is_on_the_team_and_the_sites_are_in_scope(office):
    sites = [make_site(client=office.client), make_site(client=office.client)]
    engagement = office.open(lead=office.member, sites=sites[:1])
    assert [(one.part, one.membership_id) for one in reading.team(engagement)] == [("lead", office.member.id)]
    assert [one.id for one in reading.sites_in_scope(engagement)] == [sites[0].id]


def test_a_visit_cannot_end_before_it_begins(office):
    with pytest.raises(engagements.DatesReversed):
        office.open(site_visit_from=DAY, site_visit_to=DAY.replace(day=1))


def test_only_the_running_stage_can_be_finished(office, engagement):
    with pytest.raises(engagements.StageNotCurrent):
        engagements.finish_stage(engagement, stage="review", on=DAY, by=office.member.id)
    engagements.finish_stage(engagement, stage="scope", on=DAY, by=office.member.id)
    with pytest.raises(engagements.StageNotCurrent):
        engagements.finish_stage(engagement, stage="scope", on=DAY, by=office.member.id)
    assert engagement.stage == "collect"


def test_finishing_the_last_stage_closes_the_engagement_for_good(office, engagement):
    for stage, _word in choices("stages_gap_analysis"):
        engagements.finish_stage(engagement, stage=stage, on=DAY, by=office.member.id)
    assert (engagement.closed_on, engagement.percent) == (DAY, 100)
    with pytest.raises(engagements.EngagementClosed):
        engagements.finish_stage(engagement, stage="follow_up", on=DAY, by=office.member.id)


def test_texts_that_somebody_saved_meanwhile_are_not_overwritten(office, engagement):
    opened = engagement.revision
    engagements.type_texts(engagement, texts={"headline": "Mine."}, revision=opened, by=office.member.id)
    office.session.flush()
    with pytest.raises(clients.ChangedMeanwhile):
        engagements.type_texts(engagement, texts={"headline": "Theirs."}, revision=opened, by=office.other.id)


class TestTheRegister:
    @pytest.fixture
    def program(self, office):
        return office.open("program_development")

    def keep(self, office, program, **entries):
        shown = {code: entry.revision for code, entry in kept.of_engagement(program).items()}
        return register.keep_register(program, entries=entries, revisions=shown, by=office.member.id)

    def test_every_document_starts_as_missing(self, program):
        assert {code: one.state for code, one in kept.of_engagement(program).items()} == {
            document.code: "missing" for document in DOCUMENTS
        }

    def test_only_what_changed_is_counted(self, office, program):
        assert self.keep(office, program, P1={"state": "have"}, P2={"state": "missing"}) == 1

    @pytest.mark.parametrize("reason", ["", "   "])
    def test_a_document_that_is_not_needed_says_why(self, office, program, reason):
        with pytest.raises(register.ReasonNotGiven) as refusal:
            self.keep(office, program, P1={"state": "not_needed", "note": reason})
        assert refusal.value.args == ("P1",)

    def test_the_reason_cannot_be_taken_away_later(self, office, program):
        self.keep(office, program, P1={"state": "not_needed", "note": "Covered by P2."})
        with pytest.raises(register.ReasonNotGiven):
            self.keep(office, program, P1={"note": ""})

    def test_an_entry_that_somebody_saved_meanwhile_is_not_overwritten(self, office, program):
        shown = {"P1": kept.of_engagement(program)["P1"].revision}
        self.keep(office, program, P1={"state": "have"})
        with pytest.raises(clients.ChangedMeanwhile):
            register.keep_register(program, entries={"P1": {"state": "missing"}}, revisions=shown, by=None)

    def test_a_closed_engagement_takes_no_more_entries(self, office, program):
        close(program)
        with pytest.raises(engagements.EngagementClosed):
            self.keep(office, program, P1={"state": "have"})


class TestClients:
    def test_two_clients_never_open_their_numbers_alike(self, office):
        clients.add_client(code="HARROW", by=None, legal_name="Harrow Millwork Ltd.")
        with pytest.raises(clients.CodeTaken):
            clients.add_client(code="HARROW", by=None, legal_name="Harrow Steel Ltd.")

    def test_a_profile_that_somebody_saved_meanwhile_is_not_overwritten(self, office):
        opened = office.client.revision
        clients.change_profile(office.client, revision=opened, by=office.member.id, headcount=81)
        office.session.flush()
        with pytest.raises(clients.ChangedMeanwhile):
            clients.change_profile(office.client, revision=opened, by=office.other.id, headcount=82)
        assert office.client.headcount == 81

    def test_a_profile_changes_its_own_columns_only(self, office):
        before = (office.client.tenant_id, office.client.code, office.client.created_at)
        clients.change_profile(
            office.client,
            revision=office.client.revision,
            by=office.member.id,
            code="OTHER",
            tenant_id=None,
            headcount=5,
        )
        assert (office.client.tenant_id, office.client.code, office.client.created_at) == before
        assert office.client.headcount == 5

    @pytest.mark.parametrize(("name", "code"), [("Tolmie Metal Fab", "TOLMIE"), ("", ""), ("É. Côté inc.", "")])
    def test_a_code_is_suggested_from_the_first_word(self, name, code):
        assert clients.suggest_code(name) == code


def finish_all(engagement, by):
    for one in reading.stages(engagement):
        engagements.finish_stage(engagement, stage=one.stage, on=DAY, by=by.id)


def test_evidence_that_an_open_engagement_rests_on_goes_over_to_it_when_its_own_one_closes(office, engagement):
    other = office.open("pre_audit")
    shared, own = make_evidence(engagement=engagement), make_evidence(engagement=engagement)
    for piece, place in ((shared, engagement), (shared, other), (own, engagement)):
        make_evidence_link(evidence=piece, assessment=assessments.of_engagement(place), requirement="5.4")
    finish_all(engagement, office.member)
    assert engagement.closed_on == DAY
    assert (shared.engagement_id, own.engagement_id) == (other.id, engagement.id)
    finish_all(other, office.member)
    assert shared.engagement_id == other.id
