"""Files whose time is over, or whose rows went and left them behind when a process died in between."""

from datetime import timedelta

import sqlalchemy as sa

from consultancy.actions.virus_checks import remove_infected
from consultancy.models.retention import DeletionCertificate
from consultancy.privacy import inventory
from consultancy.privacy.deletion import remove_files
from consultancy.privacy.exports import outlived
from tenants.database import db, now
from tenants.files import Files

LOOKS_BACK = timedelta(days=7)  # a deletion whose files could not be removed for longer is somebody's to look at


def sweep(files: Files) -> None:
    """Of the entered consultancy: exports past their days, infected files, and files that a certificate says are
    destroyed. May be done any number of times."""
    remove_infected(files)
    gone = set(outlived())
    for key in sorted(gone - inventory.still_named(gone)):
        files.delete(key)
    recent = sa.select(DeletionCertificate).where(DeletionCertificate.at > now() - LOOKS_BACK)
    for certificate in db.session.scalars(recent):
        remove_files(certificate, files)
