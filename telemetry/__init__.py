"""What happens, counted and timed, without a word of what residents write. Knows neither Rasa nor HTTP."""
