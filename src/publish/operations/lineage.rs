//! A run as OpenLineage events: one when it starts, one when it ends, by version 2-0-2 of the specification.

use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::model::account::{Account, Ending};
use crate::model::checksum;
use crate::model::contract::Contracts;
use crate::model::failure::Result;
use crate::model::timing::stamp;
use crate::publish::disk;
use crate::publish::operations::facets::{self, PRODUCER};

const SCHEMA: &str = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
const NAMESPACE: &str = "dealerlens";

/// Where datasets are, for names that stay the same from run to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The folder of the job file, absolute: exports are named from there.
    pub exports: String,
    /// What readers follow: an absolute path or an `s3://` address.
    pub tables: String,
}

/// Appends an event as one line.
///
/// # Errors
/// An I/O failure when it cannot be written.
pub fn append_event(path: &Path, event: &Value) -> Result<()> {
    disk::append_line(path, &event.to_string())
}

/// The event of a run that begins.
pub fn start_event(job: &str, started_at: DateTime<Utc>) -> Value {
    event("START", started_at, run(job, started_at, json!({})), job)
}

/// The event of a run that has ended. Inputs and outputs are there as far as the run recorded them; a run that
/// publishes nothing has no outputs. The contracts describe the outputs.
pub fn end_event(account: &Account, places: &Places, contracts: &Contracts) -> Value {
    let mut ended = event(kind(account.ending), account.finished_at, run_of(account), &account.job);
    let inputs = account.manifest.iter().flat_map(|manifest| &manifest.inputs);
    let published = account.manifest.iter().filter(|_| account.ending == Ending::Published);
    let outputs = published.flat_map(|manifest| manifest.tables.iter().map(move |table| (table, &manifest.run_id)));
    if let Some(fields) = ended.as_object_mut() {
        let inputs = inputs.map(|input| {
            let (namespace, name) = dataset(&places.exports, &input.export);
            facets::input(namespace, name, input)
        });
        fields.insert("inputs".to_owned(), inputs.collect());
        let outputs = outputs.map(|(table, run_id)| {
            let (namespace, name) = dataset(&places.tables, &table.file);
            facets::output(namespace, name, table, run_id, contracts.get(&table.name))
        });
        fields.insert("outputs".to_owned(), outputs.collect());
    }
    ended
}

const fn kind(ending: Ending) -> &'static str {
    match ending {
        Ending::Published | Ending::Unchanged => "COMPLETE",
        Ending::Stopped => "ABORT",
        Ending::Refused | Ending::Failed => "FAIL",
    }
}

fn event(kind: &str, time: DateTime<Utc>, run: Value, job: &str) -> Value {
    json!({
        "eventType": kind,
        "eventTime": time.to_rfc3339_opts(SecondsFormat::Millis, true),
        "producer": PRODUCER,
        "schemaURL": SCHEMA,
        "run": run,
        "job": {"namespace": NAMESPACE, "name": job, "facets": {"jobType": facets::job_type()}},
        "inputs": [],
        "outputs": [],
    })
}

fn run(job: &str, started_at: DateTime<Utc>, facets: Value) -> Value {
    json!({"runId": run_uuid(job, started_at), "facets": facets})
}

fn run_of(account: &Account) -> Value {
    let mut facets = json!({});
    if let Some(fields) = facets.as_object_mut() {
        let engine = account.manifest.as_ref().map(|manifest| facets::engine(&manifest.engine_version));
        fields.extend(engine.map(|facet| ("processing_engine".to_owned(), facet)));
        let error = account.message.as_deref().map(facets::error);
        fields.extend(error.map(|facet| ("errorMessage".to_owned(), facet)));
    }
    run(&account.job, account.started_at, facets)
}

/// The id of a run for lineage: a UUID of version 8 (RFC 9562), out of the SHA-256 of the job's name and the start of
/// the run as the run's id has it. It is known when the run starts, and can be computed again from the run's id.
fn run_uuid(job: &str, started_at: DateTime<Utc>) -> String {
    let start = stamp(started_at);
    let digest = checksum::of_parts(&["dealerlens run", job, &start]);
    let part = |from: usize, to: usize| digest.get(from..to).unwrap_or_default();
    format!("{}-{}-8{}-8{}-{}", part(0, 8), part(8, 12), part(12, 15), part(15, 18), part(18, 30))
}

/// Namespace and name of a dataset, as OpenLineage names files and objects.
fn dataset(folder: &str, name: &str) -> (String, String) {
    let address = if name.starts_with("s3://") { name.to_owned() } else { format!("{folder}/{name}") };
    let object = address.strip_prefix("s3://").and_then(|rest| rest.split_once('/'));
    match object {
        Some((bucket, key)) => (format!("s3://{bucket}"), key.to_owned()),
        None if name.starts_with('/') => ("file".to_owned(), name.to_owned()),
        None => ("file".to_owned(), address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::samples;

    fn places(tables: &str) -> Places {
        Places { exports: "/srv/jobs".to_owned(), tables: tables.to_owned() }
    }

    fn contracts() -> Contracts {
        [("dealer_scorecard".to_owned(), samples::contract())].into()
    }

    #[test]
    fn a_published_run_starts_and_completes_under_one_id() {
        let account = samples::account();
        let start = start_event(&account.job, account.started_at);
        let end = end_event(&account, &places("/srv/jobs/out/latest"), &contracts());
        assert_eq!((&start["eventType"], &end["eventType"]), (&json!("START"), &json!("COMPLETE")));
        assert_eq!(start["run"]["runId"], end["run"]["runId"]);
        assert_eq!(end["eventTime"], "2026-01-05T02:01:00.000Z");
        let input = &end["inputs"][0];
        assert_eq!((&input["namespace"], &input["name"]), (&json!("file"), &json!("/srv/jobs/exports/sales.csv")));
        assert_eq!(input["inputFacets"]["inputStatistics"]["rowCount"], 10);
        assert_eq!(input["facets"]["schema"]["fields"][1]["name"], "Dealer");
        let output = &end["outputs"][0];
        assert_eq!(output["name"], "/srv/jobs/out/latest/dealer_scorecard.parquet");
        assert_eq!(output["outputFacets"]["outputStatistics"]["rowCount"], 3);
        assert_eq!(output["facets"]["schema"]["fields"][3]["type"], "decimal(18,4)");
        assert_eq!(output["facets"]["version"]["datasetVersion"], "20260105T020000000Z-0a1b2c3d");
    }

    #[test]
    fn a_run_that_publishes_nothing_says_why_and_has_no_outputs() {
        for (ending, kind) in [(Ending::Refused, "FAIL"), (Ending::Failed, "FAIL"), (Ending::Stopped, "ABORT")] {
            let account = Account { ending, message: Some("half an export".to_owned()), ..samples::account() };
            let end = end_event(&account, &places("/out/latest"), &contracts());
            assert_eq!((&end["eventType"], &end["outputs"]), (&json!(kind), &json!([])));
            assert_eq!(end["run"]["facets"]["errorMessage"]["message"], "half an export");
        }
    }

    #[test]
    fn objects_are_named_by_bucket_and_key() {
        let name = |folder, name| dataset(folder, name);
        let pair = |namespace: &str, name: &str| (namespace.to_owned(), name.to_owned());
        assert_eq!(name("s3://b/out/latest", "a.parquet"), pair("s3://b", "out/latest/a.parquet"));
        assert_eq!(name("/srv", "s3://b/in/a.csv"), pair("s3://b", "in/a.csv"));
        assert_eq!(name("/srv", "/data/a.csv"), pair("file", "/data/a.csv"));
        assert_eq!(name("/srv", "in/a.csv"), pair("file", "/srv/in/a.csv"));
    }

    #[test]
    fn ids_are_uuids_and_differ_by_job_and_start() {
        let ids = [("a", 0), ("b", 0), ("a", 1)].map(|(job, start)| run_uuid(job, samples::moment(start)));
        for id in &ids {
            let lengths: Vec<usize> = id.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
            assert_eq!((id.get(14..15), id.get(19..20)), (Some("8"), Some("8")), "{id}");
        }
        assert!(ids[0] != ids[1] && ids[0] != ids[2], "{ids:?}");
        assert_eq!(ids[0], run_uuid("a", samples::moment(0)));
    }
}
