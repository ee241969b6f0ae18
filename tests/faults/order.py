"""The order of a run's writes and syncs: what becomes visible was safe from a power cut before."""

import pathlib

import nights
import trace
from verify import require

WRITES = {"write", "pwrite64", "writev", "pwritev", "pwritev2", "copy_file_range", "sendfile", "ftruncate", "truncate",
          "fallocate"}
PERMISSIONS = {"fchmod", "chmod", "fchmodat"}
SYNCS = {"fsync", "fdatasync"}
NAMES = {"openat", "creat", "mkdir", "mkdirat", "rename", "renameat", "renameat2", "symlink", "symlinkat"}


class Log:
    """The calls of all threads of a run, in order."""

    def __init__(self, found, out):
        self.found, self.out = [call for call in found if " = -1 " not in call.text], out

    def moved(self, target):
        """The rename to this path."""
        moves = [call for call in self.found if call.name.startswith("rename") and call.path == str(target)]
        require(len(moves) == 1, target, "is named", len(moves), "times")
        return moves[0]

    def synced(self, path, after, before, what):
        """The path was synced after everything that changed it, and before the call that depends on it."""
        syncs = [call for call in self.found if call.name in SYNCS and call.path == str(path)]
        require(any(after <= call.began and call.ended < before for call in syncs), what, path, "is not synced in time")
        return 1

    def written(self, path):
        """When a file was last changed."""
        return max(call.ended for call in self.found if call.path == str(path) and (call.name in WRITES or is_creation(call)))

    def allowed(self, path):
        """When the permissions of a file or folder were last set."""
        return max((call.ended for call in self.found if call.path == str(path) and call.name in PERMISSIONS), default=0)

    def named(self, folder):
        """When a folder last got a name."""
        inside = [call for call in self.found if str(pathlib.Path(call.path).parent) == str(folder) and is_creation(call)]
        return max((call.ended for call in inside), default=0)


def is_creation(call):
    return call.name in NAMES and not (call.name == "openat" and "O_CREAT" not in call.text)


def check(binary, folder):
    """The number of files and folders whose order is right."""
    night = nights.two_published(binary, folder, documents=True)
    log_file = folder / "strace.log"
    ended = night.run(under=trace.tracing(log_file, "-f"))
    require(ended.code == 0, ended.err)
    out = night.out
    log = Log(trace.calls(log_file, night.folder, out), out)
    run = (out / "latest").resolve()
    draft = out / "runs" / f".draft-{run.name}"
    placed, shown = log.moved(run), log.moved(out / "latest")
    files = [draft / path.relative_to(run) for path in run.rglob("*")]
    tables = [path for path in files if path.suffix and path.name != "manifest.json"]
    folders = [draft, *(path for path in files if not path.suffix)]
    manifest = next(call for call in log.found if call.path == str(draft / "manifest.json") and is_creation(call))
    count = sum(log.synced(path, log.written(path), manifest.began, "before the manifest is begun:") for path in tables)
    count += log.synced(draft / "manifest.json", log.written(draft / "manifest.json"), placed.began, "before the run is placed:")
    for path in (*tables, *folders):
        log.synced(path, log.allowed(path), placed.began, "with its permissions, before the run is placed:")
    count += sum(log.synced(path, log.named(path), placed.began, "before the run is placed:") for path in folders)
    link = out / f".latest-{run.name}"
    made = next(call for call in log.found if call.name.startswith("symlink") and call.path == str(link))
    count += log.synced(out, made.ended, placed.began, "with the link aside, before the run is placed:")
    count += log.synced(out / "runs", placed.ended, shown.began, "with the new run, before readers are led to it:")
    count += log.synced(out, shown.ended, float("inf"), "with the new latest:")
    require(len(tables) > 20 and len(folders) > 2, "only", len(tables), "files and", len(folders), "folders were looked at")
    return count
