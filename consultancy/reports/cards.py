"""A requirement with all that was seen of it, and a finding, as reports print them."""

from functools import cache

from consultancy.models.finding import Finding
from consultancy.reports.document import Fields
from consultancy.reports.record import Record
from consultancy.reports.wording import capital, short_day, shortened, text
from consultancy.standards.catalogue import Requirement
from consultancy.standards.words import choices, say

SEEN_IN_SHORT = 220
STEP_IN_SHORT = 160
CHIPS = {"not_verified": "NV", "not_applicable": "NA", "not_rated": ""}


def priority(word: str, language: str) -> str:
    """High, Medium or Low, or what was typed."""
    return capital(say("priorities", word, language)) if word in dict(choices("priorities")) else word


def chip(record: Record, code: str) -> str:
    """The rating as a chip reads it: "3" to "0", NV, NA, or nothing."""
    rated = record.as_counted(code)
    return CHIPS[rated.counted_state] if rated.counted_level is None else str(rated.counted_level)


def requirement_fields(record: Record, requirement: Requirement, language: str) -> Fields:
    """Every observation and every evidence stands word for word; only `seen` and `next_step` are shortened."""
    rating, observations = record.judged.get(requirement.code, (None, []))
    seen = [("", one) for one in observations] + record.at_sites.get(requirement.code, [])
    said = [(place, one) for place, one in seen if one.text]
    recommendation = rating.recommendation if rating else ""
    return {
        "code": requirement.code,
        "title": requirement.full_title,
        "pdca": capital(say("steps", requirement.step, language)) if requirement.step else "",
        "paraphrase": requirement.paraphrase,
        "rating": chip(record, requirement.code),
        "seen": shortened(said[0][1].text, SEEN_IN_SHORT) if said else "",
        "observations": [
            {"method": _how(one.method, place, language), "text": one.text}
            for place, one in said
        ],
        "reason": "" if rating is None or rating.reason in (one.text for _place, one in said) else rating.reason,
        "evidence": "\n".join(dict.fromkeys(one.evidence for _place, one in seen if one.evidence)),
        "recommendation": recommendation,
        "next_step": shortened(recommendation, STEP_IN_SHORT),
        "priority": priority(rating.priority, language) if rating else "",
        "effort": rating.effort_text if rating else "",
        "owner": rating.owner_text if rating else "",
        "due": short_day(rating.due, language) if rating else "",
        "findings": ", ".join(one.label for one in record.findings_on(requirement.code)),
    }


@cache
def methods(language: str) -> dict[str, str]:
    """How something was seen, as it stands before the words; a report asks for each of hundreds of observations."""
    return {"": ""} | {key: capital(word) for key, word in choices("methods", language)}


def _how(method: str, place: str, language: str) -> str:
    """By which method something was seen, and at which site."""
    named = methods(language)[method]
    if not place:
        return named
    return ", ".join(part for part in (named, capital(text("at_site", language, site=place))) if part)


def finding_fields(record: Record, finding: Finding, language: str) -> Fields:
    rating = record.rating(finding.requirement)
    return {
        "number": finding.label,
        "clauses": finding.requirement,
        "grade": finding.grade,
        "title": finding.title,
        "requirement": record.standard.requirement(finding.requirement).paraphrase,
        "statement": finding.statement,
        "evidence": finding.evidence,
        "risk": finding.risk,
        "why": finding.why,
        "recommendation": finding.recommendation,
        "legal_duty": finding.legal_duty,
        "status": finding.status,
        "priority": priority(rating.priority, language) if rating else "",
        "effort": rating.effort_text if rating else "",
        "owner": finding.owner_text,
        "due": short_day(finding.due, language),
    }
