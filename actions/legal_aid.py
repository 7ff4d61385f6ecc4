"""Answers about legal aid (法律援助)."""
from actions.guide import GuideAction


class ActionLegalAid(GuideAction):
    """One rule for each intent of the topic leads here."""

    topic = "legal_aid"
