"""Clause by site: where the sites were rated one by one, how the weakest requirement of each clause stands there."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from consultancy.reports.record import Record
from consultancy.reports.wording import counted

PLACES = ("first", "second", "third", "fourth")  # more sites than these are wider than a page
NOWHERE = {"rating": "", "note": ""}
STATES = {"not_verified": "NV", "not_applicable": "NA", "not_rated": ""}


def heat_maps(record: Record, language: str) -> list[dict[str, Any]]:
    """Tables of two to four sites each; none unless two sites have ratings of their own."""
    sites = list(dict.fromkeys(name for _code, name, _rating in record.site_ratings))
    rated: dict[tuple[str, str], list[tuple[str, int | None]]] = {}
    for code, name, rating in record.site_ratings:
        if rating.state != "not_rated" and not rating.carried_over:
            clause = record.standard.requirement(code).clause
            rated.setdefault((clause, name), []).append((rating.state, rating.level))
    sites = [name for name in sites if any(site == name for _clause, site in rated)]
    if len(sites) < 2:
        return []
    with_ratings = {clause for clause, _site in rated}
    clauses = [one for one in record.standard.clauses() if one.number in with_ratings]
    return [
        {
            "site_count": len(few),
            "sites": _placed(few, ""),
            "rows": [
                {
                    "number": clause.number,
                    "title": clause.title,
                    "cells": _placed([_cell(rated.get((clause.number, one), []), language) for one in few], NOWHERE),
                }
                for clause in clauses
            ],
        }
        for few in _shared_out(sites)
    ]


def _placed(given: Sequence[Any], empty: Any) -> dict[str, Any]:
    """By name, so that a template can ask for a place that this table does not have."""
    return dict(zip_longest(PLACES, given, fillvalue=empty))


def _cell(ratings: list[tuple[str, int | None]], language: str) -> dict[str, Any]:
    """The lowest level; where no requirement has one, what was said instead."""
    levels = [level for _state, level in ratings if level is not None]
    states = [STATES[state] for state, level in ratings if level is None]
    word = str(min(levels)) if levels else "NV" if "NV" in states else next(iter(states), "")
    return {"rating": word, "note": counted("n_rated", len(levels), language) if levels else ""}


def _shared_out(sites: list[str]) -> list[list[str]]:
    """Sites over as few tables as they need, evenly: five are three and two, never four and one."""
    tables = -(-len(sites) // len(PLACES))
    short, longer = divmod(len(sites), tables)
    sizes = [short + (place < longer) for place in range(tables)]
    starts = [sum(sizes[:place]) for place in range(tables)]
    return [sites[start : start + size] for start, size in zip(starts, sizes, strict=True)]
