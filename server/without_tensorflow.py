"""Keep TensorFlow out of the serving process: half of its memory and start time, for policies and classifiers not used here.

Rasa imports TensorFlow wherever DIET or TED are defined, even when a model has neither. Here those imports get stand-ins that
can be named, subclassed and used as decorators, as class definitions need, but not made into objects: whatever would really
compute with TensorFlow stops with a clear error. Training, and plain `rasa` commands, use the real library.
"""
from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from typing import Any

LEFT_OUT = frozenset({"tensorflow", "tensorflow_hub", "tensorflow_addons", "tensorflow_text", "keras"})


class TensorFlowLeftOut(RuntimeError):
    """Something tried to compute with TensorFlow while serving."""


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
        raise TensorFlowLeftOut(f"{cls.__name__} needs TensorFlow, which is left out while serving; use plain `rasa run` for such a model")

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
    """Finds the packages in LEFT_OUT, and anything inside them, as stand-in modules."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] not in LEFT_OUT:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        module.__version__ = "left out"


def leave_out_tensorflow() -> None:
    """Call before Rasa is imported. Does nothing when TensorFlow has been imported already."""
    if "tensorflow" not in sys.modules and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
