"""The core: facts from the report, guides from the law, and how to answer from them. Knows neither Rasa nor HTTP."""
