"""What an employer has of the WSIB's programs: premiums, an amount somebody was told, an HSEp plan at work."""

from typing import Any

from consultancy.models.client import Client
from tests.factories import (
    make_hsep_plan,
    make_hsep_proof,
    make_hsep_step,
    make_hsep_topic,
    make_premium,
    make_sose_amount,
)


def programs(client: Client, evidence: Any) -> dict[str, Any]:
    """The plan's one topic has its five steps; a file shows the first."""
    plan = make_hsep_plan(client=client)
    topic = make_hsep_topic(plan=plan)
    first, *_others = [make_hsep_step(topic=topic, step=number) for number in (1, 2, 3, 4, 5)]
    return {
        "premium": make_premium(client=client), "sose_amount": make_sose_amount(client=client),
        "hsep_bare": make_hsep_topic(plan=plan, code="A4"), "hsep_begun": make_hsep_plan(client=client),
        "hsep_plan": plan, "hsep_topic": topic, "hsep_step": first,
        "hsep_proof": make_hsep_proof(step=first, evidence=evidence),
    }  # fmt: skip
