"""Closing the assistant and putting a banner up take a file, no restart."""
import os

import pytest

from notices import banner, closed_notice
from notices.files import BANNER_VARIABLE, CLOSED_VARIABLE, MAX_CHARACTERS


@pytest.fixture
def closed(monkeypatch, tmp_path):
    monkeypatch.setenv(CLOSED_VARIABLE, str(tmp_path / "closed.txt"))
    return tmp_path / "closed.txt"


def test_the_file_closes_and_its_removal_opens(closed):
    assert closed_notice() is None
    closed.write_text("\ufeff正在维护，\n下午三点恢复。\n", encoding="utf-8")
    assert closed_notice() == "正在维护， 下午三点恢复。"
    closed.write_text("改为四点恢复。", encoding="utf-8")
    assert closed_notice() == "改为四点恢复。"
    closed.unlink()
    assert closed_notice() is None


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe\x00"])
def test_a_file_without_readable_words_closes_too(closed, content):
    closed.write_bytes(content)
    assert closed_notice() == ""


def test_a_folder_in_its_place_closes_too_and_is_logged(closed, caplog):
    closed.mkdir()
    assert closed_notice() == "" and "closed.txt" in caplog.text


def test_the_same_size_written_later_is_read_again(closed):
    closed.write_text("一", encoding="utf-8")
    assert closed_notice() == "一"
    closed.write_text("二", encoding="utf-8")
    os.utime(closed, ns=(1, 10**18))
    assert closed_notice() == "二"


def test_a_banner_is_one_short_line(monkeypatch, tmp_path):
    monkeypatch.setenv(BANNER_VARIABLE, str(tmp_path / "banner.txt"))
    assert banner() == ""
    (tmp_path / "banner.txt").write_text("长" * 500, encoding="utf-8")
    assert banner() == "长" * MAX_CHARACTERS
