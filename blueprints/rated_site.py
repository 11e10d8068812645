"""Which site a page of ratings is about: `?site=` in its address, or the whole client without it."""

from typing import Any
from uuid import UUID

from flask import abort, g, request, url_for

from consultancy.models.assessment import Rating
from consultancy.models.client import Site
from consultancy.models.engagement import Engagement
from consultancy.queries import engagements

ROOMS = ("assessments", "rating_grid", "rating_history", "presence", "suggestions")
BESIDE = (  # done from the clause desk, which stays at its site
    "carry_overs.confirm", "evidence.choose", "evidence.link", "evidence.receive", "findings.new", "findings.create",
)  # fmt: skip


def sites(engagement: Engagement) -> list[Site]:
    """The sites in scope, asked of the database once a request."""
    if "sites_in_scope" not in g:
        g.sites_in_scope = engagements.sites_in_scope(engagement)
    return g.sites_in_scope


def site_named(engagement: Engagement) -> UUID | None:
    """The site of this page; every link and form of it stays with the site. 404 where it is not in scope."""
    wanted = request.args.get("site", "")
    if not wanted:
        return None
    found = next((one.id for one in sites(engagement) if str(one.id) == wanted), None)
    if found is None:
        abort(404)
    g.rated_site = found
    return found


def stay_at_site(rating: Rating) -> UUID | None:
    """Back to where the rating stands."""
    g.rated_site = rating.site_id
    return rating.site_id


def keep_site(endpoint: str, values: dict[str, Any]) -> None:
    here = endpoint.split(".")[0] in ROOMS or endpoint in BESIDE
    if here and "site" not in values and (site := g.get("rated_site")):
        values["site"] = site


def selector(engagement: Engagement, endpoint: str, **values: Any) -> dict[str, Any]:
    """The whole client and each site in scope, to choose from; nothing where there is one site or none."""
    current, offered = g.get("rated_site"), sites(engagement)
    if len(offered) < 2 and current is None:
        return {"site": None, "sites": []}
    return {
        "site": next((one for one in offered if one.id == current), None),
        "sites": [
            {
                "id": one and one.id,
                "name": one and one.name,
                "current": (one and one.id) == current,
                "url": url_for(endpoint, engagement=engagement.id, site=one and one.id, **values),
            }
            for one in (None, *offered)
        ],
    }
