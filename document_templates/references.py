"""What printed values bring along: each part of a document gets its own relationships to their pictures and links."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any

from document_templates import links, pictures
from document_templates.pictures import Picture
from document_templates.relationships import OFFICE, Relation

_MARKED = re.compile(rf' r:(embed|id)="({pictures.MARK}|{links.MARK})([^"]*)"')
_PICTURE, _HYPERLINK = f"{OFFICE}/image", f"{OFFICE}/hyperlink"
_SIGN = links.SIGN.encode()
_FOLDER = "/word/media/"


class References:
    """The pictures and links of one document, looked for among its fields once something printed asks for one."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.fields = fields
        self.media: dict[str, Picture] = {}  # by part name
        self._by_key: dict[str, Picture] = {}

    def settled(
        self, texts: Mapping[str, bytes], parts: Iterable[str], listed: Mapping[str, list[Relation]]
    ) -> tuple[dict[str, bytes], dict[str, list[Relation]]] | None:
        """The texts with real relationships, and all relationships; None where nothing in these parts asks for any."""
        signed = [part for part in parts if _SIGN in texts[part]]
        asking = [part for part in signed if _MARKED.search(texts[part].decode())]
        if not asking:
            return None
        self._by_key = {picture.key: picture for picture in _pictures(self.fields)}
        written, own = dict(texts), dict(listed)
        for part in asking:
            written[part], own[part] = self._part(texts[part].decode(), list(listed.get(part, [])))
        return written, own

    def _part(self, xml: str, listed: list[Relation]) -> tuple[bytes, list[Relation]]:
        taken = {relation.id for relation in listed}
        given: dict[tuple[str, str], str] = {}

        def settle(match: re.Match[str]) -> str:
            kind, what = match[2], unescape(match[3])
            if (kind, what) not in given:
                key = next(
                    f"rIdV{n}" for n in range(len(given) + 1, len(given) + 2 + len(taken)) if f"rIdV{n}" not in taken
                )
                taken.add(key)
                given[kind, what] = key
                listed.append(self._relation(key, kind, what))
            return f' r:{match[1]}="{given[kind, what]}"'

        return _MARKED.sub(settle, xml).encode(), listed

    def _relation(self, key: str, kind: str, what: str) -> Relation:
        if kind == links.MARK:
            return Relation(key, _HYPERLINK, what, external=True)
        picture = self._by_key[what]
        target = f"{_FOLDER}value-{what}.{picture.kind[0]}"
        self.media[target.lstrip("/")] = picture
        return Relation(key, _PICTURE, target)


def _pictures(value: object) -> Iterator[Picture]:
    if isinstance(value, Picture):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _pictures(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _pictures(one)
