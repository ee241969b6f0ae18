"""What readers see after a fault, and what the next start finds and leaves."""

import hashlib
import json
import os
import re

import xxhash

# What the file system said of exports that were read.
SEEN = ".seen.json"
OUTPUT = {".lock", "latest", "runs", "staging", "refused"}
STAGED = re.compile(r"[0-9a-f]+\.(json|parquet|rejections\.parquet)")
FACT = re.compile(r"[0-9a-f]{32}\.\d+\.(\d+)-([0-9a-f]{16})\.parquet")
VISIBLE = re.compile(r"hint: readers still see run (\S+)")


class Broken(Exception):
    """A promise that does not hold."""


def require(holds, *what):
    if not holds:
        raise Broken(" ".join(str(part) for part in what))


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def whole(folder):
    """The manifest of a run that has every file the manifest lists, byte for byte, and no other."""
    manifest = json.loads((folder / "manifest.json").read_text())
    require(manifest["run_id"] == folder.name, folder, "has the manifest of", manifest["run_id"])
    listed = {entry["file"]: entry for entry in manifest["tables"] + manifest["documents"]}
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()} - {"manifest.json"}
    require(found == set(listed), folder, "has other files than it lists:", sorted(found ^ set(listed)))
    require(len(manifest["tables"]) > 20, folder, "has only", len(manifest["tables"]), "tables")
    for name, entry in listed.items():
        require(sha256(folder / name) == entry["sha256"], folder / name, "is not what the manifest says")
    return manifest


def latest(out):
    """The id of the run that readers see, which is whole; None when nothing was ever published."""
    link = out / "latest"
    if not os.path.lexists(link):
        return None
    require(link.is_symlink(), link, "is no link")
    target = os.readlink(link)
    require(re.fullmatch(r"runs/[\w-]+", target), "latest leads to", target)
    manifest = whole(out / target)
    require(manifest["status"] == "published", target, "is", manifest["status"])
    return manifest["run_id"]


def left_behind(out, shown):
    """What a killed run left; `shown` are the ids of runs that readers have ever been led to."""
    names = [name for name in os.listdir(out) if name.startswith(".latest-") or name == ".work"]
    runs = os.listdir(out / "runs") if (out / "runs").is_dir() else []
    names += [name for name in runs if name not in shown]
    staging = os.listdir(out / "staging") if (out / "staging").is_dir() else []
    names += [name for name in staging if name.startswith(".") and name != SEEN]
    return names + [path.name for path in (out / "staging").glob("*/*.new")]


def is_tidy(out, shown):
    """Nothing half is left: whole runs that were shown, sealed staging files, and nothing else."""
    require(not left_behind(out, shown), "left behind:", left_behind(out, shown))
    require(set(os.listdir(out)) <= OUTPUT, out, "has", sorted(os.listdir(out)))
    for run in (out / "runs").iterdir():
        whole(run)
    if (out / "staging" / SEEN).exists():
        json.loads((out / "staging" / SEEN).read_text())
    for file in (path for path in (out / "staging").rglob("*") if not path.is_dir() and path.name != SEEN):
        fact = FACT.fullmatch(file.name) if out / "staging/facts" in file.parents else None
        require(fact or STAGED.fullmatch(file.name), "staging has", file)
        require(not fact or is_as_named(file, *fact.groups()), file, "is not what its name says")


def is_as_named(fact, length, digest):
    content = fact.read_bytes()
    return len(content) == int(length) and xxhash.xxh64_hexdigest(content) == digest


def removal(name):
    """How a start says that it removed something."""
    return f"removed {name}, left behind by an earlier run"


def ended_well(ended, out, before, codes):
    """The run that ended so left readers the run before or a new one, whole, and says which. The id of the new one."""
    now = latest(out)
    is_new = now is not None and now != before
    require(now is not None or before is None, "latest is gone")
    require(ended.code in codes, "exit code", ended.code, "instead of", sorted(codes), "\n" + ended.err[-500:])
    if ended.code == 0:
        require(is_new and f"published: run {now}" in ended.out, "exit code 0, but", now, "is", "new" if is_new else "old")
    elif ended.code > 0:
        said = VISIBLE.fullmatch(ended.last_line())
        require(said and said[1] == now, "readers see", now, "but the last line is", ended.last_line())
    return now if is_new else None


def next_start_tidies(night, out, shown, publishes):
    """The next start, without a fault: it names what it removes, leaves nothing half, and publishes or has published."""
    expected = left_behind(out, shown)
    ended = night.run()
    require(ended.code == 0, "the next start exits with", ended.code, "\n" + ended.err[-500:])
    for name in expected:
        require(removal(name) in ended.err, "the next start does not say that it removed", name)
    now = latest(out)
    said = "published: run" if publishes else "unchanged: run"
    require(f"{said} {now}" in ended.out, "the next start says", ended.out.strip())
    is_tidy(out, shown | {now})
    return len(expected)
