"""Founding a consultancy: its name in the address, its trail from the first moment, its owner's invitation."""

from datetime import date

import pytest
import sqlalchemy as sa

from tenants import audit, founding, invitations
from tenants.audit import AuditChain, AuditEntry
from tenants.database import db
from tenants.founding import NameTaken, NotAnAddress, NotAName
from tenants.messages import BadAddress, Message
from tenants.models import Tenant
from tenants.platform import PlatformAudit
from tenants.tokens import Token
from tests.factories import found_tenant

TODAY = date(2026, 11, 22)


def found(name="Harbour Safety", *, slug="", email="dana@example.org", reserved=(), secret="a-secret"):
    return founding.found(
        name=name, slug=slug or founding.slug_of(name), language="en", owner_email=email, reserved=reserved,
        secret=secret, subject="Come", body="Link", today=TODAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Harbour Safety", "harbour-safety"), ("Groupe Sécur-Nord inc.", "groupe-secur-nord-inc"), ("  A & B  ", "a-b"),
     ("../../etc/passwd", "etc-passwd"), ("報告", ""), ("x" * 80, "x" * 60), ("-" * 5, "")],
)  # fmt: skip
def test_a_name_becomes_a_word_of_an_address(name, slug):
    assert founding.slug_of(name) == slug


def test_a_consultancy_is_founded_with_a_trail_and_an_invitation(database_app):
    with database_app.app_context():
        tenant, invitation = found()
        db.session.commit()
        assert (tenant.slug, tenant.name, tenant.demo) == ("harbour-safety", "Harbour Safety", False)
        assert (invitation.email, invitation.details["role"], invitation.details["by"]) == (
            "dana@example.org",
            "owner",
            None,
        )
        assert db.session.scalars(sa.select(AuditEntry.verb)).all() == ["invitation.sent"]
        assert (len(db.session.scalars(sa.select(AuditChain)).all()), audit.broken_link()) == (1, None)
        assert db.session.scalars(sa.select(Message.to_email)).all() == ["dana@example.org"]
        [entry] = db.session.scalars(sa.select(PlatformAudit)).all()
        assert (entry.verb, entry.tenant_id) == ("consultancy.opened", tenant.id)


def test_the_owner_joins_and_the_trail_goes_on(database_app):
    with database_app.app_context():
        tenant_id = found()[0].id
        db.session.commit()
    with database_app.app_context():
        member = invitations.accept_as_new(
            "a-secret", name="Dana Wu", password="seven lamps over a quiet bay", language="en", today=TODAY
        )
        db.session.commit()
        assert (member.tenant_id, member.role) == (tenant_id, "owner")
        assert db.session.scalars(sa.select(AuditEntry.number).order_by(AuditEntry.number)).all() == [1, 2]
        assert audit.broken_link() is None


@pytest.mark.parametrize("slug", ["sign-in", "me", "static", "invitation", "ops"])
def test_no_consultancy_takes_an_address_of_the_platform(database_app, slug):
    with database_app.app_context(), pytest.raises(NotAnAddress):
        found(slug=slug)


@pytest.mark.parametrize("slug", ["a/b", "A", "-a", "a-", "a b", "é", "a" * 61, "a\n"])
def test_an_odd_word_opens_no_address(database_app, slug):
    with database_app.app_context(), pytest.raises(NotAnAddress):
        found(slug=slug)


def test_a_name_that_leaves_no_word_needs_one_of_its_own(database_app):
    with database_app.app_context():
        with pytest.raises(NotAnAddress):
            found("報告")
        assert found("報告", slug="baogao")[0].name == "報告"


def test_a_route_that_the_site_has_is_refused_although_nobody_listed_it(database_app):
    with database_app.app_context(), pytest.raises(NotAnAddress):
        found(slug="pricing", reserved={"pricing"})


@pytest.mark.parametrize("name", ["", " ", " a", "a\nb", "a\x00", "x" * 121, "a\u202eb"])
def test_a_name_is_one_readable_line(database_app, name):
    with database_app.app_context(), pytest.raises(NotAName):
        found(name, slug="some-word")


def test_a_word_is_taken_once(database_app):
    found_tenant(database_app, slug="harbour-safety")
    with database_app.app_context(), pytest.raises(NameTaken):
        found()


def test_a_bad_address_founds_nothing(database_app):
    with database_app.app_context():
        with pytest.raises(BadAddress):
            found(email="dana")
        db.session.rollback()
        assert db.session.scalars(sa.select(Tenant)).all() == []
        assert db.session.scalars(sa.select(Token)).all() == []
