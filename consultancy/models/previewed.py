"""What a row carries whose Word file is laid out by the preview queue: the row is the queue."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

PREVIEW = ("none", "queued", "making", "made", "failed", "unavailable")
IS_KNOWN = f"preview in ({', '.join(repr(state) for state in PREVIEW)})"
IS_DUE = "preview in ('queued', 'making')"


class Previewed:
    """`preview` says how far it is. `none`: nothing to lay out, or older than previews are; `unavailable`: there was no
    LibreOffice. The fence grows with every claim, as it does for the writing; its clock is the database's."""

    preview: Mapped[str] = mapped_column(sa.String(12), default="none")
    preview_fence: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    preview_attempts: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    preview_after: Mapped[datetime] = mapped_column(server_default=sa.func.now())
    preview_lease_until: Mapped[datetime | None]
    preview_failure: Mapped[str] = mapped_column(default="")
    page_count: Mapped[int | None]
