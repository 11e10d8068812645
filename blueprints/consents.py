"""Which partners may see how far an engagement is; its employer consents, the consultancy writes it down."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField

from blueprints.forms import day, line
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.refusals import say_refusal
from consultancy.actions import members as acting
from consultancy.actions.members import ExpiresTooEarly, NoSuchPartner
from consultancy.calendar import today
from consultancy.models.engagement import Engagement
from consultancy.queries import engagements, members
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("consents", __name__)


class ConsentForm(FlaskForm):
    partner = line(
        _l("Partner"),
        required=True,
        longest=254,
        description=_l("Its name as it is known here, or the email of somebody there."),
    )
    show_employer = BooleanField(_l("The partner sees the employer's name"))
    reference = line(
        _l("Reference"), required=True, longest=40, description=_l("What the partner sees in place of the name.")
    )
    expires_on = day(_l("Until"), required=True)


@bp.get("/engagements/<uuid:engagement>/consents")
@requires(Permission.MEMBER_WRITE, engagement=engagements.find)
def index(engagement):
    return page_of(engagement, ConsentForm(formdata=None))


@bp.post("/engagements/<uuid:engagement>/consents")
@requires(Permission.MEMBER_WRITE, engagement=engagements.find)
def grant(engagement):
    form = ConsentForm()
    if not form.validate_on_submit():
        return page_of(engagement, form), 422
    try:
        with transaction():
            acting.grant_consent(
                engagement,
                partner=form.partner.data,
                show_employer=form.show_employer.data,
                reference=form.reference.data,
                expires_on=form.expires_on.data,
                by=me(),
                today=today(),
            )
    except NoSuchPartner as refusal:
        form.partner.errors = [say_refusal(refusal)]
        return page_of(engagement, form), 422
    except ExpiresTooEarly as refusal:
        form.expires_on.errors = [say_refusal(refusal)]
        return page_of(engagement, form), 422
    flash(_("The partner sees the engagement on its board."), "good")
    return redirect(url_for(".index", engagement=engagement.id), 303)


@bp.post("/consents/<uuid:consent>/revoke")
@requires(Permission.MEMBER_WRITE, consent=members.find_consent)
def revoke(consent):
    engagement_id = consent.engagement_id
    with transaction():
        acting.revoke_consent(consent, by=me(), today=today())
    flash(_("The partner no longer sees the engagement."), "good")
    return redirect(url_for(".index", engagement=engagement_id), 303)


def page_of(engagement: Engagement, form: ConsentForm) -> str:
    rows: list[dict[str, Any]] = [
        {
            "id": consent.id,
            "partner": name,
            "reference": consent.reference,
            "show_employer": consent.show_employer,
            "granted_on": consent.granted_on,
            "expires_on": consent.expires_on,
            "revoked_on": consent.revoked_on,
            "over": consent.revoked_on is not None or consent.expires_on < today(),
        }
        for consent, name in members.consents(engagement)
    ]
    return render_template("consents/index.html", engagement=engagement, rows=rows, form=form)
