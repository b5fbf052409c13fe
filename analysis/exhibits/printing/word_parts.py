"""What a Word document needs beside its text: styles, settings, properties, relations."""

from xml.sax.saxutils import escape

from analysis.exhibits.printing.style import Style

LATIN, SONG, HEI = "Times New Roman", "宋体", "黑体"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def parts(body: str, title: str, language: str, style: Style) -> dict[str, bytes]:
    """Return the parts of a document by name, ``body`` the XML inside its body."""
    texts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            (f"{_DOCUMENT}/officeDocument", "word/document.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _properties(title, language),
        "word/_rels/document.xml.rels": _relations(
            (f"{_DOCUMENT}/styles", "styles.xml"), (f"{_DOCUMENT}/settings", "settings.xml")
        ),
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
        "word/settings.xml": _settings(),
        "word/styles.xml": _styles(language, style),
    }
    return {name: (_XML + text).encode("utf-8") for name, text in texts.items()}


def _content_types() -> str:
    kinds = {
        "/word/document.xml": f"{_KIND}.document.main+xml",
        "/word/styles.xml": f"{_KIND}.styles+xml",
        "/word/settings.xml": f"{_KIND}.settings+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in kinds.items()
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(*relations: tuple[str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(relations, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _properties(title: str, language: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title>"
        f"<dc:language>{'zh-CN' if language == 'zh' else 'en'}</dc:language></cp:coreProperties>"
    )


def _settings() -> str:
    # without a version Word takes the file for one of its oldest and offers to convert it
    return (
        f'<w:settings xmlns:w="{_W}"><w:characterSpacingControl w:val="compressPunctuation"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
    )


def _styles(language: str, style: Style) -> str:
    title, body, note = (round(2.0 * points) for points in style.points)
    spoken = "zh-CN" if language == "zh" else "en-US"
    caption_font = style.caption_zh if language == "zh" else SONG
    # lines of one height, or Chinese and Latin cells of a row would not stand on one line
    height = round(1.35 * 20.0 * style.points[1])
    cell = f'<w:spacing w:before="10" w:after="10" w:line="{height}" w:lineRule="exact"/>'
    named = [
        _paragraph("Caption", "caption", title, caption_font, bold=caption_font != HEI,
                   about='<w:keepNext/><w:spacing w:before="120" w:after="80"/>'
                   f'<w:jc w:val="{style.caption}"/>'),
        _paragraph("TableText", "Table Text", body, about=cell),
        _paragraph("TableCentred", "Table Centred", body, about=f'{cell}<w:jc w:val="center"/>'),
        _paragraph("TableNumber", "Table Number", body, about=f'{cell}<w:jc w:val="left"/>'),
        _paragraph("TableNote", "Table Note", note,
                   about='<w:spacing w:before="60" w:after="0"/><w:jc w:val="both"/>'),
    ]  # fmt: skip
    return (
        f'<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>{_fonts(SONG)}'
        f'<w:sz w:val="{body}"/><w:szCs w:val="{body}"/>'
        f'<w:lang w:val="{spoken}" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        f"<w:qFormat/></w:style>{''.join(named)}{_THREE_RULES}</w:styles>"
    )


def _fonts(chinese: str) -> str:
    return f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{chinese}" w:cs="{LATIN}"/>'


def _paragraph(
    key: str, name: str, half_points: int, chinese: str = SONG, bold: bool = False, about: str = ""
) -> str:
    weight = "<w:b/><w:bCs/>" if bold else ""
    return (
        f'<w:style w:type="paragraph" w:customStyle="{int(key != "Caption")}" w:styleId="{key}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{about}</w:pPr>'
        f'<w:rPr>{_fonts(chinese)}{weight}<w:sz w:val="{half_points}"/>'
        f'<w:szCs w:val="{half_points}"/></w:rPr></w:style>'
    )


_THREE_RULES = (
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
    '<w:left w:w="60" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="table" w:customStyle="1" w:styleId="ThreeRules">'
    '<w:name w:val="Three Rules"/><w:basedOn w:val="TableNormal"/></w:style>'
)
