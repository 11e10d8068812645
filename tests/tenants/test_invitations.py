"""An invitation lets one address in once, for seven days, with no more than its sender may give."""

import threading
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tenants import invitations, members, passwords, platform
from tenants.audit import AuditEntry
from tenants.database import db, now
from tenants.invitations import AlreadyInvited, AlreadyMember, Closed, HasAccount, NotOffered, OtherAddress
from tenants.members import RankTooLow
from tenants.messages import BadAddress, Message
from tenants.models import Membership, Person, Tenant
from tenants.passwords import PasswordRefused
from tenants.permissions import Role
from tenants.refusal import Refusal
from tenants.tokens import Token
from tests.factories import entered, found_tenant, make_client, make_member, make_person

TODAY = date(2026, 11, 22)
OWNER, ADMIN, CONSULTANT, CLIENT = Role.OWNER, Role.ADMIN, Role.CONSULTANT, Role.CLIENT
NEW, GOOD = "new@example.org", "seven lamps over a quiet harbour"


@pytest.fixture
def tenant(database_app):
    return found_tenant(database_app, slug="northgate")


@pytest.fixture
def inside(database_app, tenant):
    with entered(database_app, tenant) as session:
        yield session


def invite(by, *, email=NEW, role=CONSULTANT, secret="", **grants):
    return invitations.invite(
        email=email, role=role, secret=secret or invitations.new_secret(), subject="Come", body="Link", by=by and by.id,
        today=TODAY, **grants,
    )  # fmt: skip


def sent(app, tenant, **how):
    """The link's secret of an invitation that an owner has sent and committed."""
    secret = invitations.new_secret()
    with entered(app, tenant):
        invite(make_member(role=OWNER), secret=secret, **how)
    return secret


def accept_as_new(secret, **how):
    fields = {"name": "Nadia Roy", "password": GOOD, "language": "fr", "today": TODAY} | how
    return invitations.accept_as_new(secret, **fields)


@pytest.mark.parametrize("actor", members.STAFF)
@pytest.mark.parametrize("role", [*members.STAFF, CLIENT])
def test_who_may_invite_whom(inside, actor, role):
    by = make_member(role=actor)
    grants = {"client_id": make_client().id, "client_part": "sponsor"} if role == CLIENT else {}
    if actor == OWNER or actor == ADMIN and role != OWNER:
        assert invite(by, role=role, **grants).details["role"] == role
    else:
        with pytest.raises(RankTooLow):
            invite(by, role=role, **grants)
        assert inside.scalars(sa.select(Token)).all() == []


def test_an_invitation_keeps_the_hash_of_its_link_and_writes_a_mail(inside):
    owner, secret = make_member(role=OWNER), invitations.new_secret()
    invitation = invite(owner, secret=secret, email=" New@Example.org ")
    inside.commit()
    assert (invitation.email, invitation.token_sha256) == (NEW, invitations.hashed(secret))
    assert timedelta(days=6, hours=23) < invitation.expires_at - now() <= timedelta(days=7)
    assert inside.scalars(sa.select(Message.to_email)).all() == [NEW]
    [entry] = inside.scalars(sa.select(AuditEntry)).all()
    assert (entry.verb, entry.subject_id, entry.by_id) == ("invitation.sent", invitation.id, owner.id)
    assert NEW not in str(entry.details)


@pytest.mark.parametrize(
    ("role", "part", "at_a_client"),
    [(CLIENT, "coordinator", False), (CLIENT, "boss", True), (CLIENT, None, True), (CONSULTANT, "jhsc", True),
     (CONSULTANT, "jhsc", False), (Role.PARTNER, None, False), (Role.OPERATOR, None, False)],
)  # fmt: skip
def test_what_no_invitation_gives_is_refused(inside, role, part, at_a_client):
    owner, client = make_member(role=OWNER), make_client()
    with pytest.raises(NotOffered):
        invite(owner, role=role, client_part=part, client_id=client.id if at_a_client else None)


def test_a_bad_address_is_refused_and_nothing_is_written(inside):
    with pytest.raises(BadAddress):
        invite(make_member(role=OWNER), email="new@example.org\r\nBcc: all@example.org")
    assert inside.scalars(sa.select(Token)).all() == []


def test_a_member_and_an_invited_address_are_not_invited_again(inside):
    owner, colleague = make_member(role=OWNER), make_person(email="known@example.org")
    make_member(person=colleague)
    with pytest.raises(AlreadyMember):
        invite(owner, email="Known@example.org")
    invite(owner)
    with pytest.raises(AlreadyInvited):
        invite(owner, email="NEW@example.org")


def test_an_address_whose_invitation_ran_out_is_invited_anew(inside):
    owner = make_member(role=OWNER)
    invite(owner).expires_at = now()
    assert invite(owner).id


def test_sending_again_closes_the_link_before(inside):
    owner, first, second = make_member(role=OWNER), invitations.new_secret(), invitations.new_secret()
    old = invite(owner, secret=first, role=ADMIN)
    new = invitations.send_again(old, secret=second, subject="s", body="b", by=owner.id, today=TODAY)
    assert (new.details["role"], new.email) == (ADMIN, NEW)
    assert [one.id for one in invitations.still_open()] == [new.id]
    with pytest.raises(Closed, match="revoked"):
        invitations.refuse_closed(invitations.by_secret(first))
    with pytest.raises(Closed):
        invitations.send_again(old, secret="x", subject="s", body="b", by=owner.id, today=TODAY)
    invitations.refuse_closed(invitations.by_secret(second))


def test_an_admin_neither_repeats_nor_takes_back_what_only_an_owner_sends(inside):
    owner, admin = make_member(role=OWNER), make_member(role=ADMIN)
    invitation = invite(owner, role=OWNER)
    with pytest.raises(RankTooLow):
        invitations.take_back(invitation, by=admin.id, today=TODAY)
    with pytest.raises(RankTooLow):
        invitations.send_again(invitation, secret="x", subject="s", body="b", by=admin.id, today=TODAY)


def test_invitations_of_another_consultancy_are_not_found(database_app, tenant):
    sent(database_app, tenant)
    with entered(database_app, found_tenant(database_app, slug="lakeshore")) as session:
        [other] = session.scalars(sa.select(Token)).all()  # the table is read before any consultancy is entered
        assert invitations.still_open() == []
        assert invitations.find(other.id) is None


def test_somebody_new_joins_with_a_name_and_a_password(database_app, tenant):
    secret = sent(database_app, tenant, role=ADMIN)
    with database_app.app_context():
        member = accept_as_new(secret)
        db.session.commit()
        person = db.session.get_one(Person, member.person_id)
        assert (member.tenant_id, member.role, member.joined_on) == (tenant, ADMIN, TODAY)
        assert (person.email, person.name, person.language) == (NEW, "Nadia Roy", "fr")
        assert passwords.fits(GOOD, person.password_hash)[0]
        assert db.session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.number)).all()[-1] == "member.joined"
    with database_app.app_context(), pytest.raises(Closed, match="used"):
        accept_as_new(secret)


@pytest.mark.parametrize("password", ["short", "northgate safety new@example.org", "x" * 129, "aaaaaaaaaaaaaaaaaaaa"])
def test_a_weak_password_leaves_the_invitation_open(database_app, tenant, password):
    secret = sent(database_app, tenant)
    with database_app.app_context(), pytest.raises(PasswordRefused):
        accept_as_new(secret, password=password)
    with database_app.app_context():
        assert accept_as_new(secret).role == CONSULTANT


def test_who_has_an_account_signs_in_instead_of_setting_a_password(database_app, tenant):
    with database_app.app_context():
        person_id = make_person(email=NEW).id
        db.session.commit()
    secret = sent(database_app, tenant)
    with database_app.app_context(), pytest.raises(HasAccount):
        accept_as_new(secret)
    with database_app.app_context():
        assert invitations.accept(secret, person_id=person_id, today=TODAY).person_id == person_id


def test_nobody_takes_up_an_invitation_to_another_address(database_app, tenant):
    secret = sent(database_app, tenant)
    with database_app.app_context():
        stranger = make_person().id
        db.session.commit()
    with database_app.app_context(), pytest.raises(OtherAddress):
        invitations.accept(secret, person_id=stranger, today=TODAY)


def test_one_person_works_in_two_consultancies_and_reads_for_an_employer_of_a_third(database_app):
    places = [found_tenant(database_app, slug=slug) for slug in ("northgate", "lakeshore", "eastbay")]
    with entered(database_app, places[2]):
        client = make_client().id
    how = [{}, {"role": ADMIN}, {"role": CLIENT, "client_id": client, "client_part": "jhsc"}]
    secrets = [sent(database_app, place, **each) for place, each in zip(places, how, strict=True)]
    with database_app.app_context():
        person_id = accept_as_new(secrets[0]).person_id
        db.session.commit()
    for secret in secrets[1:]:
        with database_app.app_context():
            invitations.accept(secret, person_id=person_id, today=TODAY)
            db.session.commit()
    with entered(database_app, places[2]) as session:
        [member] = session.scalars(sa.select(Membership).where(Membership.person_id == person_id)).all()
        assert (member.role, member.client_id, member.client_part) == (CLIENT, client, "jhsc")


def test_who_comes_back_keeps_the_membership_they_wrote_under(database_app, tenant):
    with entered(database_app, tenant):
        person = make_person(email=NEW)
        member = make_member(person=person)
        member.left_on = TODAY
        ids = person.id, member.id
    secret = sent(database_app, tenant, role=ADMIN)
    with database_app.app_context():
        again = invitations.accept(secret, person_id=ids[0], today=TODAY)
        assert (again.id, again.role, again.left_on) == (ids[1], ADMIN, None)


@pytest.mark.parametrize(
    ("why", "sentence"), [("run out", "expired"), ("taken back", "revoked"), ("suspended", "revoked")]
)
def test_a_closed_invitation_lets_nobody_in(database_app, tenant, why, sentence):
    secret = sent(database_app, tenant)
    with entered(database_app, tenant) as session:
        invitation = invitations.by_secret(secret)
        if why == "run out":
            invitation.expires_at = now()
        elif why == "taken back":
            owner = session.scalars(sa.select(Membership.id)).first()
            invitations.take_back(invitation, by=owner, today=TODAY)
        else:
            session.get(Tenant, tenant).suspended_at = now()
    with database_app.app_context(), pytest.raises(Closed, match=sentence):
        accept_as_new(secret)


def test_an_invitation_for_an_employer_who_is_no_longer_a_client_is_closed(database_app, tenant):
    with entered(database_app, tenant) as session:
        client = make_client()
        session.commit()
        gone = client.id
    secret = sent(database_app, tenant, role=CLIENT, client_id=gone, client_part="sponsor")
    with entered(database_app, tenant) as session:
        session.delete(session.scalars(sa.select(type(client)).where(type(client).id == gone)).one())
    with database_app.app_context():
        with pytest.raises(Closed, match="revoked"):
            accept_as_new(secret)
        db.session.rollback()


def test_a_link_taken_up_twice_at_once_lets_in_once(copied_database):
    app = copied_database.app
    tenant = found_tenant(app, slug="northgate")
    secret = sent(app, tenant)
    barrier, raised = threading.Barrier(3), []

    def run():
        with app.app_context():
            barrier.wait(10)
            try:
                accept_as_new(secret)
                db.session.commit()
            except Refusal as refusal:
                db.session.rollback()
                raised.append(refusal.args)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert raised == [("used",), ("used",)]
    with app.app_context():
        assert len(db.session.scalars(sa.select(Person).where(Person.email == NEW)).all()) == 1


def test_the_platforms_trail_is_not_asked(inside):
    """What happens inside a consultancy is its own trail's matter."""
    invite(make_member(role=OWNER))
    assert inside.scalars(sa.select(platform.PlatformAudit)).all() == []
