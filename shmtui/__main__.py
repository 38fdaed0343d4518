"""The entry point: `shmtui` and `python -m shmtui`."""

import contextlib
import gc
import sys


def main() -> int:
    """Run the command line; the exit codes are those of the command that ran."""
    # A command that prints and ends makes no garbage worth a search: that took 6 % of a list of
    # 4096 segments. `run` turns it on for what stays.
    gc.disable()
    _name_process()
    try:
        from shmtui.cli.main import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # `run` has its own answer: this one came while it was imported
        code = 130
    gc.freeze()  # or Python would search all that is left, to end it a moment before it ends
    return code


def _name_process() -> None:
    """With `python -m`, ps and our own COMMAND column would say python (proc(5), comm)."""
    with contextlib.suppress(OSError), open("/proc/self/comm", "w") as comm:
        comm.write("shmtui")


if __name__ == "__main__":
    sys.exit(main())
