"""`python -m server.training FOLDER NAME`: train a model from the project's files, without TensorFlow and its start-up time.

Run as a process of its own, so that what training needs in memory is gone before serving starts. The model is the same as that of
plain `rasa train`.
"""
from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from server import zaofatong_environment as environment
from server.without_tensorflow import leave_out_tensorflow

environment.apply()
leave_out_tensorflow()

from rasa.model_training import train  # noqa: E402 - TensorFlow must be left out first
from rasa.shared.exceptions import RasaException  # noqa: E402

from knowledge.search.word_table import word_table  # noqa: E402
from server.model_archive import pack_without_compressing  # noqa: E402
from server.quiet import quiet_logs  # noqa: E402


def main(folder: str, name: str) -> int:
    """Train into `folder`/`name`.tar.gz, which appears whole or not at all: a server may be starting beside. Return the exit code."""
    quiet_logs()
    pack_without_compressing()
    Path(folder).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".") as unfinished:
        try:
            word_table()  # serving reads it; making it takes memory that is gone with this process
            result = train(domain="domain.yml", config="config.yml", training_files=["data"], output=unfinished, fixed_model_name=name)
        except RasaException as error:  # a broken file: say which and where, without a stack trace
            sys.stderr.write(f"{error}\n")
            return 1
        if result.model:
            os.replace(result.model, Path(folder) / Path(result.model).name)
    return result.code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
