"""Corrective actions as a table and a board: filtered, moved, changed many at once, one for several findings."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from consultancy.calendar import today
from consultancy.models.corrective_action import CorrectiveAction
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from tests.blueprints.offices import open_engagement
from tests.factories import entered, make_corrective_action, make_finding


@pytest.fixture
def ids(stand):
    return stand.here.employers[0].ids


@pytest.fixture
def path(ids):
    return f"/northgate/engagements/{ids['engagement']}/corrective-actions"


@pytest.fixture
def several(app, stand, ids):
    """Beside CA-01 for F-01 (Dana, planned): CA-02 to CA-04 for the major F-02, open and late, done, closed."""
    with entered(app, stand.here.tenant) as session:
        engagement = session.get_one(Engagement, (stand.here.tenant, ids["engagement"]))
        finding = make_finding(engagement=engagement, number=2, grade="major", requirement="10.2")
        for number, (status, owner) in enumerate((("open", "Sam"), ("done", "Sam"), ("closed", "Robin")), 2):
            make_corrective_action(
                finding=finding, number=number, status=status, owner_text=owner, action=f"Step {number}.",
                due=today() - timedelta(days=number), verified_by="", verified_on=None,
            ).verified_on = None  # fmt: skip
        session.get_one(CorrectiveAction, (stand.here.tenant, ids["action"])).due = today() + timedelta(days=3)


def labels(page):
    return re.findall(r'<td class="mono">(CA-\d+)</td>', page)


def lanes(page):
    found = re.findall(r'data-lane="(\w+)"(.*?)</section>', page, re.DOTALL)
    return {lane: re.findall(r'push">(CA-\d+)</span>', cards) for lane, cards in found}


def actions_of(app, stand):
    with entered(app, stand.here.tenant) as session:
        engagement_id = stand.here.employers[0].ids["engagement"]
        rows = session.scalars(sa.select(CorrectiveAction).where(CorrectiveAction.engagement_id == engagement_id))
        found = {one.number: one for one in rows}
        session.expunge_all()
        return found


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["CA-01", "CA-02", "CA-03", "CA-04"]), ("status=done", ["CA-03"]), ("overdue=1", ["CA-02"]),
        ("owner=Sam", ["CA-02", "CA-03"]), ("grade=major&sort=due", ["CA-04", "CA-03", "CA-02"]),
        ("clause=10", ["CA-02", "CA-03", "CA-04"]), ("text=step+3", ["CA-03"]), ("text=ca-4", ["CA-04"]),
        ("sort=status&descending=1&owner=Sam", ["CA-03", "CA-02"]),
    ],
)  # fmt: skip
def test_the_address_says_which_actions_are_shown_and_in_which_order(several, consultant, path, query, shown):
    assert labels(consultant.get(f"{path}?{query}").text) == shown


def test_the_board_has_a_column_for_each_state_and_the_late_ones_stand_above(several, consultant, path):
    page = consultant.get(f"{path}?view=board&grade=major").text
    assert lanes(page) == {"open": ["CA-02"], "planned": [], "done": ["CA-03"], "verified": [], "closed": ["CA-04"]}
    assert "1 action is overdue" in page


class TestMoving:
    def test_a_card_is_moved_by_a_form_and_the_board_keeps_its_filter(self, app, stand, several, consultant, ids, path):
        address = f"/northgate/corrective-actions/{ids['action']}/move?view=board&owner=Dana"
        seen = actions_of(app, stand)[1]
        answer = consultant.post(address, {"status": "done", "revision": seen.revision})
        assert (answer.status_code, answer.location) == (303, f"{path}?owner=Dana&view=board")
        assert actions_of(app, stand)[1].status == "done"

    def test_a_card_that_moved_meanwhile_stays_and_is_named(self, app, stand, several, consultant, ids):
        address = f"/northgate/corrective-actions/{ids['action']}/move"
        answer = consultant.post(address, {"status": "done", "revision": 9})
        assert (answer.status_code, "CA-01" in answer.text) == (409, True)
        assert actions_of(app, stand)[1].status == "planned"

    def test_nothing_becomes_verified_by_being_dragged_there_without_a_name_and_a_day(
        self, app, stand, several, consultant
    ):
        action = actions_of(app, stand)[3]
        fields = {"status": "verified", "revision": action.revision}
        answer = consultant.post(f"/northgate/corrective-actions/{action.id}/move?view=board", fields)
        assert (answer.status_code, "CA-03: who verified it" in answer.text) == (422, True)
        assert lanes(answer.text)["done"] == ["CA-03"]

    @pytest.mark.parametrize("fields", [{"status": "overdue"}, {"status": ""}, {"status": "done", "revision": "x"}])
    def test_there_is_no_other_column(self, app, stand, consultant, ids, fields):
        answer = consultant.post(f"/northgate/corrective-actions/{ids['action']}/move", {"revision": 1} | fields)
        assert answer.status_code == 422


class TestManyAtOnce:
    def marks(self, rows):
        return [f"{one.id}:{one.revision}" for one in rows]

    def test_owner_and_date_of_the_marked_change(self, app, stand, several, consultant, path):
        before = actions_of(app, stand)
        fields = {"owner_text": "Kim", "later": "30", "marked": self.marks([before[1], before[2]])}
        assert consultant.post(f"{path}/change", fields).status_code == 303
        after = actions_of(app, stand)
        assert [after[n].owner_text for n in (1, 2, 3)] == ["Kim", "Kim", "Sam"]
        assert [after[n].due - before[n].due for n in (1, 2, 3)] == [timedelta(30), timedelta(30), timedelta()]

    def test_one_that_cannot_be_verified_so_holds_all_of_them(self, app, stand, several, consultant, path):
        before = actions_of(app, stand)
        fields = {"status": "verified", "marked": self.marks(before.values())}
        answer = consultant.post(f"{path}/change", fields)
        assert (answer.status_code, "CA-02: who verified it" in answer.text) == (422, True)
        assert {n: one.status for n, one in actions_of(app, stand).items()} == {
            n: one.status for n, one in before.items()
        }

    def test_the_verifier_cannot_become_the_owner_that_way(self, app, stand, several, consultant, path):
        fields = {"owner_text": "Sam", "marked": self.marks([actions_of(app, stand)[1]])}
        assert consultant.post(f"{path}/change", fields).status_code == 422

    def test_one_that_moved_meanwhile_is_named_and_none_changes(self, app, stand, several, consultant, path):
        before = actions_of(app, stand)
        marked = [*self.marks([before[1]]), f"{before[4].id}:{before[4].revision + 1}"]
        answer = consultant.post(f"{path}/change", {"owner_text": "Kim", "marked": marked})
        assert (answer.status_code, "CA-04" in answer.text) == (409, True)
        assert actions_of(app, stand)[1].owner_text == "Dana"


class TestOneForSeveral:
    def link(self, visitor, ids, numbers, engagement=None):
        fields = {"numbers": numbers, "engagement": str(engagement or ids["engagement"])}
        return visitor.post(f"/northgate/corrective-actions/{ids['action']}/findings", fields)

    def test_an_action_is_shown_on_every_finding_it_answers_and_counts_there(
        self, app, stand, several, consultant, ids, path
    ):
        assert self.link(consultant, ids, "f-02, F-2").status_code == 303
        assert "F-02" in consultant.get(f"/northgate/corrective-actions/{ids['action']}").text
        second = finding_of(app, stand, ids["engagement"], 2)
        page = consultant.get(f"/northgate/findings/{second}").text
        assert "CA-01" in page
        assert "planned for another finding" in page
        row = re.search(r"<tr[^>]*>(?:(?!</tr>).)*CA-01(?:(?!</tr>).)*</tr>", consultant.get(path).text, re.DOTALL)[0]
        assert re.findall(r">(F-\d+)", row) == ["F-01", "F-02"]
        counted = consultant.get(path.replace("corrective-actions", "findings") + "?text=F-02").text
        assert '<td data-k="Actions" class="r">4</td>' in counted

    def test_the_other_finding_closes_only_after_it(self, app, stand, consultant, ids):
        with entered(app, stand.here.tenant) as session:
            engagement = session.get_one(Engagement, (stand.here.tenant, ids["engagement"]))
            other = make_finding(engagement=engagement, number=7, requirement="4.1")
            other_id, revision = other.id, other.revision
        self.link(consultant, ids, "7")
        fields = {"requirement": "4.1", "grade": "minor", "title": "T", "statement": "S", "status": "closed"}
        answer = consultant.post(f"/northgate/findings/{other_id}", fields | {"revision": revision})
        assert (answer.status_code, "F-07 still has corrective actions" in answer.text) == (409, True)

    def test_it_answers_findings_of_another_standard_of_the_same_employer(self, app, stand, consultant, ids):
        with entered(app, stand.here.tenant) as session:
            home = session.get_one(Engagement, (stand.here.tenant, ids["engagement"]))
            other = open_engagement(home.client, kind="pre_audit")
            other.title = "COR before the audit"
            make_finding(engagement=other, number=1, title="Element six is thin.")
            other_id = other.id
        assert self.link(consultant, ids, "F-01", other_id).status_code == 303
        page = consultant.get(f"/northgate/corrective-actions/{ids['action']}").text
        assert "Element six is thin." in page
        assert "COR before the audit" in page

    @pytest.mark.parametrize("numbers", ["F-99", "", "CA-01", "F-00", "F-01; drop", "-1", "9999999999", "é"])
    def test_what_is_no_finding_is_named_and_nothing_is_linked(self, app, stand, consultant, ids, numbers):
        assert self.link(consultant, ids, numbers).status_code == 422

    def test_another_employers_findings_are_not_offered(self, stand, consultant, ids):
        assert self.link(consultant, ids, "F-01", stand.here.employers[1].ids["engagement"]).status_code == 422

    def test_a_finding_is_taken_off_again(self, app, stand, several, consultant, ids):
        self.link(consultant, ids, "F-02")
        second = finding_of(app, stand, ids["engagement"], 2)
        address = f"/northgate/corrective-actions/{ids['action']}"
        assert f'href="{address}"' in consultant.get(f"/northgate/findings/{second}").text
        consultant.post(f"{address}/findings/{second}/remove", {})
        assert f'href="{address}"' not in consultant.get(f"/northgate/findings/{second}").text


def finding_of(app, stand, engagement_id, number):
    with entered(app, stand.here.tenant) as session:
        wanted = sa.select(Finding.id).where(Finding.engagement_id == engagement_id, Finding.number == number)
        return session.scalars(wanted).one()


def test_the_way_to_the_cause_and_the_check_of_effect_are_kept_and_shown_again(app, stand, consultant, ids):
    seen = actions_of(app, stand)[1]
    fields = {
        "action": "Fit a guard.", "status": "done", "owner_text": "Dana", "verified_by": "Sam",
        "why_1": "The guard was off.", "why_5": "Nobody owns the check.", "bone_machine": "Guard without interlock.",
        "effect_due": "2027-05-01", "effect_result": "partly", "control_level": "engineering",
    }  # fmt: skip
    address = f"/northgate/corrective-actions/{ids['action']}"
    assert consultant.post(address, fields | {"revision": seen.revision}).status_code == 303
    page = consultant.get(address).text
    for words in ("The guard was off.", "Nobody owns the check.", "Guard without interlock.", "2027-05-01"):
        assert words in page
    assert actions_of(app, stand)[1].effect_result == "partly"
    wrong = consultant.post(address, fields | {"revision": seen.revision + 1, "effect_result": "splendid"})
    assert (wrong.status_code, "Nobody owns the check." in wrong.text) == (422, True)
