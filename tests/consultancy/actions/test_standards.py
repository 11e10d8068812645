"""A consultancy's own standards: a draft is edited, a published version never."""

from dataclasses import replace

import pytest

from consultancy.actions import (
    engagements,
    standards,
)
from consultancy.actions.clients import ChangedMeanwhile
from consultancy.queries import standards as kept
from consultancy.standards import catalogue
from consultancy.standards.catalogue import UnknownStandard
from tests.consultancy.actions.conftest import QUESTION
from tests.consultancy.checklists.files import excel
from tests.factories import DAY
from tests.practice import statements_of


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


def test_an_engagement_cannot_pin_a_draft(office, begin, write):
    standard = begin()
    write(standard)
    with pytest.raises(UnknownStandard):
        engagements.open_engagement(
            office.client, kind="gap_analysis", standard=standard.key, title="x", language="en", opened_on=DAY,
            by=office.member.id,
        )  # fmt: skip
