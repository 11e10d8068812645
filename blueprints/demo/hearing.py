"""Whom the demo practice asked, and what they confirmed: by number, as it would be kept."""

from datetime import date
from typing import Any

from blueprints.demo.files import rows
from blueprints.demo.practice import Loading
from consultancy.actions import interviews
from consultancy.actions.interviews import Answer
from consultancy.models.engagement import Engagement

SHIFTS = {"cedarline-pre-2026": 3}


def heard(loading: Loading, row: dict[str, str], engagement: Engagement) -> None:
    """Interviews of one engagement, against a sample of the client's people on their shifts."""
    held, by = list(rows("interviews", engagement_id=row["engagement_id"])), engagement.lead_id
    if not held:
        return
    interviews.keep_sample(
        engagement, people=engagement.client.headcount or 0, shifts=SHIFTS[row["engagement_id"]], by=by
    )
    for one in held:
        placed: dict[str, Any] = {
            "role": one["role"],
            "site": loading.sites[one["site_id"]].id,
            "shift": int(one["shift"]),
            "held_on": date.fromisoformat(one["held_on"]),
        }
        interview = interviews.hold_interview(engagement, by=by, **placed)
        answers = dict(pair.split() for pair in one["answers"].split(";"))
        interviews.fill_sheet(
            interview,
            revision=interview.revision,
            note=one["note"],
            answers={code: Answer(confirmed, "") for code, confirmed in answers.items()},
            by=by,
            **placed,
        )
