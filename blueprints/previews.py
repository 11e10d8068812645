"""What a deliverable looks like: its PDF, pictures of its pages, and the picture of a template's sample."""

from io import BytesIO
from typing import Any

from flask import Blueprint, abort, current_app, redirect, send_file, url_for

from blueprints.guards import requires
from blueprints.identity import me
from consultancy.actions import previews as acting
from consultancy.actions.deliverables import WrongState
from consultancy.models.deliverable import Deliverable
from consultancy.queries import deliverables, document_templates
from tenants.database import transaction
from tenants.files import file_store
from tenants.permissions import Permission
from workers.queues import PREVIEWS, ring

bp = Blueprint("previews", __name__)

PDF, PICTURE = "application/pdf", "image/webp"


@bp.get("/deliverables/<uuid:deliverable>/pdf")
@requires(Permission.DELIVERABLE_READ, deliverable=deliverables.find)
def download(deliverable):
    return pdf_of(deliverable)


@bp.get("/deliverables/<uuid:deliverable>/pages/<int:number>")
@requires(Permission.DELIVERABLE_READ, deliverable=deliverables.find)
def page(deliverable, number):
    found = deliverables.page_image(deliverable, number) or abort(404)
    return picture(found.file_key)


@bp.post("/deliverables/<uuid:deliverable>/pages")
@requires(Permission.DELIVERABLE_WRITE, deliverable=deliverables.find)
def try_again(deliverable):
    with transaction():
        acting.try_again(deliverable, by=me())
    ring(PREVIEWS)
    return redirect(url_for("deliverables.show", deliverable=deliverable.id), 303)


@bp.get("/document-templates/versions/<uuid:version>/page")
@requires(Permission.DOCUMENT_TEMPLATE_READ, version=document_templates.find_version)
def sample(version):
    return picture(version.image_key or abort(404))


def pdf_of(deliverable: Deliverable) -> Any:
    """The PDF, noted in the trail before its first byte leaves."""
    if deliverable.pdf_key is None:
        raise WrongState(deliverable.preview)
    content = file_store(current_app.config).get(deliverable.pdf_key)
    with transaction():
        acting.hand_over(deliverable, by=me())
    return send_file(BytesIO(content), mimetype=PDF, as_attachment=True, download_name=deliverable.pdf_name, max_age=0)


def picture(key: str) -> Any:
    return send_file(BytesIO(file_store(current_app.config).get(key)), mimetype=PICTURE, max_age=0)
