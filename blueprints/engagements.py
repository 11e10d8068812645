"""Engagements: opened for a client, moved through their stages, overlooked on one page."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.forms import choice, day, line, note, typed, uuid_or_none
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.overview import overview
from blueprints.page import member_words
from blueprints.refusals import say_refusal
from blueprints.report_texts import TextsForm, scope_page, texts_form, texts_of
from consultancy.actions import engagements as acting
from consultancy.calendar import today
from consultancy.queries import clients, engagements
from consultancy.standards import catalogue
from consultancy.standards.words import choices
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("engagements", __name__)

SOON = timedelta(days=14)
KINDS = ("gap_analysis", "program_development", "pre_audit")


class EngagementForm(FlaskForm):
    kind = choice(_l("Kind"), lambda: [pair for pair in choices("engagements", member_words()) if pair[0] in KINDS])
    title = line(_l("Title"), required=True)
    standard = choice(_l("Standard"), lambda: [(one.key, one.full_name) for one in catalogue.offered()])
    language = choice(_l("Language of the deliverables"), lambda: (("en", "English"), ("fr", "Français")))
    lead = choice(
        _l("Lead"), lambda: [(str(member.id), member.name) for member in engagements.staff()], empty=_l("Nobody yet")
    )
    opened_on = day(_l("Opened on"), required=True)
    kick_off_on = day(_l("Kick-off"))
    site_visit_from = day(_l("Site visit from"))
    site_visit_to = day(_l("Site visit to"))
    report_due_on = day(_l("Report due"))
    audit_window = line(
        _l("Planned audit"), longest=60, description=_l("For example: Q2 2027. A partner with consent sees it.")
    )
    independence_note = note(
        _l("Independence"),
        description=_l("Who consulted or wrote the system, and who audits now. Printed in a pre-audit report."),
    )
    sites = SelectMultipleField(
        _l("Sites in scope"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=True
    )


@bp.get("/clients/<uuid:client>/engagements/new")
@requires(Permission.ENGAGEMENT_WRITE, client=clients.find)
def new(client):
    form = EngagementForm(formdata=None, data={"opened_on": today(), "language": client.language})
    offer_sites(form, client)
    return render_template("engagements/form.html", client=client, form=form)


@bp.post("/clients/<uuid:client>/engagements")
@requires(Permission.ENGAGEMENT_WRITE, client=clients.find)
def create(client):
    form = EngagementForm()
    sites = offer_sites(form, client)
    if form.validate_on_submit():
        fields = typed(form, "lead", "sites")
        lead = next((member for member in engagements.staff() if member.id == uuid_or_none(form.lead.data)), None)
        try:
            with transaction():
                engagement = acting.open_engagement(
                    client,
                    by=me(),
                    lead=lead,
                    lead_reason=fields["independence_note"],
                    sites=[site for site in sites if str(site.id) in form.sites.data],
                    **fields,
                )
        except acting.NotIndependent as refusal:
            form.independence_note.errors = [say_refusal(refusal)]
        except acting.DatesReversed:
            form.site_visit_to.errors = [_("The visit cannot end before it begins.")]
        else:
            flash(_("The engagement is open."), "good")
            return redirect(url_for(".show", engagement=engagement.id), 303)
    return render_template("engagements/form.html", client=client, form=form), 422


@bp.get("/engagements/<uuid:engagement>")
@requires(Permission.ENGAGEMENT_READ, engagement=engagements.find)
def show(engagement):
    return render_template(
        "engagements/show.html",
        engagement=engagement,
        client=engagement.client,
        today=today(),
        soon=today() + SOON,
        **overview(engagement),
    )


@bp.post("/engagements/<uuid:engagement>/finish-stage")
@requires(Permission.ENGAGEMENT_WRITE, engagement=engagements.find)
def finish_stage(engagement):
    with transaction():
        acting.finish_stage(engagement, stage=request.form.get("stage", ""), on=today(), by=me())
    return redirect(url_for(".show", engagement=engagement.id), 303)


@bp.get("/engagements/<uuid:engagement>/texts")
@requires(Permission.ENGAGEMENT_WRITE, engagement=engagements.find)
def scope(engagement):
    return scope_page(engagement, texts_form(engagement))


@bp.post("/engagements/<uuid:engagement>/texts")
@requires(Permission.ENGAGEMENT_WRITE, engagement=engagements.find)
def save_scope(engagement):
    form = TextsForm()
    if not form.validate_on_submit():
        return scope_page(engagement, form), 422
    with transaction():
        acting.type_texts(engagement, texts=texts_of(form), revision=int(form.revision.data), by=me())
    flash(_("Saved. The next report quotes these texts as they stand."), "good")
    return redirect(url_for(".show", engagement=engagement.id), 303)


def offer_sites(form: EngagementForm, client: clients.Client) -> list[clients.Site]:
    sites = clients.sites(client)
    form.sites.choices = [(str(site.id), site.name) for site in sites]
    form.sites.data = form.sites.data or []
    return sites
