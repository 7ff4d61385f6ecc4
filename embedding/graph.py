"""The encoder of multilingual-e5-small as an ONNX graph, for ONNX Runtime on a processor.

Matrix products, attention and "add and normalise" are ONNX Runtime's own operators (domain com.microsoft). A product of 8 bits brings its input to 8 bits with one
scale for the whole input: so a text is run alone, and its vector does not depend on company.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from embedding.narrowing import Layer, Linear, Part
from embedding.weights import Weights

STATES, VECTORS = "states", "vectors"  # float32 (texts, tokens, hidden) -> float32 (texts, hidden)
OWN = "com.microsoft"
OPSET, OWN_OPSET, IR = 17, 1, 8
LARGEST = 127  # of a signed byte, the same on both sides of zero


def encoder(weights: Weights, layers: Sequence[Layer], in_bytes: bool = True) -> onnx.ModelProto:
    """From token states (words and positions added, not yet normalised) to the mean of the last layer, not yet of unit length; products in 8 bits
    unless `in_bytes` is false.

    Raises:
        WeightsError: a tensor is missing or of another size.
    """
    graph = _Graph(weights, in_bytes)
    graph.add("ReduceMean", [graph.layers(layers)], [VECTORS], axes=[1], keepdims=0)
    return graph.model({VECTORS: ["texts", weights.shape.hidden]})


def columns(weights: Weights, layers: Sequence[Layer]) -> onnx.ModelProto:
    """From token states to what the attention and the feed-forward part of each layer add up: one output (texts, tokens, columns) a part, in their order; products as
    they are.

    Raises:
        WeightsError: a tensor is missing or of another size.
    """
    graph = _Graph(weights, in_bytes=False)
    graph.layers(layers)
    return graph.model({name: ["texts", "tokens", part.outer.matrix.shape[1]]
                        for number, layer in enumerate(layers)
                        for name, part in zip((_attended(number), _neurons(number)), layer, strict=True)})  # fmt: skip


def eight_bits(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 of the same shape (rows, columns) and float32 (rows,): row = its bytes × its scale, to half a step."""
    scales = np.maximum(np.abs(matrix).max(axis=1), np.finfo(np.float32).tiny) / LARGEST
    return np.rint(matrix / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def _attended(layer: int) -> str:
    return f"l{layer}.attended"


def _neurons(layer: int) -> str:
    return f"l{layer}.neurons"


class _Graph:
    """Nodes and constants, as they are added. Methods that add something return the name of what it computes."""

    def __init__(self, weights: Weights, in_bytes: bool):
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._weights, self._in_bytes = weights, in_bytes

    def model(self, outputs: dict[str, list]) -> onnx.ModelProto:
        given = helper.make_tensor_value_info(STATES, TensorProto.FLOAT, ["texts", "tokens", self._weights.shape.hidden])
        told = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()]
        made = helper.make_graph(self._nodes, "encoder", [given], told, self._constants)
        return helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(OWN, OWN_OPSET)], ir_version=IR)

    def add(self, operator: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes: object) -> str:
        self._nodes.append(helper.make_node(operator, inputs, outputs, domain=domain, **attributes))
        return outputs[0]

    def constant(self, name: str, values: np.ndarray) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def layers(self, layers: Sequence[Layer]) -> str:
        states = self.add("LayerNormalization", [STATES, *self._norm("emb.ln")], ["emb.out"], epsilon=self._weights.shape.epsilon)
        for number, layer in enumerate(layers):
            states = self._feed_forward(self._attention(states, number, layer.attention), number, layer.feed_forward)
        return states

    def _norm(self, name: str) -> list[str]:
        return [self.constant(f"{name}.{part}", self._weights.vector(f"{name}.{part}")) for part in "wb"]

    def _add_and_normalise(self, states: str, before: str, name: str) -> str:
        return self.add("SkipLayerNormalization", [states, before, *self._norm(name)], [f"{name}.out"], OWN, epsilon=self._weights.shape.epsilon)

    def _product(self, states: str, name: str, linear: Linear) -> str:
        added = self.constant(f"{name}.bias", linear.bias)
        if not self._in_bytes:
            multiplied = self.add("MatMul", [states, self.constant(f"{name}.matrix", linear.matrix.T)], [f"{name}.multiplied"])
            return self.add("Add", [multiplied, added], [f"{name}.out"])
        values, scales = eight_bits(linear.matrix)
        given = [states, self.constant(f"{name}.bytes", values.T), self.constant(f"{name}.scales", scales), "", added]
        return self.add("DynamicQuantizeMatMul", given, [f"{name}.out"], OWN)

    def _attention(self, states: str, layer: int, part: Part) -> str:
        name = f"l{layer}."
        joined = self._product(states, name + "qkv", Linear(*map(np.concatenate, zip(*part.inner, strict=True))))
        width = self.constant(name + "widths", np.full(3, part.units * part.size, dtype=np.int64))
        thirds = [name + third for third in "qkv"]
        self.add("Split", [joined, width], thirds, axis=2)
        attended = self.add("MultiHeadAttention", thirds, [_attended(layer)], OWN, num_heads=part.units)
        return self._add_and_normalise(self._product(attended, name + "ao", part.outer), states, name + "aln")

    def _feed_forward(self, states: str, layer: int, part: Part) -> str:
        name = f"l{layer}."
        wide = self.add("Gelu", [self._product(states, name + "fi", *part.inner)], [_neurons(layer)], OWN)
        return self._add_and_normalise(self._product(wide, name + "fo", part.outer), states, name + "oln")
