"""Run the custom actions inside the Rasa process instead of asking an action server over HTTP.

Rasa 3.6.21 has no setting for this (`actions_module` does not exist there), but it only ever calls `request` on its action
endpoint. The action server's own executor does the rest, so an action behaves the same on both ways.
"""
from __future__ import annotations

import json
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

ACTIONS_PACKAGE = "actions"
SUPPORTED_RASA = "3.6.21"
MOST_SHAPES = 1000


class InProcessActions(EndpointConfig):
    """An action endpoint without a network."""

    def __init__(self, package: str = ACTIONS_PACKAGE) -> None:
        super().__init__(url="in-process://actions")
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    async def request(self, method: str = "post", subpath: str | None = None, content_type: str | None = "application/json",
                      compress: bool = False, **kwargs: Any) -> Any:
        """Run the action named in kwargs["json"] and return its events and responses.

        Raises ClientResponseError with the status codes of the action server: 400 rejected, 404 unknown.
        """
        call = kwargs["json"]
        try:
            return await self._executor.run(call)
        except ActionExecutionRejection as error:
            body = json.dumps({"error": error.message, "action_name": error.action_name})
            raise ClientResponseError(400, error.message, body) from error
        except ActionNotFoundException as error:
            body = json.dumps({"error": error.message, "action_name": error.action_name})
            raise ClientResponseError(404, error.message, body) from error


def _asks_for_types_only(schema: dict[str, Any]) -> bool:
    """Whether it depends on nothing but the types of an event's own values if the event is valid. A float may be an integer to jsonschema."""
    values = [kind for name, kind in schema.get("properties", {}).items() if name != "event"]
    return schema.keys() <= {"type", "properties", "required"} and all(kind.keys() <= {"type"} and "integer" not in kind.get("type", "") for kind in values)


def compile_action_validator() -> None:
    """Check action results with validators that are built once. Rasa rebuilds and re-checks the whole schema on every call, which
    costs about 20 ms a turn, and tries every kind of event for each; these accept and reject exactly the same results."""
    from jsonschema import ValidationError
    from jsonschema.validators import validator_for

    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)
    any_event = {name: value for name, value in schema["properties"]["events"]["items"].items() if name != "oneOf"}
    # An event has one name, so at most one of the alternatives can hold.
    events = {one["properties"]["event"]["const"]: kind({"allOf": [any_event, one]}) for one in schema["properties"]["events"]["items"]["oneOf"]}

    shallow = {name for name, kind in events.items() if _asks_for_types_only(any_event) and _asks_for_types_only(kind.schema["allOf"][1])}
    known: dict[tuple[Any, ...], bool] = {}

    def is_event(event: Any) -> bool:
        name = event.get("event") if isinstance(event, dict) else None
        named = events.get(name) if isinstance(name, str) else None
        if named is None or name not in shallow:
            return named is not None and named.is_valid(event)
        shape = (name, *((key, type(value)) for key, value in event.items()))
        found = known.get(shape)
        if found is None:
            found = named.is_valid(event)
            if len(known) < MOST_SHAPES:
                known[shape] = found
        return found

    def validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
        if (isinstance(result, dict) and isinstance(result.get("events"), list) and isinstance(result.get("responses"), list)
                and all(map(is_event, result["events"])) and all(isinstance(response, dict) for response in result["responses"])):
            return True
        error = next(iter(validator.iter_errors(result)), None)
        if error is not None:
            raise ValidationError(f"{error.message}. Failed to validate the result of action '{self.name()}'")
        return True

    RemoteAction._validate_action_result = validate_action_result
