"""The plan that is made once gives what Rasa's own runner gives."""
import pytest
import rasa
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.exceptions import InvalidConfigException, RasaException

from server.graph_plan import plan_graph, run_node, run_planned
from server.in_process_actions import SUPPORTED_RASA


class Component:
    """Stands in for an instantiated graph node: tells what it was given."""

    def __init__(self, name, calls):
        self.name, self.calls = name, calls

    def __call__(self, *inputs):
        self.calls.append(self.name)
        if any(given == ("start", "break") for given in inputs):
            raise RuntimeError("broken")
        return self.name, (self.name, inputs)


def node(**needs):
    return SchemaNode(needs=needs, uses=object, fn="run", constructor_name="load", config={}, is_target=False)


SCHEMA = GraphSchema({
    "middle": node(text="first", more="start"), "last": node(one="middle", two="first"), "first": node(text="start"),
    "aside": node(text="start"), "unresolved": node(text="nowhere"),
})


def runner(calls):
    made = DaskGraphRunner.__new__(DaskGraphRunner)
    made._graph_schema, made._execution_context = SCHEMA, None
    made._instantiated_nodes = {name: Component(name, calls) for name in SCHEMA.nodes}
    return made


@pytest.mark.parametrize("targets", [["last"], ["middle"], ["first", "aside"], ["last", "first"], ["unresolved"]])
@pytest.mark.parametrize("value", ["text", ["a", "list"], {"a": 1}, None])
def test_the_same_outputs_from_the_same_nodes(targets, value):
    expected_calls, calls = [], []
    expected = runner(expected_calls).run({"start": value}, targets)
    ours = runner(calls)
    for _ in range(2):  # the second time from the plan made by the first
        calls.clear()
        assert run_planned(ours, {"start": value}, targets) == expected
        assert sorted(calls) == sorted(expected_calls)


def rasa_node(fn, eager=True, hooks=()):
    made = GraphNode.__new__(GraphNode)
    made._node_name, made._component_class, made._component, made._constructor_fn = "node", Component, None, Component
    made._fn_name, made._fn, made._inputs, made._eager, made._hooks = "run", fn, {"text": "first", "more": "second"}, eager, list(hooks)
    return made


def outcome(call, caplog):
    caplog.clear()
    try:
        result = call()
    except Exception as error:  # noqa: BLE001 - whatever it raises is compared
        result = type(error), str(error), type(error.__cause__)
    return result, [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.parametrize("outputs", [{"first": ("first", 1), "second": ("second", 2)}, {"first": ("first", 1)}, {}])
@pytest.mark.parametrize("error", [None, ValueError("a"), RuntimeError("b"), RasaException("c"), InvalidConfigException("d")])
def test_a_node_runs_as_when_it_is_called(outputs, error, caplog):
    def run(component, text, more):
        if error:
            raise error
        return component, text, more

    node, needs = rasa_node(run), ("first", "second")
    assert outcome(lambda: run_node(node, needs, outputs), caplog) == outcome(lambda: node(*(outputs.get(need, need) for need in needs)), caplog)


def test_hooks_of_a_node_are_run():
    seen = []

    class Hook:
        def on_before_node(self, **given):
            seen.append("before")

        def on_after_node(self, **given):
            seen.append("after")

    node = rasa_node(lambda component, text, more: text, hooks=[Hook()])
    node._execution_context, node._component_config = None, {}
    assert run_node(node, ("first", "second"), {"first": ("first", 1), "second": ("second", 2)}) == ("node", 1)
    assert seen == ["before", "after"]


def test_an_input_with_the_name_of_a_node_takes_its_place():
    assert run_planned(runner([]), {"first": "given", "start": "text"}, ["middle"]) == runner([]).run({"first": "given", "start": "text"}, ["middle"])


@pytest.mark.parametrize("inputs", [{"start": "break"}, {"start": "first"}])
def test_the_same_errors(inputs):
    for run in (DaskGraphRunner.run, run_planned):
        with pytest.raises(GraphRunError):
            run(runner([]), inputs, ["first"])


def test_what_is_not_needed_is_not_planned():
    assert [name for name, _, _ in plan_graph(SCHEMA, dict.fromkeys(SCHEMA.nodes), ["last"])] == ["first", "middle", "last"]


def test_written_for_this_version_of_rasa():
    assert rasa.__version__ == SUPPORTED_RASA
