"""The evidence pack: every step of every topic, what shows it, and what is too thin or not verified said so."""

from datetime import UTC, date, datetime

import pytest

from consultancy.reports import MissingData
from consultancy.reports.problems import problems_of
from tests.consultancy.reports.practice import TODAY, assemble, engagement, practice, words_of, written
from tests.factories import (
    make_evidence,
    make_hsep_plan,
    make_hsep_proof,
    make_hsep_step,
    make_hsep_topic,
)


def planned(made):
    plan = make_hsep_plan(client=made.client, provider="Prévoir-Est", approved_on=date(2026, 1, 12), remarks="")
    for code in ("F10", "I5"):
        topic = make_hsep_topic(plan=plan, code=code, chosen_for="F-03")
        steps = [make_hsep_step(topic=topic, step=number, what="", who="", remark="") for number in (1, 2, 3, 4, 5)]
        if code == "F10":
            steps[0].what, steps[0].who, steps[0].done_on = "One page of rules", "L. Charbonneau", TODAY
            steps[1].due = date(2026, 3, 1)
            for title, state in (("Photograph of the board", "clean"), ("Waits", "quarantined")):
                make_hsep_proof(step=steps[0], evidence=make_evidence(engagement=made, title=title, state=state))
    return plan


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_pack_shows_each_step_with_what_shows_it(database_app, language):
    with practice(database_app):
        made = engagement()
        planned(made)
        _, fields = assemble("hsep_evidence_pack", made, language=language)
        words = words_of(written("hsep_evidence_pack" if language == "en" else "hsep_evidence_pack.fr", fields))
    first, second = fields["hsep"]["topics"]
    assert [step["status"] for step in first["steps"]] == ["done", "overdue", "open", "open", "open"]
    assert ("Photograph of the board" in words, "Waits" in words) == (True, False)
    assert "L. Charbonneau" in words
    verified = "not verified with the WSIB" if language == "en" else "pas vérifié auprès de la CSPAAT"
    assert (verified in "".join(first["notes"]), verified in "".join(second["notes"])) == (False, True)
    assert {"en": "submit by 12 Jan 2027", "fr": "à soumettre d’ici le 12 janv. 2027"}[language] in words


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_interview_is_not_listed_whatever_it_was_called_when_it_was_linked(database_app, language):
    with practice(database_app):
        made = engagement()
        plan = make_hsep_plan(client=made.client, provider="Prévoir-Est")
        step = make_hsep_step(topic=make_hsep_topic(plan=plan))
        make_hsep_proof(step=step, evidence=make_evidence(engagement=made, title="Night shift", source="interview"))
        _, fields = assemble("hsep_evidence_pack", made, language=language)
        words = words_of(written("hsep_evidence_pack" if language == "en" else "hsep_evidence_pack.fr", fields))
    assert "Night shift" not in words
    assert fields["hsep"]["topics"][0]["steps"][0]["files"] == []


def test_a_topic_with_too_little_says_so(database_app):
    with practice(database_app):
        made = engagement()
        planned(made)
        _, fields = assemble("hsep_evidence_pack", made)
    first, second = fields["hsep"]["topics"]
    assert "One piece only" in first["notes"][-1]
    assert "No evidence yet" in second["notes"][-1]


def test_a_plan_that_was_only_begun_does_not_take_away_the_pack_of_the_one_that_runs(database_app):
    with practice(database_app):
        made = engagement()
        planned(made).created_at = datetime(2026, 1, 12, tzinfo=UTC)
        make_hsep_plan(client=made.client, provider="Next", created_at=datetime(2026, 2, 12, tzinfo=UTC))
        _, fields = assemble("hsep_evidence_pack", made)
        assert fields["hsep"]["provider"] == "Prévoir-Est"
        assert problems_of(made, kind="hsep_evidence_pack", today=TODAY) == []


def test_without_a_topic_there_is_nothing_to_show(database_app):
    with practice(database_app):
        made = engagement()
        make_hsep_plan(client=made.client)
        with pytest.raises(MissingData, match="hsep_plan"):
            assemble("hsep_evidence_pack", made)
        assert [one.what for one in problems_of(made, kind="hsep_evidence_pack", today=TODAY)] == ["no_hsep_topic"]
