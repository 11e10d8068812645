"""The redline of two documents: accepting every change gives the newer text, rejecting every change the older."""

import copy
import functools
import io
import json
import random
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx.shared import RGBColor

from document_templates.changes import Change, changes
from document_templates.child import Child
from document_templates.intake import inspect_archive
from document_templates.redline import redline
from document_templates.rendering import render
from tests.document_templates.tracked_reading import W, accepted, faults, marked, rejected, root_of
from tests.document_templates.word_files import body, opened, parts, rebuilt, template, with_relationship
from tests.office import resaved

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = Path(__file__).parents[2] / "document_templates" / "samples"
EMPTY = rebuilt(template(), dict.fromkeys(["word/styles.xml", "word/numbering.xml", "docProps/thumbnail.jpeg"]))
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
AT = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)

marking = functools.partial(redline, author="Élise Roy", at=AT)


def p(content, look=""):
    runs = content if content.startswith("<") else f'<w:r><w:t xml:space="preserve">{content}</w:t></w:r>'
    return f"<w:p>{look and f'<w:pPr>{look}</w:pPr>'}{runs if content else ''}</w:p>"


def table(*rows):
    columns = "<w:gridCol/>" * len(rows[0])
    cells = ["".join(f"<w:tc>{cell if cell.startswith('<') else p(cell)}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def word(*blocks):
    content = "".join(block if block.startswith("<") else p(block) for block in blocks)
    xml = f"<w:document {NAMESPACES}><w:body>{content}<w:sectPr/></w:body></w:document>"
    return rebuilt(EMPTY, {"word/document.xml": xml.encode()})


def checked(before, after):
    """The redline, after it has been shown to hold both documents and nothing that Word would refuse."""
    document = marking(before, after)
    assert accepted(document) == accepted(after)
    assert rejected(document) == rejected(before)
    assert faults(document) == []
    return document


def unmarked(document):
    return next(root_of(document).iter(f"{W}ins", f"{W}del"), None) is None


CASES = [
    (["the same"], ["the same"], ["the same"]),
    (["a long day here"], ["a short day here"], ["a [-long-]{+short+} day here"]),
    (["It ends here."], ["It ends here. And goes on."], ["It ends here.{+ And goes on.+}"]),
    (["First of all, rest"], ["rest"], ["[-First of all, -]rest"]),
    (["one", "two"], ["one", "new one", "two"], ["one", "{+new one+}¶+", "two"]),
    (["one", "old", "two"], ["one", "two"], ["one", "[-old-]¶-", "two"]),
    (["one", "old"], ["one"], ["one¶-", "[-old-]"]),
    (["one"], ["one", "new"], ["one¶+", "{+new+}"]),
    (["one", "old"], ["one", "quite other"], ["one", "[-old-]{+quite other+}"]),
    (["readiness 39.6%"], ["readiness 44.1%"], ["readiness [-39.6%-]{+44.1%+}"]),
    (["say 👩‍🚒 twice"], ["say 👩‍🔧 twice"], ["say [-👩‍🚒-]{+👩‍🔧+} twice"]),
    (["e\u0301te\u0301 ici"], ["e\u0301tait ici"], ["[-e\u0301te\u0301-]{+e\u0301tait+} ici"]),
    (["R&amp;D &lt; 5"], ["R&amp;D &lt; 6"], ["R&D < [-5-]{+6+}"]),
    (["a  b"], ["a b"], ["a[-  -]{+ +}b"]),
    ([""], ["filled"], ["{+filled+}"]),
    ([table(["x", "y"])], [table(["x", "z"])], ["x", "[-y-]{+z+}"]),
    ([table(["x", "y"], ["1", "2"])], [table(["x", "y"])], ["x", "y", "[-1-]¶-", "[-2-]¶-"]),
    ([table(["x", "y"])], [table(["0", "0"], ["x", "y"])], ["{+0+}¶+", "{+0+}¶+", "x", "y"]),
    ([table(["x"]), "after"], ["after"], ["[-x-]¶-", "after"]),
    ([table(["a", "b"])], [table(["a", "b", "c"])], ["[-a-]¶-", "[-b-]¶-", "{+a+}¶+", "{+b+}¶+", "{+c+}¶+"]),
    ([table([p("one") + p("two")])], [table([p("one")])], ["one¶-", "[-two-]"]),
]


@pytest.mark.parametrize(("before", "after", "expected"), CASES)
def test_only_what_changed_is_marked(before, after, expected):
    assert marked(checked(word(*before), word(*after))) == expected


def any_blocks(chance, depth=0):
    vocabulary = [
        "risk",
        "worker",
        "the",
        "the",
        "of",
        "plan",
        "5.2",
        "l’église",
        "éve\u0301nement",
        "👩‍🚒",
        "39.6%",
        "&amp;",
    ]
    found = []
    for _ in range(chance.randint(0 if depth else 1, 5)):
        if chance.random() < 0.25 and depth < 2:
            width = chance.randint(1, 3)
            rows = [["".join(any_blocks(chance, depth + 1)) for _ in range(width)] for _ in range(chance.randint(1, 4))]
            found.append(table(*rows))
        else:
            found.append(p(" ".join(chance.choices(vocabulary, k=chance.randint(0, 9)))))
    return [*found, p(chance.choice(["", "the end", "the very end"]))]


def altered(chance, blocks):
    kept = []
    for block in blocks[:-1]:
        if chance.random() < 0.2:
            continue
        kept.append(block.replace("the", chance.choice(["the", "one", ""])) if chance.random() < 0.5 else block)
        kept += any_blocks(chance, 1)[:-1] if chance.random() < 0.2 else []
    last = kept and kept[-1].startswith("<w:p>") and chance.random() < 0.3
    return kept if last else [*kept, blocks[-1]]


def test_whatever_two_documents_say_both_are_in_the_redline():
    chance = random.Random(45001)
    for _ in range(50):
        blocks = any_blocks(chance)
        after = altered(chance, blocks) if chance.random() < 0.8 else any_blocks(chance)
        document = checked(word(*blocks), word(*after))
        assert unmarked(marking(document, word(*after)))  # what is tracked in it is taken as accepted


def test_what_repeats_by_the_thousand_is_compared_in_a_moment():
    started = time.process_time()
    checked(word("the " * 3000), word("a the " * 1500))
    checked(word(*[p("")] * 2000, "end"), word(*[p(""), p("x")] * 1000, "end"))
    assert time.process_time() - started < 15  # minutes without the limit


def test_a_word_is_one_word_however_many_runs_it_is_spread_over():
    bookmark = '<w:bookmarkStart w:id="4" w:name="b"/><w:bookmarkEnd w:id="4"/>'
    spread = f"<w:r><w:t>Work</w:t></w:r>{bookmark}<w:r><w:t>ers speak</w:t></w:r>"
    document = checked(word("Workers speak"), word(p(spread)))
    assert unmarked(document)
    assert "bookmarkStart" in body(document)


def test_text_keeps_its_own_looks_on_both_sides():
    def written(words, colour):
        def build(document):
            run = document.add_paragraph("It is ").add_run(words)
            run.font.color.rgb = RGBColor.from_string(colour)

        return template(build=build)

    root = root_of(checked(written("red", "AA0000"), written("blue", "0000AA")))
    colours = {mark.tag: mark.find(f"{W}r/{W}rPr/{W}color").get(f"{W}val") for mark in root.iter(f"{W}ins", f"{W}del")}
    assert colours == {f"{W}del": "AA0000", f"{W}ins": "0000AA"}


def field(code, result):
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return (
        f'{marks[0]}<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>{marks[1]}'
        f"<w:r><w:t>{result}</w:t></w:r>{marks[2]}"
    )


def test_fields_and_links_are_replaced_whole():
    ratings = '<w:r><w:t xml:space="preserve"> Ratings</w:t></w:r>'
    simple = '<w:fldSimple w:instr="SEQ Table"><w:r><w:t>3</w:t></w:r></w:fldSimple>'
    before, after = word(p(field("SEQ Table", "2") + ratings)), word(p(simple + ratings))
    root = root_of(checked(before, after))
    for kind, code in (("del", "delInstrText"), ("ins", "instrText")):
        mark = next(root.iter(f"{W}{kind}"))
        ends = [end.get(f"{W}fldCharType") for end in mark.iter(f"{W}fldChar")]
        assert (ends, len(list(mark.iter(f"{W}{code}")))) == (["begin", "separate", "end"], 1)

    assert changes(before, after) == []  # counted anew by Word, not written by anyone

    def linked(target):
        row = f'<Relationship Id="rIdX" Type="http://x/hyperlink" Target="{target}" TargetMode="External"/>'
        link = '<w:hyperlink r:id="rIdX"><w:r><w:t>the law</w:t></w:r></w:hyperlink>'
        return with_relationship(word(p(f'<w:r><w:t xml:space="preserve">See </w:t></w:r>{link}')), row)

    document = checked(linked("https://a.example"), linked("https://b.example"))
    assert marked(document) == ["See [-the law-]{+the law+}"]
    assert len(list(root_of(document).iter(f"{W}hyperlink"))) == 1


def test_the_contents_page_and_page_numbers_are_not_compared():
    def with_contents(entry, page):
        first = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC \\o "1-2"</w:instrText></w:r>'
        last = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        return word("Contents of this", p(first + f"<w:r><w:t>{entry}</w:t></w:r>"), p(last), p(field("PAGE", page)))

    document = marking(with_contents("Aims 3", "4"), with_contents("Scope 5", "6"))
    assert unmarked(document)
    assert changes(with_contents("Aims 3", "4"), with_contents("Scope 5", "6")) == []


def test_tracked_changes_that_are_already_there_count_as_made():
    gone = '<w:del w:id="1" w:author="X"><w:r><w:delText>old</w:delText></w:r></w:del>'
    come = '<w:ins w:id="2" w:author="X"><w:r><w:t>rules</w:t></w:r></w:ins>'
    document = marking(word("new words"), word(p(f'<w:r><w:t xml:space="preserve">new </w:t></w:r>{gone}{come}')))
    assert marked(document) == ["new [-words-]{+rules+}"]
    assert {mark.get(f"{W}author") for mark in root_of(document).iter(f"{W}del", f"{W}ins")} == {"Élise Roy"}


# --- real documents -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reports():
    """The gap report as issued, and half a year later."""
    source = (ROOT / "document_templates" / "starters" / "gap_report.docx").read_bytes()
    fields = json.loads((SAMPLES / "gap_report.json").read_text())
    later = copy.deepcopy(fields)
    later["document"]["version"] = "1.1"
    later["scope"][0] = later["scope"][0].replace("both shifts", "all three shifts")
    later["scope"].append("The night shift joined in May & brought its <own> rules 😀.")
    later["team"].append({"role": "Translator", "name": "Élise Roy"})
    later["limits"] = later["limits"][1:]
    later["documents"] = [*later["documents"][:2], *later["documents"][3:]]
    later["strengths"] = later["strengths"][:-1]
    later["roadmap"]["phases"] = later["roadmap"]["phases"][1:]
    return render(source, fields), render(source, later)


def test_a_report_shows_what_half_a_year_changed(reports):
    document = checked(*reports)
    assert document == marking(*reports)
    inspect_archive(document, kind="docx")
    assert opened(document).core_properties.title == opened(reports[1]).core_properties.title
    assert {name for name in parts(document) if parts(document)[name] != parts(reports[1])[name]} == {
        "word/document.xml"
    }


def test_a_report_beside_itself_has_no_marks(reports):
    assert unmarked(checked(reports[0], reports[0]))
    assert changes(reports[0], reports[0]) == []


def test_changes_are_told_with_their_place(reports):
    told = changes(*reports)
    places = [(one.kind, one.where, one.heading_number, one.heading, one.table, one.row) for one in told]
    assert ("changed", "text", "2.3", "Scope of the gap analysis", "", 0) in places
    assert ("added", "text", "", "", "Responsibility", 5) in places
    assert ("removed", "text", "7", "Documented information", "Documented information", 4) in places
    assert ("removed", "text", "8.1", "Months 1 to 3", "Months 1 to 3", 0) in places
    assert [one for one in told if one.where == "footer"] == [
        Change("changed", "RIVETECH-GAP-2026-01 · Version 1.0 Client confidential Page of",
               "RIVETECH-GAP-2026-01 · Version 1.1 Client confidential Page of", "footer")
    ]  # fmt: skip


def test_a_paragraph_found_word_for_word_elsewhere_has_moved():
    moving = "The committee meets on the first Monday of each month."
    told = changes(word(moving, "One thing", "Another thing"), word("One thing", "Another thing", moving))
    assert [(one.kind, one.after) for one in told] == [("moved", moving)]


def test_a_chart_with_other_figures_is_told_in_words(reports):
    chart = parts(reports[0])["word/charts/chart1.xml"].decode().replace("<c:v>1</c:v>", "<c:v>9</c:v>", 1)
    told = changes(reports[0], rebuilt(reports[0], {"word/charts/chart1.xml": chart.encode()}))
    assert [(one.kind, one.where) for one in told] == [("changed", "chart")]
    assert told[0].after


def test_both_are_made_in_the_confined_child(reports):
    with Child() as child:
        assert child(marking, *reports) == marking(*reports)
        assert child(changes, *reports) == changes(*reports)


@pytest.mark.office
def test_what_libreoffice_saves_is_compared_by_what_it_says(reports, tmp_path):
    saved = resaved(tmp_path, reports[0])
    assert zipfile.is_zipfile(io.BytesIO(saved))
    assert changes(reports[0], saved) == []
    checked(saved, reports[1])
    checked(reports[1], saved)


@pytest.mark.office
def test_libreoffice_finds_both_documents_in_a_redline(reports, tmp_path):
    document = marking(*reports)
    saved = resaved(tmp_path, document)
    for reading in (accepted, rejected):  # it leaves an empty line where a table went together with its heading
        assert [block for block in reading(saved) if block] == [block for block in reading(document) if block]


def test_a_redline_is_dated_where_it_is_made_or_not_at_all():
    with pytest.raises(ValueError, match="time zone"):
        redline(word("a"), word("b"), author="Élise Roy", at=datetime(2026, 11, 24))
