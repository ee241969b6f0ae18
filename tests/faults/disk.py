"""A disk that fills while the night writes to it: a small tmpfs at many sizes, and a limit to the size of files."""

import os
import random
import resource
import shutil
import subprocess

import nights
import verify

POINTS = 30
# Sizes go up to these shares of what a run leaves and of its largest file, so that the last ones are enough: temporary files
# and the run that is about to be pruned need room too.
ROOM, LARGER = 3, 1.25
BLOCK = 4096


def mount(folder, size):
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "dealerlens-faults", str(folder)], capture_output=True)
    return made.returncode == 0


def resize(folder, size):
    subprocess.run(["mount", "-o", f"remount,size={size}", str(folder)], check=True)


def used(folder):
    about = os.statvfs(folder)
    return (about.f_blocks - about.f_bfree) * about.f_frsize


def blocks(folder):
    return sum(-(-path.stat().st_size // BLOCK) * BLOCK for path in folder.rglob("*"))


def case(night, before, shown, free, limits):
    """One run with little room, and the next start with room again; true when the room was too little."""
    night.sell(3)
    ended = limits(free)
    new = verify.ended_well(ended, night.out, before, {0, 74})
    limits(None)
    verify.next_start_tidies(night, night.out, shown | ({new} if new else set()), publishes=not new)
    return ended.code == 74


def full(binary, folder, seed):
    """Runs on a disk with room for less than they write; (cases, of them too full), or None without the right to mount."""
    night = nights.two_published(binary, folder, documents=True)
    before, shown = verify.latest(night.out), {run.name for run in (night.out / "runs").iterdir()}
    shutil.rmtree(night.out)
    if not mount(night.out, 1 << 30):
        return None
    try:
        def refill():
            for entry in night.out.iterdir():
                shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
            shutil.copytree(night.folder / "copy", night.out, symlinks=True, dirs_exist_ok=True)

        refill()
        night.run()
        need = ROOM * blocks((night.out / "latest").resolve())

        def limits(free):
            resize(night.out, 1 << 30 if free is None else used(night.out) + free)
            return None if free is None else night.run()

        chance, filled = random.Random(seed), 0
        for point in range(POINTS):
            refill()
            free = int(need * (point + chance.random()) / POINTS) // BLOCK * BLOCK
            filled += case(night, before, shown, free, limits)
        return POINTS, filled
    finally:
        subprocess.run(["umount", str(night.out)], check=True)


def short(binary, folder, seed):
    """Runs whose files may not grow beyond a size: a short write, then an error. (cases, of them too small)"""
    night = nights.two_published(binary, folder, documents=True)
    before, shown = verify.latest(night.out), {run.name for run in (night.out / "runs").iterdir()}
    largest = max(path.stat().st_size for path in (night.out / "runs").rglob("*") if path.is_file())

    def limits(size):
        # Python ignores SIGXFSZ; kept so, a write beyond the limit is cut short and the next one fails.
        if size is not None:
            limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            return night.run(preexec_fn=limit, restore_signals=False)

    chance, cut = random.Random(seed), 0
    for point in range(POINTS // 2):
        night.go_back()
        cut += case(night, before, shown, int(largest ** (LARGER * (point + chance.random()) / (POINTS // 2))), limits)
    return POINTS // 2, cut
