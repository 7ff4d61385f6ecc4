"""The menu file, its limits and mistakes, and the command line."""
import asyncio
import logging
from pathlib import Path

import pytest
import yaml
from aiohttp import web

from channels.wechat.__main__ import main
from channels.wechat.menu import PACKAGED_MENU, buttons, cut_names, known_click_keys, read_menu, readable
from knowledge.errors import KnowledgeError
from tests.channels.wechat.fake_platform import DONE, SECRET, TOKEN, FakePlatform, error
from tests.conftest import ROOT, free_port

MENU_GET, MENU_CREATE, MENU_DELETE = "/cgi-bin/menu/get", "/cgi-bin/menu/create", "/cgi-bin/menu/delete"
ENTRY = {"name": "问", "says": "/help"}


@pytest.fixture
def written(tmp_path):
    """Writes a menu file and returns its path."""

    def write(content) -> Path:
        path = tmp_path / "a.yml"
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return path

    return write


def problem(path):
    with pytest.raises(KnowledgeError) as caught:
        read_menu(path)
    return str(caught.value)


def test_the_packaged_menu_is_valid_and_shown_in_full():
    menu = read_menu(PACKAGED_MENU)
    assert [entry["name"] for entry in menu["button"]] == ["法律援助", "行政复议", "更多"] and cut_names(menu) == []
    assert menu["button"][0]["sub_button"][0] == {"type": "click", "name": "测测能不能申请", "key": "/check_legal_aid"}


def test_every_key_of_the_packaged_menu_is_answered():
    """A payload must be an intent of the domain, and a rule must lead from it to an action."""
    intents = set(yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"])
    ruled = set()
    for path in (ROOT / "data" / "rules").glob("*.yml"):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            for step in rule["steps"]:
                ruled.update(entry["intent"] for entry in step.get("or", [step]) if "intent" in entry)
    keys = {button["key"] for _, button in buttons(read_menu(PACKAGED_MENU)) if button["type"] == "click"}
    assert keys == known_click_keys() and len(keys) >= 10 and "/check_legal_aid" in keys
    assert {key.removeprefix("/") for key in keys} <= intents & ruled


def test_all_forms_become_the_platforms(written):
    path = written({"menu": [{"name": "网站", "opens": "https://www.example.gov.cn/a?b=1"}, ENTRY,
                             {"name": "更多", "buttons": [{"name": "求助", "says": "/human"}, {"name": "地图", "opens": "https://example.cn:8443/"}]}]})
    assert read_menu(path) == {"button": [
        {"type": "view", "name": "网站", "url": "https://www.example.gov.cn/a?b=1"}, {"type": "click", "name": "问", "key": "/help"},
        {"name": "更多", "sub_button": [{"type": "click", "name": "求助", "key": "/human"}, {"type": "view", "name": "地图", "url": "https://example.cn:8443/"}]},
    ]}


def item(**changed):
    return {"menu": [ENTRY, {"name": "更多", "buttons": [ENTRY, {key: value for key, value in {**ENTRY, **changed}.items() if value is not None}]}]}


@pytest.mark.parametrize("content, place, said", [
    ("menu: [", "第2行", "YAML"), ("", "", "第一层"), ("[]", "", "第一层"), ({"menus": [ENTRY]}, "", "第一层"), ({"menu": [ENTRY], "b": 1}, "", "第一层"),
    ({"menu": []}, "（menu）", "1 到 3 条"), ({"menu": [ENTRY] * 4}, "（menu）", "1 到 3 条"), ({"menu": {"name": "问"}}, "（menu）", "1 到 3 条"),
    ({"menu": ["问"]}, "第1个菜单", "不是一条菜单"), ({"menu": [ENTRY, {"name": "更多", "buttons": []}]}, "第2个菜单 → buttons", "1 到 5 条"),
    ({"menu": [{"name": "更多", "buttons": [ENTRY] * 6}]}, "第1个菜单 → buttons", "1 到 5 条"), ({"menu": [{"buttons": [ENTRY]}]}, "第1个菜单", "name"),
    ({"menu": [{"name": "更多", "buttons": [ENTRY], "says": "/help"}]}, "第1个菜单 更多", "不认识 says"),
    ({"menu": [{"name": "更多", "buttons": [{"name": "深", "buttons": [ENTRY]}]}]}, "第1个菜单 → 第1项 深", "不认识 buttons"),
    ({"menu": [{"name": "这里有六个字", "says": "/help"}]}, "第1个菜单", "18 字节，最多 16 字节"),
    ({"menu": [{"name": "这里有六个字", "buttons": [ENTRY]}]}, "第1个菜单", "18 字节，最多 16 字节"),
    (item(name="字" * 21), "第2个菜单 → 第2项", "63 字节，最多 60 字节"), (item(name=""), "第2个菜单 → 第2项", "name"), (item(name=12348), "第2个菜单 → 第2项", "name"),
    (item(name="两\n行"), "第2个菜单 → 第2项", "name"), (item(name=" "), "第2个菜单 → 第2项", "name"), (item(name=None), "第2个菜单 → 第2项", "name"),
    (item(key="/help"), "第2个菜单 → 第2项 问", "不认识 key"), (item(type="click", url="x"), "第2个菜单 → 第2项 问", "不认识 type、url"),
    (item(says=None), "第2个菜单 → 第2项", "says 和 opens"), (item(opens="https://a.cn"), "第2个菜单 → 第2项", "says 和 opens"),
    (item(says="help"), "第2个菜单 → 第2项", "says 不对"), (item(says="/帮助"), "第2个菜单 → 第2项", "says 不对"), (item(says="/help{}"), "第2个菜单 → 第2项", "says 不对"),
    (item(says="/help\n"), "第2个菜单 → 第2项", "says 不对"), (item(says=5), "第2个菜单 → 第2项", "says 不对"), (item(says="/" + "a" * 128), "第2个菜单 → 第2项", "129 字节"),
    (item(says=None, opens="http://a.cn"), "第2个菜单 → 第2项", "opens 不对"), (item(says=None, opens="weixin://a"), "第2个菜单 → 第2项", "opens 不对"),
    (item(says=None, opens="https://"), "第2个菜单 → 第2项", "opens 不对"), (item(says=None, opens="https://a.cn:x/"), "第2个菜单 → 第2项", "opens 不对"),
    (item(says=None, opens="https://a.cn/ b"), "第2个菜单 → 第2项", "opens 不对"), (item(says=None, opens="https://例子.cn"), "第2个菜单 → 第2项", "opens 不对"),
    (item(says=None, opens=7), "第2个菜单 → 第2项", "opens 不对"), (item(says=None, opens="https://a.cn/" + "b" * 1012), "第2个菜单 → 第2项", "1025 字节"),
])
def test_a_mistake_is_named_with_its_place(written, content, place, said):
    words = problem(written(content))
    assert "a.yml" in words and place in words and said in words


@pytest.mark.parametrize("content", [
    {"menu": [ENTRY] * 3}, {"menu": [{"name": "更多", "buttons": [ENTRY] * 5}]}, {"menu": [{"name": "a" * 16, "says": "/help"}]},
    item(name="字" * 20), item(says="/" + "a" * 127), item(says=None, opens="https://a.cn/" + "b" * 1011),
])
def test_the_limits_themselves_are_allowed(written, content):
    assert read_menu(written(content))


def test_long_names_are_noticed(written):
    assert cut_names(read_menu(written({"menu": [{"name": "五个字的名", "says": "/help"}, {"name": "四个字的", "buttons": [
        {"name": "八个字的名字正好", "says": "/help"}, {"name": "九个字的名字就太长", "says": "/help"}]}]}))) == ["五个字的名", "九个字的名字就太长"]


def test_the_platforms_menu_is_readable_again(written):
    assert read_menu(written(readable(read_menu(PACKAGED_MENU)))) == read_menu(PACKAGED_MENU)
    foreign = {"button": [{"type": "click", "name": "问", "key": "/help", "sub_button": []}, {"name": "更多", "sub_button": [
        {"type": "miniprogram", "name": "小程序", "url": "http://a.cn", "appid": "wx1", "pagepath": "p", "sub_button": []}]}]}
    text = readable(foreign)
    assert "小程序" in text and yaml.safe_load(text) == {"menu": [{"name": "问", "says": "/help"}, {"name": "更多", "buttons": [
        {"name": "小程序", "other": {"type": "miniprogram", "url": "http://a.cn", "appid": "wx1", "pagepath": "p"}}]}]}
    assert "第2个菜单 → 第1项 小程序" in problem(written(text)) and readable({}) == "menu: []\n"


def test_check_needs_no_platform_and_no_secret(written, capsys, monkeypatch):
    monkeypatch.delenv("ZAOFATONG_WECHAT_APP_SECRET", raising=False)
    assert main(["menu", "check", str(PACKAGED_MENU)]) == 0 and "3 个菜单，15 项，没有问题" in capsys.readouterr().out
    assert main(["menu", "check", str(written({"menu": [{"name": "五个字的名", "says": "/help"}]}))]) == 0
    assert "“五个字的名”太长" in capsys.readouterr().out


@pytest.mark.parametrize("content, said", [
    (item(says="/no_such_intent"), "第2个菜单 更多 → 第2项 问）：助手不认识 /no_such_intent"), (item(says="/goodbye"), "服务器不认 /goodbye"), ("menu: [", "YAML"),
])
def test_check_tells_what_is_wrong(written, capsys, content, said):
    assert main(["menu", "check", str(written(content))]) == 1 and said in capsys.readouterr().err


def test_check_of_no_file(tmp_path, capsys):
    assert main(["menu", "check", str(tmp_path / "none.yml")]) == 1 and "找不到" in capsys.readouterr().err
    assert main(["menu", "check", str(tmp_path)]) == 1 and str(tmp_path) in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["menu"], ["menu", "check"], ["menu", "paint"], ["menu", "create", "a", "b"]])
def test_wrong_usage(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2


def on_the_command_line(monkeypatch, platform_is, *commands):
    """Run commands against a fake platform; returns their exit codes and the platform."""
    monkeypatch.setenv("ZAOFATONG_WECHAT_APP_ID", "wx1")
    monkeypatch.setenv("ZAOFATONG_WECHAT_APP_SECRET", SECRET)

    async def all_of_it():
        async with FakePlatform() as platform:
            platform.standing.update(platform_is)
            monkeypatch.setenv("ZAOFATONG_WECHAT_API_URL", platform.address)
            return [await asyncio.to_thread(main, ["menu", *command]) for command in commands], platform

    return asyncio.run(all_of_it())


def test_create_puts_the_menu_in_place(monkeypatch, capsys):
    codes, platform = on_the_command_line(monkeypatch, {MENU_CREATE: DONE}, ["create", str(PACKAGED_MENU)], ["create"])
    assert codes == [0, 0] and "菜单建好了" in capsys.readouterr().out
    created = [asked for asked in platform.asked if asked.path == MENU_CREATE]
    assert [asked.json for asked in created] == [read_menu(PACKAGED_MENU)] * 2 and "法律援助".encode() in created[0].raw


def test_a_wrong_file_never_reaches_the_platform(monkeypatch, written, capsys):
    codes, platform = on_the_command_line(monkeypatch, {MENU_CREATE: DONE}, ["create", str(written(item(says="/goodbye")))])
    assert codes == [1] and platform.asked == [] and "服务器不认" in capsys.readouterr().err


def test_get_shows_the_menu_or_writes_it_to_a_new_file(monkeypatch, tmp_path, capsys):
    path = tmp_path / "kept.yml"
    answer = {MENU_GET: {"menu": read_menu(PACKAGED_MENU)}}
    codes, _ = on_the_command_line(monkeypatch, answer, ["get"], ["get", str(path)], ["get", str(path)], ["get", str(tmp_path / "none" / "a.yml")])
    printed = capsys.readouterr()
    assert codes == [0, 0, 1, 1] and read_menu(path) == read_menu(PACKAGED_MENU)
    assert "says: /check_legal_aid" in printed.out and "已经有这个文件" in printed.err and "写不进去" in printed.err


def test_get_tells_of_menus_it_does_not_show(monkeypatch, capsys):
    answer = {MENU_GET: {"menu": read_menu(PACKAGED_MENU), "conditionalmenu": [{"button": []}]}}
    assert on_the_command_line(monkeypatch, answer, ["get"])[0] == [0] and "个性化菜单" in capsys.readouterr().err


def test_no_menu_is_no_error(monkeypatch, tmp_path, capsys):
    codes, platform = on_the_command_line(monkeypatch, {MENU_GET: error(46003), MENU_DELETE: DONE}, ["get"], ["delete", str(tmp_path / "a.yml")])
    assert codes == [3, 3] and "还没有菜单" in capsys.readouterr().out and platform.count(MENU_DELETE) == 0


def test_delete_keeps_the_menu_first_when_asked_to(monkeypatch, tmp_path, capsys):
    path = tmp_path / "kept.yml"
    answers = {MENU_GET: {"menu": read_menu(PACKAGED_MENU)}, MENU_DELETE: DONE}
    codes, platform = on_the_command_line(monkeypatch, answers, ["delete", str(path)], ["delete", str(path)], ["delete"])
    assert codes == [0, 1, 0] and read_menu(path) == read_menu(PACKAGED_MENU) and "菜单删掉了" in capsys.readouterr().out
    assert [asked.path for asked in platform.asked if asked.path != TOKEN] == [MENU_GET, MENU_DELETE, MENU_GET, MENU_DELETE]


@pytest.mark.parametrize("answers, said", [
    ({TOKEN: error(40164)}, "（40164）：这台机器的 IP"), ({TOKEN: error(40125)}, "AppSecret 不对"), ({MENU_CREATE: error(48001)}, "（48001）"),
    ({MENU_CREATE: error(40016)}, "（40016）：请按这个代码查"), ({MENU_CREATE: web.Response(status=404)}, "（http_404）"),
])
def test_a_refusal_is_explained_without_secrets(monkeypatch, capsys, caplog, answers, said):
    caplog.set_level(logging.DEBUG)
    codes, platform = on_the_command_line(monkeypatch, answers, ["create"])
    printed = capsys.readouterr()
    assert codes == [1] and said in printed.err
    log = "\n".join(record.getMessage() for record in caplog.records if record.name != "aiohttp.access")
    assert SECRET not in printed.out + printed.err + log and "access_token" not in printed.out + printed.err + log


@pytest.mark.parametrize("name", ["ZAOFATONG_WECHAT_APP_ID", "ZAOFATONG_WECHAT_APP_SECRET"])
def test_missing_secrets_are_named(monkeypatch, capsys, name):
    monkeypatch.setenv("ZAOFATONG_WECHAT_APP_ID", "wx1")
    monkeypatch.setenv("ZAOFATONG_WECHAT_APP_SECRET", SECRET)
    monkeypatch.setenv(name, "")
    assert main(["menu", "get"]) == 2
    printed = capsys.readouterr()
    assert name in printed.err and SECRET not in printed.err


def test_the_secret_goes_to_no_unprotected_address(monkeypatch, capsys):
    monkeypatch.setenv("ZAOFATONG_WECHAT_APP_ID", "wx1")
    monkeypatch.setenv("ZAOFATONG_WECHAT_APP_SECRET", SECRET)
    monkeypatch.setenv("ZAOFATONG_WECHAT_API_URL", "http://api.example.cn")
    assert main(["menu", "get"]) == 2 and "https://" in capsys.readouterr().err


def test_a_platform_that_is_away_is_told(monkeypatch, capsys):
    monkeypatch.setenv("ZAOFATONG_WECHAT_APP_ID", "wx1")
    monkeypatch.setenv("ZAOFATONG_WECHAT_APP_SECRET", SECRET)
    monkeypatch.setenv("ZAOFATONG_WECHAT_API_URL", f"http://127.0.0.1:{free_port()}")
    assert main(["menu", "get"]) == 1 and "（connection）：连不上" in capsys.readouterr().err
