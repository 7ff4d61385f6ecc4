"""Answers about government services (政务服务)."""
from actions.guide import GuideAction


class ActionServices(GuideAction):
    """One rule for each intent of the topic leads here."""

    topic = "services"
