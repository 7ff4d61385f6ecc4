"""Settings of third-party libraries that only the environment can give.

`make setup` copies this file into the virtual environment and has every Python started there run it, so that plain
`rasa train`, `rasa shell` and `rasa run` read clean too. It must import nothing but the standard library.
"""
import os
import warnings

DEFAULTS = {
    "RASA_TELEMETRY_ENABLED": "false",  # nothing is sent to anybody
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "OMP_NUM_THREADS": "1",  # two threads made the slowest turns five times slower
    "SANIC_WORKERS": "1",
}


# Notes that Rasa's pinned dependencies, and Rasa itself, print for their own developers at every start.
NOT_FOR_US = (
    ("", DeprecationWarning),
    ("", PendingDeprecationWarning),
    ("Slot auto-fill has been removed", UserWarning),  # printed for every domain that has slots
)


def apply() -> None:
    """Set what is not set already, and keep those notes from residents and operators.

    Sanic 21.12 and Rasa switch them on again when they are imported (filterwarnings puts its rule first), so after every such
    call the rules here are put first once more. A warning with another category or text is shown as ever.
    """
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    original = warnings.filterwarnings
    if getattr(original, "keeps_notes_out", False):
        return

    def filterwarnings(*args, **kwargs):
        original(*args, **kwargs)
        for message, category in NOT_FOR_US:
            original("ignore", message, category)

    filterwarnings.keeps_notes_out = True
    warnings.filterwarnings = filterwarnings
    for message, category in NOT_FOR_US:
        original("ignore", message, category)


apply()
