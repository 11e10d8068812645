"""Levels across the firm's own clients: a heat map, and what is usual by sector and by size."""

from math import ceil
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.guards import requires
from blueprints.identity import restricted_to
from blueprints.page import capital, member_words
from consultancy.models.client import Client
from consultancy.queries import insight
from consultancy.queries import standards as own_standards
from consultancy.standards import catalogue
from consultancy.standards.words import WORDS, choices, say
from tenants.permissions import Permission

bp = Blueprint("insight", __name__)

TREND_WIDTH, TREND_ROW, TREND_LEFT = 420, 26, 44
LEVEL_STEP = (TREND_WIDTH - TREND_LEFT - 20) / 3


@bp.get("/clients/insight")
@requires(Permission.CLIENT_READ)
def show():
    offered = {key: one.full_name for key, one in catalogue.OFFERED.items()} | own_standards.published_names()
    used = insight.standards_used(restricted_to()) or [next(iter(offered))]
    chosen = one_of("standard", list(offered), used[0])
    sector, size = one_of("sector", list(WORDS["sectors"]), ""), one_of("size", list(insight.SIZES), "")
    page = min(max(request.args.get("page", 1, type=int), 1), 100_000)
    newest = insight.newest_of(chosen, reached_by=restricted_to())
    rows, total = insight.heat_map(newest, sector=sector, size=size, page=page)
    clauses = [(clause.number, clause.title) for clause in catalogue.find(chosen, member_words()).clauses()]
    numbers = [number for number, _title in clauses]
    return render_template(
        "insight/show.html",
        clauses=clauses,
        rows=[
            {
                "name": row.name,
                "url": url_for("clients.show", client=row.client_id),
                "line": " · ".join(part for part in (sector_word(row.sector), people(row.headcount)) if part),
                "opened_on": row.opened_on,
                "levels": [row.levels.get(number) for number in numbers],
            }
            for row in rows
        ],
        groups=[
            (label, [group_row(group, numbers, name) for group in groups])
            for name, groups in insight.medians(newest).items()
            for label in [_("Sector") if name == "sector" else _("Size")]
        ],
        smallest=insight.SMALLEST_GROUP,
        standards=list(offered.items()),
        sectors=[(key, capital(word)) for key, word in choices("sectors", member_words())],
        sizes=[(key, size_word(key)) for key in insight.SIZES],
        chosen={"standard": chosen, "sector": sector, "size": size},
        pages=pages_of(page, total, len(rows), {"standard": chosen, "sector": sector or None, "size": size or None}),
    )


def one_of(name: str, offered: list[str], otherwise: str) -> str:
    asked = request.args.get(name, "")
    return asked if asked in offered else otherwise


def group_row(group: insight.Group, numbers: list[str], name: str) -> dict[str, Any]:
    return {
        "label": sector_word(group.key) if name == "sector" else size_word(group.key),
        "clients": group.clients,
        "medians": [
            {"shown": f"{median:.1f}", "level": int(median)} if median is not None else None
            for median in (group.medians.get(number) for number in numbers)
        ],
    }


def sector_word(key: str) -> str:
    if key in WORDS["sectors"]:
        return capital(say("sectors", key, member_words()))
    return key


def size_word(key: str) -> str:
    return _("%(range)s people", range=key.replace("-", "–"))


def people(headcount: int | None) -> str:
    return _("%(n)s people", n=headcount) if headcount is not None else ""


def pages_of(page: int, total: int, shown: int, filters: dict[str, Any]) -> dict[str, object]:
    last = ceil(total / insight.PER_PAGE) or 1
    first = (page - 1) * insight.PER_PAGE
    return {
        "page": page,
        "pages": last,
        "total": total,
        "first": first + 1 if shown else 0,
        "last": first + shown,
        "previous_url": url_for(".show", page=page - 1, **filters) if page > 1 else None,
        "next_url": url_for(".show", page=page + 1, **filters) if page < last else None,
    }


def trend(client: Client) -> dict[str, Any] | None:
    """A client's latest assessment against the one before, clause by clause; nothing before there are two."""
    both = insight.assessed(client)
    if len(both) < 2:
        return None
    latest, previous = both
    rows = []
    for place, clause in enumerate(catalogue.find(latest.standard, member_words()).clauses()):
        now, before = latest.averages.get(clause.number), previous.averages.get(clause.number)
        rows.append(
            {
                "number": clause.number,
                "title": clause.title,
                "now": now,
                "before": before,
                "y": 30 + place * TREND_ROW,
                "x_now": None if now is None else round(TREND_LEFT + now * LEVEL_STEP, 1),
                "x_before": None if before is None else round(TREND_LEFT + before * LEVEL_STEP, 1),
            }
        )
    return {
        "latest": {"title": latest.title, "opened_on": latest.opened_on},
        "previous": {"title": previous.title, "opened_on": previous.opened_on},
        "rows": rows,
        "ticks": [(level, round(TREND_LEFT + level * LEVEL_STEP, 1)) for level in range(4)],
        "width": TREND_WIDTH,
        "height": 40 + len(rows) * TREND_ROW,
    }
