"""The entry point: `shmtui` and `python -m shmtui`."""

import sys


def main() -> int:
    """Run the command line; the exit codes are those of the command that ran."""
    from shmtui.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
