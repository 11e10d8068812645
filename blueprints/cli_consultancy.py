"""The command line: founding a consultancy."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from blueprints.guards import first_segments
from blueprints.invitation import letter, link_of
from blueprints.refusals import say_refusal
from consultancy.calendar import today
from tenants import founding, invitations
from tenants.database import transaction
from tenants.permissions import Role
from tenants.refusal import Refusal

consultancy = AppGroup("consultancy", help="Consultancies as a whole.")


@consultancy.command("open", help="Found a consultancy and print its owner's invitation.")
@click.argument("name")
@click.option("--owner", required=True, metavar="EMAIL", help="Who is invited as its owner.")
@click.option("--slug", default="", help="The word that opens its addresses; made from the name when left out.")
@click.option("--language", type=click.Choice(["en", "fr"]), default="en", show_default=True)
@with_appcontext
def open_consultancy(name: str, owner: str, slug: str, language: str) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if not app.config["PUBLIC_BASE_URL"]:
        click.echo("PUBLIC_BASE_URL must be set: the invitation's link is made from it.", err=True)
        sys.exit(1)
    mail = letter(
        secret=invitations.new_secret(), firm=name.strip(), role=Role.OWNER, client_part=None, language=language
    )
    try:
        with transaction():
            tenant, invitation = founding.found(
                name=name.strip(),
                slug=slug or founding.slug_of(name),
                language=language,
                owner_email=owner,
                reserved=first_segments(app),
                today=today(),
                by=None,
                **mail,
            )
    except Refusal as refusal:
        click.echo(say_refusal(refusal), err=True)
        sys.exit(1)
    click.echo(f"{tenant.name} is open at /{tenant.slug}/ once its owner has joined.")
    click.echo(f"Invitation for {invitation.email}, good for seven days and for one use: {link_of(mail['secret'])}")
