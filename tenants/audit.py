"""The audit trail: no entry, no change. A hash chain per consultancy, linked as the last act of a transaction.

Verbs only note; the link is made in before_commit after a flush, when every other lock is already held. So the chain's
lock is always the last one taken and two transactions that touch the same rows in opposite orders never deadlock on it.
"""

import hashlib
import json
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, SessionTransaction, mapped_column

from tenants.boundary import TenantSession
from tenants.database import db, now, tenant_session
from tenants.keys import TenantOwned


class AuditChain(TenantOwned, db.Model):
    """The end of a consultancy's chain; its lock orders the entries."""

    __tablename__ = "audit_chain"
    portal_column = None
    portal_writes = True
    head: Mapped[bytes] = mapped_column(default=b"")
    length: Mapped[int] = mapped_column(sa.BigInteger, default=0)

    @classmethod
    def portal_rule(cls) -> Any:
        """A client user's session needs the end of the chain to link to; the entries stay closed to it."""
        return sa.true()


class AuditEntry(TenantOwned, db.Model):
    """Who did what to which row, and when. Ids only: deleting a person must not break the chain."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id", "number"),
        sa.Index(None, "tenant_id", "subject_id"),
        sa.Index(  # whom a consultant took on is asked for with every page of a consultancy that restricts them
            "ix_audit_entry_client_added", "tenant_id", "by_id", postgresql_where=sa.text("verb = 'client.added'")
        ),
    )
    portal_writes = True
    number: Mapped[int] = mapped_column(sa.BigInteger)
    at: Mapped[datetime]
    verb: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[UUID]
    by_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]]
    digest: Mapped[bytes]


def record(verb: str, row: TenantOwned, *, by: UUID | None, **details: Any) -> None:
    """Note that `by` (a membership, None for the platform itself) did `verb` to `row` in this transaction."""
    session = tenant_session()
    plain = json.loads(json.dumps(details, default=str))  # as the database will give it back, or the link would not fit
    within = session.get_nested_transaction() or session.get_transaction()
    note = {"verb": verb, "row": row, "by": by, "details": plain, "within": within}
    session.info.setdefault("audit_notes", []).append(note)


def digest(head: bytes, entry: AuditEntry) -> bytes:
    at = entry.at.astimezone(UTC).isoformat()  # a connection may read times in another zone than it wrote them
    who, what = (
        [str(entry.tenant_id), str(entry.by_id)],
        [entry.verb, entry.subject, str(entry.subject_id), entry.details],
    )
    return hashlib.sha256(head + json.dumps([entry.number, at, who, what], sort_keys=True).encode()).digest()


@sa.event.listens_for(TenantSession, "before_commit")
def link(session: TenantSession) -> None:
    if session.in_nested_transaction():  # a released savepoint is no commit
        return
    session.flush()  # pending rows take their locks before the chain's
    notes = session.info.pop("audit_notes", None)
    if not notes:
        return
    chain = session.execute(
        sa.select(AuditChain).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()
    for note in notes:
        row = note["row"]
        entry = AuditEntry(
            tenant_id=session.tenant_id,
            number=chain.length + 1,
            at=now(),
            verb=note["verb"],
            subject=row.__tablename__,
            subject_id=row.id,
            by_id=note["by"],
            details=note["details"],
        )
        entry.digest = digest(chain.head, entry)
        chain.head, chain.length = entry.digest, entry.number
        session.add(entry)
    session.flush()


@sa.event.listens_for(TenantSession, "after_soft_rollback")
def forget(session: TenantSession, undone: SessionTransaction) -> None:
    """A savepoint that is rolled back takes its own notes along and no others: what stands before it is kept."""
    notes = session.info.get("audit_notes", [])
    session.info["audit_notes"] = [note for note in notes if not _inside(note["within"], undone)]


@sa.event.listens_for(TenantSession, "after_transaction_end")
def forget_all(session: TenantSession, ended: SessionTransaction) -> None:
    if ended.parent is None:  # committed, rolled back, or merely closed
        session.info.pop("audit_notes", None)


def _inside(transaction: SessionTransaction | None, undone: SessionTransaction) -> bool:
    while transaction is not None and transaction is not undone:
        transaction = transaction.parent
    return transaction is undone


def broken_link() -> int | None:
    """The number of the first entry of the entered tenant that does not fit the chain; None when it is whole."""
    head, expected = b"", 1
    entries = sa.select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=500)
    with closing(db.session.scalars(entries)) as found:
        for entry in found:
            head = digest(head, entry)
            if entry.number != expected or entry.digest != head:
                return expected
            expected += 1
    chain = db.session.execute(sa.select(AuditChain)).scalar_one()
    return None if (chain.length, chain.head) == (expected - 1, head) else expected
