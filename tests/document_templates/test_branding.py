"""A firm's colours, fonts and logo in a document, and what no brand may change."""

import re
from html import unescape

import pytest

from document_templates import library
from document_templates.branding import FONTS, Look, branded, render_branded
from document_templates.child import Child
from document_templates.colours import contrast_on_white, darkened, nearest_readable, readable
from document_templates.intake import inspect_archive
from document_templates.logos import UnreadablePicture, settled
from document_templates.refusals import EmptyFile, FileRefusal, FileTooLarge, WrongKindOfFile
from document_templates.sample_fields import kinds, sample
from tests.document_templates.word_files import body, opened, parts, picture, template

LOGO = settled(picture(size=(400, 100)))
LOOK = Look("7A1E4C", "8A4B00", "Georgia", "Verdana", LOGO.content, LOGO.kind, LOGO.width, LOGO.height)
BARE = Look("7A1E4C", "8A4B00", "Georgia", "Verdana")


def gap_report(look):
    return render_branded(library.starter("gap_report").content, sample("gap_report", "en"), look)


@pytest.mark.parametrize("kind", kinds())
def test_every_starter_wears_the_look_and_still_passes_the_gate(kind):
    document = render_branded(library.starter(kind).content, sample(kind, "en"), LOOK)
    inspect_archive(document, kind="docx")
    assert opened(document).core_properties.title
    theme = parts(document)["word/theme/theme1.xml"].decode()
    assert re.findall(r'<a:(?:accent1|accent2)><a:srgbClr val="(\w+)"', theme) == ["7A1E4C", "8A4B00"]
    assert re.findall(r'<a:latin typeface="(\w+)"/>', theme)[:2] == ["Georgia", "Verdana"]


def test_the_colours_of_ratings_mean_something_and_stay():
    def meanings(document):
        styles = parts(document)["word/styles.xml"].decode()
        named = re.findall(r'styleId="((?:Rating|Grade|Legal|Status|Square)\w+)".*?</w:style>', styles, re.DOTALL)
        return {
            name: re.findall(
                r'(?:color|fill)="(\w{6})"', re.search(rf'styleId="{name}".*?</w:style>', styles, re.DOTALL)[0], re.I
            )
            for name in named
        }

    assert len(meanings(gap_report(None))) > 10
    assert meanings(gap_report(LOOK)) == meanings(gap_report(None))


def test_values_beside_a_theme_colour_agree_with_it():
    styles = parts(gap_report(BARE))["word/styles.xml"].decode()
    beside = set(re.findall(r'w:val="(\w{6})" w:themeColor="accent1"', styles))
    assert beside == {"7A1E4C"}
    assert "1F5A73" not in styles


def test_the_logo_stands_where_the_name_stood_and_says_whose_it_is():
    with_logo, without = gap_report(LOOK), gap_report(BARE)
    assert "word/media/firm-logo.png" in parts(with_logo)
    said = re.findall(r'<wp:docPr [^>]*name="Logo"[^>]*>', body(with_logo))
    assert ['descr="Pell Harbour Safety Advisors"' in one for one in said] == [True]
    assert "word/media/firm-logo.png" not in parts(without)
    assert [one.text for one in opened(without).tables[0].rows[0].cells] == ["Pell Harbour Safety Advisors"]


def test_a_name_that_looks_like_markup_or_a_tag_stays_a_name():
    fields = sample("gap_report", "en")
    fields["firm"]["name"] = 'A "quoted" <b>&</b> {{ client.name }}'
    document = render_branded(library.starter("gap_report").content, fields, LOOK)
    said = unescape(re.search(r'name="Logo" descr="([^"]*)"', body(document))[1])
    assert said == 'A "quoted" <b>&</b> {{ client.name }}'


def test_the_same_look_is_the_same_bytes():
    once = gap_report(LOOK)
    branded.cache_clear()
    assert gap_report(LOOK) == once != gap_report(BARE)


def test_a_template_without_our_theme_keeps_what_is_its_own():
    plain = template("{{ client.name }}")
    document = branded(plain, LOOK)
    assert "firm-logo" not in "".join(parts(document))
    assert opened(document).paragraphs[0].text == "{{ client.name }}"


@pytest.mark.parametrize("colour", ["F0C020", "FFFFFF", "00FF00", "777777", "AAD3FF"])
def test_a_pale_colour_gets_the_nearest_that_can_be_read(colour):
    nearest = nearest_readable(colour)
    assert not readable(colour)
    assert 4.5 <= contrast_on_white(nearest) < 4.8


def test_a_colour_that_can_be_read_stays():
    assert nearest_readable("1F5A73") == "1F5A73" == darkened("1F5A73", 1)
    assert [round(contrast_on_white(one), 2) for one in ("000000", "FFFFFF", "767676")] == [21.0, 1.0, 4.54]


def test_only_fonts_that_every_word_has_are_offered():
    assert {"Arial", "Calibri", "Georgia", "Times New Roman"} <= set(FONTS)


class TestLogos:
    def test_a_photograph_leaves_behind_where_it_was_taken(self):
        told = b"Exif\0\0" + b"MM\0*\0\0\0\x08\0\0\0\0\0\0" + b"secret place"
        logo = settled(picture("JPEG", exif=told))
        assert (logo.kind, logo.width, logo.height) == ("jpeg", 120, 40)
        assert b"secret" not in logo.content
        assert b"Exif" not in logo.content

    def test_what_hides_behind_the_picture_is_gone(self):
        assert b"payload" not in settled(picture() + b"payload").content

    def test_a_very_large_picture_is_made_smaller(self):
        assert (settled(picture(size=(4000, 1000))).width, settled(picture(size=(4000, 1000))).height) == (1600, 400)

    @pytest.mark.parametrize(
        ("data", "refusal"),
        [
            (b"", EmptyFile),
            (b"<svg onload='alert(1)'/>", WrongKindOfFile),
            (b"GIF89a" + bytes(40), WrongKindOfFile),
            (b"\x89PNG\r\n\x1a\n" + bytes(40), UnreadablePicture),
            (picture()[:60], UnreadablePicture),
            (picture(size=(8, 8)), UnreadablePicture),
            (picture(size=(5100, 5000)), FileTooLarge),
            (bytes(6 << 20), FileTooLarge),
        ],
        ids=["nothing", "svg", "gif", "not a png", "cut off", "too small", "too many pixels", "too many bytes"],
    )
    def test_what_is_no_logo_is_told_in_a_sentence(self, data, refusal):
        with Child() as child, pytest.raises(refusal) as told:
            child(settled, data)
        assert isinstance(told.value, FileRefusal)
        assert told.value.sentence.endswith(".")
