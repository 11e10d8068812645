"""What happened in the life of a program document at a client: the record that ISO 7.5 and 5.4 ask for."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consultancy.models.register_entry import RegisterEntry
from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant
from tenants.models import Membership

KINDS = ("consultation", "approval", "review", "acknowledgement")


class DocumentEvent(TenantOwned, db.Model):
    """A consultation of the workers, an approval, a review or an acknowledgement of one issue of a document.

    `who`: whom it was held with, who approved or who reviewed. `part`: of a consultation, which side of the internal
    responsibility system spoke. `reached` of `invited` workers acknowledged it; `names` is one name a line, or empty.
    Events are never changed: a slip is struck out with a reason and stays readable.
    """

    __tablename__ = "document_event"
    __table_args__ = (
        refers_to("register_entry"),
        refers_to("membership", by="by_id"),
        sa.Index(None, "tenant_id", "register_entry_id"),
        sa.CheckConstraint("kind in ('consultation', 'approval', 'review', 'acknowledgement')", name="kind"),
        sa.CheckConstraint("part in ('', 'committee', 'representative', 'workers')", name="part"),
        sa.CheckConstraint("(kind = 'consultation') = (part <> '')", name="consulted_part"),
        sa.CheckConstraint("(kind = 'acknowledgement') = (reached is not null)", name="acknowledged"),
        sa.CheckConstraint("invited >= 1 and reached between 0 and invited", name="reached"),
    )
    register_entry_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(sa.String(16))
    held_on: Mapped[date]
    issue: Mapped[str] = mapped_column(sa.String(20), default="")  # of the document, when it happened
    who: Mapped[str] = mapped_column(sa.String(120), default="")
    part: Mapped[str] = mapped_column(sa.String(16), default="")
    note: Mapped[str] = mapped_column(default="")  # of a consultation: its outcome in words
    effective_on: Mapped[date | None]
    review_due: Mapped[date | None]
    reached: Mapped[int | None]
    invited: Mapped[int | None]
    names: Mapped[str] = mapped_column(default="")
    struck_reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    entry: Mapped[RegisterEntry] = relationship(
        primaryjoin=lambda: within_tenant(DocumentEvent.register_entry_id, RegisterEntry)
    )
    by: Mapped[Membership | None] = relationship(primaryjoin=lambda: within_tenant(DocumentEvent.by_id, Membership))
