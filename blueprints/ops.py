"""The operator's pages: the consultancies as a whole, never what is in them, unless a glass is broken."""

from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import HiddenField

from blueprints.forms import choice, line, note, uuid_or_none
from blueprints.guards import first_segments, requires
from blueprints.invitation import letter as letter_of_invitation
from blueprints.refusals import say_refusal
from blueprints.trail_words import PLATFORM, VERBS
from consultancy.calendar import clock, today
from tenants import founding, invitations, messages, platform, sign_ins
from tenants.database import tenant_session, transaction
from tenants.models import Tenant
from tenants.permissions import Permission, Role
from tenants.platform import BreakGlass

bp = Blueprint("ops", __name__, url_prefix="/ops")

PER_PAGE = 100


class ReasonForm(FlaskForm):
    reason = note(_l("Reason"), required=True)


class GlassForm(FlaskForm):
    consultancy = HiddenField()
    reason = note(_l("Reason"), required=True)


class FoundingForm(FlaskForm):
    name = line(_l("Name"), required=True)
    slug = line(_l("Word in its addresses"), longest=60, description=_l("Left empty, made from the name."))
    language = choice(_l("Language"), lambda: (("en", "English"), ("fr", "Français")))
    owner = line(_l("Email of the owner"), required=True, longest=254, description=_l("They are invited."))


@bp.get("")
@requires(Permission.OPS)
def index():
    rows = [
        {
            "name": one.name,
            "slug": one.slug,
            "since": clock(one.created_at)[:10],
            "suspended": one.suspended_at is not None,
            "url": url_for(".show", consultancy=one.id),
        }
        for one in platform.consultancies()
    ]
    return render_template("ops/index.html", rows=rows, glasses=own_glasses())


@bp.get("/consultancies/new")
@requires(Permission.OPS)
def new():
    return render_template("ops/new.html", form=FoundingForm(formdata=None))


@bp.post("/consultancies")
@requires(Permission.OPS)
def create():
    form = FoundingForm()
    if form.validate_on_submit():
        name, secret = form.name.data, invitations.new_secret()
        mail = letter_of_invitation(
            secret=secret, firm=name, role=Role.OWNER, client_part=None, language=form.language.data
        )
        try:
            with transaction():
                tenant, _invitation = founding.found(
                    name=name,
                    slug=form.slug.data or founding.slug_of(name),
                    language=form.language.data,
                    owner_email=form.owner.data,
                    reserved=first_segments(current_app._get_current_object()),  # type: ignore[attr-defined]
                    today=today(),
                    by=current_user.person.id,
                    **mail,
                )
        except (founding.NameTaken, founding.NotAnAddress) as refusal:
            form.slug.errors = [say_refusal(refusal)]
        except founding.NotAName as refusal:
            form.name.errors = [say_refusal(refusal)]
        except messages.BadAddress as refusal:
            form.owner.errors = [say_refusal(refusal)]
        else:
            flash(_("Founded. The owner’s invitation is on its way."), "good")
            return redirect(url_for(".show", consultancy=tenant.id), 303)
    return render_template("ops/new.html", form=form), 422


@bp.get("/consultancies/<uuid:consultancy>")
@requires(Permission.OPS, consultancy=platform.consultancy)
def show(consultancy):
    return page_of(consultancy, ReasonForm(formdata=None, prefix="suspend"), GlassForm(formdata=None))


@bp.post("/consultancies/<uuid:consultancy>/suspend")
@requires(Permission.OPS, consultancy=platform.consultancy)
def suspend(consultancy):
    form = ReasonForm(prefix="suspend")
    if not form.validate_on_submit():
        return page_of(consultancy, form, GlassForm(formdata=None)), 422
    with transaction():
        platform.suspend(consultancy, reason=form.reason.data, by=current_user.person.id)
    flash(_("Suspended. Nobody enters, and queued documents wait."), "good")
    return redirect(url_for(".show", consultancy=consultancy.id), 303)


@bp.post("/consultancies/<uuid:consultancy>/resume")
@requires(Permission.OPS, consultancy=platform.consultancy)
def resume(consultancy):
    with transaction():
        platform.resume(consultancy, by=current_user.person.id)
    flash(_("Open again."), "good")
    return redirect(url_for(".show", consultancy=consultancy.id), 303)


@bp.post("/break-glass")
@requires(Permission.OPS)
def break_glass():
    form = GlassForm()
    consultancy = chosen(form.consultancy.data) or abort(404)
    if not form.validate_on_submit():
        return page_of(consultancy, ReasonForm(formdata=None, prefix="suspend"), form), 422
    with transaction():
        platform.break_glass(
            consultancy,
            person=current_user.person,
            reason=form.reason.data,
            letter=lambda language: letter(language, consultancy, form.reason.data),
        )
    flash(_("You may read for an hour. The owner was told, and every page you open is written down."), "warn")
    return redirect(url_for("clients.index", tenant_slug=consultancy.slug), 303)


def own_glass(glass_id: UUID) -> BreakGlass | None:
    """The operator's own broken glass, in whichever consultancy it is."""
    found = [one for one in sign_ins.memberships_of(current_user.person.id) if one.id == glass_id]
    if not found or found[0].role != Role.OPERATOR:
        return None
    tenant_session().enter(found[0].tenant_id)
    return platform.find_glass(glass_id)


@bp.post("/break-glass/<uuid:glass>/close")
@requires(Permission.OPS, glass=own_glass)
def close_glass(glass):
    with transaction():
        platform.heal(glass, by=None, person_id=current_user.person.id)
    flash(_("You read no further."), "good")
    return redirect(url_for(".index"), 303)


@bp.get("/audit")
@requires(Permission.OPS)
def trail():
    page = min(max(request.args.get("page", 1, type=int), 1), 100_000)
    rows = [
        {
            "at": clock(entry.at),
            "words": PLATFORM.get(entry.verb) or VERBS.get(entry.verb, entry.verb),
            "by": operator or (_("Command line") if entry.by_person_id is None else _("Somebody who left")),
            "consultancy": name or "",
            "reason": entry.details.get("reason", ""),
        }
        for entry, operator, name in platform.trail(page=page, per_page=PER_PAGE)
    ]
    return render_template("ops/trail.html", rows=rows, page_number=page, more=len(rows) == PER_PAGE)


def page_of(consultancy: Tenant, form: ReasonForm, glass_form: GlassForm) -> str:
    glass_form.consultancy.data = str(consultancy.id)
    return render_template(
        "ops/show.html",
        consultancy=consultancy,
        since=clock(consultancy.created_at),
        suspended=clock(consultancy.suspended_at) if consultancy.suspended_at else "",
        form=form,
        glass_form=glass_form,
        glass=next((one for one in own_glasses() if one["slug"] == consultancy.slug), None),
    )


def own_glasses() -> list[dict[str, object]]:
    return [
        {
            "id": one.id,
            "name": one.tenant_name,
            "slug": one.slug,
            "url": url_for("clients.index", tenant_slug=one.slug),
        }
        for one in sign_ins.memberships_of(current_user.person.id)
        if one.role == Role.OPERATOR
    ]


def chosen(typed: str | None) -> Tenant | None:
    try:
        return platform.consultancy(uuid_or_none(typed) or UUID(int=0))
    except ValueError:
        return None


def letter(language: str, consultancy: Tenant, reason: str) -> tuple[str, str]:
    """What the owner is told, in the owner's language."""
    with force_locale(language):
        subject = _("Somebody from the platform reads %(name)s for an hour", name=consultancy.name)
        body = _(
            "%(operator)s, who runs the platform, opened %(name)s for reading, for 60 minutes.\n\n"
            "The reason given: %(reason)s\n\n"
            "Nothing can be changed this way. Every page that is opened stands in your audit trail. "
            "You can end it on the settings page of your consultancy.\n",
            operator=current_user.person.name,
            name=consultancy.name,
            reason=reason,
        )
    return subject, body
