//! Keys of storage servers turn up nowhere: not in what is printed, and not in what is written.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;

use crate::cases::entries;
use crate::workdir::{Outcome, Workdir};

const KEY_ID: &str = "AKIDEXAMPLEKEYID0001";
const SECRET: &str = "wJalrXUtnFEMIexampleSECRETkey0001";
const TOKEN: &str = "FwoGZXIvYXdzEXAMPLEsessionTOKEN0001";

/// A server that refuses everything with this status, and repeats all that it knows and was asked. Its address.
fn telltale(status: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let (mut asked, mut buffer) = (Vec::new(), [0; 4_096]);
            while !asked.windows(4).any(|end| end == b"\r\n\r\n") {
                match stream.read(&mut buffer) {
                    Ok(count) if count > 0 => asked.extend_from_slice(&buffer[..count]),
                    _ => break,
                }
            }
            let asked = String::from_utf8_lossy(&asked);
            let body = format!("{SECRET} {KEY_ID} {TOKEN} \u{1b}[2J {asked}");
            let length = body.len();
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
        }
    });
    format!("http://{address}")
}

/// Runs a job whose sales stand in a bucket of that server, with the keys in the environment.
fn run(dir: &Workdir, endpoint: &str, arguments: &[&str]) -> Outcome {
    let mut command = dir.command(arguments);
    command.env("AWS_ENDPOINT_URL", endpoint).env("AWS_REGION", "us-east-1");
    command.env("AWS_ACCESS_KEY_ID", KEY_ID).env("AWS_SECRET_ACCESS_KEY", SECRET).env("AWS_SESSION_TOKEN", TOKEN);
    Outcome::of(&command.output().unwrap(), &dir.path("."))
}

fn job_in_bucket() -> Workdir {
    Workdir::new().edit_job("files = [\"sales*.csv\"]", "files = [\"s3://company/in/*.csv\"]")
}

#[track_caller]
fn tells_nothing(text: &str, place: &str) {
    for secret in [KEY_ID, SECRET, TOKEN] {
        assert!(!text.contains(secret), "{place} has {secret}: {text}");
    }
}

/// Looks into every file below a folder, whatever it is.
fn no_file_tells(folder: &Path) {
    for path in entries(folder) {
        if path.is_dir() {
            no_file_tells(&path);
        } else if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            tells_nothing(&String::from_utf8_lossy(&bytes), &path.display().to_string());
        }
    }
}

#[test]
fn a_server_that_repeats_the_keys_is_quoted_without_them() {
    let endpoint = telltale("403 Forbidden");
    for format in ["text", "json"] {
        for command in ["run", "check"] {
            let dir = job_in_bucket();
            let outcome = run(&dir, &endpoint, &[command, "--log-format", format]).exits(74);
            tells_nothing(&format!("{}{}", outcome.stdout, outcome.stderr), command);
            outcome
                .stderr_has("s3://company/in")
                .stderr_has("[hidden]")
                .stderr_has("AWS_ACCESS_KEY_ID")
                .stderr_lacks("\u{1b}");
            no_file_tells(&dir.path("."));
        }
    }
}

#[test]
fn a_password_in_the_address_of_the_server_is_not_shown() {
    let endpoint = telltale("403 Forbidden").replace("http://", &format!("http://{KEY_ID}:{SECRET}@"));
    let dir = job_in_bucket();
    let outcome = run(&dir, &endpoint, &["run"]);
    tells_nothing(&format!("{outcome:?}"), "the output");
    let dir = dir.add_to_job(&format!("[storage]\nendpoint = \"{endpoint}\""));
    let outcome = dir.run(&["run"]).exits(78).stderr_has("storage.endpoint has a user or a password in it");
    tells_nothing(&outcome.stderr, "the refusal");
}

#[test]
fn a_run_with_keys_in_its_environment_writes_them_nowhere() {
    let dir = Workdir::new().edit_job("report = false\nworkbook = false", "report = true\nworkbook = true");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let outcome = run(&dir, &format!("http://{closed}"), &["run"]).exits(0);
    tells_nothing(&format!("{}{}", outcome.stdout, outcome.stderr), "the output");
    no_file_tells(&dir.path("out"));
}
