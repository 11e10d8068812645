"""Charts with their message, and the tables that say the same in numbers: findings, sites, law, evidence, months."""

from __future__ import annotations

from tools.starters.chart import drawing
from tools.starters.markup import (
    PORTRAIT_TEXT,
    SPACER,
    Cell,
    caption,
    choose,
    each,
    header_row,
    p,
    row,
    row_each,
    row_when,
    run,
    table,
    when,
)

MONTHS = tuple(f"m{place}" for place in range(1, 13))
KEPT = "interviews is defined"  # a report that was queued before interviews were kept has none
PLACES = ("first", "second", "third", "fourth")


def figure(key: str, place: int, size: tuple[float, float], message: str, note: str = "") -> str:
    """A chart under its message, left out where the figures for it are missing; `place` is its number in the file."""
    return when(f"charts.{key}",
                caption("Figure", place, message),
                p("Chart", drawing(key, place, *size)),
                p("SourceNote", note) if note else SPACER)


def findings_by_clause(place: int, titles: tuple[str, str, str], says: str) -> str:
    """Chart and table of the findings by clause; the chart is the `place`th of the file."""
    widths = (4406, 1300, 1300, 1400, 1000)
    names = ("major", "minor", "ofi", "total")
    return when("findings_by_clause.rows",
                figure("findings", place, (16, 5.4), "{{ findings_by_clause.message }}"),
                caption("Table", 3, says),
                table("OHSTableTotal", widths, [
                    header_row(widths, "Clause", *(f"#{title}" for title in titles), "#All"),
                    row_each(widths, "c in findings_by_clause.rows", row(widths, [
                        p("TableRowHeaderKeep", "{{ c.number }}  {{ c.title }}"),
                        *[p("TableNumber", f"{{{{ c.{name} }}}}") for name in names]])),
                    row(widths, [p("TableRowHeader", "All clauses"),
                                 *[p("TableTotal", f"{{{{ findings_by_clause.totals.{name} }}}}") for name in names]]),
                ], says=says, look="total"),
                SPACER)


def heat_map() -> str:
    """One table for each number of sites, so that authors see real columns; up to four sites stand side by side."""
    def sites(count: int) -> str:
        widths = (9406 - count * 1750, *(1750,) * count)
        cells: list[Cell] = [
            [p("TableText", f"{{{{p c.cells.{place}.rating|chip }}}}"),
             when(f"c.cells.{place}.note", p("TableSmall", f"{{{{ c.cells.{place}.note }}}}"))]
            for place in PLACES[:count]]
        return table("OHSHeatMap", widths, [
            header_row(widths, "Clause", *(f"={{{{ h.sites.{place} }}}}" for place in PLACES[:count])),
            row_each(widths, "c in h.rows", row(widths, [
                p("TableRowHeader", "{{ c.number }}  {{ c.title }}"), *cells])),
        ], says="Clauses by site")

    return when("heat_maps",
                p("Heading2", "By site"),
                p("BodyText", "Where sites were rated one by one, each cell gives the weakest requirement of the "
                              "clause at that site."),
                each("h in heat_maps",
                     caption("Table", 4, "Weakest rating of each clause, site by site"),
                     choose(("h.site_count == 2", sites(2)), ("h.site_count == 3", sites(3)), ("", sites(4))),
                     p("SourceNote", "Not rated: no requirement of the clause was rated at this site. The rating of "
                                     "the whole organization in Appendix A is the one that counts.")))


def legal_check() -> str:
    widths = (3706, 2000, 1600, 2100)
    standing = choose(("d.standing == 'applies'", p("TableRowHeader", "● Applies")),
                      ("", p("TableText", "? To be asked")))
    return when("legal.lead",
                p("Heading1", "Legal quick check"),
                p("Lead", "{{ legal.lead }}"),
                when("legal.duties",
                     caption("Table", 5, "Duties by headcount and sector"),
                     table("OHSTable", widths, [
                         header_row(widths, "Duty", "Citation", "Applies", "Evidence to look for"),
                         row_each(widths, "d in legal.duties", row(widths, [
                             [p("TableText", "{{ d.duty }}"),
                              when("d.findings", p("TableText", run("{{ d.findings }}", "EvidenceRef")))],
                             [p("TableText", "{{ d.citation }}"),
                              when("d.certain", p("TableText", run("{{ d.certain }}", "Emphasis")))],
                             standing, p("TableText", "{{ d.evidence }}")])),
                     ], says="Duties by headcount and sector"),
                     p("SourceNote", "A quick check in our words, not legal advice and not an evaluation of "
                                     "compliance: applies says that the duty concerns this employer, not that it is "
                                     "met. Finding numbers stand where a finding cites the duty. The text in force "
                                     "prevails.")))


def interviews() -> str:
    """How many people were asked, against the sample: by role, and by workplace where any was said."""
    widths = (5806, 1800, 1800)

    def counted(name: str, title: str, loop: str, total: str) -> str:
        return table("OHSTableTotal", widths, [
            header_row(widths, title, "#Asked for", "#Held"),
            row_each(widths, loop, row(widths, [
                p("TableRowHeader", "{{ i.name }}"), p("TableNumber", "{{ i.wanted }}"),
                p("TableNumber", "{{ i.held }}")])),
            row(widths, [p("TableRowHeader", total), p("TableTotal", "{{ interviews.totals.wanted }}"),
                         p("TableTotal", "{{ interviews.totals.held }}")]),
        ], says=name, look="total")

    return when(f"{KEPT} and interviews.roles",
                p("Heading2", "Interviews held"),
                p("BodyText", "{{ interviews.lead }}"),
                counted("Interviews by role", "Asked as", "i in interviews.roles", "All roles"),
                when("interviews.sites", SPACER,
                     counted("Interviews by workplace", "Workplace", "i in interviews.sites", "All workplaces")),
                SPACER)


def interview_tallies(heading: str) -> str:
    """What people confirmed, requirement by requirement: counts only."""
    widths = (4006, 900, 1000, 900, 1200, 1400)
    names = ("yes", "partly", "no", "unknown", "asked")
    return when(f"{KEPT} and interviews.tallies",
                p(heading, "What people confirmed"),
                table("OHSTableDense", widths, [
                    header_row(widths, "Requirement", "#Yes", "#Partly", "#No", "#Not known", "#Asked"),
                    row_each(widths, "t in interviews.tallies", row(widths, [
                        p("TableRowHeader", "{{ t.code }}  {{ t.title }}"),
                        *[p("TableNumber", f"{{{{ t.{name} }}}}") for name in names]])),
                ], says="What people confirmed"),
                p("SourceNote", "How many of the people asked in interviews confirmed the requirement, in part or not, "
                                "or did not know of it.{% if interviews.withheld %} {{ interviews.withheld }}"
                                "{% endif %}"))


def evidence_index() -> str:
    widths = (900, 4606, 1900, 2000)
    return when("evidence",
                p("AppendixHeading", "Evidence index"),
                caption("Table", 6, "Every piece of evidence that an observation names"),
                table("OHSTableDense", widths, [
                    header_row(widths, "No.", "Evidence", "Seen as", "Requirements"),
                    row_each(widths, "e in evidence", row(widths, [
                        p("TableSmallRowHeader", "{{ e.number }}"), p("TableSmall", "{{ e.text }}"),
                        p("TableSmall", "{{ e.method }}"), p("TableSmall", "{{ e.clauses }}")])),
                ], says="Evidence index"),
                SPACER)


def evidence_pictures(heading: str, place: int) -> str:
    """Photographs kept as evidence; the first is the `place`th figure of the file."""
    return when("pictures is defined and (pictures.figures or pictures.left_out)",
                p(heading, "Evidence in pictures"),
                each("f in pictures.figures",
                     caption("Figure", place, "{{ f.caption }}"),
                     p("Chart", "{{ f.picture }}"),
                     SPACER),
                when("pictures.left_out", p("SourceNote", "{{ pictures.left_out }}")))


def glossary() -> str:
    widths = (2600, PORTRAIT_TEXT - 2600)
    return when("glossary",
                p("AppendixHeadingRunOn", "Words used in this report"),
                table("OHSFacts", widths, [row_each(widths, "g in glossary", row(widths, [
                    p("TableRowHeader", "{{ g.term }}"), p("TableText", "{{ g.meaning }}")]))],
                    says="Words used in this report", look="label"),
                SPACER)


def phase_table(place: int) -> str:
    """Phases with their sums, in portrait; the chart of their effort is the `place`th of the file."""
    widths = (3006, 2200, 1000, 1400, 1800)
    return "".join([
        caption("Table", 7, "Phases"),
        table("OHSTableTotal", widths, [
            header_row(widths, "Phase", "When", "#Tasks", "#High priority", "#Effort as estimated"),
            row_each(widths, "phase in roadmap.phases", row(widths, [
                p("TableRowHeader", "{{ phase.name }}"), p("TableText", "{{ phase.window }}"),
                p("TableNumber", "{{ phase.task_count }}"), p("TableNumber", "{{ phase.high }}"),
                p("TableNumber", "{{ phase.effort }}")])),
            row(widths, [p("TableRowHeader", "All phases"), p("TableText", "{{ roadmap.window }}"),
                         p("TableTotal", "{{ roadmap.task_count }}"), p("TableTotal", "{{ roadmap.high }}"),
                         p("TableTotal", "{{ roadmap.effort }}")]),
        ], says="Phases", look="total"),
        p("SourceNote", "Effort is the sum of the estimates that name days; a plus means that some tasks have "
                        "none or name a cost besides."),
        figure("effort", place, (16, 5.6), "{{ roadmap.effort_message }}"),
    ])


def timeline() -> str:
    """Bars made of cells, one row for each clause, in landscape."""
    widths = (2400, 1000, *(620,) * len(MONTHS), 872, 930, 930)
    of = "roadmap.timeline"

    def bar(name: str) -> str:
        month = f"s.months.{name}"
        return choose((f"{month}.bar == 'due'", p("GanttBar", f"{{{{ {month}.due }}}}")),
                      (f"{month}.bar == 'between'", p("GanttBetween", "–")),
                      ("", p("TableSmall")))

    names = ("overdue", "later", "undated", "task_count")
    overdue, later, undated, everything = (p("TableNumber", f"{{{{ s.{name} }}}}") for name in names)
    totals = [p("TableTotal", f"{{{{ {of}.totals.{name} }}}}") for name in names]
    return when(f"{of}.rows",
                p("Heading1RunOn", "When it falls due"),
                p("Lead", f"{{{{ {of}.message }}}}."),
                caption("Table", 3, "Tasks by clause and month"),
                table("OHSGantt", widths, [
                    header_row(widths, "Clause", "#Overdue",
                               *(f"={{{{ {of}.months.{month} }}}}" for month in MONTHS),
                               "#Later", "#No date", "#All"),
                    row_each(widths, f"s in {of}.rows", row(widths, [
                        p("TableRowHeader", "{{ s.name }}"), overdue, *[bar(month) for month in MONTHS],
                        later, undated, everything], middle=True)),
                    row_when(widths, f"{of}.rows", row(widths, [
                        p("TableRowHeader", "All"), totals[0],
                        *[p("TableHeaderCenter", f"{{{{ {of}.totals.months.{month} }}}}") for month in MONTHS],
                        *totals[1:]])),
                ], says="Tasks by clause and month"),
                p("SourceNote", "A number says how many tasks fall due in the month; the bar runs from the first to "
                                "the last of them."))
