"""The language a document is read aloud and spell-checked in: of the document, not of whoever made its template."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from document_templates.contents import W
from document_templates.relationships import parse

_LANGUAGES = {"en": "en-CA", "fr": "fr-CA"}


def language_of(fields: Mapping[str, Any]) -> str:
    """`en-CA` or `fr-CA`, "" where the fields do not say: then the template's own stays."""
    document = fields.get("document")
    said = str(document.get("language") or "") if isinstance(document, Mapping) else ""
    return _LANGUAGES.get(said[:2].lower(), "")


def spoken(name: str, data: bytes, language: str) -> bytes:
    """Styles or settings in this language. What an author marked as another language stays marked."""
    root = parse(data)
    element = _of_styles(root) if name.endswith("styles.xml") else root.find(f"{W}themeFontLang")
    if element is None or element.get(f"{W}val") == language:
        return data
    element.set(f"{W}val", language)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def _of_styles(root: etree._Element) -> etree._Element:
    """The mark for all text without one of its own; made where it is missing, each level in its place."""
    defaults = root.find(f"{W}docDefaults")
    if defaults is None:
        defaults = etree.Element(f"{W}docDefaults")
        root.insert(0, defaults)
    runs = defaults.find(f"{W}rPrDefault")
    if runs is None:
        runs = etree.Element(f"{W}rPrDefault")
        defaults.insert(0, runs)
    looks = runs.find(f"{W}rPr")
    if looks is None:
        looks = etree.SubElement(runs, f"{W}rPr")
    language = looks.find(f"{W}lang")
    if language is None:
        language = etree.Element(f"{W}lang")
        later = looks.find(f"{W}eastAsianLayout"), looks.find(f"{W}specVanish"), looks.find(f"{W}oMath")
        following = next((one for one in later if one is not None), None)
        looks.append(language) if following is None else following.addprevious(language)
    return language
