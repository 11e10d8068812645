"""The code after the password, and setting a second factor up, with eyes and keys."""

import re

from blueprints.demo.practice import PASSWORD, TOTP_SECRET
from tenants.credentials import code_now
from tests.browser.conftest import sign_in
from tests.browser.watch import axe

OWNER, CONSULTANT = "g.lacroix-audet@prevoir-est.example", "h.warsame@prevoir-est.example"


def half_way(page, served) -> None:
    page.goto(f"{served.url}/sign-in")
    page.get_by_label("Email").fill(OWNER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/sign-in/code"))


def test_the_page_of_the_code_is_fit_to_be_seen_and_takes_the_code_by_keyboard_alone(served, browsing):
    page = browsing(locale="en-CA")
    half_way(page, served)
    assert axe(page) == []
    page.locator("[name=code]").fill("000000")
    page.keyboard.press("Enter")
    page.locator("[aria-invalid=true]").wait_for()
    assert axe(page) == []
    page.locator("[name=code]").fill(code_now(TOTP_SECRET))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/prevoir-est/"))


def test_a_consultant_sets_a_second_factor_up_without_a_script(served, browsing):
    page = browsing(java_script_enabled=False)
    sign_in(page, served.url, CONSULTANT)
    page.goto(f"{served.url}/me/second-factor")
    page.locator("main form[action$='/me/second-factor'] button").click()
    secret = page.locator("main code").inner_text().replace(" ", "")
    page.locator("[name=code]").fill(code_now(secret))
    page.locator("main form[action$='/confirm'] button").click()
    assert page.locator("main code").count() == 10
    page.goto(f"{served.url}/me/second-factor")
    assert page.locator("[name=code]").count() == 2
