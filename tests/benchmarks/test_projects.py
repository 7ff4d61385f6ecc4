"""The two copies, and reading what training said."""
from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from benchmarks.few_lines import few, keep_few_lines
from benchmarks.projects import (
    FULL_EPOCHS,
    OURS,
    ROOT,
    STOCK,
    STOCK_FILES,
    copy_project,
    environment,
    epoch_seconds,
    estimate,
    seconds_of,
    training_accuracy,
    with_epochs,
)

LOG = ("Processed rules: 100%|█| 350/350 [00:03<00:00, 251it/s]\n\rEpochs:   0%|          | 0/3 [00:00<?, ?it/s]"
       "\rEpochs:  33%|███       | 1/3 [11:46<23:32, 706.23s/it]\rEpochs:  33%|███       | 1/3 [11:46<23:32, 706.23s/it, t_loss=18.4, i_acc=0.67]"
       "\rEpochs:  67%|██████    | 2/3 [15:33<07:00, 424.78s/it, t_loss=31.9, i_acc=0.949]\rEpochs: 100%|██████████| 3/3 [1:00:00<00:00, 424.78s/it, t_loss=31.9]"
       "\nEpochs:  50%|█████     | 1/2 [00:05<00:05, 5s/it]")


def test_seconds_of_a_clock():
    assert [seconds_of(clock) for clock in ("00:07", "11:46", "1:02:03")] == [7, 706, 3723]


def test_epochs_of_the_first_count_only():
    assert epoch_seconds(LOG) == [706, 227, 2667]
    assert epoch_seconds("nothing") == []


def test_the_last_training_accuracy():
    assert training_accuracy(LOG) == 0.949
    assert training_accuracy("nothing") is None


def test_an_estimate_never_makes_stock_look_slower():
    assert estimate(1000, [700, 200], 100) == 1000 + 98 * 200
    assert estimate(1000, [], 100) is None


def test_the_stock_config_is_what_rasa_init_has():
    config = yaml.safe_load((STOCK_FILES / "config.yml").read_text(encoding="utf-8"))
    names = [component["name"] for component in config["pipeline"]]
    assert names[0] == "JiebaTokenizer" and names.count("CountVectorsFeaturizer") == 2 and "DIETClassifier" in names
    assert {policy["name"] for policy in config["policies"]} == {"RulePolicy", "TEDPolicy"}
    assert [part["epochs"] for part in (*config["pipeline"], *config["policies"]) if "epochs" in part] == [FULL_EPOCHS] * 2


def test_epochs_are_replaced_everywhere():
    text = with_epochs((STOCK_FILES / "config.yml").read_text(encoding="utf-8"), 3)
    config = yaml.safe_load(text)
    assert [part["epochs"] for part in (*config["pipeline"], *config["policies"]) if "epochs" in part] == [3, 3]
    with pytest.raises(ValueError, match="epochs"):
        with_epochs("pipeline: []", 3)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project with everything a copy must leave behind."""
    made = tmp_path / "project"
    for name in ("data/nlu/a.yml", "config.yml", "endpoints.yml", "credentials.yml", ".cache/embedding/x", ".venv/python", ".rasa/cache/y", "models/m.tar.gz",
                 "conversations.db", "conversations.db-wal", "turns.log", "benchmarks/results/2020-01-01/results.json", "channels/static/widget.js"):
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return made


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_copy_is_cold(root: Path, tmp_path: Path):
    assert names(copy_project(OURS, tmp_path / "copies", root)) == {"data/nlu/a.yml", "config.yml", "endpoints.yml", "credentials.yml", "channels/static/widget.js"}


def test_a_copy_for_serving_has_the_model_and_its_caches(root: Path, tmp_path: Path):
    copy = copy_project(OURS, tmp_path / "copies", root, carry=True)
    assert names(copy) >= {".cache/embedding/x", "models/m.tar.gz"}
    assert not names(copy) & {".venv/python", "conversations.db"}


def test_stock_has_its_own_settings_and_the_same_data(root: Path, tmp_path: Path):
    copy = copy_project(STOCK, tmp_path / "copies", root)
    for name in ("config.yml", "endpoints.yml", "credentials.yml"):
        assert (copy / name).read_bytes() == (STOCK_FILES / name).read_bytes()
    assert (copy / "data/nlu/a.yml").read_text() == "data/nlu/a.yml"


def test_both_sides_have_the_same_data_domain_and_rules():
    assert {path.name for path in STOCK_FILES.iterdir()} == {"config.yml", "endpoints.yml", "credentials.yml"}
    assert (ROOT / "domain.yml").exists() and (ROOT / "data" / "rules").is_dir()


def test_no_thread_setting_and_no_file_is_inherited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("ZAOFATONG_CONVERSATIONS", "/somewhere/else.db")
    made = environment(tmp_path, EXTRA="1")
    assert "OMP_NUM_THREADS" not in made and "ZAOFATONG_CONVERSATIONS" not in made
    assert made["EXTRA"] == "1" and made["ZAOFATONG_FEEDBACK"].startswith(str(tmp_path))


def test_few_lines(tmp_path: Path):
    assert few("- a\n- b\n- c\n", 2) == "- a\n- b\n"
    (tmp_path / "sub").mkdir()
    path = tmp_path / "sub" / "nlu.yml"
    path.write_text('version: "3.1"\nnlu:\n- intent: one\n  examples: |\n    - 甲\n    - 乙\n    - 丙\n', encoding="utf-8")
    keep_few_lines(tmp_path, 2)
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"] == [{"intent": "one", "examples": "- 甲\n- 乙\n"}]
