"""The launcher: the Rasa server and the actions in one process, built and trained first if need be."""
