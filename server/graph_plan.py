"""Run Rasa's model graph along a plan that is made once. Rasa 3.6.21 has dask plan the same small graph again for every prediction, and
writes all inputs into a debug line that nobody reads; together that is 1 to 2 ms of a turn. Its nodes write two more, and look for their inputs by name
twice."""
from __future__ import annotations

from typing import Any

from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import GraphNode, GraphSchema, logger
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.exceptions import InvalidConfigException, RasaException

Plan = list[tuple[str, GraphNode, tuple[str, ...]]]


def plan_graph(schema: GraphSchema, nodes: dict[str, GraphNode], targets: list[str]) -> Plan:
    """Return the nodes the targets need, each after what it needs: name, node, the names of its inputs."""
    needed = schema.minimal_graph_schema(targets).nodes
    plan: Plan = []
    planned: set[str] = set()

    def add(name: str) -> None:
        if name in planned or name not in needed:  # what is no node is an input of the run
            return
        planned.add(name)
        inputs = tuple(needed[name].needs.values())
        for before in inputs:
            add(before)
        plan.append((name, nodes[name], inputs))

    for target in targets:
        add(target)
    return plan


def run_node(node: GraphNode, needs: tuple[str, ...], outputs: dict[str, tuple[str, Any]]) -> tuple[str, Any]:
    """What calling the node with these outputs gives. Raises what that raises."""
    if type(node) is not GraphNode or not node._eager or node._hooks or not all(need in outputs for need in needs):
        return node(*(outputs.get(need, need) for need in needs))
    try:
        return node._node_name, node._fn(node._component, **{name: outputs[provider][1] for name, provider in node._inputs.items()})
    except InvalidConfigException:
        raise
    except RasaException:
        logger.error("Error running graph component for node %s.", node._node_name)
        raise
    except Exception as error:
        raise GraphComponentException(f"Error running graph component for node {node._node_name}.") from error


def run_planned(self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
    """Stands in for DaskGraphRunner.run: the same inputs, outputs and errors."""
    wanted = targets if targets else self._graph_schema.target_names
    plans = self.__dict__.setdefault("_plans", {})
    plan = plans.get(tuple(wanted))
    if plan is None:
        plan = plans[tuple(wanted)] = plan_graph(self._graph_schema, self._instantiated_nodes, wanted)
    graph = {name for name, _, _ in plan}
    outputs: dict[str, Any] = {}
    for name, value in (inputs or {}).items():
        if isinstance(value, str) and value in graph:
            raise GraphRunError(f"Input value '{value}' clashes with a node name.")
        outputs[name] = (name, value)
    try:
        for name, node, needs in plan:
            if name not in outputs:
                outputs[name] = run_node(node, needs, outputs)
        return dict(outputs[target] for target in wanted)
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error


def plan_graphs_once() -> None:
    """Call before a model is loaded."""
    DaskGraphRunner.run = run_planned
