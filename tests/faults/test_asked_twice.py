"""The same request twenty times at once is one document, round after round."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from flask import Flask

from consultancy.actions import deliverables
from consultancy.actions.deliverables import OtherRequest
from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from tenants.database import db, transaction
from tenants.models import Membership
from tests.conftest import CopiedDatabase
from tests.factories import entered
from tests.faults.conftest import Figures
from tests.workers.documents import Eye, open_office, rated_engagement

pytestmark = pytest.mark.faults

AT_ONCE = 20


def test_the_same_request_twenty_times_at_once(copied_database: CopiedDatabase, figures: Figures, full: bool):
    app: Flask = copied_database.app
    office, eye = open_office(app), Eye(copied_database.superuser_url)
    with entered(app, office.tenant) as session:
        client = session.get_one(Client, (office.tenant, office.client))
        engagement_id = rated_engagement(client, session.get_one(Membership, (office.tenant, office.member)))

    def ask(key: str, together: threading.Barrier, language: str = "en") -> UUID:
        together.wait()
        with app.app_context():
            db.session().enter(office.tenant)
            with transaction():
                return deliverables.request_deliverable(
                    db.session.get_one(Engagement, (office.tenant, engagement_id)),
                    kind="roadmap", language=language, request_key=key, by=office.member, today=today(),
                ).id  # fmt: skip

    rounds = 50 if full else 3
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for _ in range(rounds):
            key, together = uuid4().hex, threading.Barrier(AT_ONCE)
            answers = {one.result() for one in [threads.submit(ask, key, together) for _ in range(AT_ONCE)]}
            assert len(answers) == 1
    requested = "select count(*) from audit_entry where verb = 'deliverable.requested'"
    made = eye.rows("select count(*) from deliverable")[0][0]
    assert (made, eye.rows(requested)[0][0]) == (rounds, rounds)
    with pytest.raises(OtherRequest):
        ask(key, threading.Barrier(1), language="fr")
    figures(rounds=rounds, at_once=AT_ONCE, rows=made)
