"""The part of an office that is about certificates and recognition."""

from datetime import timedelta
from typing import Any

from consultancy.calendar import today
from consultancy.models.client import Client
from tenants.models import Membership
from tests.factories import make_certificate, make_client, make_engagement, make_recognition

YESTERDAY = today() - timedelta(days=1)


def recognise(employer: Any, client: Client, *, by: Membership) -> None:
    """A client that applied, and another with nothing open that is about to."""
    undecided = {"recognized_on": None, "listed_on": None, "maintained_on": None}
    audited = {"audit_on": YESTERDAY, "audit_closed_on": YESTERDAY}
    held = make_certificate(client=client, **audited)
    clean = make_client(sector="manufacturing")
    make_engagement(client=clean, lead=by, legal_hold="", stage="assess")
    clean_held = make_certificate(client=clean, **audited)
    employer.keep(
        certificate=make_certificate(client=client, scope="Milling"),
        applied_with=held,
        recognition=make_recognition(client=client, certificate=held, **undecided),
        clean_client=clean,
        clean_recognition=make_recognition(client=clean, certificate=clean_held, applied_on=None, **undecided),
    )
