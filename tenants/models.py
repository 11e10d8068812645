"""Tenants, people and what ties them together."""

from datetime import date, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.database import db, now
from tenants.keys import TenantOwned
from tenants.permissions import Role


class Tenant(db.Model):
    """A consultancy. `demo` marks practice data that production mode refuses to serve."""

    __tablename__ = "tenant"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    legal_name: Mapped[str] = mapped_column(sa.String(160))
    address: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(sa.String(2), default="en")
    demo: Mapped[bool] = mapped_column(default=False)
    restrict_consultants: Mapped[bool] = mapped_column(default=False)  # consultants see assigned clients only
    approve_by_another: Mapped[bool] = mapped_column(default=False)  # than the author, before a release
    suspended_at: Mapped[datetime | None]  # nobody enters
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_served_at: Mapped[datetime | None]  # whose turn it is to have a document written
    last_previewed_at: Mapped[datetime | None]  # whose turn it is to have pages counted


class Partner(db.Model):
    """An association, insurer or registrar that may see how far consented engagements are. Belongs to no tenant."""

    __tablename__ = "partner"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[str] = mapped_column(sa.String(60), default="")


class Person(db.Model):
    """One human being with one sign-in, who may belong to several consultancies."""

    __tablename__ = "person"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    password_hash: Mapped[str | None]
    language: Mapped[str] = mapped_column(sa.String(2), default="en")
    theme: Mapped[str] = mapped_column(sa.String(5), default="auto")
    partner_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("partner.id"))
    operator: Mapped[bool] = mapped_column(default=False)  # runs the platform; sees no consultancy's content
    created_at: Mapped[datetime] = mapped_column(default=now)

    partner: Mapped[Partner | None] = relationship()

    @property
    def initials(self) -> str:
        words = self.name.replace("-", " ").split()
        return "".join(word[0] for word in (words[0], words[-1]))[:2].upper() if words else "?"


class SignIn(db.Model):
    """A server-side session: the cookie holds a random value, this row its hash. Revoking it ends it at once."""

    __tablename__ = "sign_in"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    token_sha256: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    second_factor_at: Mapped[datetime | None]  # when a code was given; None while only the password was
    device: Mapped[str] = mapped_column(sa.String(200), default="")

    person: Mapped[Person] = relationship()


class Membership(TenantOwned, db.Model):
    """A person in a consultancy. Leads, authors and assignees are memberships, never people.

    A client user's membership names the employer; `client_part` is sponsor, coordinator or jhsc.
    """

    __tablename__ = "membership"
    __table_args__ = (
        sa.ForeignKeyConstraint(["tenant_id", "client_id"], ["client.tenant_id", "client.id"]),
        sa.UniqueConstraint("tenant_id", "person_id"),
        sa.CheckConstraint("(role = 'client') = (client_id is not null)", name="client_user_has_employer"),
    )
    person_id: Mapped[UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(sa.String(20))
    client_id: Mapped[UUID | None]
    client_part: Mapped[str | None] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(120))  # as the consultancy writes it on its documents
    designations: Mapped[str] = mapped_column(sa.String(200), default="")
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]  # off-boarded from this day


class Consent(db.Model):
    """An employer lets a partner see the status of one engagement. Expiry and revocation decide the row."""

    __tablename__ = "consent"
    __table_args__ = (
        sa.ForeignKeyConstraint(["tenant_id", "engagement_id"], ["engagement.tenant_id", "engagement.id"]),
        sa.UniqueConstraint("partner_id", "tenant_id", "engagement_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    partner_id: Mapped[UUID] = mapped_column(sa.ForeignKey("partner.id"))
    tenant_id: Mapped[UUID] = mapped_column(sa.ForeignKey("tenant.id"))
    engagement_id: Mapped[UUID]
    show_employer: Mapped[bool] = mapped_column(default=False)
    reference: Mapped[str] = mapped_column(sa.String(40))  # what the partner sees in place of a name
    granted_on: Mapped[date]
    expires_on: Mapped[date]
    revoked_on: Mapped[date | None]


def partner_named(name: str) -> UUID:
    return db.session.execute(sa.select(Partner.id).where(Partner.name == name)).scalar_one()


def tenant_by_slug(slug: str) -> Tenant | None:
    return db.session.scalar(sa.select(Tenant).where(Tenant.slug == slug))
