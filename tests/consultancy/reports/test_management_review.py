"""Minutes of a management review: what is recorded, what was typed, and open places for the rest."""

from datetime import date

from consultancy.reports.problems import problems_of
from tests.consultancy.reports.practice import TODAY, assemble, assessed, practice, words_of, written
from tests.consultancy.reports.practice import engagement as opened
from tests.factories import make_corrective_action, make_finding


def engagement(kind, **given):
    made = opened(kind, **given)
    assessed(made)
    return made


def test_every_input_stands_even_when_nothing_is_recorded(database_app):
    with practice(database_app):
        made = engagement("pre_audit", contacts=False)
        _, fields = assemble("management_review", made)
        words = words_of(written("management_review", fields))
    assert "".join(dict.fromkeys(one["letter"] for one in fields["inputs"])) == "abcdefg"
    assert [one["presented"] for one in fields["inputs"]] == [[]] * 11
    assert fields["review"]["date"] == "[date]"
    assert "Nothing recorded" in words
    assert fields["decisions"] == []


def test_actions_and_findings_are_counted_as_recorded(database_app):
    with practice(database_app):
        made = engagement("pre_audit")
        major = make_finding(engagement=made, grade="major", number=1, status="open")
        make_finding(engagement=made, grade="minor", number=2, status="closed")
        make_finding(engagement=made, grade="ofi", number=3, status="open", title="Learn from near misses")
        make_corrective_action(finding=major, number=1, status="open", due=date(2026, 3, 1), action="Fit guards")
        make_corrective_action(finding=major, number=2, status="closed", due=None)
        _, fields = assemble("management_review", made)
        words = words_of(written("management_review", fields))
    assert "2 findings: 1 major and 0 minor open" in words
    assert "2 actions: 1 closed or verified, 0 to verify, 0 open, 1 overdue" in words
    assert "Overdue: CA-01" in words
    assert "F-03 Learn from near misses" in words
    assert [(one["number"], one["what"], one["status"]) for one in fields["decisions"]] == [
        ("CA-01", "Fit guards", "overdue")
    ]


def test_what_the_earlier_engagement_raised_is_looked_at_too(database_app):
    with practice(database_app):
        before = engagement("gap_analysis")
        finding = make_finding(engagement=before, grade="major", number=1, status="open")
        make_corrective_action(finding=finding, number=1, status="planned", due=None, action="Fit guards")
        made = engagement("program_development", client=before.client, contacts=False, follows_id=before.id)
        _, fields = assemble("management_review", made)
    assert [one["what"] for one in fields["decisions"]] == ["Fit guards"]


def test_what_was_typed_is_printed_and_no_longer_open(database_app):
    texts = {"review_on": "2026-03-20", "review_place": "Board room", "review_attendees": "Ann\nBo",
             "review_resources": "A new trainer", "review_told": "At the shift meeting"}  # fmt: skip
    with practice(database_app):
        made = engagement("pre_audit", texts=texts)
        words = words_of(written("management_review", assemble("management_review", made)[1]))
        found = {one.what: dict(one.facts) for one in problems_of(made, kind="management_review", today=TODAY)}
    assert [one for one in ("20 March 2026", "Board room", "Ann", "A new trainer", "At the shift meeting")
            if one not in words] == []  # fmt: skip
    assert "review_without_day" not in found
    assert found["review_inputs_open"]["count"] == 10


def test_a_finding_that_the_assessment_before_answered_is_not_said_to_have_no_action(database_app):
    with practice(database_app):
        before = engagement("gap_analysis")
        made = opened("program_development", client=before.client, contacts=False, follows_id=before.id)
        answered = make_finding(engagement=before, grade="major", number=1, status="open")
        bare = make_finding(engagement=before, grade="minor", number=2, status="open")
        make_corrective_action(finding=answered, number=1, status="open", due=date(2026, 3, 1), owner_text="")
        found = {one.what: one for one in problems_of(made, kind="management_review", today=TODAY)}
        assert [place.label for place in found["findings_without_action"].places] == [bare.label]
        assert "actions_without_owner" in found
        assert "actions_overdue" in found


def test_a_finding_of_the_reviews_own_engagement_without_an_action_is_said(database_app):
    with practice(database_app):
        before = engagement("gap_analysis")
        made = opened("program_development", client=before.client, contacts=False, follows_id=before.id)
        own = make_finding(engagement=made, grade="major", number=1, status="open")
        found = {one.what: one for one in problems_of(made, kind="management_review", today=TODAY)}
        assert [place.label for place in found["findings_without_action"].places] == [own.label]
