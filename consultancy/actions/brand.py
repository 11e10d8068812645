"""The look of the consultancy's documents: chosen, and frozen with every deliverable that is requested."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from consultancy.models.brand import Brand
from consultancy.queries import brand as looks
from document_templates import logos
from document_templates.branding import FONTS, Look
from document_templates.child import Child
from document_templates.colours import COLOUR, nearest_readable, readable
from tenants import audit
from tenants.database import db, tenant_session
from tenants.files import Files, content_key
from tenants.refusal import NotValid, Refusal

SHELF = "logos"
PRIMARY, ACCENT, HEADING_FONT, BODY_FONT = "1F5A73", "A8591B", "Cambria", "Calibri"  # what our starters wear


class TooPale(NotValid):
    """The colour does not stand out on white paper. Carries it and the nearest that does."""


class NotAColour(NotValid):
    """Six hexadecimal digits make a colour. Carries what was typed."""


class NotAFont(NotValid):
    """Only fonts that every Word has are offered. Carries the name."""


class LookChangedMeanwhile(Refusal):
    """Somebody saved the look after this page was opened."""


def choose(
    *, primary: str, accent: str, heading_font: str, body_font: str, logo: bytes | None, revision: int, files: Files,
    by: UUID | None,
) -> Brand:  # fmt: skip
    """Choose colours, fonts and logo; `logo` None keeps the one there is, no bytes take it away.

    Raises NotAColour, TooPale, NotAFont, LookChangedMeanwhile, the picture's FileRefusal.
    """
    primary, accent = _printed(primary), _printed(accent)
    for font in (heading_font, body_font):
        if font not in FONTS:
            raise NotAFont(font)
    brand = looks.brand()
    if (brand.revision if brand else 0) != revision:
        raise LookChangedMeanwhile
    brand = brand or Brand(logo_kind="", logo_width=0, logo_height=0)
    brand.primary, brand.accent, brand.heading_font, brand.body_font = primary, accent, heading_font, body_font
    if logo is not None:
        _hang(brand, logo, files)
    db.session.add(brand)
    db.session.flush()
    audit.record("brand.chosen", brand, by=by, **frozen(brand))
    return brand


def frozen(brand: Brand | None) -> dict[str, Any]:
    """The look as plain data, kept with a deliverable so that a later try wears the same."""
    if brand is None:
        return {}
    names = ("primary", "accent", "heading_font", "body_font", "file_key", "logo_kind", "logo_width", "logo_height")
    return {name: getattr(brand, name) for name in names}


def look_of(kept: Mapping[str, Any], *, files: Files) -> Look | None:
    """What the writer needs: the frozen values and the bytes of the logo."""
    if not kept:
        return None
    values = {name: value for name, value in kept.items() if name != "file_key"}
    return Look(**values, logo=files.get(kept["file_key"]) if kept["file_key"] else b"")


def same_colour(typed: str, refused: str) -> bool:
    """Is what was typed the colour that was refused?"""
    return typed in (refused, f"#{refused}") or _plain(typed) == refused


def _hang(brand: Brand, picture: bytes, files: Files) -> None:
    if not picture:
        brand.file_key, brand.logo_kind, brand.logo_width, brand.logo_height = None, "", 0, 0
        return
    with Child() as child:
        logo = child(logos.settled, picture)
    extension = {"jpeg": "jpg"}.get(logo.kind, logo.kind)
    key = content_key(tenant_session().tenant_id, SHELF, logo.content, extension)
    files.put(key, logo.content)
    brand.file_key, brand.logo_kind, brand.logo_width, brand.logo_height = key, logo.kind, logo.width, logo.height


def _plain(colour: str) -> str:
    return colour.strip().removeprefix("#").upper()


def _printed(colour: str) -> str:
    plain = _plain(colour)
    if not COLOUR.fullmatch(plain):
        raise NotAColour(colour)
    if not readable(plain):
        raise TooPale(plain, nearest_readable(plain))
    return plain
