"""The duties on records: how long they are kept, what is held, taking a copy along, and destroying for good."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Regexp

from blueprints.forms import choice, line, note
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import may, member_words
from consultancy.actions import retention as acting
from consultancy.calendar import clock, today
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.privacy import deletion, export, exports, retention
from consultancy.privacy.archive import COMPLETE, EMPLOYER
from consultancy.privacy.exports import Export
from consultancy.queries import clients, engagements, retained, trail
from tenants.database import transaction
from tenants.files import file_store
from tenants.limits import MEGABYTE
from tenants.permissions import Permission

bp = Blueprint("privacy", __name__)


class PeriodForm(FlaskForm):
    record_class = choice(
        _l("Records"),
        lambda: [(key, retention.CLASSES[key].name[member_words()]) for key in retention.EDITABLE],
    )
    years = IntegerField(
        _l("Kept for, in years"),
        [
            InputRequired(_l("This is needed.")),
            NumberRange(acting.SHORTEST, acting.LONGEST, _l("A whole number from %(min)s to %(max)s.")),
        ],
    )


class HoldForm(FlaskForm):
    reason = note(_l("Who asked for the hold, and why"), required=True)


class PurgeForm(FlaskForm):
    seen = HiddenField(validators=[InputRequired(), Regexp(r"[0-9a-f]{64}\Z")])


class ExportForm(FlaskForm):
    profile = choice(
        _l("For whom"),
        lambda: (
            (COMPLETE, _l("for ourselves: everything, word for word")),
            (EMPLOYER, _l("for the employer: interviews without names, released documents only")),
        ),
    )


class DeletionForm(FlaskForm):
    typed = line(_l("Type it to confirm"), required=True, longest=160)
    reason = note(_l("Reason"), required=True, description=_l("Stands on the certificate. Name no person."))


@bp.get("/settings/retention")
@requires(Permission.SETTINGS_READ)
def rules():
    return rules_page(PeriodForm(formdata=None))


@bp.post("/settings/retention")
@requires(Permission.SETTINGS_WRITE)
def set_period():
    form = PeriodForm()
    if not form.validate_on_submit():
        return rules_page(form), 422
    with transaction():
        acting.set_period(record_class=form.record_class.data, years=form.years.data, by=me())
    flash(_("The period was saved."), "good")
    return redirect(url_for(".rules"), 303)


@bp.post("/settings/retention/purge")
@requires(Permission.CLIENT_DELETE)
def purge():
    form = PurgeForm()
    if not form.validate_on_submit():
        abort(422)
    with transaction():
        certificates = acting.purge(seen=form.seen.data, today=today(), by=me())
    files = file_store(current_app.config)
    for certificate in certificates:
        deletion.remove_files(certificate, files)
    flash(_("Destroyed. The certificates stand below."), "good")
    return redirect(url_for(".rules"), 303)


@bp.get("/engagements/<uuid:engagement>/hold")
@requires(Permission.SETTINGS_READ, engagement=engagements.find)
def hold(engagement):
    return render_template("privacy/hold.html", engagement=engagement, form=HoldForm(formdata=None))


@bp.post("/engagements/<uuid:engagement>/hold")
@requires(Permission.SETTINGS_WRITE, engagement=engagements.find)
def put_hold(engagement):
    form = HoldForm()
    if not form.validate_on_submit():
        return render_template("privacy/hold.html", engagement=engagement, form=form), 422
    with transaction():
        acting.hold(engagement, reason=form.reason.data, by=me())
    flash(_("Held. Nothing of it is destroyed until the hold is lifted."), "good")
    return redirect(url_for(".rules"), 303)


@bp.post("/engagements/<uuid:engagement>/hold/lift")
@requires(Permission.SETTINGS_WRITE, engagement=engagements.find)
def lift_hold(engagement):
    with transaction():
        acting.lift_hold(engagement, by=me())
    flash(_("The hold was lifted."), "good")
    return redirect(url_for(".rules"), 303)


@bp.get("/clients/<uuid:client>/export")
@requires(Permission.CLIENT_EXPORT, client=clients.find)
def client_data(client):
    return client_page(client, ExportForm(formdata=None))


@bp.post("/clients/<uuid:client>/export")
@requires(Permission.CLIENT_EXPORT, client=clients.find)
def export_client(client):
    form = ExportForm()
    if not form.validate_on_submit():
        return client_page(client, form), 422
    with transaction():
        export.export_client(client, profile=form.profile.data, files=file_store(current_app.config), by=me())
    flash(_("The export is ready. It lies here for seven days."), "good")
    return redirect(url_for(".client_data", client=client.id), 303)


@bp.get("/clients/<uuid:client>/exports/<uuid:made>/file")
@requires(Permission.CLIENT_EXPORT, client=clients.find, made=exports.find)
def client_file(client, made):
    if made.entry.subject_id != client.id:
        abort(404)
    return carried_out(made, client, f"{client.code} {made.entry.at:%Y-%m-%d}.zip")


@bp.get("/clients/<uuid:client>/delete")
@requires(Permission.CLIENT_DELETE, client=clients.find)
def client_deletion(client):
    return deletion_page(client, DeletionForm(formdata=None))


@bp.post("/clients/<uuid:client>/delete")
@requires(Permission.CLIENT_DELETE, client=clients.find)
def delete_client(client):
    form = DeletionForm()
    if form.validate_on_submit():
        try:
            with transaction():
                certificate = deletion.delete_client(client, typed=form.typed.data, reason=form.reason.data, by=me())
        except deletion.NotTheName:
            form.typed.errors = [_("Type the client’s code: %(code)s.", code=client.code)]
        else:
            deletion.remove_files(certificate, file_store(current_app.config))
            flash(_("Destroyed. The certificate stands under the periods of the settings."), "good")
            return redirect(url_for("clients.index"), 303)
    return deletion_page(client, form), 422


@bp.get("/settings/data")
@requires(Permission.SETTINGS_EXPORT)
def data():
    return data_page(DeletionForm(formdata=None))


@bp.post("/settings/export")
@requires(Permission.SETTINGS_EXPORT)
def export_tenant():
    with transaction():
        export.export_tenant(files=file_store(current_app.config), by=me())
    flash(_("The export is ready. It lies here for seven days."), "good")
    return redirect(url_for(".data"), 303)


@bp.get("/settings/exports/<uuid:made>/file")
@requires(Permission.SETTINGS_EXPORT, made=exports.find_whole)
def tenant_file(made):
    return carried_out(made, trail.member(me()), f"consultancy {made.entry.at:%Y-%m-%d}.zip")


@bp.post("/settings/delete")
@requires(Permission.SETTINGS_DELETE)
def delete_tenant():
    """Everything of the consultancy goes, the sign-in of whoever pressed the button included."""
    form, files, tenant = DeletionForm(), file_store(current_app.config), retained.tenant()
    if form.validate_on_submit():
        try:
            with transaction():
                deletion.delete_tenant(
                    tenant,
                    typed=form.typed.data,
                    reason=form.reason.data,
                    by=me(),
                    by_person=current_user.person.id,
                    files=files,
                )
        except deletion.NotTheName:
            form.typed.errors = [_("Type the consultancy’s name: %(name)s.", name=tenant.name)]
        else:
            deletion.remove_all_files(retained.tenant_id(), files)
            return redirect("/", 303)
    return data_page(form), 422


def carried_out(made: Export, subject: Any, name: str) -> Any:
    """The archive itself, with an entry of who took it. One whose time is over is gone like any other."""
    files, key, size = file_store(current_app.config), made.key, made.entry.details["size"]
    try:
        files.open(key).close()
    except FileNotFoundError:
        abort(404)
    with transaction():
        export.note_download(subject, key=key, by=me())

    def blocks() -> Iterator[bytes]:
        with files.open(key) as content:
            while block := content.read(MEGABYTE):
                yield block

    answer = current_app.response_class(blocks(), mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.content_length = size
    return answer


def rules_page(form: PeriodForm) -> str:
    years, language = retention.years_of(), member_words()
    plan = retention.purge_plan(today())
    return render_template(
        "privacy/rules.html",
        form=form,
        classes=[
            {
                "name": one.name[language],
                "years": years.get(one.key, one.years),
                "own": one.key in years and years[one.key] != one.years,
                "default": one.years,
                "counted_from": counted_from(one.counted_from),
                "source": one.source,
            }
            for one in retention.CLASSES.values()
        ],
        plan=[
            {
                "name": retention.CLASSES[due.record_class].name[language],
                "engagement": due.engagement,
                "client": due.client,
                "counts": ", ".join(f"{table} {count}" for table, count in sorted(due.counts.items())),
            }
            for due in plan
        ],
        purge_form=PurgeForm(formdata=None, data={"seen": retention.word_for(plan)}),
        held=retention.held(),
        closed=[
            {"engagement": one, "last": retention.last_day(one.closed_on, years["engagement"])}
            for one in retained.closed_engagements()
            if one.closed_on
        ],
        certificates=[
            {
                "at": clock(one.at),
                "label": one.label,
                "subject": one.subject,
                "reason": one.reason,
                "counts": ", ".join(f"{table} {count}" for table, count in sorted(one.counts.items())),
            }
            for one in retained.certificates()
        ],
    )


def counted_from(key: str) -> str:
    return {
        "closed": _("after the engagement closed"),
        "last_closed": _("after the client’s last engagement closed"),
        "sent": _("after it was sent"),
        "platform": _("by the platform"),
        "never": _("as long as the consultancy is here"),
    }[key]


def client_page(client: Client, form: ExportForm) -> str:
    made = [
        export_row(one, url_for(".client_file", client=client.id, made=one.entry.id)) for one in exports.made(client.id)
    ]
    return render_template("privacy/client_export.html", client=client, form=form, made=made)


def data_page(form: DeletionForm) -> str:
    made = [export_row(one, url_for(".tenant_file", made=one.entry.id)) for one in exports.made()]
    return render_template("privacy/data.html", form=form, made=made, name=retained.tenant().name)


def deletion_page(client: Client, form: DeletionForm) -> str:
    of_it: list[Engagement] = engagements.of_client(client)
    return render_template(
        "privacy/client_deletion.html",
        client=client,
        form=form,
        made=exports.made(client.id),
        still_open=[one for one in of_it if one.closed_on is None],
        held=[one for one in of_it if one.legal_hold],
        may_export=may(Permission.CLIENT_EXPORT),
    )


def export_row(one: Export, url: str) -> dict[str, Any]:
    details = one.entry.details
    return {
        "at": clock(one.entry.at),
        "by": one.by_name or _("Somebody who is no longer on record"),
        "profile": _("for the employer") if details.get("profile") == EMPLOYER else _("complete"),
        "size": _("%(size)d kB", size=max(1, details["size"] // 1024)),
        "sha256": one.key.rsplit("/", 1)[1].removesuffix(".zip"),
        "url": url if one.lies_there else None,
    }
