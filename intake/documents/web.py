"""Saved web pages: the article without the site around it."""
from __future__ import annotations

import re
from pathlib import Path

import lxml.html
from lxml import etree

from intake.documents import Document
from intake.documents.plain import decode
from intake.documents.rows import table_row
from knowledge.errors import KnowledgeError

SUFFIXES = {".html", ".htm", ".xhtml", ".mht", ".mhtml"}
START = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.I)
LEFT_OUT = ("script", "style", "noscript", "nav", "header", "footer", "form", "aside", "iframe", "template", "select", "button")
BLOCKS = {"p", "div", "section", "article", "main", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre",
          "table", "tr", "td", "th", "tbody", "thead", "center", "figure", "figcaption"}
MOST_OF_IT = 0.85  # share of the full stops that the article holds; the rest is the site's


def looks_like_web(path: Path, content: bytes) -> bool:
    """By its suffix or its first 4 KB, for pages saved under other names."""
    return path.suffix.lower() in SUFFIXES or bool(START.match(content[:4096].removeprefix(b"\xef\xbb\xbf")))


def read_web(path: Path, content: bytes) -> Document:
    """Raises KnowledgeError."""
    if content.lstrip()[:5].lower() == b"from:" or b"multipart/related" in content[:2000]:
        raise KnowledgeError(path, "", "这是打包的网页（mht）", "请在浏览器里选“网页，仅 HTML”另存，再试一次")
    text = _decoded(path, content)
    try:
        root = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except (etree.ParserError, ValueError) as error:
        raise KnowledgeError(path, "", "网页里没有内容", "请在浏览器里打开，另存为“网页，仅 HTML”，再试一次") from error
    title = _title(root)
    etree.strip_elements(root, *LEFT_OUT, etree.Comment, with_tail=False)
    for hidden in root.xpath('//*[contains(translate(@style, " ", ""), "display:none") or @hidden]'):
        hidden.drop_tree()
    lines = _lines(_article(root))
    if title and not any(title in line for line in lines[:12]):
        lines.insert(0, title)
    return Document("\n".join(lines) + "\n")


def _decoded(path: Path, content: bytes) -> str:
    named = CHARSET.search(content[:4096])
    if named and named[1].lower() in (b"gb2312", b"gbk", b"gb18030", b"gb_2312-80"):
        return content.decode("gb18030", errors="replace")
    return decode(path, content)


def _title(root) -> str:
    """The article's own title: what the site declares, else its only main heading, else the page's name without the site's."""
    for found in (root.xpath('//meta[translate(@name, "ARTICLE", "article")="articletitle"]/@content'),
                  [heading.text_content() for heading in root.iter("h1")],
                  [re.split("[_|]| - |-(?=[^-]*$)", name.text_content())[0] for name in root.iter("title")]):
        named = ["".join(one.split()) for one in found if one.strip()]
        if named:
            return named[0]
    return ""


def _article(root):
    """The innermost element that still holds most of the page's sentences."""
    whole = root.find("body") if root.find("body") is not None else root
    needed = MOST_OF_IT * whole.text_content().count("。")
    place = whole
    while needed:
        inner = next((child for child in place if isinstance(child.tag, str) and child.tag != "p" and child.text_content().count("。") >= needed), None)
        if inner is None or inner.tag in ("table", "tbody", "tr") and len(inner.xpath(".//td")) > 1:
            break
        place = inner
    return place


def _lines(root) -> list[str]:
    lines = [""]

    def walk(element) -> None:
        if not isinstance(element.tag, str):
            return
        if element.tag == "table" and _is_data(element):
            lines.extend(table_row(cell.text_content() for cell in row.xpath("./td|./th")) for row in element.iter("tr"))
            lines.append("")
            return
        if element.tag == "br" or element.tag in BLOCKS:
            lines.append("")
        lines[-1] += element.text or ""
        for child in element:
            walk(child)
            if isinstance(child.tag, str) and child.tag in BLOCKS:
                lines.append("")
            lines[-1] += child.tail or ""

    walk(root)
    return [plain for line in lines if (plain := re.sub(r"\s+", " ", line).strip())]


def _is_data(table) -> bool:
    """A table of figures, not one that only arranges the page."""
    rows = [row.xpath("./td|./th") for row in table.iter("tr")]
    return not table.xpath(".//table") and len(rows) > 1 and max(map(len, rows)) > 1 and max(len(cell.text_content()) for row in rows for cell in row) < 200
