"""A Word file as parts: read once, written in one canonical form, so the same parts are always the same bytes."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

from document_templates.refusals import UnreadableTemplate
from tenants.limits import ARCHIVE_INFLATED_BYTES, ARCHIVE_PART_BYTES

try:
    from isal import isal_zlib
    from isal.isal_zlib import crc32

    def _deflate(data: bytes) -> bytes:
        packer = isal_zlib.compressobj(2, isal_zlib.DEFLATED, -15)
        return packer.compress(data) + packer.flush()

except ImportError:  # no wheel for this machine: slower, otherwise the same

    from zlib import crc32

    def _deflate(data: bytes) -> bytes:
        return _deflate_hard(data, 6)


_FIRST_DAY = 1 << 5 | 1  # 1980-01-01 in the zip format's own count, the earliest it can say
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s4B4H3L5H2L"), struct.Struct("<4s4H2LH")
_STORED, _DEFLATED = 0, 8
_ALREADY_SMALL = (".png", ".jpg", ".jpeg", ".gif", ".xlsx")


def _deflate_hard(data: bytes, level: int = 9) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9)
    return packer.compress(data) + packer.flush()


class Member(NamedTuple):
    """One part, packed; parts that no document changes are packed once per template."""

    name: str
    method: int
    crc: int
    size: int
    packed: bytes


def pack(name: str, data: bytes, *, once: bool = False) -> Member:
    if name.lower().endswith(_ALREADY_SMALL):
        return Member(name, _STORED, crc32(data), len(data), data)
    squeeze: Callable[[bytes], bytes] = _deflate_hard if once else _deflate
    return Member(name, _DEFLATED, crc32(data), len(data), squeeze(data))


def write(members: list[Member]) -> bytes:
    """A zip without dates, rights or comments: content alone decides its bytes."""
    body: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for member in members:
        name = member.name.encode()
        flags = 0 if member.name.isascii() else 0x800
        sizes = (member.crc, len(member.packed), member.size, len(name), 0)
        head = _LOCAL.pack(b"PK\3\4", 20, flags, member.method, 0, _FIRST_DAY, *sizes) + name
        kind = (flags, member.method, 0, _FIRST_DAY)
        directory.append(_CENTRAL.pack(b"PK\1\2", 20, 0, 20, 0, *kind, *sizes, 0, 0, 0, 0, offset) + name)
        body += (head, member.packed)
        offset += len(head) + len(member.packed)
    length = sum(map(len, directory))
    end = _END.pack(b"PK\5\6", 0, 0, len(directory), len(directory), length, offset, 0)
    return b"".join([*body, *directory, end])


def read(document: bytes) -> dict[str, bytes]:
    """Every part by name. What passed the gate is read with bounds all the same: a template may come from elsewhere."""
    parts: dict[str, bytes] = {}
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(document)) as archive:
            for entry in archive.infolist():
                if entry.is_dir():
                    continue
                with archive.open(entry) as stream:
                    data = stream.read(ARCHIVE_PART_BYTES + 1)
                total += len(data)
                if len(data) > ARCHIVE_PART_BYTES or total > ARCHIVE_INFLATED_BYTES:
                    raise UnreadableTemplate("it inflates to more than a document may hold")
                parts[entry.filename] = data
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UnreadableTemplate("it is not a Word document or it is damaged") from error
    return parts


def ordered(parts: Mapping[str, object]) -> list[str]:
    """Content types first and the package's relationships second, as Word writes them; the rest by name."""
    first = ["[Content_Types].xml", "_rels/.rels"]
    return [name for name in first if name in parts] + sorted(name for name in parts if name not in first)
