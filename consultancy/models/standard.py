"""A consultancy's own standards: written from nothing, laid over one of ours, or the questions it is licensed for."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.database import db, now
from tenants.keys import TenantOwned, refers_to, within_tenant

KEY = "own-"
METHODS = ("document", "interview", "observation")
ELEMENT = re.compile(r"([A-Za-z]?\d[\w.]*)[\s:–-]+(\S.*)", re.DOTALL)


class OwnStandard(TenantOwned, db.Model):
    """One version of a standard of the consultancy's own. A draft is edited; once published it never changes.

    `kind`: standard (from nothing), overlay (own text beside the clauses of `based_on`), questions (the licensed
    questions under the elements of `based_on`). `incoming` is what was read from a file and not taken over yet.
    """

    __tablename__ = "own_standard"
    __table_args__ = (
        refers_to("own_standard", by="follows_id"),
        refers_to("membership", by="published_by_id"),
        sa.UniqueConstraint("tenant_id", "name", "version"),
        sa.CheckConstraint("kind in ('standard', 'overlay', 'questions')", name="kind"),
        sa.CheckConstraint("(kind = 'standard') = (based_on = '')", name="based_on"),
        # All or none of the legislated questions: what must change to pass is exact for these two only (passing.py).
        sa.CheckConstraint("mark_legislated in (0, 100)", name="mark_legislated"),
        sa.CheckConstraint("published_at is null or licence_confirmed", name="licence_confirmed"),
    )
    name: Mapped[str] = mapped_column(sa.String(60))
    version: Mapped[str] = mapped_column(sa.String(30))
    kind: Mapped[str] = mapped_column(sa.String(10))
    based_on: Mapped[str] = mapped_column(sa.String(40), default="")
    source: Mapped[str] = mapped_column(sa.String(200), default="")
    by_points: Mapped[bool] = mapped_column(default=False)
    mark_overall: Mapped[int | None] = mapped_column(sa.SmallInteger)
    mark_element: Mapped[int | None] = mapped_column(sa.SmallInteger)
    mark_legislated: Mapped[int | None] = mapped_column(sa.SmallInteger)
    licence_confirmed: Mapped[bool] = mapped_column(default=False)
    follows_id: Mapped[UUID | None]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[UUID | None]
    incoming: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    revision: Mapped[int] = mapped_column(default=1)  # counts every change of the draft and of its requirements

    @property
    def key(self) -> str:
        """How an engagement names this version."""
        return f"{KEY}{self.id.hex}"

    @property
    def full_name(self) -> str:
        return f"{self.name} ({self.version})"

    @property
    def marks(self) -> tuple[int, int, int] | None:
        if self.mark_overall is None or self.mark_element is None or self.mark_legislated is None:
            return None
        return self.mark_overall, self.mark_element, self.mark_legislated


class OwnRequirement(TenantOwned, db.Model):
    """A clause or question of a consultancy's own standard. `documentation`, `interview` and `observation` are the
    most points each method brings; empty where the question does not ask for that method."""

    __tablename__ = "own_requirement"
    __table_args__ = (
        refers_to("own_standard"),
        sa.UniqueConstraint("tenant_id", "own_standard_id", "code"),
        sa.CheckConstraint("rule in ('', 'all_or_nothing', 'range')", name="rule"),
        sa.CheckConstraint("points >= 0 and weight between 1 and 100", name="figures"),
    )
    own_standard_id: Mapped[UUID]
    position: Mapped[int]
    code: Mapped[str] = mapped_column(sa.String(20))
    element: Mapped[str] = mapped_column(sa.String(120), default="")
    title: Mapped[str] = mapped_column(sa.String(200))
    paraphrase: Mapped[str] = mapped_column(default="")
    question: Mapped[str] = mapped_column(default="")
    points: Mapped[int] = mapped_column(sa.SmallInteger, default=0)
    rule: Mapped[str] = mapped_column(sa.String(14), default="")
    documentation: Mapped[int | None] = mapped_column(sa.SmallInteger)
    interview: Mapped[int | None] = mapped_column(sa.SmallInteger)
    observation: Mapped[int | None] = mapped_column(sa.SmallInteger)
    legislated: Mapped[bool] = mapped_column(default=False)
    must: Mapped[bool] = mapped_column(default=False)
    weight: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    revision: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}

    standard: Mapped[OwnStandard] = relationship(
        primaryjoin=lambda: within_tenant(OwnRequirement.own_standard_id, OwnStandard)
    )

    @property
    def methods(self) -> tuple[tuple[str, int], ...]:
        asked = zip(METHODS, (self.documentation, self.interview, self.observation), strict=True)
        return tuple((name, most) for name, most in asked if most)

    @property
    def element_number(self) -> str:
        """`3 Controls` is element 3; an element without a number is its own name."""
        found = ELEMENT.fullmatch(self.element)
        return found[1] if found else self.element

    @property
    def element_title(self) -> str:
        found = ELEMENT.fullmatch(self.element)
        return found[2] if found else "" if self.element[:1].isdigit() else self.element
