"""The consultancy's own periods, holds, and the purge that an owner sets off by hand."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from consultancy.actions.shared_evidence import hand_on
from consultancy.models.client import Client
from consultancy.models.engagement import Engagement
from consultancy.models.retention import DeletionCertificate, RetentionRule
from consultancy.privacy import retention
from consultancy.privacy.deletion import destroy
from consultancy.privacy.exports import holding
from tenants import audit
from tenants.database import db, tenant_session
from tenants.models import Membership
from tenants.refusal import NotValid, Refusal

SHORTEST, LONGEST = 1, 60  # years


class PeriodNotAllowed(NotValid):
    """Periods are whole years, and only of classes that a consultancy may decide on."""


class HoldWithoutReason(NotValid):
    """A hold says who asked for it and why."""


class PlanMoved(Refusal):
    """What is due is no longer what the page showed."""


def set_period(*, record_class: str, years: int, by: UUID) -> None:
    """Keep a class of records this long. Raises PeriodNotAllowed."""
    if record_class not in retention.EDITABLE or not SHORTEST <= years <= LONGEST:
        raise PeriodNotAllowed(record_class)
    rule = retention.rules().get(record_class)
    if (rule.years if rule else retention.CLASSES[record_class].years) == years:
        return
    if rule:
        rule.years = years
    else:
        rule = RetentionRule(record_class=record_class, years=years)
        db.session.add(rule)
    db.session.flush()
    audit.record("retention_rule.set", rule, by=by, record_class=record_class, years=years)


def hold(engagement: Engagement, *, reason: str, by: UUID) -> None:
    """Nothing of the engagement is destroyed until the hold is lifted. Raises HoldWithoutReason."""
    if not reason.strip():
        raise HoldWithoutReason(engagement.title)
    _set_hold(engagement, reason.strip())
    audit.record("engagement.held", engagement, by=by)


def lift_hold(engagement: Engagement, *, by: UUID) -> None:
    if engagement.legal_hold:
        _set_hold(engagement, "")
        if engagement.closed_on is not None:
            hand_on(engagement, by=by)
        audit.record("engagement.hold_lifted", engagement, by=by)


def _set_hold(engagement: Engagement, reason: str) -> None:
    """Past the revision: whoever types the report's texts at the same time is not in the way of this."""
    db.session.execute(
        sa.update(Engagement)
        .where(Engagement.id == engagement.id)
        .values(legal_hold=reason)
        .execution_options(synchronize_session=False)
    )
    set_committed_value(engagement, "legal_hold", reason)


def purge(*, seen: str, today: date, by: UUID) -> list[DeletionCertificate]:
    """Destroy exactly the plan that the owner saw; a certificate for each part. Evidence that an open or a held
    engagement rests on was not in it and goes over to that one. Raises PlanMoved."""
    # Whoever opens an engagement for one of the clients at this moment comes before us, and then the plan has moved.
    db.session.execute(sa.select(Client.id).order_by(Client.id).with_for_update())
    # Whoever puts a hold on one of them at this moment comes before us, and then the plan has moved; or after us.
    db.session.execute(sa.select(Engagement.id).where(Engagement.closed_on.is_not(None)).with_for_update())
    plan = retention.purge_plan(today)
    if not plan or retention.word_for(plan) != seen:
        raise PlanMoved(len(plan))
    certificates = []
    for due in plan:
        engagement, client = due.engagement, due.client
        if engagement:
            hand_on(engagement, by=by)
            client = engagement.client
        certificates.append(
            destroy(
                due.top,
                list(due.ids),
                subject=due.record_class,
                subject_id=engagement.id if engagement else client.id if client else tenant_session().tenant_id,
                label=f"{client.code if client else ''} {engagement.opened_on if engagement else today}".strip(),
                reason="retention",
                by=by,
                exports=holding(client.id) if client else (),
            )
        )
    member = db.session.get_one(Membership, (tenant_session().tenant_id, by))
    audit.record("retention.purged", member, by=by, certificates=[each.id for each in certificates])
    return certificates
