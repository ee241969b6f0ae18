//! Exports and output in buckets of an S3 server, which each test starts on loopback for itself.
//!
//! They need a server program that takes `-H address -p port`, such as moto's; DEALERLENS_TEST_S3_SERVER is its path.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use dealerlens::model::failure::Blame;
use dealerlens::storage::{Access, Bucket, Location};

use crate::workdir::{Outcome, Workdir};

const SECRET: &str = "a-secret-that-nobody-may-see";

/// A running server with one bucket, `company`.
struct Server {
    process: Child,
    endpoint: String,
    runtime: tokio::runtime::Runtime,
}

impl Server {
    fn start() -> Self {
        let program = std::env::var_os("DEALERLENS_TEST_S3_SERVER").expect("DEALERLENS_TEST_S3_SERVER names no server");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
        let mut command = Command::new(program);
        command.args(["-H", "127.0.0.1", "-p", &port]).stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().unwrap();
        let begun = Instant::now();
        while TcpStream::connect(format!("127.0.0.1:{port}")).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(60), "the server does not answer");
            std::thread::sleep(Duration::from_millis(100));
        }
        let server = Self {
            process,
            endpoint: format!("http://127.0.0.1:{port}"),
            runtime: tokio::runtime::Runtime::new().unwrap(),
        };
        server.make_bucket();
        server
    }

    /// Making buckets is nothing that dealerlens does, so it goes without a client.
    fn make_bucket(&self) {
        use std::io::{Read as _, Write as _};
        let address = self.endpoint.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "PUT /company HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    fn access(&self) -> Access {
        let variables =
            [("AWS_ACCESS_KEY_ID", "somebody"), ("AWS_SECRET_ACCESS_KEY", SECRET), ("AWS_REGION", "us-east-1")];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Access { endpoint: Some(self.endpoint.clone()), region: None, variables }
    }

    fn bucket(&self, address: &str) -> Bucket {
        Bucket::open(Location::parse(address).unwrap(), &self.access()).unwrap()
    }

    fn upload(&self, work: &Workdir, file: &str, name: &str) {
        self.runtime.block_on(self.bucket("s3://company").put(&work.path(file), name)).unwrap();
    }

    fn names(&self, folder: &str) -> Vec<String> {
        let objects = self.runtime.block_on(self.bucket("s3://company").list(folder)).unwrap();
        objects.into_iter().map(|object| object.name).collect()
    }

    fn read(&self, name: &str) -> String {
        self.runtime.block_on(self.bucket("s3://company").read(name)).unwrap().0.unwrap()
    }

    fn run(&self, work: &Workdir, arguments: &[&str]) -> Outcome {
        let mut command = work.command(arguments);
        let access = self.access();
        command.envs(&access.variables).env("AWS_ENDPOINT_URL", &self.endpoint);
        let outcome = Outcome::of(&command.output().unwrap(), &work.path("."));
        assert!(!format!("{outcome:?}").contains(SECRET), "a secret was printed");
        outcome
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The sales stand in the bucket, in two exports that a pattern matches and one that it does not; so does the output.
fn job_in_bucket(server: &Server) -> Workdir {
    let work = Workdir::new()
        .csv("june.csv", &["sold_on,dealer_id,amount", "2024-06-01,D1,7"])
        .edit_job("files = [\"sales*.csv\"]", "files = [\"s3://company/in/sales-*.csv\"]")
        .edit_job("name = \"test\"", "name = \"test\"\nout = \"s3://company/out/north\"");
    server.upload(&work, "sales.csv", "in/sales-2024-05.csv");
    server.upload(&work, "june.csv", "in/sales-2024-06.csv");
    server.upload(&work, "june.csv", "in/old/sales-2023.csv");
    work
}

fn run_id(server: &Server) -> String {
    let pointer: serde_json::Value = serde_json::from_str(&server.read("out/north/latest.json")).unwrap();
    pointer["run_id"].as_str().unwrap().to_owned()
}

#[test]
#[ignore = "needs an S3 server: DEALERLENS_TEST_S3_SERVER"]
fn a_night_between_buckets_is_the_night_on_disk() {
    let server = Server::start();
    let work = job_in_bucket(&server);
    server.run(&work, &["run"]).exits(0).stdout_has("to s3://company/out/north/latest");

    let local = Workdir::new().csv("sales2.csv", &["sold_on,dealer_id,amount", "2024-06-01,D1,7"]);
    local.run(&["run"]).exits(0);
    let id = run_id(&server);
    let copied = work.path("fetched.parquet");
    for place in [format!("runs/{id}"), "latest".to_owned()] {
        let name = format!("out/north/{place}/dealer_scorecard.parquet");
        server.runtime.block_on(server.bucket("s3://company").get(&name, &copied)).unwrap();
        let expected = std::fs::read(local.path("out/latest/dealer_scorecard.parquet")).unwrap();
        assert!(std::fs::read(&copied).unwrap() == expected, "{name} differs");
    }
    let manifest = server.read(&format!("out/north/runs/{id}/manifest.json"));
    assert!(manifest.contains("s3://company/in/sales-2024-05.csv") && !manifest.contains("sales-2023"), "{manifest}");
}

#[test]
#[ignore = "needs an S3 server: DEALERLENS_TEST_S3_SERVER"]
fn another_machine_goes_on_where_the_first_one_stopped() {
    let server = Server::start();
    let first = job_in_bucket(&server);
    server.run(&first, &["run"]).exits(0);
    let before = run_id(&server);

    let second = job_in_bucket(&server);
    server.run(&second, &["run"]).exits(0).stdout_has(&format!("unchanged: run {before}"));
    server.run(&second, &["explain", "D1"]).exits(0).stdout_has("D1");
    server.upload(
        &second.csv("july.csv", &["sold_on,dealer_id,amount", "2024-07-01,D2,9"]),
        "july.csv",
        "in/sales-2024-07.csv",
    );
    server.run(&first, &["run"]).exits(0).stderr_has("4 exports, 3 of them unchanged and reused from staging");
    assert_ne!(run_id(&server), before);
    server.run(&first, &["history"]).exits(0).stdout_has(&before);
}

#[test]
#[ignore = "needs an S3 server: DEALERLENS_TEST_S3_SERVER"]
fn what_is_pruned_here_goes_from_the_bucket() {
    let server = Server::start();
    let work = job_in_bucket(&server).edit_job("[publish]", "[publish]\nkeep_runs = 1\nkeep_hours = 0");
    server.run(&work, &["run"]).exits(0);
    let before = run_id(&server);
    server.run(&work, &["run", "--force"]).exits(0);
    let runs = server.names("out/north/runs");
    assert!(!runs.is_empty() && runs.iter().all(|name| !name.contains(&before)), "{runs:?}");
}

#[test]
#[ignore = "needs an S3 server: DEALERLENS_TEST_S3_SERVER"]
fn of_two_publishers_one_is_told_to_try_later() {
    let server = Server::start();
    let bucket = server.bucket("s3://company/out");
    server.runtime.block_on(async {
        let (_, nothing) = bucket.read("latest.json").await.unwrap();
        bucket.replace("latest.json", "first".to_owned(), nothing.clone()).await.unwrap();
        let late = bucket.replace("latest.json", "second".to_owned(), nothing).await.unwrap_err();
        assert_eq!(late.blame, Blame::Locked, "{late}");
        let (text, seen) = bucket.read("latest.json").await.unwrap();
        assert_eq!(text.as_deref(), Some("first"));
        bucket.replace("latest.json", "third".to_owned(), seen.clone()).await.unwrap();
        let late = bucket.replace("latest.json", "fourth".to_owned(), seen).await.unwrap_err();
        assert_eq!(late.blame, Blame::Locked, "{late}");
    });
}

#[test]
#[ignore = "needs an S3 server: DEALERLENS_TEST_S3_SERVER"]
fn of_two_nights_at_once_one_is_published_and_the_other_tries_later() {
    let server = Server::start();
    let (first, second) = (job_in_bucket(&server), job_in_bucket(&server));
    let start = |work: &Workdir| {
        let mut command = work.command(&["run", "--force"]);
        command.envs(&server.access().variables).env("AWS_ENDPOINT_URL", &server.endpoint);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let nights = [(start(&first), &first), (start(&second), &second)];
    let mut ended = nights.map(|(night, work)| {
        let ended = night.wait_with_output().unwrap();
        (ended.status.code(), Outcome::of(&ended, &work.path(".")))
    });
    ended.sort_by_key(|(code, _)| *code);
    let [(won, winner), (lost, loser)] = ended;
    assert_eq!((won, lost), (Some(0), Some(75)), "{winner:?} {loser:?}");
    loser.stderr_has("latest.json was changed by another run meanwhile");
    let published = run_id(&server);
    assert!(winner.stdout.contains(&published), "{winner:?}");
    let manifest = server.read(&format!("out/north/runs/{published}/manifest.json"));
    assert!(manifest.contains(&published), "{manifest}");
}

#[test]
#[ignore = "needs an S3 server: DEALERLENS_TEST_S3_SERVER"]
fn machines_stage_their_parts_into_the_bucket() {
    let server = Server::start();
    let machines = [job_in_bucket(&server), job_in_bucket(&server)];
    for (number, machine) in (1..).zip(&machines) {
        server
            .run(machine, &["ingest", "--part", &format!("{number}/2")])
            .exits(0)
            .stdout_has("0 left to another process");
    }
    let third = job_in_bucket(&server);
    server.run(&third, &["run"]).exits(0).stderr_has("3 exports, 3 of them unchanged and reused from staging");
}

#[test]
#[ignore = "needs an S3 server: DEALERLENS_TEST_S3_SERVER"]
fn what_is_not_there_is_named() {
    let server = Server::start();
    let work = job_in_bucket(&server).edit_job("in/sales-*", "in/nothing-*");
    server.run(&work, &["run"]).exits(66).stderr_has("nothing matches \"s3://company/in/nothing-*.csv\"");
    let work = job_in_bucket(&server).edit_job("s3://company/in/", "s3://elsewhere/in/");
    server.run(&work, &["check"]).exits(66).stderr_has("s3://elsewhere");
}

#[test]
fn a_server_that_does_not_answer_is_named_and_stops_the_run() {
    let work = Workdir::new().edit_job("files = [\"sales*.csv\"]", "files = [\"s3://company/in/*.csv\"]");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut command = work.command(&["run"]);
    command.env("AWS_ENDPOINT_URL", format!("http://{closed}")).env("AWS_SECRET_ACCESS_KEY", SECRET);
    command.env("AWS_ACCESS_KEY_ID", "somebody");
    let outcome = Outcome::of(&command.output().unwrap(), &work.path("."));
    assert!(!format!("{outcome:?}").contains(SECRET), "a secret was printed");
    outcome.exits(74).stderr_has("s3://company/in").stderr_has("storage.endpoint");
}

#[test]
fn an_address_without_a_bucket_is_refused() {
    let work = Workdir::new().edit_job("name = \"test\"", "name = \"test\"\nout = \"s3:///north\"");
    work.run(&["run"]).exits(78).stderr_has("\"s3:///north\" is no address of a bucket");
}
