"""The rebate sheet: amounts only with the word estimate, working with its sources, and what is not known left open."""

from datetime import date
from decimal import Decimal

import pytest

from consultancy.reports import MissingData
from consultancy.reports.problems import problems_of
from consultancy.reports.rebate_words import dollars, percent
from tests.consultancy.reports.practice import assemble, engagement, practice, words_of, written
from tests.factories import make_client, make_premium, make_sose_amount

AFTER = date(2026, 11, 27)


def client(**columns):
    return make_client(**{"legal_name": "Le Four à Bois inc.", "headcount": 14} | columns)


def test_a_known_band_gives_an_estimate_with_its_working(database_app):
    with practice(database_app):
        baker = client()
        make_premium(client=baker, year=2024, amount=Decimal("11402.35"))
        make_premium(client=baker)
        make_sose_amount(client=baker, source="Letter of May")
        _, fields = assemble("rebate_sheet", engagement(client=baker), today=AFTER)
        words = words_of(written("rebate_sheet", fields))
    assert [one["range"] for one in fields["rebate"]["plans"]][2] == "$7,000 (estimate)"
    assert "Estimate for a plan of 5 topics: $11,000 (estimate)." in words
    assert "Premiums of 2025: $11,840" in words
    assert "from secondary pages, to be checked" in words
    assert "Letter of May" in words
    assert words.count("no amount is published") == 2


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_client_is_not_told_to_read_and_enter_a_band(database_app, language):
    with practice(database_app):
        made = engagement(client=client())
        make_premium(client=made.client, amount=Decimal("148210.40"))
        _, fields = assemble("rebate_sheet", made, today=AFTER, language=language)
    [line, *_others] = fields["rebate"]["workings"][0]["lines"]
    assert line["what"].endswith(
        {"en": "not worked out from its neighbours", "fr": "pas déduite des tranches voisines"}[language]
    )


def test_an_unknown_band_says_so_and_names_no_amount(database_app):
    with practice(database_app):
        made = engagement(client=client())
        make_premium(client=made.client, amount=Decimal("148210.40"))
        _, fields = assemble("rebate_sheet", made, today=AFTER, language="fr")
        words = words_of(written("rebate_sheet.fr", fields))
    assert {one["range"] for one in fields["rebate"]["plans"]} == {"Inconnu"}
    assert "Elle n’est pas déduite des tranches voisines" in words
    assert "148\u00a0210,40\u00a0$" in words


def test_while_both_rules_stand_the_sheet_shows_both_and_the_least(database_app):
    with practice(database_app):
        made = engagement(client=client(headcount=150))
        make_premium(client=made.client, amount=Decimal("148210.40"), predictability="high")
        _, fields = assemble("rebate_sheet", made, today=date(2026, 3, 26))
    assert len(fields["rebate"]["workings"]) == 2
    assert fields["rebate"]["plans"][0]["range"] == "At least $2,074.95; how much more is not known"


def test_schedule_2_gets_a_sentence_in_place_of_amounts(database_app):
    with practice(database_app):
        made = engagement(client=client(wsib_schedule=2))
        make_premium(client=made.client)
        _, fields = assemble("rebate_sheet", made, today=AFTER)
    assert "Schedule 2" in fields["rebate"]["answer"]
    assert (fields["rebate"]["plans"], fields["rebate"]["sose"]) == ([], [])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_schedule_2_needs_no_premiums_for_its_sentence(database_app, language):
    with practice(database_app):
        made = engagement(client=client(wsib_schedule=2))
        assert "no_premium" not in [one.what for one in problems_of(made, kind="rebate_sheet", today=AFTER)]
        _, fields = assemble("rebate_sheet", made, today=AFTER, language=language)
        words = words_of(written("rebate_sheet" if language == "en" else "rebate_sheet.fr", fields))
    sentence = {"en": " belongs to Schedule 2", "fr": " relève de l’annexe 2"}
    assert sentence[language] in words
    assert (fields["rebate"]["basis"], fields["rebate"]["plans"], fields["rebate"]["workings"]) == ("", [], [])


def test_without_premiums_there_is_nothing_to_work_out(database_app):
    with practice(database_app):
        made = engagement(client=client())
        with pytest.raises(MissingData, match="premium"):
            assemble("rebate_sheet", made, today=AFTER)
        assert [one.what for one in problems_of(made, kind="rebate_sheet", today=AFTER)] == ["no_premium"]


@pytest.mark.parametrize(
    ("amount", "english", "french"),
    [
        ("2000", "$2,000", "2\u00a0000\u00a0$"),
        ("14821.05", "$14,821.05", "14\u00a0821,05\u00a0$"),
        ("0.10", "$0.10", "0,10\u00a0$"),
        ("1200300.00", "$1,200,300", "1\u00a0200\u00a0300\u00a0$"),
    ],
)
def test_amounts_are_set_as_each_language_sets_them(amount, english, french):
    assert (dollars(Decimal(amount), "en"), dollars(Decimal(amount), "fr")) == (english, french)
    assert (percent(Decimal("1.4"), "en"), percent(Decimal("100"), "fr")) == ("1.4 %", "100\u00a0%")
