"""The command line's part in who runs the platform: the first operator cannot be appointed by another."""

import sys

import click
import sqlalchemy as sa
from flask.cli import AppGroup, with_appcontext

from tenants import founding, platform
from tenants.database import db, transaction
from tenants.models import Person

operator_group = AppGroup("operator", help="Who runs the platform.")


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


def known(email: str) -> Person | None:
    return db.session.scalar(sa.select(Person).where(Person.email == email.strip().lower()))
