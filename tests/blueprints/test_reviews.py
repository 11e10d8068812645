"""The review of a draft on its page: what was typed stays, who is told reads it in their language."""

import sqlalchemy as sa

from consultancy.calendar import today
from consultancy.models.client import Client
from consultancy.models.deliverable import Deliverable
from tenants.messages import Message
from tenants.models import Membership, Tenant
from tests.factories import entered


def page(stand, word="draft", employer=0):
    return f"/northgate/deliverables/{stand.here.employers[employer].ids[word]}"


def standing(app, stand, word):
    with entered(app, stand.here.tenant) as session:
        return session.get_one(Deliverable, (stand.here.tenant, stand.here.employers[0].ids[word])).standing


def test_a_remark_stands_on_the_page_until_it_is_settled(app, stand, signed_in):
    consultant = signed_in("con")
    answer = consultant.post(f"{page(stand)}/review-notes", {"page": "2", "remark": "The chart has no title."})
    assert answer.headers["Location"].endswith("#review")
    shown = consultant.get(page(stand)).text
    assert "The chart has no title." in shown
    assert "Page 2" in shown
    refused = consultant.post(f"{page(stand)}/release", {})
    assert refused.status_code == 409
    assert "1 remark is still open" in refused.text


def test_a_remark_without_words_keeps_its_page(app, stand, signed_in):
    refused = signed_in("con").post(f"{page(stand)}/review-notes", {"page": "17", "remark": " "})
    assert refused.status_code == 422
    assert 'value="17"' in refused.text
    refused = signed_in("con").post(f"{page(stand)}/review-notes", {"page": "0", "remark": "Why?"})
    assert refused.status_code == 422
    assert "Why?" in refused.text


def test_the_author_waits_for_a_colleague_where_the_consultancy_wants_two(app, stand, signed_in):
    with entered(app, stand.here.tenant) as session:
        session.get_one(Tenant, stand.here.tenant).approve_by_another = True
    author, colleague = signed_in("con"), signed_in("own")
    shown = author.get(page(stand)).text
    assert "It is released once a colleague approved it." in shown
    assert "Release to the client" not in shown
    author.post(f"{page(stand)}/submit", {})
    assert author.post(f"{page(stand)}/approve", {}).status_code == 409
    assert colleague.post(f"{page(stand)}/approve", {}).status_code == 303
    assert author.post(f"{page(stand)}/release", {}).status_code == 303
    assert standing(app, stand, "draft") == "released"


def test_who_is_chosen_is_told_in_the_language_of_the_client(app, stand, signed_in):
    employer = stand.here.employers[0]
    with entered(app, stand.here.tenant) as session:
        session.get_one(Client, (stand.here.tenant, employer.ids["client"])).language = "fr"
        user = session.scalars(sa.select(Membership).where(Membership.client_id == employer.ids["client"])).first()
        chosen = str(user.id)
    form = {"recipients": [chosen], "message": "See you on Monday.", "expires_on": "2099-01-01"}
    assert signed_in("con").post(f"{page(stand)}/release", form).status_code == 303
    with entered(app, stand.here.tenant) as session:
        (mail,) = session.scalars(sa.select(Message).where(Message.body.contains("See you on Monday."))).all()
        assert f"/northgate/portal/deliverables/{employer.ids['draft']}" in mail.body


def test_nobody_of_another_employer_is_told(app, stand, signed_in):
    other = stand.here.employers[1]
    with entered(app, stand.here.tenant) as session:
        user = session.scalars(sa.select(Membership).where(Membership.client_id == other.ids["client"])).first()
        foreign = str(user.id)
    refused = signed_in("con").post(f"{page(stand)}/release", {"recipients": [foreign]})
    assert refused.status_code == 422
    assert standing(app, stand, "draft") == "draft"


def test_nobody_who_left_is_told(app, stand, signed_in):
    employer = stand.here.employers[0]
    with entered(app, stand.here.tenant) as session:
        user = session.scalars(sa.select(Membership).where(Membership.client_id == employer.ids["client"])).first()
        user.left_on = today()
        gone, name = str(user.id), user.name
    assert name not in signed_in("con").get(page(stand)).text.partition("Tell by mail")[2]
    assert signed_in("con").post(f"{page(stand)}/release", {"recipients": [gone]}).status_code == 422


def test_access_that_ends_today_is_refused_and_the_message_stays(app, stand, signed_in):
    form = {"message": "See you on Monday.", "expires_on": today().isoformat()}
    refused = signed_in("con").post(f"{page(stand)}/release", form)
    assert refused.status_code == 422
    assert "The last day to download lies after today." in refused.text
    assert standing(app, stand, "draft") == "draft"
