"""The figures behind charts and the tables beside them: one count, so that a bar and its cell never differ."""

from collections.abc import Iterable, Sequence
from typing import Any

from consultancy.models.finding import Finding
from consultancy.reports.record import Record
from consultancy.reports.wording import capital, text, text_if_any
from consultancy.scoring import Tally
from consultancy.standards.catalogue import Clause
from consultancy.standards.words import say

ANSWERABLE = ("major", "minor", "ofi")
AXES_OF_A_RADAR = 3  # with fewer there is no area to see
LONGEST_LIST = 3


def clause_name(record: Record, clause: Clause, language: str) -> str:
    """Short enough for an axis: "9 Performance", or "Element 9" where we have no short name."""
    short = text_if_any(f"short_{record.standard.key}_{clause.number}", language)
    kind = capital(say("requirements", record.standard.kind_of_requirement, language))
    return f"{clause.number} {short}" if short else f"{kind} {clause.number}"


def readiness(record: Record, language: str) -> tuple[dict[str, Any], str]:
    """The radar and its message. No radar where the report withholds too many percentages to draw one."""
    tallies: dict[str, Tally] = dict(record.score.by_clause)
    known = [
        (clause_name(record, clause, language), tallies[clause.number].readiness)
        for clause in record.standard.clauses()
    ]
    shown = [(name, percent) for name, percent in known if percent is not None]
    if len(shown) < AXES_OF_A_RADAR or record.score.overall.readiness is None:
        return {}, ""
    lowest = min(percent for _name, percent in shown)
    weakest = [name for name, percent in shown if percent == lowest]
    message = text("radar_even", language, percent=lowest)
    if len(weakest) < len(shown):
        named = listed(weakest[:LONGEST_LIST], language) + (" […]" if len(weakest) > LONGEST_LIST else "")
        message = text("radar_lowest", language, names=named, percent=lowest)
    spoken = "; ".join(text("radar_axis", language, name=name, percent=percent) for name, percent in shown)
    return {
        "categories": [name for name, _percent in known],
        "series": [{"name": text("radar_series", language), "values": [percent for _name, percent in known]}],
        "alt": text("radar_alt", language, message=message, axes=spoken),
    }, message


def findings_by_clause(
    record: Record, raised: Sequence[Finding], grades: str, language: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The chart of these findings by clause and grade, and its table; `grades` names the words for the grades."""
    rows: list[dict[str, Any]] = []
    for clause in record.standard.clauses():
        codes = {one.code for one in clause.requirements}
        counts = by_grade(one.grade for one in raised if one.requirement in codes)
        rows.append(
            {"number": clause.number, "title": clause.title, "short": clause_name(record, clause, language)} | counts
        )
    totals = {name: sum(row[name] for row in rows) for name in (*ANSWERABLE, "total")}
    if not totals["total"]:
        return {}, {"rows": [], "totals": totals, "message": ""}
    most = max(row["total"] for row in rows)
    worst = [row["short"] for row in rows if row["total"] == most][:LONGEST_LIST]
    message = text("findings_most", language, names=listed(worst, language), n=most * len(worst), total=totals["total"])
    chart = stacked([row["short"] for row in rows], rows, grades, message, language)
    return chart, {"rows": rows, "totals": totals, "message": message}


def by_grade(grades: Iterable[str]) -> dict[str, int]:
    found = list(grades)
    counts = {grade: found.count(grade) for grade in ANSWERABLE}
    return counts | {"total": sum(counts.values())}


def stacked(
    names: list[str], rows: Sequence[dict[str, Any]], grades: str, message: str, language: str
) -> dict[str, Any]:
    """Columns of majors, minors and opportunities over these names."""
    words = {grade: capital(say(grades, grade, language)) for grade in ANSWERABLE}
    spoken = "; ".join(
        text(
            "column_of_grades",
            language,
            name=name,
            parts=", ".join(f"{words[grade].lower()} {row[grade]}" for grade in ANSWERABLE),
        )
        for name, row in zip(names, rows, strict=True)
    )
    return {
        "categories": names,
        "series": [{"name": words[grade], "values": [row[grade] for row in rows]} for grade in ANSWERABLE],
        "alt": text("columns_alt", language, message=message, columns=spoken),
    }


def effort(phases: Sequence[dict[str, Any]], days: Sequence[float], language: str) -> tuple[dict[str, Any], str]:
    """Days by phase, as the phases' own sums; nothing where no estimate names days."""
    if not any(days):
        return {}, ""
    most = phases[max(range(len(days)), key=lambda place: days[place])]
    message = text("effort_most", language, phase=most["name"], effort=most["effort"])
    spoken = "; ".join(text("effort_phase", language, name=one["name"], effort=one["effort"]) for one in phases)
    return {
        "categories": [one["name"] for one in phases],
        "series": [{"name": text("effort_series", language), "values": list(days)}],
        "alt": text("columns_alt", language, message=message, columns=spoken),
    }, message


def listed(names: Sequence[str], language: str) -> str:
    """One, two and three: "4 Context, 6 Planning and 9 Performance"."""
    return f" {text('and', language)} ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
