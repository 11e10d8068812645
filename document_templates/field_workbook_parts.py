"""The parts of a field workbook that are the same in every one, or differ in their look only."""

from functools import lru_cache

from document_templates import archive
from document_templates.properties import APPLICATION, core
from document_templates.relationships import DECLARATION

WIDTH = 14_400  # twentieths of a point: letter paper across, margins of half an inch
COLUMNS = (5_000, 2_500, 2_300, 4_600)  # requirement, seen so far, rating, notes

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"

DOCUMENT_START = (
    f'{DECLARATION}<w:document xmlns:w="{_W}" xmlns:r="{_OFFICE}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" mc:Ignorable="w14"><w:body>'
)
DOCUMENT_END = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rId3"/>'
    '<w:pgSz w:w="15840" w:h="12240" w:orient="landscape"/>'
    '<w:pgMar w:top="720" w:right="720" w:bottom="720" w:left="720" w:header="360" w:footer="360" w:gutter="0"/>'
    "</w:sectPr></w:body></w:document>"
)

_TYPES = (
    f'{DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/word/settings.xml" ContentType="{_TYPE}.settings+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{_TYPE}.footer+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    '<Override PartName="/docProps/app.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>'
    '<Override PartName="/docProps/custom.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/></Types>'
)
_PACKAGE_RELATIONS = (
    f'{DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/extended-properties" Target="docProps/app.xml"/>'
    f'<Relationship Id="rId4" Type="{_OFFICE}/custom-properties" Target="docProps/custom.xml"/></Relationships>'
)
_DOCUMENT_RELATIONS = (
    f'{DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/settings" Target="settings.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/footer" Target="footer1.xml"/></Relationships>'
)
_SETTINGS = (
    f'{DECLARATION}<w:settings xmlns:w="{_W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
    'w:val="15"/></w:compat><w:themeFontLang w:val="{language}"/><w:decimalSymbol w:val="."/>'
    '<w:listSeparator w:val=","/></w:settings>'
)
_SPOKEN = {"en": "en-CA", "fr": "fr-CA"}

_FOOTER = (
    f'{DECLARATION}<w:ftr xmlns:w="{_W}"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
    '<w:r><w:t xml:space="preserve">{line}</w:t></w:r><w:r><w:tab/></w:r>'
    '<w:r><w:t xml:space="preserve">{page} </w:t></w:r>'
    '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>'
)


def _paragraph_style(name: str, shown: str, paragraph: str = "", run: str = "", based_on: str = "Normal") -> str:
    based = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    ours = "" if name in ("Normal", "Title", "Subtitle", "Heading1", "Footer") else ' w:customStyle="1"'
    default = ' w:default="1"' if name == "Normal" else ""
    paragraph = f"<w:pPr>{paragraph}</w:pPr>" if paragraph else ""
    run = f"<w:rPr>{run}</w:rPr>" if run else ""
    return (
        f'<w:style w:type="paragraph"{default}{ours} w:styleId="{name}"><w:name w:val="{shown}"/>{based}<w:qFormat/>'
        f"{paragraph}{run}</w:style>"
    )


def _borders(kind: str, colour: str, *sides: str) -> str:
    return "".join(f'<w:{side} w:val="{kind}" w:sz="4" w:space="0" w:color="{colour}"/>' for side in sides)


_MARGINS = (
    '<w:tblCellMar><w:top w:w="{tall}" w:type="dxa"/><w:left w:w="100" w:type="dxa"/>'
    '<w:bottom w:w="{tall}" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar>'
)


@lru_cache(maxsize=16)
def styles(colour: str, heading_font: str, body_font: str, language: str) -> bytes:
    """Styles in the firm's colour and fonts; sizes are half points."""
    heading = f'<w:rFonts w:ascii="{heading_font}" w:hAnsi="{heading_font}" w:cs="{heading_font}"/>'
    body = f'<w:rFonts w:ascii="{body_font}" w:hAnsi="{body_font}" w:eastAsia="{body_font}" w:cs="{body_font}"/>'
    rows = [
        f'<w:docDefaults><w:rPrDefault><w:rPr>{body}<w:sz w:val="19"/><w:szCs w:val="19"/>'
        f'<w:lang w:val="{_SPOKEN[language]}"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>',
        _paragraph_style("Normal", "Normal", based_on=""),
        _paragraph_style("Title", "Title", '<w:spacing w:after="20"/>',
                         f'{heading}<w:b/><w:color w:val="{colour}"/><w:sz w:val="44"/>'),
        _paragraph_style("Subtitle", "Subtitle", '<w:spacing w:after="160"/>',
                         '<w:color w:val="44546A"/><w:sz w:val="24"/>'),
        _paragraph_style("Heading1", "heading 1",
                         '<w:keepNext/><w:spacing w:before="320" w:after="100"/><w:outlineLvl w:val="0"/>',
                         f'{heading}<w:b/><w:color w:val="{colour}"/><w:sz w:val="28"/>'),
        _paragraph_style("Footer", "footer", '<w:tabs><w:tab w:val="right" w:pos="14400"/></w:tabs>',
                         '<w:color w:val="595959"/><w:sz w:val="16"/>'),
        _paragraph_style("CoverLabel", "Cover Label", "", '<w:color w:val="595959"/>'),
        _paragraph_style("CoverValue", "Cover Value", "", "<w:b/>"),
        _paragraph_style("Instruction", "Instruction",
                         '<w:spacing w:before="40"/><w:ind w:left="300" w:hanging="300"/>'),
        _paragraph_style("Head", "Table Head", "<w:keepNext/>", '<w:b/><w:color w:val="FFFFFF"/>'),
        _paragraph_style("Requirement", "Requirement",
                         '<w:tabs><w:tab w:val="left" w:pos="780"/></w:tabs><w:spacing w:after="40"/>'
                         '<w:ind w:left="780" w:hanging="780"/>', "<w:b/>"),
        _paragraph_style("Body", "Table Body", "", '<w:sz w:val="18"/>'),
        _paragraph_style("Hint", "Table Hint", '<w:spacing w:before="40"/>',
                         '<w:i/><w:color w:val="595959"/><w:sz w:val="17"/>'),
        _paragraph_style("Answer", "Answer"),
        _paragraph_style("Tick", "Tick", '<w:spacing w:before="30"/>', '<w:sz w:val="18"/>'),
        _paragraph_style("Small", "Small", "", '<w:sz w:val="4"/>'),
        '<w:style w:type="character" w:styleId="PlaceholderText"><w:name w:val="Placeholder Text"/>'
        '<w:rPr><w:color w:val="6B6B6B"/></w:rPr></w:style>',
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{_MARGINS.format(tall=0)}</w:tblPr></w:style>',
        '<w:style w:type="table" w:customStyle="1" w:styleId="Cover"><w:name w:val="Cover"/>'
        '<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>'
        f'{_borders("single", colour, "top")}{_borders("single", "C9CED6", "bottom", "insideH")}</w:tblBorders>'
        f'{_MARGINS.format(tall=40)}</w:tblPr></w:style>',
        '<w:style w:type="table" w:customStyle="1" w:styleId="Workbook"><w:name w:val="Workbook"/>'
        '<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>'
        f'{_borders("single", "C9CED6", "top", "left", "bottom", "right", "insideH", "insideV")}</w:tblBorders>'
        f'{_MARGINS.format(tall=60)}</w:tblPr><w:tblStylePr w:type="firstRow"><w:tblPr/><w:tcPr>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{colour}"/></w:tcPr></w:tblStylePr></w:style>',
    ]  # fmt: skip
    return f'{DECLARATION}<w:styles xmlns:w="{_W}">{"".join(rows)}</w:styles>'.encode()


@lru_cache(maxsize=2)
def constant_members(language: str) -> dict[str, archive.Member]:
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _PACKAGE_RELATIONS,
        "word/_rels/document.xml.rels": _DOCUMENT_RELATIONS,
        "word/settings.xml": _SETTINGS.replace("{language}", _SPOKEN[language]),
    }
    packed = {name: archive.pack(name, data.encode(), once=True) for name, data in parts.items()}
    return packed | {"docProps/app.xml": archive.pack("docProps/app.xml", APPLICATION, once=True)}


def content_properties(title: str, author: str, made_on: str, language: str) -> bytes:
    return core({"document": {"title": title, "author": author, "created": made_on, "language": language}}, {})


def footer(line: str, page: str) -> bytes:
    return _FOOTER.replace("{line}", line).replace("{page}", page).encode()
