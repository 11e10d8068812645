"""Training at a client: the matrix of people and courses, and a person with what they did."""

from collections.abc import Iterable
from math import ceil
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField

from blueprints.forms import choice, clean, day, line, revision_seen, typed, uuid_or_none
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.lists import page_asked
from blueprints.page import capital, member_words
from blueprints.refusals import say_refusal
from consultancy import training as rules
from consultancy.actions import training as acting
from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.models.training import Worker
from consultancy.queries import clients, training
from consultancy.queries.training import PER_PAGE, Overview
from consultancy.standards.courses import UNSURE, Course
from consultancy.standards.words import say
from consultancy.training import Row, Standing
from tenants.database import transaction
from tenants.permissions import Permission
from tenants.refusal import NotValid

bp = Blueprint("training", __name__)

FILTERS = ("q", "role", "site", "shift", "status")


class WorkerForm(FlaskForm):
    name = line(_l("Name"), description=_l("Or the number alone, where the client gives no names."))
    number = line(_l("Number"), longest=40, description=_l("The client’s own."))
    roles = line(_l("Roles"), longest=240, description=_l("The client’s words, with semicolons: Welder; JHSC member"))
    site_id = choice(_l("Site"), list, empty=_l("Not said"))
    shift = line(_l("Shift"), longest=40)
    started_on = day(_l("Started on"))
    revision = revision_seen()


class RecordForm(FlaskForm):
    course = choice(_l("Course"), list)
    done_on = day(_l("Done on"), description=_l("Empty: somebody only says so."))
    expires_on = day(_l("Last day it counts"), description=_l("Empty: as the course’s rule says."))
    proof = line(_l("Proof"), longest=160, description=_l("What was seen: certificate, card, list of attendance."))
    evidence = choice(_l("File that shows it"), list, empty=_l("None"), description=_l("From the client’s evidence."))
    verified = BooleanField(_l("Seen by us: the record is verified"))


class VerifyForm(FlaskForm):
    proof = line(_l("Proof"), longest=160)
    evidence = choice(_l("File that shows it"), list, empty=_l("None"))


FIELD_OF: dict[type[NotValid], str] = {
    acting.NobodyNamed: "name",
    acting.NumberTaken: "number",
    acting.SiteOfOthers: "site_id",
    acting.UnknownCourse: "course",
    acting.DoneInFuture: "done_on",
    acting.EndsBeforeDone: "expires_on",
    acting.ProofMissing: "proof",
    acting.AlreadyRecorded: "done_on",
    acting.FileOfOthers: "evidence",
}


def mark(form: FlaskForm, refusal: NotValid) -> None:
    """Put the sentence of a refusal beside the field it is about."""
    form[FIELD_OF[type(refusal)]].errors = [say_refusal(refusal)]


@bp.get("/clients/<uuid:client>/training")
@requires(Permission.TRAINING_READ, client=clients.find)
def show(client):
    seen, wanted, page = training.overview(client, today()), filters(), page_asked()
    rows = [row for row in seen.rows if fits(row, wanted)]
    first = (page - 1) * PER_PAGE
    courses = seen.courses
    return render_template(
        "training/show.html",
        client=client,
        courses=[header(one) for one in courses],
        rows=[shown(row, courses, client) for row in rows[first : first + PER_PAGE]],
        wanted=wanted,
        options=options(seen),
        statuses=[(key, capital(say("training_statuses", key, member_words()))) for key in rules.STATUSES],
        coverage=rules.coverage(rows),
        anybody=bool(seen.rows),
        pages=pages_of(client, wanted, page, len(rows)),
    )


@bp.get("/clients/<uuid:client>/training/people/new")
@requires(Permission.TRAINING_WRITE, client=clients.find)
def new(client):
    return render_template("training/new.html", client=client, form=worker_form(client, WorkerForm(formdata=None)))


@bp.post("/clients/<uuid:client>/training/people")
@requires(Permission.TRAINING_WRITE, client=clients.find)
def create(client):
    form = worker_form(client, WorkerForm())
    if form.validate_on_submit():
        try:
            with transaction():
                worker = acting.add_worker(client, by=me(), **told(form))
        except (acting.NobodyNamed, acting.NumberTaken, acting.SiteOfOthers) as refusal:
            mark(form, refusal)
        else:
            flash(_("The person was added. Record what they did next."), "good")
            return redirect(url_for(".person", client=client.id, worker=worker.id), 303)
    return render_template("training/new.html", client=client, form=form), 422


@bp.get("/clients/<uuid:client>/training/people/<uuid:worker>")
@requires(Permission.TRAINING_READ, client=clients.find, worker=training.find_worker)
def person(client, worker):
    of(client, worker)
    return person_page(client, worker)


@bp.post("/clients/<uuid:client>/training/people/<uuid:worker>")
@requires(Permission.TRAINING_WRITE, client=clients.find, worker=training.find_worker)
def update(client, worker):
    of(client, worker)
    form = worker_form(client, WorkerForm())
    if form.validate_on_submit():
        try:
            with transaction():
                acting.change_worker(worker, revision=int(form.revision.data), by=me(), **told(form))
        except (acting.NobodyNamed, acting.NumberTaken, acting.SiteOfOthers) as refusal:
            mark(form, refusal)
        else:
            flash(_("The person was saved."), "good")
            return redirect(url_for(".person", client=client.id, worker=worker.id), 303)
    return person_page(client, worker, form=form), 422


@bp.post("/clients/<uuid:client>/training/people/<uuid:worker>/remove")
@requires(Permission.TRAINING_WRITE, client=clients.find, worker=training.find_worker)
def remove(client, worker):
    of(client, worker)
    with transaction():
        acting.remove_worker(worker, by=me())
    flash(_("The person and every record of theirs are gone for good."), "good")
    return redirect(url_for(".show", client=client.id), 303)


@bp.post("/clients/<uuid:client>/training/people/<uuid:worker>/records")
@requires(Permission.TRAINING_WRITE, client=clients.find, worker=training.find_worker)
def record(client, worker):
    of(client, worker)
    form = record_form(client, RecordForm())
    if form.validate_on_submit():
        try:
            with transaction():
                acting.record_training(
                    worker,
                    **typed(form, "evidence"),
                    evidence_id=uuid_or_none(form.evidence.data),
                    today=today(),
                    by=me(),
                )
        except NotValid as refusal:
            mark(form, refusal)
        else:
            flash(_("The record was added."), "good")
            return redirect(url_for(".person", client=client.id, worker=worker.id), 303)
    return person_page(client, worker, record=form), 422


@bp.post("/clients/<uuid:client>/training/records/<uuid:training_record>/verify")
@requires(Permission.TRAINING_WRITE, client=clients.find, training_record=training.find_record)
def verify(client, training_record):
    of(client, training_record.worker)
    form = VerifyForm()
    form.evidence.choices = files_of(client)
    if form.validate_on_submit():
        try:
            with transaction():
                acting.verify_record(
                    training_record, proof=form.proof.data, evidence_id=uuid_or_none(form.evidence.data), by=me()
                )
        except NotValid as refusal:
            mark(form, refusal)
        else:
            flash(_("The record is verified."), "good")
            return redirect(url_for(".person", client=client.id, worker=training_record.worker_id), 303)
    return person_page(client, training_record.worker, refused=(training_record.id, form)), 422


@bp.post("/clients/<uuid:client>/training/records/<uuid:training_record>/remove")
@requires(Permission.TRAINING_WRITE, client=clients.find, training_record=training.find_record)
def remove_record(client, training_record):
    of(client, training_record.worker)
    worker_id = training_record.worker_id
    with transaction():
        acting.remove_record(training_record, by=me())
    flash(_("The record was removed."), "good")
    return redirect(url_for(".person", client=client.id, worker=worker_id), 303)


def of(client: Client, worker: Worker) -> None:
    if worker.client_id != client.id:
        abort(404)


def worker_form(client: Client, form: WorkerForm) -> WorkerForm:
    form.site_id.choices = [("", _("Not said")), *((str(site.id), site.name) for site in clients.sites(client))]
    return form


def told(form: WorkerForm) -> dict[str, Any]:
    return typed(form, "site_id") | {"site_id": uuid_or_none(form.site_id.data)}


def record_form(client: Client, form: RecordForm) -> RecordForm:
    form.course.choices = [(one.code, f"{one.code} · {one.title(member_words())}") for one in training.offered(today())]
    form.evidence.choices = files_of(client)
    return form


def files_of(client: Client) -> list[tuple[str, str]]:
    return [("", _("None")), *((str(one.id), one.title) for one in training.may_show(client))]


def person_page(
    client: Client,
    worker: Worker,
    *,
    form: WorkerForm | None = None,
    record: RecordForm | None = None,
    refused: tuple[UUID, VerifyForm] | None = None,
) -> str:
    """`refused`: the record that was to be verified, with what was typed."""
    if form is None:
        form = worker_form(client, WorkerForm(formdata=None, obj=worker))
        form.site_id.data = str(worker.site_id or "")
    record = record or record_form(client, RecordForm(formdata=None))
    verify = VerifyForm(formdata=None)
    verify.evidence.choices = record.evidence.choices
    typed_of = dict([refused]) if refused else {}
    seen = training.overview(client, today())
    row = next(one for one in seen.rows if one.person.key == worker.id)
    return render_template(
        "training/person.html",
        client=client,
        worker=worker,
        form=form,
        record=record,
        standings=[
            header(course) | cell(row.cells[course.code]) for course in seen.courses if course.code in row.cells
        ],
        records=[
            {
                "id": one.record.id,
                "course": seen.shelf.find(one.record.course, today()).title(member_words()),
                "reviewed": seen.shelf.find(one.record.course, today()).reviewed,
                "done_on": one.record.done_on,
                "expires_on": one.record.expires_on,
                "proof": one.record.proof,
                "verified": one.record.verified,
                "verify": typed_of.get(one.record.id, verify),
                "open": one.record.id in typed_of,
                "files": [
                    {"title": piece.title, "url": url_for("evidence.show", evidence=piece.id)} for piece in one.files
                ],
            }
            for one in training.records_of(worker)
        ],
    )


def header(course: Course) -> dict[str, Any]:
    words = member_words()
    return {
        "code": course.code,
        "title": course.title(words),
        "note": course.note(words),
        "citation": course.citation(words),
        "basis": capital(say("course_bases", course.basis, words)),
        "unsure": course.certainty == UNSURE,
        "reviewed": course.reviewed,
    }


def shown(row: Row, courses: Iterable[Course], client: Client) -> dict[str, Any]:
    person = row.person
    return {
        "label": person.label,
        "line": " · ".join(part for part in ("; ".join(person.roles), person.site, person.shift) if part),
        "url": url_for(".person", client=client.id, worker=person.key),
        "cells": [cell(row.cells[one.code]) if one.code in row.cells else None for one in courses],
    }


def cell(standing: Standing) -> dict[str, Any]:
    return {"status": standing.status, "until": standing.until, "because": why(standing)}


def why(standing: Standing) -> str:
    return {
        rules.TOO_LATE: _("Part Two came more than 12 months after Part One"),
        rules.NO_FIRST_PART: _("Part One is not shown"),
        rules.NO_SECOND_PART: _("Part Two is due within 12 months of Part One"),
    }.get(standing.because, standing.because)


def filters() -> dict[str, str]:
    said = {name: clean(request.args.get(name, ""))[:120] for name in FILTERS}
    return said | {"status": said["status"] if said["status"] in rules.STATUSES else ""}


def fits(row: Row, wanted: dict[str, str]) -> bool:
    person = row.person
    return (
        (not wanted["role"] or wanted["role"] in person.roles)
        and wanted["site"] in ("", person.site)
        and wanted["shift"] in ("", person.shift)
        and wanted["q"].casefold() in person.label.casefold()
        and (not wanted["status"] or any(one.status == wanted["status"] for one in row.cells.values()))
    )


def options(seen: Overview) -> dict[str, list[str]]:
    people = [row.person for row in seen.rows]
    return {
        "role": sorted({role for one in people for role in one.roles}),
        "site": sorted({one.site for one in people if one.site}),
        "shift": sorted({one.shift for one in people if one.shift}),
    }


def pages_of(client: Client, wanted: dict[str, str], page: int, total: int) -> dict[str, Any]:
    last, first = ceil(total / PER_PAGE) or 1, (page - 1) * PER_PAGE

    def address(number: int) -> str:
        asked: dict[str, Any] = {name: value for name, value in wanted.items() if value}
        return url_for(".show", client=client.id, **asked, page=number)

    shown_here = max(0, min(PER_PAGE, total - first))
    return {
        "page": page, "pages": last, "total": total, "first": first + 1 if shown_here else 0,
        "last": first + shown_here if shown_here else 0,
        "previous_url": address(page - 1) if page > 1 else None,
        "next_url": address(page + 1) if page < last else None,
    }  # fmt: skip
