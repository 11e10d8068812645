"""The members page: inviting, roles, off-boarding within one request, partners."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from blueprints.identity import hashed
from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.models.deliverable import Deliverable
from consultancy.models.engagement import Assignment, Engagement
from tenants import invitations, sign_ins
from tenants.audit import AuditEntry
from tenants.messages import Message
from tenants.models import Consent, Membership, Person
from tenants.tokens import Token
from tests.blueprints.visiting import digest
from tests.factories import entered, make_deliverable, make_engagement, make_sign_in
from tests.walls import connection_of

LINK = re.compile(r"/invitation/[\w-]{43}")


@pytest.fixture
def owner(signed_in):
    return signed_in("own")


@pytest.fixture
def inside(app, stand):
    """What stands in the consultancy now, asked in a session of its own."""

    def ask(question):
        with entered(app, stand.here.tenant) as session:
            return question(session)

    return ask


def membership(stand, word):
    return sa.select(Membership.id).where(Membership.person_id == stand.people[word][0])


def granted(email):
    return sa.select(Token.email, Token.details).where(Token.email == email)


def unchanged(app, stand):
    return digest(connection_of(app), stand.here.tenant, stand.elsewhere.tenant)


def invite(visitor, **fields):
    return visitor.post("/northgate/members/invitations", {"email": "new@example.org", "role": "admin"} | fields)


def test_the_inviter_sees_the_link_where_no_mail_server_is_set(owner, inside):
    answer = invite(owner)
    page = owner.get(answer.location).text
    secret = LINK.search(page)[0].removeprefix("/invitation/")
    email, details = inside(lambda session: session.execute(granted("new@example.org")).one())
    assert (email, details["role"]) == ("new@example.org", "admin")
    assert inside(lambda _session: invitations.by_secret(secret) is not None)
    assert LINK.search(owner.get("/northgate/members").text) is None  # shown once
    body = sa.select(Message.body).where(Message.to_email == "new@example.org")
    assert secret in inside(lambda session: session.scalars(body).one())


def test_where_a_mail_server_is_set_the_link_goes_by_mail_alone(app, owner):
    app.config["SMTP_URL"] = "smtp://127.0.0.1:1"
    try:
        assert LINK.search(owner.get(invite(owner).location).text) is None
    finally:
        app.config["SMTP_URL"] = ""


@pytest.mark.parametrize(
    "fields",
    [
        {"email": ""}, {"email": "dana"}, {"email": "dana@example.org\r\nBcc: x@example.org"},
        {"email": "é@example.org"},
        {"email": f"{'a' * 250}@example.org"}, {"role": "client"}, {"role": "operator"}, {"role": ""},
        {"role": "owner\x00x"},
    ],
)  # fmt: skip
def test_a_bad_invitation_writes_nothing(app, stand, owner, fields):
    before = unchanged(app, stand)
    assert invite(owner, **fields).status_code == 422
    assert unchanged(app, stand) == before


def test_the_same_address_is_not_invited_twice(app, stand, owner):
    invite(owner)
    before = unchanged(app, stand)
    answer = invite(owner, email="NEW@example.org")
    assert answer.status_code == 422
    assert "invited already" in answer.text
    assert "a member already" in invite(owner, email=stand.emails["con"]).text
    assert unchanged(app, stand) == before


def test_an_admin_is_not_offered_the_owners_role_and_gets_it_no_other_way(app, stand, signed_in):
    before, admin = unchanged(app, stand), signed_in("adm")
    assert invite(admin, role="owner").status_code == 422
    assert 'value="owner"' not in admin.get("/northgate/members").text
    assert unchanged(app, stand) == before


def test_a_client_user_is_invited_for_one_employer_from_its_page(owner, stand, inside):
    client = stand.here.employers[1].ids["client"]
    answer = owner.post(f"/northgate/clients/{client}/users", {"email": "jo@example.org", "part": "jhsc"})
    assert answer.location == f"/northgate/clients/{client}/users"
    _email, details = inside(lambda session: session.execute(granted("jo@example.org")).one())
    assert (details["client_id"], details["client_part"]) == (str(client), "jhsc")
    assert "jo@example.org" in owner.get(answer.location).text


@pytest.mark.parametrize("part", ["", "boss", "owner"])
def test_a_part_that_no_client_user_has_is_refused(app, stand, owner, part):
    before, client = unchanged(app, stand), stand.here.employers[0].ids["client"]
    answer = owner.post(f"/northgate/clients/{client}/users", {"email": "jo@example.org", "part": part})
    assert (answer.status_code, unchanged(app, stand)) == (422, before)


def test_another_consultancys_client_gets_no_users_from_here(app, stand, owner):
    before, foreign = unchanged(app, stand), stand.elsewhere.employers[0].ids["client"]
    fields = {"email": "jo@example.org", "part": "jhsc"}
    assert owner.post(f"/northgate/clients/{foreign}/users", fields).status_code == 404
    mine = stand.here.employers[0].ids["client"]
    answer = owner.post(f"/northgate/clients/{mine}/users", fields | {"client_id": str(foreign), "role": "owner"})
    assert answer.status_code == 303
    with entered(app, stand.here.tenant) as session:
        token = session.scalars(sa.select(Token).where(Token.email == "jo@example.org")).one()
        assert (token.details["client_id"], token.details["role"]) == (str(mine), "client")
        assert before[1] == unchanged(app, stand)[1]


def test_sending_again_makes_another_link(owner, inside):
    first = LINK.search(owner.get(invite(owner).location).text)[0]
    token = inside(lambda _session: invitations.by_secret(first.removeprefix("/invitation/")).id)
    second = LINK.search(owner.get(owner.post(f"/northgate/members/invitations/{token}/send-again").location).text)[0]
    assert first != second
    assert "taken back, or replaced" in owner.get(first).text
    assert owner.post(f"/northgate/members/invitations/{token}/take-back").status_code == 404


def test_roles_change_as_the_ranks_allow(owner, signed_in, stand, inside):
    con, own = (inside(lambda session, word=word: session.scalar(membership(stand, word))) for word in ("con", "own"))
    assert owner.post(f"/northgate/members/{con}/role", {"role": "admin"}).status_code == 303
    assert signed_in("con").get("/northgate/settings").status_code in (200, 303)  # another role in the next request
    last = owner.post(f"/northgate/members/{own}/role", {"role": "admin"})
    assert (last.status_code, "is the last owner" in last.text) == (409, True)
    assert signed_in("adm").post(f"/northgate/members/{own}/leave").status_code == 403


def test_a_client_user_is_off_boarded_and_given_no_role(owner, stand, inside, signed_in):
    user = inside(lambda session: session.scalar(membership(stand, "cli")))
    assert "/role" not in owner.get(f"/northgate/members/{user}").text
    assert owner.post(f"/northgate/members/{user}/role", {"role": "admin"}).status_code == 409
    assert owner.post(f"/northgate/members/{user}/leave").status_code == 303
    assert signed_in("cli").get("/northgate/portal").location.startswith("/sign-in")


def test_who_has_open_work_leaves_it_to_a_colleague(app, owner, stand, inside):
    con, adm = (inside(lambda session, word=word: session.scalar(membership(stand, word))) for word in ("con", "adm"))
    before = unchanged(app, stand)
    foreign = stand.elsewhere.employers[0].ids["member"]
    user = inside(lambda session: session.scalar(membership(stand, "cli")))
    for successor in ("", str(con), str(foreign), str(user), "nobody"):
        answer = owner.post(f"/northgate/members/{con}/leave", {"successor": successor})
        assert (successor, answer.status_code) == (successor, 422)
    assert unchanged(app, stand) == before
    led = {employer.ids["engagement"] for employer in stand.here.employers}
    assert owner.post(f"/northgate/members/{con}/leave", {"successor": str(adm)}).status_code == 303
    with entered(app, stand.here.tenant) as session:
        leads = session.scalars(sa.select(Engagement.lead_id).where(Engagement.id.in_(led))).all()
        parts = session.scalars(sa.select(Assignment.membership_id).where(Assignment.engagement_id.in_(led))).all()
        assert set(leads) == set(parts) == {adm}
        handed = sa.select(AuditEntry.subject_id).where(AuditEntry.verb == "engagement.handed_over")
        assert led <= set(session.scalars(handed))


def test_closed_work_stays_with_who_did_it(app, owner, stand, inside):
    con, adm = (inside(lambda session, word=word: session.scalar(membership(stand, word))) for word in ("con", "adm"))
    with entered(app, stand.here.tenant) as session:
        lead = session.scalars(sa.select(Membership).where(Membership.id == con)).one()
        client = session.scalars(sa.select(Engagement)).first().client
        closed = make_engagement(client=client, lead=lead, closed_on=today()).id
    owner.post(f"/northgate/members/{con}/leave", {"successor": str(adm)})
    assert inside(lambda session: session.scalar(sa.select(Engagement.lead_id).where(Engagement.id == closed))) == con


def test_off_boarding_takes_effect_within_one_request(app, owner, signed_in, stand, inside):
    con, adm = (inside(lambda session, word=word: session.scalar(membership(stand, word))) for word in ("con", "adm"))
    leaver, other = signed_in("con"), stand.here.employers[0].ids
    assert leaver.get("/northgate/members").status_code == 200
    with entered(app, stand.here.tenant) as session:
        member = session.scalars(sa.select(Membership).where(Membership.id == con)).one()
        for _ in range(3):
            make_sign_in(person=session.get_one(Person, member.person_id))
        engagement = session.scalars(sa.select(Engagement).where(Engagement.id == other["engagement"])).one()
        queued = make_deliverable(engagement=engagement, by=member, production="queued").id
        failed = make_deliverable(engagement=engagement, by=member, production="failed").id
    assert owner.post(f"/northgate/members/{con}/leave", {"successor": str(adm)}).status_code == 303
    for path in ("/northgate/members", "/me", f"/northgate/deliverables/{other['draft']}/file"):
        assert leaver.get(path).location.startswith("/sign-in")
    with entered(app, stand.here.tenant) as session:
        assert sign_ins.of_person(stand.people["con"][0]) == []
        assert sign_ins.find(hashed(stand.people["con"][1])) is None
        rows = dict(session.execute(sa.select(Deliverable.id, Deliverable.production)).all())
        assert (rows[queued], rows[failed]) == ("cancelled", "failed")
        reason = sa.select(AuditEntry.details).where(AuditEntry.subject_id == queued)
        assert session.scalars(reason).all() == [{"reason": "requester no longer authorised"}]


class TestPartners:
    @pytest.fixture
    def path(self, stand):
        return f"/northgate/engagements/{stand.here.employers[1].ids['engagement']}/consents"

    @pytest.fixture
    def terms(self):
        return {
            "partner": "association of PAR", "reference": "R-77", "expires_on": str(today() + timedelta(days=30)),
            "show_employer": "y",
        }  # fmt: skip

    def test_a_partner_sees_what_was_consented_until_it_is_revoked(self, app, owner, signed_in, stand, path, terms):
        partner = signed_in("par")
        name = partner.get("/partner").text
        assert owner.post(path, terms).status_code == 303
        assert partner.get("/partner").text.count("Northgate") > name.count("Northgate")
        with entered(app, stand.here.tenant) as session:
            consent = session.scalars(sa.select(Consent.id).where(Consent.reference == "R-77")).one()
        assert owner.post(f"/northgate/consents/{consent}/revoke").status_code == 303
        assert partner.get("/partner").text.count("Northgate") == name.count("Northgate")
        assert owner.post(f"/northgate/consents/{consent}/revoke").status_code == 409
        assert owner.post(path, terms | {"partner": stand.emails["par"]}).status_code == 303  # given again
        with entered(app, stand.here.tenant) as session:
            verbs = sa.select(AuditEntry.verb).where(AuditEntry.verb.startswith("consent."))
            assert sorted(session.scalars(verbs)) == ["consent.granted", "consent.granted", "consent.revoked"]

    def test_one_employer_with_two_engagements_is_one_member(self, app, owner, signed_in, stand, path, terms):
        partner = signed_in("par")
        before = re.search(r"(\d+) members? shares? (?:its|their) status with you[.]", partner.get("/partner").text)
        with entered(app, stand.here.tenant) as session:
            employer = session.get(Client, (stand.here.tenant, stand.here.employers[1].ids["client"]))
            second = make_engagement(client=employer, stage="collect").id
        for one in (path, f"/northgate/engagements/{second}/consents"):
            assert owner.post(one, terms).status_code == 303
        page = partner.get("/partner").text
        count = int(before[1]) + 1 if before else 1
        assert re.search(rf"\b{count} members? shares? (?:its|their) status with you[.]", page)
        assert f"{count + 1} engagements." in page

    @pytest.mark.parametrize(
        "wrong",
        [{"partner": "nobody"}, {"partner": "%"}, {"expires_on": "2001-01-01"}, {"expires_on": "soon"},
         {"expires_on": "9999-01-01"}, {"reference": ""}, {"reference": "x" * 41}],
    )  # fmt: skip
    def test_bad_terms_are_refused_and_nothing_is_written(self, app, stand, owner, path, terms, wrong):
        before = unchanged(app, stand)
        assert (owner.post(path, terms | wrong).status_code, unchanged(app, stand)) == (422, before)
