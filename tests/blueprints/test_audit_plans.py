"""The pages of a pre-audit: what is refused stays typed, with its sentence; a gap analysis has none of them."""

import re

import pytest

from tenants.models import Person
from tests.factories import entered


@pytest.fixture
def consultant(signed_in):
    return signed_in("con")


@pytest.fixture
def ids(stand):
    return stand.here.employers[0].ids


@pytest.fixture
def audited(ids):
    return f"/northgate/engagements/{ids['pre_audit']}"


LINE = {"day": "2026-03-03", "starts": "13:00", "ends": "14:30", "activity": "Lockout", "revision": "0"}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ends": "12:59"}, "It ends after it starts"),
        ({"day": "2026-03-05"}, "this day lies outside"),
        ({"starts": "25:00"}, "Not a valid time"),
        ({"activity": ""}, "This is needed."),
    ],
)
def test_a_line_that_is_refused_stays_as_it_was_typed(consultant, audited, changed, words):
    answer = consultant.post(f"{audited}/audit-plan/lines", LINE | {"auditee": "Yard crew"} | changed)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Yard crew" in answer.text


def test_who_is_planned_twice_at_once_is_named_with_what_is_there(consultant, audited):
    assert consultant.post(f"{audited}/audit-plan/lines", LINE).status_code == 303
    answer = consultant.post(f"{audited}/audit-plan/lines", LINE | {"activity": "Chemicals", "starts": "14:00"})
    assert answer.status_code == 422
    assert "“Lockout” from 13:00 to 14:30" in answer.text


def test_a_list_of_attendance_that_is_refused_keeps_every_row(consultant, stand, audited):
    revision = stand.here.employers[0].revisions["audit_plan"]
    rows = {"name-0": "Dana Frey", "role-0": "Owner", "name-1": "Rui", "opening-1": "y"}
    answer = consultant.post(f"{audited}/audit-plan/attendance", rows | {"revision": str(revision)})
    assert answer.status_code == 422
    assert "Row 1" in answer.text
    assert 'value="Dana Frey"' in answer.text
    assert consultant.post(
        f"{audited}/audit-plan/attendance", rows | {"closing-0": "y", "revision": str(revision)}
    ).status_code == 303
    assert 'value="Rui"' in consultant.get(f"{audited}/audit-plan").text


HIDDEN = ("revision", "seen")


def fields_of(page, action):
    """What a browser sends of the form that posts to `action`: ticked boxes, fields as they stand."""
    form = re.search(rf'<form[^>]*action="[^"]*{action}"[^>]*>(.*?)</form>', page, re.DOTALL)[1]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form):
        given = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if given.get("type") != "checkbox" or " checked" in tag:
            sent[given["name"]] = given.get("value", "")
    return sent


def test_who_saves_one_part_of_the_plan_is_not_in_the_way_of_another_typed_on_the_same_page(consultant, audited):
    there, days = f"{audited}/audit-plan", f"{audited}/audit-days"
    opened = consultant.get(there).text
    worked_out = fields_of(consultant.get(days).text, "/audit-days")
    head = fields_of(opened, "/audit-plan") | {"objectives": "See whether it works"}
    came = fields_of(opened, "/attendance") | {"name-1": "Rui", "opening-1": "y"}
    inputs = worked_out | {"risk": "low", "reason": ""}
    answers = [consultant.post(at, sent).status_code for at, sent in
               ((there, head), (f"{there}/attendance", came), (days, inputs), (there, head))]  # fmt: skip
    assert answers == [303, 303, 303, 409]  # the last is the head that was opened before the head was saved


HEAD = {"objectives": "Mine", "criteria": "", "scope": "", "registrar": "", "stage_1_on": "", "stage_2_on": ""}
DAYS = {"personnel": "90", "risk": "low", "shifts": "1", "sites": "1", "adjustment": "", "reason": ""}
TRAIL = {"name": "Mine", "result": "open", "requirement-0": "10.2", "seen-0": "I saw it", "method-0": "document"}


@pytest.mark.parametrize(
    ("form", "page", "changed", "typed", "theirs"),
    [
        (HEAD, "engagements/{pre_audit}/audit-plan", {"objectives": "Theirs"}, "Mine", "Theirs"),
        (DAYS, "engagements/{pre_audit}/audit-days", {"personnel": "70"}, 'value="90"', "70"),
        (LINE, "audit-plan/lines/{plan_line}", {"activity": "Chemicals"}, "Lockout", "Chemicals"),
        (TRAIL, "audit-trails/{followed_trail}", {"seen-0": "They saw it"}, "I saw it", "They saw it"),
    ],
)
def test_what_was_saved_meanwhile_stands_beside_what_was_typed_and_it_can_be_saved_again(
    consultant, ids, form, page, changed, typed, theirs
):
    at = "/northgate/" + page.format(**ids)
    action = at.removeprefix("/northgate")
    opened = {name: word for name, word in fields_of(consultant.get(at).text, action).items() if name in HIDDEN}
    assert consultant.post(at, form | opened | changed).status_code == 303
    clash = consultant.post(at, form | opened)
    assert clash.status_code == 409
    assert "Nothing is lost: both stand here." in clash.text
    assert theirs in clash.text.partition('id="conflict"')[2].partition("</section>")[0]
    assert typed in clash.text
    again = {name: word for name, word in fields_of(clash.text, action).items() if name in HIDDEN}
    assert consultant.post(at, form | again).status_code == 303
    assert typed in consultant.get(at).text


def test_what_is_proposed_outlives_what_else_is_saved_first(consultant, stand, audited):
    there = f"{audited}/audit-plan"
    blank = dict.fromkeys(HEAD, "") | {"revision": str(stand.here.employers[0].revisions["audit_plan"])}
    assert consultant.post(there, blank | {"registrar": "The registrar"}).status_code == 303
    came = fields_of(consultant.get(there).text, "/attendance")
    assert consultant.post(f"{there}/attendance", came).status_code == 303
    page = consultant.get(there).text
    assert "Find out before the registrar comes" in page
    assert 'value="The registrar"' in page


def test_a_list_that_a_colleague_saved_meanwhile_is_not_lost_when_it_is_saved_again(consultant, audited):
    there = f"{audited}/audit-plan"
    opened = fields_of(consultant.get(there).text, "/attendance")
    colleague = opened | {"name-1": "Colleague’s guest", "opening-1": "y"}
    assert consultant.post(f"{there}/attendance", colleague).status_code == 303
    # Refused for a row of one's own first: the page still carries the revision that was sent.
    wrong = consultant.post(f"{there}/attendance", opened | {"name-1": "Rui"})
    assert wrong.status_code == 422
    clash = consultant.post(f"{there}/attendance", fields_of(wrong.text, "/attendance") | {"opening-1": "y"})
    assert clash.status_code == 409
    assert clash.text.count("Saved meanwhile") == 1
    assert consultant.post(f"{there}/attendance", fields_of(clash.text, "/attendance")).status_code == 303
    page = consultant.get(there).text
    assert all(f'value="{name}"' in page for name in ("Rui", "Colleague’s guest"))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"personnel": "10701"}, "says nothing of 10701"),
        ({"personnel": "0"}, "says nothing of 0"),
        ({"adjustment": "10"}, "need a written reason"),
        ({"adjustment": "-31", "reason": "Mature"}, "At most 30 % less"),
        ({"risk": "tiny"}, "Not a valid choice"),
    ],
)
def test_days_that_no_registrar_would_plan_are_refused_in_words(consultant, stand, audited, changed, words):
    revision = str(stand.here.employers[0].revisions["audit_plan"])
    given = {"personnel": "80", "risk": "medium", "shifts": "1", "sites": "1", "revision": revision}
    answer = consultant.post(f"{audited}/audit-days", given | changed)
    assert answer.status_code == 422
    assert words in answer.text


def test_the_working_of_the_days_is_shown(consultant, stand, audited):
    revision = str(stand.here.employers[0].revisions["audit_plan"])
    given = {"personnel": "80", "risk": "medium", "shifts": "3", "sites": "1", "adjustment": "10", "reason": "Nights"}
    assert consultant.post(f"{audited}/audit-days", given | {"revision": revision}).status_code == 303
    page = consultant.get(f"{audited}/audit-days").text
    for said in ("band 66 to 85", "+0.7 (+10 %)", "8 days", "IAF MD 5:2019", "unsure"):
        assert said in page


def test_days_have_the_decimals_of_the_readers_language(app, stand, consultant, audited):
    with entered(app, stand.here.tenant) as session:
        session.get_one(Person, stand.people["con"][0]).language = "fr"
    given = {"personnel": "80", "risk": "medium", "shifts": "3", "sites": "1", "adjustment": "10", "reason": "Nights"}
    revision = str(stand.here.employers[0].revisions["audit_plan"])
    assert consultant.post(f"{audited}/audit-days", given | {"revision": revision}).status_code == 303
    page = consultant.get(f"{audited}/audit-days").text
    assert "+0,7 (+10" in page
    assert '<td class="r num">5,5</td>' in page


def test_ten_days_of_the_table_are_written_as_ten(consultant, stand, audited):
    given = {"personnel": "220", "risk": "medium", "shifts": "3", "sites": "1", "adjustment": "0", "reason": ""}
    revision = stand.here.employers[0].revisions["audit_plan"]
    assert consultant.post(f"{audited}/audit-days", given | {"revision": revision}).status_code == 303
    assert '<dd class="num">10</dd>' in consultant.get(f"{audited}/audit-days").text


def test_staffing_who_wrote_the_system_is_refused_until_a_reason_is_given(consultant, ids, audited):
    who = {"member": str(ids["colleague"]), "part": "consultant"}
    helped = who | {"part": "wrote", "what": "Lockout program", "from_on": "2026-01-05"}
    assert consultant.post(f"{audited}/team/involvements", helped).status_code == 303
    answer = consultant.post(f"{audited}/team", who)
    assert answer.status_code == 422
    assert "writes Lockout program since 2026-01-05" in answer.text
    assert consultant.post(f"{audited}/team", who | {"reason": "Nobody else may enter."}).status_code == 303
    assert "Nobody else may enter." in consultant.get(f"{audited}/team").text


def test_who_is_on_the_team_already_is_said_at_the_field_and_the_reason_stays(consultant, ids, audited):
    who = {"member": str(ids["colleague"]), "part": "consultant", "reason": "Nobody else may enter."}
    offered = f'<option value="{ids["colleague"]}">'
    assert consultant.get(f"{audited}/team").text.count(offered) == 2  # to put on the team, and to declare
    assert consultant.post(f"{audited}/team", who).status_code == 303
    assert consultant.get(f"{audited}/team").text.count(offered) == 1
    answer = consultant.post(f"{audited}/team", who)
    assert answer.status_code == 409
    assert "is on the team already." in answer.text
    assert "Nobody else may enter." in answer.text
    assert consultant.post(f"{audited}/team", who | {"member": ""}).status_code == 422


def test_taking_off_who_is_still_planned_names_the_lines(consultant, ids, audited):
    offered = consultant.get(f"{audited}/audit-plan").text.partition(">The whole team</option>")[2]
    auditor = re.search(r'<option value="([^"]+)">', offered)
    assert consultant.post(f"{audited}/audit-plan/lines", LINE | {"auditor": auditor[1]}).status_code == 303
    answer = consultant.post(f"{audited}/team/{ids['assignment']}/take-off")
    assert answer.status_code == 409
    assert "is still planned for “Lockout”. Give these lines" in answer.text


def test_answers_for_stage_1_that_are_refused_stay_on_the_page(consultant, audited):
    sent = {"answer-law": "", "note-law": "Look again", "evidence-law": "", "revision-law": "0"}
    answer = consultant.post(f"{audited}/stage-1", sent)
    assert answer.status_code == 422
    assert "Look again" in answer.text
    item = answer.text.partition('id="item-law"')[2].partition("</fieldset>")[0]
    assert "Choose an answer of the list; a note or evidence goes with one." in item
    assert "law:" not in answer.text


def test_what_a_colleague_answered_meanwhile_stands_whole_beside_the_item(consultant, audited):
    sent = {"answer-law": "yes", "note-law": "Theirs", "evidence-law": "E-7", "revision-law": "0"}
    assert consultant.post(f"{audited}/stage-1", sent).status_code == 303
    answer = consultant.post(f"{audited}/stage-1", sent | {"answer-law": "no", "note-law": "Mine"})
    assert answer.status_code == 409
    item = answer.text.partition('id="item-law"')[2].partition("</fieldset>")[0]
    for said in ("Somebody answered this after", "Theirs; E-7", "Mine", 'name="revision-law" value="1"'):
        assert said in item


def test_rows_and_steps_beyond_what_is_kept_are_refused_in_words_and_stay_typed(consultant, stand, ids, audited):
    of = stand.here.employers[0].revisions
    blank = {f"name-{place}": "" for place in range(200)}  # counts for nothing
    rows = blank | {f"name-{place}": f"Guest {place}" for place in range(200, 400)}
    rows |= {f"opening-{place}": "y" for place in range(200, 400)}
    there = f"{audited}/audit-plan/attendance"
    more = {"name-400": "Last of all", "opening-400": "y"}
    answer = consultant.post(there, rows | more | {"revision": of["audit_plan"]})
    assert (answer.status_code, "takes 200 rows at most" in answer.text) == (422, True)
    assert "Last of all" in answer.text
    assert consultant.post(there, rows | {"revision": of["audit_plan"]}).status_code == 303
    trail = {"name": "The cut", "result": "open", "revision": of["followed_trail"]}
    for place in range(101):
        trail |= {f"requirement-{place}": "10.2", f"seen-{place}": f"Seen {place}.", f"method-{place}": "document"}
    answer = consultant.post(f"/northgate/audit-trails/{ids['followed_trail']}", trail)
    assert (answer.status_code, "takes 100 steps at most" in answer.text) == (422, True)
    assert "Seen 100." in answer.text


def test_a_step_without_words_is_refused_and_the_trail_stays_typed(consultant, stand, ids):
    trail = f"/northgate/audit-trails/{ids['followed_trail']}"
    revision = str(stand.here.employers[0].revisions["followed_trail"])
    sent = {"name": "The cut of March", "result": "open", "requirement-0": "10.2", "seen-0": "", "method-0": "document"}
    answer = consultant.post(trail, sent | {"revision": revision})
    assert answer.status_code == 422
    assert "Step 1" in answer.text
    assert "The cut of March" in answer.text


@pytest.mark.parametrize("page", ["audit-plan", "audit-days", "stage-1", "audit-trails", "team"])
def test_a_gap_analysis_has_none_of_these_pages(consultant, ids, page):
    assert consultant.get(f"/northgate/engagements/{ids['engagement']}/{page}").status_code == 404
