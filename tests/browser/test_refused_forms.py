"""A refused form keeps what was typed, ties each error to its field and puts the person at the first of them."""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Look
from tests.browser.watch import axe

LOOKS = [Look("light", 1440), Look("dark", 390)]
INVALID = "[...document.querySelectorAll('main [aria-invalid=true]')]"
# What a screen reader says of the field besides its label: every text it is described by has to be there.
DESCRIBED = """one => {
    const ids = (one.getAttribute('aria-describedby') ?? '').split(' ');
    return ids.some(id => id.endsWith('error')) && ids.every(id => document.getElementById(id)?.textContent.trim());
}"""
AT_FIRST = (
    f"(first => first && (first === document.activeElement || first.contains(document.activeElement)))({INVALID}[0])"
)


# The browser would hold the form back; the server's own answer is meant.
UNCHECKED = """for (const form of document.forms) form.noValidate = true;
for (const one of document.querySelectorAll('[maxlength]')) one.removeAttribute('maxlength')"""


@dataclass(frozen=True)
class Form:
    endpoint: str
    button: str
    wrong: tuple[str, ...]  # ids of the fields that are refused; of a group, its name
    values: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    role: str = "owner"


OPEN, CLIENT, FINDING = {"engagement": "rated"}, {"client": "client"}, {"finding": "finding"}
CLAUSE, UNRATED = OPEN | {"requirement": "6.1.3"}, {"engagement": "unrated", "requirement": "8.2"}
ASKING = {"engagement": "upload", "checklist": "questions"}
FORMS = {
    "signing in": Form("sign_in.show", "Sign in", ("email", "password"), role="nobody"),
    "a new client": Form(
        "clients.new", "Save the client", ("legal_name", "naics_code"), {}, {"naics_code": "33271900"}
    ),
    "a client": Form("clients.edit", "Save the client", ("legal_name",), CLIENT, {"legal_name": ""}),
    "a new engagement": Form(
        "engagements.new", "Open the engagement", ("title", "opened_on"), CLIENT, {"opened_on": ""}
    ),
    "dates of a visit": Form(
        "engagements.new", "Open the engagement", ("site_visit_to",), CLIENT,
        {"title": "Visit", "site_visit_from": "2026-03-11", "site_visit_to": "2026-03-10"},
    ),
    "texts": Form("engagements.scope", "Save the texts", ("headline",), OPEN, {"headline": "x" * 201}),
    "a rating": Form("assessments.show", "Save", ("owner_text",), CLAUSE, {"owner_text": "x" * 121}),
    "not applicable": Form("assessments.show", "Save", ("reason",), UNRATED, {"rating-not_applicable": ""}),
    "a checklist": Form("checklists.upload", "Read the checklist", ("file",), OPEN),
    "questions": Form("checklists.show", "Show what will change", ("",) * 3, ASKING),
    "a new finding": Form("findings.new", "Save the finding", ("title", "statement"), CLAUSE, {"statement": ""}),
    "a finding": Form("findings.edit", "Save the finding", ("title",), FINDING, {"title": ""}),
    "a new action": Form("corrective_actions.new", "Save the action", ("action",), FINDING, {"action": ""}),
    "checked by the owner": Form(
        "corrective_actions.new", "Save the action", ("verified_by",), FINDING,
        {"action": "Mend it", "owner_text": "Dale", "verified_by": "Dale"},
    ),
    "an action": Form("corrective_actions.edit", "Save the action", ("action",), {"action": "action"}, {"action": ""}),
    "the register": Form(
        "register.index", "Save the register", ("note-P2",), {"engagement": "program"}, {"note-P2": ""}
    ),
    "a report of nothing": Form("deliverables.index", "Write it", ("kind",), {"engagement": "unrated"}),
    "withdrawing": Form("deliverables.show", "Withdraw this version", ("reason",), {"deliverable": "released"}),
}  # fmt: skip


def fill(page: Page, typed: dict[str, str]) -> None:
    for name, text in typed.items():
        box = page.locator(f"[id='{name}']")
        if box.get_attribute("type") == "radio":
            page.locator(f"label[for='{name}']").click()
        else:
            box.fill(text)


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_refused_form_says_what_is_wrong_where_it_is_wrong(form, look, served, at_desk):
    page = at_desk(form.role, look).page
    page.goto(served.address(form.endpoint, **form.values))
    page.evaluate(UNCHECKED)
    if form.endpoint == "register.index":
        page.locator("[name=state-P2]").select_option("not_needed")
    fill(page, form.typed)
    with page.expect_navigation() as answer:
        page.get_by_role("button", name=form.button, exact=True).last.click()
    page.wait_for_load_state()
    assert answer.value.status == 422
    assert page.evaluate(f"{INVALID}.map(one => one.id)") == list(form.wrong)
    assert page.evaluate(f"{INVALID}.map({DESCRIBED})") == [True] * len(form.wrong)
    assert page.evaluate(AT_FIRST)
    assert axe(page) == []


def test_an_observation_that_cannot_be_saved_keeps_its_words(served, browsing):
    page = browsing("owner", java_script_enabled=False)
    page.goto(served.address("assessments.show", engagement=served.fresh_engagement(), requirement="4.1"))
    page.get_by_label("Observation", exact=True).fill("Seen last year.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("form.seen textarea[name=text]").first.fill("Seen in another century.")
    page.locator("form.seen summary").first.click()
    page.locator("form.seen [name=seen_on]").first.fill("1890-01-01")
    page.locator("form.seen").first.get_by_role("button", name="Save this observation").click()
    assert page.locator("form.seen textarea[name=text]").first.input_value() == "Seen in another century."
    wrong = page.locator("form.seen [name=seen_on]").first
    assert wrong.get_attribute("aria-invalid") == "true"
    assert (
        page.locator(f"[id='{wrong.get_attribute('aria-describedby')}']").inner_text() == "A day between 1990 and 2100."
    )


def test_a_wrong_password_is_said_without_saying_which_half_was_wrong(served, browsing):
    page = browsing()
    page.goto(served.address("sign_in.show"))
    page.get_by_label("Email").fill("p.oyelaran@northfield-ridge.example")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()
    assert page.get_by_role("alert").inner_text() == "Email and password do not fit together."
    assert axe(page) == []
