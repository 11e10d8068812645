"""The duties of this employer by headcount and sector, and which finding speaks of each. A quick check, no advice."""

from typing import Any

from consultancy.duties import APPLIES, CHECK, DUTIES, OUTSIDE, Duty, Employer
from consultancy.models.client import Client
from consultancy.models.finding import Finding
from consultancy.reports.record import Record
from consultancy.reports.wording import capital, counted, text
from consultancy.standards.words import choices, say

ANSWERS = {"yes": True, "no": False}


def legal_check(record: Record, client: Client, language: str) -> dict[str, Any]:
    """The duties that apply, then those to be asked about. Under federal law none of them is ours to list."""
    if client.jurisdiction == "federal":
        return _check([], text("legal_federal", language), language)
    employer = Employer(
        headcount=client.headcount,
        sector=client.sector,
        wsib_schedule=client.wsib_schedule,
        hazardous_products=ANSWERS.get(str(client.conditions.get("hazardous_products", ""))),
    )
    raised = [one for one in record.findings if one.grade != "strength" and one.legal_duty]
    rows = [
        _row(duty, standing, raised, language)
        for wanted in (APPLIES, CHECK)
        for duty in DUTIES
        if (standing := duty.standing(employer)) == wanted != OUTSIDE
    ]
    counts = {name: sum(one["standing"] == name for one in rows) for name in (APPLIES, CHECK)}
    people = counted("n_people", client.headcount, language) if client.headcount is not None else ""
    sector = capital(say("sectors", client.sector, language)) if client.sector in dict(choices("sectors")) else ""
    basis = ", ".join(part for part in (people, sector.lower()) if part) or text("legal_unknown", language)
    return _check(rows, text("legal_lead", language, basis=basis, **counts), language)


def _check(rows: list[dict[str, Any]], lead: str, language: str) -> dict[str, Any]:
    counts = {name: sum(one["standing"] == name for one in rows) for name in (APPLIES, CHECK)}
    return {"lead": lead, "duties": rows, "counts": counts | {"total": len(rows)}}


def _row(duty: Duty, standing: str, raised: list[Finding], language: str) -> dict[str, Any]:
    return {
        "duty": duty.title[language],
        "citation": duty.citation[language],
        "certain": "" if duty.certain else text("to_be_confirmed", language),
        "standing": standing,
        "evidence": duty.evidence[language],
        "clauses": ", ".join(duty.clauses),
        "findings": ", ".join(one.label for one in raised if duty.spoken_of(one.legal_duty)),
    }
