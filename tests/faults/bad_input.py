"""Gives dealerlens exports that were made to exhaust a machine, and watches what it takes.

usage: python bad_input.py BINARY [CASE ...]

Every case is a job of its own in a temporary folder, with a memory limit of 512 MiB. What counts: the exit code, what
was said, the seconds, and the peak of resident memory as the kernel counted it. The address space is bounded as well, so
that a case which fails does not take the machine with it. A broken promise makes the exit code 1.
"""

import gzip
import io
import os
import pathlib
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zipfile

import duckdb
import pyarrow

LIMIT_MIB = 512
ADDRESS_SPACE = 6 << 30
HEADER = b"sold_on,dealer_id,amount\n"
ROW = b"2024-05-01,D1,1\n"
JOB = f"""[job]
name = "hostile"
[quality]
max_rejected_share = 1.0
[publish]
report = false
workbook = false
[resources]
memory_limit = "{LIMIT_MIB}MiB"
threads = 2
[sources.dealers]
files = ["dealers.csv"]
[sources.sales]
files = ["sales.*"]
"""
OLD_WORKBOOK = pathlib.Path(__file__).parent.parent / "corpus" / "xls_plain" / "Auszug.xls"
TEN_GB = 10 << 30

broken = 0


def judge(case, promises):
    """Prints the promises of a case with what was seen, and counts those that were broken."""
    global broken
    for name, seen, is_kept in promises:
        broken += not is_kept
        print(f"{'kept  ' if is_kept else 'BROKEN'}  {case:32} {name}: {seen}", flush=True)


def job_in(folder):
    (folder / "dealerlens.toml").write_text(JOB)
    (folder / "dealers.csv").write_text("dealer_id,region\nD1,North\nD2,South\n")


def watched(binary, folder, *arguments):
    """Exit code, stderr, seconds and peak MiB of a run."""
    bound = lambda: resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    begin = time.monotonic()
    with open(folder / "said", "wb") as said:
        process = subprocess.Popen(
            [binary, "run", *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=said, preexec_fn=bound
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    text = (folder / "said").read_text(errors="replace")
    return process.returncode, text, time.monotonic() - begin, usage.ru_maxrss / 1024


def refused(binary, case, write, says, seconds=30, code=65):
    """A case that must be refused for a stated reason, soon, and within the memory limit."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        job_in(folder)
        write(folder)
        exit_code, text, took, peak = watched(binary, folder)
        error = next((line for line in text.splitlines() if line.startswith("error:")), text[-300:])
        judge(case, [
            ("exit code", exit_code, exit_code == code),
            ("says", error, says in text),
            ("seconds", f"{took:.1f}, allowed {seconds}", took <= seconds),
            ("peak MiB", f"{peak:.0f}, allowed {LIMIT_MIB}", peak <= LIMIT_MIB),
            ("nothing published", not (folder / "out/latest").exists(), not (folder / "out/latest").exists()),
            ("nothing left behind", *nothing_left(folder)),
        ])


def nothing_left(folder):
    left = [str(path) for path in (folder / "out/staging").rglob("*") if path.is_file() and path.suffix == ".json"]
    left += [str(path) for path in (folder / "out/staging/.decoding").rglob("*")]
    left = [path for path in left if "dealers" not in path]
    return left or "yes", not left


# --- text

def sparse(folder):
    with open(folder / "sales.csv", "wb") as file:
        file.write(HEADER + ROW)
        file.truncate(TEN_GB)


def letters(folder):
    """Sparse again, but not of NULs: a line of letters goes on for 1 GiB."""
    with open(folder / "sales.csv", "wb") as file:
        file.write(HEADER + ROW)
        for _ in range(16):
            file.write(b"x" * (64 << 20))


def gzip_members(folder, block):
    """10 GB as many times the same member, which is how a bomb of this size is made in no time."""
    member = gzip.compress(block)
    with open(folder / "sales.csv.gz", "wb") as file:
        file.write(gzip.compress(HEADER + ROW))
        for _ in range(TEN_GB // len(block)):
            file.write(member)


def zstandard_frames(folder, block):
    pack = lambda content: pyarrow.compress(content, codec="zstd", asbytes=True)
    frame = pack(block)
    with open(folder / "sales.csv.zst", "wb") as file:
        file.write(pack(HEADER + ROW))
        for _ in range(TEN_GB // len(block)):
            file.write(frame)


def one_line_gz(folder):
    gzip_members(folder, b"x" * (64 << 20))


def one_line_zst(folder):
    zstandard_frames(folder, b"x" * (64 << 20))


def rows_gz(folder):
    gzip_members(folder, ROW * (4 << 20))


def rows_zst(folder):
    zstandard_frames(folder, ROW * (4 << 20))


def columns(folder):
    names = ",".join(f"column {place}" for place in range(100_000))
    row = ROW.decode().strip() + ",x" * 100_000 + "\n"
    (folder / "sales.csv").write_text(HEADER.decode().strip() + "," + names + "\n" + row * 100)


def delimiters(folder):
    (folder / "sales.csv").write_bytes(b"," * (3 << 20) + b"\n" + ROW)


# --- spreadsheets

SHEET = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELATION = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
BOOK = (
    b'<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="'
    + RELATION + b'"><sheets><sheet name="Sales" sheetId="1" r:id="rId1"/></sheets></workbook>'
)


def workbook(path, sheet, texts=()):
    """A workbook whose sheet comes in pieces."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        office = b'<Relationship Id="rId1" Type="' + RELATION + b'/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        archive.writestr("_rels/.rels", RELATIONS + office)
        archive.writestr("xl/workbook.xml", BOOK)
        parts = (
            b'<Relationship Id="rId1" Type="' + RELATION + b'/worksheet" Target="worksheets/sheet1.xml"/>'
            b'<Relationship Id="rId2" Type="' + RELATION + b'/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
        )
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS + parts)
        with archive.open("xl/sharedStrings.xml", "w") as file:
            file.write(b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">')
            for text in texts:
                file.write(b"<si><t>" + text + b"</t></si>")
            file.write(b"</sst>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as file:
            file.write(SHEET)
            for piece in sheet:
                file.write(piece)
            file.write(b"</sheetData></worksheet>")


def blanks_in_sheet(folder):
    workbook(folder / "sales.xlsx", (b" " * (1 << 20) for _ in range(1_000)))


def lying_sheet(folder):
    """The same, and both directories of the archive declare a few bytes."""
    blanks_in_sheet(folder)
    path = folder / "sales.xlsx"
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    content = path.read_bytes()
    assert content.count(struct.pack("<I", size)) >= 1
    path.write_bytes(content.replace(struct.pack("<I", size), struct.pack("<I", 1_000)))


def sheet_in_gz(folder):
    blanks_in_sheet(folder)
    content = (folder / "sales.xlsx").read_bytes()
    (folder / "sales.xlsx").unlink()
    (folder / "sales.gz").write_bytes(gzip.compress(content))


def far_cell(folder):
    workbook(folder / "sales.xlsx", [
        b'<row r="1"><c r="A1"><v>1</v></c></row>', b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ])


def one_text_in_every_cell(folder):
    rows = (f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>'.encode() for row in range(1, 300_001))
    workbook(folder / "sales.xlsx", rows, [b"x" * 32_000])


def many_texts(folder):
    workbook(folder / "sales.xlsx", [b'<row r="1"><c r="A1" t="s"><v>0</v></c></row>'], [b""] * 5_000_000)


def many_cells(folder):
    cell = b"<c><v>1</v></c>" * 1_000
    workbook(folder / "sales.xlsx", (b"<row>" + cell + b"</row>" for _ in range(8_000)))


def old_workbook(folder, edits):
    content = bytearray(OLD_WORKBOOK.read_bytes())
    for place, edit in edits(bytes(content)):
        content[place:place + len(edit)] = edit
    (folder / "sales.xls").write_bytes(content)


def old_circle(folder):
    def edits(content):
        first, table = struct.unpack_from("<I", content, 48)[0], struct.unpack_from("<I", content, 76)[0]
        return [(512 * (table + 1) + 4 * first, struct.pack("<I", first))]
    old_workbook(folder, edits)


def old_far_cell(folder):
    """The first number cell moves to the last row and column that its record can say."""
    def edits(content):
        place = 512
        while place < len(content):
            kind, length = struct.unpack_from("<HH", content, place)
            if kind in (0x0203, 0x027E) and length >= 10:
                return [(place + 4, struct.pack("<HH", 65_535, 65_535))]
            place += 4 + length
        raise AssertionError("no number cell in the workbook")
    old_workbook(folder, edits)


def old_extent(folder):
    def edits(content):
        place = content.index(struct.pack("<HH", 0x0200, 14))
        return [(place + 8, struct.pack("<I", 4_000_000_000))]
    old_workbook(folder, edits)


# --- what is read, however bad it is

def rejections(binary, case, row, reason, rows=1_000_000):
    """A million rejections of one kind: all of them in the quarantine, within a memory that does not grow with them."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        job_in(folder)
        with open(folder / "sales.csv", "wb") as file:
            file.write(HEADER + ROW)
            for place in range(rows):
                file.write(row(place))
        exit_code, text, took, peak = watched(binary, folder)
        judge(case, [("exit code", f"{exit_code} {text[-300:] if exit_code else ''}", exit_code == 0)])
        if exit_code:
            return
        latest = folder / "out/latest"
        quarantine = duckdb.sql(
            f"select count(*), count(distinct line) from '{latest}/rejected_rows.parquet' where reason_code = '{reason}'"
        ).fetchall()[0]
        counted = dict(duckdb.sql(
            f"select reason_code, sum(\"rows\")::bigint from '{latest}/data_quality.parquet'"
            " where source = 'sales' and outcome in ('read', 'accepted', 'rejected') group by all"
        ).fetchall())
        judge(case, [
            ("quarantine is complete", quarantine, quarantine == (rows, rows)),
            ("counted", counted, counted == {"read": rows + 1, "accepted": 1, reason: rows}),
            ("seconds", f"{took:.1f}, allowed 120", took <= 120),
            ("peak MiB", f"{peak:.0f}, allowed {2 * LIMIT_MIB}", peak <= 2 * LIMIT_MIB),
        ])


def open_quote(binary):
    """An open quote takes in all that follows, and must not take the memory for it."""
    case = "an open quote before 320 MB"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        job_in(folder)
        with open(folder / "sales.csv", "wb") as file:
            file.write(HEADER + b'2024-05-01,"D1,1\n')
            for _ in range(20):
                file.write(ROW * 1_000_000)
        exit_code, text, took, peak = watched(binary, folder)
        balance = "read 20,000,001 (20,000,000.00) = accepted 20,000,000 (20,000,000.00) + rejected 1 (0.00)"
        judge(case, [
            ("exit code", f"{exit_code} {text[-300:] if exit_code else ''}", exit_code == 0),
            ("counted", balance, balance in text),
            ("peak MiB", f"{peak:.0f}, allowed {2 * LIMIT_MIB}", peak <= 2 * LIMIT_MIB),
            ("seconds", f"{took:.1f}", True),
        ])


def full_disk(binary):
    """A disk of 4 MiB, and an export that takes more: refused before anything is written to it."""
    case = "a full disk"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        job_in(folder)
        (folder / "sales.csv").write_bytes(HEADER + ROW * 1_000_000)
        (folder / "out").mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder / "out")]
        if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
            print(f"skipped {case}: no file system of its own can be mounted here", flush=True)
            return
        try:
            exit_code, text, took, _ = watched(binary, folder)
            written = sum(path.stat().st_size for path in (folder / "out").rglob("*") if path.is_file())
        finally:
            subprocess.run(["umount", str(folder / "out")], check=True)
        judge(case, [
            ("exit code", exit_code, exit_code == 74),
            ("says", text.strip().splitlines()[:1], "MiB free, and the run needs at least" in text),
            ("bytes written", written, written < 1_000),
            ("seconds", f"{took:.1f}", took <= 30),
        ])


LONG_LINE = "is longer than 4 MiB"
TOO_LARGE = f"the spreadsheet is too large for a memory limit of {LIMIT_MIB} MiB"
REFUSED = {
    "a sparse line of 10 GB": (sparse, LONG_LINE),
    "a line of 1 GB": (letters, LONG_LINE),
    "a line of 10 GB in gzip": (one_line_gz, LONG_LINE),
    "a line of 10 GB in Zstandard": (one_line_zst, LONG_LINE),
    "rows of 10 GB in gzip": (rows_gz, "unpack to more than 250 times as many"),
    "rows of 10 GB in Zstandard": (rows_zst, "unpack to more than 250 times as many"),
    "100,000 columns": (columns, "the header has 100003 columns"),
    "3,000,000 delimiters": (delimiters, "columns, and at most 16384 are read"),
    "1 GB of blanks in a sheet": (blanks_in_sheet, TOO_LARGE),
    "the same, declared as 1 kB": (lying_sheet, "File is larger than its declared uncompressed size"),
    "the same in gzip": (sheet_in_gz, TOO_LARGE),
    "a cell in the last place": (far_cell, "lies too far from the table"),
    "one long text in 300,000 cells": (one_text_in_every_cell, TOO_LARGE),
    "5,000,000 shared texts": (many_texts, TOO_LARGE),
    "8,000,000 cells": (many_cells, TOO_LARGE),
    "an old workbook in a circle": (old_circle, "is damaged"),
    "an old workbook's far cell": (old_far_cell, TOO_LARGE),
    "an old workbook's extent": (old_extent, TOO_LARGE),
}
READ = {
    "1,000,000 ragged rows": lambda binary, case: rejections(
        binary, case, lambda place: b"2024-05-01,D1,1,too many %d\n" % place, "ragged_row"),
    "1,000,000 bad dates": lambda binary, case: rejections(
        binary, case, lambda place: b"day %d,D1,1\n" % place, "bad_date"),
    "an open quote before 320 MB": lambda binary, case: open_quote(binary),
    "a full disk": lambda binary, case: full_disk(binary),
}


def main():
    binary, *wanted = sys.argv[1:]
    binary = str(pathlib.Path(binary).resolve())
    for case, (write, says) in REFUSED.items():
        if not wanted or case in wanted:
            refused(binary, case, write, says)
    for case, run in READ.items():
        if not wanted or case in wanted:
            run(binary, case)
    print(f"{broken} broken promises")
    sys.exit(broken > 0)


main()
