"""The client's health and safety manual: policy, common part, a chapter for each document, three appendices."""

from __future__ import annotations

from tools.starters.blocks import (
    bullets,
    contents,
    cover,
    fact_table,
    paragraphs,
    records_table,
    signatures,
    steps_table,
)
from tools.starters.markup import PORTRAIT_TEXT, SPACER, choose, each, header_row, p, row, row_each, run, table, when
from tools.starters.package import Starter, end_section

COVER_FACTS = (
    ("Document", "{{ document.number }}"),
    ("Revision", "{{ document.version }}"),
    ("Issued", "{{ document.issued }}"),
    ("Language", "{{ document.language_name }}"),
    ("Responsible", "{{ client.contact }}"),
    ("Prepared with", "{{ firm.name }}"),
    ("Chapters", "{{ manual.chapter_count }}"),
    ("Places to fill in", "{{ manual.placeholders }}"),
)
PAIR = (2700, 6706)


def two_columns(loop: str, left: str, right: str, titles: tuple[str, str], says: str) -> str:
    return table("OHSTable", PAIR, [
        header_row(PAIR, *titles),
        row_each(PAIR, loop, row(PAIR, [p("TableRowHeader", left), p("TableText", right)])),
    ], says=says) + SPACER


def changes_of_manual() -> str:
    widths = (1100, 1600, 4506, 2200)
    return "".join([
        p("FrontHeading", "Document control"),
        table("OHSTable", widths, [
            header_row(widths, "Revision", "Date", "Change", "Status"),
            row_each(widths, "v in versions", row(widths, [
                p("TableText", "{{ v.version }}"), p("TableText", "{{ v.date }}"), p("TableText", "{{ v.change }}"),
                p("TableText", "{{ v.status }}")])),
        ], says="Version history"),
        SPACER,
        choose(("manual.placeholders", p("CalloutWarnTitle", "Still to be filled in")
                + p("CalloutWarn", "{{ manual.draft }}")),
               ("", p("CalloutInfoTitle", "Nothing left to fill in") + p("CalloutInfo", "{{ manual.draft }}"))),
        contents(1),
    ])


def policy() -> str:
    return "".join([
        p("Heading1", "Health and safety policy"),
        p("Lead", "{{ policy.statement }}"),
        when("policy.introduction", p("BodyText", "{{ policy.introduction }}")),
        when("policy.commitments",
             p("FrontHeading2", "We commit to"),
             each("x in policy.commitments", p("ListBullet", run("{{ x.name }}:", "Strong"), run(" {{ x.text }}")))),
        when("policy.responsibilities",
             p("FrontHeading2", "What you can expect, and what we expect"),
             two_columns("x in policy.responsibilities", "{{ x.who }}", "{{ x.does }}", ("Who", "Does"),
                         "Responsibilities")),
        when("policy.stop", p("CalloutInfoTitle", "{{ policy.stop_title }}"), p("CalloutInfo", "{{ policy.stop }}")),
        p("SourceNote", "{{ policy.consultation }}{% if policy.law %} {{ policy.law }}{% endif %} "
                        "In force: {{ policy.in_force }}. Next review: {{ policy.next_review }}."),
        signatures(PORTRAIT_TEXT, height=440),
    ])


def common() -> str:
    listed = (700, 2306, 1200, 1300, 1150, 1150, 1600)
    sites = (3300, 6106)
    return "".join([
        p("Heading1", "How to use this manual"),
        paragraphs("manual.use"),
        when("master is defined",  # a manual that was queued before there was one has none
             p("Heading2", "Master list of documents"),
             table("OHSTableDense", listed, [
                 header_row(listed, "Code", "Document", "Number, issue", "Approved by", "In force", "Next review",
                            "=State"),
                 row_each(listed, "d in master", row(listed, [
                     p("TableRowHeader", "{{ d.code }}"), p("TableText", "{{ d.title }}"),
                     p("TableText", "{{ d.number }}{% if d.issue %}, {{ d.issue }}{% endif %}"),
                     p("TableText", "{{ d.approver }}"),
                     p("TableText", "{{ d.in_force }}"), p("TableText", "{{ d.next_review }}"),
                     p("TableText", "{{p d.state|document_chip }}")])),
             ], says="Master list of documents"),
             SPACER),
        p("Heading1", "Scope, context and interested parties"),
        p("Heading2", "Scope"),
        paragraphs("manual.scope"),
        when("sites", table("OHSTable", sites, [
            header_row(sites, "Site", "Address"),
            row_each(sites, "s in sites", row(sites, [p("TableRowHeader", "{{ s.name }}"),
                                                      p("TableText", "{{ s.address }}")])),
        ], says="Sites"), SPACER),
        p("Heading2", "The organization"),
        fact_table("x in client.profile", "Client profile", PORTRAIT_TEXT),
        p("Heading2", "Context"),
        p("BodyText", "What helps or hinders the results the system is to reach:"),
        bullets("manual.context"),
        p("Heading2", "Interested parties"),
        p("BodyText", "Who has a stake in it, what they need or expect, and what of it binds us:"),
        bullets("manual.parties"),
        p("Heading1", "Roles and internal responsibility"),
        p("Heading2", "Internal responsibility system"),
        paragraphs("manual.irs"),
        p("Heading2", "Roles, responsibilities, authorities"),
        two_columns("x in manual.roles", "{{ x.who }}", "{{ x.does }}", ("Who", "Does"), "Roles"),
        p("Heading2", "{% if client.representation == 'jhsc' %}Joint health and safety committee"
                      "{% elif client.representation == 'hsr' %}Health and safety representative"
                      "{% else %}How workers take part{% endif %}"),
        paragraphs("manual.representation"),
    ])


def chapter_facts() -> str:
    rows = (
        ("Document", "{{ c.number }}"),
        ("Revision", "{{ c.revision }}"),
        ("In force", "{{ c.in_force }}"),
        ("Next review", "{{ c.next_review }}"),
        ("Owner", "{{ c.owner }}"),
        ("Approved by", "{{ c.approver }}"),
        ("Answers", "{% if c.clause %}ISO 45001 {{ c.clause }}{% endif %}{% if c.clause and c.cor_element %}; "
                    "{% endif %}{% if c.cor_element %}COR 2020 {{ c.cor_element }}{% endif %}"),
        ("Places to fill in", "{{ c.placeholders }}"),
    )
    half = (1400, 2903, 2000, 3103)
    return table("OHSFacts", half, [
        row(half, [p("TableRowHeaderKeep", rows[at][0]), p("TableTextKeep", rows[at][1]),
                   p("TableRowHeaderKeep", rows[at + 1][0]), p("TableTextKeep", rows[at + 1][1])])
        for at in (0, 2, 4, 6)
    ], says="Document {{ c.code }}", look="label") + SPACER


def change_log() -> str:
    widths = (1600, 2000, 5806)
    return "".join([
        p("Heading2", "Change log"),
        table("OHSTable", widths, [
            header_row(widths, "Revision", "Date", "Change"),
            row_each(widths, "x in c.changes", row(widths, [
                p("TableRowHeader", "{{ x.revision }}"), p("TableText", "{{ x.date }}"),
                p("TableText", "{{ x.change }}")])),
        ], says="Change log"),
        SPACER,
    ])


def chapter() -> str:
    return each(
        "c in chapters",
        p("Heading1", "{{ c.title }} ({{ c.code }})"),
        chapter_facts(),
        when("c.notice", p("CalloutWarnTitle", "Two texts of one document"), p("CalloutWarn", "{{ c.notice }}")),
        when("c.purpose", p("Heading2", "Purpose"), p("BodyText", "{{ c.purpose }}")),
        when("c.scope", p("Heading2", "Scope"), paragraphs("c.scope")),
        when("c.statement", p("Heading2", "Policy"), p("Lead", "{{ c.statement }}")),
        when("c.introduction", p("BodyText", "{{ c.introduction }}")),
        when("c.commitments",
             each("x in c.commitments", p("ListBullet", run("{{ x.name }}:", "Strong"), run(" {{ x.text }}")))),
        when("c.definitions",
             p("Heading2", "Words used here"),
             each("x in c.definitions", p("ListBullet", run("{{ x.term }}:", "Strong"), run(" {{ x.meaning }}")))),
        when("c.responsibilities",
             p("Heading2", "Who does what"),
             two_columns("x in c.responsibilities", "{{ x.who }}", "{{ x.does }}", ("Who", "Does"),
                         "Responsibilities")),
        when("c.program",
             p("Heading2", "How it works"),
             two_columns("x in c.program", "{{ x.title }}", "{{ x.text }}", ("What", "How"), "How it works")),
        steps_table("c.steps", "Heading2"),
        when("c.stop", p("CalloutInfoTitle", "{{ c.stop_title }}"), p("CalloutInfo", "{{ c.stop }}")),
        when("c.consultation", p("BodyText", "{{ c.consultation }}")),
        records_table("c.records", "Heading2"),
        when("c.references", p("Heading2", "References"), bullets("c.references")),
        change_log(),
    )


def appendices() -> str:
    matrix = (1400, 5206, 2800)
    kept = (3706, 1100, 2500, 2100)
    left = (900, 3000, 1000, 4506)
    return "".join([
        p("AppendixHeading", "From requirement to chapter"),
        p("BodyText", "Which chapter answers which requirement of {{ standard.name }}. A requirement without a chapter "
                      "has no document of its own here; records and interviews have to show that it is met."),
        table("OHSTableDense", matrix, [
            header_row(matrix, "No.", "Requirement", "Chapters"),
            row_each(matrix, "m in matrix", row(matrix, [
                p("TableRowHeader", "{{ m.code }}"), p("TableText", "{{ m.title }}"),
                p("TableText", "{% if m.chapters %}{{ m.chapters }}{% else %}–{% endif %}")])),
        ], says="Requirements and chapters"),
        SPACER,
        when("record_list",
             p("AppendixHeading", "Records"),
             p("BodyText", "All records of the chapters on one list."),
             table("OHSTableDense", kept, [
                 header_row(kept, "Record", "Chapter", "Kept where", "Kept for"),
                 row_each(kept, "x in record_list", row(kept, [
                     p("TableRowHeader", "{{ x.name }}"), p("TableText", "{{ x.chapter }}"),
                     p("TableText", "{{ x.place }}"), p("TableText", "{{ x.period }}")])),
             ], says="Records"),
             SPACER),
        when("to_fill",
             p("AppendixHeading", "What is still to be filled in"),
             p("BodyText", "Places in square brackets by chapter, {{ manual.placeholders }} in all. Replace each, "
                           "then take this appendix out."),
             table("OHSTableDense", left, [
                 header_row(left, "Code", "Chapter", "#Places", "What"),
                 row_each(left, "x in to_fill", row(left, [
                     p("TableRowHeader", "{{ x.code }}"), p("TableText", "{{ x.title }}"),
                     p("TableNumber", "{{ x.count }}"), p("TableText", "{{ x.what }}")])),
             ], says="Places to fill in"),
             SPACER),
    ])


def body() -> str:
    return "".join([
        cover("{{ client.legal_name }}", COVER_FACTS, brand="{{ client.name }}"),
        end_section("cover"),
        changes_of_manual(), policy(), common(), chapter(), appendices(),
    ])


STARTER = Starter(kind="manual", subject="Occupational health and safety manual", body=body(),
                  footer_left="{{ document.number }}  ·  Revision {{ document.version }}",
                  author="{{ client.legal_name }}")
