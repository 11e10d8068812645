"""Which part of a Word file refers to which, and what kind of part each one is."""

import posixpath
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from lxml import etree

from document_templates.refusals import UnreadableTemplate

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CONTENT_TYPES = "[Content_Types].xml"


class Relation(NamedTuple):
    id: str
    kind: str
    target: str
    external: bool = False


def parse(data: bytes) -> etree._Element:
    """XML without entities, network, comments or the white space between tags."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_blank_text=True,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableTemplate("one of its parts is damaged") from error
    if root.getroottree().docinfo.doctype:
        raise UnreadableTemplate("one of its parts declares a document type")
    return root


def rels_name(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def resolve(part: str, target: str) -> str:
    """The part a relationship of `part` means; part names have no leading slash here."""
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(part), target))


def relations(parts: Mapping[str, bytes], part: str) -> list[Relation]:
    data = parts.get(rels_name(part))
    if data is None:
        return []
    return [
        Relation(r.get("Id", ""), r.get("Type", ""), r.get("Target", ""), r.get("TargetMode") == "External")
        for r in parse(data)
    ]


def write_relations(listed: Iterable[Relation]) -> bytes:
    rows = "".join(
        f"<Relationship Id={quoteattr(r.id)} Type={quoteattr(r.kind)} Target={quoteattr(r.target)}"
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if r.external else ''}/>"
        for r in listed
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}">{rows}</Relationships>'.encode()


def reachable(relations_of: Mapping[str, list[Relation]]) -> set[str]:
    """Every part some chain of relationships leads to from the package ("" stands for it)."""
    found: set[str] = set()
    waiting = [""]
    while waiting:
        part = waiting.pop()
        for relation in relations_of.get(part, ()):
            if not relation.external and (target := resolve(part, relation.target)) not in found:
                found.add(target)
                waiting.append(target)
    return found


class ContentTypes:
    """The table of kinds: by extension, and by name where that is not enough."""

    def __init__(self, data: bytes) -> None:
        self.defaults: dict[str, str] = {}
        self.overrides: dict[str, str] = {}
        for row in parse(data):
            if row.get("Extension"):
                self.defaults[row.get("Extension").lower()] = row.get("ContentType", "")
            elif row.get("PartName"):
                self.overrides[row.get("PartName").lstrip("/")] = row.get("ContentType", "")

    def of(self, part: str) -> str:
        return self.overrides.get(part) or self.defaults.get(part.rsplit(".", 1)[-1].lower(), "")

    def write(self, present: Iterable[str], added: Mapping[str, str]) -> bytes:
        """The table for the parts that are there; `added` are kinds by extension that the template did not have."""
        there = set(present)
        rows = [
            f"<Default Extension={quoteattr(extension)} ContentType={quoteattr(kind)}/>"
            for extension, kind in sorted({**added, **self.defaults}.items())
        ]
        rows += [
            f"<Override PartName={quoteattr('/' + part)} ContentType={quoteattr(kind)}/>"
            for part, kind in sorted(self.overrides.items())
            if part in there
        ]
        return f'{DECLARATION}<Types xmlns="{TYPES}">{"".join(rows)}</Types>'.encode()
