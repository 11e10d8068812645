"""A picture as a value: its bytes, how wide it stands on the page, and the words for those who do not see it."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from xml.sax.saxutils import escape, quoteattr

from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.image.image import Image

from document_templates.links import MARK as LINK_MARK
from document_templates.links import SIGN, checked_link
from document_templates.refusals import UnusablePicture
from document_templates.relationships import OFFICE
from tenants.limits import PICTURE_BYTES, PICTURE_MILLIMETRES

_EMU = 36_000  # Word's own unit, a millimetre
_KINDS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
MARK = f"{SIGN}picture:"  # stands for the relationship until the part is known; values are escaped and cannot forge it


@dataclass(frozen=True)
class Picture:
    """`{{ photo }}` in a template. With one side given the other follows; with none it stands as large as it is."""

    content: bytes
    alt: str
    width_mm: float | None = None
    height_mm: float | None = None
    link: str = ""

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise UnusablePicture("it has no words for those who do not see it")
        if len(self.content) > PICTURE_BYTES:
            raise UnusablePicture(f"it is larger than {PICTURE_BYTES >> 20} MB")
        for side in (self.width_mm, self.height_mm):
            if side is not None and not 0 < side <= PICTURE_MILLIMETRES:
                raise UnusablePicture(f"{side:g} mm is no size on a page")
        if self.link:
            checked_link(self.link)

    @cached_property
    def key(self) -> str:
        return sha256(self.content).hexdigest()[:32]

    @cached_property
    def _read(self) -> Image:
        try:
            image = Image.from_blob(self.content)
        except (UnrecognizedImageError, InvalidImageStreamError, UnexpectedEndOfFileError, ValueError) as error:
            raise UnusablePicture("it is neither PNG, JPEG nor GIF, or it is damaged") from error
        if image.content_type not in _KINDS or not image.px_width or not image.px_height:
            raise UnusablePicture("it is neither PNG, JPEG nor GIF")
        return image

    @property
    def kind(self) -> tuple[str, str]:
        """Extension and content type, from the bytes."""
        return _KINDS[self._read.content_type], self._read.content_type

    @property
    def pixels(self) -> tuple[int, int]:
        return self._read.px_width, self._read.px_height

    def size(self) -> tuple[int, int]:
        sides = [None if side is None else int(side * _EMU) for side in (self.width_mm, self.height_mm)]
        wide, tall = self._read.scaled_dimensions(*sides)
        return max(int(wide), 1), max(int(tall), 1)

    def runs(self) -> str:
        wide, tall = self.size()
        click = f'<a:hlinkClick xmlns:a="{_A}" xmlns:r="{OFFICE}" r:id="{LINK_MARK}{escape(self.link, _QUOTES)}"/>'
        click = click if self.link else ""
        name = f"image.{self.kind[0]}"
        return (
            f'<w:r><w:drawing><wp:inline xmlns:wp="{_WP}" distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{wide}" cy="{tall}"/><wp:docPr id="1" name="Picture" descr={_quoted(self.alt)}>{click}'
            f'</wp:docPr><wp:cNvGraphicFramePr><a:graphicFrameLocks xmlns:a="{_A}" noChangeAspect="1"/>'
            f'</wp:cNvGraphicFramePr><a:graphic xmlns:a="{_A}"><a:graphicData uri="{_PIC}"><pic:pic xmlns:pic="{_PIC}">'
            f'<pic:nvPicPr><pic:cNvPr id="0" name="{name}">{click}</pic:cNvPr><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip xmlns:r="{OFFICE}" r:embed="{MARK}{self.key}"/><a:stretch><a:fillRect/></a:stretch>'
            f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{tall}"/></a:xfrm>'
            '<a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic>'
            "</wp:inline></w:drawing></w:r>"
        )


_QUOTES = {'"': "&quot;"}


def _quoted(text: str) -> str:
    return quoteattr(" ".join(text.split()), _QUOTES)
