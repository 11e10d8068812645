"""Recognition (SOSE) of a client: eligibility, clock, open items, papers, the application and what came of it."""

from tempfile import SpooledTemporaryFile
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from blueprints.certificates import name_of
from blueprints.clashes import Clash, clashed
from blueprints.forms import choice, clean, day, line, note, revision_seen, typed, uuid_or_none
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import capital, member_words
from blueprints.refusals import say_refusal
from consultancy import recognition as rules
from consultancy.actions import recognitions as acting
from consultancy.actions.clients import ChangedMeanwhile
from consultancy.calendar import today
from consultancy.certification import ACCREDITED
from consultancy.models.client import Client
from consultancy.models.recognition import Recognition
from consultancy.queries import certificates, clients, recognitions
from consultancy.recognition_pack import slots_of, write_pack
from consultancy.standards.words import choices, say
from tenants.database import transaction
from tenants.files import file_store
from tenants.limits import MEGABYTE
from tenants.permissions import Permission
from tenants.refusal import NotValid

bp = Blueprint("recognitions", __name__)

# What is read here asks REBATE_READ: answers on convictions, prosecution and premiums are not for an operator.

IN_MEMORY = 16 * MEGABYTE
LONGEST = 500
SHOWN = 10
COR = "cor2020"


class RecognitionForm(FlaskForm):
    certificate_id = choice(_l("Certificate it rests on"), list, empty=_l("None yet"))
    planned_on = day(_l("To be applied for on"))
    recognized_on = day(_l("Recognised on"))
    number = line(_l("Number"), longest=60)
    listed_on = day(_l("Seen in the public list on"))
    maintained_on = day(_l("Criteria last checked on"))
    revoked_on = day(_l("Revoked or given up on"))
    declined_on = day(_l("Declined on"), description=_l("Or withdrawn before it was decided."))
    note = note(_l("Note"), description=_l("For the consultancy only."))
    revision = revision_seen()


class ApplyForm(FlaskForm):
    applied_on = day(_l("Applied on"), required=True)


@bp.get("/clients/<uuid:client>/recognitions")
@requires(Permission.REBATE_READ, client=clients.find)
def index(client):
    rows = [
        {"state": one.state, "applied_on": one.applied_on, "recognized_on": one.recognized_on, "number": one.number,
         "certificate": name_of(one.certificate) if one.certificate else "",
         "url": url_for(".show", client=client.id, recognition=one.id)}
        for one in recognitions.of_client(client)
    ]  # fmt: skip
    preparing = any(one["state"] == "preparing" for one in rows)
    return render_template("recognitions/index.html", client=client, rows=rows, preparing=preparing)


@bp.post("/clients/<uuid:client>/recognitions")
@requires(Permission.CLIENT_WRITE, client=clients.find)
def begin(client):
    with transaction():
        recognition = acting.open_recognition(client, by=me())
    flash(_("Choose the certificate first, then answer the questions."), "good")
    return redirect(url_for(".show", client=client.id, recognition=recognition.id), 303)


@bp.get("/clients/<uuid:client>/recognitions/<uuid:recognition>")
@requires(Permission.REBATE_READ, client=clients.find, recognition=recognitions.find)
def show(client, recognition):
    of(client, recognition)
    return page_of(client, recognition)


@bp.post("/clients/<uuid:client>/recognitions/<uuid:recognition>")
@requires(Permission.CLIENT_WRITE, client=clients.find, recognition=recognitions.find)
def keep(client, recognition):
    of(client, recognition)
    form = with_certificates(client, RecognitionForm())
    if form.validate_on_submit():
        try:
            with transaction():
                acting.keep_recognition(
                    recognition,
                    revision=int(form.revision.data),
                    certificate_id=uuid_or_none(form.certificate_id.data),
                    answers=answered(),
                    today=today(),
                    by=me(),
                    **typed(form, "certificate_id"),
                )
        except ChangedMeanwhile as refusal:
            clash = clashed(form, form_of(client, recognition), typed(form))
            clash["differences"] += answers_since(recognition)
            return page_of(client, recognition, form=form, typed_answers=answered(), clash=clash), refusal.status
        except NotValid as refusal:
            named = isinstance(refusal, acting.DecisionOutOfOrder)
            form[refusal.args[0] if named else "certificate_id"].errors = [say_refusal(refusal)]
        else:
            flash(_("The application was saved."), "good")
            return redirect(url_for(".show", client=client.id, recognition=recognition.id), 303)
    return page_of(client, recognition, form=form, typed_answers=answered()), 422


@bp.post("/clients/<uuid:client>/recognitions/<uuid:recognition>/apply")
@requires(Permission.CLIENT_WRITE, client=clients.find, recognition=recognitions.find)
def apply(client, recognition):
    of(client, recognition)
    form = ApplyForm()
    if form.validate_on_submit():
        try:
            with transaction():
                acting.apply(recognition, applied_on=form.applied_on.data, today=today(), by=me())
        except NotValid as refusal:
            form.applied_on.errors = [say_refusal(refusal)]
        else:
            flash(_("The application is recorded. Say here what was decided."), "good")
            return redirect(url_for(".show", client=client.id, recognition=recognition.id), 303)
    return page_of(client, recognition, applying=form), 422


@bp.post("/clients/<uuid:client>/recognitions/<uuid:recognition>/papers/<slot>")
@requires(Permission.CLIENT_WRITE, client=clients.find, recognition=recognitions.find)
def lay_paper(client, recognition, slot):
    of(client, recognition)
    if slot not in {one.key for one in rules.SLOTS}:
        abort(404)
    piece = piece_sent()
    try:
        with transaction():
            acting.fill_slot(recognition, slot=slot, evidence_id=piece, by=me())
    except acting.PaperOfOthers as refusal:
        flash(say_refusal(refusal), "bad")
    else:
        flash(_("The pack was changed."), "good")
    return redirect(url_for(".show", client=client.id, recognition=recognition.id, _anchor="pack"), 303)


@bp.post("/clients/<uuid:client>/recognitions/<uuid:recognition>/remove")
@requires(Permission.CLIENT_WRITE, client=clients.find, recognition=recognitions.find)
def remove(client, recognition):
    of(client, recognition)
    with transaction():
        acting.remove_recognition(recognition, by=me())
    flash(_("The application was removed."), "good")
    return redirect(url_for(".index", client=client.id), 303)


@bp.get("/clients/<uuid:client>/recognitions/<uuid:recognition>/pack.zip")
@requires(Permission.CLIENT_WRITE, client=clients.find, recognition=recognitions.find)
def pack(client, recognition):
    """Written first, on disk where it is large, then streamed."""
    of(client, recognition)
    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - it is closed with the answer
    with transaction():
        filled = write_pack(
            recognition, files=file_store(current_app.config), to=file, language=member_words(), today=today()
        )
        acting.note_pack(recognition, papers=filled, by=me())
    file.seek(0)
    name = f"SOSE_{client.code}_{today()}.zip"
    answer = send_file(file, mimetype="application/zip", as_attachment=True, download_name=name, max_age=0)
    answer.call_on_close(file.close)
    return answer


def of(client: Client, row: Recognition) -> None:
    if row.client_id != client.id:
        abort(404)


def piece_sent() -> UUID | None:
    """The piece that was chosen. Only the empty choice takes a paper out: what is no id at all was sent by no page of
    ours, and must not cost a paper."""
    sent = request.form.get("evidence", "nothing")
    try:
        return UUID(sent) if sent else None
    except ValueError:
        abort(404)


def with_certificates(client: Client, form: RecognitionForm) -> RecognitionForm:
    offered = [
        (str(one.id), " · ".join(part for part in (name_of(one), one.number, one.scope[:60]) if part))
        for one in certificates.of_client(client)
        if one.standard in ACCREDITED
    ]
    form.certificate_id.choices = [("", _("None yet")), *offered]
    return form


def form_of(client: Client, recognition: Recognition) -> RecognitionForm:
    form = with_certificates(client, RecognitionForm(formdata=None, obj=recognition))
    form.certificate_id.data = str(recognition.certificate_id or "")
    return form


def answered() -> dict[str, dict[str, str]]:
    return {
        one.key: {
            "answer": request.form.get(f"answer-{one.key}", ""),
            "note": clean(request.form.get(f"note-{one.key}", ""))[:LONGEST],
        }
        for one in rules.QUESTIONS
        if f"answer-{one.key}" in request.form
    }


def answers_since(recognition: Recognition) -> list[dict[str, str]]:
    """What somebody else answered where the form says something else."""
    words, sent = dict(choices("recognition_answers", member_words())), answered()

    def said(answers: dict[str, Any], key: str) -> str:
        answer, note = rules.answer_of(answers, key)
        return " · ".join(part for part in (capital(words.get(answer, "")), note) if part)

    both = [
        {"place": one.asked[member_words()], "theirs": said(recognition.answers, one.key), "yours": said(sent, one.key)}
        for one in rules.QUESTIONS
        if one.key in sent
    ]
    return [one for one in both if one["theirs"] != one["yours"]]


def page_of(
    client: Client,
    recognition: Recognition,
    *,
    form: RecognitionForm | None = None,
    applying: ApplyForm | None = None,
    typed_answers: dict[str, dict[str, str]] | None = None,
    clash: Clash | None = None,
) -> str:
    clock, day_now = acting.clock_of(recognition), today()
    return render_template(
        "recognitions/show.html",
        client=client,
        recognition=recognition,
        form=form or form_of(client, recognition),
        clash=clash,
        applying=applying or ApplyForm(formdata=None),
        clock=clock,
        refused=clock.refuses(day_now),
        doubtful=clock.doubtful(recognition.planned_on or day_now),
        open_items=open_items(client),
        shown_items=SHOWN,
        questions=asked(recognition, typed_answers or {}),
        answers=[(key, capital(word)) for key, word in choices("recognition_answers", member_words())],
        papers=papers_of(client, recognition),
        files=files_for(client, recognition),
        years=rules.rebate_years(recognition.recognized_on, recognition.revoked_on)
        if recognition.recognized_on
        else (),
        plan=recognitions.plan_to_full_points(client)
        if recognition.certificate and recognition.certificate.standard == COR
        else None,
        today=day_now,
    )


def open_items(client: Client) -> list[dict[str, str]]:
    found = [
        {"label": one.label, "title": one.title, "url": url_for("findings.edit", finding=one.id)}
        for one in recognitions.open_findings(client)
    ]
    for one in recognitions.open_actions(client):
        url = url_for("findings.edit", finding=one.finding_id)
        found.append({"label": one.label, "title": one.action or one.correction, "url": url})
    return found


def asked(recognition: Recognition, typed_answers: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    words, kept = member_words(), recognition.answers | typed_answers
    return [
        {
            "key": one.key,
            "part": one.part,
            "asked": one.asked[words],
            "answer": rules.answer_of(kept, one.key)[0],
            "note": rules.answer_of(kept, one.key)[1],
            "stands": one.stands(rules.answer_of(kept, one.key)[0]),
            "source": one.source,
            "unsure": one.certainty == "unsure",
            "certainty": capital(say("course_certainties", one.certainty, words)),
        }
        for one in rules.in_force(rules.QUESTIONS, today())
    ]


def files_for(client: Client, recognition: Recognition) -> list[tuple[str, str]]:
    """What may be laid in, and what lies in the pack already: the list is cut at its newest, and a form that cannot
    offer the piece that is held would take it out."""
    newest = recognitions.may_fill(client)
    older = [one for one in recognitions.papers(recognition).values() if one not in newest]
    return [(str(one.id), one.title) for one in (*newest, *older)]


def papers_of(client: Client, recognition: Recognition) -> list[dict[str, Any]]:
    words, held = member_words(), recognitions.papers(recognition)
    return [
        {
            "key": slot.key,
            "title": slot.title[words],
            "missing": "" if slot.key in held else slot.missing[words],
            "file_name": slot.file_name(client.legal_name, held[slot.key].kind if slot.key in held else "pdf"),
            "evidence": str(held[slot.key].id) if slot.key in held else "",
            "source": slot.source,
            "certainty": capital(say("course_certainties", slot.certainty, words)),
            "unsure": slot.certainty == "unsure",
        }
        for slot in slots_of(recognition, today())
    ]
