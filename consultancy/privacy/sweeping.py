"""Files whose time is over, or whose rows went and left them behind when a process died in between."""

from datetime import timedelta

import sqlalchemy as sa

from consultancy.actions.virus_checks import remove_infected
from consultancy.models.deliverable import Deliverable
from consultancy.models.retention import DeletionCertificate
from consultancy.privacy import inventory
from consultancy.privacy.deletion import remove_files
from consultancy.privacy.exports import outlived
from tenants.database import db, now
from tenants.files import Files

READ_TO_THE_END = timedelta(hours=1)  # whoever began to download a file before it was replaced has it by then
LOOKS_BACK = timedelta(days=7)  # a deletion whose files could not be removed for longer is somebody's to look at


def sweep(files: Files) -> None:
    """Of the entered consultancy: exports past their days, documents that the same with page numbers replaced, infected
    files, and files that a certificate says are destroyed. May be done any number of times."""
    remove_infected(files)
    gone = set(outlived()) | replaced()
    for key in sorted(gone - inventory.still_named(gone)):
        files.delete(key)
    recent = sa.select(DeletionCertificate).where(DeletionCertificate.at > now() - LOOKS_BACK)
    for certificate in db.session.scalars(recent):
        remove_files(certificate, files)


def replaced() -> set[str]:
    """Files that their documents do not need any more; from now on they name them no more."""
    waiting = sa.select(Deliverable).where(
        Deliverable.replaced_key.is_not(None), Deliverable.previewed_at < now() - READ_TO_THE_END
    )
    keys: set[str] = set()
    for deliverable in db.session.scalars(waiting.with_for_update(skip_locked=True)):
        keys.add(deliverable.replaced_key or "")
        deliverable.replaced_key = None
    db.session.flush()
    return keys
