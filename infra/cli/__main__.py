"""The command's entry point: can be stopped before anything heavy is imported."""

import sys

from infra.cli.stopping import stoppable


def main() -> None:
    """Run the command. An error that people can fix is one sentence on stderr, with exit code 2."""
    with stoppable():
        from infra.cli.main import run_command  # noqa: PLC0415 -- Ctrl-C in this half second should show no traceback

        sys.exit(run_command())


if __name__ == "__main__":
    main()
