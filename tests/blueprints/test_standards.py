"""Own standards from the settings to the clause desk: made, published, chosen, judged by points, moved."""

import re

import pytest

from consultancy.models.engagement import Engagement
from consultancy.models.standard import OwnStandard
from tests.factories import entered, make_interview, make_interview_answer

SHELF = "/northgate/settings/standards"
JSON = {"Accept": "application/json"}
NEW = {"name": "Our COR questions", "version": "2026", "kind": "questions", "based_on": "cor2020"}
QUESTION = {
    "code": "3.01", "title": "Hierarchy of controls", "element": "3", "points": "4", "rule": "range",
    "documentation": "4", "interview": "4", "weight": "1", "revision": "0",
}  # fmt: skip


@pytest.fixture
def owner(signed_in):
    return signed_in("own")


@pytest.fixture
def draft(owner):
    """The address of a draft with one question."""
    address = owner.post(SHELF, NEW).location
    assert owner.post(f"{address}/requirements", QUESTION).status_code == 303
    return address


@pytest.fixture
def key(owner, draft):
    owner.post(f"{draft}/publish", owner.form(draft, f"{draft}/publish") | {"licence": "y"})
    return "own-" + draft.rpartition("/")[2].replace("-", "")


@pytest.fixture
def engagement(owner, stand, key):
    """The address of an engagement by points."""
    client = f"/northgate/clients/{stand.here.employers[0].ids['client']}/engagements"
    fields = {"kind": "gap_analysis", "title": "COR", "standard": key, "language": "en", "opened_on": "2026-03-02"}
    return owner.post(client, fields).location


def test_an_engagement_can_choose_a_standard_once_it_is_published(owner, stand, draft):
    new = f"/northgate/clients/{stand.here.employers[0].ids['client']}/engagements/new"
    assert "Our COR questions (2026)" not in owner.get(new).text
    owner.post(f"{draft}/publish", owner.form(draft, f"{draft}/publish") | {"licence": "y"})
    assert "Our COR questions (2026)" in owner.get(new).text


def test_without_the_tick_nothing_is_published(app, stand, owner, draft):
    answer = owner.post(f"{draft}/publish", owner.form(draft, f"{draft}/publish"))
    assert answer.status_code == 422
    assert "Confirm it." in answer.text
    with entered(app, stand.here.tenant) as session:
        rows = session.query(OwnStandard).filter_by(name=NEW["name"]).all()
        assert [one.published_at for one in rows] == [None]


def test_a_published_version_answers_changes_with_a_conflict(owner, draft, key):
    answer = owner.post(f"{draft}/requirements", QUESTION | {"code": "3.02"})
    assert answer.status_code == 409
    assert "Begin a new version" in answer.text


def test_a_faulty_question_keeps_what_was_typed_and_says_what_is_wrong(owner, draft):
    answer = owner.post(f"{draft}/requirements", QUESTION | {"code": "3 02", "element": "15"})
    assert answer.status_code == 422
    assert "is not a code" in answer.text
    assert "none of the elements" in answer.text
    assert 'value="15"' in answer.text


@pytest.mark.parametrize("fields", [{"based_on": ""}, {"kind": "overlay"}, {"kind": "standard"}])
def test_what_lies_below_has_to_fit(owner, fields):
    assert owner.post(SHELF, NEW | fields).status_code == 422


def test_the_clause_desk_takes_points_and_the_marks_follow(owner, engagement):
    desk = f"{engagement}/assessment/3.01"
    assert "Points by method" in owner.get(desk).text
    points = {"rating": "", "document_points": "4", "interview_points": "", "revision": "0"}
    assert owner.post(desk, points, headers=JSON).status_code == 200
    marks = owner.get(f"{engagement}/marks").text
    assert "50.0 % – 100.0 %" in marks  # not verified is not zero
    page = owner.form(desk, desk)
    assert (page["document_points"], page["interview_points"]) == ("4", "")
    assert owner.post(desk, page | {"interview_points": "4"}, headers=JSON).status_code == 200
    assert "Passes" in owner.get(f"{engagement}/marks").text


def test_looking_across_clients_offers_a_standard_of_ones_own(owner, engagement, key):
    insight = f"/northgate/clients/insight?standard={key}"
    assert "No client of this choice has ratings" in owner.get(insight).text
    owner.post(f"{engagement}/assessment/3.01", {"document_points": "4", "interview_points": "4", "revision": "0"})
    page = owner.get(insight).text
    assert f'<option value="{key}" selected>Our COR questions (2026)</option>' in page
    assert page.count('<span class="num">3</span>') == 2  # the client's own level, and the words of the scale


def test_more_points_than_a_method_brings_are_refused_in_words(owner, engagement):
    desk = f"{engagement}/assessment/3.01"
    answer = owner.post(desk, {"document_points": "5", "revision": "0"}, headers=JSON)
    assert (answer.status_code, answer.json) == (422, {"sentence": "3.01: this method brings 0 to 4 points."})


def test_a_standard_by_points_offers_no_levels_no_workbook_and_no_checklist(owner, stand, engagement):
    ordinary = f"/northgate/engagements/{stand.here.employers[0].ids['engagement']}"
    by_levels = ('name="rating"', "Download as Excel", "Bring in a checklist", "Field workbook")
    assert all(words in owner.get(f"{ordinary}/assessment").text for words in by_levels)
    grid, overview = owner.get(f"{engagement}/assessment").text, owner.get(engagement).text
    assert "Hierarchy of controls" in grid
    assert not any(words in grid or words in overview for words in by_levels)
    answer = owner.get(f"{engagement}/checklists/workbook")
    assert answer.status_code == 409
    assert "scored by points" in answer.text


def test_the_preview_counts_the_answers_of_interviews_that_go_along(app, owner, stand):
    ids = stand.here.employers[0].ids
    with entered(app, stand.here.tenant) as session:
        engagement = session.get(Engagement, (stand.here.tenant, ids["engagement"]))
        for number in (20, 21):
            interview = make_interview(engagement=engagement, number=number)
            make_interview_answer(interview=interview, requirement="8.1.3", standard=engagement.standard)
    address = f"/northgate/engagements/{ids['engagement']}/standard"
    told = r"Answers from interviews that go along</dt><dd>(\d+)<"
    (before,) = re.findall(told, owner.get(f"{address}?to=csa-z45001-2019").text)
    assert int(before) >= 2
    assert not re.findall(told, owner.get(f"{address}?to=cor2020").text)
    owner.post(address, owner.form(f"{address}?to=csa-z45001-2019", address))
    assert not re.findall(told, owner.get(f"{address}?to=iso45001-2018-amd1").text)


def test_an_engagement_moves_after_the_preview_and_not_when_ratings_moved_since(owner, stand):
    address = f"/northgate/engagements/{stand.here.employers[0].ids['engagement']}"
    preview = owner.form(f"{address}/standard?to=csa-z45001-2019", f"{address}/standard")
    owner.post(f"{address}/assessment/4.2", {"rating": "2", "revision": "0"})
    assert owner.post(f"{address}/standard", preview).status_code == 409
    preview = owner.form(f"{address}/standard?to=csa-z45001-2019", f"{address}/standard")
    assert owner.post(f"{address}/standard", preview).status_code == 303
    assert "Carried over" in owner.get(f"{address}/assessment/4.2").text
    earlier = f"{address}/assessments/{stand.here.employers[0].ids['assessment']}"
    assert "ISO 45001 (2018 + Amd 1:2024)" in owner.get(f"{address}/standard").text
    assert owner.get(earlier).status_code == 200
