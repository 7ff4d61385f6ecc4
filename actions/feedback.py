"""有帮助, 没帮助, and the five levels at the end: kept with the record and reason code of the answer they are about, never with words."""
from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import AnsweringAction, dispatch
from actions.check_state import is_held, running_check
from actions.holding import held
from actions.latest import latest_entity, latest_intent, latest_text
from actions.transcript import answer_in
from feedback import Mark, open_store
from knowledge.answer import Answer
from knowledge.conversation import reply_answer
from knowledge.rating import LOW, level_said, rating_answer

logger = logging.getLogger(__name__)

HELPFUL = {"feedback_helpful": 1, "feedback_unhelpful": 0}
ABOUT_FEEDBACK = ("conversation#feedback", "conversation#rate")
NO_ANSWER = ("smalltalk",)
# While a check runs only plain words about the answer are a mark: 没写 is a reply.
PLAIN = re.compile("帮助|有用|没用|管用|评价|评分|打分|满意|好评|差评|星")


def marked_answer(tracker: Tracker, any_status: bool = False) -> dict[str, Any]:
    """The answer a mark is about: the latest that is not itself about feedback; small talk only counts when rating the whole service."""
    answers = (answer_in(event) for event in reversed(tracker.events) if event.get("event") == "bot")
    return next((answer for answer in answers if answer and not answer.get("record", "").startswith(ABOUT_FEEDBACK)
                 and (any_status or answer.get("status") not in NO_ANSWER)), {})


def meant(tracker: Tracker) -> bool:
    """Whether the message is about the answer, not a reply to an open question or words for the people it was handed to."""
    text = latest_text(tracker)
    return not (running_check(tracker) or is_held(tracker)) or text.startswith("/") or bool(PLAIN.search(text))


class FeedbackAction(AnsweringAction):
    """Subclasses say which mark the message gives; None when it gives none yet."""

    about_conversation = True

    def mark(self, tracker: Tracker) -> Mark | None:
        """The mark to keep; None when the message gives none, or there is no answer it could be about."""
        raise NotImplementedError

    def remember(self, answer: Answer, tracker: Tracker) -> list[dict[str, Any]]:
        return []

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        if is_held(tracker) and not meant(tracker):
            answer, events = await held(tracker)
            dispatch(dispatcher, answer)
            return events
        mark = self.mark(tracker) if meant(tracker) else None
        if mark is not None:
            try:
                await asyncio.to_thread(open_store().add, mark)
            except sqlite3.Error as error:  # the resident's thanks must not fail because the mark could not be kept
                logger.error("feedback not kept: error=%s", type(error).__name__)
        return await super().run(dispatcher, tracker, domain)


class ActionFeedback(FeedbackAction):
    """有帮助 and 没帮助, tapped or said; value 1 or 0."""

    def name(self) -> str:
        return "action_feedback"

    def mark(self, tracker: Tracker) -> Mark | None:
        answer, value = marked_answer(tracker), HELPFUL.get(latest_intent(tracker))
        if not answer or value is None:
            return None
        return Mark("helpful", value, answer.get("record", ""), answer.get("reason", ""), answer.get("status", ""), tracker.get_latest_input_channel() or "")

    def answer(self, tracker: Tracker) -> Answer:
        if not meant(tracker):
            return reply_answer("unclear_in_check")
        return reply_answer(latest_intent(tracker)) if marked_answer(tracker) else reply_answer("feedback_nothing")


class ActionRate(FeedbackAction):
    """The five levels 非常满意 to 非常不满意; without a level it offers them."""

    def name(self) -> str:
        return "action_rate"

    def level(self, tracker: Tracker) -> int:
        """The level tapped or said, 1 to 5; 0 when none was."""
        option = str(latest_entity(tracker, "option") or "")
        return int(option) if option in ("1", "2", "3", "4", "5") else level_said(latest_text(tracker))

    def mark(self, tracker: Tracker) -> Mark | None:
        answer, level = marked_answer(tracker, any_status=True), self.level(tracker)
        if not level:
            return None
        return Mark("rating", level, answer.get("record", ""), answer.get("reason", ""), answer.get("status", ""), tracker.get_latest_input_channel() or "")

    def answer(self, tracker: Tracker) -> Answer:
        level = self.level(tracker)
        if not meant(tracker):
            return reply_answer("unclear_in_check")
        if not level:
            return rating_answer()
        return reply_answer("rated_low" if level <= LOW else "rated")
