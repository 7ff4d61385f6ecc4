"""An invented report of 2021, and the files in which it could be published. No figure in it is real."""
from __future__ import annotations

import io
from pathlib import Path

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

TITLE = "枣庄市2021年度法治政府建设情况报告"
BODY = (
    "2021年，枣庄市认真落实各项部署，法治政府建设取得新的进展。现将有关情况报告如下。",
    "一、压实法治建设责任",
    "（一）党政主要负责人带头。全年召开法治政府建设推进会议9次，印发责任清单14份，分解任务137项。法治督察发现问题64处，整改完成率97%以上。",
    "二、政务服务更加便捷",
    "（一）审批提速。企业开办时间压缩至0.5个工作日，市级98.4%的政务服务事项可实现网上办理。全年办理跨域事项1.7万余件。",
    "（二）公共法律服务扩面。全年提供公共法律服务6万余件（次）。其中，公证5,211件，司法鉴定906件，法律援助2,229件，人民调解23,461件。城乡低保标准由每人每月600元提高到650元。",
    "三、化解矛盾纠纷",
    "（一）行政复议提质增效。2021年，全市共办理行政复议案件517件，受理431件，其中，作出撤销、确认违法等纠错决定39件，纠错率9.2%。行政机关负责人出庭应诉率保持100%，行政诉讼案件败诉率为6.7%。",
    "（二）整合解纷力量。整合公证、仲裁、人民调解、法律援助等4项职能，设立全省首个乡村解纷驿站。",
    "四、自觉接受监督",
    "12345政务服务便民热线共受理群众诉求523,009件，办结率99.6%，满意率97.3%。公开政府信息8700余条。",
)
TABLE = (("项目", "数量"), ("公证", "5,211件"), ("法律援助", "2,229件"))
TEXT = "\n".join((TITLE, *BODY)) + "\n"
FONT = "STSong-Light"
MARGIN, SIZE, LEADING = 72, 12, 20


def word_file(path: Path, paragraphs: tuple[str, ...] = (TITLE, *BODY), table: tuple = ()) -> Path:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "枣庄市人民政府办公室"
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        made = document.add_table(rows=len(table), cols=len(table[0]))
        for row, cells in enumerate(table):
            for column, text in enumerate(cells):
                made.cell(row, column).text = text
    document.save(path)
    return path


def numbered_word_file(path: Path) -> Path:
    """Headings that Word numbers by itself: 一、 and （一）."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), "77")
    for level, shown in enumerate(("%1、", "（%2）")):
        element = OxmlElement("w:lvl")
        element.set(qn("w:ilvl"), str(level))
        for tag, value in (("w:start", "1"), ("w:numFmt", "chineseCounting"), ("w:lvlText", shown)):
            child = OxmlElement(tag)
            child.set(qn("w:val"), value)
            element.append(child)
        abstract.append(element)
    numbering.insert(0, abstract)
    listed = OxmlElement("w:num")
    listed.set(qn("w:numId"), "77")
    reference = OxmlElement("w:abstractNumId")
    reference.set(qn("w:val"), "77")
    listed.append(reference)
    numbering.append(listed)
    document.add_paragraph(TITLE)
    for level, text in ((0, "工作"), (1, "复议。受理3件。"), (1, "应诉。出庭5次。"), (0, "打算"), (1, "普法。办班7期。")):
        properties = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = level, 77
    document.save(path)
    return path


def web_page(paragraphs: tuple[str, ...] = BODY, charset: str = "utf-8", table: tuple = ()) -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in table)
    text = "".join(f"<p style='text-indent:2em'>{line}</p>\n" for line in paragraphs)
    return (f"<!DOCTYPE html><html><head><meta charset='{charset}'><title>{TITLE}_枣庄市人民政府</title><style>p{{}}</style></head><body>"
            f"<div class='top'><ul><li>首页</li><li>政务公开</li></ul></div><div id='wrap'><h1>{TITLE}</h1><div id='zoom'>{text}"
            f"<table>{rows}</table></div></div><div class='foot'>主办单位：某办公室 鲁ICP备12345678号</div><script>var count = 99;</script></body></html>"
            ).encode("gb18030" if charset == "gb2312" else charset)


def _wrapped(text: str, width: float) -> list[str]:
    """Lines as a typesetter breaks them: two characters of indentation, then as many as fit."""
    lines, line = [], "　　"
    for character in text:
        if pdfmetrics.stringWidth(line + character, FONT, SIZE) > width:
            lines.append(line)
            line = ""
        line += character
    return [*lines, line]


def pdf_file(path: Path, paragraphs: tuple[str, ...] = BODY, title: str = TITLE, columns: int = 1, password: str = "", lines_a_page: int = 30) -> Path:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(path), pagesize=A4, encrypt=StandardEncryption(password) if password else None)
    width, height = A4
    column = (width - 2 * MARGIN - (columns - 1) * 24) / columns
    lines = [line for text in paragraphs for line in _wrapped(text, column)]
    page = 0
    while lines:
        page += 1
        canvas.setFont(FONT, 9)
        canvas.drawCentredString(width / 2, height - 40, "枣庄市人民政府公报　内部资料")
        canvas.drawCentredString(width / 2, 30, f"- {page} -")
        top = height - MARGIN - 20
        if page == 1:
            canvas.setFont(FONT, 18)
            canvas.drawCentredString(width / 2, top, title)
            top -= 40
        canvas.setFont(FONT, SIZE)
        for number in range(columns):
            for row in range(lines_a_page if page > 1 else lines_a_page - 2):
                if lines:
                    canvas.drawString(MARGIN + number * (column + 24), top - row * LEADING, lines.pop(0).replace("　　", "　　", 1))
        canvas.showPage()
    canvas.save()
    return path


def pdf_with_table(path: Path) -> Path:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setFont(FONT, SIZE)
    canvas.drawString(MARGIN, 700, "表前的一句话，共办理三类事项。")
    for row, cells in enumerate(TABLE):
        for column, text in enumerate(cells):
            canvas.rect(MARGIN + column * 120, 640 - row * 24, 120, 24)
            canvas.drawString(MARGIN + column * 120 + 6, 647 - row * 24, text)
    canvas.drawString(MARGIN, 540, "表后的一句话，情况总体良好。")
    canvas.save()
    return path


def scanned_pdf(path: Path) -> Path:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    picture = io.BytesIO()
    Image.new("RGB", (200, 280), "white").save(picture, "PNG")
    canvas = Canvas(str(path), pagesize=A4)
    canvas.drawImage(ImageReader(io.BytesIO(picture.getvalue())), 0, 0, *A4)
    canvas.save()
    return path
