"""What every page template may read about the reader and the place."""

from types import SimpleNamespace
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tenants.permissions import GRANTS, Permission, Role


def page() -> dict[str, Any]:
    return {
        "page": SimpleNamespace(**(signed_in() if current_user.is_authenticated else {"person": None}), **defaults())
    }


def defaults() -> dict[str, Any]:
    standing = g.get("standing")
    return {
        "tenant": SimpleNamespace(slug=g.tenant_slug, name=tenant_name())
        if g.get("tenant_slug") and standing
        else None,
        "client": g.get("client"),
        "engagement": g.get("engagement"),
        "behind_glass": bool(standing and standing.role is Role.OPERATOR and standing.tenant_id),
        "role_word": role_word(standing.role) if standing else "",
        "navigation": navigation(standing),
        "may": may,
    }


def signed_in() -> dict[str, Any]:
    person = current_user.person
    return {"person": person, "theme": person.theme, "language": person.language}


def tenant_name() -> str:
    return g.get("tenant_name") or g.tenant_slug


CLOSED_WITH_THE_ENGAGEMENT = frozenset(
    (
        Permission.ENGAGEMENT_WRITE,
        Permission.ASSESSMENT_WRITE,
        Permission.EVIDENCE_WRITE,
        Permission.FINDING_WRITE,
        Permission.CORRECTIVE_ACTION_WRITE,
        Permission.REGISTER_WRITE,
    )
)


def may(permission: str) -> bool:
    """Is the button worth showing? A closed engagement takes no more changes; its deliverables can still be written."""
    standing, engagement = g.get("standing"), g.get("engagement")
    if engagement is not None and engagement.closed_on and Permission(permission) in CLOSED_WITH_THE_ENGAGEMENT:
        return False
    return bool(standing) and Permission(permission) in GRANTS[standing.role]


def role_word(role: str) -> str:
    return {
        Role.OWNER: _("Owner"),
        Role.ADMIN: _("Administrator"),
        Role.CONSULTANT: _("Consultant"),
        Role.CLIENT: _("Client"),
        Role.PARTNER: _("Partner"),
        Role.OPERATOR: _("Operator"),
    }[Role(role)]


def navigation(standing: Any) -> list[dict[str, Any]]:
    if not standing:
        return []
    if standing.role is Role.PARTNER:
        entries = [(_("Status board"), "partner.index")]
    elif standing.role is Role.OPERATOR and not standing.tenant_id:
        entries = [(_("Consultancies"), "ops.index"), (_("Platform trail"), "ops.trail")]
    elif standing.role is Role.CLIENT:
        entries = [(_("Your documents"), "portal.index")]
    elif standing.tenant_id:
        entries = [(_("Clients"), "clients.index")]
        if may(Permission.DOCUMENT_TEMPLATE_READ):
            entries.append((_("Document templates"), "document_templates.index"))
        if may(Permission.MEMBER_READ):
            entries.append((_("Members"), "members.index"))
        if may(Permission.SETTINGS_READ):
            entries.append((_("Settings"), "practice.show"))
        if may(Permission.AUDIT_READ):
            entries.append((_("Audit trail"), "audit.index"))
    else:
        entries = []
    current = current_entry([endpoint for _label, endpoint in entries])
    return [{"label": label, "url": url_for(endpoint), "current": endpoint == current} for label, endpoint in entries]


def current_entry(endpoints: list[str]) -> str | None:
    """The entry this page belongs to: itself, else one of its noun, else the first, under which the field's work is."""
    here = request.endpoint or ""
    noun = {"brand": "practice", "standards": "practice"}.get(here.split(".")[0], here.split(".")[0])
    same_noun = [endpoint for endpoint in endpoints if endpoint.split(".")[0] == noun]
    elsewhere = here.split(".")[0] in ("me", "sign_in")
    return next((one for one in [*(e for e in endpoints if e == here), *same_noun, *endpoints[: not elsewhere]]), None)


def capital(word: Any) -> str:
    """A word of the field as it stands alone, in a mark or a list of choices: with a capital."""
    text = str(word)
    return text[:1].upper() + text[1:]


def member_words() -> str:
    """The language the reader of this page wants the field's words in. Asked hundreds of times a page."""
    if "words" not in g:
        g.words = current_user.person.language if current_user.is_authenticated else "en"
    return g.words
