"""An operator behind a broken glass reads for an hour, changes nothing, and everybody hears it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tenants.audit import AuditEntry, broken_link
from tenants.database import db, now
from tenants.messages import Message
from tenants.models import Person
from tenants.platform import BreakGlass
from tests.blueprints.visiting import without_marks
from tests.factories import entered


@pytest.fixture
def operator(signed_in):
    return signed_in("op")


@pytest.fixture
def broken(stand, operator):
    """The operator broke the glass of the first consultancy."""
    fields = {"consultancy": stand.here.tenant, "reason": "A report will not open."}
    answer = operator.post("/ops/break-glass", fields)
    assert (answer.status_code, answer.location) == (303, "/northgate/clients")


@pytest.fixture
def paths(stand):
    ids = stand.here.employers[0].ids
    return [
        "/northgate/clients", f"/northgate/clients/{ids['client']}", f"/northgate/engagements/{ids['engagement']}",
        f"/northgate/findings/{ids['finding']}", f"/northgate/deliverables/{ids['draft']}/file",
    ]  # fmt: skip


def own_glass(app, stand):
    with entered(app, stand.here.tenant) as session:
        mine = sa.select(BreakGlass).where(BreakGlass.person_id == stand.people["op"][0])
        return session.scalars(mine).one().id


def entries(app, stand, verb):
    with entered(app, stand.here.tenant) as session:
        assert broken_link() is None
        found = session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == verb).order_by(AuditEntry.number))
        return [entry.details for entry in found]


def test_nothing_of_the_consultancy_is_read_before(operator, paths):
    assert {operator.get(path).status_code for path in paths} == {404}


@pytest.mark.usefixtures("broken")
class TestBroken:
    def test_every_page_can_be_read_and_is_written_down_once(self, app, stand, operator, paths):
        for path in paths * 2:
            assert operator.get(path).status_code == 200
        assert sorted(one["path"] for one in entries(app, stand, "glass.page_read")) == sorted(paths)
        assert {one["operator"] for one in entries(app, stand, "glass.page_read")} == {str(stand.people["op"][0])}

    def test_each_page_says_that_it_is_watched(self, operator, paths):
        assert "behind a broken glass" in operator.get(paths[0]).text

    def test_no_button_is_offered_and_no_form_is_taken(self, operator, paths, stand):
        page = operator.get(paths[1]).text
        assert "/edit" not in page
        assert operator.get(paths[1] + "/edit").status_code == 404
        assert operator.post(paths[1], {"legal_name": "Mine"}).status_code == 404
        assert operator.post("/northgate/settings", {}).status_code == 404
        assert operator.get("/northgate/settings").status_code == 404
        assert operator.get("/northgate/portal").status_code == 404

    def test_no_other_consultancy_opens(self, operator):
        nowhere, other = operator.get("/no-such-consultancy/clients"), operator.get("/lakeshore/clients")
        assert (nowhere.status_code, other.status_code) == (404, 404)
        assert without_marks(nowhere, "no-such-consultancy") == without_marks(other, "lakeshore")

    def test_no_other_operator_comes_along(self, app, stand, operator, signed_in, paths):
        with app.app_context():
            db.session.get_one(Person, stand.people["parx"][0]).operator = True
            db.session.commit()
        assert signed_in("parx").get(paths[0]).status_code == 404

    def test_the_owner_is_told_with_the_reason(self, app, stand):
        with entered(app, stand.here.tenant) as session:
            [body] = session.scalars(sa.select(Message.body).where(Message.to_email == stand.emails["own"]))
        assert "A report will not open." in body
        assert [one["reason"] for one in entries(app, stand, "glass.broken")] == ["A report will not open."]

    def test_after_the_hour_everything_is_closed_again(self, app, stand, operator, paths):
        assert operator.get(paths[0]).status_code == 200
        glass = own_glass(app, stand)
        with entered(app, stand.here.tenant) as session:
            session.get_one(BreakGlass, (stand.here.tenant, glass)).until = now() - timedelta(seconds=1)
        assert {operator.get(path).status_code for path in paths} == {404}

    def test_an_operator_who_is_dismissed_reads_no_further(self, app, stand, operator, paths):
        with app.app_context():
            db.session.get_one(Person, stand.people["op"][0]).operator = False
            db.session.commit()
        assert operator.get(paths[0]).status_code == 404

    def test_the_owner_ends_it_on_the_settings_page(self, app, stand, operator, signed_in, paths):
        glass, owner = own_glass(app, stand), signed_in("own")
        page = owner.get("/northgate/settings").text
        assert "A report will not open." in page
        assert f"/northgate/settings/glasses/{glass}/close" in page
        assert owner.post(f"/northgate/settings/glasses/{glass}/close").status_code == 303
        assert operator.get(paths[0]).status_code == 404
        assert owner.post(f"/northgate/settings/glasses/{glass}/close").status_code == 404  # it is whole again
        assert str(glass) not in owner.get("/northgate/settings").text

    def test_the_operator_ends_it(self, app, stand, operator, paths):
        glass = own_glass(app, stand)
        assert f"/ops/break-glass/{glass}/close" in operator.get("/ops").text
        assert operator.post(f"/ops/break-glass/{glass}/close").status_code == 303
        assert operator.get(paths[0]).status_code == 404
        assert len(entries(app, stand, "glass.healed")) == 1

    def test_nobody_elses_glass_is_ended_on_the_platforms_pages(self, operator, stand):
        answers = [
            operator.post(f"/ops/break-glass/{key}/close") for key in (stand.here.employers[0].ids["glass"], uuid4())
        ]
        assert [answer.status_code for answer in answers] == [404, 404]

    def test_a_second_glass_is_refused_while_the_first_is_broken(self, operator, stand):
        again = operator.post("/ops/break-glass", {"consultancy": stand.here.tenant, "reason": "Once more."})
        assert again.status_code == 409
        assert "Northgate" in again.text

    def test_a_download_is_written_down_as_well(self, app, stand, operator, paths):
        operator.get(paths[-1])
        assert len(entries(app, stand, "deliverable.downloaded")) == 1

    def test_suspending_ends_it(self, operator, stand, paths):
        operator.post(f"/ops/consultancies/{stand.here.tenant}/suspend", {"suspend-reason": "They asked us to."})
        assert operator.get(paths[0]).status_code == 404
        again = operator.post("/ops/break-glass", {"consultancy": stand.here.tenant, "reason": "To look."})
        assert again.status_code == 409


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"reason": ""}, 422), ({"reason": " \x00 "}, 422), ({"reason": "x" * 50_001}, 422), ({}, 422),
        ({"consultancy": "", "reason": "Why."}, 404), ({"consultancy": "no-id", "reason": "Why."}, 404),
        ({"consultancy": str(uuid4()), "reason": "Why."}, 404),
    ],
)  # fmt: skip
def test_a_glass_is_broken_for_a_reason_and_in_a_consultancy_that_is_there(app, stand, operator, fields, status):
    answer = operator.post("/ops/break-glass", {"consultancy": stand.here.tenant} | fields)
    assert answer.status_code == status
    assert entries(app, stand, "glass.broken") == []


@pytest.mark.usefixtures("broken")
def test_what_an_employer_was_convicted_of_or_pays_is_not_read(stand, operator):
    """The client can be read behind the glass, its certificates too; its answers for recognition cannot."""
    ids = stand.here.employers[0].ids
    page = f"/northgate/clients/{ids['client']}"
    seen = [operator.get(f"{page}{at}").status_code for at in (
        "", "/certificates", "/recognitions", f"/recognitions/{ids['recognition']}",
    )]  # fmt: skip
    assert seen == [200, 200, 404, 404]
    assert f"{page}/recognitions" not in operator.get(page).text
