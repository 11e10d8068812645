"""French texts are whole, set as Canadian French sets them, and call laws and bodies by their official names."""

import re

import pytest

from consultancy.reports import policy, procedure
from consultancy.reports.wording import TEXTS
from consultancy.standards import catalogue
from consultancy.standards.glossary import CERTAINTIES, GLOSSARY
from consultancy.standards.words import WORDS
from tests.french import all_texts, faults

BLANK = re.compile(r"\{[\w\[\]]+\}")
SAME_IN_FRENCH = {"COR", "SOSE", "HSEp"}
TYPES = {
    "an apostrophe's": 1,
    "Danger: oui": 1,
    "Danger : oui": 1,
    "oui ; non": 1,
    "vraiment ?": 1,
    "80 %": 1,
    "5 000$": 1,
    "« oui »": 1,
    "“oui”": 1,
    "6.5 j": 1,
    "24 Nov 2026": 1,
    "le 1 mars": 1,
    "Danger\u00a0: oui; 80\u00a0%, «\u00a0non\u00a0», 6,5 j, 5 000\u00a0$": 0,
    "L’article 6.1.2 d’ISO 45001:2018, 1er mars?": 0,
}


@pytest.mark.parametrize(("words", "wrong"), TYPES.items())
def test_the_check_of_typography_finds_what_it_should(words, wrong):
    assert bool(faults(words)) == bool(wrong)


def test_every_french_text_is_set_as_french_is():
    wrong = {
        f"{place}: {words[:90]}": found for place, texts in all_texts().items() for words in texts
        if (found := faults(words))
    }  # fmt: skip
    assert wrong == {}


def blanks(value) -> list:
    """The shape of a text: its rows, and what is put into each."""
    if isinstance(value, list):
        return [blanks(one) for one in value]
    return sorted(set(BLANK.findall(value)))


def test_every_text_is_there_in_french_with_the_same_facts():
    assert [key for key, text in TEXTS.items() if set(text) != {"en", "fr"}] == []
    counted = {key for key, text in TEXTS.items() if isinstance(text["en"], list)}
    assert {key for key in counted if len(TEXTS[key]["en"]) != len(TEXTS[key]["fr"])} == set()
    assert {key for key, text in TEXTS.items() if blanks(text["en"]) != blanks(text["fr"])} == set()


def test_every_word_is_there_in_french():
    assert [(group, key) for group, words in WORDS.items() for key, word in words.items() if not word.get("fr")] == []


def shape(value, path=""):
    """Every place of a text with the blanks in it, or with nothing where nothing is said."""
    if isinstance(value, dict):
        return [one for key, part in value.items() for one in shape(part, f"{path}/{key}")]
    if isinstance(value, list):
        return [(path, len(value))] + [
            one for place, part in enumerate(value) for one in shape(part, f"{path}/{place}")
        ]
    return [(path, bool(value))]


@pytest.mark.parametrize("texts", [policy.TEXTS, procedure.TEXTS], ids=["policies", "procedures"])
def test_our_papers_have_the_same_rows_in_both_languages(texts):
    assert shape(texts["fr"]) == shape(texts["en"])
    known = {"{client}", "{leader}", "{watcher}", "{watches}", "{body}", "{Body}", "{act}"}
    assert {blank for words in all_texts()["procedures.fr.json"] for blank in BLANK.findall(words)} <= known
    assert {blank for words in all_texts()["policies.fr.json"] for blank in BLANK.findall(words)} <= known
    elided = re.compile(r"\b(?:de|à) \{[bB]ody\}")  # the text put in begins with an article
    assert [words for texts in all_texts().values() for words in texts if elided.search(words)] == []


@pytest.mark.parametrize("key", [key for key, one in catalogue.OFFERED.items() if one.opens_engagements])
def test_a_standard_is_the_same_in_french_but_for_its_words(key):
    english, french = catalogue.find(key), catalogue.find(key, "fr")
    numbers = [(one.code, one.step, one.clause, one.must) for one in english.requirements]
    assert [(one.code, one.step, one.clause, one.must) for one in french.requirements] == numbers
    for ours, theirs in zip(english.requirements, french.requirements, strict=True):
        for words in ("title", "paraphrase", "audit_question"):
            assert getattr(theirs, words), (ours.code, words)
            if words != "title":
                assert getattr(theirs, words) != getattr(ours, words)
    assert all(heading.title for heading in french.headings)
    assert [one.number for one in french.clauses()] == [one.number for one in english.clauses()]


def test_a_general_requirement_says_of_what_in_french_too():
    assert (
        catalogue.find("iso45001-2018-amd1", "fr").requirement("9.2.1").full_title == "Audit interne\u00a0: généralités"
    )


def test_each_official_name_has_a_source_and_says_how_sure_it_is():
    assert [key for key, term in GLOSSARY.items() if not term.source or term.certainty not in CERTAINTIES] == []


def test_no_french_text_uses_an_english_official_name_or_a_variant_that_is_wrong():
    english = {name for term in GLOSSARY.values() for name in (term.en, term.en_short)} - SAME_IN_FRENCH
    french = {name.casefold() for term in GLOSSARY.values() for name in (term.fr, term.fr_short)}
    never = {name for name in english if name.casefold() not in french}
    wrong = re.compile("|".join(rf"\b{re.escape(name)}(?!\w)" for name in sorted(never, key=len, reverse=True)))
    right = re.compile("|".join(re.escape(name) for name in sorted(french - {""}, key=len, reverse=True)))
    variants = {variant.casefold() for term in GLOSSARY.values() for variant in term.never}
    found = [
        (place, words[:90]) for place, texts in all_texts().items() for words in texts
        if wrong.search(words) or any(variant in right.sub("", words.casefold()) for variant in variants)
    ]  # fmt: skip
    assert found == []
