"""`python -m server`: check, build if need be, serve."""
from __future__ import annotations

import argparse
import gc
import os
import sys

from knowledge.errors import KnowledgeError
from server import zaofatong_environment as environment
from server.build import ROOT, BuildError, check_knowledge, existing_model, train
from server.without_tensorflow import leave_out, unused

EXIT_PROBLEM = 1


def say(line: str) -> None:
    """Flushed at once: a supervisor's log shows where the start has got to."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(argv: list[str] | None = None) -> int:
    """Exit code EXIT_PROBLEM for broken knowledge, no model, a port in use or a store that cannot be opened; serves until it is stopped."""
    parser = argparse.ArgumentParser(prog="python -m server", description=__doc__)
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "5005")))
    parser.add_argument("--train-only", action="store_true", help="build the model and stop")
    parser.add_argument("--no-train", action="store_true", help="serve the model that is there, and stop if there is none for these files")
    arguments = parser.parse_args(argv)
    environment.apply()
    gc.disable()  # a seventh of the start went into looking through what importing had just made; the launcher collects once, and from then on again
    os.chdir(ROOT)
    try:
        check_knowledge()
        model = existing_model() if arguments.no_train else train(say)
    except (KnowledgeError, BuildError) as error:
        say(str(error))
        return EXIT_PROBLEM
    if arguments.train_only:
        return 0
    leave_out(unused(ROOT / os.environ.get("ZAOFATONG_ENDPOINTS", "endpoints.yml")))
    from server.launcher import FeedbackProblem, StoreProblem, check_port, serve

    problem = check_port(arguments.host, arguments.port)
    if problem:
        say(problem)
        return EXIT_PROBLEM
    try:
        serve(model, arguments.host, arguments.port, say)
    except (StoreProblem, FeedbackProblem) as error:
        say(str(error))
        return EXIT_PROBLEM
    return 0


if __name__ == "__main__":
    sys.exit(main())
