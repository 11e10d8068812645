"""A plan on its way: topics of open gaps, five steps with what shows them, days in order."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from consultancy.actions import hsep_plans as acting
from consultancy.actions.clients import ChangedMeanwhile
from consultancy.models.hsep_plan import HsepProof, HsepStep, HsepTopic
from consultancy.queries import hsep_plans
from consultancy.queries.evidence import needed_elsewhere, to_hand_over
from tenants.audit import AuditEntry
from tests.factories import make_assessment, make_client, make_engagement, make_evidence, make_finding, make_rating

TODAY = date(2026, 11, 27)


@pytest.fixture
def plan(office):
    return acting.begin_plan(
        office.client, provider="Prévoir-Est", joined_on=date(2026, 8, 17), today=TODAY, by=office.member.id
    )


@pytest.fixture
def change(office, plan):
    def change_it(**fields):
        acting.change_plan(plan, revision=plan.revision, today=TODAY, by=office.member.id, **fields)
        office.session.flush()

    return change_it


@pytest.fixture
def choose(office, plan):
    def choose_one(code, **given):
        return acting.choose_topic(plan, code=code, today=TODAY, by=office.member.id, **given)

    return choose_one


class TestTopics:
    def test_a_topic_comes_with_its_five_steps_and_the_gaps_it_answers(self, office, plan, choose):
        engagement = make_engagement(client=office.client, closed_on=None)
        engagement.closed_on = None
        make_finding(engagement=engagement, requirement="8.2", number=3)
        make_finding(engagement=engagement, requirement="8.2", number=4, status="closed")
        make_finding(engagement=make_engagement(client=make_client()), requirement="8.2", number=5)
        assessment = make_assessment(engagement=engagement)
        make_rating(assessment=assessment, requirement="9.3", level=0)
        make_rating(assessment=assessment, requirement="8.2", level=0)
        assert choose("F10").chosen_for == "F-03"
        assert choose("A4").chosen_for == "9.3"
        [first, _second] = hsep_plans.worked(plan)
        assert [step.step for step, _files in first.steps] == [1, 2, 3, 4, 5]

    def test_a_topic_twice_in_one_plan_is_refused_and_in_the_next_plan_it_is_not(self, office, plan, choose):
        choose("F10")
        with pytest.raises(acting.TopicTwice, match="First aid"):
            choose("F10")
        following = acting.begin_plan(office.client, provider="Us", joined_on=None, today=TODAY, by=None)
        acting.choose_topic(following, code="F10", today=TODAY, by=None)

    def test_a_sixth_topic_is_refused(self, choose):
        for code in ("F1", "F2", "F3", "I1", "A1"):
            choose(code)
        with pytest.raises(acting.TooManyTopics):
            choose("F4")

    def test_a_topic_whose_name_nobody_knows_needs_one(self, plan, choose):
        with pytest.raises(acting.UnknownTopic):
            choose("Z9")
        with pytest.raises(acting.UnknownTopic):
            choose("U1")
        choose("U1", title="Fatigue")
        assert [one.title for one in hsep_plans.worked(plan)] == ["Fatigue"]

    def test_a_dropped_topic_takes_its_steps_with_it_and_no_file(self, office, plan, choose):
        piece = make_evidence(engagement=make_engagement(client=office.client), by=office.member)
        topic = choose("F10")
        [one] = hsep_plans.worked(plan)
        acting.show_step(one.steps[0][0], evidence_id=piece.id, by=office.member.id)
        acting.drop_topic(topic, by=office.member.id)
        office.session.flush()
        for model in (HsepTopic, HsepStep, HsepProof):
            assert office.session.scalars(sa.select(model)).all() == []
        assert piece.retired_at is None

    @pytest.mark.parametrize("typed", [{"what": "Drill"}, {"who": "J."}, {"remark": "Show it"}, {"due": TODAY}])
    def test_a_topic_whose_steps_somebody_typed_into_is_not_dropped_at_one_press(self, office, plan, choose, typed):
        topic = choose("F10")
        [one] = hsep_plans.worked(plan)
        step = one.steps[2][0]
        acting.work_on_step(step, revision=step.revision, today=TODAY, by=None, **typed)
        office.session.flush()
        with pytest.raises(acting.TopicHasWords, match="3"):
            acting.drop_topic(topic, by=None)
        empty = {"what": "", "who": "", "remark": "", "due": None}
        acting.work_on_step(step, revision=step.revision, today=TODAY, by=None, **empty)
        acting.drop_topic(topic, by=None)

    def test_a_submitted_plan_keeps_its_topics(self, choose, change, office):
        topic = choose("F10")
        change(approved_on=date(2026, 8, 24), submitted_on=date(2026, 11, 20))
        with pytest.raises(acting.PlanIsSubmitted):
            choose("F1")
        with pytest.raises(acting.PlanIsSubmitted):
            acting.drop_topic(topic, by=office.member.id)


class TestRemoving:
    def test_a_plan_that_was_begun_by_mistake_goes_and_the_trail_says_so(self, office, plan):
        acting.remove_plan(plan, by=office.member.id)
        office.session.commit()
        assert hsep_plans.of_client(office.client) == []
        assert office.session.scalars(sa.select(AuditEntry.verb)).all()[-1] == "hsep_plan.removed"

    def test_a_plan_with_a_topic_stays(self, office, plan, choose):
        choose("F10")
        with pytest.raises(acting.PlanHasTopics):
            acting.remove_plan(plan, by=office.member.id)
        assert hsep_plans.newest_with_topics(office.client) is plan


class TestMeanwhile:
    """The page was open, the row is in the session as it was, and somebody else saved it."""

    @pytest.fixture
    def elsewhere(self, office):
        def save(row, **columns):
            model = type(row)
            changed = sa.update(model).where(model.id == row.id).values(revision=model.revision + 1, **columns)
            office.session.execute(changed.execution_options(synchronize_session=False))

        return save

    @pytest.mark.parametrize("act", ["choose", "drop"])
    def test_topics_of_a_plan_that_was_submitted_meanwhile_stand(self, plan, choose, elsewhere, act):
        topic = choose("F10")
        elsewhere(plan, approved_on=date(2026, 8, 24), submitted_on=date(2026, 11, 20))
        assert plan.submitted_on is None  # as this session read it
        with pytest.raises(acting.PlanIsSubmitted):
            choose("F1") if act == "choose" else acting.drop_topic(topic, by=None)

    def test_a_plan_and_a_step_that_were_saved_meanwhile_are_not_overwritten(self, plan, choose, elsewhere):
        choose("F10")
        seen = plan.revision
        elsewhere(plan, provider="Theirs")
        with pytest.raises(ChangedMeanwhile):
            acting.change_plan(plan, revision=seen, today=TODAY, by=None, provider="Ours")
        [one] = hsep_plans.worked(plan)
        step = one.steps[0][0]
        seen = step.revision
        elsewhere(step, what="Theirs")
        with pytest.raises(ChangedMeanwhile):
            acting.work_on_step(step, revision=seen, today=TODAY, by=None, what="Ours")


class TestDays:
    @pytest.mark.parametrize(
        ("fields", "refusal"),
        [
            ({"provider": ""}, acting.ProviderMissing),
            ({"approved_on": date(2026, 8, 16)}, acting.DaysOutOfOrder),
            ({"approved_on": date(2026, 11, 28)}, acting.DayAhead),
            ({"submitted_on": date(2026, 11, 1)}, acting.DayMissing),
            ({"approved_on": date(2026, 8, 24), "submitted_on": date(2026, 8, 23)}, acting.DaysOutOfOrder),
            ({"approved_on": date(2026, 8, 24), "returned_on": date(2026, 9, 1)}, acting.DayMissing),
            ({"approved_on": date(2026, 8, 24), "achieved_on": date(2026, 9, 1)}, acting.DayMissing),
            ({"return_by": date(2027, 1, 1)}, acting.DayMissing),
            ({"level": "foundation"}, acting.LevelWithoutDay),
            ({"badge": "Member"}, acting.LevelWithoutDay),
            ({"approved_on": date(2026, 8, 24), "submitted_on": date(2026, 9, 1)}, acting.NothingToSubmit),
        ],
    )
    def test_a_day_that_cannot_be_is_refused(self, change, plan, fields, refusal):
        with pytest.raises(refusal):
            change(**fields)
        assert (plan.approved_on, plan.submitted_on) == (None, None)

    def test_the_whole_way_from_approval_to_the_badge(self, choose, change, plan):
        choose("F10")
        change(approved_on=date(2026, 8, 24))
        change(submitted_on=date(2026, 10, 1))
        change(returned_on=date(2026, 10, 15), return_by=date(2026, 12, 14), remarks="Show the drill.")
        with pytest.raises(acting.DaysOutOfOrder):
            change(achieved_on=date(2026, 10, 14))
        change(achieved_on=date(2026, 11, 20), level="foundation", badge="Foundation")
        assert plan.level == "foundation"

    def test_a_plan_that_somebody_else_saved_is_not_overwritten(self, plan):
        with pytest.raises(ChangedMeanwhile):
            acting.change_plan(plan, revision=plan.revision + 1, today=TODAY, by=None, provider="Others")


class TestSteps:
    @pytest.fixture
    def step(self, plan, choose):
        choose("F10")
        [one] = hsep_plans.worked(plan)
        return one.steps[3][0]

    def test_a_step_is_not_done_before_its_day(self, step):
        with pytest.raises(acting.DoneAhead):
            acting.work_on_step(step, revision=1, today=TODAY, by=None, done_on=date(2026, 11, 28))

    def test_a_step_keeps_what_was_said(self, office, step):
        said = {"what": "Drill at 05:30", "who": "J. Lalonde", "due": date(2027, 2, 26), "done_on": TODAY}
        acting.work_on_step(step, revision=step.revision, today=TODAY, by=office.member.id, **said)
        office.session.flush()
        assert (step.what, step.who, step.revision) == ("Drill at 05:30", "J. Lalonde", 2)
        with pytest.raises(ChangedMeanwhile):
            acting.work_on_step(step, revision=1, today=TODAY, by=None, what="Other")

    def test_a_file_of_another_client_shows_nothing(self, office, step):
        theirs = make_evidence(engagement=make_engagement(client=make_client()), by=office.member)
        with pytest.raises(acting.FileOfOthers):
            acting.show_step(step, evidence_id=theirs.id, by=office.member.id)

    @pytest.mark.parametrize(
        "columns", [{"source": "interview"}, {"state": "infected"}, {"retired_at": datetime(2026, 11, 1, tzinfo=UTC)}]
    )
    def test_what_may_not_leave_shows_nothing_and_is_not_offered(self, office, step, columns):
        engagement = make_engagement(client=office.client)
        kept = make_evidence(engagement=engagement, by=office.member, title="Minutes")
        stays = make_evidence(engagement=engagement, by=office.member, title="Stays", **columns)
        with pytest.raises(acting.FileStays):
            acting.show_step(step, evidence_id=stays.id, by=office.member.id)
        assert [one.id for one in to_hand_over(office.client)] == [kept.id]

    def test_a_file_is_linked_once_and_outlives_the_engagement_it_came_with(self, office, plan, step):
        closed, going = (make_engagement(client=office.client) for _ in range(2))
        going.closed_on = None
        piece = make_evidence(engagement=closed, by=office.member)
        office.session.flush()
        assert needed_elsewhere(closed) == {}
        for _ in range(2):
            acting.show_step(step, evidence_id=piece.id, by=office.member.id)
        assert needed_elsewhere(closed) == {piece.id: going}
        [one] = hsep_plans.worked(plan)
        assert [[shown.evidence.id for shown in files] for _step, files in one.steps] == [[], [], [], [piece.id], []]
        acting.take_back(one.steps[3][1][0].proof, by=office.member.id)
        office.session.flush()
        assert office.session.scalars(sa.select(HsepProof)).all() == []
