//! `dealerlens init FOLDER`: a commented job file for the exports that are there.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::cli::args::InitArguments;
use crate::cli::console::Console;
use crate::cli::guess::{Guess, Recognised, guess};
use crate::model::failure::{Failure, Result};
use crate::model::shown;
use crate::model::source::{Column, Source};
use crate::pipeline;

const JOB_FILE: &str = "dealerlens.toml";
const ENDINGS: [&str; 11] = ["csv", "tsv", "txt", "gz", "zst", "parquet", "xlsx", "xlsm", "xlsb", "xls", "ods"];
/// Folders below the given one that are looked into.
const DEPTH: usize = 2;

/// A recognised export.
struct Found {
    /// From the folder, with slashes.
    name: String,
    guess: Guess,
    header: Vec<String>,
}

/// Looks at the headers in a folder and writes the job file that they suggest.
pub fn init(arguments: &InitArguments, console: &Console) -> Result<()> {
    let folder = &arguments.folder;
    let path = folder.join(JOB_FILE);
    if path.exists() && !arguments.force {
        return Err(Failure::job_file(format!("{} is there already", path.display())).hint("--force replaces it"));
    }
    if !folder.is_dir() {
        return Err(Failure::missing_input(format!("there is no folder {}", folder.display())));
    }
    let mut files = Vec::new();
    list(folder, DEPTH, &mut files)?;
    files.sort();
    let (found, unknown) = recognise(folder, &files);
    let text = job_file(folder, &found, &unknown);
    std::fs::write(&path, text).map_err(|error| Failure::io("cannot write", &path, error))?;
    console.write(|out| {
        for export in &found {
            writeln!(out, "{:<9} {}", export.guess.source.name(), shown::line(&export.name))?;
        }
        unknown.iter().try_for_each(|name| writeln!(out, "{:<9} {}", "?", shown::line(name)))?;
        writeln!(out, "wrote {}; read it, then try `dealerlens check --job {}`", path.display(), path.display())
    })
}

fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<()> {
    let unreadable = |error| Failure::io("cannot look into", folder, error);
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
        // A published run is no export.
        let is_output = path.join("runs").is_dir();
        if path.is_dir() && depth > 0 && !is_output {
            list(&path, depth - 1, files)?;
        } else if path.is_file() && ENDINGS.contains(&ending.as_str()) {
            files.push(path);
        }
    }
    Ok(())
}

fn recognise(folder: &Path, files: &[PathBuf]) -> (Vec<Found>, Vec<String>) {
    let (mut found, mut unknown) = (Vec::new(), Vec::new());
    for path in files {
        let name = path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/");
        let header = pipeline::first_header(path).unwrap_or_default();
        match guess(&header) {
            Some(guess) => found.push(Found { name, guess, header }),
            None => unknown.push(name),
        }
    }
    (found, unknown)
}

fn job_file(folder: &Path, found: &[Found], unknown: &[String]) -> String {
    let name =
        folder.canonicalize().ok().and_then(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()));
    let outside = if found.iter().any(|export| is_elsewhere(folder, &export.name)) { OUTSIDE } else { "" };
    let head = HEAD.replace("{outside}", outside);
    let mut text = head.replace("{name}", &quoted(name.as_deref().unwrap_or("job")));
    for source in Source::ALL {
        let exports: Vec<&Found> = found.iter().filter(|export| export.guess.source == source).collect();
        text.push_str(&section(source, &exports));
    }
    if !unknown.is_empty() {
        let _ = writeln!(text, "# not recognised: {}\n", shown::line(&unknown.join(", ")));
    }
    text + TAIL
}

/// One source; without an export it stands there as a comment.
fn section(source: Source, exports: &[&Found]) -> String {
    let mark = if exports.is_empty() { "# " } else { "" };
    let need = if source.is_required() { "required" } else { "optional" };
    let mut text = format!("# {} ({need})\n{mark}[sources.{source}]\n", about(source));
    let files = if exports.is_empty() { vec![format!("exports/{source}*.csv")] } else { globs(exports) };
    let files: Vec<String> = files.iter().map(|file| quoted(file)).collect();
    let _ = writeln!(text, "{mark}files = [{}]", files.join(", "));
    if let Some(first) = exports.first() {
        text.push_str("[sources.");
        let _ = writeln!(text, "{source}.columns]");
        source.columns().iter().for_each(|column| text.push_str(&column_line(column, first)));
        let _ = writeln!(text, "# headers: {}", shown::line(&first.header.join(", ")));
    }
    text + "\n"
}

fn column_line(column: &Column, export: &Found) -> String {
    let found = export.guess.columns.iter().find(|(name, _)| *name == column.name);
    match found {
        Some((name, Recognised::Header(header))) => format!("{name} = {}\n", quoted(header)),
        Some((name, Recognised::Assembled { from, format })) => {
            let from = from.each_ref().map(|header| quoted(header)).join(", ");
            format!("{name} = {{ from = [{from}], format = {} }}\n", quoted(format))
        }
        None => format!("# {} = \"...\"\n", column.name),
    }
}

/// Files of one folder with the same header become one glob, so that next month's file is found too.
fn globs(exports: &[&Found]) -> Vec<String> {
    let mut groups: BTreeMap<(String, &[String]), Vec<&str>> = BTreeMap::new();
    for export in exports {
        let folder = export.name.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
        groups.entry((folder, &export.header)).or_default().push(&export.name);
    }
    groups.into_values().map(|names| pattern(&names)).collect()
}

fn pattern(names: &[&str]) -> String {
    let (Some(first), true) = (names.first(), names.len() > 1) else { return names.join("") };
    let shared = |name: &&str| first.chars().zip(name.chars()).take_while(|(left, right)| left == right).count();
    let length = names.iter().map(shared).min().unwrap_or_default();
    let start: String = first.chars().take(length).collect();
    // 2024-01 and 2024-02 share "2024-0": a glob that forgets October would be worse than none.
    let start =
        start.trim_end_matches(|character: char| character.is_ascii_digit() || character == '-' || character == '_');
    let ending = first.rsplit_once('.').map_or("", |(_, ending)| ending);
    format!("{start}*.{ending}")
}

/// Whether a symbolic link brings an export in from outside of the folder.
fn is_elsewhere(folder: &Path, name: &str) -> bool {
    match (folder.canonicalize(), folder.join(name).canonicalize()) {
        (Ok(folder), Ok(export)) => !export.starts_with(folder),
        _ => false,
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

const fn about(source: Source) -> &'static str {
    match source {
        Source::Sales => "order lines: what dealers sold to outlets",
        Source::Dealers => "dealer master: who they are and which region they belong to",
        Source::Outlets => "outlet master: shops, restaurants, customers, and the dealer that covers them",
        Source::Products => "product master",
        Source::Market => "universe: how many outlets exist in each territory and channel",
        Source::Targets => "targets by dealer and month or quarter",
        Source::Promotions => "promotions: when, what they cost, and what they were for",
        Source::Visits => "visits to dealers and outlets, and what they cost",
    }
}

const HEAD: &str = "# A dealerlens job. Relative paths start at this file.
# `dealerlens check` reads headers and a sample of rows; `dealerlens run` does the night.

[job]
name = {name}
as_of = \"latest\"        # or a date: the day at which the picture is taken
out = \"out\"
goal = 1.20             # sales of the next 12 weeks against the last 12
{outside}
";

const OUTSIDE: &str = "allow_outside = true    # some exports are symbolic links to files outside of this folder\n";

const TAIL: &str = "# Each source also takes:
#   delimiter = \"auto\"   decimal = \".\"   thousands = \"\"   dates = [\"auto\"]   nulls = [\"\", \"NULL\", \"-\", \"N/A\", \"#N/A\"]
#   encoding = \"auto\"    quote = \"auto\"    header = true    header_rows = 1    skip_rows = 0
#   sheet = \"Sales\"      # of a spreadsheet; without it, the first one
# and a column can be:
#   amount = { from = \"Sales (k)\", times = 1000 }
#   sold_on = { from = [\"Year\", \"Month\"], format = \"%Y %B\" }
#   channel = { value = \"wholesale\" }

[quality]
max_rejected_share = 0.01     # of the rows of a source; more, and nothing is published
# max_rejected_share_by_source = { dealers = 0.05 }   # one bad row is more than 1 % of a small source
# max_age_days = 2            # newest sale older than this at the day of the run: nothing is published

[publish]
keep_runs = 14
# keep_hours = 24             # a run that readers may have open stays so long after the next one
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn monthly_files_become_a_glob_that_finds_next_month() {
        assert_eq!(pattern(&["sales/sales-2024-01.csv", "sales/sales-2024-02.csv"]), "sales/sales*.csv");
        assert_eq!(pattern(&["dealers.csv"]), "dealers.csv");
    }
}
