"""The list of findings: filtered, sorted, page by page, changed many at once; filters kept by name."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from markupsafe import escape

from consultancy.calendar import today
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from consultancy.models.saved_filter import SavedFilter
from consultancy.queries import assessments
from tenants.audit import AuditEntry
from tests.factories import entered, make_finding, make_rating

NASTY = ("<img src=x onerror=alert(1)>", "{{7*7}}", '=HYPERLINK("http://e","x")', "'; DROP TABLE finding; --")


@pytest.fixture
def path(stand):
    return f"/northgate/engagements/{stand.here.employers[0].ids['engagement']}/findings"


@pytest.fixture
def several(app, stand):
    """Beside the one that is there: F-02 to F-05, a major that is late, minors of Sam and Dana, a strength."""
    late, soon = today() - timedelta(days=1), today() + timedelta(days=9)
    with entered(app, stand.here.tenant) as session:
        engagement = engagement_of(session, stand)
        rows = (
            ("4.1", "major", "open", "Sam", late, "Nobody knows the context."),
            ("10.2", "minor", "verification", "Dana", soon, "Incidents wait for a week."),
            ("8.1.2", "minor", "closed", "Sam", late, "Guard rails are missing."),
            ("9.3", "strength", "noted", "", None, "The review looks at trends."),
        )
        for number, (requirement, grade, status, owner, due, title) in enumerate(rows, 2):
            make_finding(
                engagement=engagement, number=number, requirement=requirement, grade=grade, status=status,
                owner_text=owner, title=title,
            ).due = due  # fmt: skip


def engagement_of(session, stand):
    return session.get_one(Engagement, (stand.here.tenant, stand.here.employers[0].ids["engagement"]))


def labels(page):
    return re.findall(r'<td class="mono">(F-\d+)</td>', page)


def findings_of(app, stand):
    with entered(app, stand.here.tenant) as session:
        rows = session.scalars(sa.select(Finding).where(Finding.engagement_id == engagement_of(session, stand).id))
        found = {one.number: one for one in rows}
        session.expunge_all()
        return found


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("grade=major", ["F-02"]), ("status=closed", ["F-04"]), ("clause=10", ["F-03"]), ("clause=1", []),
        ("owner=Sam", ["F-02", "F-04"]), ("overdue=1&owner=Sam", ["F-02"]), ("text=GUARD+rails", ["F-04"]),
        ("text=F-03", ["F-03"]), ("text=F-5", ["F-05"]), ("text=%25", []), ("grade=nonsense&owner=Dana", ["F-03"]),
        ("all=1&sort=clause", ["F-02", "F-01", "F-04", "F-05", "F-03"]),
        ("sort=grade&descending=1&clause=9", ["F-05"]), ("sort=number&descending=1&owner=Sam", ["F-04", "F-02"]),
        ("sort=due&owner=Sam&page=2", []), ("sort=drop+table&owner=Dana", ["F-03"]),
    ],
)  # fmt: skip
def test_the_address_says_which_findings_are_shown_and_in_which_order(several, consultant, path, query, shown):
    assert labels(consultant.get(f"{path}?{query}").text) == shown


def test_each_filter_says_how_many_it_would_show_under_the_others(several, consultant, path):
    page = consultant.get(f"{path}?owner=Sam").text
    counted = dict(re.findall(r'class="chip"[^>]*>([^<]+?) <span class="n">(\d+)</span>', page))
    assert counted == {"Major": "1", "Minor": "1", "Open": "1", "Closed": "1", "Overdue": "1"}


def test_a_page_holds_a_hundred_and_leads_to_the_next_under_the_same_filter(app, stand, consultant, path):
    with entered(app, stand.here.tenant) as session:
        engagement = engagement_of(session, stand)
        for number in range(10, 140):
            make_finding(engagement=engagement, number=number, grade="ofi", requirement="4.1")
    first = consultant.get(f"{path}?grade=ofi").text
    assert (len(labels(first)), labels(first)[0], labels(first)[-1]) == (100, "F-10", "F-109")
    onward = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert labels(consultant.get(onward).text) == [f"F-{number}" for number in range(110, 140)]
    assert labels(consultant.get(f"{path}?page=99999").text) == []
    assert consultant.get(f"{path}?page=-1&page=x").status_code == 200


def marks(rows):
    return [f"{one.id}:{one.revision}" for one in rows]


class TestManyAtOnce:
    def test_status_owner_and_date_of_the_marked_change_and_each_is_on_the_trail(
        self, app, stand, consultant, several, path
    ):
        before = findings_of(app, stand)
        fields = {"status": "verification", "owner_text": "Robin", "due": "2027-03-01"}
        answer = consultant.post(f"{path}/change?grade=major", fields | {"marked": marks([before[1], before[2]])})
        assert (answer.status_code, "grade=major" in answer.location) == (303, True)
        after = findings_of(app, stand)
        changed = {n: (one.status, one.owner_text, str(one.due)) for n, one in after.items()}
        assert changed[1] == changed[2] == ("verification", "Robin", "2027-03-01")
        assert after[3].owner_text == "Dana"
        with entered(app, stand.here.tenant) as session:
            verb = sa.select(AuditEntry.subject_id).where(AuditEntry.verb == "finding.changed")
            assert set(session.scalars(verb)) == {before[1].id, before[2].id}

    def test_dates_move_by_a_week_or_a_month_from_where_each_stands(self, app, stand, consultant, several, path):
        before = findings_of(app, stand)
        consultant.post(f"{path}/change", {"later": "7", "marked": marks([before[2], before[5]])})
        after = findings_of(app, stand)
        assert after[2].due == before[2].due + timedelta(days=7)
        assert after[5].due == today() + timedelta(days=7)

    def test_one_that_moved_meanwhile_is_named_and_none_changes(self, app, stand, consultant, several, path):
        before = findings_of(app, stand)
        stale = [*marks([before[1]]), f"{before[3].id}:{before[3].revision + 1}"]
        answer = consultant.post(f"{path}/change", {"owner_text": "Robin", "marked": stale})
        assert (answer.status_code, "F-03" in answer.text) == (409, True)
        assert answer.text.count("checked") == 2
        assert findings_of(app, stand)[1].owner_text == before[1].owner_text

    @pytest.mark.parametrize(
        "fields",
        [
            {}, {"status": "done"}, {"due": "2026-02-30"}, {"due": "0001-01-01"}, {"due": "9999-12-31"},
            {"due": "2026-11-01T25:00"}, {"later": "8"}, {"owner_text": "x" * 121}, {"status": "closed", "marked": []},
            {"status": "open", "marked": ["nonsense", "00000000-0000-4000-8000-000000000000:1"]},
        ],
        ids=str,
    )  # fmt: skip
    def test_what_cannot_be_is_refused_and_nothing_changes(self, app, stand, consultant, several, path, fields):
        before = findings_of(app, stand)
        answer = consultant.post(f"{path}/change", {"marked": marks([before[3]])} | fields)
        assert answer.status_code == 422
        assert {n: one.revision for n, one in findings_of(app, stand).items()} == {
            n: one.revision for n, one in before.items()
        }

    def test_a_finding_of_another_engagement_cannot_be_marked(self, app, stand, consultant, path):
        other = stand.here.employers[1]
        marked = f"{other.ids['finding']}:{other.revisions['finding']}"
        assert consultant.post(f"{path}/change", {"owner_text": "Robin", "marked": marked}).status_code == 422
        with entered(app, stand.here.tenant) as session:
            finding = session.get_one(Finding, (stand.here.tenant, other.ids["finding"]))
            assert finding.owner_text != "Robin"

    def test_a_closed_finding_waits_for_its_actions_there_too(self, consultant, app, stand, path):
        fields = {"status": "closed", "marked": marks(findings_of(app, stand).values())}
        answer = consultant.post(f"{path}/change", fields)
        assert (answer.status_code, "F-01 still has corrective actions" in answer.text) == (409, True)


class TestKeptFilters:
    def keep(self, visitor, path, do="save", name="Late majors", query="grade=major&overdue=1&page=7&evil=1"):
        address = path.replace("/findings", "/filters/findings")
        return visitor.post(address, {"do": do, "name": name, "query": query})

    def test_a_filter_is_kept_by_name_for_every_engagement_and_for_this_member_alone(
        self, consultant, signed_in, several, path, stand
    ):
        answer = self.keep(consultant, path)
        assert (answer.status_code, answer.location) == (303, f"{path}?grade=major&overdue=1")
        other = path.replace(
            str(stand.here.employers[0].ids["engagement"]), str(stand.here.employers[1].ids["engagement"])
        )
        assert "Late majors" in consultant.get(other).text
        assert "Late majors" not in signed_in("own").get(path).text

    def test_the_default_opens_the_list_until_everything_is_asked_for(self, consultant, several, path):
        self.keep(consultant, path)
        self.keep(consultant, path, do="default")
        assert consultant.get(path).location == f"{path}?grade=major&overdue=1"
        assert labels(consultant.get(f"{path}?all=1").text) == ["F-01", "F-02", "F-03", "F-04", "F-05"]
        self.keep(consultant, path, do="default")
        assert consultant.get(path).status_code == 200

    def test_a_default_without_any_filter_opens_everything(self, consultant, several, path):
        self.keep(consultant, path, query="")
        self.keep(consultant, path, query="", do="default")
        assert consultant.get(path).status_code == 200

    def test_one_is_the_default_and_a_removed_one_is_gone(self, app, stand, consultant, several, path):
        for name in ("One", "Two"):
            self.keep(consultant, path, name=name)
            self.keep(consultant, path, do="default", name=name)
        self.keep(consultant, path, do="remove", name="One")
        with entered(app, stand.here.tenant) as session:
            kept = [(one.name, one.is_default) for one in session.scalars(sa.select(SavedFilter))]
        assert kept == [("Two", True)]

    @pytest.mark.parametrize(
        ("do", "name"), [("save", ""), ("save", "x" * 41), ("remove", "Never kept"), ("default", "Never"), ("fly", "A")]
    )
    def test_a_filter_without_a_name_or_that_is_not_there_is_refused(self, consultant, path, do, name):
        assert self.keep(consultant, path, do=do, name=name).status_code == 422

    def test_twenty_filters_are_enough(self, consultant, path):
        answers = [self.keep(consultant, path, name=f"Filter {number}").status_code for number in range(21)]
        assert answers == [303] * 20 + [422]


@pytest.mark.parametrize("title", NASTY)
def test_a_title_is_saved_as_typed_and_shown_escaped(app, stand, consultant, path, title):
    fields = {"requirement": "4.1", "grade": "minor", "title": title, "statement": title, "status": "open"}
    assert consultant.post(path, fields | {"revision": 0}).status_code == 303
    saved = max(findings_of(app, stand).values(), key=lambda one: one.number)
    assert (saved.title, saved.statement) == (title, title)
    page = consultant.get(path).text
    assert str(escape(title)) in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("due", ["2026-02-30", "0001-01-01", "9999-12-31", "2026-11-01T25:00"])
def test_a_day_that_is_none_is_refused_and_the_words_are_kept(app, stand, consultant, path, due):
    before = len(findings_of(app, stand))
    fields = {"requirement": "4.1", "grade": "minor", "title": "Kept title.", "statement": "S", "status": "open"}
    answer = consultant.post(path, fields | {"due": due, "revision": 0})
    assert (answer.status_code, "Kept title." in answer.text) == (422, True)
    assert len(findings_of(app, stand)) == before


@pytest.mark.parametrize(("carried", "proposed"), [(False, "major"), (True, "minor")])
def test_a_rating_proposes_a_finding_only_where_somebody_stands_for_it(app, stand, consultant, path, carried, proposed):
    with entered(app, stand.here.tenant) as session:
        assessment = assessments.of_engagement(engagement_of(session, stand))
        make_rating(assessment=assessment, requirement="4.1", level=0).carried_over = carried
    assert ("Proposed by the ratings" in consultant.get(path).text) is not carried
    grade = re.search(r'<option[^>]* selected[^>]* value="(\w+)"|<option[^>]*value="(\w+)"[^>]* selected',
                      consultant.get(f"{path}/new?requirement=4.1").text)  # fmt: skip
    assert proposed in grade.groups()
