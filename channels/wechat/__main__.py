"""`python -m channels.wechat`: the account's menu from the command line. Secrets come from the environment only.

Exit codes: 0 done, 1 a problem with the file or an answer of WeChat, 2 wrong usage or settings, 3 the account has no menu.
"""
from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from channels.memory import ProcessMemory
from channels.wechat.api import Api, CallFailed
from channels.wechat.menu import PACKAGED_MENU, buttons, check_payloads, cut_names, read_menu, readable
from desk.webhook import allowed_address
from knowledge.errors import KnowledgeError

EXIT_OK, EXIT_PROBLEM, EXIT_USAGE, EXIT_NO_MENU = 0, 1, 2, 3
APP_ID, APP_SECRET, API_URL = "ZAOFATONG_WECHAT_APP_ID", "ZAOFATONG_WECHAT_APP_SECRET", "ZAOFATONG_WECHAT_API_URL"
REASONS = {
    "40001": f"AppSecret 不对，请检查 {APP_SECRET}", "40125": f"AppSecret 不对，请检查 {APP_SECRET}", "40013": f"AppID 不对，请检查 {APP_ID}",
    "40164": "这台机器的 IP 不在白名单里，请在公众平台“设置与开发 → 基本配置”里加上", "48001": "这个公众号没有这项权限（多半是没有认证）",
    "45009": "今天的调用次数用完了，请明天再试", "45010": "今天建菜单的次数用完了，请明天再试", "40018": "名字太长", "40055": "网址不合要求",
    "timeout": "微信的服务器没有及时回答，请过一会儿再试", "connection": "连不上微信的服务器，请检查网络",
}


class UsageProblem(Exception):
    """The environment lacks something; the message says what, without its value."""


@dataclass(frozen=True)
class CommandAccount:
    """Implements channels.wechat.token.Account."""

    app_id: str
    app_secret: str = field(repr=False)
    api_url: str


def read_account(environ: Mapping[str, str]) -> CommandAccount:
    """Raises UsageProblem."""
    missing = [name for name in (APP_ID, APP_SECRET) if not environ.get(name)]
    if missing:
        raise UsageProblem(f"缺少环境变量 {'、'.join(missing)}")
    address = environ.get(API_URL) or "https://api.weixin.qq.com"
    if not allowed_address(address):
        raise UsageProblem(f"{API_URL} 要以 https:// 开头")
    return CommandAccount(environ[APP_ID], environ[APP_SECRET], address)


def say(text: str) -> None:
    """One line on standard output, which may be a file."""
    sys.stdout.write(text + "\n")


def checked(path: Path) -> dict[str, Any]:
    """The menu of a file, checked as far as can be without the platform. Raises KnowledgeError."""
    menu = read_menu(path)
    check_payloads(path, menu)
    for name in cut_names(menu):
        say(f"提醒：“{name}”太长，手机上显示不全")
    return menu


def check(arguments: argparse.Namespace) -> int:
    """Exit code 0; raises KnowledgeError naming the menu, entry and rule of WeChat that is broken."""
    menu = checked(arguments.file)
    say(f"{arguments.file}：{len(menu['button'])} 个菜单，{len(list(buttons(menu)))} 项，没有问题")
    return EXIT_OK


async def create(api: Api, arguments: argparse.Namespace) -> int:
    """Replaces the account's menu. Raises CallFailed with WeChat's code."""
    await api.create_menu(checked(arguments.file))
    say("菜单建好了。已经关注的人，几分钟后再打开公众号就能看到。")
    return EXIT_OK


async def get(api: Api, arguments: argparse.Namespace) -> int:
    """Exit code EXIT_NO_MENU when the account has none; a menu file that exists is not overwritten."""
    answer = await api.get_menu()
    if answer is None:
        say("这个公众号还没有菜单。")
        return EXIT_NO_MENU
    save(readable(answer["menu"]), arguments.file)
    if answer.get("conditionalmenu"):
        sys.stderr.write("另外还有个性化菜单，没有写出来。\n")
    return EXIT_OK


async def delete(api: Api, arguments: argparse.Namespace) -> int:
    """With FILE the menu is saved first, and stays when that fails."""
    code = await get(api, arguments) if arguments.file else EXIT_OK
    if code == EXIT_OK:
        await api.delete_menu()
        say("菜单删掉了。")
    return code


def save(text: str, path: Path | None) -> None:
    """Write to a new file, or to the terminal. Raises KnowledgeError."""
    if path is None:
        sys.stdout.write(text)
        return
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        problem = "已经有这个文件" if isinstance(error, FileExistsError) else "写不进去"
        raise KnowledgeError(path, "", problem, "请换一个文件名") from error
    say(f"写进了 {path}")


async def with_api(arguments: argparse.Namespace) -> int:
    """For the commands that call WeChat; the connections are closed whatever happens. Raises UsageProblem without an account in the environment."""
    api = Api(read_account(os.environ), ProcessMemory())
    try:
        return await arguments.call(api, arguments)
    finally:
        await api.close()


def parser() -> argparse.ArgumentParser:
    """Commands set `run` (without WeChat) or `call` (with Api), functions to an exit code."""
    root = argparse.ArgumentParser(prog="python -m channels.wechat", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    actions = root.add_subparsers(dest="command", required=True).add_parser("menu", help="the account's menu").add_subparsers(
        dest="action", required=True)
    command = actions.add_parser("check", help="check a menu file, without WeChat")
    command.add_argument("file", type=Path)
    command.set_defaults(run=check)
    command = actions.add_parser("create", help="put a menu file in place of the account's menu")
    command.add_argument("file", type=Path, nargs="?", default=PACKAGED_MENU, help="default: the project's own")
    command.set_defaults(call=create)
    command = actions.add_parser("get", help="show the account's menu")
    command.add_argument("file", type=Path, nargs="?", help="new file to write it to")
    command.set_defaults(call=get)
    command = actions.add_parser("delete", help="delete the account's menu")
    command.add_argument("file", type=Path, nargs="?", help="new file to keep it in")
    command.set_defaults(call=delete)
    return root


def main(argv: list[str] | None = None) -> int:
    """Exit codes: 0 done, 1 a problem with the file or WeChat, 2 wrong usage; `get` has one of its own for no menu."""
    arguments = parser().parse_args(argv)
    try:
        return arguments.run(arguments) if "run" in arguments else asyncio.run(with_api(arguments))
    except UsageProblem as problem:
        sys.stderr.write(f"{problem}\n")
        return EXIT_USAGE
    except (KnowledgeError, OSError) as error:
        sys.stderr.write(f"{error}\n")
    except CallFailed as failure:
        sys.stderr.write(f"没有办成（{failure.result}）：{REASONS.get(failure.result, '请按这个代码查微信的“全局返回码”')}\n")
    return EXIT_PROBLEM


if __name__ == "__main__":
    sys.exit(main())
