"""What can be wrong with the file of conversations, said so that a person can mend it."""
from __future__ import annotations

from pathlib import Path

from rasa.shared.exceptions import RasaException

# What SQLite says (Python 3.10 gives no error codes), what it means, and what to do. SQLite's own words are not shown: where a text is
# damaged they repeat it, and that is what somebody said.
_MEND_BROKEN = "文件没有改动。请先停下服务，再用备份恢复（python -m conversations restore 备份文件），或者把它连同 -wal、-shm 一起移到别处，从头开始"
_LOOK = _MEND_BROKEN + "；python -m conversations check 会说出坏在哪里"
_PERMIT = "请让运行服务的用户能写这个文件和它所在的文件夹"
_MEANINGS = (
    ("is full", "磁盘满了，没有存下来", "请腾出空间，不用重启"),
    ("disk i/o error", "读写出错，磁盘可能满了或坏了", "请看磁盘空间和系统日志"),
    ("not a database", "这不是对话文件，或者已经坏了", _MEND_BROKEN),
    ("malformed", "对话文件坏了一部分", _LOOK),
    ("could not decode", "对话文件坏了一部分", _LOOK),
    ("encrypted", "这不是对话文件，或者已经坏了", _MEND_BROKEN),
    ("is locked", "被别的程序占住了", "请看是不是同时开了两份服务，或有别的程序打开着它"),
    ("readonly", "没有写入的权限", _PERMIT),
    ("no space left", "磁盘满了，没有存下来", "请腾出空间，不用重启"),
    ("read-only", "没有写入的权限", _PERMIT),
    ("permission", "没有写入的权限", _PERMIT),
    ("no such file", "所在的文件夹不在", "请先建好文件夹，或者在 endpoints.yml 里换一个文件名"),
    ("not a directory", "所在的文件夹不在", "请先建好文件夹，或者在 endpoints.yml 里换一个文件名"),
    ("unable to open", "打不开", "请看所在的文件夹在不在、运行服务的用户能不能写"),
)


class StoreProblem(RasaException):
    """The conversations cannot be read or written. The message names the file, what is wrong and how to mend it."""

    def __init__(self, path: Path | str, problem: str, remedy: str) -> None:
        self.path = str(path)
        self.problem = problem
        super().__init__(f"{path}：{problem}。{remedy}")


def explain(path: Path | str, error: BaseException) -> StoreProblem:
    """The problem behind an error of SQLite or of the operating system, or a row that is no JSON (ValueError)."""
    words = "malformed" if isinstance(error, ValueError) else str(error).lower()
    for sign, problem, remedy in _MEANINGS:
        if sign in words:
            return StoreProblem(path, problem, remedy)
    return StoreProblem(path, f"用不了（{type(error).__name__}）", "请看文件、所在的文件夹和系统日志")
