"""How the consultancy's documents look: logo, two colours, two fonts."""

from io import BytesIO
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from blueprints.forms import choice, clean, only_one, revision_seen
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.refusals import say_refusal
from consultancy.actions import brand as acting
from consultancy.queries import brand as looks
from document_templates.branding import FONTS
from document_templates.colours import contrast_on_white
from document_templates.refusals import FileRefusal
from tenants.database import transaction
from tenants.files import file_store
from tenants.permissions import Permission

bp = Blueprint("brand", __name__)


def colour(label: Any, description: Any) -> StringField:
    return StringField(
        label,
        [InputRequired(_l("This is needed.")), Length(max=9)],
        filters=[clean],
        description=description,
        render_kw={"autocomplete": "off"},
    )


class BrandForm(FlaskForm):
    primary = colour(_l("First colour"), _l("Headings, links, and the band of the cover in a darker shade."))
    accent = colour(_l("Second colour"), _l("Lines below headings and on the cover."))
    heading_font = choice(_l("Font of headings"), lambda: [(font, font) for font in FONTS])
    body_font = choice(_l("Font of the text"), lambda: [(font, font) for font in FONTS])
    logo = FileField(_l("Logo (PNG or JPEG)"), [only_one])
    no_logo = BooleanField(_l("Take the logo away"))
    revision = revision_seen()


@bp.get("/settings/brand")
@requires(Permission.SETTINGS_READ)
def show():
    brand = looks.brand()
    values = acting.frozen(brand) or {
        "primary": acting.PRIMARY, "accent": acting.ACCENT,
        "heading_font": acting.HEADING_FONT, "body_font": acting.BODY_FONT,
    }  # fmt: skip
    colours = {name: f"#{values[name]}" for name in ("primary", "accent")}
    data = values | colours | {"revision": brand.revision if brand else 0}
    return page_of(BrandForm(formdata=None, data=data))


@bp.post("/settings/brand")
@requires(Permission.SETTINGS_WRITE)
def choose():
    form = BrandForm()
    if form.validate_on_submit():
        try:
            with transaction():
                acting.choose(
                    primary=form.primary.data,
                    accent=form.accent.data,
                    heading_font=form.heading_font.data,
                    body_font=form.body_font.data,
                    logo=logo_sent(form),
                    revision=int(form.revision.data),
                    files=file_store(current_app.config),
                    by=me(),
                )
        except FileRefusal as refusal:
            form.logo.errors = [refusal.sentence]
        except (acting.TooPale, acting.NotAColour) as refusal:
            field = next(one for one in (form.primary, form.accent) if acting.same_colour(one.data, refusal.args[0]))
            field.errors = [say_refusal(refusal)]
        else:
            flash(_("Saved. Documents requested from now on look like this."), "good")
            return redirect(url_for(".show"), 303)
    return page_of(form), 422


@bp.get("/settings/brand/logo")
@requires(Permission.SETTINGS_READ)
def logo():
    brand = looks.brand()
    if brand is None or not brand.file_key:
        abort(404)
    content = file_store(current_app.config).get(brand.file_key)
    return send_file(BytesIO(content), mimetype=f"image/{brand.logo_kind}", max_age=0)


def logo_sent(form: BrandForm) -> bytes | None:
    """The bytes of a new logo, none at all to take it away, None to leave it as it is."""
    if form.no_logo.data:
        return b""
    picture = form.logo.data
    return picture.read() if picture and picture.filename else None


def page_of(form: BrandForm) -> str:
    brand = looks.brand()
    return render_template(
        "brand/show.html",
        form=form,
        logo=bool(brand and brand.file_key),
        contrasts=[
            {"label": label, "ratio": _("%(ratio)s : 1", ratio=f"{contrast_on_white(value):.1f}")}
            for label, value in (
                (form.primary.label.text, brand.primary if brand else acting.PRIMARY),
                (form.accent.label.text, brand.accent if brand else acting.ACCENT),
            )
        ],
    )
