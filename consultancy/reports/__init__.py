"""What each kind of deliverable says, assembled from the database as plain data at the moment it is requested."""

from collections.abc import Callable
from typing import Any

from tenants.refusal import NotValid

OFFERED: dict[str, tuple[str, ...]] = {
    "gap_analysis": ("gap_report", "corrective_action_plan", "roadmap"),
    "program_development": ("roadmap", "policy", "procedure"),
    "pre_audit": ("pre_audit_report", "corrective_action_plan"),
}


class UnknownKind(NotValid):
    """No deliverable of this kind is offered for this engagement."""


class MissingData(NotValid):
    """The document cannot be written without it; `sentence` says what and where to enter it."""

    @property
    def sentence(self) -> str:
        return str(self.args[0])


ASSEMBLE: dict[str, Callable[..., tuple[str, dict[str, Any]]]] = {}
