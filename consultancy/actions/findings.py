"""Raising findings and following them until they are closed."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from consultancy.actions.clients import ChangedMeanwhile
from consultancy.actions.engagements import refuse_closed
from consultancy.models.corrective_action import BONES, WHYS, AlsoAnswers, CorrectiveAction
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from consultancy.queries import findings
from consultancy.standards import catalogue
from tenants import audit
from tenants.database import db
from tenants.refusal import NotValid, Refusal

FIELDS = (
    "requirement",
    "grade",
    "title",
    "statement",
    "evidence",
    "risk",
    "why",
    "recommendation",
    "legal_duty",
    "owner_text",
    "due",
    "status",
    "training_course",
)
ACTION_FIELDS = (
    "correction",
    *WHYS,
    *BONES,
    "root_cause",
    "action",
    "control_level",
    "owner_text",
    "due",
    "status",
    "completed_on",
    "proof",
    "verified_by",
    "verified_on",
    "effect_due",
    "effect_result",
    "effect_check",
)


class VerifierIsOwner(NotValid):
    """The effect of an action is checked by someone other than its owner."""


class VerifierMissing(NotValid):
    """An action is verified by somebody, on a day."""


class NothingMarked(NotValid):
    """A change of many needs at least one."""


class NothingToChange(NotValid):
    """A change of many says what becomes different."""


class NotInThisList(NotValid):
    """Something was marked that this engagement does not have."""


class FindingClosed(Refusal):
    """A closed finding takes no more corrective actions; it is opened again first."""


class ActionsStillOpen(Refusal):
    """A finding closes after its corrective actions."""


def raise_finding(engagement: Engagement, *, by: UUID | None, raised_on: date, **fields: Any) -> Finding:
    """Raise a finding under the next number. Raises UnknownRequirement, EngagementClosed."""
    refuse_closed(engagement)
    catalogue.find(engagement.standard).requirement(fields["requirement"])
    finding = Finding(
        engagement_id=engagement.id,
        number=_next_number(Finding, engagement),
        raised_by_id=by,
        raised_on=raised_on,
        **{name: fields[name] for name in FIELDS if name in fields},
    )
    if finding.grade == "strength":
        finding.status = "noted"
    db.session.add(finding)
    db.session.flush()
    audit.record("finding.raised", finding, by=by, grade=finding.grade)
    return finding


def change_finding(finding: Finding, /, *, revision: int, by: UUID, **fields: Any) -> None:
    """Correct or regrade a finding. Raises ChangedMeanwhile, ActionsStillOpen."""
    refuse_closed(finding.engagement)
    if finding.revision != revision:
        raise ChangedMeanwhile(finding.label)
    if fields.get("status") == "closed" and finding.status != "closed" and _open_actions(finding):
        raise ActionsStillOpen(finding.label)
    if "requirement" in fields:
        catalogue.find(finding.engagement.standard).requirement(fields["requirement"])
    changed = [name for name in FIELDS if name in fields and getattr(finding, name) != fields[name]]
    for name in changed:
        setattr(finding, name, fields[name])
    if changed:
        audit.record("finding.changed", finding, by=by, fields=changed)


def change_findings(engagement: Engagement, /, **change: Any) -> list[Finding]:
    """The same for many findings, as `change_each` says. Raises ActionsStillOpen besides."""
    return change_each(engagement, findings.marked, change_finding, **change)


def change_each(
    engagement: Engagement,
    marked_of: Callable[[Engagement, Iterable[UUID]], list[Any]],
    change: Callable[..., None],
    *,
    marked: Iterable[tuple[UUID, int]],
    by: UUID,
    today: date,
    status: str = "",
    owner_text: str = "",
    due: date | None = None,
    later: int = 0,
) -> list[Any]:
    """The same for many of an engagement's rows: all of them or none. `marked`: their ids, each with the revision that
    was seen. `later`: days that each due date moves, from today without one.

    Raises NothingMarked, NothingToChange, NotInThisList, and what `change` raises for the first it holds for.
    """
    revisions = dict(marked)
    if not revisions:
        raise NothingMarked
    if not (status or owner_text or due or later):
        raise NothingToChange
    rows = marked_of(engagement, revisions)
    if len(rows) != len(revisions):
        raise NotInThisList
    for one in rows:
        moved = due or ((one.due or today) + timedelta(days=later) if later else None)
        said = {"status": status, "owner_text": owner_text, "due": moved}
        change(one, revision=revisions[one.id], by=by, **{name: value for name, value in said.items() if value})
    return rows


def plan_action(finding: Finding, /, *, by: UUID | None, **fields: Any) -> CorrectiveAction:
    """Plan what is done about a finding, under the engagement's next number.

    Raises FindingClosed, VerifierIsOwner, VerifierMissing.
    """
    refuse_closed(finding.engagement)
    if finding.status == "closed":
        raise FindingClosed(finding.label)
    refuse_own_verification(fields)
    action = CorrectiveAction(
        engagement_id=finding.engagement_id,
        finding_id=finding.id,
        number=_next_number(CorrectiveAction, finding.engagement),
        **{name: fields[name] for name in ACTION_FIELDS if name in fields},
    )
    db.session.add(action)
    db.session.flush()
    audit.record("corrective_action.planned", action, by=by)
    return action


def follow_action(action: CorrectiveAction, /, *, revision: int, by: UUID, **fields: Any) -> None:
    """Move a corrective action on. Raises ChangedMeanwhile, VerifierIsOwner, VerifierMissing."""
    refuse_closed(action.finding.engagement)
    if action.revision != revision:
        raise ChangedMeanwhile(action.label)
    kept = ("owner_text", "status", "verified_by", "verified_on")
    refuse_own_verification({name: getattr(action, name) for name in kept} | fields)
    changed = [name for name in ACTION_FIELDS if name in fields and getattr(action, name) != fields[name]]
    for name in changed:
        setattr(action, name, fields[name])
    if changed:
        audit.record("corrective_action.followed", action, by=by, fields=changed, status=action.status)


def refuse_own_verification(fields: dict[str, Any]) -> None:
    owner, verifier = (str(fields.get(name) or "").strip().casefold() for name in ("owner_text", "verified_by"))
    if owner and owner == verifier:
        raise VerifierIsOwner(fields["verified_by"])
    if fields.get("status") == "verified" and not (verifier and fields.get("verified_on")):
        raise VerifierMissing


def _open_actions(finding: Finding) -> int:
    """Its own and those of other findings that answer it too."""
    also = sa.select(AlsoAnswers.corrective_action_id).where(AlsoAnswers.finding_id == finding.id)
    return (
        db.session.scalar(
            sa.select(sa.func.count(CorrectiveAction.id)).where(
                sa.or_(CorrectiveAction.finding_id == finding.id, CorrectiveAction.id.in_(also)),
                CorrectiveAction.status.not_in(("verified", "closed")),
            )
        )
        or 0
    )


def _next_number(model: Any, engagement: Engagement) -> int:
    # The engagement's row orders two consultants who raise at the same moment.
    db.session.execute(sa.select(Engagement.id).where(Engagement.id == engagement.id).with_for_update())
    return (
        db.session.scalar(sa.select(sa.func.max(model.number)).where(model.engagement_id == engagement.id)) or 0
    ) + 1
