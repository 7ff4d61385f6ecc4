"""The account's menu in a form of our own that people can read (menu.yml), and the platform's JSON for it.

Limits: 微信开放文档 createCustomMenu: 1 to 3 menus of 1 to 5 items; names 16 and 60 bytes, of which phones show 4 and 8 characters; keys 128 bytes,
addresses 1024. Of the platform's kinds of buttons ours know two: click (`says`: a payload) and view (`opens`: an address).
"""
from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from knowledge.errors import KnowledgeError
from knowledge.facts import read_yaml

PACKAGED_MENU = Path(__file__).parent / "menu.yml"
DOMAIN = Path(__file__).resolve().parents[2] / "domain.yml"
MENUS, ITEMS = 3, 5
MENU_NAME_BYTES, ITEM_NAME_BYTES, KEY_BYTES, URL_BYTES = 16, 60, 128, 1024
MENU_NAME_SHOWN, ITEM_NAME_SHOWN = 4, 8
_PAYLOAD = re.compile(r"/[a-z][a-z0-9_]*")
_ADDRESS = re.compile(r"[!-~]+")


def read_menu(path: Path) -> dict[str, Any]:
    """Return a menu file as the platform's JSON, {"button": [...]}. Raises KnowledgeError naming the place."""
    raw = read_yaml(path)
    if not isinstance(raw, dict) or set(raw) != {"menu"}:
        raise KnowledgeError(path, "", "第一层要有 menu，也只能有 menu", "第一层请写 menu:，下面每个菜单一条，以 - name: 开头")
    menus = _entries(path, "menu", raw["menu"], MENUS)
    return {"button": [_menu(path, f"第{number}个菜单", entry) for number, entry in enumerate(menus, start=1)]}


@functools.lru_cache(maxsize=1)
def known_click_keys() -> frozenset[str]:
    """The payloads of the packaged menu.yml: what a tap on the menu may say. Raises KnowledgeError."""
    return frozenset(button["key"] for _, button in buttons(read_menu(PACKAGED_MENU)) if "key" in button)


def check_payloads(path: Path, menu: dict[str, Any]) -> None:
    """Raises KnowledgeError for a payload the assistant does not know, or the server would not take from a menu: a tap on it would do nothing."""
    intents = read_yaml(DOMAIN)["intents"]
    for where, button in buttons(menu):
        key = button.get("key", "")
        if key and key[1:] not in intents:
            raise KnowledgeError(path, where, f"助手不认识 {key}", "says 请写 domain.yml 的 intents 里有的名字，前面加 /")
        if key and key not in known_click_keys():
            raise KnowledgeError(path, where, f"服务器不认 {key}", f"点了会没有反应：请把它也写进服务器上的 {PACKAGED_MENU.name}，再重启服务器")


def cut_names(menu: dict[str, Any]) -> list[str]:
    """Names that phones show only in part."""
    return [entry["name"] for entry in menu["button"] if len(entry["name"]) > MENU_NAME_SHOWN] + [
        item["name"] for entry in menu["button"] for item in entry.get("sub_button", []) if len(item["name"]) > ITEM_NAME_SHOWN]


def buttons(menu: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything that can be tapped, with its place."""
    for number, entry in enumerate(menu["button"], start=1):
        where = f"第{number}个菜单 {entry['name']}"
        if "sub_button" not in entry:
            yield where, entry
        for position, item in enumerate(entry.get("sub_button", []), start=1):
            yield f"{where} → 第{position}项 {item['name']}", item


def readable(menu: dict[str, Any]) -> str:
    """The platform's menu in our form, as YAML. Kinds of buttons that we do not know stand under `other` as they came; such a file does not
    pass `read_menu`."""
    return yaml.safe_dump({"menu": [_readable(entry) for entry in menu.get("button") or []]}, allow_unicode=True, sort_keys=False)


def _menu(path: Path, where: str, entry: object) -> dict[str, Any]:
    if not isinstance(entry, dict) or "buttons" not in entry:
        return _item(path, where, entry, MENU_NAME_BYTES)
    name = _name(path, where, entry, MENU_NAME_BYTES)
    _refuse_unknown(path, where, entry, {"name", "buttons"})
    items = _entries(path, f"{where} → buttons", entry["buttons"], ITEMS)
    return {"name": name, "sub_button": [_item(path, f"{where} → 第{number}项", item, ITEM_NAME_BYTES) for number, item in enumerate(items, start=1)]}


def _item(path: Path, where: str, entry: object, name_bytes: int) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise KnowledgeError(path, where, "不是一条菜单", "请写 name:，再写 says: 或 opens:")
    name = _name(path, where, entry, name_bytes)
    _refuse_unknown(path, where, entry, {"name", "says", "opens"})
    if ("says" in entry) == ("opens" in entry):
        raise KnowledgeError(path, where, "says 和 opens 要写一个，也只能写一个", "点了要说话写 says，要打开网页写 opens")
    if "says" in entry:
        return {"type": "click", "name": name, "key": _payload(path, where, entry["says"])}
    return {"type": "view", "name": name, "url": _address(path, where, entry["opens"])}


def _entries(path: Path, where: str, entries: object, most: int) -> list[object]:
    if not isinstance(entries, list) or not 1 <= len(entries) <= most:
        raise KnowledgeError(path, where, f"要有 1 到 {most} 条", "请增减到这个数，每条以 - name: 开头")
    return entries


def _name(path: Path, where: str, entry: dict, most: int) -> str:
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise KnowledgeError(path, where, "name 要是一行文字", "请写上名字；名字是数字的，两边加引号")
    if len(name.encode()) > most:
        raise KnowledgeError(path, where, f"“{name}”有 {len(name.encode())} 字节，最多 {most} 字节", f"请缩短到 {most // 3} 个汉字以内")
    return name


def _refuse_unknown(path: Path, where: str, entry: dict, known: set[str]) -> None:
    unknown = [str(key) for key in entry if key not in known]
    if unknown:
        raise KnowledgeError(path, f"{where} {entry['name']}", f"不认识 {'、'.join(unknown)}", f"这里只能写 {'、'.join(sorted(known))}")


def _payload(path: Path, where: str, says: object) -> str:
    if not isinstance(says, str) or not _PAYLOAD.fullmatch(says):
        raise KnowledgeError(path, where, "says 不对", "请写 / 加意图名，只用小写字母、数字和下划线，例如 /check_legal_aid")
    if len(says) > KEY_BYTES:
        raise KnowledgeError(path, where, f"says 有 {len(says)} 字节，最多 {KEY_BYTES} 字节", "请换短一些的")
    return says


def _address(path: Path, where: str, opens: object) -> str:
    if not isinstance(opens, str) or not _ADDRESS.fullmatch(opens) or not _is_https(opens):
        raise KnowledgeError(path, where, "opens 不对", "请写 https:// 开头的网址，不带空格和汉字")
    if len(opens) > URL_BYTES:
        raise KnowledgeError(path, where, f"opens 有 {len(opens)} 字节，最多 {URL_BYTES} 字节", "请换短一些的网址")
    return opens


def _is_https(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _readable(entry: dict[str, Any]) -> dict[str, Any]:
    name = {"name": entry.get("name", "")}
    if entry.get("sub_button"):
        return {**name, "buttons": [_readable(item) for item in entry["sub_button"]]}
    if entry.get("type") == "click" and "key" in entry:
        return {**name, "says": entry["key"]}
    if entry.get("type") == "view" and "url" in entry:
        return {**name, "opens": entry["url"]}
    return {**name, "other": {key: value for key, value in entry.items() if key not in ("name", "sub_button")}}
