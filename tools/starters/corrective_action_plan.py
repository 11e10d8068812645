"""Corrective action plan, landscape: where we stand, then every action, then who signs."""

from __future__ import annotations

from tools.starters.blocks import fact_strip, grade_chip, signatures
from tools.starters.figures import figure
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
    run,
    table,
    when,
)
from tools.starters.package import Starter

FACTS = (
    ("Document", "{{ document.number }}"),
    ("Version", "{{ document.version }}"),
    ("Issued", "{{ document.issued }}"),
    ("Owner", "{{ plan.owner }}"),
    ("Sponsor", "{{ plan.sponsor }}"),
    ("Classification", "{{ document.classification }}"),
)


def where_we_stand() -> str:
    counts = (2772, 1500, 1500, 1500, 1500, 1500, 1650, 1650)
    due = (1000, 6172, 2600, 1900, 1900)
    columns = ("closed", "verified", "done", "open", "planned", "overdue", "total")
    return "".join([
        p("Heading1RunOn", "Where we stand"),
        p("Lead", "{{ plan.lead }}"),
        when("actions",
             caption("Table", 1, "Actions by grade and status"),
             table("OHSTableTotal", counts, [
                 header_row(counts, "Grade if audited today", "#Closed", "#Verified", "#Done, to verify", "#Open",
                            "#Planned", "#Overdue", "#All"),
                 row_each(counts, "g in plan.statuses", row(counts, [
                     grade_chip("g"), *[p("TableNumber", f"{{{{ g.{name} }}}}") for name in columns]])),
                 row(counts, [p("TableRowHeader", "All"),
                              *[p("TableTotal", f"{{{{ plan.totals.{name} }}}}") for name in columns]]),
             ], says="Actions by grade and status", look="total"),
             p("SourceNote", "Overdue actions are counted under Overdue only. Closed means done, seen, and checked "
                             "for effect by a person other than the owner.")),
        when("plan.decision", p("CalloutWarnTitle", "Needs a decision"), p("CalloutWarn", "{{ plan.decision }}")),
        when("plan.due_soon",
             caption("Table", 2, "Overdue, and due in the next 30 days"),
             table("OHSTableDense", due, [
                 header_row(due, "No.", "What", "Who", "Due", "=Status"),
                 row_each(due, "a in plan.due_soon", row(due, [
                     p("TableSmallRowHeader", "{{ a.number }}"), p("TableSmall", "{{ a.what }}"),
                     p("TableSmall", "{{ a.owner }}"), p("TableSmall", "{{ a.due }}"),
                     p("TableText", "{{p a.status|status_chip }}")])),
             ], says="Overdue, and due in the next 30 days")),
        figure("statuses", 1, (20, 5.4), "Actions by status, in the grade of their finding",
               "The same numbers as in Table 1, column by column."),
    ])


def actions() -> str:
    widths = (800, 2450, 1450, 1850, 2672, 1300, 1450, 1600)

    def small(condition: str, label: str, words: str) -> str:
        return when(condition, p("TableSmall", run(f"{label}: ", "Strong"), run(words)))

    register = table("OHSRegister", widths, [
        row(widths, [p("TableSmallHeader", title) for title in
                     ("No.", "Finding", "Grade, clause", "Root cause", "Action and level of control", "Owner, due",
                      "Status", "Proof and check")], header=True),
        row_each(widths, "a in actions", row(widths, [
            p("TableSmallRowHeader", "{{ a.number }}"),
            [p("TableSmallRowHeader", "{{ a.finding }}"), p("TableSmall", "{{ a.title }}"),
             small("a.also", "Also", "{{ a.also }}")],
            [grade_chip("a"),
             p("TableSmall", "{% if a.clauses %}Clause {{ a.clauses }}{% endif %}")],
            [each("w in a.whys", p("TableSmall", "{{ w }}")), each("b in a.fishbone", p("TableSmall", "{{ b }}")),
             p("TableSmall", "{% if a.root_cause %}{% if a.whys or a.fishbone %}Cause: {% endif %}{{ a.root_cause }}"
                             "{% else %}To be found with those concerned{% endif %}")],
            [small("a.correction", "Now", "{{ a.correction }}"),
             p("TableSmall", "{% if a.action %}{{ a.action }}{% else %}To be agreed{% endif %}"),
             small("a.level", "Level", "{{ a.level }}")],
            [p("TableSmall", "{% if a.owner %}{{ a.owner }}{% else %}To be agreed{% endif %}"),
             when("a.due", p("TableSmall", "{{ a.due }}"))],
            p("TableSmall", "{{p a.status|status_chip }}"),
            [p("TableSmall", "{% if a.proof %}{{ a.proof }}{% else %}None yet{% endif %}"),
             small("a.verified_by", "Checked by", "{{ a.verified_by }}"),
             small("a.effect_due", "Effect checked on", "{{ a.effect_due }}"),
             small("a.effect_result", "Result", "{{ a.effect_result }}"),
             small("a.effect_check", "Effect", "{{ a.effect_check }}")],
        ])),
    ], says="Corrective actions")
    return "".join([
        p("Heading1RunOn", "Actions"),
        choose(("actions", caption("Table", 3, "All actions, in the order of the findings") + register + SPACER),
               ("", p("BodyText", "No corrective action is recorded yet."))),
        when("plan.waiting",
             p("FrontHeading2", "Findings without an action"),
             p("BodyText", "{{ plan.waiting }}")),
        when("signatories", p("FrontHeading2", "Sign-off"), signatures(LANDSCAPE_TEXT)),
    ])


def body() -> str:
    return "".join([
        p("TitlePlain", "{{ document.title }}"),
        p("SubtitlePlain", "{{ client.name }}{% if client.place %}, {{ client.place }}{% endif %}. "
                           "Status on {{ plan.as_of }}{% if plan.source %}, against {{ plan.source }}{% endif %}"),
        fact_strip(FACTS, LANDSCAPE_TEXT),
        where_we_stand(),
        actions(),
    ])


STARTER = Starter(kind="corrective_action_plan", subject="Corrective action plan", body=body(), page="landscape")
