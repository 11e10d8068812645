"""Interviews as a report prints them: how many were asked for and held, and what people confirmed, by count only."""

from typing import Any

from consultancy import sampling
from consultancy.models.engagement import Engagement
from consultancy.queries import interviews
from consultancy.reports.wording import capital, counted, text
from consultancy.standards.catalogue import Standard
from consultancy.tallies import FEWEST, Coverage, Line

NOTHING: dict[str, Any] = {
    "lead": "", "roles": [], "sites": [], "totals": {"wanted": 0, "held": 0}, "tallies": [], "withheld": "",
}  # fmt: skip


def interview_fields(engagement: Engagement, standard: Standard, language: str) -> dict[str, Any]:
    """The coverage that the page of interviews shows, and a tally of each requirement that enough people were asked
    about. Nothing where nobody was asked."""
    if not engagement.interviews_numbered:
        return NOTHING
    covered = interviews.coverage(engagement)
    if not covered.held:
        return NOTHING
    tallied = interviews.tallies_of(engagement)
    asked = [(one, tallied[one.code]) for one in standard.requirements if one.code in tallied]
    withheld = sum(not tally.may_be_printed for _one, tally in asked)
    return {
        "lead": lead(covered, language),
        "roles": [line(one, capital(sampling.RULES["roles"][one.key][language]), language) for one in covered.roles],
        "sites": [line(one, one.key, language) for one in covered.sites],
        "totals": {"wanted": covered.wanted, "held": covered.held},
        "tallies": [
            {
                "code": one.code,
                "title": one.full_title,
                "asked": tally.asked,
                "yes": tally.yes,
                "partly": tally.partly,
                "no": tally.no,
                "unknown": tally.unknown,
            }
            for one, tally in asked
            if tally.may_be_printed
        ],
        "withheld": counted("interviews_withheld", withheld, language, fewest=FEWEST) if withheld else "",
    }


def lead(covered: Coverage, language: str) -> str:
    held = counted("interviews_held", covered.held, language)
    if not covered.wanted:
        return text("interviews_without_sample", language, held=held)
    key = "interviews_lead" if covered.held < covered.wanted else "interviews_all"
    return text(key, language, held=held, wanted=covered.wanted)


def line(one: Line, word: str, language: str) -> dict[str, Any]:
    return {
        "name": word or text("interviews_not_said", language),
        "wanted": one.wanted,
        "held": one.held,
    }
