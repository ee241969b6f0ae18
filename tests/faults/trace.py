"""System calls that open, write, sync, move or remove, as strace shows them, and faults put into them."""

import os
import pathlib
import re

CALLS = ("openat,creat,mkdir,mkdirat,write,pwrite64,writev,pwritev,pwritev2,copy_file_range,sendfile,fsync,fdatasync,"
         "sync_file_range,rename,renameat,renameat2,symlink,symlinkat,link,linkat,unlink,unlinkat,rmdir,chmod,fchmod,"
         "fchmodat,ftruncate,truncate,fallocate,utimensat,flock")
LINE = re.compile(r"(?:(\d+) +)?(\w+)\((.*)")
RESUMED = re.compile(r"(?:(\d+) +)?<\.\.\. (\w+) resumed>(.*)")
READS = re.compile(r"O_RDONLY")


class Call:
    """One call: its name, which one of that name it is in its thread, which of those within the folder that was asked for,
    the path it is about, and when it began and ended."""

    def __init__(self, name, number, path, text, began):
        self.name, self.number, self.path, self.text = name, number, path, text
        self.began = self.ended = began
        self.place = None

    def opens_to_read(self):
        return self.name == "openat" and READS.search(self.text) is not None

    def __str__(self):
        return f"{self.name} {self.number}, {self.path}"


def calls(log, folder, within):
    """The calls of a log about paths below `within`, in order; relative paths start at `folder`."""
    found, counts, places, open_calls = [], {}, {}, {}
    for place, line in enumerate(pathlib.Path(log).read_text(errors="replace").splitlines()):
        if resumed := RESUMED.match(line):
            if (call := open_calls.pop(resumed[1], None)) is not None:
                call.ended, call.text = place, call.text + resumed[3]
            continue
        if not (match := LINE.match(line)):
            continue
        thread, name, rest = match[1], match[2], match[3]
        counts[thread, name] = counts.get((thread, name), 0) + 1
        call = Call(name, counts[thread, name], path_of(rest, folder), rest, place)
        if rest.endswith("<unfinished ...>"):
            open_calls[thread] = call
        if call.path.startswith(f"{within}/") or call.path == str(within):
            call.place = places.get((thread, name), 0)
            places[thread, name] = call.place + 1
            found.append(call)
    return found


def path_of(rest, folder):
    """The path that a call is about: that of its open file, else the last name among its arguments."""
    if opened := re.match(r"\d+<([^>]*)>", rest):
        return opened[1]
    names = re.findall(r'"((?:[^"\\]|\\.)*)"', rest.split(" = ")[0])
    return os.path.normpath(os.path.join(folder, names[-1])) if names else ""


def tracing(log, *options):
    return ["strace", "-y", "-o", str(log), "-e", f"trace={CALLS}", *options]


def injecting(log, name, fault, number, *options):
    """Only calls of this name are traced, so that strace costs little."""
    return ["strace", "-y", "-o", str(log), "-e", f"trace={name}", "-e", f"inject={name}:{fault}:when={number}", *options]


def was_hit(log, folder, within):
    """Whether the fault came to a call about a path below `within`. The same number may be another call in another run:
    one that wakes a thread, say, of which strace cannot know."""
    lines = pathlib.Path(log).read_text(errors="replace").splitlines()
    hits = [line for line, then in zip(lines, [*lines[1:], ""]) if "INJECTED" in line or "--- SIG" in then or "+++ killed" in then]
    paths = [path_of(match[3], folder) for line in hits if (match := LINE.match(line))]
    return bool(paths) and all(path.startswith(f"{within}/") or path == str(within) for path in paths)
