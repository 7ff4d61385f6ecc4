"""The domain of the model is the one Rasa would have read; whatever else lies in its folder is left to Rasa and its validation."""
import tarfile

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import YamlException

from server.stored_domain import NAME, stored_domain


@pytest.fixture(scope="module")
def folder(model, tmp_path_factory):
    unpacked = tmp_path_factory.mktemp("model")
    with tarfile.open(model) as archive:
        archive.extractall(unpacked, filter="data")
    return unpacked / "components" / "domain_provider"


def test_the_same_domain(folder):
    ours, theirs = stored_domain(folder), Domain.from_path(folder)
    assert ours.as_dict() == theirs.as_dict() and ours.fingerprint() == theirs.fingerprint()
    assert ours.intents == theirs.intents and ours.action_names_or_texts == theirs.action_names_or_texts
    assert ours.session_config == theirs.session_config and [slot.name for slot in ours.slots] == [slot.name for slot in theirs.slots]


def test_several_files_are_merged_as_by_rasa(tmp_path):
    (tmp_path / NAME).write_text('version: "3.1"\nintents: [greet]\n', encoding="utf-8")
    (tmp_path / "more.yml").write_text('version: "3.1"\nintents: [goodbye]\n', encoding="utf-8")
    assert {"greet", "goodbye"} <= set(stored_domain(tmp_path).intents)


def test_several_files_are_validated_by_rasa(tmp_path):
    (tmp_path / NAME).write_text('version: "3.1"\nintents: [greet]\n', encoding="utf-8")
    (tmp_path / "more.yml").write_text('version: "3.1"\nintents: 7\n', encoding="utf-8")
    with pytest.raises(YamlException):
        stored_domain(tmp_path)
