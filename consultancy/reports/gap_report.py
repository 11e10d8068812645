"""Gap analysis report: figures, findings and every rating with every observation."""

from datetime import date

from consultancy import scoring
from consultancy.models.engagement import Engagement
from consultancy.program_documents import DOCUMENTS
from consultancy.queries import register
from consultancy.reports.cards import chip, finding_fields, requirement_fields
from consultancy.reports.document import Fields, document_fields, typed
from consultancy.reports.evidence_index import evidence_index
from consultancy.reports.evidence_pictures import evidence_pictures
from consultancy.reports.figures import ANSWERABLE, findings_by_clause, readiness
from consultancy.reports.heat_map import heat_maps
from consultancy.reports.interviews import interview_fields
from consultancy.reports.legal_check import legal_check
from consultancy.reports.record import GRADES, Record, read
from consultancy.reports.refusals import MissingData
from consultancy.reports.roadmap import document_counts, roadmap_fields
from consultancy.reports.tasks import document_tasks, tasks_of
from consultancy.reports.wording import capital, counted, paragraphs, shortened, text, text_if_any
from consultancy.scoring import Tally
from consultancy.standards.catalogue import Clause
from consultancy.standards.words import say

BARS = ("effective", "developing", "informal", "absent", "not_verified")
STEPS = ("plan", "lead", "do", "check", "act")
STRENGTHS_ON_A_SUMMARY_PAGE = 3
AXIS = 40  # characters that leave room for the bars
GAP_TITLE, STAKE, STRENGTH = 90, 40, 90  # characters that leave the summary on one page


def assemble(
    engagement: Engagement, *, number: str, version: str, language: str, today: date, subject: str
) -> tuple[str, Fields]:
    record = read(engagement, language)
    if not record.anything_rated:
        raise MissingData("rating", language)
    fields = document_fields(
        engagement,
        title=text("gap_title", language),
        number=number,
        version=version,
        language=language,
        today=today,
        kicker=True,
    )
    entries = register.of_engagement(engagement)
    facts = {"client": fields["client"]["name"], "standard": fields["standard"]["name"]}
    tasks = tasks_of(record, language) + document_tasks(entries, language)
    strengths = strengths_of(record, language)
    planned, effort_chart = roadmap_fields(tasks, today, language)
    radar, radar_message = readiness(record, language)
    raised = record.by_grade(*ANSWERABLE)
    columns, by_clause = findings_by_clause(record, raised, "grades_in_gap_analysis", language)
    fields |= {
        "scope": typed(engagement, "scope") or paragraphs("scope", language, **facts),
        "method": typed(engagement, "method") + paragraphs("method", language),
        "summary": summary(record, strengths, language),
        "charts": {
            "by_clause": chart(record, language),
            "readiness": radar,
            "findings": columns,
            "effort": effort_chart,
        },
        "results": results(record, language) | {"radar_message": radar_message},
        "heat_maps": heat_maps(record, language),
        "findings_by_clause": by_clause,
        "legal": legal_check(record, engagement.client, language),
        "findings_lead": findings_lead(record, language),
        "clauses": [clause_fields(record, clause, language) for clause in record.standard.clauses()],
        "strengths": strengths,
        "documents": [
            {
                "code": document.code,
                "title": document.title(language),
                "clause": ", ".join(document.clauses),
                "state": entries[document.code].state,
                "note": entries[document.code].note,
            }
            for document in DOCUMENTS
            if document.code in entries
        ],
        "documents_lead": text("documents_lead", language, **document_counts(entries)) if entries else "",
        "roadmap": planned,
        "evidence": evidence_index(record, language),
        "pictures": evidence_pictures(record, language),
        "interviews": interview_fields(engagement, record.standard, language),
        "glossary": [
            {"term": term, "meaning": meaning}
            for term, meaning in (entry.split("|") for entry in paragraphs("glossary", language))
        ],
    }
    return capital(say("deliverables", "gap_report", language)), fields


def summary(record: Record, strengths: list[Fields], language: str) -> Fields:
    overall = record.score.overall
    musts = [record.as_counted(one.code) for one in record.standard.must_items()]
    reasons = " ".join(reason.sentence(language) for reason in record.conclusion.reasons)
    note = {"rated": overall.rated, "total": overall.total, "percent": overall.decided_percent}
    return {
        "readiness": percent(overall, language) or "–",
        "readiness_note": text(
            "readiness_withheld" if overall.readiness is None else "readiness_note", language, **note
        ),
        "absent": overall.absent,
        "absent_must": sum(rated.counted_level == 0 for rated in musts),
        "major": len(record.by_grade("major")),
        "minor": len(record.by_grade("minor")),
        "legal": sum(bool(one.legal_duty) for one in record.findings if one.grade != "strength"),
        "conclusion": record.conclusion.code,
        "headline": " ".join(typed(record.engagement, "headline")),
        "lead": " ".join(typed(record.engagement, "lead")) or reasons,
        "chart_message": chart_message(record, language),
        "gaps": [gap(record, code, language) for code in important(record)],
        "strengths": [shortened(one["title"], STRENGTH) for one in strengths[:STRENGTHS_ON_A_SUMMARY_PAGE]],
        "effort": " ".join(typed(record.engagement, "effort")),
        "decision": " ".join(typed(record.engagement, "decision")),
    }


def important(record: Record) -> tuple[str, ...]:
    priorities = {code: judged.rating.priority for code, judged in record.judged.items()}
    return scoring.most_important_gaps(record.standard, record.rated, priorities)


def gap(record: Record, code: str, language: str) -> Fields:
    """One of the gaps to close first, with its finding where one was raised; the law at stake comes first."""
    raised = sorted(
        (one for one in record.findings_on(code) if one.grade != "strength"),
        key=lambda one: (not one.legal_duty, GRADES.index(one.grade), one.number),
    )
    if raised:
        stake = raised[0].legal_duty or capital(say("grades_in_gap_analysis", raised[0].grade, language))
        return {
            "text": shortened(raised[0].title, GAP_TITLE),
            "stake": shortened(stake, STAKE),
            "finding": raised[0].label,
        }
    level = record.as_counted(code).counted_level
    return {
        "text": shortened(f"{code} {record.standard.requirement(code).full_title}", GAP_TITLE),
        "stake": capital(say("levels", str(level), language)),
        "finding": "–",
    }


def strengths_of(record: Record, language: str) -> list[Fields]:
    """What was typed for the summary, then the findings graded as strengths."""
    return [{"title": line, "statement": "", "clauses": ""} for line in typed(record.engagement, "strengths")] + [
        {"title": one.title, "statement": one.statement, "clauses": one.requirement}
        for one in record.by_grade("strength")
    ]


def counts(tally: Tally) -> Fields:
    return {name: getattr(tally, name) for name in BARS} | {"outside": tally.not_applicable + tally.not_rated}


def percent(tally: Tally, language: str) -> str:
    """Whole percent, cut; nothing while too little is decided to defend a figure."""
    return "" if tally.readiness is None else text("percent", language, n=tally.readiness)


def chart(record: Record, language: str) -> Fields:
    titles = {clause.number: clause.title for clause in record.standard.clauses()}
    spoken = [
        text("chart_alt_clause", language, number=number, **counts(tally)) for number, tally in record.score.by_clause
    ]
    return {
        "categories": [shortened(f"{number} {titles[number]}", AXIS) for number, _tally in record.score.by_clause],
        "series": [
            {
                "name": capital(say(*(("states", name) if name == "not_verified" else ("levels", level)), language)),
                "values": [getattr(tally, name) for _number, tally in record.score.by_clause],
            }
            for name, level in zip(BARS, ("3", "2", "1", "0", ""), strict=True)
        ],
        "alt": text("chart_alt", language, clauses="; ".join(spoken)),
    }


def chart_message(record: Record, language: str) -> str:
    """The two clauses with most requirements absent or informal."""
    gaps = [
        (tally.absent + tally.informal, place, number, tally.total)
        for place, (number, tally) in enumerate(record.score.by_clause)
    ]
    worst = sorted((one for one in gaps if one[0]), key=lambda one: (-one[0], one[1]))[:2]
    if not worst:
        return text("chart_no_gaps", language)
    named = [
        text("chart_clause", language, number=number, n=missing, total=total) for missing, _, number, total in worst
    ]
    return text("chart_gaps", language, clauses=f" {text('and', language)} ".join(named))


def results(record: Record, language: str) -> Fields:
    overall = record.score.overall
    numbers = counts(overall)
    outside = text("results_outside", language, n=numbers["outside"]) if numbers["outside"] else ""
    steps = dict(record.score.by_step)
    return {
        "lead": text("results_lead", language, **numbers | {"total": overall.total, "outside": outside}),
        "totals": {
            "requirement_count": overall.total,
            "counts": numbers,
            "readiness": percent(overall, language),
        },
        "steps": [
            {
                "name": capital(say("steps", step, language)),
                "requirement_count": steps[step].total,
                "rated": steps[step].rated,
                "readiness": percent(steps[step], language),
            }
            for step in STEPS
            if steps[step].total
        ],
        "must": [
            {"code": one.code, "title": one.full_title, "rating": chip(record, one.code)}
            for one in record.standard.must_items()
        ],
    }


def findings_lead(record: Record, language: str) -> str:
    raised = record.by_grade("major", "minor", "ofi")
    if not raised:
        return text("findings_none", language)
    parts = [
        counted(f"would_{grade}", number, language)
        for grade in ("major", "minor", "ofi")
        if (number := len(record.by_grade(grade)))
    ]
    count = counted("n_findings", len(raised), language)
    return text("findings_lead", language, findings=count, grades=", ".join(parts))


def clause_fields(record: Record, clause: Clause, language: str) -> Fields:
    tally = dict(record.score.by_clause)[clause.number]
    codes = [one.code for one in clause.requirements]
    return {
        "number": clause.number,
        "title": clause.title,
        "intent": text_if_any(f"intent_{record.standard.key}_{clause.number}", language),
        "requirement_count": tally.total,
        "counts": counts(tally),
        "readiness": percent(tally, language),
        "requirements": [requirement_fields(record, one, language) for one in clause.requirements],
        "findings": [
            finding_fields(record, one, language)
            for one in record.findings
            if one.requirement in codes and one.grade != "strength"
        ],
    }
