"""Reads the metrics and lineage files of a run as their readers do and fails unless they hold what the manifest says.

The metrics go through the parser of the Prometheus client. Every line of the lineage file is checked against what version
2-0-2 of the OpenLineage specification requires of events, datasets and facets.

usage: python operations.py METRICS LINEAGE RUN_FOLDER
"""

import collections
import datetime
import json
import math
import pathlib
import re
import sys
import uuid

from prometheus_client.parser import text_string_to_metric_families

STATUSES = {"published", "unchanged", "refused", "stopped", "failed"}
STAGES = {"ingest", "gate", "analyse", "check", "publish"}
FACET = re.compile(r"https://openlineage\.io/spec/facets/\d+-\d+-\d+/(\w+)\.json#/\$defs/\1")
# What each facet must have beside _producer and _schemaURL.
REQUIRED = {
    "jobType": {"processingType", "integration"},
    "processing_engine": {"version"},
    "errorMessage": {"message", "programmingLanguage"},
    "schema": {"fields"},
    "version": {"datasetVersion"},
    "inputStatistics": {"rowCount"},
    "outputStatistics": {"rowCount"},
}


def read_samples(text):
    """Values by name and labels; every family has a type and a help, every sample comes once."""
    samples = {}
    for family in text_string_to_metric_families(text):
        assert family.type == "gauge" and family.documentation, f"{family.name} has no type or help"
        assert family.samples, f"{family.name} has no sample"
        for sample in family.samples:
            labels = dict(sample.labels)
            assert labels.pop("job_name", None), f"{sample.name} has no job"
            key = (sample.name, tuple(sorted(labels.items())))
            assert key not in samples and math.isfinite(sample.value), key
            samples[key] = sample.value
    return samples


def expected_samples(manifest):
    """What follows from the manifest of a published run."""
    expected = {("dealerlens_exit_code", ()): 0}
    for status in STATUSES:
        expected["dealerlens_run_status", (("status", status),)] = float(status == "published")
    for table in manifest["tables"]:
        expected["dealerlens_published_rows", (("table", table["name"]),)] = table["rows"]
    rows = collections.Counter()
    for given in manifest["inputs"]:
        for outcome in ("read", "accepted", "rejected", "superseded"):
            rows[given["source"], outcome] += given[f"rows_{outcome}"]
    for (source, outcome), count in rows.items():
        expected["dealerlens_rows", (("outcome", outcome), ("source", source))] = count
    for source in {source for source, _ in rows}:
        share = rows[source, "rejected"] / (rows[source, "read"] or 1)
        expected["dealerlens_rejected_share", (("source", source),)] = share
    newest, day = (datetime.date.fromisoformat(manifest[key]) for key in ("newest_sale", "run_date"))
    expected["dealerlens_freshness_days", ()] = (day - newest).days
    return expected


def check_metrics(text, manifest):
    assert text.endswith("\n"), "the last line has no end"
    samples = read_samples(text)
    expected = expected_samples(manifest)
    for key, value in expected.items():
        assert key in samples and math.isclose(samples.pop(key), value), f"{key} is not {value}"
    stages = {labels[0][1] for name, labels in samples if name == "dealerlens_stage_duration_seconds"}
    assert stages == STAGES, stages
    spans = [samples.pop(("dealerlens_stage_duration_seconds", (("stage", stage),))) for stage in STAGES]
    whole = samples.pop(("dealerlens_run_duration_seconds", ()))
    assert 0 < sum(spans) <= whole, (spans, whole)
    finished = datetime.datetime.fromisoformat(manifest["finished_at"]).timestamp()
    for name in ("dealerlens_last_success_timestamp_seconds", "dealerlens_last_run_timestamp_seconds"):
        assert finished - 1 <= samples.pop((name, ())) <= finished + 60, name
    assert not samples, f"not expected: {sorted(samples)}"
    return len(expected) + len(stages) + 3


def check_facets(facets):
    for name, facet in facets.items():
        missing = REQUIRED[name] - facet.keys()
        assert not missing, f"{name} lacks {missing}"
        assert facet["_producer"].startswith("urn:dealerlens:"), name
        assert FACET.fullmatch(facet["_schemaURL"]), facet["_schemaURL"]


def check_dataset(dataset, extra):
    assert dataset["namespace"] and dataset["name"], dataset
    check_facets(dataset["facets"])
    check_facets(dataset[extra])
    for field in dataset["facets"].get("schema", {"fields": []})["fields"]:
        assert field["name"], dataset["name"]


def check_event(event):
    moment = datetime.datetime.fromisoformat(event["eventTime"])
    assert moment.tzinfo is not None, event["eventTime"]
    assert event["producer"].startswith("urn:dealerlens:")
    assert event["schemaURL"] == "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
    assert event["eventType"] in {"START", "COMPLETE", "ABORT", "FAIL"}
    assert uuid.UUID(event["run"]["runId"]).variant == uuid.RFC_4122
    assert event["job"]["namespace"] and event["job"]["name"]
    check_facets(event["run"]["facets"])
    check_facets(event["job"]["facets"])
    for dataset in event["inputs"]:
        check_dataset(dataset, "inputFacets")
    for dataset in event["outputs"]:
        check_dataset(dataset, "outputFacets")
    return event


def check_lineage(text, manifest):
    events = [check_event(json.loads(line)) for line in text.splitlines()]
    ends = collections.Counter()
    for event in events:
        ends[event["run"]["runId"], event["eventType"] == "START"] += 1
    assert set(ends.values()) == {1} and len(ends) == len(events), "a run has no start, no end, or two of them"
    last = events[-1]
    assert last["eventType"] == "COMPLETE", last["eventType"]
    inputs = {one["facets"]["version"]["datasetVersion"]: one for one in last["inputs"]}
    for given in manifest["inputs"]:
        rows = inputs[given["sha256"]]["inputFacets"]["inputStatistics"]["rowCount"]
        assert rows == given["rows_read"], given["export"]
    outputs = {pathlib.PurePath(one["name"]).stem: one for one in last["outputs"]}
    assert outputs.keys() == {table["name"] for table in manifest["tables"]}
    for table in manifest["tables"]:
        output = outputs[table["name"]]
        assert output["outputFacets"]["outputStatistics"]["rowCount"] == table["rows"], table["name"]
        assert len(output["facets"]["schema"]["fields"]) > 1, table["name"]
        assert output["facets"]["version"]["datasetVersion"] == manifest["run_id"]
    return len(events)


def main(metrics, lineage, folder):
    manifest = json.loads((pathlib.Path(folder) / "manifest.json").read_text(encoding="utf-8"))
    samples = check_metrics(pathlib.Path(metrics).read_text(encoding="utf-8"), manifest)
    events = check_lineage(pathlib.Path(lineage).read_text(encoding="utf-8"), manifest)
    print(f"{samples} samples and {events} events agree with {manifest['run_id']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
