"""Clause desks in every state: locked by a released report, carried over, at a site, with suggestions."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Flask

from consultancy.actions import carry_overs, ratings, suggestions
from consultancy.models.engagement import Engagement
from consultancy.queries import assessments
from consultancy.queries.suggestions import elsewhere
from tenants.database import now
from tests.factories import entered, make_deliverable, make_engagement_site, make_site


def desks(app: Flask, tenant: UUID, served: Any, owner_of: Callable[..., Any]) -> dict[str, Any]:
    locked, carried, by_keys = (served.fresh_engagement() for _ in range(3))
    cor = served.fresh_engagement("pre_audit", "cor2020")
    with entered(app, tenant) as session:
        by = owner_of(session).id
        before, here, keys, other = (
            session.get_one(Engagement, (tenant, one)) for one in (locked, carried, by_keys, cor)
        )

        def rate(engagement: Engagement, requirement: str, level: int, site: UUID | None = None) -> Any:
            assessment = assessments.of_engagement(engagement)
            rating = assessments.rating_of(assessment, requirement, site)
            return ratings.rate_requirement(
                assessment, requirement=requirement, site=site, revision=rating.revision if rating else 0, by=by,
                state="rated", level=level,
            )  # fmt: skip

        for requirement in ("4.1", "7.4.1"):
            rating = rate(before, requirement, 1)
            ratings.note_observation(
                rating, assessment=assessments.of_engagement(before), text="A list of 2024.", method="document", by=by
            )
        make_deliverable(engagement=before, standing="released", released_at=now(), title="Gap report of last year")
        north, south = (make_site(client=here.client, name=name) for name in ("North yard", "South yard"))
        for site in (north, south):
            make_engagement_site(engagement=here, site=site)
        for engagement in (here, keys):
            carry_overs.carry_forward(engagement, source=before, parts=list(carry_overs.PARTS), by=by)
        rate(here, "8.2", 3, north.id)
        rate(here, "8.2", 1, south.id)
        rate(other, "8", 3)
        assessment = assessments.of_engagement(here)
        waiting = elsewhere(assessment, "7.4.1", None, south.id).waiting
        suggestions.accept(
            assessment, requirement="7.4.1", site=south.id, key=waiting[0].source.key, revision=0, by=by
        )
        rate(other, "8", 2)
        return {
            "locked": locked, "carried": carried, "decided_by_keys": by_keys, "north": north.id, "south": south.id,
        }  # fmt: skip
