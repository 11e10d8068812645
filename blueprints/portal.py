"""The client's portal: what was released to their own employer, in plain words."""

from flask import Blueprint, current_app, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from blueprints.deliverable_page import CommentForm, said_about
from blueprints.deliverables import as_download
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import capital, may
from blueprints.previews import pdf_of
from consultancy.actions import deliverables
from consultancy.calendar import clock
from consultancy.models.deliverable import Deliverable
from consultancy.queries import portal
from consultancy.standards.words import choices, say
from tenants.database import transaction
from tenants.files import file_store
from tenants.permissions import Permission

bp = Blueprint("portal", __name__)


@bp.get("/portal")
@requires(Permission.PORTAL_READ)
def index():
    employer = portal.employer()
    files = [described(one) for one in portal.released()]
    engagements = [
        {"title": one.title, "steps": steps(one.kind, one.stage, one.closed_on is not None)}
        for one in portal.engagements()
    ]
    return render_template("portal/index.html", client=employer, files=files, engagements=engagements, lead=None)


@bp.get("/portal/deliverables/<uuid:deliverable>")
@requires(Permission.PORTAL_READ, deliverable=portal.find_released)
def show(deliverable):
    return page_of(deliverable, CommentForm(formdata=None))


@bp.get("/portal/deliverables/<uuid:deliverable>/file")
@requires(Permission.PORTAL_READ, deliverable=portal.find_released)
def download(deliverable):
    content = file_store(current_app.config).get(deliverable.file_key)
    with transaction():
        deliverables.hand_over(deliverable, by=me())
    return as_download(content, deliverable.file_name)


@bp.get("/portal/deliverables/<uuid:deliverable>/pdf")
@requires(Permission.PORTAL_READ, deliverable=portal.find_released)
def download_pdf(deliverable):
    return pdf_of(deliverable)


def page_of(deliverable: Deliverable, form: CommentForm) -> str:
    return render_template(
        "portal/show.html",
        client=portal.employer(),
        file=described(deliverable),
        thread=said_about(deliverable),
        comment_form=form if may(Permission.PORTAL_COMMENT) else None,
    )


def described(deliverable: Deliverable) -> dict[str, object]:
    return {
        "id": deliverable.id,
        "title": capital(deliverable.title),
        "number": deliverable.number,
        "version": deliverable.version,
        "language": deliverable.language,
        "released_on": clock(deliverable.released_at)[:10] if deliverable.released_at else "",
        "size_label": size_label(deliverable.size),
        "withdrawn_reason": None,
        "page": url_for("portal.show", deliverable=deliverable.id),
        "url": url_for("portal.download", deliverable=deliverable.id),
        "pages": deliverable.page_count,
        "pdf_url": url_for("portal.download_pdf", deliverable=deliverable.id) if deliverable.pdf_key else "",
    }


def steps(kind: str, stage: str, closed: bool) -> list[dict[str, object]]:
    order = [key for key, _word in choices(f"stages_{kind}")]
    at = len(order) if closed else order.index(stage)
    return [
        {
            "label": capital(say(f"stages_{kind}", key, current_user.person.language)),
            "fact": "",
            "done": place < at,
            "now": place == at,
        }
        for place, key in enumerate(order)
    ]


def size_label(size: int | None) -> str:
    return _("%(size)d kB", size=max(1, (size or 0) // 1024))
