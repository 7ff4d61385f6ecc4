"""Answers about legal aid (法律援助)."""
from actions.guide import GuideAction


class ActionLegalAid(GuideAction):
    topic = "legal_aid"
