"""The field's words stand in both languages, in the order the field uses."""

import pytest

from consultancy.standards import words

EVERY_WORD = [
    (group, key, language) for group in words.WORDS for key in words.WORDS[group] for language in words.LANGUAGES
]


@pytest.mark.parametrize(("group", "key", "language"), EVERY_WORD)
def test_every_word_stands_in_both_languages(group, key, language):
    assert words.say(group, key, language).strip()


@pytest.mark.parametrize("group", ["levels", "states", "grades", "conclusions", "register"])
def test_what_has_a_colour_has_a_sign_as_well(group):
    assert len({words.symbol(group, key) for key in words.WORDS[group]}) == len(words.WORDS[group])


def test_levels_are_named_as_the_field_names_them():
    assert [words.say("levels", level) for level in range(4)] == ["absent", "informal", "developing", "effective"]


def test_a_gap_analysis_says_would_be_major():
    assert words.say("grades_in_gap_analysis", "major") == "would be major"
    assert words.say("outcomes", "gap", "fr") == "écart"


def test_french_puts_no_space_before_a_semicolon_and_a_hard_one_before_a_colon():
    french = [words.say(group, key, "fr") for group, key, language in EVERY_WORD if language == "fr"]
    assert [text for text in french if " ;" in text or " :" in text] == []


def test_choices_keep_the_order_of_the_stages():
    assert [key for key, _ in words.choices("stages_pre_audit")] == [
        "scope", "prepare", "on_site", "review", "released", "follow_up",
    ]  # fmt: skip
