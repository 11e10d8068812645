"""An engagement moves to another version of its standard, and nothing that was written is lost."""

from types import SimpleNamespace

import pytest

from consultancy.actions import (
    carry_overs,
    checklists,
    field_workbooks,
    findings,
    ratings,
    returned_checklists,
    standard_moves,
)
from consultancy.actions import interviews as acting
from consultancy.actions.engagements import EngagementClosed
from consultancy.queries import assessments, evidence, interviews
from consultancy.standards import catalogue
from consultancy.tallies import Tally
from tenants.files import Folder
from tests.consultancy.actions.conftest import ISO, close
from tests.consultancy.actions.workbooks import Sheet
from tests.consultancy.checklists.files import excel, row
from tests.document_templates.filled_workbooks import filled
from tests.factories import DAY, make_evidence, make_evidence_link

CSA = "csa-z45001-2019"
COR = "cor2020"
PLACED = {"role": "workers", "site": None, "shift": None, "held_on": DAY}


@pytest.fixture
def rated(office, assessment):
    rating = ratings.rate_requirement(
        assessment, requirement="5.4", revision=0, by=office.member.id, state="rated", level=1,
        recommendation="Ask them.", owner_text="Dana",
    )  # fmt: skip
    ratings.note_observation(
        rating, assessment=assessment, text="Minutes of May.", method="document", by=office.member.id
    )
    return rating


@pytest.fixture
def move(office, engagement):
    def move_to(standard=CSA, revision=None):
        current = assessments.of_engagement(engagement)
        office.session.refresh(current)
        return standard_moves.move_to_standard(
            engagement, standard=standard, revision=current.revision if revision is None else revision,
            by=office.member.id,
        )  # fmt: skip

    return move_to


def test_the_preview_says_what_stays_what_reads_otherwise_what_is_new_and_what_is_gone():
    comparison = standard_moves.compare(catalogue.find(ISO), catalogue.find(CSA))
    assert len(comparison.same) == 39
    assert [now.code for _was, now in comparison.reworded] == ["4.1"]
    assert (comparison.new, comparison.gone) == ([], [])
    other = standard_moves.compare(catalogue.find(ISO), catalogue.find(COR))
    assert (len(other.new), len(other.gone), other.same) == (14, 40, [])


def test_ratings_and_what_was_seen_go_along_and_are_marked_until_somebody_judges_again(office, rated, move):
    assessment = move()
    copy, seen = assessments.judged(assessment)["5.4"]
    assert (copy.level, copy.recommendation, copy.owner_text, copy.carried_over) == (1, "Ask them.", "Dana", True)
    assert [(one.text, one.method) for one in seen] == [("Minutes of May.", "document")]
    ratings.rate_requirement(
        assessment, requirement="5.4", revision=copy.revision, by=office.member.id, owner_text="Sam"
    )
    assert copy.carried_over
    ratings.rate_requirement(
        assessment, requirement="5.4", revision=copy.revision, by=office.member.id, state="rated", level=1
    )
    assert copy.carried_over
    carry_overs.confirm(copy, assessment=assessment, revision=copy.revision, by=office.member.id)
    assert not copy.carried_over
    assert ("carried_over", "True", "False") in [
        (change.field, change.before, change.after) for change, _name in assessments.history(copy)
    ]


def filed(assessment):
    return [(one.requirement, one.title) for one in evidence.filed(assessment)]


def test_evidence_speaks_for_the_requirements_that_are_still_there(engagement, assessment, move):
    minutes = make_evidence(engagement=engagement, title="Minutes")
    for requirement in ("5.4", "9.1.1"):
        make_evidence_link(evidence=minutes, assessment=assessment, requirement=requirement)
    assert sorted(filed(move())) == [("5.4", "Minutes"), ("9.1.1", "Minutes")]
    assert len(filed(assessment)) == 2
    assert filed(move(COR)) == []
    assert sorted(filed(move(ISO))) == [("5.4", "Minutes"), ("9.1.1", "Minutes")]


def test_evidence_that_was_brought_in_after_the_move_goes_back_along(engagement, assessment, move):
    moved = move()
    make_evidence_link(
        evidence=make_evidence(engagement=engagement, title="Drill"), assessment=moved, requirement="5.4"
    )
    assert filed(move(ISO)) == [("5.4", "Drill")]


@pytest.fixture
def asked(office, engagement):
    """Two people, asked about participation and about something that the overlay has too."""

    def confirm(interview, **answers):
        acting.fill_sheet(
            interview, revision=interview.revision, **PLACED, note="",
            answers={code: acting.Answer(*answer) for code, answer in answers.items()}, by=office.member.id,
        )  # fmt: skip

    first, second = (acting.hold_interview(engagement, **PLACED, by=office.member.id) for _ in range(2))
    confirm(first, **{"5.4": ("yes", "Every month."), "9.1.1": ("no", "")})
    confirm(second, **{"5.4": ("partly", "")})
    return SimpleNamespace(first=first, second=second, confirm=confirm)


def test_what_people_confirmed_counts_in_the_other_version_too(engagement, asked, move):
    assert len(standard_moves.answers_to_carry(engagement, ISO, catalogue.find(CSA))) == 3
    assert standard_moves.answers_to_carry(engagement, ISO, catalogue.find(COR)) == []
    move()
    assert interviews.tallies_of(engagement) == {"5.4": Tally(yes=1, partly=1), "9.1.1": Tally(no=1)}
    assert {code: row.note for code, row in interviews.answers_of(asked.first).items()} == {
        "5.4": "Every month.", "9.1.1": "",
    }  # fmt: skip
    move(COR)
    assert interviews.tallies_of(engagement) == {}


def test_an_answer_given_since_the_move_is_kept_by_the_way_back(engagement, asked, move):
    move()
    asked.confirm(asked.first, **{"5.4": ("no", ""), "6.1.3": ("yes", "")})
    assert len(standard_moves.answers_to_carry(engagement, CSA, catalogue.find(ISO))) == 1
    move(ISO)
    assert interviews.tallies_of(engagement) == {
        "5.4": Tally(yes=1, partly=1), "9.1.1": Tally(no=1), "6.1.3": Tally(yes=1),
    }  # fmt: skip


def test_the_old_assessment_stays_as_it_was(engagement, assessment, rated, move):
    move()
    assert [one.id for one in assessments.earlier(engagement)] == [assessment.id]
    old, seen = assessments.judged(assessment)["5.4"]
    assert (old.id, old.level, old.carried_over) == (rated.id, 1, False)
    assert len(seen) == 1


def test_who_comes_back_finds_the_old_ratings_again_and_nothing_twice(engagement, rated, assessment, move):
    move()
    assert move(ISO).id == assessment.id
    assert engagement.standard == ISO
    assert assessments.judged(assessment)["5.4"].rating.id == rated.id


def test_ratings_that_moved_since_the_preview_are_looked_at_again(office, engagement, assessment, rated, move):
    with pytest.raises(standard_moves.MovedSincePreview):
        move(revision=1)
    assert engagement.standard == ISO


def test_a_finding_never_loses_its_requirement(office, engagement, rated, move):
    findings.raise_finding(
        engagement, by=office.member.id, raised_on=DAY, requirement="5.4", grade="minor", title="x", statement="y",
        status="open",
    )  # fmt: skip
    with pytest.raises(standard_moves.FindingsWouldBeLost) as told:
        move(COR)
    assert told.value.args == ("F-01",)
    assert move(CSA).standard == CSA


@pytest.mark.parametrize("standard", [ISO, "hsep-2026"])
def test_there_is_nothing_to_move_to(move, standard):
    with pytest.raises(standard_moves.SameStandard):
        move(standard)


@pytest.fixture
def brought_back(office, assessment, rated, tmp_path):
    """A checklist, a workbook of ours and a field workbook, read and waiting to be applied to the assessment."""
    by, files = office.member.id, Folder(tmp_path / "files")
    list_of_theirs = excel(row("4.1", 2))
    ours = Sheet(returned_checklists.download(assessment, by=by))
    ours.type("5.4", recommendation="Ask everybody.")
    visit = field_workbooks.make(
        assessment, site=None, language="en", author="Priya", files=files, by=by, today=DAY
    )
    visited = filled(files.get(visit.file_key), {"4.1": {"n": "The board was empty."}})

    def receive(name, content):
        return checklists.receive(assessment, file_name=name, content=content, files=files, by=by)

    return {
        "theirs": receive("theirs.xlsx", list_of_theirs),
        "ours": receive("ours.xlsx", ours.content),
        "visit": field_workbooks.bring_back(assessment, file_name="v.docx", content=visited, files=files, by=by),
    }


@pytest.mark.parametrize("name", ["theirs", "ours", "visit"])
def test_what_waits_to_be_applied_to_the_standard_that_was_left_is_refused(
    office, engagement, assessment, brought_back, move, name
):
    move()
    office.session.refresh(assessment)
    waiting, known = brought_back[name], {"revision": assessment.revision, "by": office.member.id}
    with pytest.raises(ratings.StandardLeft):
        if name == "visit":
            field_workbooks.apply(waiting, seen_on=DAY, choices={}, reasons={}, **known)
        else:
            checklists.apply(waiting, **known)
    assert waiting.applied_at is None


def test_nobody_rates_or_notes_against_the_standard_that_was_left(office, assessment, rated, move):
    (seen,) = assessments.observations_of(rated)
    move()
    by = office.member.id
    for write in (
        lambda: ratings.rate_requirement(
            assessment, requirement="5.4", revision=rated.revision, by=by, state="rated", level=3
        ),
        lambda: ratings.note_observation(rated, assessment=assessment, text="New.", by=by),
        lambda: ratings.correct_observation(
            seen, assessment=assessment, text="Other.", method="", evidence="", seen_on=None, revision=seen.revision,
            by=by,
        ),
        lambda: ratings.remove_observation(seen, assessment=assessment, by=by),
    ):  # fmt: skip
        with pytest.raises(ratings.StandardLeft):
            write()


def test_a_closed_engagement_stays_where_it_is(engagement, move):
    close(engagement)
    with pytest.raises(EngagementClosed):
        move()
