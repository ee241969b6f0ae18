"""What the two scripts share: their arguments, the list of exports, and the timings of stages."""

import argparse
import contextlib
import hashlib
import json
import pathlib
import time

# Words that stand for nothing, as in the job file's default.
NULLS = ["", "NULL", "-", "N/A", "#N/A"]


def arguments(what):
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("job", type=pathlib.Path, help="the folder of the exports")
    parser.add_argument("out", type=pathlib.Path, help="the folder for the tables")
    parser.add_argument("--threads", type=int, default=0, help="0: all cores")
    parser.add_argument("--memory", default="4GiB", help="such as 512MiB or 4GiB")
    return parser.parse_args()


def sales_exports(folder):
    """Sales exports by name, the later one last. Of exports of equal content the first one is read; only exports of
    equal size have to be looked into to know."""
    paths = sorted((folder / "sales").glob("sales-*.csv"))
    sizes = [path.stat().st_size for path in paths]
    contents = set()
    kept = []
    for path, size in zip(paths, sizes):
        if sizes.count(size) > 1:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").digest()
            if content in contents:
                continue
            contents.add(content)
        kept.append(path)
    return kept


class Stages:
    """Times the stages of a script and prints them, the last line as JSON."""

    def __init__(self):
        self.seconds = {}

    @contextlib.contextmanager
    def stage(self, name):
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 3)
        print(f"{name:<12} {self.seconds[name]:8.3f} s", flush=True)

    def finish(self, **counts):
        print(json.dumps({"stages": self.seconds, **counts}))
