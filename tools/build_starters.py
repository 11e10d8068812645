"""Builds the shipped Word document templates: python -m tools.build_starters

The .docx files in document_templates/starters are committed and are what the product ships. Building again gives
the same bytes, so a change here shows as a change there and nowhere else.
"""

from __future__ import annotations

from pathlib import Path

from tools.starters import (
    corrective_action_plan,
    gap_report,
    management_review,
    manual,
    policy,
    pre_audit_report,
    procedure,
    roadmap,
    sose_letter,
)
from tools.starters.package import docx

SHELF = Path(__file__).parents[1] / "document_templates" / "starters"
STARTERS = [module.STARTER for module in
            (gap_report, corrective_action_plan, roadmap, policy, procedure, manual, pre_audit_report,
             management_review, sose_letter)]


def main() -> None:
    SHELF.mkdir(parents=True, exist_ok=True)
    for starter in STARTERS:
        content = docx(starter)
        (SHELF / f"{starter.kind}.docx").write_bytes(content)
        print(f"{starter.kind}.docx  {len(content)} bytes")


if __name__ == "__main__":
    main()
