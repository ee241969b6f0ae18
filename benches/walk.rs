//! Walks the records of all CSV files in a folder and does nothing with them: what reading them costs at least.
//!
//! `cargo bench --bench walk -- FOLDER THREADS` prints seconds, bytes, records and fields as JSON.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::slice::Iter;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;
use std::{env, fs};

use csv::{ByteRecord, ReaderBuilder};

/// The same as that of the reader in `src/ingest/csv.rs`.
const BUFFER: usize = 1 << 18;

/// What was walked over.
#[derive(Default)]
struct Walked {
    bytes: u64,
    records: u64,
    fields: u64,
}

fn main() -> ExitCode {
    // `cargo bench` adds an option of its own.
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let outcome = match arguments.as_slice() {
        [folder, threads] => walk_folder(Path::new(folder), threads),
        _ => Err(io::Error::other("usage: walk FOLDER THREADS")),
    };
    let (written, code) = match outcome {
        Ok(line) => (writeln!(io::stdout(), "{line}"), ExitCode::SUCCESS),
        Err(error) => (writeln!(io::stderr(), "{error}"), ExitCode::FAILURE),
    };
    if written.is_ok() { code } else { ExitCode::FAILURE }
}

fn walk_folder(folder: &Path, threads: &str) -> io::Result<String> {
    let threads: usize = threads.parse().map_err(io::Error::other)?;
    let exports = exports(folder)?;
    let started = Instant::now();
    let walked = walk_all(&exports, threads.max(1))?;
    let seconds = started.elapsed().as_secs_f64();
    let Walked { bytes, records, fields } = walked;
    Ok(format!("{{\"seconds\": {seconds:.3}, \"bytes\": {bytes}, \"records\": {records}, \"fields\": {fields}}}"))
}

/// The largest first, so that no thread is left with a large one at the end.
fn exports(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "csv") {
            found.push((fs::metadata(&path)?.len(), path));
        }
    }
    found.sort();
    Ok(found.into_iter().rev().map(|(_, path)| path).collect())
}

fn walk_all(exports: &[PathBuf], threads: usize) -> io::Result<Walked> {
    let queue = Mutex::new(exports.iter());
    let queue = &queue;
    let parts: Vec<io::Result<Walked>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(move || walk_next(queue))).collect();
        let died = || io::Error::other("a thread died");
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|_| Err(died()))).collect()
    });
    let mut total = Walked::default();
    for part in parts {
        let part = part?;
        total.bytes += part.bytes;
        total.records += part.records;
        total.fields += part.fields;
    }
    Ok(total)
}

/// Takes exports from the queue until none is left.
fn walk_next(queue: &Mutex<Iter<'_, PathBuf>>) -> io::Result<Walked> {
    let mut walked = Walked::default();
    loop {
        let next = queue.lock().map_err(|_| io::Error::other("a thread died"))?.next();
        let Some(path) = next else { return Ok(walked) };
        walk(path, &mut walked)?;
    }
}

fn walk(path: &Path, walked: &mut Walked) -> io::Result<()> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(BUFFER).from_path(path)?;
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record)? {
        walked.records += 1;
        walked.fields += record.len() as u64;
    }
    walked.bytes += reader.position().byte();
    Ok(())
}
