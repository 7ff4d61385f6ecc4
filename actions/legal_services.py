"""Answers about public legal services (公共法律服务)."""
from actions.guide import GuideAction


class ActionLegalServices(GuideAction):
    """One rule for each intent of the topic leads here."""

    topic = "legal_services"
