"""One box for everything the consultancy holds: words in; clients, engagements, findings, actions, documents and
evidence out."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.forms import clean
from blueprints.guards import requires
from blueprints.identity import restricted_to
from blueprints.page import capital, member_words
from consultancy.queries import search
from consultancy.reports.wording import shortened
from consultancy.standards.words import say
from tenants.limits import NAME_CHARACTERS
from tenants.permissions import Permission

bp = Blueprint("search", __name__)

TITLE = 140  # characters of a hit


@bp.get("/search")
@requires(Permission.CLIENT_READ)
def show():
    words = clean(request.args.get("q", ""))[:NAME_CHARACTERS]
    found = search.search(words, reached_by=restricted_to())
    groups = [
        (_("Clients"), found.clients, "clients.show", "client"),
        (_("Engagements"), found.engagements, "engagements.show", "engagement"),
        (_("Findings"), found.findings, "findings.edit", "finding"),
        (_("Corrective actions"), found.corrective_actions, "corrective_actions.edit", "action"),
        (_("Deliverables"), found.deliverables, "deliverables.show", "deliverable"),
        (_("Evidence"), found.evidence, "evidence.show", "evidence"),
    ]
    return render_template(
        "search/show.html",
        q=words,
        groups=[
            {
                "label": label,
                "more": len(hits) == search.MOST,
                "rows": [
                    {
                        "label": kind_of(hit.label) if endpoint == "engagements.show" else hit.label,
                        "title": shortened(capital(hit.title), TITLE),
                        "client": hit.client,
                        "url": page_about(endpoint, name, hit),
                    }
                    for hit in hits
                ],
            }
            for label, hits, endpoint, name in groups
            if hits
        ],
    )


def page_about(endpoint: str, name: str, hit: search.Hit) -> str:
    place: dict[str, Any] = {name: hit.id}
    return url_for(endpoint, **place)


def kind_of(key: str) -> str:
    return capital(say("engagements", key, member_words()))
