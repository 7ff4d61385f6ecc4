"""`python -m conversations`."""
import sys

from server import zaofatong_environment as environment
from server.without_tensorflow import leave_out_tensorflow

environment.apply()
leave_out_tensorflow()

from conversations.cli import main  # noqa: E402 - the environment must be set first

sys.exit(main())
