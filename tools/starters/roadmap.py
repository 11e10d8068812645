"""Implementation roadmap, landscape: phases at a glance, then what to do in each."""

from __future__ import annotations

from tools.starters.blocks import bullets, fact_strip, paragraphs
from tools.starters.figures import figure, timeline
from tools.starters.markup import LANDSCAPE_TEXT, SPACER, caption, each, header_row, p, row, row_each, run, table, when
from tools.starters.package import Starter

FACTS = (
    ("Document", "{{ document.number }}"),
    ("Version", "{{ document.version }}"),
    ("Issued", "{{ document.issued }}"),
    ("Prepared for", "{{ client.contact }}"),
    ("Prepared by", "{{ author.name }}"),
    ("Classification", "{{ document.classification }}"),
)


def overview() -> str:
    widths = (3600, 2600, 1300, 1300, 2472, 2300)
    documents = (3286, 2571, 2572, 2571, 2572)
    return "".join([
        p("Heading1RunOn", "The way at a glance"),
        p("Lead", "{{ roadmap.lead }}"),
        when("roadmap.phases",
             caption("Table", 1, "Phases"),
             table("OHSTableTotal", widths, [
                 header_row(widths, "Phase", "When", "#Tasks", "#High priority", "Findings", "#Effort as estimated"),
                 row_each(widths, "phase in roadmap.phases", row(widths, [
                     p("TableRowHeader", "{{ phase.name }}"), p("TableText", "{{ phase.window }}"),
                     p("TableNumber", "{{ phase.task_count }}"), p("TableNumber", "{{ phase.high }}"),
                     p("TableText", run("{{ phase.findings }}", "EvidenceRef")),
                     p("TableNumber", "{{ phase.effort }}")])),
                 row(widths, [p("TableRowHeader", "All phases"), p("TableText", "{{ roadmap.window }}"),
                              p("TableTotal", "{{ roadmap.task_count }}"), p("TableTotal", "{{ roadmap.high }}"),
                              p("TableText", ""), p("TableTotal", "{{ roadmap.effort }}")]),
             ], says="Phases", look="total"),
             p("SourceNote", "Effort is the sum of the estimates that name days; a plus means that some tasks have "
                             "none or name a cost besides.")),
        when("roadmap.documents",
             caption("Table", 2, "Documents of the system"),
             table("OHSTable", documents, [
                 header_row(documents, "Documents", "#Have", "#Needs work", "#Missing", "#Not needed"),
                 row(documents, [p("TableRowHeader", "{{ roadmap.documents.total }} on the register"),
                                 *[p("TableNumber", f"{{{{ roadmap.documents.{name} }}}}")
                                   for name in ("have", "needs_work", "missing", "not_needed")]]),
             ], says="Documents of the system"),
             SPACER),
        when("roadmap.notes", paragraphs("roadmap.notes")),
        figure("effort", 1, (20, 4.6), "{{ roadmap.effort_message }}"),
    ])


def phases() -> str:
    widths = (950, 4722, 1500, 1150, 2000, 1150, 2100)
    head = p("Heading1RunOn", "What to do, phase by phase")
    return when("roadmap.phases", head) + each(
                "phase in roadmap.phases",
                p("Heading2", "{{ phase.name }}{% if phase.window %}: {{ phase.window }}{% endif %}"),
                when("phase.aim", p("ClauseIntent", "{{ phase.aim }}")),
                table("OHSRegister", widths, [
                    row(widths, [p("TableSmallHeader", title) for title in
                                 ("Ref.", "What to do", "Clause", "Priority", "Who", "After", "When, effort")],
                        header=True),
                    row_each(widths, "t in phase.tasks", row(widths, [
                        p("TableSmallRowHeader", "{{ t.reference }}"), p("TableSmall", "{{ t.what }}"),
                        p("TableSmall", "{{ t.clause }}"), p("TableSmall", "{{ t.priority }}"),
                        p("TableSmall", "{% if t.owner %}{{ t.owner }}{% else %}To be agreed{% endif %}"),
                        p("TableSmall", "{{ t.after|default('') }}"),
                        [when("t.starts|default('')", p("TableSmall", "From {{ t.starts }}")),
                         p("TableSmall", "{% if t.due %}{% if t.starts|default('') %}to {% endif %}{{ t.due }}"
                                         "{% else %}No date yet{% endif %}"),
                         when("t.effort", p("TableSmall", "{{ t.effort }}")),
                         when("t.percent|default('')", p("TableSmall", "{{ t.percent }} % done"))]])),
                ], says="{{ phase.name }}"),
                SPACER)


def body() -> str:
    return "".join([
        p("TitlePlain", "{{ document.title }}"),
        p("SubtitlePlain", "{{ client.name }}{% if client.place %}, {{ client.place }}{% endif %}. "
                           "Toward {{ standard.name }}"),
        fact_strip(FACTS, LANDSCAPE_TEXT),
        overview(),
        timeline(),
        phases(),
        when("limits", p("FrontHeading2", "Basis and limits"), bullets("limits")),
    ])


STARTER = Starter(kind="roadmap", subject="Implementation roadmap", body=body(), page="landscape")
