"""The gate for uploads: what is let in, and the sentence for what is not."""

import io
import struct
import zipfile
import zlib

import openpyxl
import pytest

from document_templates.intake import inspect_archive
from document_templates.refusals import (
    ActiveContent,
    BrokenFile,
    EmptyFile,
    EncryptedFile,
    FileRefusal,
    FileTooLarge,
    WrongKindOfFile,
)
from tests.document_templates.word_files import (
    body,
    parts,
    rebuilt,
    template,
    with_chart,
    with_paragraph_xml,
    with_relationship,
)

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook() -> bytes:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


def zip_of(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def word(**changes: bytes) -> bytes:
    named = {name.replace("__", "/").replace("_DOT_", "."): data for name, data in changes.items()}
    return rebuilt(template("x"), named)


def retyped(document: bytes, old: str, new: str) -> bytes:
    types = parts(document)["[Content_Types].xml"].decode().replace(old, new)
    return rebuilt(document, {"[Content_Types].xml": types.encode()})


def external(kind: str, target: str) -> bytes:
    return with_relationship(
        template("x"), f'<Relationship Id="rIdX" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
    )


def field(*codes: str) -> bytes:
    runs = "".join(f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>' for code in codes)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return with_paragraph_xml(template("x"), f"<w:p>{begin}{runs}{end}</w:p>")


def flagged_as_encrypted(document: bytes) -> bytes:
    at = document.rindex(b"PK\x01\x02")
    return document[: at + 8] + struct.pack("<H", 1) + document[at + 10 :]


def lying_about_its_size() -> bytes:
    """A part of 60 MB whose headers say 10 bytes."""
    data = zip_of(**{"[Content_Types].xml": b"x", "big.xml": b"a" * (60 << 20)})
    return data.replace(struct.pack("<L", 60 << 20), struct.pack("<L", 10))


def test_good_files_are_let_in():
    inspect_archive(template("x"), kind="docx")
    inspect_archive(workbook(), kind="xlsx")
    inspect_archive(with_chart(template("x"), "by_clause"), kind="docx")
    inspect_archive(external("hyperlink", "https://example.ca"), kind="docx")
    inspect_archive(external("hyperlink", "mailto:a@example.ca"), kind="docx")
    inspect_archive(field(" PAGE "), kind="docx")


def test_external_links_of_a_workbook_are_no_reason_to_refuse_it():
    linked = with_relationship(
        workbook(),
        f'<Relationship Id="rIdX" Type="{OFFICE}/externalLinkPath" Target="file:///x.xlsx" TargetMode="External"/>',
        "xl/_rels/workbook.xml.rels",
    )
    inspect_archive(linked, kind="xlsx")


DTD = '<!DOCTYPE w:document [<!ENTITY a "b">]>'
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"

REFUSED = {
    "empty": (lambda: b"", EmptyFile),
    "over 25 MB": (lambda: b"PK\x03\x04" + bytes(25 << 20), FileTooLarge),
    "a program": (lambda: b"MZ\x90\x00" + bytes(100), WrongKindOfFile),
    "a web page": (lambda: b"<html></html>", WrongKindOfFile),
    "a PDF": (lambda: b"%PDF-1.7", WrongKindOfFile),
    "an old Word file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), WrongKindOfFile),
    "locked by Office": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        EncryptedFile,
    ),
    "locked zip": (lambda: flagged_as_encrypted(template("x")), EncryptedFile),
    "a plain zip": (lambda: zip_of(a=b"x"), WrongKindOfFile),
    "a workbook instead": (workbook, WrongKindOfFile),
    "a .docm": (lambda: retyped(template("x"), MAIN, MACROS), WrongKindOfFile),
    "macros inside": (lambda: word(word__vbaProject_DOT_bin=b"x"), ActiveContent),
    "truncated": (lambda: template("x")[: len(template("x")) * 9 // 10], BrokenFile),
    "no main part": (lambda: rebuilt(template("x"), {"word/document.xml": None}), BrokenFile),
    "not UTF-8": (lambda: rebuilt(template("x"), {"word/document.xml": b"<a>\xff\xfe</a>"}), BrokenFile),
    "nested zip": (lambda: word(word__more_DOT_zip=zip_of(a=b"x")), BrokenFile),
    "nested zip by another name": (lambda: word(word__more_DOT_png=zip_of(a=b"x")), BrokenFile),
    "a program inside": (lambda: word(word__embeddings__o_DOT_bin=b"MZ" + bytes(60)), ActiveContent),
    "path out of it": (lambda: rebuilt(template("x"), {"../../etc/passwd": b"x"}), BrokenFile),
    "absolute path": (lambda: rebuilt(template("x"), {"/etc/passwd": b"x"}), BrokenFile),
    "1,001 parts": (lambda: zip_of(**{f"p{n}": b"" for n in range(1001)}), FileTooLarge),
    "a part that grows": (lambda: rebuilt(template("x"), {"word/big.xml": b" " * (30 << 20)}), FileTooLarge),
    "a part of over 40 MB": (lambda: rebuilt(template("x"), {"word/big.bin": bytes(41 << 20)}), FileTooLarge),
    "sizes that lie": (lying_about_its_size, FileRefusal),
    "document type": (
        lambda: rebuilt(
            template("x"), {"word/document.xml": body(template("x")).replace("<w:doc", DTD + "<w:doc", 1).encode()}
        ),
        ActiveContent,
    ),
    "document type in UTF-16": (
        lambda: rebuilt(template("x"), {"word/more.xml": f"\ufeff{DTD}<a/>".encode("utf-16-le")}),
        ActiveContent,
    ),
    "attached template": (lambda: external("attachedTemplate", "https://evil.example/t.dotm"), ActiveContent),
    "remote picture": (lambda: external("image", "https://evil.example/p.png"), ActiveContent),
    "link to a file": (lambda: external("hyperlink", "file:///etc/passwd"), ActiveContent),
    "link to a share": (lambda: external("hyperlink", "\\\\host\\share"), ActiveContent),
    "embedded object": (lambda: external("oleObject", "https://evil.example/o"), ActiveContent),
    "another document": (
        lambda: with_paragraph_xml(template("x"), '<w:altChunk w:rsidR="1"/>'),
        ActiveContent,
    ),
    "DDE": (lambda: field(' DDEAUTO c:\\\\cmd "x" '), ActiveContent),
    "DDE over two runs": (lambda: field(" DDE", "AUTO cmd "), ActiveContent),
    "included text": (lambda: field(" INCLUDETEXT \\\\\\\\host\\\\share "), ActiveContent),
    "a simple field": (
        lambda: with_paragraph_xml(template("x"), '<w:p><w:fldSimple w:instr=" INCLUDEPICTURE x "/></w:p>'),
        ActiveContent,
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_may_not_come_in_is_refused_with_a_sentence(what):
    make, refusal = REFUSED[what]
    with pytest.raises(refusal) as refused:
        inspect_archive(make(), kind="docx")
    assert refused.value.sentence.endswith(".")


def test_two_parts_of_one_name_are_refused():
    stream = io.BytesIO(template("x"))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("Word/Document.xml", b"<x/>")
    with pytest.raises(BrokenFile, match="same name"):
        inspect_archive(stream.getvalue(), kind="docx")


def test_a_workbook_with_macros_is_named_as_such():
    plain = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    with pytest.raises(WrongKindOfFile, match="macros"):
        inspect_archive(
            retyped(workbook(), plain, "application/vnd.ms-excel.sheet.macroEnabled.main+xml"), kind="xlsx"
        )


def test_a_bomb_is_refused_before_it_goes_off():
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    assert len(squeezer.compress(bytes(1 << 20)) + squeezer.flush()) < 2000  # a megabyte of nothing in two kilobytes
    with pytest.raises(FileTooLarge):
        inspect_archive(rebuilt(template("x"), {f"word/{n}.xml": bytes(1 << 20) for n in range(90)}), kind="docx")
