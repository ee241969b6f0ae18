"""A small job in a folder of its own, and the binary run in it, alone or under strace."""

import os
import pathlib
import shutil
import signal
import subprocess

JOB = """[job]
name = "faults"

[quality]
max_rejected_share = 1.0

[publish]
{keep}
permissions = "0640"
report = {documents}
workbook = {documents}

[resources]
threads = 1

[sources.dealers]
files = ["dealers.csv"]

[sources.sales]
files = ["sales*.csv"]
"""
SALES = ["2024-05-01,D1,100", "2024-05-02,D2,250", "2024-05-03,D1,-20", "2024-05-04,D2,7"]
PATIENCE = 15  # seconds; such a run takes 2


class Ended:
    """How a run ended: the exit code (negative: the signal that killed it; None: it had to be killed), what it said."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def last_line(self):
        return (self.out + self.err if self.code else self.err + self.out).rstrip("\n").rsplit("\n", 1)[-1]


class Night:
    """A job with `lines` sales so far; each line more is another day, so that two runs never look alike."""

    def __init__(self, binary, folder, documents=False, keep="keep_runs = 2\nkeep_hours = 0"):
        self.binary, self.folder, self.documents = str(binary), pathlib.Path(folder).resolve(), documents
        self.out = self.folder / "out"
        self.folder.mkdir(parents=True)
        self.keep(keep)
        (self.folder / "dealers.csv").write_text("dealer_id,region\nD1,North\nD2,South\n")

    def keep(self, keep):
        """Writes the job file, with these keys for what is kept."""
        (self.folder / "dealerlens.toml").write_text(JOB.format(documents=str(self.documents).lower(), keep=keep))

    def sell(self, lines):
        (self.folder / "sales.csv").write_text("\n".join(["sold_on,dealer_id,amount", *SALES[:lines]]) + "\n")

    def run(self, *arguments, under=(), **how):
        command = [*under, self.binary, "run", *arguments]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("DEALERLENS_")}
        process = subprocess.Popen(command, cwd=self.folder, env=environment, text=True, errors="replace",
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, **how)
        try:
            out, err = process.communicate(timeout=PATIENCE)
            return Ended(process.returncode, out, err)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            return Ended(None, out, err)

    def publish(self, lines):
        self.sell(lines)
        ended = self.run()
        assert ended.code == 0, ended.err
        return ended

    def keep_copy(self):
        """Remembers the output as it is now, to come back to."""
        shutil.copytree(self.out, self.folder / "copy", symlinks=True)

    def go_back(self):
        shutil.rmtree(self.out, ignore_errors=True)
        shutil.copytree(self.folder / "copy", self.out, symlinks=True)


def two_published(binary, folder, documents=False):
    """A job with two published runs, the number that it keeps, and new sales for the next one."""
    night = Night(binary, folder, documents)
    night.publish(1)
    night.publish(2)
    night.keep_copy()
    night.sell(3)
    return night
