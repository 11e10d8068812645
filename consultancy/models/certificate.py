"""Certificates of a client's management system: of whom, for how long, and the audits that keep them alive."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.client import Client
from tenants.database import db
from tenants.keys import TenantOwned, refers_to, within_tenant


class Certificate(TenantOwned, db.Model):
    """`standing` is what somebody said (planned, in force, suspended, withdrawn); expired is read off the day.

    `second_year_on`, `third_year_on`, `further_on`: surveillance audits, or COR's internal ones, that were held;
    `fourth_year_on`: the audit for recertification. `audit_on`: the last day of the audit it rests on;
    `audit_closed_on`: every issue of it corrected to the lead auditor's satisfaction.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        refers_to("client"),
        sa.Index(None, "tenant_id", "client_id"),
        sa.CheckConstraint("standard in ('iso45001', 'csa_z45001', 'cor2020', 'other')", name="standard"),
        sa.CheckConstraint("standing in ('planned', 'in_force', 'suspended', 'withdrawn')", name="standing"),
        sa.CheckConstraint("expires_on > issued_on", name="in_order"),
        sa.CheckConstraint("standing = 'planned' or issued_on is not null", name="issued"),
        sa.CheckConstraint("standard <> 'other' or title <> ''", name="title"),
    )
    client_id: Mapped[UUID]
    standard: Mapped[str] = mapped_column(sa.String(12))
    title: Mapped[str] = mapped_column(sa.String(60), default="")  # its name where the standard is another one
    registrar: Mapped[str] = mapped_column(sa.String(120), default="")
    accreditation: Mapped[str] = mapped_column(sa.String(60), default="")
    number: Mapped[str] = mapped_column(sa.String(60), default="")
    scope: Mapped[str] = mapped_column(default="")
    standing: Mapped[str] = mapped_column(sa.String(12), default="in_force")
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    stage_1_on: Mapped[date | None]
    stage_2_on: Mapped[date | None]
    lead_auditor: Mapped[str] = mapped_column(sa.String(160), default="")
    audit_on: Mapped[date | None]
    audit_closed_on: Mapped[date | None]
    second_year_on: Mapped[date | None]
    third_year_on: Mapped[date | None]
    further_on: Mapped[date | None]
    fourth_year_on: Mapped[date | None]
    next_audit_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)

    client: Mapped[Client] = relationship(primaryjoin=lambda: within_tenant(Certificate.client_id, Client))

    __mapper_args__ = {"version_id_col": revision}
