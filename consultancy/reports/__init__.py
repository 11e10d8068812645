"""The fields of every deliverable, put together from what is recorded. Plain data: the writer needs no database."""

from collections.abc import Callable
from typing import Any

from consultancy.reports import (
    corrective_action_plan,
    gap_report,
    hsep_evidence_pack,
    management_review,
    manual,
    policy,
    pre_audit_report,
    procedure,
    rebate_sheet,
    roadmap,
    sose_letter,
    training_matrix,
)
from consultancy.reports.refusals import MissingData, UnknownKind

__all__ = ["ASSEMBLE", "IN_BULK", "OFFERED", "MissingData", "UnknownKind"]

ASSEMBLE: dict[str, Callable[..., tuple[str, dict[str, Any]]]] = {
    "gap_report": gap_report.assemble,
    "corrective_action_plan": corrective_action_plan.assemble,
    "roadmap": roadmap.assemble,
    "policy": policy.assemble,
    "procedure": procedure.assemble,
    "manual": manual.assemble,
    "pre_audit_report": pre_audit_report.assemble,
    "management_review": management_review.assemble,
    "sose_letter": sose_letter.assemble,
    "training_matrix": training_matrix.assemble,
    "rebate_sheet": rebate_sheet.assemble,
    "hsep_evidence_pack": hsep_evidence_pack.assemble,
}
# Kinds of deliverable that each kind of engagement may ask for.
OFFERED: dict[str, tuple[str, ...]] = {
    "gap_analysis": (
        "gap_report", "corrective_action_plan", "roadmap", "training_matrix", "rebate_sheet",
        "hsep_evidence_pack",
    ),
    "program_development": (
        "roadmap", "policy", "procedure", "manual", "management_review", "sose_letter", "training_matrix",
        "rebate_sheet", "hsep_evidence_pack",
    ),
    "pre_audit": (
        "pre_audit_report", "corrective_action_plan", "management_review", "sose_letter", "training_matrix",
        "rebate_sheet", "hsep_evidence_pack",
    ),
}  # fmt: skip
# What needs no more than the engagement: policies and procedures are each about a document of the register.
IN_BULK = tuple(kind for kind in ASSEMBLE if kind not in ("policy", "procedure"))
