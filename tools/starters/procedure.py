"""A procedure on the client's own paper: one starter that serves every document of the register."""

from __future__ import annotations

from tools.starters.blocks import bullets, fact_strip, paragraphs, records_table, signatures, steps_table
from tools.starters.markup import PORTRAIT_TEXT, SPACER, header_row, p, row, row_each, run, table, when
from tools.starters.package import Starter

FACTS = (
    ("Document", "{{ document.number }}"),
    ("Revision", "{{ document.version }}"),
    ("In force", "{{ procedure.in_force }}"),
    ("Next review", "{{ procedure.next_review }}"),
)


def people() -> str:
    widths = (2800, 6606)
    return when("responsibilities",
                p("Heading1Compact", "Who does what"),
                table("OHSTable", widths, [
                    header_row(widths, "Who", "Does"),
                    row_each(widths, "x in responsibilities", row(widths, [
                        p("TableRowHeader", "{{ x.who }}"), p("TableText", "{{ x.does }}")])),
                ], says="Responsibilities"),
                SPACER)


def change_log() -> str:
    widths = (1200, 1900, 4306, 2000)
    return when("changes",
                p("Heading1Compact", "Change log"),
                table("OHSTable", widths, [
                    header_row(widths, "Revision", "Date", "Change", "Approved by"),
                    row_each(widths, "c in changes", row(widths, [
                        p("TableRowHeader", "{{ c.revision }}"), p("TableText", "{{ c.date }}"),
                        p("TableText", "{{ c.change }}"), p("TableText", "{{ c.approver }}")])),
                ], says="Change log"),
                SPACER)


def body() -> str:
    return "".join([
        p("CoverBrand", "{{ client.legal_name }}"),
        p("TitlePlain", "{{ document.title }}"),
        p("SubtitlePlain", "{% if procedure.clause %}Answers {{ standard.short }} clause {{ procedure.clause }}"
                           "{% if procedure.cor_element %}, COR element {{ procedure.cor_element }}{% endif %}"
                           "{% endif %}"),
        fact_strip(FACTS, PORTRAIT_TEXT),
        fact_strip((("Written by", "{{ procedure.author }}"), ("Approved by", "{{ procedure.approver }}"),
                    ("Owner", "{{ procedure.owner }}"), ("Sites", "{{ procedure.sites }}")), PORTRAIT_TEXT),
        when("procedure.draft",
             p("CalloutWarnTitle", "Draft for consultation"),
             p("CalloutWarn", "{{ procedure.draft }}")),
        p("Heading1Compact", "Purpose"),
        p("BodyText", "{{ procedure.purpose }}"),
        p("Heading1Compact", "Scope"),
        paragraphs("procedure.scope"),
        when("definitions",
             p("Heading1Compact", "Words used here"),
             p("BodyText", "{%p for x in definitions %}"),
             p("ListBullet", run("{{ x.term }}: ", "Strong"), run("{{ x.meaning }}")),
             p("BodyText", "{%p endfor %}")),
        people(), steps_table("steps", "Heading1Compact"),
        p("Heading1Compact", "Taking part"),
        p("BodyText", "Workers take part in writing, testing and reviewing this document"
                      "{% if client.representation == 'jhsc' %} through the joint health and safety committee"
                      "{% elif client.representation == 'hsr' %} through the health and safety representative"
                      "{% else %}; we ask each of them directly{% endif %}. Anyone may stop work that looks unsafe "
                      "and may refuse it as the Act provides, without reprisal."),
        records_table("records", "Heading1Compact"),
        when("references", p("Heading1Compact", "References"), bullets("references")),
        change_log(),
        when("signatories", p("FrontHeading2", "Approval"), signatures(PORTRAIT_TEXT)),
    ])


STARTER = Starter(kind="procedure", subject="Procedure", body=body(),
                  footer_left="{{ document.number }}  ·  Revision {{ document.version }}",
                  author="{{ client.legal_name }}")
