"""A photograph or a screenshot as it may be kept: read in the confined child, and written anew from its pixels alone.

Writing it anew leaves behind where it was taken, by whom, and whatever was hidden after its end.
"""

import io
import warnings
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from document_templates.refusals import BrokenFile, FileTooLarge, WrongKindOfFile
from tenants.limits import EVIDENCE_PIXELS, PREVIEW_SIDE, THUMBNAIL_SIDE

pillow_heif.register_heif_opener()

ENDINGS = ("jpg", "jpeg", "png", "webp", "heic", "heif")
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1")


@dataclass(frozen=True)
class Picture:
    """Made by us: the picture itself (jpg or png) and the two sizes in which pages show it, both JPEG."""

    content: bytes
    kind: str
    width: int
    height: int
    small: bytes
    large: bytes


def settled(data: bytes) -> Picture:
    """The picture that an uploaded one becomes. Raises a FileRefusal with its sentence."""
    shape = _format_of(data)
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _written_anew(data, shape)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_many_pixels() from error
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
            raise BrokenFile("The picture is damaged.") from error


def shown(picture: Image.Image) -> tuple[bytes, bytes]:
    """The small and the large size of a picture, which is used up by it."""
    flat = picture if picture.mode == "RGB" else _on_white(picture)
    flat.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    large = _encoded(flat, "JPEG")
    flat.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return _encoded(flat, "JPEG"), large


def _written_anew(data: bytes, shape: str) -> Picture:
    picture: Image.Image = Image.open(io.BytesIO(data), formats=(shape,))
    if picture.width * picture.height > EVIDENCE_PIXELS:  # known from the head, before a pixel is unpacked
        raise _too_many_pixels()
    if shape in ("PNG", "WEBP") and getattr(picture, "is_animated", False):  # a telephone's JPEG may hold its thumbnail
        raise WrongKindOfFile("The picture moves; send a still one.")
    picture = ImageOps.exif_transpose(picture)
    transparent = "A" in picture.getbands() or "transparency" in picture.info
    picture = picture.convert("RGBA" if transparent else "RGB")
    plain = Image.new(picture.mode, picture.size)  # pixels, and nothing that was said of them
    plain.paste(picture)
    picture.close()
    kind = "png" if transparent or shape == "PNG" else "jpg"
    content = _encoded(plain, "PNG" if kind == "png" else "JPEG", quality=90)
    width, height = plain.size
    small, large = shown(plain)
    return Picture(content, kind, width, height, small, large)


def _format_of(data: bytes) -> str:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "HEIF"
    raise WrongKindOfFile("The file should be a picture (JPEG, PNG, WebP or HEIC), but its content is something else.")


def _too_many_pixels() -> FileTooLarge:
    return FileTooLarge(f"The picture has more than {EVIDENCE_PIXELS // 1_000_000} million pixels.")


def _on_white(picture: Image.Image) -> Image.Image:
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture.getchannel("A") if "A" in picture.getbands() else None)
    return flat


def _encoded(picture: Image.Image, shape: str, *, quality: int = 80) -> bytes:
    out = io.BytesIO()
    picture.save(out, shape, **({} if shape == "PNG" else {"quality": quality}))
    return out.getvalue()
