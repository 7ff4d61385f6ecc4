"""The text of a report, from the files in which reports are published: txt, docx, html, pdf."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import KnowledgeError

OLD_WORD = b"\xd0\xcf\x11\xe0"
ZIP, PDF, RTF = b"PK\x03\x04", b"%PDF-", b"{\\rtf"
LARGEST = 60_000_000  # bytes; a longer "report" is a scan or something else
FEWEST_CHARACTERS = 20


@dataclass(frozen=True)
class Document:
    """`text`: one paragraph or heading a line, table rows as `| a | b |`. `notes`: what could not be read, for the operator."""

    text: str
    notes: tuple[str, ...] = ()


def read_document(path: Path) -> Document:
    """Return the text of a report file. What it is decides its content, not its name. Raises KnowledgeError."""
    content = _content(path)
    document = _reader(path, content)(path, content)
    if len("".join(document.text.split())) < FEWEST_CHARACTERS:
        raise KnowledgeError(path, "", "文件里几乎没有文字", "请打开看看是不是选错了文件，或者是不是一张图片")
    return document


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise KnowledgeError(path, "", "这是一个文件夹", "请给出文件名，例如 FILE=报告.docx")
        if path.stat().st_size > LARGEST:
            raise KnowledgeError(path, "", "文件太大，不像一份报告的文字版", "请换成文字版（txt、docx、html 或带文字的 pdf）")
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise KnowledgeError(path, "", "找不到这个文件", "请检查文件名和路径，文件名里有空格的请加引号") from error
    except PermissionError as error:
        raise KnowledgeError(path, "", "没有权限读这个文件", "请换一个地方保存，再试一次") from error
    if not content.strip():
        raise KnowledgeError(path, "", "文件是空的", "请重新下载或重新保存报告，再试一次")
    return content


def _reader(path: Path, content: bytes) -> Callable[[Path, bytes], Document]:
    if content.startswith(OLD_WORD) or content.startswith(RTF):
        raise KnowledgeError(path, "", "这是老式的 Word 文件（.doc 或 .rtf）", "请用 Word 或 WPS 打开，另存为 .docx，再试一次")
    if content.startswith(ZIP):
        from intake.documents.word import read_word

        return read_word
    if PDF in content[:1024]:
        from intake.documents.pdf import read_pdf

        return read_pdf
    from intake.documents.web import looks_like_web, read_web

    if looks_like_web(path, content):
        return read_web
    from intake.documents.plain import read_plain

    return read_plain
