"""A field workbook is filled by hand, saved by other programs and changed by curious people: all of it is noticed."""

import io
import re

import docx
import pytest
from lxml import etree

from document_templates.field_workbook import Group, Row, Words, Workbook, build, name_of, row_digest, text_digest
from document_templates.field_workbook_checking import Answer, Issue, Issued, verify
from document_templates.field_workbook_reading import claimed, take_in
from document_templates.intake import inspect_archive
from document_templates.refusals import WrongKindOfFile
from tests.document_templates.filled_workbooks import CONTROL, changed, filled, part_of, row_of
from tests.document_templates.word_files import template
from tests.office import WORD, converted

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SECRET = b"s" * 32
WORDS = Words("Requirement", "Seen so far", "Rating", "Notes", "Day", "Choose…", "Write here…", "Pick the day…", "Page")
RATINGS = (("0", "0 Absent"), ("1", "1 Informal"), ("2", "2 Developing"), ("not_applicable", "Not applicable"))
TICKS = (("d", "Document"), ("i", "Interview"), ("o", "Observation"))
ODD = "Blanks  twice,\u00a0one that holds, “quotes”, <b> & 1\u202f000…\n\u2011 second line\twith a tab, é, 🦺"


def workbook(rows=6, **columns):
    def row(number):
        seen, rating = ODD if number % 2 else "", "1" if number == 2 else ""
        return Row(f"4.{number}", f"Aim {number} & <more>", ODD, "Ask: who?", seen, rating)

    half = rows // 2
    groups = (
        Group("4", "Context", tuple(row(number) for number in range(1, half + 1))),
        Group("5", "Lead", tuple(row(number) for number in range(half + 1, rows + 1))),
    )
    given = {"id": "0123456789abcdef" * 2, "cover": (("Client", "Tolmie & Co"),), "instructions": ("Fill it.",)}
    return Workbook(
        **given | {
            "language": "en", "title": "Field workbook", "subtitle": "Tolmie", "author": "Priya Raman",
            "made_on": "2026-03-02", "words": WORDS, "ratings": RATINGS, "ticks": TICKS, "groups": groups,
        } | columns
    )  # fmt: skip


def issued(one):
    rows = tuple((row.code, row_digest(row)) for group in one.groups for row in group.rows)
    return Issued(one.id, SECRET, rows, dict(RATINGS), "dio", (WORDS.choose, WORDS.write, WORDS.pick))


def read(content, one=None):
    return verify(take_in(content), issued(one or workbook()))


def answers(filled_in):
    return {one.code: one for one in filled_in.answers}


FULL = {f"4.{number}": {"r": "2 Developing", "n": f"Note {number} <&>\nline two", "i": "☒"} for number in range(1, 7)}
EMPTY = build(workbook(), secret=SECRET)
FILLED = filled(EMPTY, FULL, visited="2026-03-05")


def test_what_was_filled_is_read_back_exactly():
    got = read(FILLED)
    assert got.issues == ()
    assert got.visited == "2026-03-05"
    assert got.answers == tuple(Answer(code, "2", fields["n"], "i") for code, fields in FULL.items())


def test_an_empty_workbook_says_only_the_ratings_that_stood_in_it():
    got = read(EMPTY)
    assert got.issues == ()
    assert got.answers == (Answer("4.2", "1"),)
    assert got.visited == ""


def test_the_same_workbook_is_the_same_bytes_and_its_secret_is_not_among_them():
    assert build(workbook(), secret=SECRET) == EMPTY
    assert build(workbook(), secret=b"t" * 32) != EMPTY
    for name in ("word/document.xml", "docProps/custom.xml"):
        assert SECRET not in part_of(EMPTY, name).encode()


def test_names_of_controls_fit_into_what_word_allows():
    tag, bookmark = name_of("f" * 32, SECRET, 99_999, "10.2.1.4", "r")
    assert len(tag) <= 64
    assert len(bookmark) <= 40
    assert re.fullmatch(r"[A-Za-z_]\w*", bookmark)


def test_it_passes_the_gate_and_opens_in_python_docx():
    inspect_archive(EMPTY, kind="docx")
    document = docx.Document(io.BytesIO(EMPTY))
    assert [table.rows[0].cells[0].text for table in document.tables[1:]] == ["Requirement"] * 2
    assert document.core_properties.title == "Field workbook"


# CT_SdtPr and CT_TcPr of the standard: Word refuses a file whose elements stand in another order
ORDERS = {
    "sdtPr": ("rPr", "alias", "tag", "id", "lock", "placeholder", "temporary", "showingPlcHdr", "dropDownList", "date",
              "richText", "checkbox"),
    "tcPr": ("tcW", "gridSpan", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "vAlign"),
    "tblPr": ("tblStyle", "tblW", "jc", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook",
              "tblCaption"),
    "sdt": ("sdtPr", "sdtEndPr", "sdtContent"),
    "date": ("dateFormat", "lid", "storeMappedDataAs", "calendar"),
    "pPr": ("pStyle", "keepNext", "keepLines", "tabs", "spacing", "ind", "jc", "outlineLvl"),
    "rPr": ("rStyle", "rFonts", "b", "i", "color", "sz", "szCs", "lang"),
    "style": ("name", "basedOn", "qFormat", "pPr", "rPr", "tblPr", "tblStylePr"),
}  # fmt: skip


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "word/footer1.xml"])
def test_elements_stand_in_the_order_of_the_schema(part):
    root = etree.fromstring(part_of(EMPTY, part).encode())
    for element in root.iter(etree.Element):
        order = ORDERS.get(etree.QName(element).localname)
        if order:
            found = [order.index(etree.QName(child).localname) for child in element]
            assert found == sorted(found), etree.tostring(element)


def test_ids_of_controls_and_bookmarks_are_unique_and_header_rows_repeat():
    xml = part_of(EMPTY, "word/document.xml")
    for pattern in (r'<w:id w:val="(\d+)"', r'bookmarkStart w:id="(\d+)"', r'w:name="(w\w+)"', r'<w:tag w:val="(.*?)"'):
        found = re.findall(pattern, xml)
        assert len(found) == len(set(found)) == 6 * 5 + 1
    assert xml.count("<w:tblHeader/>") == 2


def said(change, content=FILLED):
    """Kinds of trouble by requirement, and what is still believed."""
    got = read(changed(content, change))
    return {(one.code, one.kind) for one in got.issues}, answers(got)


def test_a_row_that_was_deleted_is_missing():
    told, got = said(lambda xml: xml.replace(row_of(xml, "4.3"), ""))
    assert told == {("4.3", "missing")}
    assert "4.3" not in got
    assert len(got) == 5


def test_a_row_that_was_copied_is_told_and_still_read():
    told, got = said(lambda xml: xml.replace(row_of(xml, "4.3"), row_of(xml, "4.3") * 2))
    assert told == {("4.3", "duplicated")}
    assert got["4.3"] == Answer("4.3", "2", "Note 3 <&>\nline two", "i")


def test_a_copy_that_says_something_else_is_not_believed():
    def copy(xml):
        row = row_of(xml, "4.3")
        return xml.replace(row, row + row.replace("Note 3", "Other"))

    told, got = said(copy)
    assert told == {("4.3", "duplicated")}
    assert got["4.3"].note == ""


def tag_of(xml, code, letter="r"):
    return next(tag for tag in re.findall(r'<w:tag w:val="(.*?)"', row_of(xml, code)) if f".{letter}." in tag)


def test_a_tag_that_was_changed_by_hand_is_told():
    def forge(xml):
        tag = tag_of(xml, "4.3")
        forged = tag[:-1] + ("a" if tag[-1] != "a" else "b")
        return xml.replace(tag, forged).replace(tag.replace(".", "_"), forged.replace(".", "_"))

    told, got = said(forge)
    assert told == {("4.3", "changed_name"), ("4.3", "missing")}
    assert got["4.3"].rating == ""
    assert got["4.3"].note == "Note 3 <&>\nline two"


def test_a_tag_moved_to_another_row_is_told_and_neither_is_believed():
    def swap(xml):
        one, other = tag_of(xml, "4.3"), tag_of(xml, "4.5")
        return xml.replace(one, "~~").replace(other, one).replace("~~", other)

    told, got = said(swap)
    assert told == {("4.3", "moved"), ("4.5", "moved")}
    assert (got["4.3"].rating, got["4.5"].rating) == ("", "")


def test_a_whole_control_moved_into_another_row_is_told():
    def move(xml):
        row = row_of(xml, "4.3")
        cells = re.findall(r"<w:tc>.*?</w:tc>", row, re.DOTALL)
        other = row_of(xml, "4.5")
        theirs = re.findall(r"<w:tc>.*?</w:tc>", other, re.DOTALL)
        return xml.replace(row, row.replace(cells[3], theirs[3])).replace(other, other.replace(theirs[3], cells[3]))

    told, got = said(move)
    assert told == {("4.3", "moved"), ("4.5", "moved")}
    assert "4.3" not in got


def test_the_text_of_a_requirement_that_was_edited_is_told():
    told, _got = said(lambda xml: xml.replace(row_of(xml, "4.3"), row_of(xml, "4.3").replace("Aim 3", "Aim 4")))
    assert told == {("4.3", "text_edited")}


def test_a_rating_typed_by_hand_is_not_one_of_the_list():
    got = read(filled(EMPTY, {"4.3": {"r": "Mostly fine", "n": "Seen."}}))
    assert got.issues == (Issue("4.3", "not_in_list", "r", "Mostly fine"),)
    assert answers(got)["4.3"] == Answer("4.3", "", "Seen.")


def test_tracked_changes_inside_a_field_are_told_and_read_as_accepted():
    def track(xml):
        run = re.search(r'<w:r><w:t xml:space="preserve">Note 3.*?</w:r>', xml)[0]
        inserted = '<w:ins w:id="9001" w:author="A" w:date="2026-03-05T00:00:00Z"><w:r><w:t>Newer.</w:t></w:r></w:ins>'
        deleted = run.replace("<w:t ", "<w:delText ").replace("</w:t>", "</w:delText>")
        return xml.replace(run, f'<w:del w:id="9000" w:author="A">{deleted}</w:del>{inserted}')

    told, got = said(track)
    assert told == {("4.3", "tracked")}
    assert got["4.3"].note == "Newer."


def test_words_typed_beside_the_field_are_part_of_the_note():
    def beside(xml):
        row = row_of(xml, "4.3")
        return xml.replace(row, row[: row.rindex("</w:tc>")] + "<w:p><w:r><w:t>More.</w:t></w:r></w:p></w:tc></w:tr>")

    told, got = said(beside)
    assert told == {("4.3", "beside")}
    assert got["4.3"].note == "Note 3 <&>\nline two\nMore."


def test_fields_of_another_workbook_are_told_and_not_read():
    other = filled(build(workbook(id="ab" * 16), secret=SECRET), {"4.1": {"n": "Theirs."}})
    stranger = row_of(part_of(other, "word/document.xml"), "4.1")
    got = read(changed(FILLED, lambda xml: f"{stranger}</w:tbl>".join(xml.rsplit("</w:tbl>", 1))))
    assert got.issues == (Issue("", "foreign"),)
    assert "Theirs." not in [one.note for one in got.answers]


def test_a_workbook_made_with_another_secret_is_not_believed():
    got = read(filled(build(workbook(), secret=b"x" * 32), FULL))
    assert got.answers == ()
    assert {one.kind for one in got.issues} == {"changed_name", "missing"}


def test_a_workbook_says_which_one_it_is_with_or_without_its_properties():
    assert claimed(take_in(FILLED)) == ("0123456789abcdef" * 2, "w0123456789ab")
    without = changed(FILLED, lambda _xml: "<none/>", part="docProps/custom.xml")
    assert claimed(take_in(without)) == ("", "w0123456789ab")


def test_another_word_file_is_no_field_workbook():
    with pytest.raises(WrongKindOfFile):
        take_in(template("Written for nobody."))


def test_another_prefix_for_words_own_names_is_read_the_same():
    def renamed(xml):
        return re.sub(r"(</?|\s)w:", r"\1ww:", xml).replace("xmlns:w=", "xmlns:ww=")

    assert read(changed(FILLED, renamed)) == read(FILLED)


def test_blanks_line_ends_and_marks_nobody_sees_are_no_edit():
    assert text_digest("One  two\u00a0\nthree\u200b") == text_digest("One two three")
    assert text_digest("One two") != text_digest("One twa")


def saved_as(content, folder, *formats):
    """The file opened and saved by LibreOffice, in one format after the other."""
    source = folder / "book.docx"
    source.write_bytes(content)
    for kind in formats:
        source = converted(folder, WORD if kind == "docx" else kind, source) / f"book.{kind}"
    return source.read_bytes()


@pytest.mark.office
@pytest.mark.parametrize("formats", [("docx",), ("docx", "docx"), ("odt", "docx")], ids="-".join)
def test_every_value_survives_libreoffice_and_no_alarm_is_false(tmp_path, formats):
    many = workbook(160)
    values = {
        f"4.{number}": {"r": RATINGS[number % 4][1], "n": f"Note {number}: “{ODD}”"} | {"o": "☒"}
        for number in range(1, 161)
    }
    content = filled(build(many, secret=SECRET), values, visited="2026-03-05")
    before, after = read(content, many), read(saved_as(content, tmp_path, *formats), many)
    assert after.issues == ()
    assert after == before
    assert len(CONTROL.findall(part_of(content, "word/document.xml"))) == 801


@pytest.mark.office
def test_an_empty_workbook_stays_empty_in_libreoffice(tmp_path):
    assert read(saved_as(EMPTY, tmp_path, "docx")) == read(EMPTY)
