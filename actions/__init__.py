"""Custom actions: read slots, call the knowledge core, dispatch one answer. One topic per file."""
