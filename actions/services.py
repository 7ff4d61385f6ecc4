"""Answers about government services (政务服务)."""
from actions.guide import GuideAction


class ActionServices(GuideAction):
    topic = "services"
