"""Deadlines: what day a resident means, and the last day the law leaves. Knows neither Rasa nor HTTP."""
