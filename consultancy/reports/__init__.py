"""The fields of every deliverable, put together from what is recorded. Plain data: the writer needs no database."""
from collections.abc import Callable
from typing import Any

from consultancy.reports import gap_report, roadmap
from consultancy.reports.refusals import MissingData, UnknownKind

__all__ = ["ASSEMBLE", "OFFERED", "MissingData", "UnknownKind"]
Assembler = Callable[..., tuple[str, dict[str, Any]]]
ASSEMBLE: dict[str, Assembler] = {
    "gap_report": gap_report.assemble,
    "roadmap": roadmap.assemble,
}
OFFERED: dict[str, tuple[str, ...]] = {
    "gap_analysis": ("gap_report", "corrective_action_plan", "roadmap"),
    "program_development": ("roadmap", "policy", "procedure"),
    "pre_audit": ("pre_audit_report", "corrective_action_plan"),
}
