"""What pages say about the layout of a deliverable: how far it is, and what each page looks like."""

from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.page import may
from consultancy.models.deliverable import ISSUED, Deliverable
from consultancy.queries import deliverables
from tenants.permissions import Permission

AGAIN = ("none", "failed", "unavailable")


def preview_of(deliverable: Deliverable) -> dict[str, Any]:
    """`kind`: waits, made, bad, or quiet where there is nothing to show; `sentence` says it in words."""
    ready = deliverable.production == "ready"
    awaited = ready and deliverables.pages_awaited(deliverable)
    may_ask = bool(current_app.config["OFFICE"]) and may(Permission.DELIVERABLE_WRITE)
    return {
        "awaited": awaited,
        "made": deliverable.preview == "made",
        "count": deliverable.page_count or 0,
        "kind": "waits" if awaited else {"made": "made", "failed": "bad"}.get(deliverable.preview, "quiet"),
        "sentence": sentence_of(deliverable, awaited=awaited),
        "pdf": deliverable.pdf_key is not None,
        "again": ready and deliverable.preview in AGAIN and may_ask,
    }


def sentence_of(deliverable: Deliverable, *, awaited: bool) -> str:
    if awaited:
        return _("It is written. Its pages are being counted, and pictures of them are made.")
    no_numbers = _("Its contents lead to the headings and carry no page numbers; Word adds them with F9.")
    if deliverable.preview == "made":
        return ngettext("%(num)s page", "%(num)s pages", deliverable.page_count or 0)
    if deliverable.preview == "failed":
        return " ".join((_("The preview could not be made: %(why)s.", why=deliverable.preview_failure), no_numbers))
    if deliverable.preview == "unavailable":
        return " ".join((_("There is no LibreOffice here to count its pages: no PDF and no pictures."), no_numbers))
    if deliverable.preview == "none":
        return _("It was written before pages were counted here.")
    return " ".join((_("Its pages have not been counted yet."), no_numbers))


def pages_of(deliverable: Deliverable, notes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each pictured page with the remarks on it."""
    if deliverable.preview != "made":
        return []
    return [
        {
            "number": number,
            "url": url_for("previews.page", deliverable=deliverable.id, number=number),
            "alt": _("Page %(number)s of %(count)s", number=number, count=deliverable.page_count),
            "notes": [one for one in notes if one["page"] == number],
            "remark_url": url_for("deliverables.show", deliverable=deliverable.id, page=number, _anchor="remark-form"),
        }
        for number in deliverables.pictured_pages(deliverable)
    ]


def steps_of(deliverable: Deliverable, *, approved_at: str, needs_approval: bool) -> list[tuple[str, Any, bool]]:
    """Every step on the way to the client: its word, when it was taken, whether it was."""
    released = deliverable.standing in ISSUED
    written = deliverable.production == "ready"
    steps: list[tuple[str, Any, bool]] = [
        (_("Requested"), deliverable.requested_at, written or deliverable.production in ("writing", "failed")),
        (_("Written"), deliverable.ready_at, written),
    ]
    if deliverable.preview == "made" or deliverables.pages_awaited(deliverable):
        steps.append((_("Pages counted"), deliverable.previewed_at, deliverable.preview == "made"))
    if needs_approval or deliverable.standing == "approved" or approved_at:
        approved = released or deliverable.standing == "approved"
        steps.append((_("Approved"), approved_at if approved else "", approved))
    steps.append((_("Released"), deliverable.released_at, released))
    return steps
