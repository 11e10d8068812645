"""The employer, its workplaces and the people we know there."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant


class Client(TenantOwned, db.Model):
    """An employer that a consultancy works for, with the profile that decides its duties and its documents.

    `conditions` holds what the client answered about hazards and law: name -> yes, no or unknown.
    """

    __tablename__ = "client"
    __table_args__ = (sa.UniqueConstraint("tenant_id", "code"),)
    portal_column = "id"
    code: Mapped[str] = mapped_column(sa.String(12))  # opens every document number: TOLMIE-GAP-2026-01
    legal_name: Mapped[str] = mapped_column(sa.String(160))
    trade_name: Mapped[str] = mapped_column(sa.String(120), default="")
    language: Mapped[str] = mapped_column(sa.String(2), default="en")
    naics_code: Mapped[str] = mapped_column(sa.String(6), default="")
    sector: Mapped[str] = mapped_column(sa.String(80), default="")
    jurisdiction: Mapped[str] = mapped_column(sa.String(10), default="ontario")
    headcount: Mapped[int | None]
    participation_body: Mapped[str] = mapped_column(sa.String(10), default="")  # jhsc, hsr or empty
    wsib_account: Mapped[str] = mapped_column(sa.String(20), default="")
    wsib_schedule: Mapped[int | None] = mapped_column(sa.SmallInteger)
    standard_sought: Mapped[str] = mapped_column(sa.String(60), default="")
    target_date: Mapped[date | None]
    conditions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    revision: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}

    @classmethod
    def portal_rule(cls) -> Any:
        return sa.true()

    @property
    def name(self) -> str:
        return self.trade_name or self.legal_name


class Site(TenantOwned, db.Model):
    """A workplace of the client."""

    __tablename__ = "site"
    __table_args__ = (refers_to("client"), sa.Index(None, "tenant_id", "client_id"))
    client_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(sa.String(120))
    address: Mapped[str] = mapped_column(default="")
    high_hazard: Mapped[bool] = mapped_column(default=False)

    client: Mapped[Client] = relationship(primaryjoin=lambda: within_tenant(Site.client_id, Client))


class Contact(TenantOwned, db.Model):
    """Someone at the client, perhaps with no sign-in. `part`: sponsor, coordinator, jhsc_worker, hsr or contact."""

    __tablename__ = "contact"
    __table_args__ = (refers_to("client"), sa.Index(None, "tenant_id", "client_id"))
    client_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(sa.String(120))
    title: Mapped[str] = mapped_column(sa.String(120), default="")
    part: Mapped[str] = mapped_column(sa.String(20), default="contact")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")

    client: Mapped[Client] = relationship(primaryjoin=lambda: within_tenant(Contact.client_id, Client))
