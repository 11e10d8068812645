"""The portfolio and its clients."""

from datetime import timedelta
from math import ceil
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import IntegerField

from blueprints.forms import choice, clean, day, line, note, revision_seen, typed, whole
from blueprints.guards import requires
from blueprints.identity import me, restricted_to
from blueprints.insight import trend
from blueprints.page import capital, member_words
from consultancy.actions import clients as acting
from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.queries import certificates, clients, engagements
from consultancy.standards.words import choices, say
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("clients", __name__)

SOON = timedelta(days=14)
CLAUSES = ("4", "5", "6", "7", "8", "9", "10")


class ClientForm(FlaskForm):
    legal_name = line(_l("Legal name"), required=True, longest=160)
    trade_name = line(_l("Trade name"), description=_l("As people call it; pages show this one."))
    code = line(
        _l("Code"),
        longest=12,
        description=_l(
            "Opens every document number: 2 to 12 capitals and digits. Left empty, the first word of the name."
        ),
    )
    sector = choice(_l("Sector"), lambda: choices("sectors", member_words()), empty=_l("Not said"))
    naics_code = line(_l("NAICS code"), longest=6)
    jurisdiction = choice(_l("Jurisdiction"), lambda: choices("jurisdictions", member_words()))
    headcount = IntegerField(
        _l("People regularly employed"),
        whole(None, 0, 1_000_000),
        description=_l("Decides representative or committee, and first aid."),
    )
    participation_body = choice(
        _l("Worker participation"), lambda: choices("participation", member_words()), empty=_l("Not said")
    )
    language = choice(_l("Language of documents"), lambda: (("en", "English"), ("fr", "Français")))
    wsib_account = line(_l("WSIB account"), longest=20)
    wsib_schedule = choice(_l("WSIB schedule"), lambda: (("1", "1"), ("2", "2")), empty=_l("Not known"))
    standard_sought = line(_l("Standard sought"), longest=60)
    target_date = day(_l("Certificate wanted by"))
    note = note(_l("Note"), description=_l("For the consultancy only."))
    revision = revision_seen()


@bp.get("/clients")
@requires(Permission.CLIENT_READ)
def index():
    q = clean(request.args.get("q", ""))[:120]
    page = min(max(request.args.get("page", 1, type=int), 1), 100_000)
    rows, total = clients.portfolio(search=q, page=page, reached_by=restricted_to())
    return render_template(
        "clients/index.html",
        rows=[portfolio_row(row) for row in rows],
        q=q,
        clauses=CLAUSES,
        today=today(),
        soon=today() + SOON,
        filters=[],
        certification=certificates.owed_everywhere(today(), restricted_to()),
        facts=ngettext("%(num)s client", "%(num)s clients", total) if not q else "",
        pages=pages_of(q, page, total, len(rows)),
    )


@bp.get("/clients/new")
@requires(Permission.CLIENT_WRITE)
def new():
    return render_template("clients/form.html", client=None, form=ClientForm(formdata=None))


@bp.post("/clients")
@requires(Permission.CLIENT_WRITE)
def create():
    form = ClientForm()
    form.code.data = (form.code.data or acting.suggest_code(form.legal_name.data or "")).upper()
    if form.validate_on_submit() and good_code(form):
        try:
            with transaction():
                client = acting.add_client(by=me(), **profile(form), code=form.code.data)
        except acting.CodeTaken:
            form.code.errors = [_("Another client has this code.")]
        else:
            flash(_("The client was added. Open an engagement next."), "good")
            return redirect(url_for(".show", client=client.id), 303)
    return render_template("clients/form.html", client=None, form=form), 422


@bp.get("/clients/<uuid:client>")
@requires(Permission.CLIENT_READ, client=clients.find)
def show(client):
    rows = [
        {
            "title": one.title,
            "kind": one.kind,
            "stage_label": stage_label(one),
            "percent": one.percent,
            "lead_name": one.lead.name if one.lead else None,
            "url": url_for("engagements.show", engagement=one.id),
        }
        for one in engagements.of_client(client)
    ]
    return render_template(
        "clients/show.html",
        client=described(client),
        engagements=rows,
        sites=clients.sites(client),
        contacts=clients.contacts(client),
        trend=trend(client),
    )


@bp.get("/clients/<uuid:client>/edit")
@requires(Permission.CLIENT_WRITE, client=clients.find)
def edit(client):
    form = ClientForm(formdata=None, obj=client)
    form.wsib_schedule.data = str(client.wsib_schedule or "")
    del form.code  # document numbers are already out under it
    return render_template("clients/form.html", client=client, form=form)


@bp.post("/clients/<uuid:client>")
@requires(Permission.CLIENT_WRITE, client=clients.find)
def update(client):
    form = ClientForm()
    del form.code
    if not form.validate_on_submit():
        return render_template("clients/form.html", client=client, form=form), 422
    with transaction():
        acting.change_profile(client, revision=int(form.revision.data), by=me(), **profile(form))
    flash(_("The client was saved."), "good")
    return redirect(url_for(".show", client=client.id), 303)


def profile(form: ClientForm) -> dict[str, Any]:
    fields = typed(form, "code")
    return fields | {"wsib_schedule": int(fields["wsib_schedule"]) if fields["wsib_schedule"] else None}


def good_code(form: ClientForm) -> bool:
    if acting.CODE.fullmatch(form.code.data):
        return True
    form.code.errors = [_("2 to 12 capital letters and digits.")]
    return False


def portfolio_row(row: clients.PortfolioRow) -> dict[str, object]:
    engagement = row.engagement
    return {
        "client": described(row.client),
        "engagement": engagement,
        "stage_label": stage_label(engagement),
        "percent": engagement.percent if engagement else None,
        "open_majors": row.open_majors,
        "levels": [{"clause": number, "level": row.levels.get(number)} for number in CLAUSES] if row.levels else None,
        "next_date": row.next_date,
        "next_label": _("end of stage") if row.next_date else None,
        "lead_name": row.lead_name,
        "lead_initials": "".join(word[0] for word in (row.lead_name or "").split()[:2]).upper(),
        "url": url_for(".show", client=row.client.id),
    }


def stage_label(engagement: Engagement | None) -> str | None:
    if engagement is None:
        return None
    stage = say(f"stages_{engagement.kind}", engagement.stage, member_words())
    return _("Closed") if engagement.closed_on else capital(stage)


def described(client: Client) -> dict[str, object]:
    """A client as the lists show it: its name and one line of facts."""
    facts = [
        capital(say("sectors", client.sector, member_words())) if client.sector else "",
        _("%(n)s people", n=client.headcount) if client.headcount is not None else "",
        client.standard_sought,
    ]
    return {
        "id": client.id,
        "name": client.name,
        "line": " · ".join(fact for fact in facts if fact),
        "reference": client.code,
        "wsib_account": client.wsib_account,
    }


def pages_of(q: str, page: int, total: int, shown: int) -> dict[str, object]:
    last = ceil(total / clients.PER_PAGE) or 1
    first = (page - 1) * clients.PER_PAGE
    return {
        "page": page,
        "pages": last,
        "total": total,
        "first": first + 1 if shown else 0,
        "last": first + shown,
        "previous_url": url_for(".index", q=q or None, page=page - 1) if page > 1 else None,
        "next_url": url_for(".index", q=q or None, page=page + 1) if page < last else None,
    }
