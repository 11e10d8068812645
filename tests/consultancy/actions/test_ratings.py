"""Rating a requirement: what is kept, what is merged, what is refused."""

import pytest
import sqlalchemy as sa

from consultancy import scoring
from consultancy.actions import engagements, ratings
from consultancy.actions.engagements import EngagementClosed
from consultancy.models.assessment import Rating
from consultancy.queries import assessments
from consultancy.standards import catalogue
from consultancy.standards.catalogue import UnknownRequirement
from tests.consultancy.actions.conftest import ISO, close
from tests.factories import DAY


@pytest.fixture
def rate(office, assessment):
    def rate_one(requirement="4.1", revision=0, **fields):
        return ratings.rate_requirement(
            assessment, requirement=requirement, revision=revision, by=office.member.id, **fields
        )

    return rate_one


def history(rating):
    return sorted((change.field, change.before, change.after) for change, _name in assessments.history(rating))


def test_a_rating_says_who_changed_what_from_what_to_what(office, rate):
    rating = rate(state="rated", level=1)
    rate(revision=rating.revision, level=2, owner_text="Dana")
    assert history(rating) == [
        ("level", "", "1"), ("level", "1", "2"), ("owner_text", "", "Dana"), ("state", "not_rated", "rated"),
    ]  # fmt: skip
    assert {name for _change, name in assessments.history(rating)} == {office.member.name}


def test_saving_the_same_again_leaves_no_trace(assessment, rate):
    rating = rate(state="rated", level=1, recommendation="List the issues.")
    before, revision = history(rating), assessment.revision
    rate(revision=rating.revision, state="rated", level=1, recommendation="List the issues.")
    assert history(rating) == before
    assert assessment.revision == revision


def test_a_level_taken_back_stands_in_the_history(rate):
    rating = rate(state="rated", level=1)
    rate(revision=rating.revision, state="not_verified")
    assert rating.level is None
    assert ("level", "1", "") in history(rating)


def test_two_people_who_touch_different_fields_are_merged(rate):
    opened = rate(state="rated", level=1).revision
    rate(revision=opened, owner_text="Dana")
    rating = rate(revision=opened, due=DAY)
    assert (rating.owner_text, rating.due, rating.level) == ("Dana", DAY, 1)


def test_two_people_who_touch_the_same_field_are_asked(rate):
    rating = rate(state="rated", level=1)
    opened = rating.revision
    rate(revision=opened, level=2)
    with pytest.raises(ratings.RatedMeanwhile) as refusal:
        rate(revision=opened, level=3)
    assert refusal.value.args[1] == ["level"]
    assert rating.level == 2


def test_a_form_that_sends_every_field_clashes_only_where_somebody_saved(rate):
    opened = rate(state="rated", level=1, owner_text="Dana").revision
    rate(revision=opened, due=DAY)
    rating = rate(revision=opened, state="rated", level=1, owner_text="Sam", due=DAY)
    assert (rating.owner_text, rating.due) == ("Sam", DAY)
    with pytest.raises(ratings.RatedMeanwhile) as refusal:
        rate(revision=opened, state="rated", level=1, owner_text="Sam", due=None)
    assert refusal.value.args[1] == ["due"]


def test_an_observation_alone_makes_no_rating_that_clashes(office, assessment, rate):
    rating = rate()
    ratings.note_observation(rating, assessment=assessment, text="Seen.", by=office.member.id)
    rate(revision=1, owner_text="Dana")
    assert rate(revision=1, due=DAY).owner_text == "Dana"
    with pytest.raises(ratings.RatedMeanwhile):
        rate(revision=1, owner_text="Sam")


def test_two_people_who_type_the_same_agree(rate):
    opened = rate(state="rated", level=1).revision
    rate(revision=opened, level=2)
    assert rate(revision=opened, level=2).level == 2


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_not_applicable_needs_a_reason(office, rate, reason):
    with pytest.raises(ratings.ReasonMissing), office.session.begin_nested():
        rate(state="not_applicable", reason=reason)


def test_not_applicable_with_a_reason_is_decided(engagement, assessment, rate):
    rate(state="not_applicable", reason="No contractors come to site.")
    assert assessments.rated(assessment)["4.1"].decided


@pytest.mark.parametrize("level", [None, -1, 4, "2", float("nan"), 2.5])
def test_a_rating_has_a_level_from_0_to_3(rate, level):
    with pytest.raises(ratings.LevelMissing):
        rate(state="rated", level=level)


def test_a_requirement_of_another_standard_is_unknown(rate):
    with pytest.raises(UnknownRequirement):
        rate("99.9", state="rated", level=1)


def test_a_note_holds_fifty_thousand_characters(rate):
    rating = rate(recommendation="x" * 50_000)
    with pytest.raises(ratings.NoteTooLong):
        rate(revision=rating.revision, recommendation="x" * 50_001)
    with pytest.raises(ratings.NoteTooLong):
        ratings.note_observation(rating, assessment=rating_assessment(rating), text="x" * 50_001, by=None)


def rating_assessment(rating):
    return assessments.find(rating.assessment_id)


class TestAClosedEngagement:
    def test_takes_no_more_ratings(self, office, engagement, rate):
        close(engagement)
        with pytest.raises(EngagementClosed):
            rate(state="rated", level=1)
        office.session.flush()
        assert office.session.scalar(sa.select(sa.func.count(Rating.id))) == 0

    def test_takes_no_more_observations(self, office, engagement, assessment, rate):
        rating = rate(state="rated", level=1)
        seen = ratings.note_observation(rating, assessment=assessment, text="Seen.", by=office.member.id)
        close(engagement)
        with pytest.raises(EngagementClosed):
            ratings.note_observation(rating, assessment=assessment, text="More.", by=office.member.id)
        with pytest.raises(EngagementClosed):
            ratings.correct_observation(
                seen,
                assessment=assessment,
                text="Other.",
                method="",
                evidence="",
                seen_on=None,
                revision=1,
                by=office.member.id,
            )
        with pytest.raises(EngagementClosed):
            ratings.remove_observation(seen, assessment=assessment, by=office.member.id)


class TestObservations:
    @pytest.fixture
    def seen(self, office, assessment, rate):
        rating = rate(state="rated", level=1)
        return ratings.note_observation(rating, assessment=assessment, text="First words.", by=office.member.id)

    def correct(self, seen, assessment, office, text, revision):
        ratings.correct_observation(
            seen,
            assessment=assessment,
            text=text,
            method="",
            evidence="",
            seen_on=None,
            revision=revision,
            by=office.member.id,
        )

    def test_adding_one_never_conflicts(self, office, assessment, seen):
        ratings.note_observation(seen.rating, assessment=assessment, text="Second words.", by=office.other.id)
        texts = [one.text for one in assessments.judged(assessment)["4.1"].observations]
        assert sorted(texts) == ["First words.", "Second words."]

    def test_correcting_one_keeps_its_first_words_in_the_history(self, office, assessment, seen):
        self.correct(seen, assessment, office, "Better words.", seen.revision)
        assert ("observation", "First words.", "Better words.") in history(seen.rating)

    def test_correcting_one_that_changed_meanwhile_is_refused(self, office, assessment, seen):
        opened = seen.revision
        self.correct(seen, assessment, office, "Better words.", opened)
        with pytest.raises(ratings.RatedMeanwhile):
            self.correct(seen, assessment, office, "Other words.", opened)
        assert seen.text == "Better words."

    def test_a_removed_one_keeps_its_words_in_the_history(self, office, assessment, seen):
        rating = seen.rating
        ratings.remove_observation(seen, assessment=assessment, by=office.member.id)
        assert assessments.judged(assessment)["4.1"].observations == []
        assert ("observation", "First words.", "") in history(rating)


def derived(engagement):
    """Percent by its definition: finished stages, and within the assessing one the share that is decided."""
    stages = engagements.engagements.stages(engagement)
    done = sum(one.finished_on is not None for one in stages)
    rated = assessments.rated(assessments.of_engagement(engagement))
    decided = scoring.score(catalogue.find(ISO), rated).overall.decided_percent
    return (100 * done + (decided if engagement.stage == "assess" else 0)) // len(stages)


def test_percent_is_what_stages_and_decided_requirements_say(office, engagement, rate):
    assert engagement.percent == 0
    seen = [engagement.percent]
    for stage in ("scope", "collect"):
        engagements.finish_stage(engagement, stage=stage, on=DAY, by=office.member.id)
        assert engagement.percent == derived(engagement)
    for number, requirement in enumerate(catalogue.find(ISO).requirements):
        rate(requirement.code, state="rated", level=number % 4)
        seen.append(engagement.percent)
        assert engagement.percent == derived(engagement)
    assert seen == sorted(seen)
    for stage in ("assess", "review", "released", "follow_up"):
        engagements.finish_stage(engagement, stage=stage, on=DAY, by=office.member.id)
    assert engagement.percent == 100
    stored = office.session.scalar(
        sa.text("select percent from engagement where id = :id").bindparams(id=engagement.id)
    )
    assert stored == 100


def test_rating_does_not_stand_in_the_way_of_typing_the_report(office, engagement, rate):
    """Percent moves with every rating; the texts' revision must not."""
    for stage in ("scope", "collect"):
        engagements.finish_stage(engagement, stage=stage, on=DAY, by=office.member.id)
    office.session.flush()
    opened = engagement.revision
    rate(state="rated", level=3)
    rate("4.2", state="rated", level=3)
    assert engagement.percent == derived(engagement) > 33
    engagements.type_texts(engagement, texts={"headline": "One sentence."}, revision=opened, by=office.member.id)
    assert engagement.texts == {"headline": "One sentence."}


def test_a_plan_decides_what_could_not_be_verified_and_counts_at_once(office, engagement, rate):
    for stage in ("scope", "collect"):
        engagements.finish_stage(engagement, stage=stage, on=DAY, by=office.member.id)
    for one in catalogue.find(ISO).requirements:
        rating = rate(one.code, state="not_verified")
    before = engagement.percent
    for one in catalogue.find(ISO).requirements:
        rate(one.code, revision=rating.revision, recommendation="Look again in spring.")
    assert (before, engagement.percent) == (33, 50)  # two stages of six are done; the third is decided whole


def test_the_page_of_all_requirements_says_of_each_what_its_rating_and_its_oldest_words_are(office, assessment, rate):
    rating = rate("4.1", state="not_verified", owner_text="Dana", due=DAY, reason="Nobody was in.")
    for text in ("", "The guard was open. " * 20, "It was closed."):
        ratings.note_observation(rating, assessment=assessment, text=text, evidence="Photo", by=office.member.id)
    rate("4.2", state="rated", level=2)
    found = assessments.on_one_page(assessment)
    assert found.keys() == {"4.1", "4.2"}
    one = found["4.1"]
    assert (one.rated.state, one.rated.level, one.rated.planned) == ("not_verified", None, True)
    assert (one.revision, one.owner_text, one.due, one.observations) == (rating.revision, "Dana", DAY, 2)
    assert one.excerpt == ("The guard was open. " * 20)[: assessments.EXCERPT + 1]
    assert (found["4.2"].rated.level, found["4.2"].excerpt, found["4.2"].observations) == (2, "", 0)
