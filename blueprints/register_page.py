"""What the pages of the register show of a document: its line on the master list, its standing, what overtook it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from blueprints.forms import clean
from blueprints.page import capital, member_words
from consultancy import law_changes
from consultancy.calendar import today
from consultancy.duties import DUTIES
from consultancy.models.engagement import Engagement
from consultancy.models.register_entry import RegisterEntry
from consultancy.program_documents import DOCUMENTS, ProgramDocument
from consultancy.queries import document_events
from consultancy.queries.document_events import LOOKED_AT
from consultancy.standards import catalogue
from consultancy.standards.words import choices, say
from tenants.limits import NAME_CHARACTERS

SHOWN = ("overdue", "look_again", "not_approved", "not_consulted")


@dataclass(frozen=True)
class Line:
    """A document of the register with all that the master list says of it."""

    document: ProgramDocument
    entry: RegisterEntry
    last: dict[str, date]
    deliverable: Any
    overtaken: list[law_changes.LawChange]

    @property
    def overdue(self) -> bool:
        return review_overdue(self.entry)

    def fits(self, show: str) -> bool:
        needed = self.entry.state != "not_needed"
        return {
            "overdue": self.overdue,
            "look_again": bool(self.overtaken),
            "not_approved": needed and "approval" not in self.last,
            "not_consulted": needed and "consultation" not in self.last,
        }.get(show, True)


def review_overdue(entry: RegisterEntry) -> bool:
    return entry.state != "not_needed" and entry.review_due is not None and entry.review_due < today()


def looked_at(entry: RegisterEntry, last: dict[str, date]) -> date | None:
    """When somebody last read the whole document: its own date, an approval or a review."""
    return max((day for day in (entry.dated, *(last.get(kind) for kind in LOOKED_AT)) if day), default=None)


def changes_for(engagement: Engagement) -> tuple[law_changes.LawChange, ...]:
    standard = catalogue.find(engagement.standard)
    client = engagement.client
    return law_changes.concerning(
        jurisdiction=client.jurisdiction, sector=client.sector, standard=standard.based_on or standard.key
    )


def overtaken(
    entry: RegisterEntry, last: dict[str, date], among: tuple[law_changes.LawChange, ...]
) -> list[law_changes.LawChange]:
    return law_changes.overtaken(
        entry.document, state=entry.state, looked_at=looked_at(entry, last), on=today(), among=among
    )


def lines_of(engagement: Engagement, entries: dict[str, RegisterEntry]) -> list[Line]:
    """In the order of the program. Two statements, whatever the size of the register."""
    if not entries:
        return []
    last, written = document_events.latest(engagement), document_events.deliverables(engagement)
    among = changes_for(engagement)
    return [
        Line(
            document=document,
            entry=entries[document.code],
            last=last.get(document.code, {}),
            deliverable=written.get(document.code),
            overtaken=overtaken(entries[document.code], last.get(document.code, {}), among),
        )
        for document in DOCUMENTS
        if document.code in entries
    ]


def wanted() -> dict[str, Any]:
    """The filter in the address; what is not offered there counts as none."""
    state, show = request.args.get("state", ""), request.args.get("show", "")
    found = {
        "state": state if state in dict(choices("register")) else "",
        "show": show if show in SHOWN else "",
        "text": clean(request.args.get("text", ""))[:NAME_CHARACTERS],
    }
    return {name: value for name, value in found.items() if value}


def fits(line: Line, filters: dict[str, Any]) -> bool:
    words = filters.get("text", "").casefold()
    entry = line.entry
    said = (line.document.code, line.document.title(member_words()), entry.number, entry.approver, entry.note)
    return (
        filters.get("state", entry.state) == entry.state
        and line.fits(filters.get("show", ""))
        and any(words in one.casefold() for one in said)
    )


def chips(engagement: Engagement, lines: list[Line], filters: dict[str, Any]) -> list[dict[str, Any]]:
    """Every filter with how many documents it leaves; a chip pressed again takes its filter away."""
    by_state = [("state", key, capital(word)) for key, word in choices("register", member_words())]
    labels = {
        "overdue": _("Review overdue"),
        "look_again": _("Look at it again"),
        "not_approved": _("No approval on record"),
        "not_consulted": _("No consultation on record"),
    }
    found = []
    for name, key, label in [*by_state, *(("show", key, labels[key]) for key in SHOWN)]:
        current = filters.get(name) == key
        other: dict[str, Any] = {kept: value for kept, value in filters.items() if kept != name} | (
            {} if current else {name: key}
        )
        count = sum(fits(line, {name: key}) for line in lines)
        url = url_for("register.index", engagement=engagement.id, **other)
        found.append({"label": label, "count": count, "current": current, "url": url})
    return found


def change_shown(change: law_changes.LawChange) -> dict[str, Any]:
    words = member_words()
    return {
        "what": change.what[words],
        "since": change.since or _("not known yet"),
        "open": change.left_open[words],
        "duties": [one.title[words] for one in DUTIES if one.key in change.duties],
        "source": change.source,
        "certainty": say("certainties", change.certainty, words),
    }
