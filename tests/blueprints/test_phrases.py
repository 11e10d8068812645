"""The phrase library: the consultancy's own texts, what comes along, and how both get into a finding."""

import re

import pytest
import sqlalchemy as sa

from consultancy.models.assessment import Rating
from consultancy.models.finding import Finding
from consultancy.models.phrase import Phrase
from consultancy.standards import catalogue, phrases
from tests.blueprints.requests import PHRASE
from tests.factories import entered, make_phrase

ISO = "iso45001-2018-amd1"


@pytest.fixture
def ids(stand):
    return stand.here.employers[0].ids


@pytest.fixture
def own(app, stand):
    with entered(app, stand.here.tenant):
        return make_phrase(requirement="6.1.2.1", text="Our words on <hazards>.", part="recommendation").id


def findings_new(ids, requirement="6.1.2.1"):
    return f"/northgate/engagements/{ids['engagement']}/findings/new?requirement={requirement}"


def kept(app, stand):
    with entered(app, stand.here.tenant) as session:
        return {one.text: one.retired_at for one in session.scalars(sa.select(Phrase))}


class TestBroughtAlong:
    def test_every_must_item_has_both_texts_in_both_languages(self):
        for requirement in catalogue.find(ISO).must_items():
            parts = {one.part: one.words for one in phrases.on_requirement(ISO, requirement.code)}
            assert (requirement.code, set(parts)) == (requirement.code, set(phrases.PARTS))
            assert all(words["en"] and words["fr"] and words["en"] != words["fr"] for words in parts.values())

    def test_each_is_about_a_requirement_that_is_rated(self):
        assert all(one.requirement in catalogue.find(one.standard) for one in phrases.SHIPPED.values())
        assert {one.part for one in phrases.SHIPPED.values()} == set(phrases.PARTS)

    def test_no_two_say_the_same(self):
        for language in ("en", "fr"):
            texts = [one.words[language] for one in phrases.SHIPPED.values()]
            assert len(texts) == len(set(texts))


class TestOwn:
    def test_a_phrase_is_written_mended_and_retired(self, app, stand, consultant, own, ids):
        assert consultant.post("/northgate/phrases", PHRASE | {"revision": 0}).status_code == 303
        assert "Causes were not sought." in consultant.get("/northgate/phrases?clause=10").text
        address = f"/northgate/phrases/{own}"
        assert consultant.post(address, PHRASE | {"text": "Better.", "revision": 1}).status_code == 303
        assert consultant.post(address, PHRASE | {"text": "Stale.", "revision": 1}).status_code == 409
        consultant.post(f"{address}/retire", {})
        assert {one: bool(when) for one, when in kept(app, stand).items()}.items() >= {
            "Causes were not sought.": False, "Better.": True
        }.items()  # fmt: skip
        assert "Better." not in consultant.get("/northgate/phrases").text
        assert "Better." in consultant.get("/northgate/phrases?retired=1").text
        consultant.post(f"{address}/retire", {})
        assert "Better." in consultant.get("/northgate/phrases").text

    @pytest.mark.parametrize(
        "fields",
        [
            {"text": ""}, {"text": "x" * 4_001}, {"text": "\x00\x0b"}, {"part": "evidence"}, {"language": "de"},
            {"place": f"{ISO}/99"}, {"place": "10.2"}, {"place": "../4.1"}, {"revision": "x"},
        ],
        ids=str,
    )  # fmt: skip
    def test_what_cannot_be_is_refused_and_the_words_are_kept(self, app, stand, consultant, fields):
        before = kept(app, stand)
        answer = consultant.post("/northgate/phrases", PHRASE | {"revision": 0} | fields)
        assert (answer.status_code, kept(app, stand)) == (422, before)


class TestInserting:
    def test_own_phrases_stand_before_those_that_come_along_and_only_for_their_requirement(self, consultant, own, ids):
        page = consultant.get(findings_new(ids)).text
        offered = re.findall(r'name="use" value="([^"]+)"', page)
        assert str(own) in offered
        recommendation = page[page.index('data-phrases="recommendation"'):]
        assert recommendation.index("Our words on &lt;hazards&gt;.") < recommendation.index("shipped-")
        assert str(own) not in consultant.get(findings_new(ids, "10.2")).text

    def test_without_the_script_a_phrase_comes_under_what_was_typed_and_nothing_is_saved(
        self, app, stand, consultant, own, ids
    ):
        fields = {"requirement": "6.1.2.1", "grade": "minor", "status": "open", "recommendation": "Typed."}
        address = f"/northgate/engagements/{ids['engagement']}/findings"
        answer = consultant.post(address, fields | {"revision": 0, "use": str(own)})
        assert answer.status_code == 200
        assert re.search(r'name="recommendation"[^>]*>\s*Typed\.\nOur words on &lt;hazards&gt;\.', answer.text)
        saved = f"/northgate/findings/{ids['finding']}"
        again = consultant.post(saved, fields | {"revision": 7, "title": "Half", "use": "shipped-1"}).text
        assert 'value="Half"' in again
        assert 'name="revision" value="7"' in again
        with entered(app, stand.here.tenant) as session:
            assert session.get_one(Finding, (stand.here.tenant, ids["finding"])).title != "Half"

    def test_enter_in_a_line_of_the_form_saves_and_takes_no_phrase(self, consultant, ids):
        """A browser presses the first button of the form then."""
        for page in (findings_new(ids), f"/northgate/engagements/{ids['engagement']}/assessment/6.1.2.1"):
            text = consultant.get(page).text
            form = re.search(r"<form[^>]*>(?:(?!</form>).)*data-phrases.*?</form>", text, re.DOTALL)[0]
            assert 'name="use"' not in re.findall(r'<button[^>]*type="submit"[^>]*>', form)[0]

    @pytest.mark.parametrize("key", ["", "shipped-9999", "nonsense", "00000000-0000-4000-8000-000000000000"])
    def test_a_phrase_that_is_not_there_changes_no_word(self, consultant, ids, key):
        fields = {"requirement": "10.2", "grade": "minor", "status": "open", "recommendation": "Typed."}
        address = f"/northgate/engagements/{ids['engagement']}/findings"
        answer = consultant.post(address, fields | {"revision": 0, "use": key})
        assert (answer.status_code, bool(re.search(r">\s*Typed\.</textarea>", answer.text))) == (200, True)

    def test_on_the_clause_desk_it_is_saved_under_the_recommendation(self, app, stand, consultant, own, ids):
        address = f"/northgate/engagements/{ids['engagement']}/assessment/6.1.2.1"
        assert "Our words on" in consultant.get(address).text
        revision = stand.here.employers[0].revisions["rating"]
        fields = {"rating": "1", "recommendation": "Typed.", "revision": revision, "use": str(own)}
        assert consultant.post(address, fields).location == address
        with entered(app, stand.here.tenant) as session:
            rating = session.get_one(Rating, (stand.here.tenant, ids["rating"]))
            assert rating.recommendation == "Typed.\nOur words on <hazards>."

    def test_a_french_engagement_is_offered_french_words(self, app, stand, consultant, ids):
        with entered(app, stand.here.tenant) as session:
            session.execute(sa.text("update engagement set language = 'fr'"))
        assert "Parcourir chaque secteur" in consultant.get(findings_new(ids)).text

    def test_another_consultancys_phrases_are_never_offered(self, app, stand, consultant, ids):
        with entered(app, stand.elsewhere.tenant):
            foreign = make_phrase(requirement="6.1.2.1", text="Foreign words.", part="statement").id
        assert "Foreign words." not in consultant.get(findings_new(ids)).text
        address = f"/northgate/engagements/{ids['engagement']}/findings"
        fields = {"requirement": "6.1.2.1", "grade": "minor", "status": "open", "use": str(foreign), "revision": 0}
        assert "Foreign words." not in consultant.post(address, fields).text
