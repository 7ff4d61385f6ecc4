"""The review of dependencies is about what is installed, and a change is noticed."""
import platform
import sys

import pytest

from lint.dependencies import REVIEW, differences, installed, normal, reviewed


def test_the_review_knows_every_installed_version():
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        pytest.skip("the review is about the packages of Linux on x86_64")
    assert list(differences(installed(), reviewed())) == []


def test_the_packages_the_review_speaks_of_are_in_its_list():
    table = REVIEW.read_text(encoding="utf-8").partition("## Known weaknesses")[2].partition("## ")[0]
    named = [line.split("|")[1].strip().split() for line in table.splitlines() if line.startswith("| ") and "package" not in line]
    assert len(named) >= 10
    for name, version in named:
        assert reviewed().get(normal(name)) == version, name


def test_every_difference_is_one_line():
    lines = list(differences({"a": "1", "b": "2", "d": "1"}, {"a": "1", "b": "1", "c": "3"}))
    assert [line.split("：")[0] for line in lines] == ["b 2", "c 3", "d 1"]
