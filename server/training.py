"""`python -m server.training FOLDER NAME`: train a model from the project's files, without TensorFlow and its start-up time.

Run as a process of its own, so that what training needs in memory is gone before serving starts. The model is the same as that of
plain `rasa train`.
"""
from __future__ import annotations

import sys

from server import zaofatong_environment as environment
from server.without_tensorflow import leave_out_tensorflow

environment.apply()
leave_out_tensorflow()

from rasa.model_training import train  # noqa: E402 - TensorFlow must be left out first
from rasa.shared.exceptions import RasaException  # noqa: E402

from knowledge.search.word_table import word_table  # noqa: E402
from server.quiet import quiet_logs  # noqa: E402


def main(folder: str, name: str) -> int:
    """Rasa's exit code, or 1 with the message for files that are broken."""
    quiet_logs()
    try:
        word_table()  # serving reads it; making it takes memory that is gone with this process
        result = train(domain="domain.yml", config="config.yml", training_files=["data"], output=folder, fixed_model_name=name)
    except RasaException as error:  # a broken file: say which and where, without a stack trace
        sys.stderr.write(f"{error}\n")
        return 1
    return result.code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
