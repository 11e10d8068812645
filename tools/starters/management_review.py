"""Management review minutes: a row for each input, the decisions, and what top management concludes."""

from __future__ import annotations

from tools.starters.blocks import fact_strip, paragraphs, signatures
from tools.starters.markup import LANDSCAPE_TEXT, SPACER, each, header_row, p, row, row_each, run, table, when
from tools.starters.package import Starter

FACTS = (
    ("Document", "{{ document.number }}"),
    ("Version", "{{ document.version }}"),
    ("Date of the review", "{{ review.date }}"),
    ("Place", "{{ review.place }}"),
    ("Led by", "{{ review.chair }}"),
)
STATUS = "{{p x.status|status_chip }}"


def attendance() -> str:
    widths = (7772, 1800, 4000)
    names = row(widths, [p("TableText", "{{ a.name }}"), p("TableText", "{% if a.present %}● Yes{% else %}○ Yes   "
                                                                        "○ No{% endif %}"), p("TableText")],
                height=380, middle=True)
    blank = row(widths, [p("TableText"), p("TableText", "○ Yes   ○ No"), p("TableText")], height=380, middle=True)
    return "".join([
        p("Heading1Compact", "Attendance"),
        table("OHSTable", widths, [
            header_row(widths, "Name and function", "Present", "Initials"),
            row_each(widths, "a in attendees", names), blank, blank,
        ], says="Attendance"),
        p("SourceNote", "Top management leads the review. Workers or their representative should be there, or be told "
                        "the results."),
    ])


def agenda() -> str:
    widths = (900, 2900, 4272, 2900, 2600)
    item = row(widths, [
        p("TableRowHeader", "{{ i.letter }}"),
        (p("TableRowHeader", "{{ i.title }}"), p("TableText", "{{ i.question }}")),
        ("".join([each("t in i.record", p("TableText", "{{ t }}")),
                  when("not i.record", p("TableText", "Nothing recorded"))]), p("TableText")),
        (each("t in i.presented", p("TableText", "{{ t }}")), p("TableText")),
        p("TableText"),
    ], height=1100)
    return "".join([
        p("Heading1RunOn", "Inputs"),
        p("BodyText", "One row for each matter that {{ standard.short }} wants top management to look at, in our own "
                      "words. An empty cell is to be filled in at the meeting; if there was nothing to say, write so."),
        table("OHSRegister", widths, [
            header_row(widths, "Input", "To look at", "From the record", "Presented and discussed", "Decided"),
            row_each(widths, "i in inputs", item),
        ], says="Inputs of the review"),
        SPACER,
    ])


def decisions() -> str:
    widths = (1300, 6172, 2800, 1600, 1700)
    blank = row(widths, [p("TableText")] * 5, height=480)
    return "".join([
        p("Heading1RunOn", "Decisions and actions"),
        p("BodyText", "Corrective actions still to do come from the record; new decisions are added below them."),
        table("OHSRegister", widths, [
            header_row(widths, "No.", "What is to be done", "Who", "By", "=Status"),
            row_each(widths, "x in decisions", row(widths, [
                p("TableRowHeader", "{{ x.number }}"), p("TableText", "{{ x.what }}"), p("TableText", "{{ x.owner }}"),
                p("TableText", "{{ x.due }}"), p("TableText", STATUS)])),
            blank, blank, blank, blank, blank,
        ], says="Decisions and actions"),
        SPACER,
    ])


def conclusions() -> str:
    widths = (2400, 4772, 2600, 3800)
    return "".join([
        p("Heading1RunOn", "Conclusions of top management"),
        paragraphs("review.conclusion"),
        table("OHSTable", widths, [
            header_row(widths, "The system is", "Question", "Answer", "Reason"),
            row_each(widths, "c in conclusions", row(widths, [
                p("TableRowHeader", "{{ c.name }}"), p("TableText", "{{ c.question }}"),
                p("TableText", "○ Yes   ○ In part   ○ No"), p("TableText")], height=560, middle=True)),
        ], says="Conclusions"),
        SPACER,
        p("FrontHeading2", "How workers are told the results"),
        paragraphs("review.told"),
        when("not review.told", p("BodyText", "[how, by whom, by when]")),
        p("FrontHeading2", "Signatures"),
        signatures(LANDSCAPE_TEXT),
    ])


def body() -> str:
    return "".join([
        p("CoverBrand", "{{ client.legal_name }}"),
        p("TitlePlain", "{{ document.title }}"),
        p("SubtitlePlain", run("{{ client.name }}, {{ standard.short }}")),
        fact_strip(FACTS, LANDSCAPE_TEXT),
        p("BodyText", "{{ review.introduction }}"),
        attendance(), agenda(), decisions(), conclusions(),
    ])


STARTER = Starter(kind="management_review", subject="Management review minutes", body=body(), page="landscape",
                  author="{{ client.legal_name }}")
