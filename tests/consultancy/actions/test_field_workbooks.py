"""The visit without a network: what came back meets what was rated meanwhile, and nobody's work is lost."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from consultancy.actions import field_workbooks, ratings
from consultancy.actions.checklists import RatingsMoved
from consultancy.actions.engagements import EngagementClosed
from consultancy.models.assessment import Rating, RatingChange
from consultancy.models.engagement import EngagementSite
from consultancy.models.field_workbook import FieldWorkbook
from consultancy.queries import assessments
from consultancy.queries import field_workbooks as queries
from tenants.audit import AuditEntry
from tenants.files import Folder
from tests.consultancy.actions.conftest import close
from tests.document_templates.filled_workbooks import changed, filled, row_of
from tests.factories import DAY, make_engagement_site, make_site

OPEN_DOCUMENT = b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.text"
DEVELOPING, INFORMAL, NOT_APPLICABLE = "2 Developing", "1 Informal", "Not applicable"


@pytest.fixture
def visit(office, assessment, tmp_path):
    """`make()` a workbook, `back(workbook, answers)`, `apply(returned, choices)`; `rate` is a colleague at the desk."""
    files = Folder(tmp_path / "files")

    def make(**options):
        given = {"site": None, "language": "en", "author": "Priya", "today": DAY} | options
        return field_workbooks.make(assessment, files=files, by=office.member.id, **given)

    def back(workbook, answers, change=None, name="visit.docx", **options):
        content = filled(files.get(workbook.file_key), answers, **options)
        content = changed(content, change) if change else content
        return field_workbooks.bring_back(assessment, file_name=name, content=content, files=files, by=office.member.id)

    def apply(returned, choices=None, reasons=None, revision=None):
        office.session.refresh(assessment)
        return field_workbooks.apply(
            returned, revision=revision or assessment.revision, seen_on=DAY, choices=choices or {},
            reasons=reasons or {}, by=office.member.id,
        )  # fmt: skip

    def rate(code, level, **fields):
        found = assessments.rating_of(assessment, code, fields.get("site"))
        return ratings.rate_requirement(
            assessment, requirement=code, revision=found.revision if found else 0, by=office.other.id, level=level,
            state="rated", **fields,
        )  # fmt: skip

    return SimpleNamespace(make=make, back=back, apply=apply, rate=rate, files=files, session=office.session)


def kinds(returned):
    return {one.code: one.kind for one in field_workbooks.compare(returned) if one.kind != "untouched"}


def levels(assessment):
    return {code: one.rating.level for code, one in assessments.judged(assessment).items()}


def notes(assessment, code="4.1"):
    return [one.text for one in assessments.judged(assessment)[code].observations]


def test_what_was_filled_on_site_becomes_ratings_and_observations(visit, assessment):
    visit.rate("4.2", 1)
    workbook = visit.make()
    returned = visit.back(
        workbook,
        {"4.1": {"r": DEVELOPING, "n": "The board was empty.\nNobody knew.", "o": "☒"}, "4.2": {"r": DEVELOPING}},
    )
    assert kinds(returned) == {"4.1": "new", "4.2": "changed"}
    assert visit.apply(returned) == 2
    assert levels(assessment) == {"4.1": 2, "4.2": 2}
    (seen,) = assessments.judged(assessment)["4.1"].observations
    assert (seen.text, seen.method, seen.seen_on) == ("The board was empty.\nNobody knew.", "observation", DAY)


def test_however_much_it_brings_the_assessment_changes_once(visit, assessment):
    returned = visit.back(visit.make(), {code: {"r": DEVELOPING, "n": "Seen."} for code in ("4.1", "4.2", "4.3")})
    visit.session.refresh(assessment)
    before = assessment.revision
    visit.apply(returned)
    visit.session.refresh(assessment)
    assert assessment.revision == before + 1


def test_a_rating_that_moved_meanwhile_is_a_conflict_that_somebody_decides(visit, assessment):
    workbook = visit.make()
    visit.rate("4.1", 3)
    returned = visit.back(workbook, {"4.1": {"r": INFORMAL, "n": "Seen on site."}})
    assert kinds(returned) == {"4.1": "conflict"}
    with pytest.raises(field_workbooks.ChoiceMissing):
        visit.apply(returned)
    with pytest.raises(field_workbooks.ChoiceMissing):
        visit.apply(returned, {"4.1": "whatever"})
    assert levels(assessment) == {"4.1": 3}


@pytest.mark.parametrize(("choice", "level", "words"), [
    ("ours", 3, ["Seen on site."]),
    ("file", 1, ["Seen on site."]),
    ("both", 3, ["Seen on site.\nRated “1 Informal” in the field workbook; the rating “3 Effective” was kept."]),
])  # fmt: skip
def test_a_conflict_keeps_ours_takes_the_workbooks_or_keeps_both(visit, assessment, choice, level, words):
    workbook = visit.make()
    visit.rate("4.1", 3)
    visit.apply(visit.back(workbook, {"4.1": {"r": INFORMAL, "n": "Seen on site."}}), {"4.1": choice})
    assert levels(assessment) == {"4.1": level}
    assert notes(assessment) == words


def test_the_same_rating_by_two_people_is_no_conflict(visit):
    workbook = visit.make()
    visit.rate("4.1", 1)
    assert kinds(visit.back(workbook, {"4.1": {"r": INFORMAL}})) == {}


def test_another_field_of_the_rating_that_moved_is_no_conflict(visit, assessment):
    visit.rate("4.1", 1)
    workbook = visit.make()
    visit.rate("4.1", 1, recommendation="Write it down.")
    returned = visit.back(workbook, {"4.1": {"r": DEVELOPING}})
    assert kinds(returned) == {"4.1": "changed"}
    visit.apply(returned)
    assert assessments.rating_of(assessment, "4.1").recommendation == "Write it down."


def test_two_consultants_workbooks_meet_in_one_assessment(visit, assessment):
    mine, theirs = visit.make(), visit.make()
    visit.apply(visit.back(mine, {"4.1": {"r": DEVELOPING, "n": "In the office."}, "4.2": {"r": INFORMAL}}))
    returned = visit.back(theirs, {"4.1": {"r": INFORMAL, "n": "On the floor."}, "4.3": {"r": DEVELOPING}})
    assert kinds(returned) == {"4.1": "conflict", "4.3": "new"}
    visit.apply(returned, {"4.1": "file"})
    assert levels(assessment) == {"4.1": 1, "4.2": 1, "4.3": 2}
    assert notes(assessment) == ["In the office.", "On the floor."]


def test_ratings_that_moved_after_the_preview_keep_it_from_applying(visit, assessment):
    returned = visit.back(visit.make(), {"4.1": {"r": DEVELOPING}})
    seen = assessment.revision
    visit.rate("9.1.1", 2)
    with pytest.raises(RatingsMoved):
        visit.apply(returned, revision=seen)
    assert levels(assessment) == {"9.1.1": 2}


def test_the_same_file_twice_says_so(visit):
    workbook, answers = visit.make(), {"4.1": {"r": DEVELOPING}}
    first = visit.back(workbook, answers)
    second = visit.back(workbook, answers)
    visit.apply(first)
    with pytest.raises(field_workbooks.AlreadyTakenOver):
        visit.back(workbook, answers)
    with pytest.raises(field_workbooks.AlreadyTakenOver):
        visit.apply(second)


def test_the_same_workbook_brought_back_again_offers_only_what_is_new(visit, assessment):
    workbook = visit.make()
    visit.apply(visit.back(workbook, {"4.1": {"r": DEVELOPING, "n": "First."}, "4.2": {"n": "Kept."}}))
    again = visit.back(
        workbook, {"4.1": {"r": DEVELOPING, "n": "First.\nSecond."}, "4.2": {"n": "Kept."}, "4.3": {"r": INFORMAL}}
    )
    assert kinds(again) == {"4.1": "noted", "4.3": "new"}
    visit.apply(again)
    assert notes(assessment) == ["First.", "Second."]
    assert notes(assessment, "4.2") == ["Kept."]


def test_what_was_declined_once_is_not_offered_again(visit):
    workbook = visit.make()
    visit.rate("4.1", 3)
    visit.apply(visit.back(workbook, {"4.1": {"r": INFORMAL, "n": "Seen."}}), {"4.1": "ours"})
    again = visit.back(workbook, {"4.1": {"r": INFORMAL, "n": "Seen."}, "4.2": {"r": INFORMAL}})
    assert kinds(again) == {"4.2": "new"}


def test_a_row_whose_text_was_edited_waits_for_a_decision(visit, assessment):
    def edit(xml):
        row = row_of(xml, "4.1")
        return xml.replace(row, row.replace("external", "eternal", 1))

    returned = visit.back(visit.make(), {"4.1": {"r": DEVELOPING, "n": "Seen."}, "4.2": {"r": INFORMAL}}, edit)
    assert kinds(returned) == {"4.1": "tampered", "4.2": "new"}
    with pytest.raises(field_workbooks.ChoiceMissing):
        visit.apply(returned)
    visit.apply(returned, {"4.1": "leave"})
    assert levels(assessment) == {"4.2": 1}


def test_not_applicable_needs_a_reason_and_the_note_is_one(visit, assessment):
    returned = visit.back(
        visit.make(), {"4.1": {"r": NOT_APPLICABLE}, "4.2": {"r": NOT_APPLICABLE, "n": "No contractors here."}}
    )
    with pytest.raises(field_workbooks.ReasonNeeded):
        visit.apply(returned)
    visit.apply(returned, reasons={"4.1": "One site only."})
    reasons = {code: one.rating.reason for code, one in assessments.judged(assessment).items()}
    assert reasons == {"4.1": "One site only.", "4.2": "No contractors here."}


def test_with_several_ticks_the_interview_counts_and_all_stand_in_the_evidence(visit, assessment):
    visit.apply(visit.back(visit.make(), {"4.1": {"n": "Told and read.", "d": "☒", "i": "☒"}}))
    (seen,) = assessments.judged(assessment)["4.1"].observations
    assert (seen.method, seen.evidence) == ("interview", "Document, interview")


def test_a_note_alone_leaves_the_requirement_unrated(visit, assessment):
    visit.apply(visit.back(visit.make(), {"4.1": {"n": "Ask again."}}))
    assert assessments.rating_of(assessment, "4.1").state == "not_rated"
    assert notes(assessment) == ["Ask again."]


def test_a_site_of_the_workbook_stands_with_its_notes(visit, assessment, office, engagement):
    site = make_site(client=office.client)
    make_engagement_site(engagement=engagement, site=site)
    visit.apply(visit.back(visit.make(site=site), {"4.1": {"n": "A guard was off."}}))
    assert office.session.scalar(sa.select(sa.func.count()).select_from(EngagementSite)) == 1
    assert assessments.judged(assessment, site.id)["4.1"].observations[0].evidence == site.name
    assert assessments.judged(assessment) == {}


@pytest.fixture
def site(office, engagement):
    site = make_site(client=office.client)
    make_engagement_site(engagement=engagement, site=site)
    return site


def levels_at(assessment, site):
    return {code: one.rating.level for code, one in assessments.judged(assessment, site.id).items()}


def test_a_workbook_of_a_site_shows_and_rates_that_site_only(visit, assessment, site):
    visit.rate("4.1", 3)
    visit.rate("4.2", 3)
    visit.rate("4.1", 1, site=site.id)
    workbook = visit.make(site=site)
    shown = {row["code"]: row["rating"] for row in workbook.shown["rows"]}
    assert (shown["4.1"], shown["4.2"]) == ("1", "")
    returned = visit.back(workbook, {"4.1": {"r": DEVELOPING}, "4.2": {"r": INFORMAL}})
    assert kinds(returned) == {"4.1": "changed", "4.2": "new"}
    assert visit.apply(returned) == 2
    assert levels(assessment) == {"4.1": 3, "4.2": 3}
    assert levels_at(assessment, site) == {"4.1": 2, "4.2": 1}


def test_a_workbook_of_before_sites_were_rated_is_compared_with_what_it_showed(visit, assessment, site):
    for code in ("4.1", "4.2", "4.3"):
        visit.rate(code, 1)
    workbook = visit.make()  # shows the whole client, as those of a site did
    workbook.site_id, workbook.shown = site.id, {"rows": workbook.shown["rows"]}
    visit.session.flush()
    visit.session.refresh(workbook)
    visit.rate("4.3", 3, site=site.id)
    returned = visit.back(workbook, {"4.1": {"r": INFORMAL}, "4.2": {"r": DEVELOPING}, "4.3": {"r": DEVELOPING}})
    assert kinds(returned) == {"4.2": "new", "4.3": "conflict"}
    visit.apply(returned, {"4.3": "file"})
    assert levels(assessment) == {"4.1": 1, "4.2": 1, "4.3": 1}
    assert levels_at(assessment, site) == {"4.2": 2, "4.3": 2}


def test_interviews_are_counted_in_the_workbook_and_not_carried_along(visit, assessment, office):
    rating = visit.rate("4.1", 2)
    for method, text in (("interview", "Dana said it"), ("document", "The list is of 2019")):
        ratings.note_observation(rating, assessment=assessment, text=text, method=method, by=office.member.id)
    content = visit.files.get(visit.make().file_key)
    xml = row_of(changed_to_text(content), "4.1")
    assert "The list is of 2019" in xml
    assert "One note of an interview, kept in the office." in xml
    assert "Dana" not in xml


def changed_to_text(content):
    seen = []
    changed(content, lambda xml: seen.append(xml) or xml)
    return seen[0]


def test_a_workbook_of_another_engagement_is_refused_without_saying_whose(visit, office, tmp_path):
    other = assessments.of_engagement(office.open())
    theirs = field_workbooks.make(
        other, site=None, language="en", author="Sam", files=visit.files, by=office.member.id, today=DAY
    )
    with pytest.raises(field_workbooks.ForeignWorkbook) as refused:
        visit.back(theirs, {"4.1": {"r": DEVELOPING}})
    assert refused.value.args == ()


@pytest.mark.parametrize(("content", "refusal"), [
    (b"{\\rtf1 hello", field_workbooks.FieldsLost),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, field_workbooks.FieldsLost),
    (OPEN_DOCUMENT, field_workbooks.SavedAsOpenDocument),
])  # fmt: skip
def test_other_formats_are_refused_with_what_to_do(visit, assessment, office, content, refusal):
    with pytest.raises(refusal):
        field_workbooks.bring_back(
            assessment, file_name="visit.doc", content=content, files=visit.files, by=office.member.id
        )


def test_a_closed_engagement_takes_no_workbook(visit, engagement):
    workbook = visit.make()
    returned = visit.back(workbook, {"4.1": {"r": DEVELOPING}})
    close(engagement)
    for refused in (visit.make, lambda: visit.back(workbook, {}), lambda: visit.apply(returned)):
        with pytest.raises(EngagementClosed):
            refused()


def test_nothing_of_it_is_taken_when_one_requirement_fails(visit, assessment, office):
    returned = visit.back(visit.make(), {"4.1": {"r": DEVELOPING}, "10.3": {"n": "x" * 50_001}})
    with pytest.raises(ratings.NoteTooLong), office.session.begin_nested():
        visit.apply(returned)
    assert office.session.scalars(sa.select(Rating.requirement).where(Rating.level.is_not(None))).all() == []
    assert returned.applied_at is None


def test_every_step_stands_in_the_trail_and_in_the_history(visit, office):
    workbook = visit.make()
    field_workbooks.hand_over(workbook, by=office.member.id)
    returned = visit.back(workbook, {"4.1": {"r": DEVELOPING, "n": "Seen."}})
    visit.apply(returned)
    office.session.commit()
    changes = office.session.scalars(sa.select(RatingChange.field).where(RatingChange.by_id == office.member.id)).all()
    assert sorted(changes) == ["level", "state"]
    wanted = sa.select(AuditEntry.verb).where(AuditEntry.subject_id.in_((workbook.id, returned.id)))
    assert office.session.scalars(wanted.order_by(AuditEntry.number)).all() == [
        "field_workbook.made", "field_workbook.downloaded", "field_workbook.brought_back", "field_workbook.applied",
    ]  # fmt: skip


def test_an_empty_workbook_brings_nothing(visit):
    with pytest.raises(field_workbooks.NothingToTakeOver):
        visit.apply(visit.back(visit.make(), {}))


def test_a_french_workbook_is_read_by_its_own_words(visit, assessment):
    visit.apply(visit.back(visit.make(language="fr"), {"4.1": {"r": "2 En développement"}}))
    assert levels(assessment) == {"4.1": 2}


def test_a_visit_confirms_what_was_carried_over(visit, assessment):
    visit.rate("4.1", 2)
    rating = assessments.rating_of(assessment, "4.1")
    rating.carried_over = True
    visit.session.flush()
    returned = visit.back(visit.make(), {"4.1": {"r": DEVELOPING}})
    assert kinds(returned) == {"4.1": "new"}
    visit.apply(returned)
    assert (rating.level, rating.carried_over) == (2, False)


def test_the_workbook_that_came_back_is_the_only_one_that_is_read(visit, assessment):
    first, second = visit.make(), visit.make(language="fr")
    wanted, other = first.id, second.id
    visit.session.flush()
    for whole, short in ((wanted.hex, ""), ("", f"w{wanted.hex[:12]}")):
        visit.session.expunge_all()
        assert queries.claimed(assessment, whole, short).id == wanted
        assert other not in [one.id for one in visit.session.identity_map.values() if isinstance(one, FieldWorkbook)]
    assert queries.claimed(assessment, "no id at all", f"w{wanted.hex[:12]}") is None
    assert queries.claimed(assessment, "", "") is None
