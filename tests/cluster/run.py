"""The same night on this machine alone and on a Ballista cluster: the tables have to be equal.

usage: python run.py BINARY TOOLS [S3_SERVER]

BINARY is dealerlens with the feature cluster, TOOLS the folder with the stock ballista-scheduler and ballista-executor, S3_SERVER
a server program such as moto's. One scheduler and two executors run on loopback, on free ports, and end with this program. Also
tried: a night in which an executor is killed while it works, a night between buckets, a night that goes on from the one before, and
a night without a scheduler.
"""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import boto3
import duckdb

SAMPLE = pathlib.Path(__file__).parents[2] / "sample-data/beverages"
PATIENCE = 60  # seconds for a server to answer
NIGHT = 1800  # seconds for a night
KEYS = {"AWS_ACCESS_KEY_ID": "somebody", "AWS_SECRET_ACCESS_KEY": "nobody-may-see-it", "AWS_REGION": "us-east-1"}


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def wait_for(what, is_there):
    begun = time.monotonic()
    while not is_there():
        if time.monotonic() - begun > PATIENCE:
            raise SystemExit(f"{what} did not come within {PATIENCE} s")
        time.sleep(0.1)


def answers(port):
    with contextlib.closing(socket.socket()) as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


class Cluster:
    """A scheduler and two executors, each with a log in `folder`."""

    def __init__(self, tools, folder, environment):
        self.tools, self.folder, self.environment = tools, folder, environment
        self.processes = {}
        self.port, = free_ports(1)
        self.address = f"df://127.0.0.1:{self.port}"

    def start(self, name, program, arguments):
        log = open(self.folder / f"{name}.log", "ab")
        command = [self.tools / program, *map(str, arguments)]
        self.processes[name] = subprocess.Popen(command, stdout=log, stderr=log, env=self.environment, cwd=self.folder)

    def start_scheduler(self):
        # A dead executor is noticed after 10 seconds instead of 180.
        self.start("scheduler", "ballista-scheduler", [
            "--bind-host", "127.0.0.1", "--external-host", "127.0.0.1", "--bind-port", self.port,
            "--executor-timeout-seconds", 10, "--expire-dead-executor-interval-seconds", 2])
        wait_for("the scheduler", lambda: answers(self.port))

    def start_executor(self, name):
        ports = free_ports(3)
        work = self.work_folder(name)
        work.mkdir(exist_ok=True)
        self.start(name, "ballista-executor", [
            "--scheduler-host", "127.0.0.1", "--scheduler-port", self.port, "--scheduler-connect-timeout-seconds", 30,
            "--bind-host", "127.0.0.1", "--external-host", "127.0.0.1", "--vcores", 2, "--work-dir", work,
            "--bind-port", ports[0], "--bind-grpc-port", ports[1], "--bind-health-port", ports[2],
            "--memory-pool-size", "1GB", "--executor-heartbeat-interval-seconds", 2])
        wait_for(name, lambda: answers(ports[0]))

    def work_folder(self, name):
        return self.folder / f"{name}-work"

    def jobs_of(self, name):
        return {path.name for path in self.work_folder(name).iterdir()}

    def kill(self, name):
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self):
        for name in list(self.processes):
            self.kill(name)


def make_job(folder, name, engine, out):
    """The sample's job with another output, and with an engine if an address is given."""
    text = (folder / "dealerlens.toml").read_text().replace('out = "out"', f'out = "{out}"')
    if engine:
        text += f'\n[engine]\nscheduler = "{engine}"\npartitions = 4\n'
    path = folder / f"{name}.toml"
    path.write_text(text)
    return path


def command_of(binary, job):
    return [binary, "run", "--job", str(job)]


def run(binary, job, environment=None, code=0):
    begun = time.monotonic()
    ended = subprocess.run(command_of(binary, job), capture_output=True, text=True, timeout=NIGHT, env=environment)
    if ended.returncode != code:
        raise SystemExit(f"{job.name}: exit {ended.returncode}, not {code}\n{ended.stdout}\n{ended.stderr}")
    print(f"{job.stem}: exit {code} after {time.monotonic() - begun:.1f} s", flush=True)
    return ended.stderr


def require(text, part):
    if part not in text:
        raise SystemExit(f"nothing says \"{part}\":\n{text}")


def tables(run_folder):
    manifest = json.loads((run_folder / "manifest.json").read_text())
    return {table["name"]: table["sha256"] for table in manifest["tables"]}


def require_equal(name, expected, found):
    """Byte for byte; where bytes differ, the rows are compared and the first different ones shown."""
    left, right = tables(expected), tables(found)
    if left.keys() != right.keys():
        raise SystemExit(f"{name}: other tables: {left.keys() ^ right.keys()}")
    differing = sorted(table for table in left if left[table] != right[table])
    for table in differing:
        paths = [f"select * from read_parquet('{folder / table}.parquet')" for folder in (expected, found)]
        for one, other in (paths, paths[::-1]):
            rows = duckdb.sql(f"({one}) except all ({other}) limit 3").fetchall()
            if rows:
                raise SystemExit(f"{name}: {table} differs, such as {rows}")
    print(f"{name}: {len(left) - len(differing)} tables equal byte for byte, {len(differing)} row for row {differing}", flush=True)


def another_night(binary, folder, cluster):
    """One export is gone and its lines come in two new ones: the cluster computes those and keeps the rest of the night before."""
    export = folder / "exports/sales/sales-2025-12.csv"
    header, *lines = export.read_text().splitlines(keepends=True)
    for part in (0, 1):
        (export.parent / f"sales-2025-12-{part}.csv").write_text(header + "".join(lines[part::2]))
    export.unlink()
    for name, engine in (("alone", None), ("cluster", cluster.address)):
        run(binary, make_job(folder, name, engine, f"out-{name}"))
    require_equal("another night", folder / "out-alone/latest", folder / "out-cluster/latest")


def with_an_executor_killed(binary, job, cluster):
    """Kills the first executor as soon as it has begun to work for the night."""
    before = cluster.jobs_of("executor-1")
    night = subprocess.Popen(command_of(binary, job), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while cluster.jobs_of("executor-1") <= before and night.poll() is None:
        time.sleep(0.01)
    if night.poll() is not None:
        raise SystemExit(f"the night ended before an executor worked for it:\n{night.communicate()[1]}")
    cluster.kill("executor-1")
    output, notes = night.communicate(timeout=NIGHT)
    if night.returncode != 0:
        raise SystemExit(f"{job.name}: exit {night.returncode} after an executor was killed\n{output}\n{notes}")
    again = [line for line in notes.splitlines() if " attempt " in line]
    print(f"{job.stem}: published although an executor was killed; {len(again)} attempts of dealerlens failed", flush=True)
    cluster.start_executor("executor-1")


def start_bucket(server, folder):
    """An S3 server with the bucket `company`, and a client for it."""
    port, = free_ports(1)
    log = open(folder / "s3.log", "wb")
    process = subprocess.Popen([server, "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log)
    wait_for("the S3 server", lambda: answers(port))
    endpoint = f"http://127.0.0.1:{port}"
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1",
                          aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"], aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"])
    client.create_bucket(Bucket="company")
    return process, client, {**KEYS, "AWS_ENDPOINT_URL": endpoint, "AWS_ALLOW_HTTP": "true"}


def download(client, prefix, folder):
    folder.mkdir()
    for page in client.get_paginator("list_objects_v2").paginate(Bucket="company", Prefix=prefix):
        for item in page.get("Contents", []):
            name = item["Key"].removeprefix(prefix)
            if "/" not in name:
                client.download_file("company", item["Key"], str(folder / name))
    return folder


def between_buckets(binary, folder, cluster, client, expected, environment):
    job = make_job(folder, "bucket", cluster.address, "s3://company/out")
    require(run(binary, job, environment), f"relations on {cluster.address}")
    require_equal("bucket", expected, download(client, "out/latest/", folder / "downloaded"))
    left = client.list_objects_v2(Bucket="company", Prefix="out/work/").get("KeyCount", 0)
    if left:
        raise SystemExit(f"{left} objects were left below work/")


def main(binary, tools, server=None):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="dealerlens-cluster-"))
    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("out", "out-*", ".dealerlens"))
    environment, s3 = dict(os.environ), None
    if server:
        s3, client, access = start_bucket(server, folder)
        environment |= access
    cluster = Cluster(pathlib.Path(tools), folder, environment)
    try:
        cluster.start_scheduler()
        for name in ("executor-1", "executor-2"):
            cluster.start_executor(name)
        run(binary, make_job(folder, "alone", None, "out-alone"))
        alone = folder / "out-alone/latest"
        together = run(binary, make_job(folder, "cluster", cluster.address, "out-cluster"))
        require(together, f"relations on {cluster.address}")
        require_equal("cluster", alone, folder / "out-cluster/latest")
        with_an_executor_killed(binary, make_job(folder, "killed", cluster.address, "out-killed"), cluster)
        require_equal("killed", alone, folder / "out-killed/latest")
        if server:
            between_buckets(binary, folder, cluster, client, alone, environment)
        another_night(binary, folder, cluster)
        cluster.kill("scheduler")
        silent = run(binary, make_job(folder, "silent", cluster.address, "out-silent"), code=75)
        require(silent, f"the scheduler {cluster.address} does not answer")
    except BaseException:
        for log in sorted(folder.glob("*.log")):
            print(f"== the end of {log.name}\n{log.read_text(errors='replace')[-4000:]}", file=sys.stderr)
        raise
    finally:
        cluster.stop()
        if s3:
            s3.kill()
            s3.wait()
    shutil.rmtree(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
