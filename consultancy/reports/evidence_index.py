"""Every piece of evidence that an observation names, once, with the requirements it speaks for."""

from typing import Any

from consultancy.reports.record import Record
from consultancy.reports.wording import capital, text
from consultancy.standards.words import say


def evidence_index(record: Record, language: str) -> list[dict[str, Any]]:
    """In the order of the standard; the number is the index's own, E-01 and on."""
    found: dict[str, dict[str, list[str]]] = {}
    for requirement in record.standard.requirements:
        _rating, observations = record.judged.get(requirement.code, (None, []))
        seen = [("", one) for one in observations] + record.at_sites.get(requirement.code, [])
        for place, one in seen:
            named = " ".join(one.evidence.split())
            if not named:
                continue
            entry = found.setdefault(named, {"methods": [], "codes": []})
            method = capital(say("methods", one.method, language)) if one.method else ""
            site = text("at_site", language, site=place) if place else ""
            entry["methods"].append(", ".join(part for part in (method, site) if part))
            entry["codes"].append(requirement.code)
    return [
        {
            "number": f"E-{number:02}",
            "text": named,
            "method": "; ".join(dict.fromkeys(one for one in entry["methods"] if one)),
            "clauses": ", ".join(dict.fromkeys(entry["codes"])),
        }
        for number, (named, entry) in enumerate(found.items(), start=1)
    ]
