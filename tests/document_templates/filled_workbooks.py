"""What a consultant does to a field workbook: fill its controls, as Word writes them; or something else to its XML."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping

from document_templates import archive
from document_templates.field_workbook import escaped

CONTROL = re.compile(
    r"(<w:sdt><w:sdtPr>(?:(?!</w:sdtPr>).)*</w:sdtPr>)<w:sdtContent>(.*?)</w:sdtContent></w:sdt>", re.DOTALL
)
ALIAS, TAG = re.compile(r'w:alias w:val="([^ "]+)'), re.compile(r'w:tag w:val="([^"]+)"')
TICKED = "☒"


def filled(content: bytes, answers: Mapping[str, Mapping[str, str]], *, visited: str = "") -> bytes:
    """`answers`: requirement -> the letter of a field -> what is chosen, typed or ticked."""

    def fill(found: re.Match[str]) -> str:
        head = found[1]
        letter, code = TAG.search(head)[1].split(".")[2], ALIAS.search(head)[1]
        value = visited if letter == "v" else answers.get(code, {}).get(letter)
        return written(head, value) if value else found[0]

    return changed(content, lambda xml: CONTROL.sub(fill, xml))


def written(head: str, value: str) -> str:
    text = '</w:t><w:br/><w:t xml:space="preserve">'.join(escaped(line) for line in value.split("\n"))
    run = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
    return f"{head.replace('<w:showingPlcHdr/>', '')}<w:sdtContent>{run}</w:sdtContent></w:sdt>"


def changed(content: bytes, change: Callable[[str], str], part: str = "word/document.xml") -> bytes:
    """The same file with one of its parts changed."""
    parts = archive.read(content)
    parts[part] = change(parts[part].decode()).encode()
    return archive.write([archive.pack(name, parts[name]) for name in archive.ordered(parts)])


def row_of(xml: str, code: str) -> str:
    """The whole table row of a requirement."""
    return next(row for row in re.findall(r"<w:tr>.*?</w:tr>", xml, re.DOTALL) if f'w:val="{code} ' in row)


def part_of(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return file.read(name).decode()
