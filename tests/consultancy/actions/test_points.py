"""Assessing a consultancy's own questions by points: documentation, interview and observation."""

from datetime import date

import pytest
import sqlalchemy as sa

from consultancy import points
from consultancy.actions import (
    carry_overs,
    checklists,
    engagements,
    field_workbooks,
    rating_history,
    ratings,
    returned_checklists,
)
from consultancy.models.assessment import ChecklistImport
from consultancy.queries import assessments
from consultancy.standards import catalogue, marks
from tenants.files import Folder
from tests.consultancy.checklists.files import excel, row
from tests.factories import DAY


class TestAnAssessmentByPoints:
    @pytest.fixture
    def assessment(self, office, begin, write, publish):
        standard = begin()
        write(standard)
        write(standard, code="4.01", element="4", legislated=False, interview=None, rule="all_or_nothing")
        engagement = office.open(standard=publish(standard).key)
        return assessments.of_engagement(engagement)

    @pytest.fixture
    def rate(self, office, assessment):
        def rate_one(code="3.01", **fields):
            before = assessments.rating_of(assessment, code)
            return ratings.rate_requirement(
                assessment, requirement=code, revision=before.revision if before else 0, by=office.member.id, **fields
            )

        return rate_one

    @pytest.mark.parametrize(
        ("document", "interview", "level"), [(4, 4, 3), (4, 0, 2), (3, 0, 1), (0, 0, 0)]
    )  # fmt: skip
    def test_points_decide_the_level(self, rate, document, interview, level):
        rating = rate(document_points=document, interview_points=interview)
        assert (rating.state, rating.level) == ("rated", level)

    def test_one_method_without_points_is_not_verified_and_never_zero(self, assessment, rate):
        rating = rate(document_points=0)
        assert (rating.state, rating.level, rating.interview_points) == ("not_verified", None, None)
        assert assessments.answers(assessment)["3.01"].got["interview"] is None

    def test_points_taken_back_are_not_rated_again(self, rate):
        rate(document_points=4, interview_points=4)
        rating = rate(document_points=None, interview_points=None)
        assert (rating.state, rating.level) == ("not_rated", None)

    def test_not_applicable_keeps_the_points_for_the_day_it_applies_again(self, rate):
        rate(document_points=4, interview_points=2)
        assert rate(state="not_applicable", reason="No controls.").document_points == 4
        assert rate(state="not_rated").level == 2

    def test_other_points_judge_again_what_was_carried_over_and_the_same_points_do_not(self, office, assessment, rate):
        rate(document_points=4, interview_points=2)
        now = office.open(standard=assessment.standard)
        carry_overs.carry_forward(now, source=assessment.engagement, parts=("ratings",), by=office.member.id)
        here = assessments.of_engagement(now)
        rating = assessments.rating_of(here, "3.01")
        for got, waits in ((2, True), (3, False)):
            ratings.rate_requirement(
                here, requirement="3.01", revision=rating.revision, by=office.member.id,
                document_points=4, interview_points=got,
            )  # fmt: skip
            assert (rating.level, rating.carried_over) == (2, waits)

    def test_setting_a_question_aside_is_undone_and_its_points_stand_again(self, office, assessment, rate):
        rate(document_points=4, interview_points=2)
        rating = rate(state="not_applicable", reason="No controls.")
        (aside,) = (one for one, _name in assessments.history(rating) if one.after == "not_applicable")
        for back in (
            lambda: rating_history.undo_last(
                assessment, requirement="3.01", revision=rating.revision, by=office.member.id
            ),
            lambda: rating_history.restore(
                aside, assessment=assessment, revision=rating.revision, by=office.member.id
            ),
        ):
            back()
            assert (rating.state, rating.level, rating.document_points, rating.reason) == ("rated", 2, 4, "")
            rate(state="not_applicable", reason="No controls.")

    def test_confirming_points_that_were_carried_over_is_undone(self, office, assessment, rate):
        rate(document_points=4, interview_points=2)
        now = office.open(standard=assessment.standard)
        carry_overs.carry_forward(now, source=assessment.engagement, parts=("ratings",), by=office.member.id)
        here = assessments.of_engagement(now)
        rating = assessments.rating_of(here, "3.01")
        carry_overs.confirm(rating, assessment=here, revision=rating.revision, by=office.member.id)
        assert not rating.carried_over
        assert assessments.answers(here)["3.01"].got["document"] == 4
        rating_history.undo_last(here, requirement="3.01", revision=rating.revision, by=office.member.id)
        assert (rating.carried_over, rating.level, rating.document_points) == (True, 2, 4)
        assert assessments.answers(here) == {}

    @pytest.mark.parametrize("points_given", [-1, 5])
    def test_more_than_a_method_brings_is_refused(self, rate, points_given):
        with pytest.raises(ratings.PointsOutOfRange):
            rate(document_points=points_given)

    def test_a_level_is_no_judgement_here(self, rate):
        with pytest.raises(ratings.PointsMissing):
            rate(state="rated", level=3)

    def test_a_method_that_is_not_asked_for_is_left_out(self, rate):
        assert rate("4.01", document_points=4, interview_points=4).interview_points is None

    def test_the_marks_of_the_scheme_are_worked_out_from_the_ratings(self, assessment, rate):
        rate(document_points=4, interview_points=4)
        rate("4.01", document_points=3)
        standard = catalogue.find(assessment.standard)
        in_force = marks.in_force(standard, date(2026, 3, 2))
        figures = points.score(standard, assessments.answers(assessment), in_force)
        assert [one.so_far.percent for one in figures.elements] == [100, 0]
        assert (in_force.element, figures.below, figures.conclusion) == (65, ("4",), "fail")


def test_a_standard_by_levels_takes_no_points(office):
    assessment = assessments.of_engagement(office.open())
    rating = ratings.rate_requirement(
        assessment, requirement="4.1", revision=0, by=office.member.id, state="rated", level=2, document_points=4
    )
    assert rating.document_points is None


def test_a_standard_by_points_is_refused_by_workbooks_and_checklists_before_anybody_fills_one(
    office, begin, write, publish, tmp_path
):
    standard = begin()
    write(standard)
    engagement = office.open(standard=publish(standard).key)
    assessment, by, files = assessments.of_engagement(engagement), office.member.id, Folder(tmp_path / "files")
    content = excel(row("3.01", 2))
    for refused in (
        lambda: returned_checklists.download(assessment, by=by),
        lambda: checklists.receive(assessment, file_name="list.xlsx", content=content, files=files, by=by),
        lambda: field_workbooks.make(
            assessment, site=None, language="en", author="Priya", files=files, by=by, today=DAY
        ),
    ):
        with pytest.raises(engagements.ScoredByPoints):
            refused()
    assert office.session.scalars(sa.select(ChecklistImport)).all() == []
