"""A document that a consultant took away, edited in Word and brought back: what is known of it before it is kept."""

import re
from dataclasses import dataclass

from lxml import etree

from document_templates.blocks import WordFile
from document_templates.changes import Change, compared
from document_templates.contents import PLACEHOLDER, W
from document_templates.intake import inspect_archive
from document_templates.refusals import BrokenFile, UnreadableTemplate
from document_templates.relationships import parse, relations, resolve
from document_templates.tracked import tracked

_TAG = re.compile(rf"{{{{.*?}}}}|{{%.*?%}}|{{#.*?#}}|{PLACEHOLDER}", re.DOTALL)
_TEXT_BESIDE = ("header", "footer", "footnotes", "endnotes")
_CORE = "/metadata/core-properties"


@dataclass(frozen=True)
class EditedFacts:
    """What the copy says, beside what the original said; nothing here is a refusal, the firm decides."""

    title: str
    title_found: bool
    number: str  # the original's
    number_found: bool
    other_number: str  # of another document, "" when none is claimed
    language: str
    language_kept: bool
    has_properties: bool
    leftover_tags: tuple[str, ...]
    tracked_changes: int
    tracked_by: tuple[str, ...]
    comments: int
    comments_by: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def seems_another_document(self) -> bool:
        return bool(self.other_number) or bool(self.number and not self.number_found)

    @property
    def shows_its_editing(self) -> bool:
        """Whether the client would see who wrote what."""
        return bool(self.tracked_changes or self.comments)


def inspect_edited(content: bytes, *, original: bytes) -> EditedFacts:
    """Raise what keeps every upload out; else tell what this copy is and how far it went from its original."""
    inspect_archive(content, kind="docx")
    issued = WordFile(original)
    try:
        return _facts(WordFile(content), issued)
    except UnreadableTemplate as error:
        sentence = (
            "The text of the file cannot be read; save it again in Word as “Word Document (.docx)”, not as Strict."
        )
        raise BrokenFile(sentence) from error


def _facts(edited: WordFile, issued: WordFile) -> EditedFacts:
    now, was = _properties(edited), _properties(issued)
    text, issued_text = _text(edited), _text(issued)
    number = was.get("identifier", "")
    language = now.get("language") or _language(edited)
    roots = [parse(data) for part, data in edited.parts.items() if _is_text(edited, part)]
    marks = tracked(roots)
    comments = [one for part in edited.beside("comments") for one in parse(edited.parts[part]).iter(f"{W}comment")]
    return EditedFacts(
        title=now.get("title", ""),
        title_found=not was.get("title") or was["title"] == now.get("title") or _contains(text, _cover_title(issued)),
        number=number,
        number_found=bool(number) and (number == now.get("identifier") or _contains(text, number)),
        other_number=_other_number(number, now.get("identifier", ""), text, issued_text),
        language=language,
        language_kept=language == (was.get("language") or _language(issued)),
        has_properties=bool(now),
        leftover_tags=tuple(dict.fromkeys(_TAG.findall(text))),
        tracked_changes=marks.total,
        tracked_by=marks.authors,
        comments=len(comments),
        comments_by=tuple(sorted({one.get(f"{W}author") or "" for one in comments} - {""})),
        changes=tuple(compared(issued, edited)),
    )


def _properties(file: WordFile) -> dict[str, str]:
    for relation in relations(file.parts, ""):
        part = resolve("", relation.target)
        if relation.kind.endswith(_CORE) and part in file.parts:
            return {etree.QName(row).localname: (row.text or "").strip() for row in parse(file.parts[part])}
    return {}


def _is_text(file: WordFile, part: str) -> bool:
    return part == file.main or any(part in file.beside(kind) for kind in _TEXT_BESIDE)


def _text(file: WordFile) -> str:
    roots = [file.root, *(file.tree(part) for kind in _TEXT_BESIDE for part in file.beside(kind))]
    return "\n".join(_said(paragraph) for root in roots for paragraph in root.iter(f"{W}p"))


def _said(paragraph: etree._Element) -> str:
    return "".join(leaf.text or "" for leaf in paragraph.iter(f"{W}t"))


def _contains(text: str, wanted: str) -> bool:
    return bool(wanted) and bool(re.search(rf"(?<![\w-]){re.escape(wanted)}(?![\w-])", text))


def _cover_title(file: WordFile) -> str:
    for paragraph in file.root.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and style.get(f"{W}val") == "Title":
            return _said(paragraph).strip()
    return ""


def _language(file: WordFile) -> str:
    """What the styles say the text is written in, for programs that do not keep it in the properties."""
    for part in file.beside("styles"):
        found = file.tree(part).find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
        if found is not None:
            return found.get(f"{W}val", "")
    return ""


def _other_number(number: str, claimed: str, text: str, issued_text: str) -> str:
    """The number of another document: the one the file claims, or one of the same form where ours is nowhere."""
    if not number:
        return ""
    if claimed and claimed != number:
        return claimed
    if claimed == number or _contains(text, number):
        return ""
    form = "-".join(rf"\d{{{len(one)}}}" if one.isdigit() else r"[^\W_]+" for one in number.split("-"))
    found = re.findall(rf"(?<![\w-]){form}(?![\w-])", text)
    return next((one for one in found if not _contains(issued_text, one)), "")
