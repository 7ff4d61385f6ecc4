"""`python -m embedding`: make the language model ready and say where it is."""

import sys
import time

from embedding.cache import EmbeddingUnavailable, prepare


def main() -> int:
    """Exit code 1 with the reason when the model cannot be made ready; a second time it only says where it is."""
    started = time.perf_counter()
    try:
        folder = prepare()
    except EmbeddingUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Language model ready in {folder} ({time.perf_counter() - started:.1f} s)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
