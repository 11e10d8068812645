"""The shelf of document templates and the look of documents, at the browser."""

from html import unescape
from io import BytesIO

import pytest

from document_templates import library
from tests.document_templates.word_files import opened, parts, picture, rebuilt, template

SHELF = "/northgate/document-templates"
GOOD = template("House style.", "Written for {{ client.name }}.")
LOOK = {"primary": "#123456", "accent": "#8A4B00", "heading_font": "Georgia", "body_font": "Verdana", "revision": "1"}


@pytest.fixture
def owner(signed_in):
    return signed_in("own")


@pytest.fixture
def send(owner):
    def upload(content, to=SHELF, name="house.docx", **fields):
        form = {"name": "House <style>", "kind": "gap_report", "language": "fr"} | fields if to == SHELF else fields
        return owner.post(to, form | {"file": (BytesIO(content), name)})

    return upload


def words(answer):
    return unescape(answer.text)


def taken_in(send, content=GOOD, **fields):
    answer = send(content, **fields)
    assert answer.status_code == 303
    return answer.location


def test_a_good_template_is_taken_in_and_comes_back_byte_for_byte(send, owner):
    page = owner.get(taken_in(send))
    assert "Nothing to mend" not in page.text  # it has no contents and says another language
    assert "1 placeholder in use" in page.text
    assert "House &lt;style&gt;" in page.text
    version = page.text.split("/document-templates/versions/")[1].split("/")[0].split('"')[0]
    assert owner.get(f"{SHELF}/versions/{version}/file").data == GOOD
    sample = opened(owner.get(f"{SHELF}/versions/{version}/sample").data)
    assert sample.paragraphs[1].text == "Written for Rivetech Côté & Fils."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (template("", "Dear {{ cleint.name }},"), "“cleint.name”, in paragraph 2"),
        (template("{{ client.name"), "in paragraph 1"),
        (template("{{ summary.major / 0 }}"), "division by zero"),
        (template("{{ ''.__class__.__mro__ }}"), "not allowed in a tag"),
        (rebuilt(GOOD, {"word/vbaProject.bin": b"macro"}), "macros"),
        (b"%PDF-1.7", "its content is a PDF"),
        (b"", "The file is empty."),
    ],
    ids=["misspelt", "unclosed", "fails when tried", "forbidden", "macros", "pdf", "empty"],
)
def test_a_refused_upload_says_why_and_loses_nothing_that_was_typed(send, owner, content, sentence):
    answer = send(content)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'value="House &lt;style&gt;"' in answer.text
    assert '<option selected value="fr">' in answer.text
    assert "House" not in owner.get(SHELF).text


def test_the_same_file_twice_is_told_which_version_it_is(send, owner):
    page = taken_in(send)
    assert send(template("{{ client.place }}"), to=f"{page}/versions").status_code == 303
    answer = send(GOOD, to=f"{page}/versions")
    assert (answer.status_code, "already version 1" in answer.text) == (422, True)
    assert "Version 2" in owner.get(page).text


def test_a_name_of_an_upload_is_shown_clean_and_never_reaches_the_storage(send, owner, storage):
    page = owner.get(taken_in(send, file_name="x"))
    assert "house.docx" in page.text
    second = send(template("{{ client.place }}"), to=page.request.path + "/versions", name="../../etc/\u202epasswd")
    assert "passwd.docx" in owner.get(second.location).text
    assert [path.name for path in storage.rglob("*") if "passwd" in path.name] == []


def test_the_request_form_offers_the_firms_own_first_and_refuses_a_retired_one(send, owner, stand):
    form = f"/northgate/engagements/{stand.here.employers[0].ids['engagement']}/deliverables"
    page = taken_in(send, language="en")
    key = page.rsplit("/", 1)[1]
    offered = words(owner.get(form))
    assert offered.index("House <style> · Gap analysis report · EN · default") < offered.index(">Our starter<")
    wanted = {"kind": "gap_report", "language": "en", "template": key}
    made = owner.post(form, wanted | {"request_key": "a-key-of-this-form"})
    assert "House <style>, version 1" in words(owner.get(made.location))
    owner.post(f"{page}/retire")
    refused = owner.post(form, wanted | {"request_key": "a-key-of-that-form"})
    assert (refused.status_code, "is retired and writes no new documents" in refused.text) == (422, True)
    assert key not in owner.get(form).text


def test_another_consultancys_template_is_not_there(signed_in, stand, owner):
    theirs = stand.elsewhere.employers[0].ids["document_template"]
    assert owner.get(f"{SHELF}/{theirs}").status_code == 404
    form = f"/northgate/engagements/{stand.here.employers[0].ids['engagement']}/deliverables"
    fields = {"kind": "gap_report", "language": "en", "template": str(theirs), "request_key": "a-key-of-this-form"}
    answer = owner.post(form, fields)
    assert (answer.status_code, "There is no such template" in answer.text) == (422, True)


def test_a_sample_wears_the_look_of_today(send, owner):
    page = owner.get(taken_in(send, content=library.starter("gap_report").content, language="en"))
    version = page.text.split("/document-templates/versions/")[1].split("/")[0].split('"')[0]
    sample = parts(owner.get(f"{SHELF}/versions/{version}/sample").data)
    assert "word/media/firm-logo.png" in sample
    assert b"7A1E4C" in sample["word/theme/theme1.xml"]


def test_our_starter_is_there_to_begin_with(consultant):
    assert consultant.get(f"{SHELF}/starters/gap_report").data == library.starter("gap_report").content
    assert consultant.get(f"{SHELF}/starters/gap_report.fr").data == library.starter("gap_report", "fr").content
    assert f"{SHELF}/starters/gap_report.fr" in consultant.get(SHELF).text
    for name in ("settings", "gap_report.en", "gap_report.de", "settings.fr", "gap_report.fr.fr"):
        assert consultant.get(f"{SHELF}/starters/{name}").status_code == 404


class TestTheLook:
    def choose(self, owner, **changed):
        fields = LOOK | changed
        return owner.post("/northgate/settings/brand", fields)

    def test_a_logo_is_shown_as_we_wrote_it(self, owner):
        answer = self.choose(owner, logo=(BytesIO(picture("JPEG", size=(300, 90))), "logo.png"))
        assert answer.status_code == 303
        logo = owner.get("/northgate/settings/brand/logo")
        assert (logo.mimetype, logo.data[:3]) == ("image/jpeg", b"\xff\xd8\xff")

    def test_the_logo_stays_until_it_is_taken_away(self, owner):
        self.choose(owner, logo=(BytesIO(picture()), "logo.png"))
        self.choose(owner, revision="2", heading_font="Arial")
        assert owner.get("/northgate/settings/brand/logo").status_code == 200
        self.choose(owner, revision="3", no_logo="y")
        assert owner.get("/northgate/settings/brand/logo").status_code == 404

    def test_a_pale_colour_is_refused_beside_its_field_with_the_nearest_that_can_be_read(self, owner):
        answer = self.choose(owner, accent="#f0c020")
        assert answer.status_code == 422
        assert "The nearest that can be read is #907313." in answer.text
        assert 'id="accent-error"' in answer.text
        assert 'value="#f0c020"' in answer.text

    @pytest.mark.parametrize("content", [b"<svg/>", b"GIF89a", b"\x89PNG\r\n\x1a\n"])
    def test_what_is_no_logo_is_refused_beside_its_field(self, owner, content):
        answer = self.choose(owner, logo=(BytesIO(content), "logo.png"))
        assert (answer.status_code, 'id="logo-error"' in answer.text) == (422, True)

    def test_a_look_that_somebody_changed_meanwhile_is_not_overwritten(self, owner):
        self.choose(owner)
        assert self.choose(owner, primary="#000000").status_code == 409
