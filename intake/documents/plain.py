"""Text files, in the encodings in which Chinese offices save them."""
from __future__ import annotations

import codecs
from pathlib import Path

from intake.documents import Document
from knowledge.errors import KnowledgeError

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(path: Path, content: bytes) -> str:
    """Return the characters: UTF-8, UTF-16 with its mark, else GB18030 (which holds GBK and GB2312). Raises KnowledgeError."""
    encodings = [encoding for mark, encoding in BOMS if content.startswith(mark)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise KnowledgeError(path, "", "不是文字文件，或者编码认不出来", "请用记事本打开，另存为 UTF-8 编码的 txt，再试一次")


def read_plain(path: Path, content: bytes) -> Document:
    r"""Line ends become \n. Raises KnowledgeError when no encoding fits."""
    return Document(decode(path, content).replace("\r\n", "\n").replace("\r", "\n").strip() + "\n")
