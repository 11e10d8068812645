"""What must happen even when nobody clicks: ring for due documents, send mail, ask the virus scanner, sweep away
half-written files."""

import time
from threading import Event

import sqlalchemy as sa
import structlog
from flask import Flask
from sqlalchemy.exc import OperationalError

from consultancy.actions import deliverables, previews
from consultancy.privacy import sweeping
from tenants import platform, throttles
from tenants.database import db, tenant_session, transaction
from tenants.files import file_store
from workers.mail import send_mail
from workers.queues import DOCUMENTS, PREVIEWS, ring
from workers.scanning import scan_evidence

log = structlog.get_logger()

EVERY_SECONDS = 3
SWEEP_EVERY_SECONDS = 600
LOCK = 4_500_101  # advisory lock: several housekeepers may stand by, one works


def keep_house(app: Flask, stop: Event) -> None:
    """Until told to stop. A database or a disk that is away for a moment is waited for, not mourned."""
    swept = 0.0
    while not stop.is_set():
        try:
            with app.app_context():
                ring_for_due()
                if time.monotonic() - swept > SWEEP_EVERY_SECONDS:
                    swept = time.monotonic()
                    file_store(app.config).sweep()
                    with transaction():
                        throttles.sweep()
                    sweep_files(app)
            send_mail(app)
            scan_evidence(app)
        except (OperationalError, OSError) as error:
            log.error("housekeeping.waits", kind=type(error).__name__)
        stop.wait(EVERY_SECONDS)


def sweep_files(app: Flask) -> None:
    """Consultancy by consultancy, those that were destroyed as well: their certificates are what tells."""
    with app.app_context(), transaction():
        tenants = [tenant.id for tenant in platform.consultancies()]
    for tenant_id in tenants:
        with app.app_context():
            tenant_session().enter(tenant_id)
            with transaction():
                sweeping.sweep(file_store(app.config))


def ring_for_due() -> int:
    """The domain row is the outbox: a ring lost with Redis, or between commit and ring, is made up here."""
    with transaction():
        mine = db.session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(LOCK)))
        due = deliverables.due() if mine else 0
        to_show = previews.due() if mine else 0
    if due:
        ring(DOCUMENTS)
    if to_show:
        ring(PREVIEWS)
    return due
