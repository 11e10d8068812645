"""The command line: `flask work`, `flask housekeep`, `flask prepare` and what an administrator needs."""

import sys
import time
from pathlib import Path
from typing import NoReturn
from uuid import UUID

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from blueprints.cli_consultancy import consultancy
from blueprints.demo.certifying import certify
from blueprints.demo.hsep_plans import plan_topics
from blueprints.demo.practice import PASSWORD, TOTP_SECRET, Loading, found, loaded
from blueprints.demo.premiums import pay
from blueprints.demo.training import train
from blueprints.demo.work import do_the_work, request_reports
from blueprints.operators import operator_group, second_factor
from blueprints.refusals import say_refusal
from blueprints.settings import HOME
from consultancy.actions import checklists, deliverables, returned_checklists
from consultancy.queries import assessments, engagements
from consultancy.queries import deliverables as deliverable_queries
from document_templates.refusals import FileRefusal, Unrenderable
from tenants import audit, credentials, roles
from tenants.database import all_or_nothing, db, tenant_session, transaction
from tenants.files import Folder, file_store
from tenants.models import tenant_by_slug
from tenants.refusal import Refusal
from workers.queues import DOCUMENTS, PREVIEWS, heard, ring
from workers.run import housekeep, work

database = AppGroup("database", help="The database and its roles.")
demo = AppGroup("demo", help="The demo practice.")
checklist = AppGroup("checklist", help="Filled gap checklists.")
audit_group = AppGroup("audit", help="The audit trail.")

SIGN_INS = (
    ("consultant, owner", "p.oyelaran@northfield-ridge.example"),
    ("consultant", "s.dhaliwal@northfield-ridge.example"),
    ("client user", "dale@tolmie-metalfab.example"),
    ("partner", "i.solheim@gltfa.example"),
)
PAGES_WITHIN = 40  # seconds for LibreOffice to count its pages; then it is shown without
READY_WITHIN = 60  # seconds for a worker to answer and for the first report to be written


def register_commands(app: Flask) -> None:
    groups = (database, demo, checklist, audit_group, operator_group, second_factor)
    for command in (prepare, announce, work_command, housekeep_command, *groups, consultancy):
        app.cli.add_command(command)


def refuse(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)


@click.command("prepare", help="Check the roles, migrate, and load the demo practice where no production mode is set.")
@with_appcontext
def prepare() -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        missing = roles.missing(app.config["OWNER_DATABASE_URL"])
    except OperationalError:
        refuse("The database cannot be reached. Check DATABASE_URL and OWNER_DATABASE_URL, and that the server runs.")
    if missing:
        refuse(
            f"The database lacks the role {' and '.join(missing)}. "
            "Run the SQL that `./dev flask database roles` prints, as its administrator."
        )
    upgrade()
    try:
        has_demo = loaded()
    except roles.Unsuitable as refusal:
        refuse(str(refusal))
    except OperationalError:
        refuse("DATABASE_URL cannot be reached, or its login is refused; OWNER_DATABASE_URL can.")
    db.session.rollback()
    if not app.config["PRODUCTION"] and not has_demo:
        load_demo(app)


@click.command("announce", help="Ring, wait for a worker and for the first report, and say where to sign in.")
@with_appcontext
def announce() -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    deadline = time.monotonic() + READY_WITHIN
    job = ring(DOCUMENTS, always=True)
    while not heard(job):
        if time.monotonic() > deadline:
            refuse("No worker took a ring within a minute.")
        time.sleep(0.05)
    if app.config["PRODUCTION"] or not loaded():
        return
    db.session.rollback()
    path = first_report(app, deadline)
    for part, email in SIGN_INS:
        click.echo(f"Sign in as {part}: {email} / {PASSWORD}")
    click.echo(f"Second factor of the owner: {TOTP_SECRET} (or ./dev flask demo code)")
    click.echo(f"Deliverable {path}")


def first_report(app: Flask, deadline: float) -> str:
    """The path of the first ready report. The lead releases it, so that the client's portal has something to show, once
    its pages are counted: until then the file is about to be replaced."""
    pages_by = time.monotonic() + PAGES_WITHIN
    while time.monotonic() < deadline:
        with app.app_context():
            enter_tenant("northfield-ridge")
            first = deliverable_queries.first_ready("gap_report")
            awaited = first is not None and deliverable_queries.pages_awaited(first)
            if first and first.file_key and (not awaited or time.monotonic() > pages_by):
                store = file_store(app.config)
                path = str(store.path(first.file_key).resolve()) if isinstance(store, Folder) else first.file_key
                if first.standing == "draft" and first.requested_by_id and not awaited:
                    with transaction():
                        deliverables.release(first, by=first.requested_by_id)
                return path
        time.sleep(0.1)
    refuse("The first report was not written within a minute.")


def enter_tenant(slug: str) -> None:
    tenant = tenant_by_slug(slug)
    if tenant is None:
        refuse(f"No consultancy is called {slug}.")
    db.session.rollback()
    tenant_session().enter(tenant.id)


@click.command("work", help="Take rings and write what is due, or lay out what was written, until stopped.")
@click.option("--queue", "queue_name", type=click.Choice([DOCUMENTS, PREVIEWS]), default=DOCUMENTS, show_default=True)
@with_appcontext
def work_command(queue_name: str) -> None:
    work(current_app._get_current_object(), queue_name)  # type: ignore[attr-defined]


@click.command("housekeep", help="Ring for what is due and sweep, until stopped.")
@with_appcontext
def housekeep_command() -> None:
    housekeep(current_app._get_current_object())  # type: ignore[attr-defined]


@database.command("roles", help="Print the SQL that a database administrator runs once.")
def print_roles() -> None:
    click.echo((HOME / "migrations" / "roles.sql").read_text(encoding="utf-8"))


@demo.command("load", help="Load the demo practice once. Refused in production mode.")
@with_appcontext
def load() -> None:
    if current_app.config["PRODUCTION"]:
        refuse("Demo data and demo passwords have no place in production mode.")
    if loaded():
        click.echo("The demo practice is already there.")
        return
    db.session.rollback()
    load_demo(current_app._get_current_object())  # type: ignore[attr-defined]


@demo.command("code", help="The code of this moment for the demo owner's second factor.")
def demo_code() -> None:
    click.echo(credentials.code_now(TOTP_SECRET))


def load_demo(app: Flask) -> None:
    loading = Loading(app)
    with all_or_nothing(app):
        found(loading)
        train(loading)
        pay(loading)
        certify(loading)
        do_the_work(loading)
        plan_topics(loading)
        request_reports(loading)


@checklist.command("import", help="Read a filled checklist into an engagement: all of it or nothing.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", required=True, help="Name of the consultancy in its address.")
@click.option("--engagement", required=True, type=click.UUID, help="Id of the engagement, from its address.")
@click.option("--answer", multiple=True, help="KEY=VALUE for a question the file left open; repeat as needed.")
@click.option("--dry-run", is_flag=True, help="Say what would change and change nothing.")
@with_appcontext
def import_checklist(file: Path, tenant: str, engagement: UUID, answer: tuple[str, ...], dry_run: bool) -> None:
    enter_tenant(tenant)
    target = engagements.find(engagement)
    if target is None:
        refuse("This consultancy has no such engagement.")
    assessment = assessments.of_engagement(target)
    files = file_store(current_app.config)
    if any("=" not in pair for pair in answer):
        refuse("An answer is written KEY=VALUE.")
    try:
        with transaction():
            kept = checklists.receive(assessment, file_name=file.name, content=file.read_bytes(), files=files, by=None)
            if answer:
                checklists.answer(kept, answers=dict(pair.split("=", 1) for pair in answer), files=files, by=None)
            if returned_checklists.is_returned(kept):
                refuse("This is a downloaded checklist. Bring it in on its page, where each cell is compared.")
            reading = checklists.from_plain(kept.reading)
            for problem in reading.problems:
                click.echo(problem.sentence("en"), err=True)
            for question in reading.questions:
                offered = ", ".join(f"{choice.key} ({choice.label('en')})" for choice in question.choices)
                click.echo(f"{question.sentence('en')} --answer {question.key}=… one of: {offered}", err=True)
            changes = checklists.compare(kept) if not reading.problems else []
            for change in changes:
                click.echo(f"{change.row.code:8} {change.kind}")
            if dry_run or not reading.complete:
                raise LeftAlone
            changed = checklists.apply(kept, revision=assessment.revision, by=None)
    except LeftAlone:
        if not dry_run:
            refuse("Nothing was saved.")
        return
    except (FileRefusal, Unrenderable) as refusal:
        refuse(refusal.sentence)
    except Refusal as refusal:
        refuse(say_refusal(refusal))
    click.echo(f"{changed} requirements were taken over.")


class LeftAlone(Exception):
    """Roll back: the file was only looked at."""


@audit_group.command("verify", help="Check the hash chain of a consultancy and name the first broken entry.")
@click.option("--tenant", required=True)
@with_appcontext
def verify(tenant: str) -> None:
    enter_tenant(tenant)
    broken = audit.broken_link()
    if broken is not None:
        refuse(f"Entry {broken} does not fit the chain.")
    click.echo("The chain is whole.")
