"""Corrective action plan and pre-audit report."""

import json
from datetime import date, timedelta

import pytest

from consultancy.reports import ASSEMBLE, OFFERED, MissingData
from consultancy.reports.wording import TEXTS
from consultancy.standards import catalogue
from consultancy.standards.words import choices
from tests.consultancy.reports.practice import (
    ISO,
    TODAY,
    assemble,
    assessed,
    engagement,
    practice,
    rate,
    words_of,
    written,
)
from tests.factories import make_also_answers, make_corrective_action, make_finding


def test_every_kind_that_is_offered_can_be_assembled():
    assert {kind for kinds in OFFERED.values() for kind in kinds} == set(ASSEMBLE)
    assert set(OFFERED) < {key for key, _ in choices("engagements")}


def test_a_plan_without_findings_is_refused(database_app):
    with practice(database_app):
        made = engagement()
        with pytest.raises(MissingData) as refused:
            assemble("corrective_action_plan", made)
    assert "findings page" in refused.value.sentence


def test_an_overdue_action_counts_as_overdue_only_and_sums_agree(database_app):
    with practice(database_app):
        made = engagement()
        major = make_finding(engagement=made, number=1, grade="major")
        minor = make_finding(engagement=made, number=2, grade="minor", requirement="5.4")
        make_finding(engagement=made, number=3, grade="minor", requirement="7.2")
        late = TODAY - timedelta(days=1)
        make_corrective_action(finding=minor, number=1, status="closed", due=late)
        make_corrective_action(finding=major, number=2, status="open", due=late)
        make_corrective_action(finding=major, number=3, status="planned", due=TODAY + timedelta(days=30))
        _, fields = assemble("corrective_action_plan", made)
        words = words_of(written("corrective_action_plan", fields))
    plan = fields["plan"]
    assert [one["number"] for one in fields["actions"]] == ["CA-02", "CA-03", "CA-01"]
    assert [(one["number"], one["status"]) for one in plan["due_soon"]] == [("CA-02", "overdue"), ("CA-03", "planned")]
    assert {name: sum(row[name] for row in plan["statuses"]) for name in plan["totals"]} == plan["totals"]
    assert plan["totals"] == {"closed": 1, "verified": 0, "done": 0, "open": 0, "planned": 1, "overdue": 1, "total": 3}
    assert plan["waiting"] == "F-03"
    assert plan["lead"] == "1 of 3 actions closed, 0 more verified. Overdue: CA-02."
    assert "× Overdue" in words
    assert json.loads(json.dumps(fields)) == fields


def test_a_pre_audit_with_an_open_major_ends_not_ready_and_says_why(database_app):
    with practice(database_app):
        before = engagement()
        make_finding(engagement=before, status="closed", title="Old one")
        made = engagement(
            "pre_audit",
            client=before.client,
            contacts=False,
            follows_id=before.id,
            independence_note="We did not build it.",
            texts={
                "divergent": "They saw it otherwise.",
                "postponement": "High if nobody drills.",
                "meetings": "Opening on Monday.\nClosing on Friday.",
            },
        )
        assessment = assessed(made)
        for requirement in ISO.must_items():
            rate(assessment, requirement.code, 3)
        make_finding(engagement=made, grade="major", requirement="8.2", title="No drill", due=date(2026, 5, 1))
        _, fields = assemble("pre_audit_report", made)
        words = words_of(written("pre_audit_report", fields))
    assert (fields["conclusion"]["code"], fields["counts"]["gates_passed"]) == ("not_ready", 8)
    assert fields["conclusion"]["reasons"] == ["Major findings are open: F-01."]
    assert next(one for one in fields["gates"] if one["state"] != "passed")["evidence"] == "Rated effective; see F-01"
    assert [one["clause"] for one in fields["questions"]] == ["8.2"]
    assert fields["earlier_lead"].startswith("1 of 1 finding of")
    said = ("We did not build it.", "They saw it otherwise.", "Old one", "No drill", "High if nobody drills.")
    assert fields["meetings"] == ["Opening on Monday.", "Closing on Friday."]
    assert [line for line in said if line not in words] == []
    assert json.loads(json.dumps(fields)) == fields


def test_a_pre_audit_where_nothing_stands_in_the_way_ends_ready(database_app):
    with practice(database_app):
        made = engagement("pre_audit")
        assessment = assessed(made)
        for requirement in ISO.requirements:
            rate(assessment, requirement.code, 3)
        _, fields = assemble("pre_audit_report", made)
        words = words_of(written("pre_audit_report", fields))
    assert fields["conclusion"]["code"] == "ready"
    assert "No nonconformity was found in the sample." in words


def test_a_pre_audit_nobody_rated_is_refused(database_app):
    with practice(database_app):
        made = engagement("pre_audit")
        assessed(made)
        with pytest.raises(MissingData):
            assemble("pre_audit_report", made)


def test_a_must_item_that_is_absent_is_to_be_mended_before_the_audit_even_without_a_finding(database_app):
    with practice(database_app):
        made = engagement("pre_audit")
        rate(assessed(made), "9.3", 0, recommendation="Hold the review", due=date(2026, 4, 30))
        _, fields = assemble("pre_audit_report", made)
    assert fields["before"] == [
        {"due": "30 Apr 2026", "action": "Hold the review", "finding": "9.3", "owner": ""},
    ]
    assert "9.3" in [one["clause"] for one in fields["questions"]]


def test_every_standard_on_offer_has_its_name_for_documents():
    assert [key for key in catalogue.OFFERED if f"standard_{key}" not in TEXTS] == []


def test_every_text_of_ours_says_it_in_both_languages():
    assert [key for key, words in TEXTS.items() if set(words) != {"en", "fr"}] == []


NASTY = ("<img src=x onerror=alert(1)>", "{{7*7}} {% if %}", '=HYPERLINK("http://e","x")', "'; DROP TABLE finding; --")


@pytest.mark.parametrize("words", NASTY)
def test_whatever_was_typed_stands_in_the_plan_letter_by_letter(database_app, words):
    with practice(database_app):
        made = engagement()
        finding = make_finding(engagement=made, number=1, grade="major", title=words)
        make_corrective_action(finding=finding, number=1, action=words, why_1=words, bone_machine=words)
        _, fields = assemble("corrective_action_plan", made)
        printed = words_of(written("corrective_action_plan", fields))
    assert printed.count(words) >= 4
    assert "49" not in fields["actions"][0]["title"]


def test_the_plan_prints_the_whys_asked_the_bones_and_the_check_of_effect(database_app):
    with practice(database_app):
        made = engagement()
        finding = make_finding(engagement=made, number=1, grade="major")
        other = make_finding(engagement=made, number=2, grade="minor", requirement="5.4")
        bare = {f"why_{number}": "" for number in (2, 4, 5)} | {
            f"bone_{name}": "" for name in ("people", "method", "material", "environment", "measurement")
        }
        action = make_corrective_action(
            finding=finding, number=1, why_1="The guard was off.", why_3="Nobody owns it.",
            bone_machine="No interlock.", effect_due=date(2027, 5, 1), effect_result="partly", **bare,
        )  # fmt: skip
        make_also_answers(action=action, finding=other)
        _, fields = assemble("corrective_action_plan", made)
        words = words_of(written("corrective_action_plan", fields))
    assert fields["actions"][0]["whys"] == ["1. The guard was off.", "2. Nobody owns it."]
    assert fields["actions"][0]["fishbone"] == ["Machine: No interlock."]
    assert fields["plan"]["waiting"] == ""
    for line in ("2. Nobody owns it.", "Machine: No interlock.", "It works in part", "Also: F-02"):
        assert line in words
