"""Guided checks: a few short questions, then a result from records. Knows neither Rasa nor HTTP.

`questions` reads the files, `reading` a resident's reply, `asking` puts a question into words; `legal_aid`, `reconsideration` and
`deadline` turn the answers into a result. Answers are {slot name: option key or ISO date}.
"""
