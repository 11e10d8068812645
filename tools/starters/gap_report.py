"""Gap analysis report: one page for the person who decides, then results, findings, the way forward, every rating."""

from __future__ import annotations

from tools.starters.blocks import (
    COVER_FACTS,
    bullets,
    contents,
    cover,
    document_control,
    fact_table,
    finding_cards,
    paragraphs,
    signatures,
)
from tools.starters.chart import drawing
from tools.starters.figures import (
    evidence_index,
    evidence_pictures,
    figure,
    findings_by_clause,
    glossary,
    heat_map,
    interview_tallies,
    interviews,
    legal_check,
    phase_table,
)
from tools.starters.markup import (
    PORTRAIT_TEXT,
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
from tools.starters.package import Starter, end_section

CARD_LABELS = {
    "requirement": "Requirement",
    "statement": "What we saw",
    "evidence": "Evidence",
    "risk": "Risk",
    "why": "Why it matters",
    "recommendation": "Recommendation",
    "legal_duty": "Legal duty",
}
CARD_CHIPS = {"major": "× Would be major", "minor": "◊ Would be minor", "ofi": "○ Opportunity"}
WITHHELD = "{{% if {0} %}}{{{{ {0} }}}}{{% else %}}–{{% endif %}}"  # a figure that is not shown yet
SCALE = (
    ("Rating3", "●●● Effective", "Documented, used, and shown to work", "Conforms"),
    ("Rating2", "●●○ Developing", "Documented and used in part", "Minor or opportunity"),
    ("Rating1", "●○○ Informal", "Informal, or documented in part and not used", "Minor or major"),
    ("Rating0", "○○○ Absent", "Nothing found", "Major"),
    ("RatingNV", "? Not verified", "Could not be verified; counts for nothing, neither good nor bad", "To be verified"),
    ("RatingNV", "○ Not applicable", "Does not concern this organization, with the reason", "Left out"),
)


def conclusion_line() -> str:
    """The conclusion in words, its colour by what it says."""
    def line(style: str, word: str) -> str:
        return p("Conclusion", run(word, style), run("{% if summary.headline %} {{ summary.headline }}{% endif %}"))

    return choose(("summary.conclusion == 'ready'", line("WordGood", "● Ready.")),
                  ("summary.conclusion == 'conditions'", line("Strong", "○ Ready with conditions.")),
                  ("", line("WordAlert", "× Not ready.")))


def summary() -> str:
    quarter = (2352,) * 4
    gaps = (5806, 2600, 1000)
    figures = [
        ("KeyFigure", "{{ summary.readiness }}", "{{ summary.readiness_note }}"),
        ("KeyFigureAlert", "{{ summary.absent }}",
         "{% if summary.absent == 1 %}requirement{% else %}requirements{% endif %} absent, "
         "{{ summary.absent_must }} of them a must for an audit"),
        ("KeyFigureAlert", "{{ summary.major }}",
         "{% if summary.major == 1 %}finding{% else %}findings{% endif %} would be major, "
         "{{ summary.minor }} would be minor"),
        ("KeyFigureAlert", "{{ summary.legal }}",
         "{% if summary.legal == 1 %}finding touches{% else %}findings touch{% endif %} a legal duty"),
    ]
    return "".join([
        p("Heading1", "Executive summary"),
        table("OHSKeyFigures", quarter, [row(quarter, [(p(style, figure), p("KeyLabel", label))
                                                       for style, figure, label in figures])],
              says="Key figures", look="plain"),
        SPACER,
        conclusion_line(),
        when("summary.lead", p("SummaryText", "{{ summary.lead }}")),
        caption("Figure", 1, "{{ summary.chart_message }}"),
        p("Chart", drawing("by_clause", 1, 16.5, 4.2)),
        when("summary.gaps",
             SPACER,
             table("OHSTable", gaps, [
                 header_row(gaps, "Gaps to close first", "What is at stake", "Finding"),
                 row_each(gaps, "g in summary.gaps", row(gaps, [
                     p("TableText", "{{ g.text }}"), p("TableText", "{{ g.stake }}"),
                     p("TableText", run("{{ g.finding }}", "EvidenceRef"))])),
             ], says="Gaps to close first")),
        when("summary.strengths", p("FrontHeading2", "What to build on"),
             bullets("summary.strengths", "SummaryBullet")),
        when("summary.effort or summary.decision",
             p("FrontHeading2", "What it takes, and what we ask of you"),
             p("SummaryText", run("{{ summary.effort }} "), run("{{ summary.decision }}", "Strong"))),
    ])


def client_and_scope() -> str:
    sites = (3400, 6006)
    return "".join([
        p("Heading1", "Client and scope"),
        p("Heading2", "The client"),
        fact_table("x in client.profile", "Client profile", PORTRAIT_TEXT),
        p("SourceNote", "As stated by the client."),
        when("sites",
             p("Heading2", "Sites in scope"),
             table("OHSTable", sites, [
                 header_row(sites, "Site", "Address"),
                 row_each(sites, "s in sites", row(sites, [p("TableRowHeader", "{{ s.name }}"),
                          p("TableText", "{{ s.address }}")])),
             ], says="Sites in scope")),
        when("scope", p("Heading2", "Scope of the gap analysis"), paragraphs("scope")),
    ])


def method() -> str:
    scale = (1900, 5306, 2200)
    return "".join([
        p("Heading1", "Method and rating scale"),
        paragraphs("method"),
        caption("Table", 1, "Four levels, and two answers that are not a level"),
        table("OHSTable", scale, [
            header_row(scale, "=Rating", "What it means", "In an audit"),
            *[row(scale, [p(style, chip), p("TableText", meaning), p("TableText", audit)])
              for style, chip, meaning, audit in SCALE],
        ], says="Rating scale"),
        p("SourceNote", "Readiness is the sum of the levels over the highest possible sum of the rated requirements. "
                        "It is shown once 80% of the requirements are decided, and cut to whole percent, never "
                        "rounded up. Legal duties stand beside it and are never averaged."),
        interviews(),
    ])


def results() -> str:
    clauses = (2256, 700, 950, 1150, 950, 850, 850, 700, 1000)
    steps = (3206, 2000, 2000, 2200)
    must = (6106, 3300)
    numbers = ("requirement_count", "counts.effective", "counts.developing", "counts.informal", "counts.absent",
               "counts.not_verified", "counts.outside")
    return "".join([
        p("Heading1", "Results at a glance"),
        when("results.lead", p("Lead", "{{ results.lead }}")),
        p("Heading2", "By clause"),
        caption("Table", 2, "Ratings by clause"),
        table("OHSTableTotal", clauses, [
            header_row(clauses, "Clause", "#Items", "#Effective", "#Developing", "#Informal", "#Absent",
                       "#Not ver.", "#Other", "#Readiness"),
            row_each(clauses, "c in clauses", row(clauses, [
                p("TableRowHeader", "{{ c.number }}  {{ c.title }}"),
                *[p("TableNumber", f"{{{{ c.{name} }}}}") for name in numbers],
                p("TableNumber", WITHHELD.format("c.readiness"))])),
            row(clauses, [p("TableRowHeader", "All clauses"),
                          *[p("TableTotal", f"{{{{ results.totals.{name} }}}}") for name in numbers],
                          p("TableTotal", WITHHELD.format("results.totals.readiness"))]),
        ], says="Ratings by clause", look="total"),
        p("SourceNote", "Figure 1 in the executive summary shows the same numbers. Other: not applicable or not rated. "
                        "Not verified and other requirements are outside the percentage; a dash stands where "
                        "less than 80% is decided."),
        figure("readiness", 2, (12.5, 8.4), "{{ results.radar_message }}",
               "In percent, as in the last column of the table above; the rings stand for 20, 40, 60, 80 and 100."),
        p("Heading2", "By step of the improvement cycle"),
        caption("Table", 3, "Readiness by step"),
        table("OHSTableDense", steps, [
            header_row(steps, "Step", "#Requirements", "#Rated", "#Readiness"),
            row_each(steps, "s in results.steps", row(steps, [
                p("TableRowHeader", "{{ s.name }}"), p("TableNumber", "{{ s.requirement_count }}"),
                p("TableNumber", "{{ s.rated }}"), p("TableNumber", WITHHELD.format("s.readiness"))])),
        ], says="Readiness by step"),
        heat_map(),
        when("results.must",
             p("Heading2", "What an audit cannot do without"),
             table("OHSTableDense", must, [
                 header_row(must, "Requirement", "=Rating"),
                 row_each(must, "m in results.must", row(must, [
                     p("TableRowHeader", "{{ m.code }}  {{ m.title }}"), p("TableText", "{{p m.rating|chip }}")])),
             ], says="Must items"),
             p("SourceNote", "One of these absent means: not ready, whatever the percentage.")),
    ])


def findings() -> str:
    widths = (2000, 1800, 3406, 2200)
    saw = [
        when("r.seen", p("TableText", "{{ r.seen }}")),
        when("r.reason", p("TableText", "Reason: {{ r.reason }}")),
        when("r.evidence", p("TableText", run("Evidence: ", "Strong"), run("{{ r.evidence }}"))),
        when("not r.seen and not r.reason and not r.evidence", p("TableText", "Nothing recorded.")),
    ]
    step = [
        p("TableText", "{% if r.next_step %}{{ r.next_step }}{% else %}–{% endif %}"),
        when("r.findings", p("TableText", run("{{ r.findings }}", "EvidenceRef"))),
    ]
    return "".join([
        p("Heading1RunOn", "Findings by clause"),
        p("Lead", "{{ findings_lead }}"),
        p("BodyText", "Every clause opens with its purpose and the rating of each requirement, in short; Appendix A "
                      "gives every observation word for word. Then follow the findings, one card each. A grade says "
                      "what the finding would be in a certification audit held today."),
        findings_by_clause(3, ("Would be major", "Would be minor", "Opportunity"),
                           "Findings by clause and grade, strengths left out"),
        each("c in clauses",
             p("Heading2", "Clause {{ c.number }}: {{ c.title }}"),
             when("c.intent", p("ClauseIntent", "{{ c.intent }}")),
             caption("Table", 4, "Ratings of clause {{ c.number }}{% if c.readiness %}: readiness {{ c.readiness }}"
                                 "{% endif %}"),
             table("OHSTable", widths, [
                 header_row(widths, "Requirement", "=Rating", "What we saw", "Next step"),
                 row_each(widths, "r in c.requirements", row(widths, [
                     p("TableRowHeader", "{{ r.code }} {{ r.title }}"), p("TableText", "{{p r.rating|chip }}"),
                     saw, step])),
             ], says="Ratings of clause {{ c.number }}"),
             SPACER,
             finding_cards("f in c.findings", CARD_LABELS, CARD_CHIPS)),
        when("strengths",
             p("Heading2", "Strengths to keep"),
             each("s in strengths", p("ListBullet", run("{{ s.title }}", "Strong"),
                                      run("{% if s.statement %}: {{ s.statement }}{% endif %}"
                                          "{% if s.clauses %} (clause {{ s.clauses }}){% endif %}")))),
    ])


def documents() -> str:
    widths = (1000, 3606, 1000, 1800, 2000)
    return when("documents",
                p("Heading1", "Documented information"),
                p("Lead", "{{ documents_lead }}"),
                table("OHSTable", widths, [
                    header_row(widths, "Code", "Document", "Clause", "=State", "Note"),
                    row_each(widths, "d in documents", row(widths, [
                        p("TableRowHeader", "{{ d.code }}"), p("TableText", "{{ d.title }}"),
                        p("TableText", "{{ d.clause }}"), p("TableText", "{{p d.state|document_chip }}"),
                        p("TableText", "{{ d.note }}")])),
                ], says="Documented information"))


def roadmap() -> str:
    widths = (800, 4306, 1000, 1700, 1600)
    return when("roadmap.phases",
                p("Heading1", "Roadmap"),
                p("Lead", "{{ roadmap.lead }}"),
                phase_table(4),
                each("phase in roadmap.phases",
                     p("Heading2", "{{ phase.name }}"),
                     table("OHSTable", widths, [
                         header_row(widths, "Ref.", "What to do", "Priority", "Who", "By, effort"),
                         row_each(widths, "t in phase.tasks", row(widths, [
                             p("TableRowHeader", "{{ t.reference }}"), p("TableText", "{{ t.what }}"),
                             p("TableText", "{{ t.priority }}"),
                             p("TableText", "{% if t.owner %}{{ t.owner }}{% else %}To be agreed{% endif %}"),
                             [p("TableText", "{% if t.due %}{{ t.due }}{% else %}No date yet{% endif %}"),
                              when("t.effort", p("TableText", "{{ t.effort }}"))]])),
                     ], says="{{ phase.name }}"),
                     SPACER))


def rating_table() -> str:
    widths = (3000, 1750, 4822, 1500, 2500)
    requirement = [
        p("TableSmallRowHeader", "{{ r.code }} {{ r.title }}"),
        when("r.paraphrase", p("TableSmall", "{{ r.paraphrase }}")),
    ]
    observed = [
        when("not r.observations", p("TableSmall", "{% if r.reason %}Reason: {{ r.reason }}"
                                                   "{% else %}No observation recorded.{% endif %}")),
        each("o in r.observations", p("TableSmall", run("{% if o.method %}{{ o.method }}: {% endif %}", "Strong"),
                                      run("{{ o.text }}"))),
        when("r.observations and r.reason", p("TableSmall", "Reason: {{ r.reason }}")),
    ]
    step = [
        p("TableSmall", "{{ r.recommendation }}"),
        when("r.priority or r.effort", p("TableSmall", run("{{ r.priority }}{% if r.priority and r.effort %}, "
                                                           "{% endif %}{{ r.effort }}", "Emphasis"))),
        when("r.owner or r.due", p("TableSmall", run("{{ r.owner }}{% if r.owner and r.due %}, "
                                                     "{% endif %}{{ r.due }}", "Emphasis"))),
    ]
    return "".join([
        p("AppendixHeading", "Full rating table"),
        caption("Table", 5, "Every requirement, with every observation word for word"),
        table("OHSRegister", widths, [
            row(widths, [p("TableSmallHeader", title) for title in
                         ("Requirement, in our words", "Rating", "Observations", "Evidence",
                          "Recommendation, who, when")], header=True),
            row_each(widths, "c in clauses", row_each(widths, "r in c.requirements", row(widths, [
                requirement, p("TableSmall", "{{p r.rating|chip }}"), observed,
                p("TableSmall", "{{ r.evidence }}"), step]))),
        ], says="Every requirement with its observations"),
    ])


def basis() -> str:
    return "".join([
        p("AppendixHeadingRunOn", "Basis and limits"),
        bullets("limits"),
        when("signatories", p("FrontHeading2", "Signed for the firm"), signatures(PORTRAIT_TEXT)),
    ])


def body() -> str:
    return "".join([
        cover("{{ client.name }}{% if client.place %}, {{ client.place }}{% endif %}"
              "{% if visit.dates %}\nSite visit {{ visit.dates }}{% endif %}", COVER_FACTS, strip=True),
        end_section("cover"),
        document_control(),
        p("FrontHeading2", "How to read this report"),
        p("BodyText", "The executive summary stands alone on one page. The sections after it say what was looked at, "
                      "what came out, one card for each finding, and the way forward. Appendix A lists every "
                      "requirement with every observation. A rating is always a word and a symbol, so the report can "
                      "be printed in black and white."),
        contents(2),
        summary(), client_and_scope(), method(), results(), findings(), legal_check(), documents(), roadmap(),
        end_section("portrait"),
        rating_table(),
        end_section("landscape"),
        evidence_index(), evidence_pictures("AppendixHeadingRunOn", 5),
        interview_tallies("AppendixHeadingRunOn"), glossary(), basis(),
    ])


STARTER = Starter(kind="gap_report", subject="Gap analysis report", body=body())
