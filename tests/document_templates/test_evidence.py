"""What arrives as evidence is opened in the child, is what its content says, and tells nothing of its maker."""

import io
import struct
import time
import zipfile
import zlib

import pytest
from PIL import Image

from document_templates import evidence
from document_templates.child import Child
from document_templates.refusals import (
    ActiveContent,
    BrokenFile,
    EmptyFile,
    EncryptedFile,
    FileTooLarge,
    WrongKindOfFile,
)
from tenants.limits import EVIDENCE_PIXELS, PREVIEW_SIDE, THUMBNAIL_SIDE, UPLOAD_BYTES
from tests.blueprints.papers import paper
from tests.consultancy.checklists.files import excel, row
from tests.document_templates.word_files import picture

PROGRAM = b"MZ\x90\x00" + bytes(200)
PAGE = b"<!doctype html><script>alert(1)</script>"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture(scope="module")
def child():
    with Child() as child:
        yield lambda data, name: child(evidence.settled, data, name)


def pdf(**saved) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (200, 300), "#0c4f6e").save(stream, "PDF", **saved)
    return stream.getvalue()


def locked_pdf() -> bytes:
    """Its owner locked it: the empty password does not open it."""
    lock = b"<</Filter/Standard/V 1/R 2/P -4/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>"
    parts = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
             b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>", lock]  # fmt: skip
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj" % number + part + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<43><43>]>>\nstartxref\n%d\n%%%%EOF" % len(body)
    return body + b"xref\n0 5\n0000000000 65535 f \n" + table + end


def plain_zip(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names or ("note.txt",):
            archive.writestr(name, "words")
    return stream.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A small file that says it is a picture of this size."""
    head = struct.pack("!2I5B", width, height, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    body = [
        struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data)) for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def photograph(kind: str = "JPEG", *, orientation: int = 1) -> bytes:
    """As a telephone takes it: sideways, with the place and the maker in it."""
    told = Image.Exif()
    told[0x0112], told[0x010F] = orientation, "Maker of telephones"
    told.get_ifd(0x8825)[1], told.get_ifd(0x8825)[2] = "N", (43.0, 39.0, 12.0)
    stream, sideways = io.BytesIO(), Image.new("RGB", (300, 200), "#7A1E4C")
    sideways.info["exif"] = told.tobytes()
    sideways.save(stream, kind, **({} if kind == "HEIF" else {"exif": told}))  # HEIC turns by a mark of its own
    return stream.getvalue()


def moving(kind: str) -> bytes:
    stream = io.BytesIO()
    frames = [Image.new("RGB", (40, 40), (shade, 0, 0)) for shade in range(0, 250, 50)]
    frames[0].save(stream, kind, save_all=True, append_images=frames[1:])
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("policy.pdf", pdf(), "pdf"),
        ("policy.docx", paper("X", "Signed."), "docx"),
        ("list.xlsx", excel(row("4.1", 2)), "xlsx"),
        ("list.csv", "Clé;Valeur\r\n1;é\r\n".encode("cp1252"), "csv"),
        ("list.csv", "Clé\tValeur".encode("utf-16"), "csv"),
        ("notes.TXT", "Vu le 2 mars. 报告".encode(), "txt"),
        ("guard.jpg", picture("JPEG"), "jpg"),
        ("guard.JPEG", picture("JPEG"), "jpg"),
        ("screen.png", picture("PNG"), "png"),
        ("guard.webp", picture("WEBP"), "jpg"),
        ("guard.heic", picture("HEIF"), "jpg"),
        ("really a png.jpg", picture("PNG"), "png"),
    ],
)  # fmt: skip
def test_what_employers_send_is_taken(child, name, data, kind):
    assert child(data, name).kind == kind


@pytest.mark.parametrize(
    ("name", "data", "refusal"),
    [
        ("invoice.docx", PROGRAM, WrongKindOfFile),
        ("invoice.docx", plain_zip(), WrongKindOfFile),
        ("invoice.docx", PAGE, WrongKindOfFile),
        ("invoice.docx", excel(row("4.1", 2)), WrongKindOfFile),
        ("invoice.docx", plain_zip("[Content_Types].xml", "word/vbaProject.bin"), ActiveContent),
        ("invoice.docx", b"", EmptyFile),
        ("policy.pdf", PAGE, WrongKindOfFile),
        ("policy.pdf", b"%PDF-1.7\nnothing", BrokenFile),
        ("notes.txt", PROGRAM, WrongKindOfFile),
        ("passwd", b"root:x:0", WrongKindOfFile),
        ("fdp.exe", PROGRAM, WrongKindOfFile),
        ("logo.svg", b"<svg onload='x()'/>", WrongKindOfFile),
        ("logo.png", b"<svg onload='x()'/>", WrongKindOfFile),
        ("dance.gif", moving("GIF"), WrongKindOfFile),
        ("dance.png", moving("PNG"), WrongKindOfFile),
        ("dance.webp", moving("WEBP"), WrongKindOfFile),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", WrongKindOfFile),
        ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), EncryptedFile),
        ("broken.jpg", picture("JPEG")[:200], BrokenFile),
        ("big.txt", b"a" * (UPLOAD_BYTES + 1), FileTooLarge),
    ],
)  # fmt: skip
def test_what_it_is_not_taken_for_is_refused_with_its_sentence(child, name, data, refusal):
    with pytest.raises(refusal) as refused:
        child(data, name)
    assert type(refused.value) is refusal
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize("name", ["dance.gif", "dance.jpg", "dance.png", "dance.webp", "dance.pdf", "dance.txt"])
def test_a_picture_that_moves_ten_thousand_times_is_refused_before_a_frame_is_drawn(child, name):
    """4,000 by 4,000 pixels a frame: 160 gigabytes, were they unpacked."""
    screen = b"GIF89a" + struct.pack("<HHBBB", 4_000, 4_000, 0x80, 0, 0) + b"\x00\x00\x00\xff\xff\xff"
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 4_000, 4_000, 0) + b"\x02\x02\x44\x01\x00"
    began = time.monotonic()
    with pytest.raises(WrongKindOfFile):
        child(screen + frame * 10_000 + b"\x3b", name)
    assert time.monotonic() - began < 2


def test_an_encrypted_zip_in_words_clothes_is_refused(child):
    data = bytearray(paper("X", "Signed."))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    with pytest.raises(EncryptedFile):
        child(bytes(data), "locked.docx")


def test_a_pdf_that_only_a_password_opens_is_refused(child):
    with pytest.raises(EncryptedFile):
        child(locked_pdf(), "locked.pdf")


def test_a_zip_that_grows_without_end_is_refused_before_it_does(child):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(300 << 20))
    began = time.monotonic()
    with pytest.raises(FileTooLarge):
        child(stream.getvalue(), "bomb.docx")
    assert time.monotonic() - began < 5
    with pytest.raises(BrokenFile):
        child(plain_zip("word/document.xml", "inner.zip"), "nested.docx")


def test_a_picture_of_sixty_thousand_by_sixty_thousand_is_refused_before_a_pixel_is_unpacked(child):
    for width, height in ((60_000, 60_000), (EVIDENCE_PIXELS // 5_000 + 1, 5_000)):
        began = time.monotonic()
        with pytest.raises(FileTooLarge, match="million pixels"):
            child(png_of(width, height), "vast.png")
        assert time.monotonic() - began < 2


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photograph_is_written_anew_upright_without_its_place_and_maker(child, kind):
    made = child(photograph(kind, orientation=6), f"guard.{ {'HEIF': 'heic'}.get(kind, kind.lower()) }")
    with Image.open(io.BytesIO(made.content)) as kept:
        assert (kept.size, made.width, made.height) == ((200, 300), 200, 300)
        assert dict(kept.getexif()) == {}
        assert {"exif", "xmp", "icc_profile", "comment"} & set(kept.info) == set()
    for part in (made.content, made.small, made.large):
        assert b"Maker of telephones" not in part


def test_what_stands_behind_the_end_of_a_picture_is_left_behind(child):
    made = child(picture("JPEG") + PAGE, "guard.jpg")
    assert b"<script>" not in made.content


@pytest.mark.parametrize(("name", "data"), [("a.jpg", picture("JPEG", size=(3000, 1500))), ("a.pdf", pdf())])
def test_pictures_and_first_pages_have_two_sizes(child, name, data):
    made = child(data, name)
    for content, side in ((made.small, THUMBNAIL_SIDE), (made.large, PREVIEW_SIDE)):
        with Image.open(io.BytesIO(content)) as shown:
            assert shown.format == "JPEG"
            assert max(shown.size) <= side


def test_a_pdf_that_is_a_web_page_too_is_kept_as_it_was_sent(child):
    assert child(pdf() + PAGE, "a.pdf").content == b""


def test_the_virus_test_file_passes_for_text_until_the_scanner_answers(child):
    assert child(EICAR, "eicar.txt").kind == "txt"
