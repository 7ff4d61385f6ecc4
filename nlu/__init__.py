"""Rasa graph components that understand residents' messages."""
