"""Runs a program and measures it alone: time on the clock, processor time, peak memory."""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

# Linux counts memory in KiB, macOS in bytes.
MEMORY_UNIT = 1 << 20 if sys.platform == "darwin" else 1 << 10


class Run:
    """What a program printed and used. A child begins with the peak memory of its parent, so the parent has to stay
    small: nothing heavy is imported in the programs that measure."""

    def __init__(self, out, err, wall, usage):
        self.out, self.err = out, err
        self.wall = wall
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss / MEMORY_UNIT


def run(command):
    """Runs a command to its end; one that fails ends the bench with what it said."""
    command = [str(part) for part in command]
    with tempfile.TemporaryDirectory() as scratch:
        out, err = pathlib.Path(scratch) / "out", pathlib.Path(scratch) / "err"
        with out.open("wb") as stdout, err.open("wb") as stderr:
            started = time.perf_counter()
            process = subprocess.Popen(command, stdout=stdout, stderr=stderr)
            # The usage of this one child, which the subprocess module does not give.
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        result = Run(out.read_text(), err.read_text(), wall, usage)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{result.out}\n{result.err}")
    return result
