"""Every piece of evidence, once, with the requirements it speaks for: what observations name, then the files."""

from typing import Any

from consultancy.reports.cards import methods
from consultancy.reports.record import Record
from consultancy.reports.wording import capital, short_day, text
from consultancy.standards.words import say


def _files(record: Record, language: str) -> dict[str, dict[str, Any]]:
    """By a key that no observation has: two files may have one title."""
    files: dict[str, dict[str, Any]] = {}
    for one in record.files:
        day = short_day(one.effective_on, language)
        entry = files.setdefault(
            f"file|{one.title}|{one.source}|{day}",
            {
                "title": one.title,
                "methods": [", ".join(part for part in (capital(say("sources", one.source, language)), day) if part)],
                "codes": [],
            },
        )
        entry["codes"].append(one.requirement)
    order = [requirement.code for requirement in record.standard.requirements]
    for entry in files.values():
        entry["codes"].sort(key=order.index)
    return files


def evidence_index(record: Record, language: str) -> list[dict[str, Any]]:
    """In the order of the standard; the number is the index's own, E-01 and on."""
    how = methods(language)
    found: dict[str, dict[str, Any]] = {}
    for requirement in record.standard.requirements:
        _rating, observations = record.judged.get(requirement.code, (None, []))
        seen = [("", one) for one in observations] + record.at_sites.get(requirement.code, [])
        for place, one in seen:
            named = " ".join(one.evidence.split())
            if not named:
                continue
            entry = found.setdefault(named, {"methods": [], "codes": []})
            method = how[one.method]
            if place:
                site = text("at_site", language, site=place)
                method = f"{method}, {site}" if method else site
            entry["methods"].append(method)
            entry["codes"].append(requirement.code)
    found |= _files(record, language)
    return [
        {
            "number": f"E-{number:02}",
            "text": entry.get("title", named),
            "method": "; ".join(dict.fromkeys(one for one in entry["methods"] if one)),
            "clauses": ", ".join(dict.fromkeys(entry["codes"])),
        }
        for number, (named, entry) in enumerate(found.items(), start=1)
    ]
