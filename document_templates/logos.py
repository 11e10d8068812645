"""A logo as it may stand in a document: looked at in the confined child, and written anew from its pixels alone.

Writing it anew leaves behind where it was photographed, who made it, and whatever was hidden after its end.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

from document_templates.refusals import EmptyFile, FileRefusal, FileTooLarge, WrongKindOfFile
from tenants.limits import LOGO_BYTES, LOGO_PIXELS, LOGO_SIDE, MEGABYTE

_STARTS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
_LEAST_SIDE = 16


@dataclass(frozen=True)
class Logo:
    """A picture made by us: its bytes, what kind they are (png, jpeg) and how large it is."""

    content: bytes
    kind: str
    width: int
    height: int


class UnreadablePicture(FileRefusal):
    """The picture is damaged, or of a size no logo has."""


def settled(data: bytes) -> Logo:
    """The logo that an uploaded picture becomes. Raises a FileRefusal with its sentence."""
    if not data:
        raise EmptyFile("The file is empty.")
    if len(data) > LOGO_BYTES:
        raise FileTooLarge(f"The picture is larger than {LOGO_BYTES // MEGABYTE} MB.")
    kind = next((kind for start, kind in _STARTS.items() if data.startswith(start)), "")
    if not kind:
        raise WrongKindOfFile("A logo is a PNG or JPEG picture; this file is something else.")
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return _written_anew(data, kind)
        except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise UnreadablePicture("The picture cannot be read, or it is far too large for a logo.") from error
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise UnreadablePicture("The picture is damaged.") from error


def _written_anew(data: bytes, kind: str) -> Logo:
    picture: Image.Image = Image.open(io.BytesIO(data), formats=(kind,))
    if picture.width * picture.height > LOGO_PIXELS:  # known from the head, before a pixel is unpacked
        raise FileTooLarge(f"The picture has more than {LOGO_PIXELS // 1_000_000} million pixels.")
    if min(picture.size) < _LEAST_SIDE:
        raise UnreadablePicture(f"The picture is smaller than {_LEAST_SIDE} pixels.")
    if getattr(picture, "is_animated", False):
        raise WrongKindOfFile("The picture moves; a logo stands still.")
    transparent = kind == "PNG" and ("A" in picture.getbands() or "transparency" in picture.info)
    picture = picture.convert("RGBA" if transparent else "RGB")
    picture.thumbnail((LOGO_SIDE, LOGO_SIDE), Image.Resampling.LANCZOS)
    plain = Image.frombytes(picture.mode, picture.size, picture.tobytes())  # pixels, and nothing that was said of them
    out = io.BytesIO()
    plain.save(out, kind, **({"optimize": True} if kind == "PNG" else {"quality": 90}))
    return Logo(out.getvalue(), kind.lower(), plain.width, plain.height)
