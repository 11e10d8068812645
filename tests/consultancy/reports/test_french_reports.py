"""A report in French: the same facts as in English, not a word of ours left in English, and nothing translated that
somebody wrote."""

import json
import re
from io import BytesIO

import docx
import pytest

from consultancy.reports import ASSEMBLE, OFFERED, policy, procedure
from consultancy.reports.problems import INFORMATION, problems_of
from consultancy.reports.wording import TEXTS
from consultancy.standards import catalogue
from document_templates import library
from document_templates.rendering import render
from tests.consultancy.reports.practice import TODAY, assemble, assessed, engagement, practice, rate_all, words_of
from tests.consultancy.reports.test_sample_fields import SUBJECTS, engagement_for
from tests.french import faults, leaves

MONTHS = {name: str(place % 12 + 1) for language in ("en", "fr") for key in ("months", "months_short")
          for place, name in enumerate(TEXTS[key][language])}  # fmt: skip
MONTH = re.compile("|".join(rf"(?<![\w’]){re.escape(name)}(?!\w)" for name in sorted(MONTHS, key=len, reverse=True)))
TYPED = ("number", "code", "clauses", "reference", "finding", "findings", "rating", "grade", "seen")
CODES = ("status", "state", "conclusion")
every = pytest.mark.parametrize("kind", sorted(ASSEMBLE))


def figures(words):
    """All numbers of a text, days with their month as a number."""
    dated = re.sub(
        r"(?<=\d )(?:" + MONTH.pattern + r")(?= \d{4})", lambda name: MONTHS[name[0]], words.replace("1er ", "1 ")
    )
    return sorted(re.findall(r"\d+", dated))


def facts(value, name=""):
    """What does not depend on the language: shape, numbers, codes, dates, owners."""
    if name == "glossary":  # in the order of the alphabet, which is not the same in both
        return sorted(figure for words in leaves(value) for figure in figures(words))
    if isinstance(value, dict):
        return {
            key: facts(one, key) for key, one in value.items() if key not in ("language", "language_name", "limits")
        }
    if isinstance(value, list):
        return [facts(one, name) for one in value]
    if not isinstance(value, str):
        return value
    return value if name in CODES and value.islower() or name in TYPED else figures(value)


def ours_in_english():
    """Whole sentences and titles of ours that French does not have too."""
    papers = [leaves(texts["en"]) for texts in (policy.TEXTS, procedure.TEXTS)]
    standard = catalogue.find("iso45001-2018-amd1")
    said = [one for texts in papers for one in texts] + [one for text in TEXTS.values() for one in leaves(text["en"])]
    for one in standard.requirements:
        said += [one.title, one.paraphrase, one.audit_question]
    french = " ".join(
        [one for texts in (policy.TEXTS, procedure.TEXTS) for one in leaves(texts["fr"])]
        + [one for text in TEXTS.values() for one in leaves(text["fr"])]
        + [one.title for one in catalogue.find(standard.key, "fr").requirements]
    )
    return {one for one in said if len(one) > 11 and "{" not in one and one not in french}


@every
def test_both_languages_state_the_same_facts(database_app, kind):
    with practice(database_app):
        made = engagement_for(kind)
        subject = SUBJECTS.get(kind, "")
        (_, english), (_, french) = (assemble(kind, made, subject, language=language) for language in ("en", "fr"))
    assert json.loads(json.dumps(facts(french))) == json.loads(json.dumps(facts(english)))


@every
def test_nothing_of_ours_is_left_in_english(database_app, kind):
    with practice(database_app):
        _, fields = assemble(kind, engagement_for(kind), SUBJECTS.get(kind, ""), language="fr")
    written = docx.Document(BytesIO(render(library.starter(kind, "fr").content, fields)))
    lines = {line.strip() for line in words_of(written).split("\n")}
    whole = "\n".join(lines)
    assert [words for words in ours_in_english() if words in whole] == []


@pytest.mark.parametrize("code", [*policy.POLICIES, *procedure.PROCEDURES])
def test_every_paper_of_a_client_is_french_throughout(database_app, code):
    with practice(database_app):
        made = engagement("program_development", contacts=False)
        kind = "policy" if code in policy.POLICIES else "procedure"
        (_, english), (title, fields) = (assemble(kind, made, code, language=language) for language in ("en", "fr"))
    assert facts(fields) == facts(english)
    assert title[:1].isupper()
    assert {
        words: wrong for words in leaves(fields) if (wrong := faults(words)) and words != fields["firm"]["name"]
    } == {}


def test_what_people_wrote_stays_as_it_is_and_a_document_in_the_other_language_says_so_once(database_app):
    with practice(database_app):
        made = engagement()
        made.language = "en"
        said = rate_all(assessed(made))
        (_, same), (_, other) = (assemble("gap_report", made, language=language) for language in ("en", "fr"))
    written = [
        one["text"] for clause in other["clauses"] for row in clause["requirements"] for one in row["observations"]
    ]
    assert sorted(written) == sorted(said)
    marked = [line for line in other["limits"] if "texte original en anglais" in line]
    assert len(marked) == 1
    assert not any("original" in line for line in same["limits"])


def test_a_french_engagement_marks_its_english_document(database_app):
    with practice(database_app):
        made = engagement_for("corrective_action_plan")
        made.language = "fr"
        (_, english), (_, french) = (
            assemble("corrective_action_plan", made, language=language) for language in ("en", "fr")
        )
        told = [
            one for one in problems_of(made, kind="corrective_action_plan", today=TODAY) if one.level == INFORMATION
        ]
    assert "original text in French" in english["plan"]["lead"]
    assert "original" not in french["plan"]["lead"]
    assert ("notes_in_one_language", {"language": "fr"}) in [(one.what, dict(one.facts)) for one in told]


def test_every_kind_that_is_offered_has_a_french_starter():
    offered = {kind for kinds in OFFERED.values() for kind in kinds}
    assert {kind for kind in offered if library.starter(kind, "fr").sha256 == library.starter(kind).sha256} == set()
