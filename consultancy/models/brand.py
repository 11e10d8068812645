"""How the documents of a consultancy look."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from tenants.database import db
from tenants.keys import TenantOwned


class Brand(TenantOwned, db.Model):
    """Two colours, two fonts and perhaps a logo: one row for each consultancy that chose its own."""

    __tablename__ = "brand"
    __table_args__ = (
        sa.UniqueConstraint("tenant_id"),
        sa.CheckConstraint("(file_key is null) = (logo_kind = '')", name="logo_is_whole"),
    )
    primary: Mapped[str] = mapped_column(sa.String(6))
    accent: Mapped[str] = mapped_column(sa.String(6))
    heading_font: Mapped[str] = mapped_column(sa.String(40))
    body_font: Mapped[str] = mapped_column(sa.String(40))
    file_key: Mapped[str | None]  # of the logo
    logo_kind: Mapped[str] = mapped_column(sa.String(4), default="")  # png or jpeg
    logo_width: Mapped[int] = mapped_column(default=0)  # pixels
    logo_height: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": revision}

    @property
    def file_name(self) -> str:
        return f"logo.{self.logo_kind}"
