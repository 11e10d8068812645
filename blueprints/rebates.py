"""What the WSIB may pay back to a client: the outlook with its working, the premiums, and what nobody publishes."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DecimalField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from blueprints.forms import choice, day, line, typed
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import capital, member_words
from blueprints.refusals import say_refusal
from consultancy import rebates as rules
from consultancy.actions import premiums as acting
from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.models.premium import OwnPremiumBand, Premium
from consultancy.queries import clients, premiums
from consultancy.reports import rebate_sheet
from consultancy.reports.rebate_words import dollars
from consultancy.standards import rebate_rules as tables
from consultancy.standards.words import choices, say
from tenants.database import transaction
from tenants.permissions import Permission
from tenants.refusal import NotValid

bp = Blueprint("rebates", __name__)

MOST = Decimal("999999999.99")
FIELD_OF: dict[type[NotValid], str] = {
    rules.PremiumNotPositive: "amount",
    rules.ScheduleTwo: "amount",
    acting.PremiumYearUnlikely: "year",
    acting.AmountNotPositive: "amount",
    acting.BandTurned: "highest",
    acting.BandsOverlap: "lowest",
    acting.SourceMissing: "source",
    acting.SeenInFuture: "seen_on",
}


def in_dollars(label: Any, **options: Any) -> DecimalField:
    """Dollars and cents; whether it is more than nothing is the field's question."""
    within = NumberRange(-MOST, MOST, message=_l("An amount in dollars, below a thousand millions."))
    return DecimalField(label, [InputRequired(_l("This is needed.")), within], places=2, **options)


def whole_dollars(label: Any, *, required: bool, **options: Any) -> IntegerField:
    within = NumberRange(1, 999_999_999, message=_l("Whole dollars, from 1 on."))
    presence = InputRequired(_l("This is needed.")) if required else Optional()
    return IntegerField(label, [presence, within], **options)


class PremiumForm(FlaskForm):
    year = IntegerField(_l("Year"), [InputRequired(_l("This is needed."))])
    amount = in_dollars(_l("Premiums in dollars"), description=_l("Of the whole year, as the WSIB’s statement says."))
    predictability = choice(
        _l("Predictability"),
        lambda: choices("predictabilities", member_words()),
        description=_l("How far the employer’s own claims foretell its rate; the old rule asks."),
    )


class SoseForm(FlaskForm):
    program_year = choice(_l("Program year"), lambda: [(str(one), str(one)) for one in acting.PROGRAM_YEARS])
    amount = in_dollars(_l("Amount in dollars"))
    source = line(_l("Source"), longest=200, description=_l("A letter, a call, a page: where the amount was said."))
    seen_on = day(_l("Read on"), required=True)


class BandForm(FlaskForm):
    lowest = whole_dollars(_l("Premiums from"), required=True)
    highest = whole_dollars(_l("Premiums to"), required=False, description=_l("Empty: from there on."))
    amount = in_dollars(_l("Dollars for a topic"))
    source = line(_l("Source"), longest=200, description=_l("Document and page."))
    seen_on = day(_l("Read on"), required=True)


@bp.get("/clients/<uuid:client>/rebates")
@requires(Permission.REBATE_READ, client=clients.find)
def show(client):
    return page_of(client)


@bp.post("/clients/<uuid:client>/premiums")
@requires(Permission.REBATE_WRITE, client=clients.find)
def enter_premium(client):
    form = PremiumForm()
    if form.validate_on_submit():
        try:
            with transaction():
                acting.enter_premium(client, today=today(), by=me(), **typed(form))
        except NotValid as refusal:
            mark(form, refusal)
        else:
            flash(_("The premiums were saved. The outlook follows them."), "good")
            return redirect(url_for(".show", client=client.id), 303)
    return page_of(client, premium=form), 422


@bp.post("/clients/<uuid:client>/premiums/<uuid:premium>/remove")
@requires(Permission.REBATE_WRITE, client=clients.find, premium=premiums.find_premium)
def remove_premium(client, premium):
    of(client, premium.client_id)
    with transaction():
        acting.remove_premium(premium, by=me())
    flash(_("The premiums were removed."), "good")
    return redirect(url_for(".show", client=client.id), 303)


@bp.post("/clients/<uuid:client>/sose-amounts")
@requires(Permission.REBATE_WRITE, client=clients.find)
def enter_sose(client):
    form = SoseForm(prefix="sose-")
    if form.validate_on_submit():
        try:
            with transaction():
                said = typed(form, "program_year") | {"program_year": int(form.program_year.data)}
                acting.enter_sose_amount(client, today=today(), by=me(), **said)
        except NotValid as refusal:
            mark(form, refusal)
        else:
            flash(_("The amount was saved with its source."), "good")
            return redirect(url_for(".show", client=client.id), 303)
    return page_of(client, sose=form), 422


@bp.post("/clients/<uuid:client>/sose-amounts/<uuid:sose_amount>/remove")
@requires(Permission.REBATE_WRITE, client=clients.find, sose_amount=premiums.find_sose_amount)
def remove_sose(client, sose_amount):
    of(client, sose_amount.client_id)
    with transaction():
        acting.remove_sose_amount(sose_amount, by=me())
    flash(_("The amount was removed: it is open again."), "good")
    return redirect(url_for(".show", client=client.id), 303)


@bp.get("/premium-bands")
@requires(Permission.REBATE_READ)
def bands():
    return bands_page(BandForm(formdata=None))


@bp.post("/premium-bands")
@requires(Permission.REBATE_WRITE)
def enter_band():
    form = BandForm()
    if form.validate_on_submit():
        try:
            with transaction():
                said = typed(form, "amount") | {"per_topic": form.amount.data}
                acting.enter_band(today=today(), by=me(), **said)
        except NotValid as refusal:
            mark(form, refusal)
        else:
            flash(_("The band was saved. Outlooks use it from now on."), "good")
            return redirect(url_for(".bands"), 303)
    return bands_page(form), 422


@bp.post("/premium-bands/<uuid:band>/remove")
@requires(Permission.REBATE_WRITE, band=premiums.find_band)
def remove_band(band):
    with transaction():
        acting.remove_band(band, by=me())
    flash(_("The band was removed: it is not known again."), "good")
    return redirect(url_for(".bands"), 303)


def of(client: Client, owner: Any) -> None:
    if owner != client.id:
        abort(404)


def mark(form: FlaskForm, refusal: NotValid) -> None:
    """Put the sentence of a refusal beside the field it is about."""
    form[FIELD_OF[type(refusal)]].errors = [say_refusal(refusal)]


def page_of(client: Client, *, premium: PremiumForm | None = None, sose: SoseForm | None = None) -> str:
    words, entered, on = member_words(), premiums.of_client(client), day_asked()
    chosen = next((one for one in entered if str(one.year) == request.args.get("year")), next(iter(entered), None))
    begun = {"year": today().year - 1, "predictability": rules.UNKNOWN}
    return render_template(
        "rebates/show.html",
        client=client,
        outlook=rebate_sheet.rebate_fields(client, chosen, on, words) if chosen else None,
        chosen=chosen,
        band_wanted=chosen is not None and premiums.wants_a_band(client, chosen, on),
        on=on,
        second_schedule=client.wsib_schedule == rules.SCHEDULE_2,
        premiums=[premium_row(one) for one in entered],
        amounts=[
            {"year": one.program_year, "amount": dollars(one.amount, words), "source": one.source,
             "url": url_for(".remove_sose", client=client.id, sose_amount=one.id)}
            for one in premiums.sose_amounts(client)
        ],
        premium_form=premium or PremiumForm(formdata=None, data=begun),
        sose_form=sose or SoseForm(formdata=None, prefix="sose-"),
    )  # fmt: skip


def day_asked() -> date:
    """The day the outlook is for; what is no day means today."""
    try:
        asked = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return today()
    return asked if 2019 <= asked.year <= 2100 else today()


def premium_row(one: Premium) -> dict[str, Any]:
    words = member_words()
    return {
        "year": one.year,
        "amount": dollars(one.amount, words),
        "predictability": capital(say("predictabilities", one.predictability, words)),
        "by": one.by.name if one.by else "",
        "at": one.entered_at,
        "url": url_for(".remove_premium", client=one.client_id, premium=one.id),
    }


def as_known(one: tables.Rule, bound: date | None) -> str:
    """A day as far as it is known: a month, a year."""
    return bound.strftime({"month": "%Y-%m", "year": "%Y"}.get(one.precision, "%Y-%m-%d")) if bound else ""


def band_words(one: tables.Band | OwnPremiumBand, words: str) -> dict[str, str]:
    """From where to where, as amounts are said everywhere; no end where there is none."""
    return {
        "lowest": dollars(Decimal(one.lowest), words),
        "highest": dollars(Decimal(one.highest), words) if one.highest else "",
    }


def bands_page(form: BandForm) -> str:
    words = member_words()
    return render_template(
        "rebates/bands.html",
        form=form,
        shipped=[
            band_words(one, words) | {"amount": dollars(one.per_topic, words),
             "source": rebate_sheet.sourced(one.source, one.certainty, words), "since": one.since}
            for one in tables.BANDS
        ],
        own=[
            band_words(one, words) | {"amount": dollars(one.per_topic, words),
             "source": one.source, "seen_on": one.seen_on, "by": one.by.name if one.by else "",
             "url": url_for(".remove_band", band=one.id)}
            for one in premiums.own_bands()
        ],
        rules=[
            {"name": one.key, "rule": one.rule, "value": one.value, "since": as_known(one, one.since),
             "until": as_known(one, one.until),
             "source": rebate_sheet.sourced(one.source, one.certainty, words)}
            for one in tables.RULES
        ],
    )  # fmt: skip
