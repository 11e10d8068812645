"""A policy on the client's own paper: what we commit to, who does what, how the program works, who signs."""

from __future__ import annotations

from tools.starters.blocks import fact_strip, signatures
from tools.starters.markup import PORTRAIT_TEXT, each, header_row, p, row, row_each, run, table, when
from tools.starters.package import Starter

FACTS = (
    ("Document", "{{ document.number }}"),
    ("Revision", "{{ document.version }}"),
    ("In force", "{{ policy.in_force }}"),
    ("Next review", "{{ policy.next_review }}"),
)
WIDTHS = (2400, 7006)


def responsibilities() -> str:
    return table("OHSTableDense", WIDTHS, [
        header_row(WIDTHS, "Who", "Does"),
        row_each(WIDTHS, "x in policy.responsibilities", row(WIDTHS, [
            p("TableRowHeader", "{{ x.who }}"), p("TableText", "{{ x.does }}")])),
    ], says="Responsibilities")


def program() -> str:
    """How the policy is put to work, on a page of its own: the first page is posted and signed."""
    return when("policy.program",
                p("FrontHeadingPage", "How it works"),
                table("OHSTableDense", WIDTHS, [
                    header_row(WIDTHS, "What", "How"),
                    row_each(WIDTHS, "x in policy.program", row(WIDTHS, [
                        p("TableRowHeader", "{{ x.title }}"), p("TableText", "{{ x.text }}")])),
                ], says="How it works"))


def body() -> str:
    return "".join([
        p("CoverBrand", "{{ client.legal_name }}"),
        p("TitlePlain", "{{ document.title }}"),
        p("SubtitlePlain", "For everyone who works at or for {{ client.name }}"),
        fact_strip(FACTS, PORTRAIT_TEXT),
        p("Lead", "{{ policy.statement }}"),
        when("policy.introduction", p("BodyText", "{{ policy.introduction }}")),
        when("policy.commitments",
             p("FrontHeading2", "We commit to"),
             each("x in policy.commitments",
                  p("ListBullet", run("{{ x.name }}:", "Strong"), run(" {{ x.text }}")))),
        when("policy.responsibilities",
             p("FrontHeading2", "What you can expect, and what we expect"),
             responsibilities()),
        when("policy.stop",
             p("CalloutInfoTitle", "{{ policy.stop_title }}"),
             p("CalloutInfo", "{{ policy.stop }}")),
        p("BodyText", "{{ policy.consultation }}{% if policy.law %} {{ policy.law }}{% endif %}"),
        signatures(PORTRAIT_TEXT, height=460),
        program(),
    ])


STARTER = Starter(kind="policy", subject="Policy", body=body(), page="sheet",
                  footer_left="{{ document.number }}  ·  Revision {{ document.version }}",
                  author="{{ client.legal_name }}")
