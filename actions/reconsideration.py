"""Answers about administrative reconsideration (行政复议)."""
from actions.guide import GuideAction


class ActionReconsideration(GuideAction):
    """One rule for each intent of the topic leads here."""

    topic = "reconsideration"
