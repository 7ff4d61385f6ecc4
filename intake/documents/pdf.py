"""PDF files with text: pages put in reading order, without page numbers, running heads and line breaks."""
from __future__ import annotations

import io
import logging
import re
from collections import Counter
from pathlib import Path

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from intake.documents import Document
from intake.documents.page_lines import Line, page_lines, paragraphs
from knowledge.errors import KnowledgeError

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of every odd font, line by line
PAGE_NUMBER = re.compile(r"[-—－–~·\s]*(?:第?\s*\d{1,4}\s*页?(?:\s*[/／共]\s*\d{1,4}\s*页?)?)[-—－–~·\s]*$")
EDGE = 0.1  # share of the page's height in which running heads stand
UNKNOWN_CHARACTER = re.compile(r"\(cid:\d+\)|\ufffd|[\ue000-\uf8ff]")
MOST_UNKNOWN = 0.02
REPEATED = 2  # pages on which a running head shows that it is one


def read_pdf(path: Path, content: bytes) -> Document:
    """Raises KnowledgeError for a locked, damaged or scanned file, or one whose fonts do not say which characters they show."""
    pages, pictures = _pages(path, content)
    if not any(pages):
        raise KnowledgeError(path, "", "这份 PDF 是扫描的图片，里面没有文字", "请找发布单位要 Word 版或网页版；或者先用文字识别软件转成 docx，校对后再试")
    text = paragraphs(_without_running_heads(pages))
    unknown = len(UNKNOWN_CHARACTER.findall(text))
    if unknown > MOST_UNKNOWN * len(text):
        raise KnowledgeError(path, "", f"这份 PDF 的字体没有写明是哪些字（有{unknown}处读不出）", "请找 Word 版或网页版；或者打印成图片后用文字识别软件转成 docx")
    notes = (f"第{'、'.join(map(str, pictures))}页是图片，上面的字读不出来，请对照原件看有没有漏掉的数字",) if pictures else ()
    return Document(text, notes)


def _pages(path: Path, content: bytes) -> tuple[list[list[Line]], list[int]]:
    """The lines of every page, and the numbers of the pages that are only a picture."""
    try:
        with pdfplumber.open(io.BytesIO(content)) as opened:
            pages, pictures = [], []
            for number, page in enumerate(opened.pages, 1):
                lines = page_lines(page, number)
                pages.append(lines)
                if not lines and page.images:
                    pictures.append(number)
                page.close()
            return pages, pictures
    except PdfminerException as error:
        cause = error.args[0] if error.args else error
        if isinstance(cause, (PDFPasswordIncorrect, PDFEncryptionError)):
            raise KnowledgeError(path, "", "这份 PDF 加了密码", "请去掉密码，另存一份，再试一次") from error
        raise KnowledgeError(path, "", "PDF 打不开，可能没有下载完整", "请重新下载，再试一次") from error


def _without_running_heads(pages: list[list[Line]]) -> list[list[Line]]:
    """Lines at the edge that are a page number, or that stand (digits aside) at the edge of several pages."""
    def key(line: Line) -> str:
        return re.sub(r"\d+", "0", line.text)

    often = Counter(name for lines in pages for name in {key(line) for line in lines if line.at_edge(EDGE)})

    def is_running(line: Line) -> bool:
        return line.at_edge(EDGE) and (bool(PAGE_NUMBER.fullmatch(line.text)) or often[key(line)] >= REPEATED)

    return [[line for line in lines if not is_running(line)] for lines in pages]
