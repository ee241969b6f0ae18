"""Two runs at once, and readers that loop over the published tables while runs publish and prune."""

import json
import os
import re
import threading
import time

import duckdb

import nights
import verify
from verify import require

PUBLICATIONS = 15
DAYS = ["2024-05-02", "2024-05-03", "2024-05-04"]


def two_at_once(binary, folder):
    """Of two runs that start together one publishes and the other gives up at once; the number of pairs."""
    night = nights.two_published(binary, folder)
    pairs = 5
    for _ in range(pairs):
        before, ended = verify.latest(night.out), []
        def start():
            began = time.monotonic()
            ended.append((night.run("--force"), time.monotonic() - began))
        threads = [threading.Thread(target=start) for _ in range(2)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        (late, waited), (done, _) = sorted(ended, key=lambda pair: pair[1])
        require((late.code, done.code) == (75, 0), "two runs at once exit with", late.code, "and", done.code)
        require(waited < 1, "the second run waits", waited, "s")
        require(re.search(r"error: another run holds out/.lock: (process \d+|holder unknown)", late.err), late.err)
        require(verify.latest(night.out) != before, "neither of two runs published")
    return pairs


class Reader(threading.Thread):
    """Reads all tables of a run again and again, of one folder that `latest` led to, until told to stop."""

    def __init__(self, out):
        super().__init__()
        self.out, self.stopped, self.broken = out, threading.Event(), []
        self.passes, self.seen, self.mixed = 0, set(), 0

    def run(self):
        database = duckdb.connect()
        while not self.stopped.is_set():
            try:
                run = os.path.realpath(self.out / "latest")
                days = self.days(database, run)
                require(len(days) == 1, run, "has tables of", days)
                self.seen.add(os.path.basename(run))
                self.mixed += self.mixes(database)
                self.passes += 1
            except Exception as error:
                self.broken.append(str(error))

    def mixes(self, database):
        """Without resolving the link, only to see what happens then: tables of two runs, or a file that becomes another one
        between its footer and its data, which no reader can make sense of."""
        try:
            return len(self.days(database, self.out / "latest")) > 1
        except (duckdb.Error, OSError):
            return True

    @staticmethod
    def days(database, folder):
        """What the tables of a folder say of the day that they show, and whether every one can be read to the end."""
        found = set()
        for name in sorted(os.listdir(folder)):
            if name.endswith(".parquet"):
                columns = database.execute(f"select * from '{folder}/{name}'").df().columns
                if "as_of" in columns:
                    found.update(str(row[0]) for row in database.execute(f"select distinct as_of from '{folder}/{name}'").fetchall())
        return found


def looping(binary, folder):
    """(publications, passes of the reader over all tables, runs it saw, passes without resolving that mixed two runs)"""
    night = nights.Night(binary, folder, keep="keep_runs = 1")
    night.sell(4)
    first = night.run("--as-of", DAYS[-1])
    require(first.code == 0, first.err)
    opened = (night.out / "latest").resolve()
    reader = Reader(night.out)
    reader.start()
    for number in range(PUBLICATIONS):
        ended = night.run("--force", "--as-of", DAYS[number % len(DAYS)])
        require(ended.code == 0, ended.err)
    reader.stopped.set()
    reader.join()
    require(not reader.broken, reader.broken[:3])
    require(len(reader.seen) > PUBLICATIONS / 2, "the reader saw only", len(reader.seen), "runs")
    verify.whole(opened)
    require(len(os.listdir(night.out / "runs")) == PUBLICATIONS + 1, "a run of today was pruned")
    return PUBLICATIONS, reader.passes, len(reader.seen), reader.mixed


def told_to_prune(binary, folder):
    """keep_hours = 0 prunes by number, and a run that readers left a day ago goes by default; the number of runs pruned."""
    night = nights.Night(binary, folder, keep="keep_runs = 1")
    for lines in (1, 2, 3):
        night.publish(lines)
    runs = sorted((night.out / "runs").iterdir())
    require(len(runs) == 3, "runs of today are pruned")
    # Readers left the first run when the second one was finished; that was yesterday.
    yesterday(runs[1] / "manifest.json")
    night.publish(4)
    left = sorted((night.out / "runs").iterdir())
    require(left[:2] == runs[1:] and len(left) == 3, "after a day are left", left)
    night.keep("keep_runs = 1\nkeep_hours = 0")
    require(night.run("--force").code == 0, "the last run failed")
    require(len(os.listdir(night.out / "runs")) == 1, "keep_hours = 0 keeps", os.listdir(night.out / "runs"))
    return 4


def yesterday(manifest):
    text = json.loads(manifest.read_text())
    at = time.gmtime(time.time() - 24 * 3600 - 60)
    text["finished_at"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", at)
    manifest.write_text(json.dumps(text))
