"""Pre-audit report: the conclusion and what stands in the way, then the findings as an auditor would write them."""

from __future__ import annotations

from tools.starters.blocks import (
    COVER_FACTS,
    bullets,
    contents,
    cover,
    document_control,
    fact_table,
    finding_cards,
    grade_chip,
    paragraphs,
    signatures,
)
from tools.starters.figures import evidence_pictures, findings_by_clause, interview_tallies, interviews
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
    "evidence": "Evidence",
    "statement": "Nonconformity",
    "risk": "Risk",
    "why": "Why this grade",
    "recommendation": "To do",
    "legal_duty": "Legal duty",
}
CARD_CHIPS = {"major": "× Major", "minor": "◊ Minor", "ofi": "○ Opportunity"}


def conclusion() -> str:
    quarter = (2352,) * 4
    gates = (4206, 2000, 3200)
    figures = (
        ("KeyFigureAlert", "{{ counts.major }}",
         "open major {% if counts.major == 1 %}nonconformity{% else %}nonconformities{% endif %}"),
        ("KeyFigure", "{{ counts.minor }}",
         "open minor {% if counts.minor == 1 %}nonconformity{% else %}nonconformities{% endif %}"),
        ("KeyFigure", "{% if counts.gates %}{{ counts.gates_passed }} of {{ counts.gates }}{% else %}–{% endif %}",
         "{% if counts.gates %}gates to Stage 1 passed{% else %}no gates in this standard{% endif %}"),
        ("KeyFigure", "{{ counts.strength }}",
         "{% if counts.strength == 1 %}strength{% else %}strengths{% endif %}, {{ counts.ofi }} "
         "{% if counts.ofi == 1 %}opportunity{% else %}opportunities{% endif %}"),
    )
    gate_chip = choose(("g.state == 'passed'", p("LegalCompliant", "● Passed")),
                       ("g.state == 'not_passed'", p("LegalNot", "× Not passed")),
                       ("g.state == 'in_part'", p("LegalPartly", "◊ In part")),
                       ("", p("LegalNotVerified", "? Not verified")))
    return "".join([
        p("Heading1", "Conclusion"),
        table("OHSKeyFigures", quarter, [row(quarter, [(p(style, figure), p("KeyLabel", label))
                                                       for style, figure, label in figures])],
              says="Key figures", look="plain"),
        SPACER,
        choose(("conclusion.code == 'ready'", p("Conclusion", run("● Ready.", "WordGood"))),
               ("conclusion.code == 'conditions'", p("Conclusion", run("○ Ready with conditions."))),
               ("", p("Conclusion", run("× Not ready.", "WordAlert")))),
        when("conclusion.lead", p("Lead", "{{ conclusion.lead }}")),
        when("conclusion.reasons",
             p("FrontHeading2", "Why"),
             bullets("conclusion.reasons")),
        when("gates",
             caption("Table", 1, "Gates to Stage 1"),
             table("OHSTable", gates, [
                 header_row(gates, "Gate", "=State", "What it rests on"),
                 row_each(gates, "g in gates", row(gates, [
                     p("TableRowHeader", "{{ g.name }}"), gate_chip, p("TableText", "{{ g.evidence }}")])),
             ], says="Gates to Stage 1"),
             p("SourceNote", "An open major, or a gate not passed: not ready. An open minor, or a gate not verified: "
                             "ready with conditions.")),
        when("conclusion.postponement",
             p("FrontHeading2", "Risk of postponement"), p("BodyText", "{{ conclusion.postponement }}")),
    ])


def findings() -> str:
    kinds = (2000, 1400, 6006)
    return "".join([
        p("Heading1", "Findings"),
        p("BodyText", "Grades follow certification practice. A major puts the result of the system in doubt or shows "
                      "a requirement wholly unmet; a minor does neither; an opportunity needs no answer."),
        findings_by_clause(1, ("Major", "Minor", "Opportunity"),
                           "Open findings by clause and grade, strengths left out"),
        choose(("nonconformities", finding_cards("f in nonconformities", CARD_LABELS, CARD_CHIPS)),
               ("", p("BodyText", "No nonconformity was found in the sample."))),
        when("remarks",
             p("Heading2", "Opportunities and strengths"),
             table("OHSTable", kinds, [
                 header_row(kinds, "=Kind", "Clause", "What we saw"),
                 row_each(kinds, "x in remarks", row(kinds, [
                     grade_chip("x"), p("TableText", "{{ x.clauses }}"),
                     [p("TableRowHeader", "{{ x.title }}"),
                      when("x.statement", p("TableText", "{{ x.statement }}"))]])),
             ], says="Opportunities and strengths")),
    ])


def earlier() -> str:
    widths = (900, 5206, 1600, 1700)
    # Not status_chip: its French words agree with a measure, and a finding is masculine.
    state = choose(("e.status == 'closed'", p("StatusClosed", "● Closed")),
                   ("e.status == 'done'", p("StatusDone", "◊ To verify")),
                   ("", p("StatusOpen", "○ Open")))
    return when("earlier",
                p("Heading1RunOn", "Earlier findings"),
                when("earlier_lead", p("Lead", "{{ earlier_lead }}")),
                table("OHSTable", widths, [
                    header_row(widths, "No.", "Finding", "=Status", "Seen in"),
                    row_each(widths, "e in earlier", row(widths, [
                        p("TableRowHeader", "{{ e.number }}"), p("TableText", "{{ e.title }}"),
                        state, p("TableText", "{{ e.seen_in }}")])),
                ], says="Earlier findings"))


def before_the_audit() -> str:
    widths = (1700, 5306, 2400)
    asked = (1400, 8006)
    return "".join([
        when("questions",
             p("Heading1", "What the external auditor will probably ask"),
             table("OHSTable", asked, [
                 header_row(asked, "Clause", "Question"),
                 row_each(asked, "q in questions", row(asked, [
                     p("TableRowHeader", "{{ q.clause }}"), p("TableText", "{{ q.text }}")])),
             ], says="Questions"),
             p("SourceNote", "Our wording; an auditor will put it differently.")),
        p("Heading1RunOn", "Before the audit"),
        when("before",
             table("OHSTable", widths, [
                 header_row(widths, "By", "Action", "Who"),
                 row_each(widths, "b in before", row(widths, [
                     p("TableRowHeader", "{% if b.due %}{{ b.due }}{% else %}No date yet{% endif %}"),
                     p("TableText", run("{{ b.action }} "), run("{{ b.finding }}", "EvidenceRef")),
                     p("TableText", "{% if b.owner %}{{ b.owner }}{% else %}To be agreed{% endif %}")])),
             ], says="Before the audit"),
             SPACER),
        when(f"{KEPT} and audit.too_late", p("CalloutInfo", "{{ audit.too_late }}")),
        days(),
        when("not before", p("BodyText", "Nothing has to be mended before the audit.")),
        when("meetings", p("FrontHeading2", "Meetings"), paragraphs("meetings")),
        when("divergent", p("FrontHeading2", "Divergent opinions"), paragraphs("divergent")),
        evidence_pictures("Heading1RunOn", 2),
        p("Heading1RunOn", "Basis and limits"),
        bullets("limits"),
        when("signatories", p("FrontHeading2", "Signed for the firm"), signatures(PORTRAIT_TEXT)),
    ])


KEPT = "audit is defined"  # a report that waited when these were added has none


def independence() -> str:
    widths = (2000, 1400, 3206, 2800)
    return when(f"{KEPT} and audit.independence.team",
                p("Heading2", "Independence of the team"),
                table("OHSTable", widths, [
                    header_row(widths, "Name", "Part", "Help within the period", "Why they audit all the same"),
                    row_each(widths, "m in audit.independence.team", row(widths, [
                        p("TableRowHeader", "{{ m.name }}"), p("TableText", "{{ m.part }}"),
                        p("TableText", "{{ m.facts }}"),
                        p("TableText", "{% if m.reason %}{{ m.reason }}{% else %}–{% endif %}")])),
                ], says="Independence of the team"),
                p("SourceNote", "{{ audit.independence.rule }}"))


def timetable() -> str:
    widths, came = (1500, 2506, 1300, 1500, 1300, 1300), (3200, 3806, 1200, 1200)
    return "".join([
        when(f"{KEPT} and audit.timetable",
             p("Heading2", "Audit plan"),
             table("OHSTable", widths, [
                 header_row(widths, "When", "What is looked at", "Clause", "Where", "Auditor", "With whom"),
                 row_each(widths, "x in audit.timetable", row(widths, [
                     [p("TableRowHeader", "{{ x.time }}"), p("TableText", "{{ x.day }}")],
                     p("TableText", "{{ x.activity }}"), p("TableText", "{{ x.clauses }}"),
                     p("TableText", "{{ x.where }}"), p("TableText", "{{ x.auditor }}"),
                     p("TableText", "{{ x.auditee }}")])),
             ], says="Audit plan"),
             SPACER),
        when(f"{KEPT} and audit.attendance",
             p("Heading2", "Opening and closing meeting"),
             table("OHSTable", came, [
                 header_row(came, "Name", "Function", "=Opening", "=Closing"),
                 row_each(came, "x in audit.attendance", row(came, [
                     p("TableRowHeader", "{{ x.name }}"), p("TableText", "{{ x.role }}"),
                     p("TableText", "{% if x.opening %}●{% else %}–{% endif %}"),
                     p("TableText", "{% if x.closing %}●{% else %}–{% endif %}")])),
             ], says="Opening and closing meeting"),
             SPACER),
    ])


def stage1() -> str:
    widths = (1100, 4006, 1500, 2800)
    chip = choose(("s.answer == 'yes'", p("LegalCompliant", "● Yes")),
                  ("s.answer == 'no'", p("LegalNot", "× No")),
                  ("s.answer == 'partly'", p("LegalPartly", "◊ Partly")),
                  ("", p("LegalNotVerified", "? Not seen")))
    return when(f"{KEPT} and audit.stage1['items']",
                p("Heading2", "Ready for Stage 1?"),
                table("OHSTable", widths, [
                    header_row(widths, "Clause", "What a registrar looks for", "=Answer", "What we saw"),
                    row_each(widths, "s in audit.stage1['items']", row(widths, [
                        p("TableRowHeader", "{{ s.clause }}"), p("TableText", "{{ s.text }}"), chip,
                        [p("TableText", "{{ s.note }}"),
                         when("s.evidence", p("TableText", run("{{ s.evidence }}", "EvidenceRef")))]])),
                ], says="Ready for Stage 1?"),
                p("SourceNote", "{{ audit.stage1.source }}"))


def trails() -> str:
    widths = (1300, 6306, 1800)
    return when(f"{KEPT} and audit.trails",
                p("Heading2", "Audit trails"),
                each("t in audit.trails",
                     p("Heading3", "{{ t.name }}"),
                     when("t.path", p("BodyText", "{{ t.path }}")),
                     when("t.steps",
                          table("OHSTable", widths, [
                              header_row(widths, "Clause", "What we saw", "How"),
                              row_each(widths, "s in t.steps", row(widths, [
                                  p("TableRowHeader", "{{ s.clause }}"), p("TableText", "{{ s.seen }}"),
                                  p("TableText", "{{ s.method }}")])),
                          ], says="Audit trails"), SPACER),
                     choose(("t.result == 'holds'", p("BodyText", run("● It holds.", "WordGood"))),
                            ("t.result == 'breaks'", p("BodyText", run("× It breaks.", "WordAlert"))),
                            ("", p("BodyText", "? It is not at its end yet."))),
                     when("t.conclusion", p("BodyText", "{{ t.conclusion }}"))))


def marks() -> str:
    widths = (900, 4506, 1200, 1400, 1400)
    chip = choose(("e.met", p("LegalCompliant", "● Reached")), ("e.below", p("LegalNot", "× Below")),
                  ("", p("LegalNotVerified", "? Open")))
    return when(f"{KEPT} and audit.marks.elements",
                p("Heading1RunOn", "Points by element"),
                p("Lead", "{{ audit.marks.conclusion }}. {{ audit.marks.overall }}; {{ audit.marks.legislated }}."),
                table("OHSTable", widths, [
                    header_row(widths, "No.", "Element", "#Points", "#So far", "=State"),
                    row_each(widths, "e in audit.marks.elements", row(widths, [
                        p("TableRowHeader", "{{ e.number }}"), p("TableText", "{{ e.title }}"),
                        p("TableNumber", "{{ e.points }}"), p("TableNumber", "{{ e.percent }}"), chip])),
                ], says="Points by element"),
                p("SourceNote", "{{ audit.marks.source }}"))


def days() -> str:
    return when(f"{KEPT} and audit.days.working",
                p("Heading2", "Days the audit may take"),
                fact_table("x in audit.days.working", "Days the audit may take", PORTRAIT_TEXT),
                p("SourceNote", "{{ audit.days.source }}"))


def body() -> str:
    return "".join([
        cover("{{ client.name }}{% if client.place %}, {{ client.place }}{% endif %}"
              "{% if visit.dates %}\nOn site {{ visit.dates }}{% endif %}", COVER_FACTS),
        end_section("cover"),
        document_control(),
        p("CalloutInfoTitle", "Independence"),
        each("t in independence", p("CalloutInfo", "{{ t }}")),
        contents(1, "FrontHeading"),
        conclusion(),
        p("Heading1RunOn", "Plan, criteria and team"),
        fact_table("x in plan", "Plan, criteria and team", PORTRAIT_TEXT),
        when(f"{KEPT} and audit.head", fact_table("x in audit.head", "What the audit is for", PORTRAIT_TEXT)),
        independence(), timetable(),
        when("sample", paragraphs("sample")),
        interviews(), interview_tallies("Heading2"),
        stage1(), trails(), marks(),
        findings(), earlier(), before_the_audit(),
    ])


STARTER = Starter(kind="pre_audit_report", subject="Pre-audit report", body=body())
