"""What a consultancy says about itself, and the rules it works by."""

import hashlib
import json
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from tenants import audit
from tenants.database import db, tenant_session
from tenants.models import Tenant
from tenants.refusal import Refusal

SETTINGS = (
    "name", "legal_name", "address", "email", "phone", "language", "restrict_consultants", "approve_by_another",
)  # fmt: skip


class SettingsChangedMeanwhile(Refusal):
    """Somebody else saved the settings after this page was opened."""


def practice() -> Tenant:
    """The entered consultancy."""
    return db.session.execute(sa.select(Tenant).where(Tenant.id == tenant_session().tenant_id)).scalar_one()


def seen(tenant: Tenant) -> str:
    """A word for the settings as they stand, which a form brings back: another word means that somebody saved."""
    return hashlib.sha256(json.dumps(_settings(tenant)).encode()).hexdigest()[:24]


def change_settings(tenant: Tenant, *, seen_before: str, by: UUID, **settings: Any) -> None:
    """Save what the consultancy says about itself; the trail keeps both versions. Raises SettingsChangedMeanwhile."""
    db.session.refresh(tenant, with_for_update=True)
    if seen(tenant) != seen_before:
        raise SettingsChangedMeanwhile
    before = _settings(tenant)
    for name in SETTINGS:
        setattr(tenant, name, settings[name])
    after = _settings(tenant)
    changed = [name for name in SETTINGS if before[name] != after[name]]
    if changed:
        audit.record(
            "settings.changed",
            tenant,
            by=by,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )


def _settings(tenant: Tenant) -> dict[str, Any]:
    return {name: getattr(tenant, name) for name in SETTINGS}
