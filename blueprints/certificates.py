"""Certificates of a client, and the certification calendar: of one client, and of everybody in reach."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from blueprints.clashes import clashed
from blueprints.forms import choice, day, line, note, revision_seen, typed
from blueprints.guards import requires
from blueprints.identity import me, restricted_to
from blueprints.page import capital, member_words
from blueprints.refusals import say_refusal
from consultancy import certification
from consultancy.actions import certificates as acting
from consultancy.actions.clients import ChangedMeanwhile
from consultancy.calendar import today
from consultancy.models.certificate import Certificate
from consultancy.models.client import Client
from consultancy.queries import certificates, clients
from consultancy.queries.certificates import Dated
from consultancy.standards.words import choices, say
from tenants.database import transaction
from tenants.permissions import Permission
from tenants.refusal import NotValid

bp = Blueprint("certificates", __name__)

PER_PAGE = 100
KINDS = ("stage_1", "stage_2", "second_year", "third_year", "fourth_year", "next_audit", "expiry", "apply")


class CertificateForm(FlaskForm):
    standard = choice(_l("Standard"), lambda: choices("certificate_standards", member_words()))
    title = line(_l("Name of the other standard"), longest=60, description=_l("Only where it is another one."))
    standing = choice(_l("Standing"), lambda: choices("certificate_standings", member_words()))
    registrar = line(_l("Registrar"), description=_l("Who issues it: a certification body, or IHSA for COR 2020."))
    accreditation = line(
        _l("Accreditation"),
        longest=60,
        description=_l("The mark on it, as SCC: buyers look for one the IAF recognises."),
    )
    number = line(_l("Number"), longest=60)
    scope = note(_l("Scope"), description=_l("Work and sites, in the words of the certificate."), longest=2000)
    issued_on = day(_l("Issued on"))
    expires_on = day(_l("Expires on"))
    stage_1_on = day(_l("Stage 1 on"))
    stage_2_on = day(_l("Stage 2 on"))
    lead_auditor = line(
        _l("Lead auditor"), longest=160, description=_l("Name, body and number of registration; verify it first.")
    )
    audit_on = day(_l("Last day of the audit"), description=_l("The audit that the certificate rests on."))
    audit_closed_on = day(
        _l("Audit closed on"), description=_l("All issues corrected to the lead auditor’s satisfaction.")
    )
    second_year_on = day(
        _l("First surveillance held on"), description=_l("For COR the internal audit of year 2.")
    )
    third_year_on = day(
        _l("Second surveillance held on"), description=_l("For COR the internal audit of year 3.")
    )
    further_on = day(
        _l("Further surveillance held on"), description=_l("Each calendar year has one, so three years may see three.")
    )
    fourth_year_on = day(
        _l("Recertification audit held on"), description=_l("For COR the external audit of year 4.")
    )
    next_audit_on = day(_l("Next audit agreed for"))
    note = note(_l("Note"), description=_l("For the consultancy only."))
    revision = revision_seen()


FIELD_OF: dict[type[NotValid], str] = {
    acting.NameMissing: "title",
    acting.IssueMissing: "issued_on",
    acting.IssuedInFuture: "issued_on",
    acting.ExpiresBeforeIssue: "expires_on",
    acting.StagesOutOfOrder: "stage_2_on",
    acting.ClosedBeforeAudit: "audit_closed_on",
    acting.ClosedAfterApplication: "audit_closed_on",
    acting.YearsOutOfOrder: "second_year_on",
    acting.Overlapping: "issued_on",
}


@bp.get("/certification")
@requires(Permission.CLIENT_READ)
def calendar():
    day_now, wanted = today(), filters()
    every = certificates.dated(certificates.everywhere(restricted_to()), day_now)
    found = [each for each in every if fits(each, wanted, day_now)]
    return render_template(
        "certificates/calendar.html",
        rows=[shown(each, day_now) for each in found[:PER_PAGE]],
        more=max(0, len(found) - PER_PAGE),
        wanted=wanted,
        people=sorted({(str(each.certificate.client_id), each.certificate.client.name) for each in every}, key=by_name),
        kinds=[(key, capital(say("certification_kinds", key, member_words()))) for key in KINDS],
        states=[(key, capital(say("certification_states", key, member_words()))) for key in certification.STATES],
        owed=certificates.owed(every, day_now),
    )


@bp.get("/clients/<uuid:client>/certificates")
@requires(Permission.CLIENT_READ, client=clients.find)
def index(client):
    kept, day_now = certificates.of_client(client), today()
    return render_template(
        "certificates/index.html",
        client=client,
        certificates=[described(one, day_now) for one in kept],
        rows=[shown(each, day_now) for each in certificates.dated(kept, day_now)],
    )


@bp.get("/clients/<uuid:client>/certificates/new")
@requires(Permission.CLIENT_WRITE, client=clients.find)
def new(client):
    form = CertificateForm(formdata=None, data={"standing": "in_force", "revision": "0"})
    return render_template("certificates/form.html", client=client, certificate=None, form=form)


@bp.post("/clients/<uuid:client>/certificates")
@requires(Permission.CLIENT_WRITE, client=clients.find)
def create(client):
    form = CertificateForm()
    if form.validate_on_submit():
        try:
            with transaction():
                acting.add_certificate(client, today=today(), by=me(), **typed(form))
        except NotValid as refusal:
            mark(form, refusal)
        else:
            flash(_("The certificate was recorded. Its days stand in the calendar."), "good")
            return redirect(url_for(".index", client=client.id), 303)
    return render_template("certificates/form.html", client=client, certificate=None, form=form), 422


@bp.get("/clients/<uuid:client>/certificates/<uuid:certificate>")
@requires(Permission.CLIENT_READ, client=clients.find, certificate=certificates.find)
def edit(client, certificate):
    of(client, certificate)
    form = CertificateForm(formdata=None, obj=certificate)
    return render_template("certificates/form.html", client=client, certificate=certificate, form=form)


@bp.post("/clients/<uuid:client>/certificates/<uuid:certificate>")
@requires(Permission.CLIENT_WRITE, client=clients.find, certificate=certificates.find)
def update(client, certificate):
    of(client, certificate)
    form = CertificateForm()
    if form.validate_on_submit():
        try:
            with transaction():
                acting.change_certificate(
                    certificate, revision=int(form.revision.data), today=today(), by=me(), **typed(form)
                )
        except ChangedMeanwhile as refusal:
            clash = clashed(form, CertificateForm(formdata=None, obj=certificate), typed(form))
            page = {"client": client, "certificate": certificate, "form": form, "clash": clash}
            return render_template("certificates/form.html", **page), refusal.status
        except NotValid as refusal:
            mark(form, refusal)
        else:
            flash(_("The certificate was saved."), "good")
            return redirect(url_for(".index", client=client.id), 303)
    return render_template("certificates/form.html", client=client, certificate=certificate, form=form), 422


@bp.post("/clients/<uuid:client>/certificates/<uuid:certificate>/remove")
@requires(Permission.CLIENT_WRITE, client=clients.find, certificate=certificates.find)
def remove(client, certificate):
    of(client, certificate)
    with transaction():
        acting.remove_certificate(certificate, by=me())
    flash(_("The certificate was removed."), "good")
    return redirect(url_for(".index", client=client.id), 303)


def of(client: Client, row: Any) -> None:
    if row.client_id != client.id:
        abort(404)


def mark(form: FlaskForm, refusal: NotValid) -> None:
    name = refusal.args[0] if isinstance(refusal, acting.HeldInFuture) else FIELD_OF[type(refusal)]
    form[name].errors = [say_refusal(refusal)]


def filters() -> dict[str, str]:
    """What nobody can mean is left out: a wrong address shows more, never an error."""
    asked = {name: request.args.get(name, "") for name in ("client", "kind", "state")}
    return {
        "client": asked["client"] if is_id(asked["client"]) else "",
        "kind": asked["kind"] if asked["kind"] in KINDS else "",
        "state": asked["state"] if asked["state"] in certification.STATES else "",
    }


def is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def by_name(one: tuple[str, str]) -> tuple[str, str]:
    return one[1].casefold(), one[0]


def fits(each: Dated, wanted: dict[str, str], day_now: date) -> bool:
    """Without a state asked for, what was done long ago stays out of the way."""
    state = each.event.state(day_now)
    return (
        wanted["client"] in ("", str(each.certificate.client_id))
        and wanted["kind"] in ("", each.event.key)
        and (state == wanted["state"] if wanted["state"] else state in certification.OPEN)
    )


def name_of(certificate: Certificate) -> str:
    return certificate.title or capital(say("certificate_standards", certificate.standard, member_words()))


def shown(each: Dated, day_now: date) -> dict[str, Any]:
    certificate, event, words = each.certificate, each.event, member_words()
    rule, evidence = event.rule, event.evidence
    return {
        "client": certificate.client.name,
        "certificate": name_of(certificate),
        "number": certificate.number,
        "what": rule.what[words] if rule else capital(say("certification_kinds", event.key, words)),
        "note": rule.note[words] if rule else "",
        "source": rule.source if rule else "",
        "certainty": capital(say("course_certainties", rule.certainty, words)) if rule else "",
        "due": event.due,
        "done_on": event.done_on,
        "late": event.late,
        "since": event.since,
        "evidence": evidence.note[words] if evidence else "",
        "state": event.state(day_now),
        "url": url_for("certificates.edit", client=certificate.client_id, certificate=certificate.id),
    }


def described(certificate: Certificate, day_now: date) -> dict[str, Any]:
    expired = certificate.expires_on is not None and certificate.expires_on < day_now
    return {
        "name": name_of(certificate),
        "number": certificate.number,
        "registrar": certificate.registrar,
        "scope": certificate.scope,
        "issued_on": certificate.issued_on,
        "expires_on": certificate.expires_on,
        "standing": "expired" if expired and certificate.standing == "in_force" else certificate.standing,
        "url": url_for("certificates.edit", client=certificate.client_id, certificate=certificate.id),
    }
