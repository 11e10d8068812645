"""The audit trail as the owner reads it: who did what, filtered by the address, checked and carried out."""

import io
from collections.abc import Iterator, Mapping
from datetime import date
from math import ceil
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, send_file, url_for
from flask_babel import gettext as _

from blueprints.forms import clean
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.trail_words import GROUPS, say_verb
from consultancy.calendar import ONTARIO, clock, today
from consultancy.privacy.spreadsheets import write_rows
from consultancy.queries import trail
from consultancy.queries.trail import Told, Wanted
from tenants import audit
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("audit", __name__)

HEADS = ("number", "at", "who", "who_id", "verb", "what", "subject", "subject_name", "subject_id", "details", "sha256")


@bp.get("/audit")
@requires(Permission.AUDIT_READ)
def index():
    return shown()


@bp.post("/audit/check")
@requires(Permission.AUDIT_READ)
def check():
    """Read the whole chain once. Who checked it, and what they saw, is on record itself."""
    broken = audit.broken_link()
    with transaction():
        audit.record("trail.checked", trail.member(me()), by=me(), broken=broken)
    return shown(checked=True, broken=broken)


@bp.post("/audit/export")
@requires(Permission.AUDIT_READ)
def export():
    wanted, _problems = wanted_of(request.form)
    file = io.BytesIO()  # some 250 bytes an entry
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    count = write_rows(text, HEADS, lines(wanted))
    text.detach()
    file.seek(0)
    with transaction():
        audit.record("trail.exported", trail.member(me()), by=me(), rows=count)
    return send_file(file, mimetype="text/csv", as_attachment=True, download_name=f"audit-{today()}.csv", max_age=0)


def lines(wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    for told in trail.everything(wanted):
        entry = told.entry
        yield (
            entry.number,
            entry.at.astimezone(ONTARIO).isoformat(),
            who(told),
            entry.by_id,
            entry.verb,
            say_verb(entry.verb),
            entry.subject,
            told.subject_name,
            entry.subject_id,
            entry.details,
            entry.digest,
        )


def shown(*, checked: bool = False, broken: int | None = None) -> str:
    wanted, problems = wanted_of(request.args)
    page = min(max(request.args.get("page", 1, type=int), 1), 100_000)
    found, total = trail.page_of(wanted, page)
    return render_template(
        "audit/index.html",
        rows=[row_of(told) for told in found],
        people=trail.people(),
        groups=sorted(((key, str(word)) for key, word in GROUPS.items()), key=lambda pair: pair[1]),
        wanted=wanted,
        problems=problems,
        address=address(wanted),
        carried_out_url=url_for(".index", reads="1"),
        pages=pages_of(wanted, page, total, len(found)),
        checked=checked,
        broken=broken,
    )


def who(told: Told) -> str:
    if told.entry.by_id is None:
        return _("The platform")
    return told.by_name or _("Somebody who is no longer on record")


def row_of(told: Told) -> dict[str, Any]:
    entry = told.entry
    return {
        "number": entry.number,
        "at": clock(entry.at),
        "who": who(told),
        "what": say_verb(entry.verb),
        "subject": told.subject_name or f"{entry.subject} {str(entry.subject_id)[:8]}",
        "subject_url": url_for(".index", subject=entry.subject_id),
        "person_url": url_for(".index", person=entry.by_id) if entry.by_id else None,
        "details": ", ".join(f"{key} {plain(value)}" for key, value in entry.details.items() if value is not None),
    }


def plain(value: Any) -> str:
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def wanted_of(given: Mapping[str, str]) -> tuple[Wanted, list[str]]:
    """The filters of an address. What cannot be read is said and left out, so a mistyped address still answers."""
    problems: list[str] = []

    def read(name: str, kind: Any, label: str) -> Any:
        text = clean(given.get(name, ""))[:60]
        if not text:
            return None
        try:
            return kind(text)
        except ValueError:
            problems.append(_("%(label)s could not be read and was left out.", label=label))
            return None

    group = clean(given.get("group", ""))[:40]
    wanted = Wanted(
        person=read("person", UUID, _("Person")),
        group=group if group in GROUPS else "",
        subject=read("subject", UUID, _("Subject")),
        since=read("from", sane_day, _("From")),
        until=read("to", sane_day, _("To")),
        carried_out=given.get("reads") == "1",
    )
    return wanted, problems


def sane_day(text: str) -> date:
    day = date.fromisoformat(text)
    if not 1990 <= day.year <= 2100:
        raise ValueError(text)
    return day


def address(wanted: Wanted) -> dict[str, str]:
    """The filters as they stand in the address; an empty one is left out."""
    given = {
        "person": wanted.person,
        "group": wanted.group,
        "subject": wanted.subject,
        "from": wanted.since,
        "to": wanted.until,
        "reads": "1" if wanted.carried_out else "",
    }
    return {name: str(value) for name, value in given.items() if value}


def pages_of(wanted: Wanted, page: int, total: int, count: int) -> dict[str, Any]:
    last, first = ceil(total / trail.PER_PAGE) or 1, (page - 1) * trail.PER_PAGE

    def to(number: int) -> str:
        return url_for(".index", **address(wanted), page=number)  # type: ignore[arg-type]

    return {
        "page": page,
        "pages": last,
        "total": total,
        "first": first + 1 if count else 0,
        "last": first + count,
        "previous_url": to(page - 1) if page > 1 else None,
        "next_url": to(page + 1) if page < last else None,
    }
