"""Saying it again, saying it more simply, and deleting the conversation."""
from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import AnsweringAction
from actions.latest import latest_entity, latest_text
from actions.transcript import answer_in, last_answer_event
from knowledge.answer import Answer
from knowledge.conversation import reply_answer
from knowledge.manners import DELETE_CONFIRMED, DELETE_REFUSED, delete_confirm_answer, deleted_answer, simpler_answer

SAYS_NO = re.compile("不删|别删|不要删|先不|算了|留着|不用")
SAYS_YES = re.compile("^删|确定|确认|删吧|都删|全删|是的?$|对$|好$|可以$")


class ActionRepeat(AnsweringAction):
    """The last answer once more, word for word, with its buttons."""

    about_conversation = True

    def name(self) -> str:
        return "action_repeat"

    def answer(self, tracker: Tracker) -> Answer:
        return reply_answer("nothing_said")

    def remember(self, answer: Answer, tracker: Tracker) -> list[dict[str, Any]]:
        return []

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        event = last_answer_event(tracker)
        if event is None:
            return await super().run(dispatcher, tracker, domain)
        answer = {**answer_in(event), "reason": "repeated"}
        dispatcher.utter_message(text=event.get("text"), buttons=(event.get("data") or {}).get("buttons") or [], json_message={"answer": answer})
        return []


class ActionSimpler(AnsweringAction):
    """The last answer in few words: what matters most and whom to ask."""

    about_conversation = True

    def name(self) -> str:
        return "action_simpler"

    def answer(self, tracker: Tracker) -> Answer:
        event = last_answer_event(tracker)
        if event is None:
            return reply_answer("nothing_said")
        last = answer_in(event)
        return simpler_answer(last.get("record", ""), event.get("text") or "", (event.get("data") or {}).get("buttons") or [])

    def remember(self, answer: Answer, tracker: Tracker) -> list[dict[str, Any]]:
        return []


class ActionDeleteConversation(AnsweringAction):
    """Asks first; the channel then deletes what is stored, when it sees the effect of the answer (channels/deletion.py)."""

    about_conversation = True

    def name(self) -> str:
        return "action_delete_conversation"

    def answer(self, tracker: Tracker) -> Answer:
        option = latest_entity(tracker, "option")
        event = last_answer_event(tracker)
        asked_before = event is not None and answer_in(event).get("record") == "conversation#delete_confirm"
        if option == DELETE_REFUSED or (asked_before and SAYS_NO.search(latest_text(tracker))):
            return reply_answer("not_deleted")
        if option == DELETE_CONFIRMED or (asked_before and SAYS_YES.search(latest_text(tracker))):
            return deleted_answer()
        return delete_confirm_answer()

    def remember(self, answer: Answer, tracker: Tracker) -> list[dict[str, Any]]:
        return []
