"""Long lists of an engagement: filters and order read from the address, and the addresses of every other view."""

from collections.abc import Iterable
from dataclasses import fields, replace
from math import ceil
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from blueprints.forms import choice, clean, day, line
from blueprints.identity import behind_glass, me
from blueprints.page import capital, member_words
from consultancy.models.engagement import Engagement
from consultancy.queries import saved_filters
from consultancy.queries.sifting import PER_PAGE, Counts, Wanted
from consultancy.standards import catalogue
from consultancy.standards.words import choices, say

NAMES = tuple(one.name for one in fields(Wanted))
LONGEST = 120
DAYS_LATER = ("7", "30")
EVERYTHING = "all"  # in the address: not even the default filter


class ManyForm(FlaskForm):
    """What becomes the same for all that are marked; each list adds the states of its own rows (`status`)."""

    owner_text = line(_l("Owner"))
    due = day(_l("Due"))
    later = choice(_l("Days later"), lambda: [(one, one) for one in DAYS_LATER], empty="0")

    def said(self) -> dict[str, Any]:
        return {
            "status": self["status"].data or "", "owner_text": self.owner_text.data, "due": self.due.data,
            "later": int(self.later.data or 0),
        }  # fmt: skip


def state_of_many(words: str) -> Any:
    return choice(_l("State"), lambda: choices(words, member_words()), empty=_l("State as it is"))


def wanted_of(values: Any, *, sorts: Iterable[str], statuses: Iterable[str], grades: Iterable[str]) -> Wanted:
    """What nobody can mean is left out: an address that was typed wrong shows more, never an error."""
    typed = {name: clean(values.get(name, ""))[:LONGEST] for name in NAMES}
    return Wanted(
        grade=typed["grade"] if typed["grade"] in grades else "",
        status=typed["status"] if typed["status"] in statuses else "",
        clause=typed["clause"][:20],
        owner=typed["owner"],
        overdue=typed["overdue"] == "1",
        text=typed["text"],
        sort=typed["sort"] if typed["sort"] in sorts else "number",
        descending=typed["descending"] == "1",
    )


def page_asked() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), 100_000)


def query_of(wanted: Wanted, **more: Any) -> dict[str, Any]:
    """What stands in the address: only what differs from everything."""
    found = {name: getattr(wanted, name) for name in NAMES if getattr(wanted, name) != getattr(Wanted, name)}
    return {name: "1" if value is True else str(value) for name, value in (found | more).items() if value}


class Addresses:
    """Every other view of one list: another filter, order or page, with the rest as it is."""

    def __init__(self, endpoint: str, engagement: Engagement, wanted: Wanted, *, view: str = "") -> None:
        self.endpoint, self.engagement, self.wanted, self.view = endpoint, engagement, wanted, view

    def of(self, *, page: int | None = None, **changed: Any) -> str:
        onward = page if page and page > 1 else None
        return self._for(replace(self.wanted, **changed), view=self.view, page=onward)

    def everything(self) -> str:
        return self._for(Wanted(), view=self.view, **{EVERYTHING: "1"})

    def in_view(self, view: str) -> str:
        return self._for(self.wanted, view=view)

    def _for(self, wanted: Wanted, **more: Any) -> str:
        query = query_of(wanted, **more)
        # without a filter the address would open the member's default
        return url_for(self.endpoint, engagement=self.engagement.id, **(query or {EVERYTHING: "1"}))

    def sorted_by(self, name: str) -> dict[str, str]:
        current = self.wanted.sort == name
        turned = current and not self.wanted.descending
        aria = ("descending" if self.wanted.descending else "ascending") if current else ""
        return {"url": self.of(sort=name, descending=turned), "aria": aria}


def heads(addresses: Addresses, names: Iterable[str]) -> dict[str, dict[str, str]]:
    return {name: addresses.sorted_by(name) for name in names}


def chips(
    addresses: Addresses, counts: Counts, *, grades: Iterable[str], statuses: Iterable[str], words: str
) -> list[dict[str, Any]]:
    """One press for each grade, each status and what is overdue; pressed again, the filter goes."""
    wanted, language = addresses.wanted, member_words()

    def chip(name: str, value: Any, label: str, how_many: int) -> dict[str, Any]:
        on = getattr(wanted, name) == value
        changed: dict[str, Any] = {name: getattr(Wanted, name) if on else value}
        url = addresses.of(**changed)
        return {"label": capital(label), "url": url, "current": on, "count": how_many}

    found = [chip("grade", one, say("grades", one, language), counts.grades.get(one, 0)) for one in grades]
    found += [chip("status", one, say(words, one, language), counts.statuses.get(one, 0)) for one in statuses]
    found.append(chip("overdue", True, say("lateness", "overdue", language), counts.overdue))
    return [one for one in found if one["count"] or one["current"]]


def clauses_of(engagement: Engagement) -> list[dict[str, str]]:
    standard = catalogue.find(engagement.standard)
    return [{"key": one.number, "label": f"{one.number} {one.title}"} for one in standard.clauses()]


def pages(addresses: Addresses, page: int, total: int, shown: int) -> dict[str, Any]:
    last, first = ceil(total / PER_PAGE) or 1, (page - 1) * PER_PAGE
    return {
        "page": page,
        "pages": last,
        "total": total,
        "first": first + 1 if shown else 0,
        "last": first + shown if shown else 0,
        "previous_url": addresses.of(page=page - 1) if page > 1 else None,
        "next_url": addresses.of(page=page + 1) if page < last else None,
    }


def kept_filters(list_name: str) -> list[Any]:
    return [] if behind_glass() else saved_filters.of_member(me(), list_name)


def as_chips(kept: list[Any], addresses: Addresses) -> list[dict[str, Any]]:
    current = urlencode(query_of(addresses.wanted))
    return [
        {
            "name": one.name,
            "is_default": one.is_default,
            "current": one.query == current,
            "url": url_for(
                addresses.endpoint,
                engagement=addresses.engagement.id,
                **(dict(parse_qsl(one.query)) | ({"view": addresses.view} if addresses.view else {})),
            ),
        }
        for one in kept
    ]


def default_query(kept: list[Any]) -> dict[str, Any] | None:
    """The member's own beginning, where the address asks for nothing."""
    if request.args:
        return None
    return next((dict(parse_qsl(one.query)) for one in kept if one.is_default and one.query), None)


def marks(values: Iterable[str]) -> list[tuple[UUID, int]]:
    """Marked rows with the revision each was shown at, as id:revision; what is not such a thing was never offered."""
    found = []
    for value in values:
        key, _colon, revision = value.partition(":")
        try:
            found.append((UUID(key), int(revision)))
        except ValueError:
            continue
    return found


def filter_words(wanted: Wanted) -> str:
    """What a filter that gets no name of its own would be called."""
    language, parts = member_words(), []
    if wanted.grade:
        parts.append(str(say("grades", wanted.grade, language)))
    if wanted.overdue:
        parts.append(str(say("lateness", "overdue", language)))
    if wanted.clause:
        parts.append(_("clause %(number)s", number=wanted.clause))
    parts += [one for one in (wanted.owner, wanted.text) if one]
    return capital(", ".join(parts))[:40]


def offered(group: str) -> tuple[str, ...]:
    return tuple(key for key, _word in choices(group))
