"""Excel both ways: the ratings go out, are edited with another program, and come back cell by cell."""

import uuid
from datetime import date

import pytest
import sqlalchemy as sa

from consultancy.actions import checklists, ratings
from consultancy.actions import returned_checklists as returning
from consultancy.checklists.layout import COLUMNS, HIDDEN_SHEET
from consultancy.models.assessment import ChecklistImport, Observation, Rating
from consultancy.queries import assessments
from consultancy.standards import catalogue
from tenants.files import Folder
from tests.consultancy.actions.workbooks import Sheet
from tests.consultancy.checklists import files
from tests.factories import make_engagement_site, make_rating, make_site
from tests.office import SPREADSHEET, resaved

ISO = "iso45001-2018-amd1"
NAMES = list(COLUMNS)


@pytest.fixture
def by(office):
    return office.member.id


@pytest.fixture
def download(assessment, by):
    return lambda: returning.download(assessment, by=by)


@pytest.fixture
def rate(assessment, by):
    def rate_it(requirement, site=None, **fields):
        rating = assessments.rating_of(assessment, requirement, site)
        revision = rating.revision if rating else 0
        if "level" in fields:
            fields |= {"state": "rated"}
        return ratings.rate_requirement(
            assessment, requirement=requirement, site=site, revision=revision, by=by, **fields
        )

    return rate_it


@pytest.fixture
def bring(assessment, by, tmp_path):
    def bring_it(content):
        name = f"{uuid.uuid4()}.xlsx"
        return checklists.receive(
            assessment, file_name=name, content=content, files=Folder(tmp_path / "files"), by=by
        )

    return bring_it


@pytest.fixture
def apply(office, assessment, by):
    def apply_it(kept, **choices):
        office.session.refresh(assessment)
        decided = {name.replace("__", "@:").replace("_", "."): value for name, value in choices.items()}
        return checklists.apply(kept, revision=assessment.revision, by=by, choices=decided)

    return apply_it


def changes(kept):
    return {
        (change.row.requirement, cell.field): (cell.kind, cell.theirs, cell.yours)
        for change in returning.compare(kept).changes
        for cell in change.cells
    }


def problems(kept):
    return [(one.cell, one.kind) for one in returning.from_plain(kept.reading).problems]


def test_however_much_it_brings_the_assessment_changes_once(office, assessment, download, bring, apply):
    sheet = Sheet(download())
    for code in ("4.1", "4.2", "5.2"):
        sheet.type(code, rating=2, observation="Seen.")
    ours, theirs = bring(sheet.content), bring(files.excel(files.row("6.1.1", 2), files.row("6.1.3", 1)))
    for kept in (ours, theirs):
        office.session.refresh(assessment)
        before = assessment.revision
        assert apply(kept) > 1
        office.session.refresh(assessment)
        assert assessment.revision == before + 1


def test_a_download_brought_back_untouched_changes_nothing(office, download, rate, bring, apply):
    rate("4.1", level=2, recommendation="Review it\nyearly.", priority="high", owner_text="Ana", due=date(2026, 9, 1))
    kept = bring(download())
    assert (problems(kept), changes(kept)) == ([], {})
    assert apply(kept) == 0


def test_what_was_changed_comes_back_and_the_rest_stays(office, assessment, download, rate, bring, apply):
    rate("4.1", level=1, recommendation="Old.", owner_text="Ana")
    sheet = Sheet(download())
    sheet.type("4.1", rating="3 effective", observation="Seen it.", method="interview", evidence="Minutes")
    sheet.type("4.2", rating=2, priority="medium", effort_text="2 d", due=date(2026, 10, 1))
    sheet.type("8.2", rating="not applicable", reason="No such work.")
    kept = bring(sheet.content)
    assert changes(kept) == {
        ("4.1", "rating"): ("changed", "1", "3"),
        ("4.1", "observation"): ("new", "", "Seen it."),
        ("4.1", "method"): ("new", "", "interview"),
        ("4.1", "evidence"): ("new", "", "Minutes"),
        ("4.2", "rating"): ("changed", "", "2"),
        ("4.2", "priority"): ("changed", "", "medium"),
        ("4.2", "effort_text"): ("changed", "", "2 d"),
        ("4.2", "due"): ("changed", "", "2026-10-01"),
        ("8.2", "rating"): ("changed", "", "not_applicable"),
        ("8.2", "reason"): ("changed", "", "No such work."),
    }
    assert apply(kept) == 3
    first, second = assessments.rating_of(assessment, "4.1"), assessments.rating_of(assessment, "4.2")
    assert (first.level, first.recommendation, first.owner_text) == (3, "Old.", "Ana")
    assert (second.level, second.priority, second.due) == (2, "medium", date(2026, 10, 1))
    [seen] = assessments.observations_of(first)
    assert (seen.text, seen.method, seen.evidence, seen.imported) == ("Seen it.", "interview", "Minutes", True)


def test_a_cell_that_two_people_changed_is_a_conflict_and_the_others_are_not(
    assessment, download, rate, bring, apply
):
    rate("4.1", level=1, recommendation="Old.", owner_text="Ana")
    sheet = Sheet(download())
    rate("4.1", level=2, owner_text="Ben")  # meanwhile, in the practice
    sheet.type("4.1", rating="3 effective", recommendation="New.")
    kept = bring(sheet.content)
    assert changes(kept) == {
        ("4.1", "rating"): ("conflict", "2", "3"),
        ("4.1", "recommendation"): ("changed", "Old.", "New."),
    }
    with pytest.raises(returning.ChoiceMissing):
        apply(kept)
    assert assessments.rating_of(assessment, "4.1").recommendation == "Old."
    apply(kept, **{"4_1__rating": "theirs"})
    rating = assessments.rating_of(assessment, "4.1")
    assert (rating.level, rating.recommendation, rating.owner_text) == (2, "New.", "Ben")


def test_a_conflict_decided_for_the_file_takes_the_file(assessment, download, rate, bring, apply):
    sheet = Sheet(download())
    rate("4.1", level=2)
    sheet.type("4.1", rating="0 absent")
    kept = bring(sheet.content)
    assert changes(kept) == {("4.1", "rating"): ("conflict", "2", "0")}
    apply(kept, **{"4_1__rating": "yours"})
    assert assessments.rating_of(assessment, "4.1").level == 0


def test_both_typed_the_same_is_no_conflict(download, rate, bring):
    sheet = Sheet(download())
    rate("4.1", level=2)
    sheet.type("4.1", rating="2 developing")
    assert changes(bring(sheet.content)) == {}


def test_an_observation_that_is_there_already_is_not_noted_twice(assessment, download, bring, apply):
    sheet = Sheet(download())
    sheet.type("4.1", observation="Seen.")
    apply(bring(sheet.content))
    sheet.type("4.2", observation="Seen too.")
    kept = bring(sheet.content)
    assert changes(kept) == {("4.2", "observation"): ("new", "", "Seen too.")}


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-x", "@SUM(A1)", "  edges", "Ünï 🦺"])
def test_text_that_looks_like_a_formula_goes_out_and_comes_back_as_text(download, rate, bring, text):
    rate("4.1", level=2, recommendation=text)
    sheet = Sheet(download())
    assert sheet.at("4.1", "recommendation").data_type == "s"
    assert sheet.at("4.1", "recommendation").value == text
    assert changes(bring(sheet.content)) == {}


def test_an_escape_of_excel_typed_as_text_comes_back_as_text(download, rate, bring):
    rate("4.1", level=2, recommendation="_x0041_", owner_text="a_x000D_b")
    assert changes(bring(download())) == {}  # openpyxl would write it unescaped


def test_a_note_too_long_for_a_cell_stays_as_it_is(assessment, download, rate, bring, apply):
    long = "word " * 8_000
    rate("4.1", level=2, recommendation=long)
    sheet = Sheet(download())
    assert "Too long" in sheet.at("4.1", "recommendation").value
    sheet.type("4.1", rating="1 informal")
    apply(bring(sheet.content))
    rating = assessments.rating_of(assessment, "4.1")
    assert (rating.level, rating.recommendation) == (1, long)


def test_the_workbook_has_lists_locks_and_a_hidden_sheet(download, rate):
    rate("4.1", level=2)
    sheet = Sheet(download())
    lists = {str(one.sqref).split(":")[0]: one.formula1 for one in sheet.sheet.data_validations.dataValidation}
    rating = sheet.at("4.1", "rating")
    assert lists[f"{rating.column_letter}2"].startswith('"0 absent,1 informal')
    assert sheet.sheet.freeze_panes is not None
    assert sheet.sheet.protection.sheet
    for name in NAMES:
        if name != "site":
            assert sheet.at("4.1", name).protection.locked is (name in ("row", "revision"))
    for name in ("row", "revision"):
        assert sheet.sheet.column_dimensions[sheet.at("4.1", name).column_letter].hidden
    assert sheet.book[HIDDEN_SHEET].sheet_state == "veryHidden"
    assert rating.value == "2 developing"


def test_a_french_engagement_gets_french_columns_words_and_questions(office, bring, by):
    engagement = office.open(language="fr")
    assessment = assessments.of_engagement(engagement)
    sheet = Sheet(returning.download(assessment, by=by))
    assert [cell.value for cell in sheet.sheet[1]][:4] == ["Article", "Titre", "Notre question", "Cote"]
    assert sheet.at("4.1", "title").value == catalogue.find(ISO, "fr").requirement("4.1").full_title


BROKEN = {
    "an id nobody gave": ({"row": "99.9@"}, "row_unknown"),
    "a revision of another day": ({"revision": 7}, "revision_changed"),
    "another number": ({"clause": "4.2"}, "clause_changed"),
    "a level off the scale": ({"rating": 4}, "rating_off_scale"),
    "true as a level": ({"rating": True}, "rating_is_true_or_false"),
    "half a level": ({"rating": 2.5}, "rating_off_scale"),
    "a word not in the list": ({"rating": "quite good"}, "rating_not_listed"),
    "not applicable without a reason": ({"rating": "not applicable"}, "reason_missing"),
    "a priority not in the list": ({"priority": "urgent"}, "priority_unclear"),
    "a method not in the list": ({"method": "hearsay", "observation": "x"}, "method_not_listed"),
    "a method and nothing seen": ({"method": "interview"}, "method_alone"),
    "a day no calendar knows": ({"due": "2026-02-30"}, "due_impossible"),
    "a day of two readings": ({"due": "03/04/2026"}, "due_order_unclear"),
    "an owner too long": ({"owner_text": "x" * 121}, "too_long"),
    "an error": ({"recommendation": "#REF!"}, "cell_error"),
    "a formula": ({"recommendation": "=1+1"}, "formula_without_value"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_cell_that_cannot_be_taken_is_named_and_nothing_is_applied(office, download, bring, apply, name):
    values, kind = BROKEN[name]
    sheet = Sheet(download())
    cells = [sheet.at("4.1", field).coordinate for field in values]
    sheet.type("9.3", rating="2 developing")
    sheet.type("4.1", **values)
    kept = bring(sheet.content)
    [(cell, found)] = problems(kept)
    assert (found, cell in cells) == (kind, True)
    with pytest.raises(checklists.NotReady):
        apply(kept)
    assert office.session.scalars(sa.select(Rating)).all() == []


def test_rows_moved_sorted_copied_and_added_are_known_by_their_id(download, bring):
    sheet = Sheet(download())
    sheet.sheet.move_range(f"A2:{sheet.sheet.cell(2, sheet.sheet.max_column).coordinate}", rows=60)
    assert problems(bring(sheet.content)) == []
    sheet.sheet.cell(63, sheet.column["row"], "4.2@")
    sheet.sheet.cell(63, sheet.column["revision"], 0)
    sheet.sheet.cell(63, sheet.column["clause"], "4.2")
    sheet.sheet.cell(64, sheet.column["observation"], "From nowhere.")
    found = problems(bring(sheet.content))
    assert [kind for _cell, kind in found] == ["row_twice", "row_without_id"]


def test_a_row_taken_out_of_the_file_is_left_alone(assessment, download, rate, bring, apply):
    rate("4.1", level=2)
    sheet = Sheet(download())
    sheet.sheet.delete_rows(2)
    kept = bring(sheet.content)
    assert returning.from_plain(kept.reading).missing == ("4.1@",)
    apply(kept)
    assert assessments.rating_of(assessment, "4.1").level == 2


def test_a_hidden_sheet_that_was_changed_is_refused(download, bring):
    sheet = Sheet(download())
    sheet.book[HIDDEN_SHEET].cell(5, 2, 3)
    assert problems(bring(sheet.content)) == [("", "seal_broken")]


def test_hidden_columns_that_are_gone_are_named(download, bring):
    sheet = Sheet(download())
    sheet.sheet.delete_cols(sheet.column["row"])
    assert problems(bring(sheet.content)) == [("", "hidden_columns_gone")]


def test_a_workbook_of_another_engagement_is_refused(office, by, bring):
    other = assessments.of_engagement(office.open(title="Another"))
    assert problems(bring(returning.download(other, by=by))) == [("", "other_assessment")]


def test_the_same_file_twice_was_already_imported(download, bring, apply):
    sheet = Sheet(download())
    sheet.type("4.1", rating="2 developing")
    content = sheet.content
    apply(bring(content))
    with pytest.raises(checklists.AlreadyImported):
        bring(content)


def test_ratings_that_moved_after_the_preview_keep_it_from_applying(assessment, download, rate, bring, by):
    sheet = Sheet(download())
    sheet.type("4.1", rating="2 developing")
    kept, shown = bring(sheet.content), assessment.revision
    rate("4.2", level=1)
    with pytest.raises(checklists.RatingsMoved):
        checklists.apply(kept, revision=shown, by=by, choices={})


class TestFourHundredRows:
    """Ten sites with ratings of their own: 440 rows."""

    @pytest.fixture
    def sites(self, office, engagement, assessment):
        sites = [make_site(client=office.client, name=f"Site {number:02}") for number in range(10)]
        for number, site in enumerate(sites):
            make_engagement_site(engagement=engagement, site=site)
            make_rating(assessment=assessment, requirement="4.1", level=number % 4, site=site)
        return sites

    def edit(self, sheet):
        """A word in every row, and a level in every third."""
        rows = 0
        for row in range(2, sheet.sheet.max_row + 1):
            rows += 1
            known = sheet.sheet.cell(row, sheet.column["row"]).value
            sheet.sheet.cell(row, sheet.column["observation"], f"Seen at {known}.")
            if rows % 3 == 0:
                sheet.sheet.cell(row, sheet.column["rating"], "2 developing")
        return rows

    def test_come_back_without_a_loss_and_with_their_conflicts(
        self, office, assessment, download, rate, bring, apply, sites
    ):
        sheet = Sheet(download())
        assert self.edit(sheet) == 440
        rated = [
            sheet.sheet.cell(row, sheet.column["row"]).value
            for row in range(2, 442)
            if sheet.sheet.cell(row, sheet.column["rating"]).value == "2 developing"
        ]
        moved = [known for known in rated if known.startswith("10.")][:5]
        for known in moved:
            requirement, _at, site = known.partition("@")
            rate(requirement, site=uuid.UUID(site) if site else None, level=1)
        kept = bring(sheet.content)
        assert problems(kept) == []
        found = returning.compare(kept)
        conflicts = [change.key(cell) for change in found.changes for cell in change.cells if cell.kind == "conflict"]
        assert sorted(conflicts) == sorted(f"{known}:rating" for known in moved)
        office.session.refresh(assessment)
        choices = dict.fromkeys(conflicts, "theirs")
        assert checklists.apply(kept, revision=assessment.revision, by=office.member.id, choices=choices) == 440
        texts = {
            f"{rating.requirement}@{rating.site_id or ''}": text
            for rating, text in office.session.execute(
                sa.select(Rating, Observation.text).join(Observation, Observation.rating_id == Rating.id)
            )
        }
        assert len(texts) == 440
        assert all(text == f"Seen at {known}." for known, text in texts.items())
        levels = {
            f"{rating.requirement}@{rating.site_id or ''}": rating.level
            for rating in office.session.scalars(sa.select(Rating))
        }
        assert {levels[known] for known in moved} == {1}
        assert {levels[known] for known in set(rated) - set(moved)} == {2}

    @pytest.mark.calc
    def test_libreoffice_saves_them_and_nothing_is_different(self, download, rate, bring, sites, tmp_path):
        rate("4.1", level=2, recommendation="=1+1\nÜber\ttabs", owner_text="+1", due=date(2026, 9, 1), priority="low")
        saved = resaved(tmp_path, download(), SPREADSHEET)
        kept = bring(saved)
        assert (problems(kept), changes(kept)) == ([], {})
        assert len(returning.from_plain(kept.reading).rows) == 440
        sheet = Sheet(saved)
        sheet.type("4.2", rating="3 effective")
        assert changes(bring(sheet.content)) == {("4.2", "rating"): ("changed", "", "3")}


def test_a_download_is_kept_nowhere_and_noted(office, assessment, download):
    download()
    assert office.session.scalar(sa.select(sa.func.count()).select_from(ChecklistImport)) == 0
    assert [note["verb"] for note in office.session.info["audit_notes"]][-1] == "checklist.downloaded"
