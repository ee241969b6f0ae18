"""A fault at every system call of a run that opens, writes, syncs, moves or removes something in the output folder.

The calls are those of a clean run. Publishing goes on in the main thread, which strace follows alone, so the n-th call of
a name is the same in every run. Staging is written by another thread; there strace looks at the staging files only. Tables
are synced by several threads; there a fault comes to the n-th sync of each of them."""

import pathlib
import queue
import random
from concurrent.futures import ThreadPoolExecutor

import nights
import trace
import verify

ERRORS = ["error=EIO", "error=ENOSPC", "error=EACCES"]
SIGNALS = {"signal=SIGKILL": {-9}, "signal=SIGTERM": {143, -15, 0}, "signal=SIGINT": {130, -2, 0}}
SAMPLE = 24
ATTEMPTS = 6  # threads are woken by writes too, in one run a hundred times more than in the next, so numbers of calls move


class Place:
    """A job of a worker, and the calls of its clean run."""

    def __init__(self, binary, folder, documents):
        self.night = nights.two_published(binary, folder, documents)
        self.log = pathlib.Path(folder) / "strace.log"
        self.before = verify.latest(self.night.out)
        self.shown = {run.name for run in (self.night.out / "runs").iterdir()}

    def clean_calls(self):
        """Those of the main thread, those of the thread that writes staging, and the syncs of all threads, with the options
        that find them again."""
        out = self.night.out
        main = self.traced([], out)
        staged = [option for path in self.new_staging() for option in ("-P", str(path))]
        written = self.traced(["-f", *staged], out)
        synced = [call for call in self.traced(["-f"], out) if call.name == "fsync"]
        return [(call, ()) for call in main], [(call, ("-f", *staged)) for call in written], [(call, ("-f",)) for call in synced]

    def traced(self, options, within):
        self.night.go_back()
        ended = self.night.run(under=trace.tracing(self.log, *options))
        verify.ended_well(ended, self.night.out, self.before, {0})
        return trace.calls(self.log, self.night.folder, within)

    def new_staging(self):
        """The files that the next run stages; the counts are written under another name first."""
        copied = {path.name for path in (self.night.folder / "copy/staging/sales").iterdir()}
        new = [path for path in (self.night.out / "staging/sales").iterdir() if path.name not in copied]
        return [*new, *(path.with_name(path.name + ".new") for path in new if path.suffix == ".json")]

    def case(self, call, options, fault, publishes):
        """One run with one fault, and the next start. False when the fault came to another call, or to none."""
        codes = SIGNALS.get(fault, {0, 74})
        ended = self.hit(call, options, fault)
        if ended is None:
            return False
        verify.require(ended.code is not None, "the run hangs")
        new = verify.ended_well(ended, self.night.out, self.before, codes)
        if fault in SIGNALS and ended.code == 0:
            verify.require(new, "stopped by a signal, but the exit code is 0")
        shown = self.shown | ({new} if new else set())
        if not new and not publishes:
            self.night.sell(2)
        verify.next_start_tidies(self.night, self.night.out, shown, publishes and not new)
        return True

    def hit(self, call, options, fault):
        """A run in which the fault came to the call, aimed anew after each one in which it did not; None without one."""
        number = call.number
        for _ in range(ATTEMPTS):
            self.night.go_back()
            self.night.sell(3)
            ended = self.night.run(under=trace.injecting(self.log, call.name, fault, number, *options))
            if trace.was_hit(self.log, self.night.folder, self.night.out):
                return ended
            number = self.number_in_last_run(call)
        return None

    def number_in_last_run(self, call):
        within = [other for other in trace.calls(self.log, self.night.folder, self.night.out) if other.name == call.name]
        return within[min(call.place, len(within) - 1)].number if within else call.number


def chosen(main, staged, synced, seed, documents):
    """Calls with faults. EIO at every call that changes something and at a sample of those that read; a kill, and one of
    the other faults in turn, at every call but those that are the same for each table, of which a sample is taken."""
    chance = random.Random(seed)
    if documents:
        pages = [item for item in (*main, *synced) if is_page(item[0])]
        verify.require(len(pages) > 10, "only", len(pages), "calls are about pages")
        return [(*item, chance.choice([*ERRORS, *SIGNALS])) for item in chance.sample(pages, min(SAMPLE, len(pages)))]
    everything = [*main, *staged, *{item[0].number: item for item in synced}.values()]
    changes = [item for item in everything if not item[0].opens_to_read()]
    reads = chance.sample([item for item in everything if item[0].opens_to_read()], SAMPLE)
    alike = [item for item in changes if is_one_of_many(item[0])]
    others = [item for item in changes if item not in alike] + chance.sample(alike, SAMPLE)
    faults = [*ERRORS[1:], "signal=SIGTERM", "signal=SIGINT"]
    return (
        [(*item, "error=EIO") for item in (*changes, *reads)]
        + [(*item, "signal=SIGKILL") for item in others]
        + [(*item, faults[place % len(faults)]) for place, item in enumerate(others)]
    )


def is_page(call):
    return pathlib.Path(call.path).suffix in (".html", ".xlsx") or "(deleted)" in call.path


def is_one_of_many(call):
    """One of the same steps for each table: written, synced, or removed with the oldest run."""
    return "/.draft-" in call.path and (call.path.endswith(".parquet") or call.name == "unlinkat")


def sweep(binary, folder, seed, workers, documents, limit=None):
    """The number of cases by fault, and the promises that broke."""
    places, counts, broken = queue.Queue(), {}, []
    first = Place(binary, folder / "0", documents)
    cases = chosen(*first.clean_calls(), seed, documents)
    random.Random(seed).shuffle(cases)
    places.put(first)
    for number in range(1, workers):
        places.put(Place(binary, folder / str(number), documents))

    def one(numbered):
        number, (call, options, fault) = numbered
        place = places.get()
        try:
            came_up = place.case(call, relocated(options, first, place), fault, publishes=number % 8 == 0)
            ending = fault if came_up else "did not come up"
            counts[ending] = counts.get(ending, 0) + 1
        except Exception as error:
            broken.append(f"{fault} at {call}: {error}")
        finally:
            places.put(place)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(one, enumerate(cases[:limit])))
    return counts, broken


def relocated(options, first, place):
    return [option.replace(str(first.night.folder), str(place.night.folder)) for option in options]
