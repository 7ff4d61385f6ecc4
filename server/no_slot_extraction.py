"""Where only actions set slots, as here, no message can fill one. Rasa 3.6.21 asks every mapping of every slot each turn all the same."""
from __future__ import annotations

from typing import Any

from rasa.core.actions.action import ActionExtractSlots
from rasa.shared.core.constants import DEFAULT_SLOT_NAMES, MAPPING_TYPE, SlotMappingType
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event

_ask_each = ActionExtractSlots.run
_ANSWER = "_messages_fill_no_slot"


def fills_nothing(domain: Domain) -> bool:
    """Whether every slot is left to actions: custom mappings that name no action of their own."""
    known = vars(domain).get(_ANSWER)
    if known is None:
        mappings = [mapping for slot in domain.slots if slot.name not in DEFAULT_SLOT_NAMES for mapping in slot.mappings]
        known = all(mapping.get(MAPPING_TYPE) == str(SlotMappingType.CUSTOM) and not mapping.get("action") for mapping in mappings)
        vars(domain)[_ANSWER] = known
    return known


async def run(self: ActionExtractSlots, output_channel: Any, nlg: Any, tracker: Any, domain: Domain) -> list[Event]:
    """Stands in for ActionExtractSlots.run: the same events."""
    if fills_nothing(domain):
        return await self._execute_validation_action([], output_channel, nlg, tracker, domain)
    return await _ask_each(self, output_channel, nlg, tracker, domain)


def no_slot_extraction() -> None:
    """Call before a model is loaded."""
    ActionExtractSlots.run = run
