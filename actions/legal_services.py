"""Answers about public legal services (公共法律服务)."""
from actions.guide import GuideAction


class ActionLegalServices(GuideAction):
    topic = "legal_services"
