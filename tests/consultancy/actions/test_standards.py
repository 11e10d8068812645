"""A consultancy's own standards: a draft is edited, a published version never."""

from dataclasses import replace
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
    standards,
)
from consultancy.actions.clients import ChangedMeanwhile
from consultancy.models.assessment import ChecklistImport
from consultancy.queries import assessments
from consultancy.queries import standards as kept
from consultancy.standards import catalogue, marks
from consultancy.standards.catalogue import UnknownStandard
from consultancy.standards.rules import Draft
from tenants.files import Folder
from tests.consultancy.checklists.files import excel, row
from tests.factories import DAY
from tests.practice import statements_of

QUESTION = Draft(
    code="3.01", title="Hierarchy of controls", element="3", question="Who chose the control?", points=4,
    rule="range", documentation=4, interview=4, legislated=True,
)  # fmt: skip


@pytest.fixture
def begin(office):
    def begin_one(kind="questions", **details):
        based_on = {"questions": "cor2020", "overlay": "csa-z45001-2019"}.get(kind, "")
        given = {"name": "Our COR questions", "version": "2026", "source": "Licence of 2026", "by_points": False}
        given |= {"based_on": based_on, "marks": None}
        return standards.begin_standard(kind=kind, by=office.member.id, **given | details)

    return begin_one


@pytest.fixture
def write(office):
    def write_one(standard, **changed):
        return standards.write_requirement(standard, draft=replace(QUESTION, **changed), by=office.member.id)

    return write_one


@pytest.fixture
def publish(office):
    def publish_one(standard):
        standards.publish_standard(standard, licence_confirmed=True, revision=standard.revision, by=office.member.id)
        return standard

    return publish_one


def test_a_draft_is_found_by_nobody_and_a_published_version_by_its_key(begin, write, publish):
    standard = begin()
    write(standard)
    with pytest.raises(UnknownStandard):
        catalogue.find(standard.key)
    assert standard.key not in {one.key for one in catalogue.offered()}
    publish(standard)
    found = catalogue.find(standard.key)
    assert found.requirement("3.01").audit_question == "Who chose the control?"
    assert [(clause.number, clause.title) for clause in found.clauses()] == [("3", "Controls")]
    assert standard.key in {one.key for one in catalogue.offered()}


def test_a_published_version_is_put_together_once_and_asked_for_every_time(office, begin, write, publish):
    """Another session of the process finds it made; its row still has to say that it is published and the reader's."""
    standard = begin()
    write(standard)
    publish(standard)
    first = catalogue.find(standard.key)
    office.session.info.pop(catalogue.KNOWN)  # as the next request begins
    with statements_of(office.session.connection()) as seen:
        assert catalogue.find(standard.key) is first
    assert [one for one in seen if "own_requirement" in one] == []
    office.session.info.pop(catalogue.KNOWN)
    standard.published_at = None
    office.session.flush()
    with pytest.raises(UnknownStandard):
        catalogue.find(standard.key)


def test_a_publication_that_was_undone_leaves_nothing_behind(office, begin, write, publish):
    standard = begin()
    row = write(standard)
    savepoint = office.session.begin_nested()
    publish(standard)
    assert catalogue.find(standard.key).requirement("3.01").title == "Hierarchy of controls"
    savepoint.rollback()
    office.session.info.pop(catalogue.KNOWN)
    by = office.member.id
    standards.write_requirement(standard, draft=replace(QUESTION, title="Controls"), row=row, revision=1, by=by)
    publish(standard)
    assert catalogue.find(standard.key).requirement("3.01").title == "Controls"


def test_nothing_of_a_published_version_can_be_changed(office, begin, write, publish):
    standard = begin()
    row = write(standard)
    publish(standard)
    by = office.member.id
    for change in (
        lambda: write(standard, code="3.02"),
        lambda: standards.write_requirement(standard, draft=QUESTION, row=row, revision=row.revision, by=by),
        lambda: standards.move_requirement(standard, row=row, up=True, by=by),
        lambda: standards.remove_requirement(standard, row=row, by=by),
        lambda: standards.receive_requirements(standard, file_name="q.csv", content=b"code,title\n1,a\n", by=by),
        lambda: standards.take_over(standard, revision=standard.revision, by=by),
        lambda: standards.set_file_aside(standard, by=by),
        lambda: publish(standard),
    ):
        with pytest.raises(standards.AlreadyPublished):
            change()


def test_a_new_version_begins_with_everything_and_replaces_the_old_one_among_the_offered(office, begin, write, publish):
    first = begin()
    write(first)
    publish(first)
    second = standards.begin_version(first, version="2027", by=office.member.id)
    assert [one.code for one in kept.requirements(second)] == ["3.01"]
    assert {first.key, second.key} & {one.key for one in catalogue.offered()} == {first.key}
    publish(second)
    assert {first.key, second.key} & {one.key for one in catalogue.offered()} == {second.key}
    assert catalogue.find(first.key).version == "2026"
    with pytest.raises(standards.VersionTaken):
        standards.begin_version(first, version="2027", by=office.member.id)


def test_who_publishes_says_that_the_consultancy_holds_the_licence(office, begin, write):
    standard = begin()
    write(standard)
    with pytest.raises(standards.LicenceNotConfirmed):
        standards.publish_standard(standard, licence_confirmed=False, revision=standard.revision, by=office.member.id)
    assert standard.published_at is None


def test_an_empty_standard_is_not_published_nor_one_that_moved_since_the_page(office, begin, write, publish):
    standard = begin()
    with pytest.raises(standards.NothingToPublish):
        publish(standard)
    seen = standard.revision
    write(standard)
    with pytest.raises(standards.DraftMoved):
        standards.publish_standard(standard, licence_confirmed=True, revision=seen, by=office.member.id)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": "3 01"}, "code"), ({"title": ""}, "title"), ({"element": "15"}, "element"), ({"points": 0}, "points"),
        ({"rule": ""}, "rule"), ({"documentation": None, "interview": None}, "documentation"),
        ({"weight": 101}, "weight"), ({"interview": 1001}, "interview"),
    ],
)  # fmt: skip
def test_a_requirement_that_would_not_score_is_refused(begin, write, changed, field):
    with pytest.raises(standards.RequirementFaulty) as told:
        write(begin(), **changed)
    assert [one[0] for one in told.value.args[0]] == [field]


def test_a_code_stands_once_in_a_standard(begin, write):
    standard = begin()
    write(standard)
    with pytest.raises(standards.RequirementFaulty):
        write(standard)


def test_two_people_do_not_overwrite_each_other(office, begin, write):
    standard = begin()
    row = write(standard)
    standards.write_requirement(
        standard, draft=replace(QUESTION, title="Other"), row=row, revision=row.revision, by=office.member.id
    )
    with pytest.raises(ChangedMeanwhile):
        standards.write_requirement(standard, draft=QUESTION, row=row, revision=row.revision - 1, by=office.member.id)


def test_requirements_are_put_in_order_and_taken_away(office, begin, write):
    standard = begin()
    rows = [write(standard, code=code) for code in ("3.01", "3.02", "3.03")]
    standards.move_requirement(standard, row=rows[2], up=True, by=office.member.id)
    standards.move_requirement(standard, row=rows[0], up=True, by=office.member.id)
    assert [one.code for one in kept.requirements(standard)] == ["3.01", "3.03", "3.02"]
    standards.remove_requirement(standard, row=rows[0], by=office.member.id)
    assert [one.code for one in kept.requirements(standard)] == ["3.03", "3.02"]


HEAD = ["Code", "Title", "Element", "Points", "Rule", "D/I/O"]


def test_a_file_is_previewed_then_taken_over_and_what_it_does_not_name_stays(office, begin, write):
    standard = begin()
    for code in ("3.01", "3.02"):
        write(standard, code=code)
    file = excel(
        ["3.01", "Hierarchy of controls", "3", 5, "range", "D"], ["4.01", "Selection", "4", 2, "range", "I"],
        header=HEAD,
    )  # fmt: skip
    standards.receive_requirements(standard, file_name="q.xlsx", content=file, by=office.member.id)
    assert [(one.draft.code, one.kind) for one in standards.compare(standard)] == [("3.01", "changed"), ("4.01", "new")]
    assert len(kept.requirements(standard)) == 2
    assert "question" not in [name for name, _before, _after in standards.compare(standard)[0].fields]
    assert standards.take_over(standard, revision=standard.revision, by=office.member.id) == 2
    assert [(one.code, one.points) for one in kept.requirements(standard)] == [("3.01", 5), ("3.02", 4), ("4.01", 2)]
    assert standard.incoming == {}
    assert kept.requirements(standard)[0].question == QUESTION.question  # the file has no such column


def test_a_file_with_a_fault_is_not_taken_over(office, begin):
    standard = begin()
    file = excel(["3.01", "", "3", 5, "range", "D"], header=HEAD)
    standards.receive_requirements(standard, file_name="q.xlsx", content=file, by=office.member.id)
    with pytest.raises(standards.NothingRead):
        standards.take_over(standard, revision=standard.revision, by=office.member.id)
    assert kept.requirements(standard) == []


def test_a_draft_that_moved_since_the_preview_is_looked_at_again(office, begin, write):
    standard = begin()
    file = excel(["3.01", "Hierarchy", "3", 5, "range", "D"], header=HEAD)
    standards.receive_requirements(standard, file_name="q.xlsx", content=file, by=office.member.id)
    seen = standard.revision
    write(standard, code="3.02")
    with pytest.raises(standards.DraftMoved):
        standards.take_over(standard, revision=seen, by=office.member.id)


def test_an_overlay_shows_the_licensed_text_beside_our_clause_and_keeps_the_clauses(office, begin, publish):
    standard = begin("overlay", name="Z45001", by_points=False)
    rows = {one.code: one for one in kept.requirements(standard)}
    assert len(rows) == 40
    filled = replace(standards.draft_of(rows["5.4"]), paraphrase="From our licensed copy.", weight=3)
    standards.write_requirement(
        standard, draft=filled, row=rows["5.4"], revision=rows["5.4"].revision, by=office.member.id
    )
    found = catalogue.find(publish(standard).key)
    base = catalogue.find("csa-z45001-2019")
    assert found.requirement("5.4").own_text == "From our licensed copy."
    assert found.requirement("5.4").paraphrase == base.requirement("5.4").paraphrase
    assert found.requirement("5.4").weight == 3
    assert found.clauses()[0].title == base.clauses()[0].title
    assert found.must_items()[0].code == "5.2"


def test_an_own_standard_by_points_needs_its_marks(begin):
    with pytest.raises(standards.MarksMissing):
        begin("standard", by_points=True)
    standard = begin("standard", by_points=True, marks=(75, 50, 100))
    assert standard.marks == (75, 50, 100)


def test_an_element_of_an_own_standard_brings_its_own_title(begin, write, publish):
    standard = begin("standard")
    write(standard, code="A.1", element="3 Fire safety")
    write(standard, code="B.1", element="")
    found = catalogue.find(publish(standard).key)
    assert [(clause.number, clause.title) for clause in found.clauses()] == [
        ("3", "Fire safety"), ("B", "Hierarchy of controls"),
    ]  # fmt: skip


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


def test_an_engagement_cannot_pin_a_draft(office, begin, write):
    standard = begin()
    write(standard)
    with pytest.raises(UnknownStandard):
        engagements.open_engagement(
            office.client, kind="gap_analysis", standard=standard.key, title="x", language="en", opened_on=DAY,
            by=office.member.id,
        )  # fmt: skip


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
