"""What the pages that a pre-audit alone has share."""

from flask import abort

from consultancy.models.engagement import Engagement


def refuse_other(engagement: Engagement) -> None:
    """No such page for any other kind of engagement; the verbs refuse those by themselves (OnlyForPreAudit)."""
    if engagement.kind != "pre_audit":
        abort(404)
