"""Builds the shipped Word document templates: python -m tools.build_starters

The .docx files in document_templates/starters are committed and are what the product ships. Building again gives
the same bytes, so a change here shows as a change there and nowhere else. Each is built in English (`policy.docx`) and
in French (`policy.fr.docx`); words without French in tools/starters/french stop the build.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tools.starters import (
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
from tools.starters.package import docx
from tools.starters.wording import LOCALES, speaking

SHELF = Path(__file__).parents[1] / "document_templates" / "starters"
MODULES = (
    gap_report, corrective_action_plan, roadmap, policy, procedure, manual, pre_audit_report, management_review,
    sose_letter, training_matrix, rebate_sheet, hsep_evidence_pack,
)


def built() -> Iterator[tuple[str, bytes]]:
    """File name and bytes of every starter in every language."""
    for module in MODULES:
        for language in LOCALES:
            with speaking(language):
                content = docx(replace(module.STARTER, body=module.body()))
            suffix = "" if language == "en" else f".{language}"
            yield f"{module.STARTER.kind}{suffix}.docx", content


def main() -> None:
    SHELF.mkdir(parents=True, exist_ok=True)
    for name, content in built():
        (SHELF / name).write_bytes(content)
        print(f"{name}  {len(content)} bytes")


if __name__ == "__main__":
    main()
