"""Pictures that are evidence, as figures of a report's annex: those of findings first, then in the standard's order.

The snapshot holds the key of each, which ends with its SHA-256; the bytes come from the store when the file is written,
so the same snapshot gives the same bytes as long as its pictures are kept.
"""

from typing import Any, Final

from consultancy.queries import evidence
from consultancy.queries.evidence import Filed
from consultancy.reports.record import Record
from consultancy.reports.wording import counted, short_day, text
from document_templates.pictures import Picture
from tenants.files import Files, is_key
from tenants.limits import REPORT_PICTURE_BYTES, REPORT_PICTURES

KEPT_INSIDE = "interview"  # who said what leaves no consultancy, and a picture of the notes neither
WIDTH_MM, HEIGHT_MM = 120, 88  # two on a page, with their captions
INCH_MM: Final = 25.4
COARSEST = 72  # dots an inch: a small picture is not blown up


def evidence_pictures(record: Record, language: str) -> dict[str, Any]:
    """Plain data: caption and key of each picture that is shown, and a sentence where there are more."""
    pieces = _pieces(record)
    shown = list(pieces.items())[:REPORT_PICTURES]
    more = len(pieces) - len(shown)
    return {
        "figures": [{"caption": _caption(spoken_for, language), "picture": key} for key, spoken_for in shown],
        "left_out": counted("pictures_more", more, language) if more else "",
    }


def with_pictures(fields: dict[str, Any], files: Files) -> dict[str, Any]:
    """The snapshot with its pictures, for the writer. What was destroyed since, or would make the file too heavy, is
    left out and said. No statement where there is no picture.

    Raises OSError while the store does not give what it has: a fault of ours, and the document waits.
    """
    frozen = fields.get("pictures")
    if not frozen or not any(is_key(one["picture"]) for one in frozen["figures"]):
        return fields
    language = "fr" if fields["document"]["language"].startswith("fr") else "en"
    kept = evidence.still_kept([one["picture"] for one in frozen["figures"]])
    figures, bytes_left, gone, heavy = list[dict[str, Any]](), REPORT_PICTURE_BYTES, 0, 0
    for one in frozen["figures"]:
        if one["picture"] not in kept:
            gone += 1
            continue
        content = files.get(one["picture"])
        if len(content) > bytes_left:
            heavy += 1
            continue
        bytes_left -= len(content)
        figures.append(one | {"picture": _sized(content, text("picture_alt", language, what=one["caption"]))})
    said = [frozen["left_out"], counted("pictures_heavy", heavy, language) if heavy else ""]
    said.append(counted("pictures_gone", gone, language) if gone else "")
    return fields | {"pictures": {"figures": figures, "left_out": " ".join(filter(None, said))}}


def _pieces(record: Record) -> dict[str, list[Filed]]:
    """By key: a picture that speaks for several requirements, or was brought in twice, is shown once."""
    order = {requirement.code: place for place, requirement in enumerate(record.standard.requirements)}
    raised = {one.requirement for one in record.findings}
    pictures = [
        one for one in record.files if one.picture_key and one.source != KEPT_INSIDE and one.requirement in order
    ]
    pictures.sort(key=lambda one: (one.requirement not in raised, order[one.requirement]))
    found: dict[str, list[Filed]] = {}
    for one in pictures:
        found.setdefault(one.picture_key, []).append(one)
    return found


def _caption(spoken_for: list[Filed], language: str) -> str:
    """Bench, guard off, 12 Nov 2026 (8.1.2, 9.1.1)"""
    first = spoken_for[0]
    what = ", ".join(part for part in (first.title, short_day(first.effective_on, language)) if part)
    return f"{what} ({', '.join(dict.fromkeys(one.requirement for one in spoken_for))})"


def _sized(content: bytes, alt: str) -> Picture:
    wide, tall = Picture(content, alt).pixels
    scale = min(WIDTH_MM / wide, HEIGHT_MM / tall, INCH_MM / COARSEST)
    return Picture(content, alt, width_mm=wide * scale, height_mm=tall * scale)
