"""The checklist of Stage 1: whether a registrar would find what the first day asks for."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.forms import clean
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import member_words
from blueprints.pre_audits import refuse_other
from blueprints.rating_locks import lock_of
from blueprints.refusals import say_refusal
from consultancy.actions import stage1 as acting
from consultancy.actions.clients import ChangedMeanwhile
from consultancy.models.engagement import Engagement
from consultancy.queries import engagements, stage1
from consultancy.standards.words import choices, say
from tenants.database import transaction
from tenants.permissions import Permission
from tenants.refusal import Refusal

bp = Blueprint("stage1", __name__)

AT = "/engagements/<uuid:engagement>/stage-1"


@bp.get(AT)
@requires(Permission.ASSESSMENT_READ, engagement=engagements.find)
def show(engagement):
    refuse_other(engagement)
    return page_of(engagement)


@bp.post(AT)
@requires(Permission.ASSESSMENT_WRITE, engagement=engagements.find)
def keep(engagement):
    sent = answers_sent(request.form)
    try:
        with transaction():
            acting.answer_checklist(engagement, sent=sent, by=me())
    except (acting.UnknownAnswer, acting.AnswerTooLong, ChangedMeanwhile) as refusal:
        return page_of(engagement, sent, refusal), refusal.status
    flash(_("The list is saved."), "good")
    return redirect(url_for(".show", engagement=engagement.id), 303)


def answers_sent(form: Mapping[str, str]) -> dict[str, acting.Answer]:
    codes = dict.fromkeys(name.partition("-")[2] for name in form if name.startswith("revision-"))
    return {
        code: acting.Answer(
            form.get(f"answer-{code}", ""),
            clean(form.get(f"note-{code}", "")),
            clean(form.get(f"evidence-{code}", "")),
            whole(form.get(f"revision-{code}", "")),
        )
        for code in codes
    }  # fmt: skip


def whole(typed: str) -> int:
    return int(typed) if typed.isdecimal() and len(typed) < 10 else -1


def page_of(
    engagement: Engagement, sent: dict[str, acting.Answer] | None = None, refusal: Refusal | None = None
) -> str:
    """The refusal stands beside the item that it carries; nobody who answers knows its code."""
    words, kept, asked = member_words(), stage1.answers(engagement), stage1.checklist(engagement)
    refused = refusal.args[0] if refusal else None
    on_page = refused in {item.code for item in asked.items}
    sentence = problem_of(refusal) if refusal else ""
    items = [item_shown(item, (sent or {}).get(item.code), kept.get(item.code), words) for item in asked.items]
    return render_template(
        "stage1/show.html",
        engagement=engagement,
        items=items,
        answered=sum(bool(item["answer"]) for item in items),
        choices=choices("stage1_answers", words),
        source=asked.source[words],
        version=asked.version,
        certainty=say("certainties", asked.certainty, words),
        refused=refused if on_page else "",
        problem=sentence,
        **lock_of(engagement),
    )


def problem_of(refusal: Refusal) -> str:
    if isinstance(refusal, ChangedMeanwhile):
        return _("Somebody answered this after you opened the page. Save again to keep what you typed.")
    return say_refusal(refusal)


def item_shown(item: Any, sent: acting.Answer | None, kept: Any, words: str) -> dict[str, Any]:
    """What was typed where it was refused, else what is kept; the revision is always that of now, so that saving
    again is choosing what was typed. What somebody else saved meanwhile stands there too, whole."""
    shown, now = sent or kept, kept.revision if kept else 0
    theirs = ""
    if sent and kept and sent.revision != now and sent[:3] != (kept.answer, kept.note, kept.evidence):
        answer = say("stage1_answers", kept.answer, words)
        theirs = "; ".join(part for part in (answer, kept.note, kept.evidence) if part)
    return {
        "code": item.code,
        "clause": item.clause,
        "words": item.words[words],
        "certainty": say("certainties", item.certainty, words),
        "answer": shown.answer if shown else "",
        "note": shown.note if shown else "",
        "evidence": shown.evidence if shown else "",
        "revision": now,
        "theirs": theirs,
    }
