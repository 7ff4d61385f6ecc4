"""Keep TensorFlow out of the serving process: half of its memory and start time, for policies and classifiers not used here.

Rasa imports TensorFlow wherever DIET or TED are defined, even when a model has neither. Here those imports get stand-ins that
can be named, subclassed and used as decorators, as class definitions need, but not made into objects: whatever would really
compute with TensorFlow stops with a clear error. Plain `rasa` commands use the real library. The server also leaves out what Rasa imports
for channels, stores and training that it does not have.
"""
from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from pathlib import Path
from typing import Any

import yaml

LEFT_OUT = frozenset({"tensorflow", "tensorflow_hub", "tensorflow_addons", "tensorflow_text", "keras"})
# What Rasa imports at its start for channels, stores and training that the server does not have: 70 MB and a second.
UNUSED_WHILE_SERVING = frozenset({
    "sklearn", "scipy", "matplotlib", "aiogram", "slack_sdk", "webexteamssdk", "twilio", "mattermostwrapper", "fbmessenger", "rocketchat_API",
    "boto3", "botocore", "s3transfer", "prompt_toolkit", "questionary", "requests"})
OUR_STORES = ("conversations.SqliteTrackerStore", "conversations.PostgresTrackerStore")
# Of these only stores other than ours, and event brokers, make use.
UNUSED_BESIDE_OUR_STORES = frozenset({"sqlalchemy", "pymongo", "bson", "gridfs", "aio_pika", "aiormq", "pamqp", "kafka"})


class LeftOut(RuntimeError):
    """Something tried to make use of a package that is left out while serving."""


class _StandInType(type):
    """Any attribute is another stand-in; a call is a decorator's (its function comes back) or names one more stand-in."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(f"{cls.__name__}.{name}")

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls.__dict__.get("is_stand_in"):
            if len(args) == 1 and not kwargs and isinstance(args[0], types.FunctionType):
                return args[0]
            return _stand_in(f"{cls.__name__}()")
        raise LeftOut(f"{cls.__name__} needs TensorFlow or another package that is left out while serving; use plain `rasa run` for such a model")

    def __getitem__(cls, item: Any) -> Any:
        return cls

    def __or__(cls, other: Any) -> Any:
        return cls

    __ror__ = __or__


def _stand_in(name: str) -> type:
    return _StandInType(name, (), {"is_stand_in": True})


class _StandInModule(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(f"{self.__name__}.{name}")


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds these packages, and anything inside them, as stand-in modules."""

    def __init__(self, packages: frozenset[str]) -> None:
        self.packages = packages

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] not in self.packages:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        module.__version__ = "left out"


def leave_out(packages: frozenset[str]) -> None:
    """Call before Rasa is imported. Does nothing for what has been imported already, or left out."""
    done = {name for finder in sys.meta_path if isinstance(finder, _Finder) for name in finder.packages}
    packages = packages - done - {name.partition(".")[0] for name in sys.modules}
    if packages:
        sys.meta_path.insert(0, _Finder(packages))


def leave_out_tensorflow() -> None:
    """Call before Rasa is imported. Does nothing when TensorFlow has been imported already."""
    leave_out(LEFT_OUT)


def unused(endpoints: Path) -> frozenset[str]:
    """What a server with this endpoints.yml does not use. A file that cannot be read is left for Rasa to complain about."""
    try:
        settings = yaml.safe_load(endpoints.read_text(encoding="utf-8")) or {}
        ours_alone = settings["tracker_store"]["type"] in OUR_STORES and "event_broker" not in settings
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        ours_alone = False
    return UNUSED_WHILE_SERVING | (UNUSED_BESIDE_OUR_STORES if ours_alone else frozenset())
