"""What the page of one deliverable shows, and the forms on it; several blueprints answer with it."""

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from blueprints.check_page import check_of
from blueprints.forms import day, note, one_file, whole
from blueprints.identity import me
from blueprints.page import capital, may
from blueprints.preview_page import pages_of, preview_of, steps_of
from consultancy.actions.reviews import MOST_PAGES
from consultancy.calendar import clock, today
from consultancy.models.deliverable import IN_HOUSE, ISSUED, Deliverable
from consultancy.queries import comments, deliverables, members, reviews
from consultancy.queries.deliverables import APPROVED
from tenants import practices
from tenants.audit import AuditEntry
from tenants.limits import COMMENT_CHARACTERS
from tenants.members import has_left
from tenants.permissions import Permission

Log = list[tuple[AuditEntry, str | None]]


class RemarkForm(FlaskForm):
    page = IntegerField(_l("Page"), whole(_l("Page"), 1, MOST_PAGES), render_kw={"min": 1, "inputmode": "numeric"})
    remark = note(_l("Remark"), required=True, longest=COMMENT_CHARACTERS)


class SendBackForm(FlaskForm):
    reason = note(_l("What is to be mended"), required=True, longest=COMMENT_CHARACTERS)


class ReleaseForm(FlaskForm):
    recipients = SelectMultipleField(
        _l("Tell by mail"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=True
    )
    message = note(_l("Message"), longest=COMMENT_CHARACTERS, description=_l("Stands in the mail, above the link."))
    expires_on = day(_l("Last day to download"), description=_l("Empty: as long as it is not withdrawn."))


class EditedForm(FlaskForm):
    file = one_file(_l("Word file (.docx)"))


class WithdrawForm(FlaskForm):
    reason = note(_l("Reason"), required=True)


class CommentForm(FlaskForm):
    text = note(_l("Comment"), required=True, longest=COMMENT_CHARACTERS)


def shown(deliverable: Deliverable, **forms: FlaskForm) -> dict[str, object]:
    """What the page of a deliverable shows; `forms` are those that were refused, with what was typed."""
    newer = deliverables.newer_edition(deliverable)
    entries = deliverables.log(deliverable)
    approved_at = next((entry.at for entry, _name in entries if entry.verb == APPROVED), None)
    progress = progress_of(deliverable, approved_at)
    review = progress["review"] and progress["review"] | remarks_on(deliverable)
    return (
        progress
        | {
            "engagement": deliverable.engagement,
            "pages": pages_of(deliverable, review["notes"] if review else []),
            "newer": newer_version(newer) if newer else None,
            "review": review,
            "log": log_of(entries),
            "thread": said_about(deliverable),
            "comment_form": CommentForm(formdata=None)
            if deliverable.standing == "released" and may(Permission.DELIVERABLE_WRITE)
            else None,
            "form": WithdrawForm(formdata=None),
            "remark_form": RemarkForm(formdata=None),
            "edited_form": EditedForm(formdata=None) if may_edit(deliverable) else None,
            "compared": compared_label(deliverable),
            "edited": deliverable.edited_from_id is not None,
            "send_back_form": SendBackForm(formdata=None),
            "release_form": release_form(deliverable) if is_draft(deliverable) else None,
        }
        | forms
    )


def progress_shown(deliverable: Deliverable) -> dict[str, Any]:
    """What the fragment shows that a page asks for again and again while the file is made, and no more."""
    return progress_of(deliverable, deliverables.approved_at(deliverable))


def progress_of(deliverable: Deliverable, approved_at: datetime | None) -> dict[str, Any]:
    released = deliverable.standing in ISSUED
    awaited = deliverable.production == "ready" and deliverables.pages_awaited(deliverable)
    draft = is_draft(deliverable)
    return {
        "deliverable": {
            "id": deliverable.id,
            "title": capital(deliverable.title),
            "number": deliverable.number,
            "version": deliverable.version,
            "language": deliverable.language,
            "production": deliverable.production,
            "standing": deliverable.standing,
            "failure": deliverable.failure,
            "attempts": deliverable.attempts,
            "file_name": deliverable.file_name,
            "size_label": _("%(size)d kB", size=max(1, (deliverable.size or 0) // 1024)) if deliverable.size else "",
            "sha256": deliverable.sha256,
            "requested_label": _("requested %(at)s", at=clock(deliverable.requested_at)),
            "ready_label": _("written %(at)s", at=clock(deliverable.ready_at)) if deliverable.ready_at else "",
            "template_label": template_word(deliverable),
            "withdrawn_reason": deliverable.withdrawn_reason,
        },
        "steps": steps_shown(deliverable, clock(approved_at) if approved_at else "", over=released),
        "preview": preview_of(deliverable),
        "check": check_of(deliverable),
        "may": {
            "download": deliverable.production == "ready",
            "check": deliverable.production == "ready" and may(Permission.DELIVERABLE_WRITE),
            "retry": deliverable.production == "failed" and may(Permission.DELIVERABLE_WRITE),
            "release": draft
            and may(Permission.DELIVERABLE_RELEASE)
            and not waits_for_approval(deliverable)
            and not awaited,
            "remark": draft and may(Permission.DELIVERABLE_WRITE),
            "approve": deliverable.standing == "in_review" and may(Permission.DELIVERABLE_RELEASE) and not awaited,
            "send_back": deliverable.standing in ("in_review", "approved") and may(Permission.DELIVERABLE_RELEASE),
            "withdraw": deliverable.standing == "released" and may(Permission.DELIVERABLE_RELEASE),
        },
        "review": review_of(deliverable) if deliverable.production == "ready" and not released else None,
    }


def is_draft(deliverable: Deliverable) -> bool:
    return deliverable.production == "ready" and deliverable.standing in IN_HOUSE


def steps_shown(deliverable: Deliverable, approved_at: str, *, over: bool) -> list[dict[str, Any]]:
    """The steps; the first that was not taken yet is the one that waits."""
    needs_approval = deliverable.production != "cancelled" and practices.practice().approve_by_another
    steps = steps_of(deliverable, approved_at=approved_at, needs_approval=needs_approval)
    waits = next((label for label, _at, done in steps if not done), "")
    return [
        {
            "label": label,
            "fact": at if isinstance(at, str) else clock(at) if at else "",
            "done": done,
            "now": label == waits and not over,
        }
        for label, at, done in steps
    ]


def may_edit(deliverable: Deliverable) -> bool:
    open_still = deliverable.engagement.closed_on is None and deliverable.standing != "withdrawn"
    return deliverable.production == "ready" and open_still and may(Permission.DELIVERABLE_WRITE)


def compared_label(deliverable: Deliverable) -> str:
    """The version that its changes can be told against, or ""."""
    before = deliverables.compared_with(deliverable) if deliverable.production == "ready" else None
    return f"v{before.version}" if before else ""


def release_form(deliverable: Deliverable) -> ReleaseForm:
    form = ReleaseForm(formdata=None)
    form.recipients.choices = recipients_of(deliverable)
    form.recipients.data = []
    return form


def recipients_of(deliverable: Deliverable) -> list[tuple[str, str]]:
    """Whom a release can tell: the client’s people who still sign in here."""
    users = members.users_of(deliverable.engagement.client)
    return [(str(one.member.id), one.member.name) for one in users if not has_left(one.member, today())]


def waits_for_approval(deliverable: Deliverable) -> bool:
    return practices.practice().approve_by_another and deliverable.standing != "approved"


def review_of(deliverable: Deliverable) -> dict[str, Any]:
    """Who is waited for."""
    return {
        "needs_another": waits_for_approval(deliverable),
        "mine": deliverable.requested_by_id == me(),
    }


def remarks_on(deliverable: Deliverable) -> dict[str, Any]:
    notes = [
        {
            "id": one.id,
            "page": one.page,
            "text": one.text,
            "by": one.by.name,
            "at": clock(one.created_at),
            "settled": one.settled_at is not None,
        }
        for one in reviews.notes_on(deliverable)
    ]
    return {"notes": notes, "open": sum(not one["settled"] for one in notes)}


def newer_version(newer: Deliverable) -> dict[str, str]:
    return {"title": f"v{newer.version}", "url": url_for("deliverables.show", deliverable=newer.id)}


def said_about(deliverable: Deliverable) -> list[dict[str, str]]:
    return [{"by": one.by_name, "at": clock(one.created_at), "text": one.text} for one in comments.thread(deliverable)]


def log_of(entries: Log) -> list[dict[str, str]]:
    verbs = {
        "requested": _("Requested"),
        "written": _("Written"),
        "pages_asked": _("Pages asked for"),
        "pages_counted": _("Pages counted"),
        "checked": _("Checked"),
        "failed": _("Not written"),
        "retried": _("Tried again"),
        "cancelled": _("Cancelled"),
        "submitted": _("Submitted for review"),
        "sent_back": _("Sent back"),
        "approved": _("Approved"),
        "released": _("Released"),
        "superseded": _("Superseded"),
        "withdrawn": _("Withdrawn"),
        "downloaded": _("Downloaded"),
        "edited": _("Edited in Word and brought back"),
    }
    return [
        {"at": clock(entry.at), "by": name or _("The platform"), "words": verbs[entry.verb.partition(".")[2]]}
        for entry, name in entries
    ]


def template_word(deliverable: Deliverable) -> str:
    version = deliverable.document_template_version
    if version is None:
        return _("our starter")
    return _("%(name)s, version %(number)s", name=deliverable.template, number=version.number)
