"""Roles within a consultancy: who gives which, who goes, and that an owner always stays."""

import threading
from datetime import date, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from consultancy.calendar import today
from tenants import invitations, members, sign_ins
from tenants.audit import AuditEntry
from tenants.database import db
from tenants.members import HasLeft, LastOwner, NotAPart, NotStaff, RaisesThemselves, RankTooLow
from tenants.models import Membership, SignIn
from tenants.permissions import Role
from tenants.refusal import Refusal
from tenants.tokens import Token
from tests.factories import entered, found_tenant, make_client, make_member, make_partner, make_person, make_sign_in

TODAY = date(2026, 11, 22)
OWNER, ADMIN, CONSULTANT, CLIENT = Role.OWNER, Role.ADMIN, Role.CONSULTANT, Role.CLIENT


@pytest.fixture
def tenant(database_app):
    return found_tenant(database_app, slug="northgate")


@pytest.fixture
def inside(database_app, tenant):
    with entered(database_app, tenant) as session:
        yield session


def change(member, role, by):
    members.change_role(member, role=role, by=by.id, today=TODAY)


def invite(by, *, email="new@example.org", role=CONSULTANT):
    return invitations.invite(
        email=email, role=role, secret=invitations.new_secret(), subject="s", body="b", by=by.id, today=TODAY
    )


MAY = {
    (OWNER, OWNER, ADMIN), (OWNER, OWNER, CONSULTANT), (OWNER, ADMIN, OWNER), (OWNER, ADMIN, CONSULTANT),
    (OWNER, CONSULTANT, OWNER), (OWNER, CONSULTANT, ADMIN), (ADMIN, ADMIN, CONSULTANT), (ADMIN, CONSULTANT, ADMIN),
}  # fmt: skip
STEPS = [(a, b, c) for a in members.STAFF for b in members.STAFF for c in members.STAFF if b != c]


@pytest.mark.parametrize(("actor", "before", "after"), STEPS)
def test_who_may_give_which_role(inside, actor, before, after):
    make_member(role=OWNER)
    who, whom = make_member(role=actor), make_member(role=before)
    if (actor, before, after) in MAY:
        change(whom, after, who)
        assert whom.role == after
    else:
        with pytest.raises(RankTooLow):
            change(whom, after, who)
        assert whom.role == before


def test_nobody_raises_themselves_and_everybody_may_step_down(inside):
    make_member(role=OWNER)
    admin = make_member(role=ADMIN)
    with pytest.raises(RaisesThemselves):
        change(admin, OWNER, admin)
    change(admin, CONSULTANT, admin)
    assert admin.role == CONSULTANT


def test_a_change_of_role_is_recorded_with_both_roles(inside):
    owner, colleague = make_member(role=OWNER), make_member()
    change(colleague, ADMIN, owner)
    change(colleague, ADMIN, owner)  # it is already so: nothing happens and nothing is recorded
    inside.commit()
    entries = inside.scalars(sa.select(AuditEntry)).all()
    assert [(one.verb, one.subject_id, one.by_id, one.details) for one in entries] == [
        ("member.role_changed", colleague.id, owner.id, {"before": "consultant", "after": "admin"})
    ]


def test_the_last_owner_stays(inside):
    owner = make_member(role=OWNER)
    gone = make_member(role=OWNER)
    gone.left_on = TODAY
    with pytest.raises(LastOwner):
        change(owner, ADMIN, owner)
    with pytest.raises(LastOwner):
        members.leave(owner, by=owner.id, today=TODAY)


def test_a_client_users_part_is_changed_by_the_office_and_nobody_elses_is(inside):
    owner, consultant, user = make_member(role=OWNER), make_member(), make_member(client=make_client())
    members.change_part(user, part="sponsor", by=owner.id, today=TODAY)
    assert user.client_part == "sponsor"
    for member, part, by, refusal in (
        (user, "president", owner, NotAPart),
        (consultant, "sponsor", owner, NotAPart),
        (user, "jhsc", consultant, RankTooLow),
    ):
        with pytest.raises(refusal):
            members.change_part(member, part=part, by=by.id, today=TODAY)
    user.left_on = TODAY
    with pytest.raises(HasLeft):
        members.change_part(user, part="jhsc", by=owner.id, today=TODAY)


@pytest.mark.parametrize("role", [OWNER, CLIENT])
def test_a_client_user_never_becomes_staff_by_a_change_of_role(inside, role):
    owner, user = make_member(role=OWNER), make_member(client=make_client())
    with pytest.raises(NotStaff):
        change(user, ADMIN, owner)
    with pytest.raises(NotStaff):
        change(make_member(), CLIENT, owner)


def test_an_admin_sends_no_owner_away_and_a_consultant_nobody(inside):
    make_member(role=OWNER)
    owner, admin, consultant = (make_member(role=role) for role in members.STAFF)
    for who, whom in ((admin, owner), (consultant, admin), (consultant, consultant)):
        with pytest.raises(RankTooLow):
            members.leave(whom, by=who.id, today=TODAY)
    members.leave(consultant, by=admin.id, today=TODAY)
    with pytest.raises(HasLeft):
        members.leave(consultant, by=admin.id, today=TODAY)
    with pytest.raises(HasLeft):
        change(consultant, ADMIN, owner)


def test_who_was_sent_away_meanwhile_acts_no_more(inside):
    owner, admin, colleague = make_member(role=OWNER), make_member(role=ADMIN), make_member()
    members.leave(admin, by=owner.id, today=TODAY)
    with pytest.raises(RankTooLow):
        change(colleague, ADMIN, admin)
    with pytest.raises(RankTooLow):
        invite(admin)


def test_with_the_last_door_every_sign_in_ends(database_app, inside, tenant):
    owner, colleague = make_member(role=OWNER), make_member()
    own = [make_sign_in(person=inside.get_one(type(make_person()), colleague.person_id)) for _ in range(3)]
    members.leave(colleague, by=owner.id, today=today())
    inside.expire_all()
    assert [one.revoked_at is None for one in own] == [False] * 3
    assert sign_ins.memberships_of(colleague.person_id) == []


@pytest.mark.parametrize(
    ("other", "doors"), [("a consultancy", ["lakeshore"]), ("a partner", []), ("the platform", [])]
)
def test_who_has_another_door_stays_signed_in(database_app, tenant, other, doors):
    elsewhere = found_tenant(database_app, slug="lakeshore")
    with entered(database_app, elsewhere):
        person = make_person(partner_id=make_partner().id if other == "a partner" else None)
        person.operator = other == "the platform"
        kept = make_sign_in(person=person)
        if other == "a consultancy":
            make_member(person=person)
        ids = person.id, kept.id
    with entered(database_app, tenant) as session:
        owner = make_member(role=OWNER)
        member = Membership(person_id=ids[0], role=CONSULTANT, name="Priya")
        session.add(member)
        session.flush()
        members.leave(member, by=owner.id, today=today())
        assert session.get(SignIn, ids[1]).revoked_at is None
        assert [one.slug for one in sign_ins.memberships_of(ids[0])] == doors


def test_invitations_promise_no_more_than_their_sender_still_could(inside):
    first, second = make_member(role=OWNER), make_member(role=OWNER)
    owners = invite(second, email="a@example.org", role=OWNER)
    admins = invite(second, email="b@example.org", role=ADMIN)
    others = invite(first, email="c@example.org", role=OWNER)
    change(second, ADMIN, first)
    assert [one.revoked_at is None for one in (owners, admins, others)] == [False, True, True]
    members.leave(second, by=first.id, today=TODAY)
    assert [one.revoked_at is None for one in (owners, admins, others)] == [False, False, True]
    inside.commit()
    taken = sa.select(AuditEntry.subject_id).where(AuditEntry.verb == "invitation.taken_back")
    assert set(inside.scalars(taken)) == {owners.id, admins.id}


def both_at_once(app, tenant, *verbs):
    """Each verb in a thread, a session and a transaction of its own, let go at the same moment; what they raised."""
    barrier, raised = threading.Barrier(len(verbs)), []

    def run(verb):
        with app.app_context():
            db.session().enter(tenant)
            barrier.wait(10)
            try:
                verb()
                db.session.commit()
            except Refusal as refusal:
                db.session.rollback()
                raised.append(type(refusal))

    threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return raised


def act(verb, whom, by):
    member = db.session.scalar(sa.select(Membership).where(Membership.id == whom))
    if verb == "demote":
        members.change_role(member, role=CONSULTANT, by=by, today=TODAY)
    else:
        members.leave(member, by=by, today=TODAY)


@pytest.mark.parametrize("verb", ["demote", "send away"])
@pytest.mark.parametrize("each", ["the other", "themselves"])
def test_of_two_owners_who_act_at_once_one_stays(copied_database, full, verb, each):
    app = copied_database.app
    tenant = found_tenant(app, slug="northgate")
    for _ in range(100 if full else 10):
        with entered(app, tenant) as session:
            session.execute(sa.update(Membership).values(role=CONSULTANT))
            one, two = make_member(role=OWNER).id, make_member(role=OWNER).id
        whom = (two, one) if each == "the other" else (one, two)
        raised = both_at_once(
            app,
            tenant,
            partial(act, verb, whom[0], one),
            partial(act, verb, whom[1], two),
        )
        with entered(app, tenant) as session:
            owners = session.scalars(
                sa.select(Membership.id).where(Membership.role == OWNER, Membership.left_on.is_(None))
            ).all()
            assert (len(owners), len(raised)) == (1, 1)
            assert raised[0] in (LastOwner, RankTooLow)


def test_the_same_address_invited_twice_at_once_is_invited_once(copied_database):
    app = copied_database.app
    tenant = found_tenant(app, slug="northgate")
    with entered(app, tenant):
        owner = make_member(role=OWNER).id

    def send():
        invitations.invite(
            email="new@example.org", role=CONSULTANT, secret=invitations.new_secret(), subject="s", body="b", by=owner,
            today=TODAY,
        )  # fmt: skip

    assert both_at_once(app, tenant, send, send, send) == [invitations.AlreadyInvited] * 2
    with entered(app, tenant) as session:
        assert len(session.scalars(sa.select(Token)).all()) == 1


def test_nobody_leaves_before_their_day(inside):
    """A leaving that is planned for later takes nothing away yet."""
    owner, colleague = make_member(role=OWNER), make_member()
    colleague.left_on = TODAY + timedelta(days=1)
    change(colleague, ADMIN, owner)
    assert colleague.role == ADMIN
