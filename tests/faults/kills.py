"""kill -9 at random moments of a night over a million lines of sales."""

import os
import pathlib
import queue
import random
import shutil
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import verify

LINES = 1_000_000
DAYS = ["2025-02-27", "2025-02-28"]  # the last ones of the exports; runs take turns, so that no two look alike
SAMPLE = pathlib.Path(__file__).parents[2] / "sample-data/beverages/dealerlens.toml"
MORE = "\n[publish]\nkeep_runs = 2\nkeep_hours = 0\nreport = {documents}\nworkbook = {documents}\n\n[resources]\nthreads = {threads}\n"
# How a night begins: with staging or from the exports, with documents or without.
KINDS = [("kept", "false"), ("kept", "true"), ("fresh", "false"), ("kept", "false")]


class Company:
    """One job over the exports of a made-up company, for each worker its own output."""

    def __init__(self, binary, exports, folder, threads):
        self.binary, self.folder, self.threads = str(binary), folder, threads
        self.out, self.shown, self.seconds = folder / "out", set(), {}
        folder.mkdir()
        (folder / "exports").symlink_to(exports)
        for kind in dict.fromkeys(KINDS):
            self.seconds[kind] = self.measured(kind)

    def write_job(self, documents):
        # The exports are one folder for all companies, reached by a link.
        job = SAMPLE.read_text().replace("[job]\n", "[job]\nallow_outside = true\n", 1)
        job += MORE.format(documents=documents, threads=self.threads)
        (self.folder / "dealerlens.toml").write_text(job)

    def start(self, kind, day):
        self.write_job(kind[1])
        if kind[0] == "fresh":
            shutil.rmtree(self.out / "staging", ignore_errors=True)
        command = [self.binary, "run", "--force", "--as-of", day]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("DEALERLENS_")}
        return subprocess.Popen(command, cwd=self.folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def measured(self, kind):
        """How long such a night takes undisturbed."""
        began = time.monotonic()
        process = self.start(kind, DAYS[0])
        out, err = process.communicate()
        verify.require(process.returncode == 0, err)
        self.shown.add(verify.latest(self.out))
        self.documents = kind[1]
        return time.monotonic() - began

    def killed(self, kind, share, publishes):
        """Kills a night after this share of its length. What it was doing, and whether readers see the new run."""
        before = verify.latest(self.out)
        day = next(day for day in DAYS if day != self.as_of())
        process = self.start(kind, day)
        time.sleep(share * self.seconds[kind])
        process.send_signal(signal.SIGKILL)
        out, err = process.communicate()
        now = verify.latest(self.out)
        verify.require(process.returncode == -9 or now != before, "exit code", process.returncode, err)
        self.shown.add(now)
        if publishes or now != before:
            self.documents = kind[1]
        self.write_job(self.documents)
        self.restart(day if publishes else self.as_of(), "published" if publishes and now == before else "unchanged")
        self.shown.add(verify.latest(self.out))
        return stage(err), now != before

    def as_of(self):
        return verify.whole((self.out / "latest").resolve())["as_of"]

    def restart(self, day, said):
        expected = verify.left_behind(self.out, self.shown)
        ended = subprocess.run([self.binary, "run", "--as-of", day], cwd=self.folder, capture_output=True, text=True)
        verify.require(ended.returncode == 0, "the next start exits with", ended.returncode, ended.stderr[-500:])
        verify.require(f"{said}: run" in ended.stdout, f"the next start does not say {said}:", ended.stdout)
        for name in expected:
            verify.require(verify.removal(name) in ended.stderr, "the next start does not say that it removed", name)
        verify.is_tidy(self.out, self.shown | {verify.latest(self.out)})


def stage(err):
    """The part of the night that a killed run was in, by what it had said."""
    done = [word for word in ("ingest", "analyse", "publish") if any(line.startswith(f"{word} ") for line in err.splitlines())]
    return {0: "ingest", 1: "analyse", 2: "check and publish", 3: "after the switch"}[len(done)]


def exports(binary, folder):
    command = [str(binary), "generate", str(folder), "--clean", "--quiet", "--seed", "7", "--lines", str(LINES),
               "--dealers", "10", "--outlets", "200", "--months", "14"]
    subprocess.run(command, check=True, capture_output=True)
    lines = sum(file.read_bytes().count(b"\n") - 1 for file in (folder / "sales").iterdir())
    verify.require(lines > 0.99 * LINES, "only", lines, "lines were generated")
    return lines


def kill(binary, folder, seed, workers, kills):
    """(lines, kills by stage, how many of them readers see the new run after, what broke)"""
    lines = exports(binary, folder / "exports")
    companies, chance = queue.Queue(), random.Random(seed)
    for number in range(workers):
        companies.put(Company(binary, folder / "exports", folder / str(number), max(1, (os.cpu_count() or 1) // workers)))
    stages, switched, broken = {}, [], []

    def one(numbered):
        number, share = numbered
        company = companies.get()
        try:
            where, is_new = company.killed(KINDS[number % len(KINDS)], share, publishes=number % 20 == 0)
            stages[where] = stages.get(where, 0) + 1
            switched.append(is_new)
        except Exception as error:
            broken.append(f"kill {number} after {share:.3f} of the night: {error}")
        finally:
            companies.put(company)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(one, [(number, chance.random()) for number in range(kills)]))
    return lines, stages, sum(switched), broken
