"""The command line's part in who runs the platform: the first operator cannot be appointed by another."""

import sys

import click
import sqlalchemy as sa
from flask.cli import AppGroup, with_appcontext
from flask_babel import force_locale
from flask_babel import gettext as _

from blueprints.refusals import say_refusal
from tenants import credentials, founding, platform
from tenants.database import db, transaction
from tenants.models import Person
from tenants.refusal import Refusal

operator_group = AppGroup("operator", help="Who runs the platform.")
second_factor = AppGroup("second-factor", help="The second factor of a person.")


@operator_group.command("add", help="Let a person run the platform. They read no consultancy's content by it.")
@click.argument("email")
@click.option("--name", default="", help="Their name, where the address is not known yet.")
@with_appcontext
def add(email: str, name: str) -> None:
    with transaction():
        person = known(email)
        if person is None and not name.strip():
            click.echo("Nobody has this address. Give --name to add them.", err=True)
            sys.exit(1)
        person = person or founding.add_person(email=email, name=name.strip(), language="en", password_hash=None)
        platform.appoint(person, by=None)
        has_password = bool(person.password_hash)
    click.echo(f"{email} runs the platform.")
    if not has_password:
        click.echo("They have no password yet: let them ask for one on the sign-in page.")


@operator_group.command("remove", help="A person runs the platform no longer.")
@click.argument("email")
@with_appcontext
def remove(email: str) -> None:
    with transaction():
        person = known(email)
        if person is None or not person.operator:
            click.echo("No operator has this address.", err=True)
            sys.exit(1)
        platform.dismiss(person, by=None)
    click.echo(f"{email} runs the platform no longer.")


@second_factor.command("take-off", help="For who lost phone and recovery codes. Be sure that it is them.")
@click.argument("email")
@click.option("--reason", required=True, help="How you know that it is them; it stands in the trail.")
@with_appcontext
def take_off(email: str, reason: str) -> None:
    try:
        with transaction():
            person = known(email)
            if person is None:
                click.echo("Nobody has this address.", err=True)
                sys.exit(1)
            credentials.take_off(person, reason=reason, letter=letter(person.language))
    except Refusal as refusal:
        click.echo(say_refusal(refusal), err=True)
        sys.exit(1)
    click.echo(f"{email} signs in with the password alone, and is asked to set up a new one where that is required.")


def letter(language: str) -> tuple[str, str]:
    with force_locale(language):
        return _("Your second factor was taken off"), _(
            "Somebody told us that your phone and your recovery codes are lost, so we took your second factor off and "
            "signed you out everywhere. Sign in with your password and set up a new one.\n\n"
            "If it was not you who asked, change your password and answer this mail at once."
        )


def known(email: str) -> Person | None:
    return db.session.scalar(sa.select(Person).where(Person.email == email.strip().lower()))
