"""Moving corrective actions on, one or many at once, and letting one answer several findings."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from consultancy.actions.engagements import refuse_closed
from consultancy.actions.findings import (
    FindingClosed,
    VerifierIsOwner,
    VerifierMissing,
    change_each,
    follow_action,
)
from consultancy.models.corrective_action import AlsoAnswers, CorrectiveAction
from consultancy.models.engagement import Engagement
from consultancy.models.finding import Finding
from consultancy.queries import corrective_actions
from tenants import audit
from tenants.database import db
from tenants.refusal import NotValid


class NoSuchFinding(NotValid):
    """The engagement has no finding of this number."""


class OtherEmployer(NotValid):
    """An action answers findings of one employer."""


class VerifyItOnItsPage(NotValid):
    """An action becomes verified with a name and a day, which a card cannot ask for."""


def move_action(action: CorrectiveAction, /, *, revision: int, by: UUID, **fields: Any) -> None:
    """To another column of the board, or on from the list, where nobody can say who verified it.

    Raises ChangedMeanwhile, VerifyItOnItsPage, EngagementClosed.
    """
    try:
        follow_action(action, revision=revision, by=by, **fields)
    except (VerifierMissing, VerifierIsOwner) as refusal:
        raise VerifyItOnItsPage(action.label) from refusal


def change_actions(engagement: Engagement, /, **change: Any) -> list[CorrectiveAction]:
    """The same for many actions, as `change_each` says. Raises VerifyItOnItsPage besides."""
    return change_each(engagement, corrective_actions.marked, move_action, **change)


def link_findings(
    action: CorrectiveAction, /, *, engagement: Engagement, numbers: Iterable[int], by: UUID
) -> list[Finding]:
    """Let the action answer these findings too: of its own engagement, or of another one of the same employer.

    Raises NoSuchFinding, OtherEmployer, FindingClosed, EngagementClosed.
    """
    for one in (action.finding.engagement, engagement):
        refuse_closed(one)
    if engagement.client_id != action.finding.engagement.client_id:
        raise OtherEmployer(engagement.title)
    wanted = list(numbers)
    found = {one.number: one for one in corrective_actions.numbered(engagement, wanted)}
    for number in wanted:
        if number not in found:
            raise NoSuchFinding(f"F-{number:02d}", engagement.title)
    linked = []
    for finding in found.values():
        if finding.status == "closed":
            raise FindingClosed(finding.label)
        if finding.id == action.finding_id or corrective_actions.find_link(action, finding.id):
            continue
        db.session.add(AlsoAnswers(corrective_action_id=action.id, finding_id=finding.id))
        db.session.flush()
        audit.record("corrective_action.linked", action, by=by, finding=str(finding.id))
        linked.append(finding)
    return linked


def unlink_finding(action: CorrectiveAction, finding: Finding, /, *, by: UUID) -> None:
    """The action no longer answers that finding; where it never did, nothing happens."""
    refuse_closed(action.finding.engagement)
    link = corrective_actions.find_link(action, finding.id)
    if link is not None:
        db.session.delete(link)
        audit.record("corrective_action.unlinked", action, by=by, finding=str(finding.id))
