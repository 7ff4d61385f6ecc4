"""One report, many files: the same lines come out, and what cannot be read says why."""
from __future__ import annotations

import codecs

import pytest

from intake.documents import read_document
from knowledge.errors import KnowledgeError
from tests.intake.making import (
    BODY,
    TABLE,
    TEXT,
    TITLE,
    numbered_word_file,
    pdf_file,
    pdf_with_table,
    scanned_pdf,
    web_page,
    word_file,
)


def lines(path) -> list[str]:
    return read_document(path).text.splitlines()


@pytest.mark.parametrize("content", [TEXT.encode(), codecs.BOM_UTF8 + TEXT.encode(), TEXT.encode("gbk"), TEXT.encode("gb18030"), TEXT.encode("utf-16"),
                                     TEXT.replace("\n", "\r\n").encode("gb18030")], ids=["utf-8", "bom", "gbk", "gb18030", "utf-16", "crlf"])
def test_text_files_in_the_usual_encodings(tmp_path, content):
    (tmp_path / "a.txt").write_bytes(content)
    assert lines(tmp_path / "a.txt") == [TITLE, *BODY]


def test_word_files_with_a_table_and_no_running_head(tmp_path):
    assert lines(word_file(tmp_path / "a.docx", table=TABLE)) == [TITLE, *BODY, "| 项目 | 数量 |", "| 公证 | 5,211件 |", "| 法律援助 | 2,229件 |"]


def test_numbers_that_word_counts_itself(tmp_path):
    assert lines(numbered_word_file(tmp_path / "a.docx")) == [
        TITLE, "一、工作", "（一）复议。受理3件。", "（二）应诉。出庭5次。", "二、打算", "（一）普法。办班7期。"]


def test_deleted_words_are_gone_and_inserted_ones_are_there(tmp_path):
    import docx
    from docx.oxml import parse_xml

    path = word_file(tmp_path / "a.docx", (TITLE, "办理案件"))
    document = docx.Document(str(path))
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    document.paragraphs[1]._p.append(parse_xml(f'<w:del {names}><w:r><w:delText>11件</w:delText></w:r></w:del>'))
    document.paragraphs[1]._p.append(parse_xml(f'<w:ins {names}><w:r><w:t>12件。</w:t></w:r></w:ins>'))
    document.save(path)
    assert lines(path)[1] == "办理案件12件。"


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_web_pages_without_the_site_around_them(tmp_path, charset):
    (tmp_path / "a.html").write_bytes(web_page(charset=charset, table=TABLE))
    found = lines(tmp_path / "a.html")
    assert found[0] == TITLE and [line for line in found if not line.startswith("|")][1:] == list(BODY)
    assert "| 公证 | 5,211件 |" in found
    assert not any("ICP" in line or "count" in line or "首页" in line for line in found)


def test_a_web_page_is_known_by_its_content(tmp_path):
    (tmp_path / "a.txt").write_bytes(web_page())
    assert lines(tmp_path / "a.txt")[0] == TITLE


@pytest.mark.parametrize("columns", [1, 2])
def test_pdf_files_without_page_numbers_running_heads_and_line_breaks(tmp_path, columns):
    assert lines(pdf_file(tmp_path / "a.pdf", columns=columns, lines_a_page=12)) == [TITLE, *BODY]


def test_words_broken_at_a_hyphen_are_joined(tmp_path):
    from intake.documents.page_lines import Line, paragraphs

    def line(text):
        return Line(text, 72, 500, 72, 500, 12, 0.5, 0.52, 1)

    assert paragraphs([[line("推广“Smart Govern-"), line("ment”平台。")]]) == "推广“Smart Government”平台。\n"


def test_radicals_that_fonts_put_in_place_of_characters():
    from intake.documents.characters import plain_characters

    assert plain_characters("⼀、各部⻔⼯作，⺠⽣⻋辆３⼾。") == "一、各部门工作，民生车辆３户。"


def test_lines_that_are_not_stretched_to_the_edge_are_joined():
    from intake.documents.page_lines import Line, paragraphs

    def line(text, right):
        return Line(text, 72, right, 72, 500, 12, 0.5, 0.52, 1)

    assert paragraphs([[line("一、总的情况", 150), line("全市共办理行政复议案件五百一十", 470), line("七件。", 100), line("另起一段，", 300), line("接着说。", 120)]]) == (
        "一、总的情况\n全市共办理行政复议案件五百一十七件。\n另起一段，接着说。\n")


def test_a_table_in_a_pdf_keeps_its_place(tmp_path):
    assert lines(pdf_with_table(tmp_path / "a.pdf")) == [
        "表前的一句话，共办理三类事项。", "| 项目 | 数量 |", "| 公证 | 5,211件 |", "| 法律援助 | 2,229件 |", "表后的一句话，情况总体良好。"]


def test_one_page_that_is_a_picture_is_told(tmp_path):
    import pypdfium2

    both = pypdfium2.PdfDocument.new()
    for path in (pdf_file(tmp_path / "text.pdf", lines_a_page=12), scanned_pdf(tmp_path / "scan.pdf")):
        both.import_pages(pypdfium2.PdfDocument(str(path)))
    both.save(str(tmp_path / "both.pdf"))
    document = read_document(tmp_path / "both.pdf")
    assert document.text.splitlines() == [TITLE, *BODY] and "页是图片" in document.notes[0]


@pytest.mark.parametrize(("name", "content", "message"), [
    ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "另存为 .docx"), ("a.rtf", b"{\\rtf1 abc", "另存为 .docx"), ("a.txt", b"", "文件是空的"),
    ("a.txt", b" \n\n", "文件是空的"), ("a.docx", b"PK\x03\x04broken", "不是能读的 Word 文件"), ("a.pdf", b"%PDF-1.4 broken", "打不开"),
    ("a.bin", bytes(range(1, 256)) * 4 + b"\x00", "编码认不出来"), ("a.txt", "短".encode(), "几乎没有文字"), ("a.html", b"<html></html>", "几乎没有文字"),
    ("a.mht", b"From: <Saved>\nMIME-Version: 1.0", "仅 HTML")])
def test_what_cannot_be_read_says_how_to_mend_it(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(KnowledgeError, match=message):
        read_document(tmp_path / name)


def test_a_missing_file_and_a_folder(tmp_path):
    for path, message in ((tmp_path / "none.txt", "找不到"), (tmp_path, "文件夹")):
        with pytest.raises(KnowledgeError, match=message):
            read_document(path)


def test_scanned_and_locked_pdf_files(tmp_path):
    with pytest.raises(KnowledgeError, match="扫描的图片"):
        read_document(scanned_pdf(tmp_path / "a.pdf"))
    with pytest.raises(KnowledgeError, match="加了密码"):
        read_document(pdf_file(tmp_path / "b.pdf", password="geheim"))
