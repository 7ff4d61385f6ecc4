"""Settings of third-party libraries that only the environment can give.

`make setup` copies this file into the virtual environment and has every Python started there run it, so that plain
`rasa train`, `rasa shell` and `rasa run` read clean too. It must import nothing but `os`.
"""
import os

DEFAULTS = {
    "RASA_TELEMETRY_ENABLED": "false",  # nothing is sent to anybody
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "OMP_NUM_THREADS": "1",  # two threads made the slowest turns five times slower
    "SANIC_WORKERS": "1",
}


def apply() -> None:
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)


apply()
