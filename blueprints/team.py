"""The team of a pre-audit: who works on it, and who of them helped the client with the system that is audited."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from blueprints.forms import choice, day, line, note, uuid_or_none
from blueprints.guards import requires
from blueprints.identity import me
from blueprints.page import member_words
from blueprints.pre_audits import refuse_other
from blueprints.refusals import say_refusal
from consultancy.actions import engagements as opening
from consultancy.actions import team as acting
from consultancy.models.engagement import Assignment, Engagement
from consultancy.queries import engagements, independence
from consultancy.queries.independence import Independence
from consultancy.standards.words import choices, say
from tenants.database import transaction
from tenants.models import Membership
from tenants.permissions import Permission

bp = Blueprint("team", __name__)

AT = "/engagements/<uuid:engagement>/team"


def colleagues() -> list[tuple[str, str]]:
    return [(str(member.id), member.name) for member in engagements.staff()]


class MemberForm(FlaskForm):
    member = choice(_l("Person"), colleagues)
    part = choice(_l("Part"), lambda: choices("assignments", member_words()))
    reason = note(
        _l("Why this person audits all the same"),
        longest=2000,
        description=_l("Only where something speaks against them. It stands in the report."),
    )


class ReasonForm(FlaskForm):
    reason = note(_l("Why this person audits all the same"), required=True, longest=2000)


class InvolvementForm(FlaskForm):
    member = choice(_l("Person"), colleagues)
    part = choice(_l("What they did"), lambda: choices("involvement_parts", member_words()))
    what = line(_l("Of what"), required=True, description=_l("For example: lockout program, or the JHSC’s training."))
    from_on = day(_l("From"), required=True)
    until_on = day(_l("Until"), description=_l("Empty while it goes on."))


@bp.get(AT)
@requires(Permission.ENGAGEMENT_READ, engagement=engagements.find)
def show(engagement):
    refuse_other(engagement)
    return page_of(engagement)


@bp.post(AT)
@requires(Permission.ENGAGEMENT_WRITE, engagement=engagements.find)
def put(engagement):
    form = MemberForm()
    if not form.validate_on_submit():
        return page_of(engagement, member_form=form), 422
    try:
        with transaction():
            acting.put_on_team(
                engagement, member=chosen(form), part=form.part.data, reason=form.reason.data, by=me()
            )
    except opening.NotIndependent as refusal:
        form.reason.errors = [say_refusal(refusal)]
        return page_of(engagement, member_form=form), 422
    except (acting.AlreadyOnTeam, acting.NotOnStaff) as refusal:
        form.member.errors = [say_refusal(refusal)]
        return page_of(engagement, member_form=form), refusal.status
    flash(_("%(name)s is on the team.", name=chosen(form).name), "good")
    return redirect(url_for(".show", engagement=engagement.id), 303)


@bp.post(f"{AT}/<uuid:assignment>/reason")
@requires(Permission.ENGAGEMENT_WRITE, engagement=engagements.find, assignment=independence.find_assignment)
def explain(engagement, assignment):
    refuse_strange(engagement, assignment)
    form = ReasonForm(prefix=str(assignment.id))
    if not form.validate_on_submit():
        return page_of(engagement, reason_form=(assignment.id, form)), 422
    with transaction():
        acting.give_reason(assignment, engagement=engagement, reason=form.reason.data, by=me())
    flash(_("The reason is kept and will stand in the report."), "good")
    return redirect(url_for(".show", engagement=engagement.id), 303)


@bp.post(f"{AT}/<uuid:assignment>/take-off")
@requires(Permission.ENGAGEMENT_WRITE, engagement=engagements.find, assignment=independence.find_assignment)
def take_off(engagement, assignment):
    refuse_strange(engagement, assignment)
    name = assignment.membership.name
    with transaction():
        acting.take_off_team(assignment, engagement=engagement, by=me())
    flash(_("%(name)s is off the team.", name=name), "good")
    return redirect(url_for(".show", engagement=engagement.id), 303)


@bp.post(f"{AT}/involvements")
@requires(Permission.ENGAGEMENT_WRITE, engagement=engagements.find)
def declare(engagement):
    refuse_other(engagement)
    form = InvolvementForm()
    if not form.validate_on_submit():
        return page_of(engagement, involvement_form=form), 422
    try:
        with transaction():
            acting.declare(
                engagement.client, member=chosen(form), part=form.part.data, what=form.what.data,
                from_on=form.from_on.data, until_on=form.until_on.data, by=me(),
            )  # fmt: skip
    except acting.EndsBeforeItBegins as refusal:
        form.until_on.errors = [say_refusal(refusal)]
        return page_of(engagement, involvement_form=form), 422
    except acting.NotOnStaff as refusal:
        form.member.errors = [say_refusal(refusal)]
        return page_of(engagement, involvement_form=form), refusal.status
    flash(_("Declared. It counts for every pre-audit of this client."), "good")
    return redirect(url_for(".show", engagement=engagement.id), 303)


@bp.post(f"{AT}/involvements/<uuid:involvement>/take-back")
@requires(Permission.ENGAGEMENT_WRITE, engagement=engagements.find, involvement=independence.find)
def take_back(engagement, involvement):
    refuse_other(engagement)
    if involvement.client_id != engagement.client_id:
        abort(404)
    with transaction():
        acting.take_back(involvement, by=me())
    flash(_("Taken back."), "good")
    return redirect(url_for(".show", engagement=engagement.id), 303)


def chosen(form: Any) -> Membership:
    return next(member for member in engagements.staff() if member.id == uuid_or_none(form.member.data))


def refuse_strange(engagement: Engagement, assignment: Assignment) -> None:
    if assignment.engagement_id != engagement.id:
        abort(404)


def page_of(
    engagement: Engagement, *, member_form: Any = None, involvement_form: Any = None, reason_form: Any = None
) -> str:
    held, team = independence.of_engagement(engagement), engagements.team(engagement)
    others = [member for member in engagements.staff() if member.id not in {one.membership_id for one in team}]
    refused, form = reason_form or (None, None)
    putting = member_form or MemberForm(formdata=None, data={"part": "consultant"})
    # Nobody is chosen beforehand: a reason that was typed for one would else go to the first of the list.
    putting.member.choices = [("", _("Choose somebody")), *((str(one.id), one.name) for one in others)]
    return render_template(
        "team/show.html",
        engagement=engagement,
        team=[
            {
                "id": one.id,
                "name": one.membership.name,
                "part": say("assignments", one.part, member_words()),
                "against": sentences(held, one.membership_id),
                "reason": one.independence_reason,
                "form": form if refused == one.id else fresh(one),
                "refused": refused == one.id,
            }
            for one in team
        ],
        others=[
            {"name": member.name, "against": sentences(held, member.id)}
            for member in others
            if member.id in held.against
        ],
        rule=rule_shown(held),
        declared=[
            {
                "id": one.id,
                "name": one.membership.name,
                "what": one.what,
                "part": say("involvement_parts", one.part, member_words()),
                "from_on": one.from_on,
                "until_on": one.until_on,
            }
            for one in independence.declared(engagement)
        ],
        member_form=putting,
        involvement_form=involvement_form or InvolvementForm(formdata=None),
    )


def fresh(assignment: Assignment) -> ReasonForm:
    return ReasonForm(formdata=None, prefix=str(assignment.id), data={"reason": assignment.independence_reason})


def sentences(held: Independence, member: Any) -> list[str]:
    return [one.sentence(member_words()) for one in held.against.get(member, ())]


def rule_shown(held: Independence) -> dict[str, Any] | None:
    if held.rule is None:
        return None
    words = member_words()
    return {
        "words": held.rule.words[words],
        "source": held.rule.source[words],
        "certainty": say("certainties", held.rule.certainty, words),
        "audit_from": held.audit_from,
        "audit_to": held.audit_to,
    }
