"""Triage: which public channel a personal problem belongs to, and why. Knows neither Rasa nor HTTP."""
