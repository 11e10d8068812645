"""The order in which Word's schema wants the parts of what we write by hand; LibreOffice forgives what Word does not.

Transcribed by hand from the transitional schema (ECMA-376 part 4): the elements whose children are a sequence.
"""

from collections.abc import Iterator

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BORDERS = "top left start bottom right end insideH insideV tl2br tr2bl"
_SEQUENCES = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs"
    " suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd"
    " snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment"
    " textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss"
    " imprint noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd"
    " fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath rPrChange",
    "numPr": "ilvl numId numberingChange ins",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing"
    " tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription tblPrChange",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark"
    " headers cellIns cellDel cellMerge tcPrChange",
    "tbl": "bookmarkStart bookmarkEnd tblPr tblGrid tr sdt customXml ins del moveFrom moveTo",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType"
    " pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings"
    " sectPrChange",
    "sdt": "sdtPr sdtEndPr sdtContent",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked"
    " personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "docDefaults": "rPrDefault pPrDefault",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
    "num": "abstractNumId lvlOverride",
    "numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
    "tblBorders": _BORDERS,
    "tcBorders": _BORDERS,
}
_FIRST_ONLY = {"p": "pPr", "r": "rPr", "tr": "trPr", "tc": "tcPr"}  # properties stand before all else
_PLACES = {name: {one: at for at, one in enumerate(order.split())} for name, order in _SEQUENCES.items()}


def out_of_order(root: etree._Element) -> Iterator[str]:
    """What stands after what it should stand before, in words: `rPr: b after sz`."""
    for element in root.iter(etree.Element):
        if not element.tag.startswith(W):
            continue
        name = element.tag[len(W) :]
        if places := _PLACES.get(name):
            yield from _sequence(name, element, places)
        elif first := _FIRST_ONLY.get(name):
            for at, child in enumerate(element):
                if child.tag == f"{W}{first}" and any(one.tag != f"{W}tblPrEx" for one in element[:at]):
                    yield f"{name}: {first} not first"


def _sequence(name: str, element: etree._Element, places: dict[str, int]) -> Iterator[str]:
    last, last_name = -1, ""
    for child in element:
        own = child.tag[len(W) :] if child.tag.startswith(W) else ""
        if own not in places:
            continue
        if name == "tbl":
            at = min(places[own], places["tr"]) if own not in ("bookmarkStart", "bookmarkEnd") else last
        else:
            at = places[own]
        if at < last:
            yield f"{name}: {own} after {last_name}"
        last, last_name = at, own
