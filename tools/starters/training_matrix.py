"""Training matrix, landscape: coverage, what each role needs, gaps, and what ends soon."""

from __future__ import annotations

from tools.starters.blocks import bullets, fact_strip
from tools.starters.markup import (
    LANDSCAPE_TEXT,
    SPACER,
    caption,
    choose,
    each,
    header_row,
    p,
    row,
    row_each,
    table,
    when,
)
from tools.starters.package import Starter
from tools.starters.roadmap import FACTS

CHIPS = (("valid", "LegalCompliant", "● Valid"), ("expiring", "LegalPartly", "◑ Expiring"),
         ("review_due", "LegalPartly", "◑ Review due"), ("expired", "LegalNot", "× Expired"),
         ("missing", "LegalNot", "○ Missing"), ("not_verified", "LegalPartly", "? Not verified"),
         ("exempt", "TableText", "– Exempt"))


def chip(name: str) -> str:
    return choose(*[(f"{name}.status == '{code}'", p(style, words)) for code, style, words in CHIPS])


def coverage() -> str:
    plain = (5572, 2000, 2000, 2000, 2000)
    shift = (3572, 3000, 1500, 1500, 2000, 2000)

    def group(number: int, loop: str, says: str, head: str) -> str:
        return when(f"training.{loop}",
                    caption("Table", number, says),
                    table("OHSTableDense", plain, [
                        header_row(plain, head, "#People", "#Needed", "#Covered", "#Coverage"),
                        row_each(plain, f"g in training.{loop}", row(plain, [
                            p("TableRowHeader", "{{ g.name }}"), p("TableNumber", "{{ g.people }}"),
                            p("TableNumber", "{{ g.needed }}"), p("TableNumber", "{{ g.covered }}"),
                            p("TableNumber", "{{ g.coverage }}")])),
                    ], says=says),
                    SPACER)

    return "".join([
        p("Heading1RunOn", "Coverage"),
        p("Lead", "{{ training.lead }}"),
        group(1, "by_role", "Coverage by role", "Role"),
        group(2, "by_site", "Coverage by site", "Site"),
        caption("Table", 3, "Coverage by shift, with first aiders and supervisors"),
        table("OHSTableDense", shift, [
            header_row(shift, "Site", "Shift", "#People", "#Coverage", "#First aiders", "#Trained supervisors"),
            row_each(shift, "s in training.by_shift", row(shift, [
                p("TableRowHeader", "{{ s.site }}"), p("TableText", "{{ s.shift }}"),
                p("TableNumber", "{{ s.people }}"), p("TableNumber", "{{ s.coverage }}"),
                p("TableNumber", "{{ s.first_aid }}"), p("TableNumber", "{{ s.supervisors }}")])),
        ], says="Coverage by shift, with first aiders and supervisors"),
        p("SourceNote", "A person with two roles counts in both. First aiders and trained supervisors are counted "
                        "whether or not their role needs the course."),
    ])


def matrix() -> str:
    widths = (3272, 1900, *(1050,) * 8)
    names = ("valid", "expiring", "review_due", "expired", "missing", "not_verified", "exempt")
    return p("Heading1RunOn", "Matrix by role") + each(
        "r in training.roles",
        p("Heading2", "{{ r.name }}: {{ r.people }} {% if r.people == 1 %}person{% else %}people{% endif %}, "
                      "coverage {{ r.coverage }}"),
        table("OHSTableDense", widths, [
            header_row(widths, "Course", "Basis", "#Valid", "#Expiring", "#Review due", "#Expired", "#Missing",
                       "#Not verified", "#Exempt", "#Coverage"),
            row_each(widths, "c in r.courses", row(widths, [
                [p("TableRowHeader", "{{ c.title }}"), when("c.exempt", p("TableSmall", "{{ c.exempt }}"))],
                p("TableText", "{{ c.basis }}"),
                *[p("TableNumber", f"{{% if c.counts.{name} %}}{{{{ c.counts.{name} }}}}{{% else %}}–{{% endif %}}")
                  for name in names],
                p("TableNumber", "{{ c.coverage }}")])),
        ], says="{{ r.name }}"),
        SPACER)


def gaps() -> str:
    widths = (4572, 2800, 1200, 3200, 1800)
    people = (3000, 2772, 2400, 3400, 2000)
    due = (2000, 3000, 2772, 3800, 2000)
    return "".join([
        when("training.gaps",
             p("Heading1RunOn", "Gaps to close"),
             caption("Table", 4, "Courses that people lack, the law first"),
             table("OHSTable", widths, [
                 header_row(widths, "Course", "Basis", "#People", "By role", "Close by"),
                 row_each(widths, "g in training.gaps", row(widths, [
                     p("TableRowHeader", "{{ g.title }}"), p("TableText", "{{ g.basis }}"),
                     p("TableNumber", "{{ g.people }}"), p("TableText", "{{ g.roles }}"),
                     p("TableText", "{% if g.by %}{{ g.by }}{% else %}To be agreed{% endif %}")])),
             ], says="Courses that people lack, the law first"),
             p("SourceNote", "What the law asks for is proposed to be closed within 30 days."),
             caption("Table", 5, "Who lacks what"),
             table("OHSTableDense", people, [
                 header_row(people, "Person", "Role", "Site, shift", "Course", "=Status"),
                 row_each(people, "x in training.people", row(people, [
                     p("TableRowHeader", "{{ x.name }}"), p("TableText", "{{ x.roles }}"),
                     p("TableText", "{{ x.site }}"),
                     [p("TableText", "{{ x.course }}"), when("x.why", p("TableSmall", "{{ x.why }}"))], chip("x")])),
             ], says="Who lacks what"),
             SPACER),
        when("training.due",
             p("Heading1RunOn", "What ended and what ends soon"),
             caption("Table", 6, "By date, the oldest first"),
             table("OHSTableDense", due, [
                 header_row(due, "Ends", "Person", "Role", "Course", "=Status"),
                 row_each(due, "d in training.due", row(due, [
                     p("TableRowHeader", "{{ d.until }}"), p("TableText", "{{ d.name }}"),
                     p("TableText", "{{ d.roles }}"), p("TableText", "{{ d.course }}"), chip("d")])),
             ], says="By date, the oldest first"),
             SPACER),
    ])


def body() -> str:
    return "".join([
        p("TitlePlain", "{{ document.title }}"),
        p("SubtitlePlain", "{{ client.name }}{% if client.place %}, {{ client.place }}{% endif %}. "
                           "Toward {{ standard.name }}"),
        fact_strip(FACTS, LANDSCAPE_TEXT),
        coverage(),
        matrix(),
        gaps(),
        when("limits", p("FrontHeading2", "Basis and limits"), bullets("limits")),
    ])


STARTER = Starter(kind="training_matrix", subject="Training matrix", body=body(), page="landscape")
