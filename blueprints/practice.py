"""The settings of the consultancy: what it says about itself, who sees what, and who of the platform looks in."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired, Regexp

from blueprints.forms import choice, line, note, typed
from blueprints.guards import requires
from blueprints.identity import me
from consultancy.calendar import clock
from tenants import platform, practices
from tenants.database import transaction
from tenants.permissions import Permission

bp = Blueprint("practice", __name__)

LONGEST_ADDRESS = 400  # characters, a few lines on a letterhead


class SettingsForm(FlaskForm):
    name = line(_l("Name"), required=True, description=_l("As people call it; pages show this one."))
    legal_name = line(_l("Legal name"), required=True, longest=160, description=_l("Printed on every deliverable."))
    address = note(_l("Address"), longest=LONGEST_ADDRESS)
    email = line(_l("Email"), longest=254, render_kw={"type": "email", "autocomplete": "off"})
    phone = line(_l("Telephone"), longest=40)
    language = choice(_l("Language of the consultancy"), lambda: (("en", "English"), ("fr", "Français")))
    restrict_consultants = BooleanField(
        _l("Consultants see only clients they are assigned to"),
        description=_l("Everything else answers as if it did not exist. Owners and administrators see all."),
    )
    approve_by_another = BooleanField(
        _l("Somebody else approves a deliverable before it is released"),
        description=_l("Who asked for the document submits it; a colleague approves it or sends it back."),
    )
    seen = HiddenField(validators=[InputRequired(), Regexp(r"[0-9a-f]{24}\Z")])

    def validate_email(self, field: object) -> None:
        if self.email.data:
            Regexp(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+\Z", message=_("Not an email address."))(self, self.email)


@bp.get("/settings")
@requires(Permission.SETTINGS_READ)
def show():
    practice = practices.practice()
    return page_of(SettingsForm(formdata=None, obj=practice, data={"seen": practices.seen(practice)}))


@bp.post("/settings")
@requires(Permission.SETTINGS_WRITE)
def update():
    form = SettingsForm()
    if not form.validate_on_submit():
        return page_of(form), 422
    with transaction():
        practices.change_settings(practices.practice(), seen_before=form.seen.data, by=me(), **typed(form, "seen"))
    flash(_("The settings were saved."), "good")
    return redirect(url_for(".show"), 303)


@bp.post("/settings/glasses/<uuid:glass>/close")
@requires(Permission.SETTINGS_WRITE, glass=platform.find_glass)
def close_glass(glass):
    with transaction():
        platform.heal(glass, by=me(), person_id=current_user.person.id)
    flash(_("Ended. The platform’s operator reads no further."), "good")
    return redirect(url_for(".show"), 303)


def page_of(form: SettingsForm) -> str:
    glasses = [
        {"id": glass.id, "operator": name, "reason": glass.reason, "until": clock(glass.until)}
        for glass, name in platform.open_glasses()
    ]
    scanner = bool(current_app.config["SCANNER_URL"])
    return render_template("practice/show.html", form=form, glasses=glasses, scanner=scanner)
