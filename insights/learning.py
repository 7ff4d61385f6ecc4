"""New training lines from what residents could not get: proposed in a file, approved by a person, then added."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import yaml

from insights.clusters import Cluster
from knowledge.errors import KnowledgeError

LEARNED_FILE = "learned.yml"
HEAD = """# 居民问过、没有答上来的话。每一组：把 intent 改成它该去的那一条（make check 会检查名字），
# 不要的例句删掉，确认了就把 approved 改成 yes。改完运行：.venv/bin/python -m insights approve 这个文件
# 例句里不要留姓名、电话、地址（入库前已经遮过，仍请看一眼）。
"""


def proposal(clusters: Sequence[Cluster]) -> str:
    """Return the file a person goes through, as YAML."""
    groups = [{"approved": "no", "intent": cluster.suggestion, "times": cluster.size, "lines": list(cluster.examples)} for cluster in clusters]
    return HEAD + yaml.safe_dump({"groups": groups}, allow_unicode=True, sort_keys=False, width=200)


def approved_lines(path: Path, known_intents: Collection[str]) -> dict[str, list[str]]:
    """Return the approved lines by intent. Raises KnowledgeError that says which group is wrong and how to mend it."""
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise KnowledgeError(path, "", "读不了这个文件", "请用 insights 写出来的文件改，保存成 UTF-8") from error
    groups = raw.get("groups") if isinstance(raw, dict) else None
    if not isinstance(groups, list):
        raise KnowledgeError(path, "", "缺少 groups 一栏", "请用 insights 写出来的文件改")
    found: dict[str, list[str]] = {}
    for number, group in enumerate(groups, start=1):
        if not isinstance(group, dict) or str(group.get("approved")).lower() not in ("yes", "true"):
            continue
        intent, lines = group.get("intent"), group.get("lines")
        if intent not in known_intents:
            raise KnowledgeError(path, f"第{number}组", f"没有名为 {intent} 的意图", "名字在 domain.yml 的 intents 里")
        if not isinstance(lines, list) or not all(isinstance(line, str) and line.strip() and "\n" not in line for line in lines):
            raise KnowledgeError(path, f"第{number}组 → lines", "例句要一行一句", "每句以 - 开头")
        found.setdefault(intent, []).extend(line.strip() for line in lines)
    return found


def add_lines(lines: dict[str, list[str]], folder: Path) -> int:
    """Add the lines to learned.yml in the folder of training lines, none twice; return how many are new."""
    path = folder / LEARNED_FILE
    raw = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {"version": "3.1", "nlu": []}
    known = {block["intent"]: [line[2:] for line in block["examples"].splitlines()] for block in raw["nlu"]}
    before = sum(map(len, known.values()))
    for intent, new in lines.items():
        known[intent] = list(dict.fromkeys([*known.get(intent, []), *new]))
    blocks = "".join(f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {line}\n" for line in own) for intent, own in sorted(known.items()))
    path.write_text(f'# Lines approved with `python -m insights approve`.\nversion: "3.1"\nnlu:\n{blocks}', encoding="utf-8")
    return sum(map(len, known.values())) - before
