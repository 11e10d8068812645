"""Rebate sheet: the answer first, the estimate by number of topics, the working, what is left open; one page."""

from __future__ import annotations

from tools.starters.markup import caption, each, header_row, p, row, row_each, run, table, when
from tools.starters.package import Starter

PLANS = (4706, 4700)
WORKING = (3906, 1500, 4000)
SOSE = (2200, 2306, 4900)


def working() -> str:
    return each(
        "w in rebate.workings",
        p("FrontHeading2", "{{ w.rule }}"),
        table("OHSTableDense", WORKING, [
            header_row(WORKING, "Working", "#Sum", "Source and how sure it is"),
            row_each(WORKING, "x in w.lines", row(WORKING, [
                p("TableRowHeader", "{{ x.what }}"), p("TableNumber", "{{ x.sum }}"),
                p("TableSmall", "{{ x.source }}")])),
        ], says="{{ w.rule }}"))


def body() -> str:
    return "".join([
        p("CoverBrand", "{{ firm.name }}"),
        p("LetterSubject", "{{ client.legal_name }}: {{ rebate.subject }}"),
        p("LetterText", run("{{ rebate.answer }}", "Strong"), run(" {{ rebate.basis }} {{ rebate.stands }}")),
        when("rebate.plans",
             caption("Table", 1, "HSEp: estimate by number of topics"),
             table("OHSTableDense", PLANS, [
                 header_row(PLANS, "Topics of the plan", "Estimate"),
                 row_each(PLANS, "x in rebate.plans", row(PLANS, [
                     p("TableRowHeader", "{{ x.topics }}"), p("TableText", "{{ x.range }}")])),
             ], says="HSEp: estimate by number of topics"),
             working()),
        when("rebate.sose",
             caption("Table", 2, "SOSE: what a year of recognition pays"),
             table("OHSTableDense", SOSE, [
                 header_row(SOSE, "Year", "Amount", "Source, or what is open"),
                 row_each(SOSE, "x in rebate.sose", row(SOSE, [
                     p("TableRowHeader", "{{ x.year }}"), p("TableText", "{{ x.amount }}"),
                     p("TableSmall", "{{ x.source }}")])),
             ], says="SOSE: what a year of recognition pays")),
        p("FrontHeading2", "Conditions"),
        each("c in rebate.conditions",
             p("TableSmall", run("{{ c.program }}: ", "Strong"),
               "{% for one in c.conditions %}{{ one.words }} [{{ one.source }}] {% endfor %}")),
        each("t in limits", p("SourceNote", "{{ t }}")),
    ])


STARTER = Starter(kind="rebate_sheet", subject="Rebate outlook", body=body(), page="sheet")
