"""The partner window: how far engagements are whose employers agreed to share it, and nothing more."""

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_login import current_user

from blueprints.guards import requires
from blueprints.page import capital
from consultancy.calendar import today
from consultancy.standards.words import say
from tenants import sign_ins
from tenants.permissions import Permission

bp = Blueprint("partner", __name__, url_prefix="/partner")


@bp.get("")
@requires(Permission.PARTNER_READ)
def index():
    rows = [
        row._asdict() | {"stage": stage_word(row.stage), "dates": dates_in_words(row.dates)}
        for row in sign_ins.partner_board(current_user.person.id)
    ]
    return render_template(
        "partner/index.html",
        partner=current_user.person.partner,
        rows=rows,
        members=len({row["employer"].casefold() for row in rows}),
        as_of=today(),
    )


def stage_word(stage: str) -> str:
    groups = ("stages_gap_analysis", "stages_program_development", "stages_pre_audit")
    for group in groups:
        try:
            return capital(say(group, stage, current_user.person.language))
        except KeyError:
            continue
    raise KeyError(stage)


def dates_in_words(dates: dict[str, str | None]) -> str:
    days = [day for name in ("planned_from", "planned_to") if (day := dates[name])]
    parts = [" – ".join(days)] if days else []
    if dates["audit"]:
        parts.append(_("audit %(when)s", when=dates["audit"]))
    return ", ".join(parts) or "–"
