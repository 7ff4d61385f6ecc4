"""The encoder of multilingual-e5-small as an ONNX graph with 8-bit matrices, for ONNX Runtime on a processor.

Matrix products, attention and "add and normalise" are ONNX Runtime's own operators (domain com.microsoft). A product takes 8-bit weights, one scale for each
output, and brings its input to 8 bits with one scale for the whole input: so a text is run alone, and its vector does not depend on company.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from embedding.weights import Weights

STATES, VECTORS = "states", "vectors"  # float32 (texts, tokens, hidden) -> float32 (texts, hidden)
OWN = "com.microsoft"
OPSET, OWN_OPSET, IR = 17, 1, 8
LARGEST = 127  # of a signed byte, the same on both sides of zero


def encoder(weights: Weights) -> onnx.ModelProto:
    """From token states (words and positions added, not yet normalised) to the mean of the last layer, not yet of unit length.

    Raises:
        WeightsError: a tensor is missing or of another size.
    """
    graph = _Graph(weights)
    states = graph.normalise(STATES, "emb.ln")
    for layer in range(weights.shape.layers):
        states = graph.layer(states, f"l{layer}.")
    graph.add("ReduceMean", [states], [VECTORS], axes=[1], keepdims=0)
    hidden = weights.shape.hidden
    made = helper.make_graph(
        graph.nodes, "encoder",
        [helper.make_tensor_value_info(STATES, TensorProto.FLOAT, ["texts", "tokens", hidden])],
        [helper.make_tensor_value_info(VECTORS, TensorProto.FLOAT, ["texts", hidden])],
        graph.constants,
    )  # fmt: skip
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(OWN, OWN_OPSET)], ir_version=IR)


def eight_bits(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 of the same shape (rows, columns) and float32 (rows,): row = its bytes × its scale, to half a step."""
    scales = np.maximum(np.abs(matrix).max(axis=1), np.finfo(np.float32).tiny) / LARGEST
    return np.rint(matrix / scales[:, None]).astype(np.int8), scales.astype(np.float32)


class _Graph:
    """Nodes and constants, as they are added. Every method returns the name of what it computes."""

    def __init__(self, weights: Weights):
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._weights = weights
        self._thirds = self.constant("thirds", np.full(3, weights.shape.hidden, dtype=np.int64))

    def add(self, operator: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes: object) -> str:
        self.nodes.append(helper.make_node(operator, inputs, outputs, domain=domain, **attributes))
        return outputs[0]

    def constant(self, name: str, values: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def norm(self, name: str) -> list[str]:
        return [self.constant(f"{name}.{part}", self._weights.vector(f"{name}.{part}")) for part in "wb"]

    def normalise(self, states: str, name: str) -> str:
        return self.add("LayerNormalization", [states, *self.norm(name)], [f"{name}.out"], epsilon=self._weights.shape.epsilon)

    def add_and_normalise(self, states: str, before: str, name: str) -> str:
        return self.add("SkipLayerNormalization", [states, before, *self.norm(name)], [f"{name}.out"], OWN, epsilon=self._weights.shape.epsilon)

    def product(self, states: str, name: str, parts: list[str], inputs: int) -> str:
        """`parts`: tensors that are one matrix, below each other."""
        values, scales = eight_bits(np.concatenate([self._weights.matrix(f"{part}.w", inputs) for part in parts]))
        bias = np.concatenate([self._weights.vector(f"{part}.b") for part in parts])
        given = [states, self.constant(f"{name}.bytes", values.T), self.constant(f"{name}.scales", scales), "", self.constant(f"{name}.bias", bias)]
        return self.add("DynamicQuantizeMatMul", given, [f"{name}.out"], OWN)

    def layer(self, states: str, prefix: str) -> str:
        shape = self._weights.shape
        joined = self.product(states, prefix + "qkv", [prefix + part for part in "qkv"], shape.hidden)
        thirds = [f"{prefix}{part}.out" for part in "qkv"]
        self.add("Split", [joined, self._thirds], thirds, axis=2)
        attended = self.add("MultiHeadAttention", thirds, [prefix + "attention"], OWN, num_heads=shape.heads)
        middle = self.add_and_normalise(self.product(attended, prefix + "ao", [prefix + "ao"], shape.hidden), states, prefix + "aln")
        wide = self.product(middle, prefix + "fi", [prefix + "fi"], shape.hidden)
        wide = self.add("Gelu", [wide], [prefix + "gelu"], OWN)
        return self.add_and_normalise(self.product(wide, prefix + "fo", [prefix + "fo"], shape.feed_forward), middle, prefix + "oln")
