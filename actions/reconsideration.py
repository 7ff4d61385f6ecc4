"""Answers about administrative reconsideration (行政复议)."""
from actions.guide import GuideAction


class ActionReconsideration(GuideAction):
    topic = "reconsideration"
